r"""Sums and products over integer ranges: ends, telescoping, and facts term by term."""

from __future__ import annotations

from derive.errors import Refused
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.fact import Claim, Conclusion, Fact, rule
from derive.kernel.positivity import positive
from derive.kernel.rules.equality import require_same
from derive.kernel.rules.scope import (
    inside,
    integer,
    no_suppositions,
    nonzero,
    parameters_outside,
    regular,
    require_range,
    require_regular,
    suppositions_outside,
)
from derive.kernel.term import ONE, ZERO, Term, add, bind, exp, log, mul, plain, substitute


def _require_op(term: Term, *ops: str) -> None:
    if term.op not in ops:
        names = {"sum": "sum", "prod": "product", "int": "integral"}
        raise Refused(f"'{plain(term)}' is no {' and no '.join(names[o] for o in ops)}.")


def _term_at(series: Term, index: Term) -> Term:
    body, variable = series.children[:2]
    return substitute(body, {variable.name: index})


@rule
def empty(series: Term, chart: Chart) -> Conclusion:
    r"""Nothing to add or to multiply::

        ────────────────────────  upper = lower - 1
        Σ a(k) = 0, or Π a(k) = 1

    Fails unless the ends are integers and equal as said.

    Example: ``empty(bind("prod", a, k, 0, -1), chart)``.
    """
    _require_op(series, "sum", "prod")
    lower, upper = series.children[2:]
    if not (integer(lower, chart) and integer(upper, chart)):
        raise Refused(f"The ends '{plain(lower)}' and '{plain(upper)}' are not shown to be integers.")
    require_same(upper + ONE, lower, chart, "The range is not empty")
    return Conclusion(Claim("=", series, ZERO if series.op == "sum" else ONE, chart))


@rule
def peel_last(series: Term, chart: Chart) -> Conclusion:
    r"""The last term stands alone::

        ──────────────────────────────────────────  upper ≥ lower
        Σ_{k=a}^{b} t(k) = Σ_{k=a}^{b-1} t(k) + t(b)

    and likewise for products. Fails unless the ends are integers with the upper at least the lower, and every
    term is defined.

    Example: ``peel_last(bind("sum", a, k, 0, m), chart)`` where :math:`m \ge 0`.
    """
    return Conclusion(_peeled(series, chart, last=True))


@rule
def peel_first(series: Term, chart: Chart) -> Conclusion:
    r"""The first term stands alone::

        ──────────────────────────────────────────  upper ≥ lower
        Σ_{k=a}^{b} t(k) = t(a) + Σ_{k=a+1}^{b} t(k)

    and likewise for products. Fails as ``peel_last`` does.

    Example: ``peel_first(bind("prod", a, k, 0, T - 1), chart)``.
    """
    return Conclusion(_peeled(series, chart, last=False))


def _peeled(series: Term, chart: Chart, *, last: bool) -> Claim:
    _require_op(series, "sum", "prod")
    body, variable, lower, upper = series.children
    shorter = bind(series.op, body, variable, *((lower, upper - ONE) if last else (lower + ONE, upper)))
    require_range(shorter, chart)
    require_regular(chart, series)
    alone = _term_at(series, upper if last else lower)
    join = add if series.op == "sum" else mul
    return Claim("=", series, join(shorter, alone) if last else join(alone, shorter), chart)


