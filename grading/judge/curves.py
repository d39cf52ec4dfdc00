r"""Approximations tried along curves of the regime: support where the error vanishes, refutation where it stays.

A curve sets every symbol to a power of :math:`\epsilon`, which runs through :math:`2^{-16}, 2^{-64}, 2^{-128}`; all
values are enclosed in balls. Agreement along curves supports and does not prove.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Final

from flint import arb

from derive.errors import Refused
from derive.kernel.chart import Chart, Condition, Domain, Regime
from derive.kernel.evaluate import Instance, NotEnclosed, enclose
from derive.kernel.rules.asymptotic import order_along, quotient
from derive.kernel.term import Term, add, div, free_symbols, neg, sym, walk
from derive.search.regime import curves
from grading.judge.series import stays
from grading.result import Counterexample, Status

EXPONENTS: Final = (16, 64, 128)
FEW_EXPONENTS: Final = (2, 3, 4, 5)
"""Where the number of steps is summed over, it must stay small."""
MAX_CURVES: Final = 8
BITS: Final = 1200
STAYS: Final = arb(9) / 10


@dataclass(frozen=True)
class AlongCurves:
    """What curves say about an approximation; ``supported``, ``refuted`` or ``undecided``."""

    status: Status
    why: str
    counterexample: Counterexample | None = None


def along_curves(left: Term, right: Term, displayed: Sequence[Term], chart: Chart, regime: Regime) -> AlongCurves:
    """Whether |left - right| is small against every displayed term along curves of the regime."""
    names = tuple(sorted(free_symbols(chart.expand(add(left, right)))))
    tried = list(islice(_spread(names, chart, regime), MAX_CURVES))
    if not tried:
        return AlongCurves("undecided", "no curve of parameters through the regime was found")
    vanished = 0
    for weights in tried:
        errors = _errors(weights, left, right, displayed, chart)
        if len(errors) < 3:
            continue
        (_, before), (epsilon, last) = errors[-2:]
        stays = epsilon > FEW_EXPONENTS[-1] and 16 * last > 1 and last > STAYS * before
        if (
            stays
            and _admissible(_values(weights, epsilon), chart)
            and not _contradicted(left, right, displayed, weights, chart)
        ):
            point = {n: _power_text(w) for n, w in weights.items() if w}
            values = Instance(_values(weights, epsilon))
            shown = [_short(t, values, chart) for t in (left, right)]
            example = Counterexample({**point, r"\epsilon": f"2^-{epsilon}"}, *shown)
            size = f"stays {float(last):.2g} of" if last < 1000 else "grows without bound against"
            return AlongCurves("refuted", f"the error {size} a displayed term along the curve shown", example)
        if last < before / 2:
            vanished += 1
    if vanished == len(tried):
        return AlongCurves("supported", f"the relative error vanishes along {vanished} curves of the regime")
    return AlongCurves("undecided", "the error could not be bounded in the regime")


def _admissible(values: Mapping[str, Fraction], chart: Chart) -> bool:
    """Whether the bounds and conditions of the chart that speak of these symbols alone hold at these values."""
    stated = [c for c in chart.conditions if c.order != "="]
    for name in values:
        domain = chart.domains.get(name, Domain())
        if domain.lower is not None:
            stated.append(Condition("<" if domain.lower.strict else "<=", domain.lower.value, sym(name)))
        if domain.upper is not None:
            stated.append(Condition("<" if domain.upper.strict else "<=", sym(name), domain.upper.value))
    for condition in stated:
        gap = chart.expand(add(condition.right, neg(condition.left)))
        if not free_symbols(gap) <= values.keys():
            continue
        try:
            size = enclose(gap, Instance(values), chart, BITS)
        except NotEnclosed:
            return False
        if not (size > 0 or (condition.order == "<=" and size >= 0) or (condition.order == "!=" and size < 0)):
            return False
    return True


def _contradicted(left: Term, right: Term, displayed: Sequence[Term], weights: Mapping[str, int], chart: Chart) -> bool:
    """Whether it is not proved, against the enclosed values, that an error stays: its order along the curve says so."""
    error = add(left, neg(right))
    orders: list[int | None] = []
    for d in displayed:
        try:
            orders.append(order_along(quotient(div(error, d), chart), weights))
        except Refused:  # no ratio of polynomials
            orders.append(0 if stays(error, d, {n: (Fraction(1), w) for n, w in weights.items()}, chart) else None)
    return all(order is None or order > 0 for order in orders)


def vanishes_somewhere(left: Term, right: Term, displayed: Term, chart: Chart, regime: Regime) -> bool:
    """Whether the error becomes small against one displayed term along some curve of the regime."""
    names = tuple(sorted(free_symbols(chart.expand(add(left, right)))))
    for weights in islice(_spread(names, chart, regime), MAX_CURVES):
        errors = [error for _, error in _errors(weights, left, right, (displayed,), chart)]
        if errors and errors[-1] < errors[0] / 2:
            return True
    return False


def _spread(names: tuple[str, ...], chart: Chart, regime: Regime) -> list[Mapping[str, int]]:
    """A few curves from all over the regime, always the same ones."""
    found = list(curves(names, chart, regime))
    step = max(1, len(found) // MAX_CURVES)
    return found[::step]


def _errors(
    weights: Mapping[str, int], left: Term, right: Term, displayed: Sequence[Term], chart: Chart
) -> list[tuple[int, arb]]:
    """The largest ratio of the error to a displayed term, for each epsilon at which all are enclosed."""
    counted = any(n.op in ("sum", "prod") for t in (left, right, *displayed) for n in walk(t))
    for exponents in (FEW_EXPONENTS,) if counted else (EXPONENTS, FEW_EXPONENTS):
        found: list[tuple[int, arb]] = []
        for k in exponents:
            instance = Instance(_values(weights, k))
            try:
                error = abs(enclose(add(left, neg(right)), instance, chart, BITS))
                ratios = [error / abs(enclose(d, instance, chart, BITS)) for d in displayed]
            except NotEnclosed:
                break
            if not all(r.is_finite() for r in ratios):
                break
            found.append((k, max(r.mid() for r in ratios)))
        if len(found) >= 3:
            return found
    return []


def _values(weights: Mapping[str, int], k: int) -> Mapping[str, Fraction]:
    return {n: Fraction(2) ** (-k * w) for n, w in weights.items()}


def _short(term: Term, instance: Instance, chart: Chart) -> str:
    return str(enclose(term, instance, chart, BITS).mid().str(4, radius=False))


def _power_text(weight: int) -> str:
    return r"\epsilon" if weight == 1 else rf"\epsilon^{{{weight}}}"
