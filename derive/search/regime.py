"""Finds the certificates that ``derive.kernel.rules.asymptotic`` checks, and curves through a regime."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Final

from derive.errors import Refused
from derive.kernel.chart import Chart, Regime
from derive.kernel.fact import Fact
from derive.kernel.rules.asymptotic import Cover, Exponents, Quotient, Ratio, dominated, mentioned, quotient, ratios
from derive.kernel.term import Term, add, div, free_symbols, fresh_symbol, neg

MAX_RATIO_POWER: Final = 4
MAX_COMBINATIONS: Final = 4000
MAX_WEIGHT: Final = 4


def close(left: Term, right: Term, chart: Chart, regime: Regime) -> Fact | None:
    """The fact that left ≈ right with an explicit relative error that tends to 0 in the regime, or None."""
    ratio = div(add(left, neg(right)), right)
    for shift in ({}, _to_lower_bounds(ratio, chart)):
        try:
            form = quotient(ratio, chart, shift, mentioned(regime, chart))
            certificate = _certificate(form, ratios(form.names, chart, regime, shift))
            if certificate is not None:
                return dominated(left, right, regime, tuple(certificate), shift, chart)
        except Refused:
            continue
    return None


def _to_lower_bounds(ratio: Term, chart: Chart) -> Mapping[str, Term]:
    shift: dict[str, Term] = {}
    taken = free_symbols(chart.expand(ratio)) | frozenset(chart.domains)
    for name in sorted(free_symbols(chart.expand(ratio))):
        domain = chart.domains.get(name)
        if domain is not None and domain.lower is not None and domain.lower.value.op != "num":
            fresh = fresh_symbol(name + "'", taken)
            taken |= {fresh.name}
            shift[name] = add(chart.expand(domain.lower.value), fresh)
    return shift


def _certificate(form: Quotient, available: Sequence[Ratio]) -> list[Cover] | None:
    if len({c > 0 for c in form.bottom.values()}) != 1:
        return None
    reachable = _reachable(tuple((r.exponents, r.small) for r in available), len(form.names))
    covers: list[Cover] = []
    for top in form.top:
        for bottom in form.bottom:
            powers = reachable.get(tuple(Fraction(a - b) for a, b in zip(top, bottom, strict=True)))
            if powers is not None:
                covers.append(Cover(top, bottom, powers))
                break
        else:
            return None
    return covers


@lru_cache(maxsize=64)
def _reachable(available: tuple[tuple[Exponents, bool], ...], size: int) -> Mapping[Exponents, tuple[int, ...]]:
    """Every quotient of monomials that some powers of the ratios make, one of them small; low powers first."""
    limit = MAX_RATIO_POWER
    while limit > 1 and (limit + 1) ** len(available) > MAX_COMBINATIONS:
        limit -= 1
    found: dict[Exponents, tuple[int, ...]] = {}
    for powers in sorted(product(range(limit + 1), repeat=len(available)), key=sum):
        if any(p and small for p, (_, small) in zip(powers, available, strict=True)):
            reached = [Fraction(0)] * size
            for p, (exponents, _) in zip(powers, available, strict=True):
                if p:
                    reached = [a + p * e for a, e in zip(reached, exponents, strict=True)]
            found.setdefault(tuple(reached), powers)
    return found


def curves(names: Sequence[str], chart: Chart, regime: Regime) -> Iterator[Mapping[str, int]]:
    r"""Weights w such that :math:`x = \epsilon^{w}` is a curve of the regime (an integer symbol has w < 0)."""
    available = ratios(names, chart, regime, {})
    small = [r.exponents for r in available if r.small]
    bounded = [r.exponents for r in available if not r.small]
    choices = [
        range(-MAX_WEIGHT, 0)
        if (d := chart.domains.get(n)) is not None and d.kind == "integer"
        else range(MAX_WEIGHT + 1)
        for n in names
    ]
    for weights in product(*choices):
        if all(_weight(e, weights) > 0 for e in small) and all(_weight(e, weights) >= 0 for e in bounded):
            yield dict(zip(names, weights, strict=True))


def _weight(exponents: Exponents, weights: Sequence[int]) -> Fraction:
    return sum((e * w for e, w in zip(exponents, weights, strict=True)), Fraction(0))
