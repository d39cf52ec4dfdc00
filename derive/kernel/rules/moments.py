r"""Means and variances of random variables, also given others: linearity, and the tower property."""

from __future__ import annotations

from collections.abc import Sequence

from derive.errors import Refused
from derive.kernel.chart import Chart
from derive.kernel.fact import Claim, Conclusion, rule
from derive.kernel.rules.numbers import require_number
from derive.kernel.rules.scope import deterministic, integrable, named, require_regular, square_integrable
from derive.kernel.term import ONE, Term, TermLike, add, given, mul, neg, plain, term, var


def mean(value: Term) -> Term:
    """The mean of a random variable (or of a ``given``)."""
    return Term("E", (value,))


@rule
def variance_by_moments(variable: Term, chart: Chart) -> Conclusion:
    r"""What a variance is::

        ─────────────────────────  X square integrable
        Var(X) = E[X²] - E[X]²

    and likewise given others, Var(X | Z) = E[X² | Z] - E[X | Z]².

    Fails unless X is, by its shape, affine in random variables and in means given others.

    Example: ``variance_by_moments(given(X, Z), chart)``.
    """
    value, *conditions = variable.children if variable.op == "given" else (variable,)
    if not square_integrable(value):
        raise Refused(f"'{plain(value)}' is not affine in random variables, so its variance may be infinite.")
    require_regular(chart, variable)
    square = given(value**2, *conditions) if conditions else value**2
    return Conclusion(Claim("=", var(variable), mean(square) - mean(variable) ** 2, chart))


@rule
def mean_of_sum(scales: Sequence[TermLike], variables: Sequence[Term], chart: Chart) -> Conclusion:
    r"""Means are linear::

        ──────────────────────────────  a, b, ... numbers
        E[a X + b Y + ...] = a E[X] + b E[Y] + ...

    ``scales`` are a, b, ..., and a scale 1 is not written.

    Fails unless these are numbers and defined, and each variable has a mean by its shape: it is affine in random
    variables, the square of such a one, or a moment of these given others.

    Example: ``mean_of_sum([1, -1], [mean(given(X**2, Z)), mean(given(X, Z)) ** 2], chart)``.
    """
    factors = [term(scale) for scale in scales]
    if not factors or len(factors) != len(variables):
        raise Refused(f"There are {len(factors)} numbers for {len(variables)} random variables.")
    require_number(chart, *factors)
    require_regular(chart, *factors, *variables)
    for variable in variables:
        if not integrable(variable) or variable.op == "given":
            raise Refused(f"'{plain(variable)}' is not shown to have a mean.")
    whole, parts = (
        add(*(_multiple(a, f(x)) for a, x in zip(factors, variables, strict=True))) for f in (lambda x: x, mean)
    )
    return Conclusion(Claim("=", mean(whole), parts, chart))


def _multiple(scale: Term, value: Term) -> Term:
    return value if scale == ONE else neg(value) if scale == neg(ONE) else mul(scale, value)


@rule
def mean_of_number(value: TermLike, chart: Chart) -> Conclusion:
    r"""A number is its own mean::

        ─────────  a number
        E[a] = a

    Fails unless it is a number and defined.

    Example: ``mean_of_number(dt, chart)``.
    """
    value = term(value)
    require_number(chart, value)
    require_regular(chart, value)
    return Conclusion(Claim("=", mean(value), value, chart))


@rule
def tower(value: Term, condition: Term, chart: Chart) -> Conclusion:
    r"""The mean of what is expected given something is the mean::

        ───────────────────  X integrable
        E[E[X | Z]] = E[X]

    Fails unless X has a mean by its shape, as for ``mean_of_sum``, and Z is a random variable, not a value of one.

    Example: ``tower(X**2, Z, chart)``.
    """
    require_regular(chart, value, condition)
    if not integrable(value) or value.op == "given":
        raise Refused(f"'{plain(value)}' is not shown to have a mean.")
    if condition.op != "fn" or named(condition) or deterministic(condition) or condition.name in chart.functions:
        raise Refused(f"'{plain(condition)}' is no random variable to take the mean over.")
    return Conclusion(Claim("=", mean(mean(given(value, condition))), mean(value), chart))
