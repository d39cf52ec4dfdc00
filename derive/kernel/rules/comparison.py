r"""Comparisons: the tangent of the logarithm, monotone images, and closed numbers."""

from __future__ import annotations

from typing import Final, Literal

from derive.errors import Refused
from derive.kernel.balls import NotEnclosed, enclose
from derive.kernel.chart import Chart, Condition
from derive.kernel.evaluate import Instance
from derive.kernel.fact import Claim, Conclusion, Fact, rule
from derive.kernel.positivity import nonnegative, positive
from derive.kernel.rules.equality import require_same
from derive.kernel.rules.scope import arithmetic, require_regular
from derive.kernel.term import ONE, Term, free_symbols, function_names, log, plain

BITS: Final = 256


@rule
def log_tangent(argument: Term, chart: Chart) -> Conclusion:
    r"""The logarithm lies below its tangent at 1::

        ─────────────  u > 0
        log u ≤ u - 1

    Fails unless u is defined and shown to be positive.

    Example: ``log_tangent(q / p, chart)`` for probabilities p and q.
    """
    _require_positive(argument, chart)
    return Conclusion(Claim("≤", log(argument), argument - ONE, chart))


@rule
def log_tangent_strict(argument: Term, factor: Term, apart: Condition, chart: Chart) -> Conclusion:
    r"""It touches the tangent at 1 only; the certificate is a factor c of one sign with u - 1 = c(a - b)::

        ─────────────  u > 0, u - 1 = c(a - b), c ≠ 0, and a ≠ b is a condition of the chart
        log u < u - 1

    Fails unless u and c are defined, u is shown to be positive and c of one sign, ``apart`` is a condition of
    the chart that two terms differ, and u - 1 is decided to be as said.

    Example: ``log_tangent_strict(q / p, 1 / p, Condition("!=", q, p), chart)``.
    """
    _require_positive(argument, chart)
    if apart.order != "!=" or apart not in chart.conditions:
        raise Refused(f"That '{plain(apart.left)}' differs from '{plain(apart.right)}' is no condition of the chart.")
    require_regular(chart, factor, apart.left, apart.right)
    if not (positive(factor, chart) or positive(-factor, chart)):
        raise Refused(f"'{plain(factor)}' is not shown to have one sign everywhere.")
    require_same(argument - ONE, factor * (apart.left - apart.right), chart, "The factor does not fit")
    return Conclusion(Claim("<", log(argument), argument - ONE, chart))


def _require_positive(argument: Term, chart: Chart) -> None:
    if "log" in chart.functions:
        raise Refused("The chart declares 'log' as a function of its own, of which nothing is known.")
    require_regular(chart, argument)
    if not positive(argument, chart):
        raise Refused(f"'{plain(argument)}' is not shown to be positive everywhere.")


@rule
def affine_order(comparison: Fact, scale: Term, shift: Term | None = None) -> Conclusion:
    r"""A comparison, scaled and shifted::

        a ≤ b
        ───────────────  c ≥ 0
        ca + d ≤ cb + d

    and the other way round for c ≤ 0; ``<`` stays ``<`` where c is not 0, and is ``≤`` otherwise.

    Fails unless the premise is ``≤`` or ``<``, c has one sign everywhere, and both new sides are defined.

    Example: ``affine_order(kl_is_nonnegative, -beta, beta * log(Z))``.
    """
    claim, chart = comparison.claim, comparison.chart
    if claim.kind not in ("<", "≤"):
        raise Refused(f"'{claim}' is no comparison.")
    rises, falls = nonnegative(scale, chart), nonnegative(-scale, chart)
    if not (rises or falls):
        raise Refused(f"'{plain(scale)}' is not shown to have one sign everywhere.")
    keeps = claim.kind == "<" and (positive(scale, chart) or positive(-scale, chart))
    left, right = scale * claim.left, scale * claim.right
    if shift is not None:
        left, right = left + shift, right + shift
    require_regular(chart, left, right)
    if not rises:
        left, right = right, left
    return Conclusion(Claim("<" if keeps else "≤", left, right, chart))


@rule
def monotone_image(comparison: Fact, function: Literal["exp", "log", "logistic"]) -> Conclusion:
    r"""Increasing functions keep the order::

        a ≤ b
        ───────────  f one of exp, log, logistic
        f(a) ≤ f(b)

    and likewise for ``<``. Fails unless the premise is ``≤`` or ``<`` and both images are defined.

    Example: ``monotone_image(logs_compared, "exp")``.
    """
    claim, chart = comparison.claim, comparison.chart
    if claim.kind not in ("<", "≤"):
        raise Refused(f"'{claim}' is no comparison.")
    if function not in ("exp", "log", "logistic") or function in chart.functions:
        raise Refused(f"'{function}' is not known to increase; exp, log and logistic are.")
    left, right = (Term("fn", (function, side)) for side in (claim.left, claim.right))
    require_regular(chart, left, right)
    return Conclusion(Claim(claim.kind, left, right, chart))


@rule
def number_less(left: Term, right: Term, chart: Chart) -> Conclusion:
    r"""Numbers compared by rigorous arithmetic::

        ─────────────  the enclosure of left lies below that of right
        left < right

    Fails unless both sides are numbers without symbols whose enclosures lie apart, in this order.

    Example: ``number_less(2048 * log(num(50257)), 9629 * log(num(10)), chart)``.
    """
    for side in (left, right):
        written = chart.expand(side)
        if free_symbols(written) or not arithmetic(side, chart) or function_names(written) & chart.functions.keys():
            raise Refused(f"'{plain(side)}' is no number that can be computed.")
    try:
        below = enclose(left, _NOWHERE, chart, BITS) < enclose(right, _NOWHERE, chart, BITS)
    except NotEnclosed as error:
        raise Refused(f"There is no enclosure: {error.reason}") from error
    if not below:
        raise Refused(f"'{plain(left)}' is not shown to be less than '{plain(right)}'.")
    return Conclusion(Claim("<", left, right, chart))


_NOWHERE: Final = Instance({}, universe=0)
