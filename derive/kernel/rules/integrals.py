r"""Integrals: by an antiderivative, and against their Riemann sums."""

from __future__ import annotations

from typing import Literal

from derive.errors import Refused
from derive.kernel.chart import Chart
from derive.kernel.differentiate import NotDifferentiable, derivative
from derive.kernel.fact import Claim, Conclusion, rule
from derive.kernel.positivity import nonnegative, positive
from derive.kernel.rules.equality import require_same
from derive.kernel.rules.scope import inside, integer, new_symbol, regular, require_regular
from derive.kernel.term import ZERO, Term, bind, mul, plain, substitute


def _derivative(body: Term, variable: Term, chart: Chart) -> Term:
    try:
        return derivative(body, variable, chart)
    except NotDifferentiable as error:
        raise Refused(f"'{plain(body)}' has no derivative here: {error}") from error


@rule
def antiderivative(integral: Term, primitive: Term, chart: Chart) -> Conclusion:
    r"""The fundamental theorem; the certificate is F, a term in the variable::

        ──────────────────────────  F' = f on [a, b]
        ∫_a^b f(u) du = F(b) - F(a)

    Fails unless a ≤ b, F, its derivative and f are defined and analytic on [a, b], and F' = f there.

    Example: ``antiderivative(bind("int", s2**2/(s2 + t)**2, t, 0, 1), -s2**2/(s2 + t), chart)``.
    """
    if integral.op != "int":
        raise Refused(f"'{plain(integral)}' is no integral.")
    variable, body, within = inside(integral, chart)
    primitive = substitute(primitive, {integral.children[1].name: variable})
    lower, upper = integral.children[2:]
    require_regular(chart, integral)
    slope = _derivative(primitive, variable, within)
    for term in (primitive, slope):
        if not regular(term, within, frozenset({variable.name})):
            raise Refused(f"'{plain(term)}' is not shown to be defined and analytic on the interval.")
    require_same(slope, body, within, "No antiderivative")
    at_lower, at_upper = (substitute(primitive, {variable.name: end}) for end in (lower, upper))
    return Conclusion(Claim("=", integral, at_upper - at_lower, chart))


@rule
def monotone_riemann(
    integral: Term, count: Term, chart: Chart, *, trend: Literal["falling", "rising"], side: Literal["below", "above"]
) -> Conclusion:
    r"""A Riemann sum of a monotone function and its integral, with h = (b - a)/n::

        ──────────────────────────────────────────────────────  f falls on [a, b], side below
        ∫_a^b f(u) du ≤ h Σ_{k=0}^{n-1} f(a + kh)

        ──────────────────────────────────────────────────────  f falls on [a, b], side above
        h Σ_{k=0}^{n-1} f(a + kh) ≤ ∫_a^b f(u) du + h (f(a) - f(b))

    Where f rises, ``below`` is integral + h (f(a) - f(b)) ≤ sum and ``above`` is sum ≤ integral.

    Fails unless a ≤ b, n is a positive integer, f and its derivative are analytic on [a, b], and the derivative
    has the sign that the trend says.

    Example: ``monotone_riemann(integral, T, chart, trend="falling", side="above")``.
    """
    if integral.op != "int" or trend not in ("falling", "rising") or side not in ("below", "above"):
        raise Refused(f"'{plain(integral)}' needs to be an integral, falling or rising, bounded below or above.")
    if not (integer(count, chart) and positive(count, chart)):
        raise Refused(f"'{plain(count)}' is not shown to be a positive integer number of steps.")
    require_regular(chart, integral)
    variable, body, within = inside(integral, chart)
    slope = _derivative(body, variable, within)
    if not regular(slope, within, frozenset({variable.name})):
        raise Refused(f"The derivative '{plain(slope)}' is not shown to be defined on the interval.")
    if not nonnegative(slope if trend == "rising" else -slope, within):
        raise Refused(f"'{plain(body)}' is not shown to be {trend} on the interval.")
    lower, upper = integral.children[2:]
    step = (upper - lower) / count
    index = new_symbol("k", within, integral, count)
    sample = substitute(body, {variable.name: lower + mul(index, step)})
    riemann = mul(step, bind("sum", sample, index, 0, count - 1))
    ends = [substitute(body, {variable.name: end}) for end in (lower, upper)]
    slack = ZERO if (trend, side) in (("falling", "below"), ("rising", "above")) else mul(step, ends[0] - ends[1])
    moved = integral if slack == ZERO else integral + slack
    left, right = (moved, riemann) if side == "below" else (riemann, moved)
    return Conclusion(Claim("≤", left, right, chart), axioms=("monotone-riemann",))