@rule
def telescope(series: Term, f: Term, chart: Chart, *, rising: bool = False) -> Conclusion:
    r"""Neighbours cancel; the certificate is f, a term in the index::

        ────────────────────────────────  t(k) = f(k) / f(k+1)
        Π_{k=a}^{b} t(k) = f(a) / f(b+1)

        ────────────────────────────────  t(k) = f(k) - f(k+1)
        Σ_{k=a}^{b} t(k) = f(a) - f(b+1)

    With ``rising`` the terms are f(k+1)/f(k) and f(k+1) - f(k), and so are the results.

    Fails unless the ends are integers with b ≥ a - 1, the term is as said for a ≤ k ≤ b, and f is defined, and
    in a product never zero, for a ≤ k ≤ b + 1.

    Example: ``telescope(bind("prod", (s2 + (k-1)*dt)/(s2 + k*dt), k, 1, T), s2 + (k-1)*dt, chart)``.
    """
    _require_op(series, "sum", "prod")
    require_range(series, chart)
    variable, body, within = inside(series, chart)
    lower, upper = series.children[2:]
    f = substitute(f, {series.children[1].name: variable})
    longer = chart.extend(domains={variable.name: Domain("integer", Bound(lower), Bound(upper + ONE))})
    if not regular(f, longer) or (series.op == "prod" and not nonzero(f, longer)):
        what = "defined and never zero" if series.op == "prod" else "defined"
        raise Refused(f"'{plain(f)}' is not shown to be {what} from '{plain(lower)}' to '{plain(upper + ONE)}'.")
    require_regular(within, body)

    def step(at: Term, after: Term) -> Term:
        one, other = (substitute(f, {variable.name: p}) for p in ((after, at) if rising else (at, after)))
        return one / other if series.op == "prod" else one - other

    require_same(body, step(variable, variable + ONE), within, "The terms do not telescope with this certificate")
    result = step(lower, upper + ONE)
    require_regular(chart, result)
    return Conclusion(Claim("=", series, result, chart))


@rule
def termwise(equation: Fact, series: Term, chart: Chart) -> Conclusion:
    r"""Equal terms have equal sums, products and integrals::

        t(k) = u(k) for k in the range
        ──────────────────────────────  termwise
        Σ t(k) = Σ u(k)

    ``series`` is the left side; the premise is over the chart in which its variable runs the range.

    Fails unless the premise's left side is the series' body there, and both sides are defined.

    Example: ``termwise(squares_expanded, bind("sum", a**2, k, 0, T - 1), chart)``.
    """
    _require_op(series, "sum", "prod", "int")
    suppositions_outside("termwise", equation, chart)
    variable, left, right = _bodies(equation, series, chart, "=")
    result = _series_like(series, right, variable)
    if not regular(series, chart):  # equal terms are defined together
        require_regular(chart, result)
    return Conclusion(Claim("=", series, result, chart))


@rule
def sum_order(comparison: Fact, series: Term, chart: Chart) -> Conclusion:
    r"""Smaller terms have a smaller sum, or integral::

        t(k) ≤ u(k) for k in the range
        ──────────────────────────────  sum order
        Σ t(k) ≤ Σ u(k)

    ``series`` is the left side; the premise is over the chart in which its variable runs the range.

    Fails unless the premise's left side is the series' body there, and both sides are shown to be defined (an
    integral with its lower limit below its upper one).

    Example: ``sum_order(log_bound, bind("sum", log(1 - u), k, 1, T), chart)``.
    """
    _require_op(series, "sum", "int")
    no_suppositions("sum order", comparison)
    parameters_outside("sum order", comparison, chart)
    variable, left, right = _bodies(comparison, series, chart, "≤")
    result = _series_like(series, right, variable)
    require_regular(chart, series, result)
    return Conclusion(Claim("≤", series, result, chart))


def _bodies(fact: Fact, series: Term, chart: Chart, kind: str) -> tuple[Term, Term, Term]:
    variable, body, within = inside(series, chart)
    claim = fact.claim
    if claim.kind != kind or claim.left != body or claim.chart != within:
        raise Refused(f"'{claim}' is not about the terms '{plain(body)}' over the range of '{plain(series)}'.")
    return variable, claim.left, claim.right


def _series_like(series: Term, body: Term, variable: Term) -> Term:
    return bind(series.op, body, variable, *series.children[2:])


@rule
def product_as_exponential(product: Term, chart: Chart) -> Conclusion:
    r"""Products of positive terms become sums of logarithms::

        ────────────────────────────  t(k) > 0 in the range
        Π t(k) = exp(Σ log t(k))

    Fails unless every term is shown to be positive.

    Example: ``product_as_exponential(bind("prod", 1 - u, k, 1, T), chart)``.
    """
    _require_op(product, "prod")
    require_range(product, chart)
    variable, body, within = inside(product, chart)
    require_regular(within, body)
    if not positive(body, within):
        raise Refused(f"'{plain(body)}' is not shown to be positive over the whole range.")
    return Conclusion(Claim("=", product, exp(bind("sum", log(body), variable, *product.children[2:])), chart))
