r"""Regimes in LaTeX, as a reader expects to see them."""

from __future__ import annotations

from derive.kernel.chart import Regime
from derive.kernel.term import Term
from derive.latex.printer import latex


def regime(declared: Regime) -> tuple[str, ...]:
    r"""``\Delta t \ll \sigma^2``, ``\Delta t \to 0``; pairs that follow one another make one chain."""
    chains: list[list[Term]] = []
    for small, large in declared.orders:
        for chain in chains:
            if chain[-1] == small:
                chain.append(large)
                break
        else:
            chains.append([small, large])
    lines = [r" \ll ".join(map(latex, chain)) for chain in chains]
    return (*lines, *(rf"{symbol} \to {latex(point)}" for symbol, point in declared.limits))
