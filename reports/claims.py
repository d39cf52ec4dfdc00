r"""Claims, charts and regimes of the kernel in LaTeX, as a reader expects to see them."""

from __future__ import annotations

from typing import Final

from derive.kernel.chart import Chart, Domain, Regime
from derive.kernel.fact import Claim
from derive.kernel.term import Term, free_symbols
from derive.latex.printer import latex

SIGNS: Final = {
    "=": "=",
    "≠": r"\ne",
    "<": "<",
    "≤": r"\le",
    "→": r"\to",
    "∼": r"\sim",
    "≈": r"\approx",
    "⊥": r"\perp",
    ">": ">",
    "≥": r"\ge",
}
KINDS: Final = {"integer": r"\text{ an integer}", "label": r"\text{ a member of a finite set}"}


def formula(claim: Claim) -> str:
    r"""The relation; a limit names what moves, an approximation its relative error."""
    text = f"{latex(claim.left)} {SIGNS[claim.kind]} {latex(claim.right)}"
    if claim.limit is not None:
        text += rf" \quad ({claim.limit.symbol} \to {latex(claim.limit.point)})"
    if claim.bound is not None:
        text += rf" \quad \text{{(relative error at most }}{latex(claim.bound)}\text{{)}}"
    return text


def where(claim: Claim, known: Chart | None = None) -> tuple[str, ...]:
    """What is declared of the symbols that occur in a claim, but for what ``known`` declares in the same way."""
    occurring: set[str] = set()
    for side in claim.terms:
        occurring |= free_symbols(side)
    return declarations(claim.chart, frozenset(occurring), known)


def declarations(chart: Chart, symbols: frozenset[str], known: Chart | None = None) -> tuple[str, ...]:
    """The domains and definitions of these symbols and of those that their definitions mention."""
    wanted = set(symbols)
    for _ in chart.definitions:
        for name in wanted & chart.definitions.keys():
            wanted |= free_symbols(chart.definitions[name])
    lines = [
        domain(name, declared)
        for name, declared in chart.domains.items()
        if name in wanted and name not in chart.definitions and (known is None or known.domains.get(name) != declared)
    ]
    lines += [
        f"{name} := {latex(term)}"
        for name, term in chart.definitions.items()
        if name in wanted and (known is None or known.definitions.get(name) != term)
    ]
    return tuple(lines)


def domain(name: str, declared: Domain) -> str:
    r"""``0 \le k \le T\text{ an integer}``; ``\sigma > 0`` where there is one end only."""
    lower, upper = declared.lower, declared.upper
    text = name
    if lower is not None and upper is None:
        text = f"{name} {SIGNS['>'] if lower.strict else SIGNS['≥']} {latex(lower.value)}"
    elif lower is not None:
        text = f"{latex(lower.value)} {SIGNS['<'] if lower.strict else SIGNS['≤']} {name}"
    if upper is not None:
        text += f" {SIGNS['<'] if upper.strict else SIGNS['≤']} {latex(upper.value)}"
    return text + KINDS.get(declared.kind, "")


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
