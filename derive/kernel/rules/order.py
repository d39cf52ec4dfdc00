r"""Inequalities, and approximate equality with an explicit bound."""

from __future__ import annotations

from derive.errors import Refused
from derive.kernel.chart import Chart
from derive.kernel.fact import Claim, Conclusion, Fact, Kind, rule
from derive.kernel.positivity import nonnegative, positive
from derive.kernel.rules.scope import common_chart, require_regular
from derive.kernel.term import Term, mul, plain


@rule
def less(left: Term, right: Term, chart: Chart) -> Conclusion:
    r"""A difference that is positive all over the chart::

        ─────────────  positive(right - left)
        left < right

    Fails unless both sides are defined and the difference is shown to be positive.

    Example: ``less(s2, s2 + 1, chart)``.
    """
    require_regular(chart, left, right)
    if not positive(right - left, chart):
        raise Refused(f"'{plain(left)} < {plain(right)}' is not shown at every admissible point.")
    return Conclusion(Claim("<", left, right, chart))


@rule
def at_most(left: Term, right: Term, chart: Chart) -> Conclusion:
    r"""A difference that is nowhere negative::

        ─────────────  nonnegative(right - left)
        left ≤ right

    Fails unless both sides are defined and the difference is shown to be nonnegative.

    Example: ``at_most(dt, t, chart)`` where :math:`\Delta t \le t`.
    """
    require_regular(chart, left, right)
    if not nonnegative(right - left, chart):
        raise Refused(f"'{plain(left)} ≤ {plain(right)}' is not shown at every admissible point.")
    return Conclusion(Claim("≤", left, right, chart))


@rule
def transitive_order(first: Fact, second: Fact) -> Conclusion:
    r"""Comparisons that share a side::

        a ≤ b    b ≤ c
        ──────────────  transitive order
        a ≤ c

    The result is ``<`` where one premise is, and ``≤`` otherwise; an equation serves as ``≤``.

    Fails unless both are ``<``, ``≤`` or ``=`` over one chart and the middle terms are the same.

    Example: ``transitive_order(sum_below_integral, integral_below_one)``.
    """
    chart = common_chart(first, second)
    kinds = {first.claim.kind, second.claim.kind}
    if not kinds <= {"<", "≤", "="}:
        raise Refused(f"'{first.claim}' and '{second.claim}' are not both comparisons.")
    if first.right != second.left:
        raise Refused(f"'{first.claim}' ends in '{plain(first.right)}', but '{second.claim}' begins otherwise.")
    kind: Kind = "<" if "<" in kinds else "≤"
    return Conclusion(Claim(kind, first.left, second.right, chart))


@rule
def approximate(left: Term, right: Term, bound: Term, chart: Chart) -> Conclusion:
    r"""Approximately equal, with the relative error bounded explicitly::

        ─────────────────────────────  |left - right| ≤ bound |right|, right ≠ 0
        left ≈ right (within bound)

    Fails unless all three are defined, the right side is shown to be positive everywhere or negative
    everywhere, and both signs of the error are shown to be within the bound.

    Example: ``approximate(v, dt, dt/(s2 + t), chart)`` for the variance :math:`v` of a reverse step.
    """
    require_regular(chart, left, right, bound)
    if positive(right, chart):
        size = right
    elif positive(-right, chart):
        size = -right
    else:
        raise Refused(f"'{plain(right)}' is not shown to have one sign everywhere, so no relative error is bounded.")
    room, error = mul(bound, size), left - right
    if not (nonnegative(room - error, chart) and nonnegative(room + error, chart)):
        raise Refused(f"The error of '{plain(left)} ≈ {plain(right)}' is not shown to be within '{plain(bound)}'.")
    return Conclusion(Claim("≈", left, right, chart, bound=bound))
