r"""Explicit bounds: added, of square roots and logarithms, and closed in to an approximation."""

from __future__ import annotations

from derive.errors import Refused
from derive.kernel.chart import Chart
from derive.kernel.fact import Claim, Conclusion, Fact, Kind, rule
from derive.kernel.positivity import nonnegative, positive
from derive.kernel.rules.equality import require_same
from derive.kernel.rules.numbers import require_number
from derive.kernel.rules.scope import common_chart, require_regular
from derive.kernel.term import HALF, ONE, TermLike, log, neg, plain, sqrt, term


@rule
def add_order(first: Fact, second: Fact) -> Conclusion:
    r"""Comparisons add up::

        a ≤ b    c ≤ d
        ───────────────  add order
        a + c ≤ b + d

    The result is ``<`` where a premise is, ``=`` where both are, and ``≤`` otherwise.

    Fails unless both are ``<``, ``≤`` or ``=`` between numbers over one chart.

    Example: ``add_order(sum_below_integral, error_below_step)``.
    """
    chart = common_chart(first, second)
    for fact in (first, second):
        _require_comparison(fact, "=")
    kinds = {first.claim.kind, second.claim.kind}
    kind: Kind = "<" if "<" in kinds else "=" if kinds == {"="} else "≤"
    return Conclusion(Claim(kind, first.left + second.left, first.right + second.right, chart))


@rule
def sqrt_order(fact: Fact) -> Conclusion:
    r"""The square root keeps the order::

        a ≤ b
        ─────────  a ≥ 0
        √a ≤ √b

    Fails unless the premise is ``<`` or ``≤`` between numbers and the smaller side is shown to be nonnegative.

    Example: ``sqrt_order(at_most(t - dt, t, chart))`` where :math:`t > \Delta t`.
    """
    _require_comparison(fact)
    claim = fact.claim
    if not nonnegative(claim.left, fact.chart):
        raise Refused(f"'{plain(claim.left)}' is not shown to be nonnegative.")
    return Conclusion(Claim(claim.kind, sqrt(claim.left), sqrt(claim.right), fact.chart))


@rule
def log_quadratic(u: TermLike, chart: Chart) -> Conclusion:
    r"""The logarithm from below, to second order::

        ──────────────────────  0 ≤ u ≤ 1/2
        -u - u² ≤ log(1 - u)

    because :math:`\log(1-u) + u + u^2` is 0 at 0 and has the derivative :math:`u(1 - 2u)/(1 - u)`.

    Fails unless u is a number, defined, and shown to lie between 0 and 1/2.

    Example: ``log_quadratic(dt/(2*(s2 + k*dt)), chart)``.
    """
    u = term(u)
    require_number(chart, u)
    require_regular(chart, u)
    if not (nonnegative(u, chart) and nonnegative(HALF - u, chart)):
        raise Refused(f"'{plain(u)}' is not shown to lie between 0 and 1/2.")
    return Conclusion(Claim("≤", neg(u) - u**2, log(ONE - u), chart))


@rule
def enclosed(below: Fact, above: Fact, value: TermLike, bound: TermLike) -> Conclusion:
    r"""What lies close around a value is approximately that value::

        r - e r ≤ a    a ≤ r + e r
        ──────────────────────────  r > 0
        a ≈ r (within e)

    ``value`` is r and ``bound`` is e. Fails unless the premises enclose one number a over one chart, their outer
    sides are decided to be r - er and r + er, and r is defined and shown to be positive.

    Example: ``enclosed(at_least, at_most, HALF + dt/(8*t), dt**2/t**2)``.
    """
    chart = common_chart(below, above)
    value, bound = term(value), term(bound)
    for fact in (below, above):
        _require_comparison(fact)
    if below.right != above.left:
        raise Refused(f"'{below.claim}' and '{above.claim}' do not enclose one number.")
    require_number(chart, value, bound)
    require_regular(chart, value, bound)
    if not positive(value, chart):
        raise Refused(f"'{plain(value)}' is not shown to be positive, so no relative error is bounded.")
    require_same(below.left, value - bound * value, chart, "The lower end is not the value less the error")
    require_same(above.right, value + bound * value, chart, "The upper end is not the value with the error")
    return Conclusion(Claim("≈", below.right, value, chart, bound=bound))


def _require_comparison(fact: Fact, *more: str) -> None:
    """Refused unless the fact compares two numbers."""
    if fact.claim.kind not in ("<", "≤", *more):
        raise Refused(f"'{fact.claim}' is no comparison.")
    require_number(fact.chart, *fact.claim.terms)
