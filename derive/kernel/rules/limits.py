r"""Limits: by continuity, of sums that become integrals, squeezed, and of normal laws."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from derive.errors import Refused
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.differentiate import NotDifferentiable, derivative
from derive.kernel.fact import Claim, Conclusion, Fact, Limit, rule
from derive.kernel.positivity import nonnegative, positive
from derive.kernel.rules.equality import require_same
from derive.kernel.rules.scope import (
    arithmetic,
    common_chart,
    inside,
    integer,
    names_in,
    no_suppositions,
    regular,
    require_regular,
)
from derive.kernel.term import INFINITY, ONE, ZERO, Term, bind, free_symbols, normal, num, plain, substitute, sym


def _at_rest(chart: Chart, moving: str, *terms: Term) -> Chart:
    """The chart of the symbols that stay fixed, all definitions expanded; ``terms`` may use only these.

    Refused where the domain of a symbol that the terms use moves with the limit.
    """
    domains: dict[str, Domain] = {}
    for name, domain in chart.domains.items():
        if name == moving or name in chart.definitions:
            continue
        bounds = [b and Bound(chart.expand(b.value), b.strict) for b in (domain.lower, domain.upper)]
        if any(b is not None and not free_symbols(b.value) <= domains.keys() for b in bounds):
            if any(name in free_symbols(term) for term in terms):
                raise Refused(f"The domain of '{name}' moves with '{moving}', so it cannot stay fixed in the limit.")
            continue
        domains[name] = Domain(domain.kind, *bounds)
    return Chart(domains, chart.functions, {}, (), chart.closed)


def _limit(chart: Chart, symbol: str, point: Term = INFINITY) -> Limit:
    domain = chart.domains.get(symbol)
    if domain is None or symbol in chart.definitions or domain.kind == "label":
        raise Refused(f"'{symbol}' is not declared as a symbol that may move to a limit.")
    if point == INFINITY and domain.upper is not None:
        raise Refused(f"'{symbol}' is bounded above, so it does not grow without bound.")
    if point != INFINITY and (domain.kind != "real" or symbol in free_symbols(chart.expand(point))):
        raise Refused(f"'{symbol}' cannot move to '{plain(point)}'.")
    limit = Limit(symbol, point)
    _require_approach(limit, chart)
    return limit


def _require_approach(limit: Limit, chart: Chart) -> None:
    """Refused unless admissible points lead to the limit while the other symbols stay where they are.

    Where none do, everything would tend to everything.
    """
    symbol, point = limit.symbol, limit.point
    domain = chart.domains[symbol]
    if point != INFINITY:
        for bound, sign in ((domain.lower, 1), (domain.upper, -1)):
            gap = None if bound is None else sign * (point - bound.value)
            if gap is not None and not nonnegative(gap, chart):
                raise Refused(f"'{plain(point)}' is not shown to lie in the range of '{symbol}', or at its end.")
        width = None if domain.lower is None or domain.upper is None else domain.upper.value - domain.lower.value
        if width is not None and not positive(width, chart):
            raise Refused(f"The range of '{symbol}' is not shown to be more than a point.")
    for condition in chart.conditions:
        if any(symbol in free_symbols(chart.expand(side)) for side in (condition.left, condition.right)):
            raise Refused(f"A condition of the chart speaks of '{symbol}', so it may be kept from the limit.")
    for name, other in chart.domains.items():
        if name in chart.definitions:
            _require_defined_in(name, limit, chart)
        elif name != symbol:
            _require_room(name, other, limit, chart)


def _require_room(name: str, domain: Domain, limit: Limit, chart: Chart) -> None:
    """Refused unless the range of a symbol only widens as another one grows without bound."""
    for bound, widens in ((domain.lower, -1), (domain.upper, 1)):
        end = None if bound is None else chart.expand(bound.value)
        if end is None or limit.symbol not in free_symbols(end):
            continue
        try:
            trend = derivative(widens * end, sym(limit.symbol), chart)
        except NotDifferentiable as error:
            raise Refused(str(error)) from error
        if limit.point != INFINITY or not (regular(trend, chart) and nonnegative(trend, chart)):
            raise Refused(f"The range of '{name}' depends on '{limit.symbol}', which it may keep from the limit.")


def _require_defined_in(name: str, limit: Limit, chart: Chart) -> None:
    """Refused where a definition must lie in a range that may keep the symbol from the limit."""
    domain, value = chart.domains[name], chart.expand(sym(name))
    if domain == Domain() or limit.symbol not in free_symbols(value):
        return
    inside = domain.kind == "real" or integer(value, chart)
    for bound, sign in ((domain.lower, 1), (domain.upper, -1)):
        gap = None if bound is None else sign * (value - bound.value)
        shown = positive if bound is not None and bound.strict else nonnegative
        inside = inside and (gap is None or shown(gap, chart))
    if not inside:
        raise Refused(f"'{name}' is not shown to stay in its range as '{limit.symbol}' moves.")


def _written(certificate: Term, chart: Chart, symbol: str, step: str) -> Term:
    """The certificate without definitions; Refused where it moves with the symbol, openly or as variances may."""
    certificate = chart.expand(certificate)
    if symbol in free_symbols(certificate):
        raise Refused(f"The certificate '{plain(certificate)}' still contains '{symbol}'; write it in '{step}'.")
    if not arithmetic(certificate, chart):
        raise Refused(f"'{plain(certificate)}' holds something random, which may change as '{symbol}' moves.")
    return certificate


@rule
def limit_of_form(
    left: Term,
    form: Term,
    chart: Chart,
    *,
    symbol: str,
    step: str,
    point: Term = INFINITY,
    parts: Mapping[str, Fact] | None = None,
) -> Conclusion:
    r"""Limits by continuity; the certificate is g, a term in h = ``step`` and in a symbol for each part::

        u_i → a_i as n → ∞
        ─────────────────────────────  left = g(1/n, u)
        left → g(0, a) as n → ∞

    ``symbol`` is n, or x where x → ``point``; then h = x - point. Fails unless left = g(h, u) at every
    admissible point, and g is analytic in h and in the parts around (0, a).

    Example: ``limit_of_form(s2/(s2 + dt), s2/(s2 + sym("h")), chart, symbol="T", step="h")``.
    """
    limit = _limit(chart, symbol, point)
    parts = dict(parts or {})
    taken = names_in(chart) | free_symbols(left)
    for name in (step, *parts):
        if name in taken or (name == step and name in parts):
            raise Refused(f"'{name}' is used already; choose a symbol that occurs nowhere to stand for what moves.")
    values: dict[str, Term] = {step: ONE / sym(symbol) if point == INFINITY else sym(symbol) - point}
    ends: dict[str, Term] = {step: ZERO}
    for name, fact in parts.items():
        no_suppositions("limit of form", fact)
        if fact.claim.kind != "→" or fact.claim.limit != limit or fact.chart != chart or fact.right.op == "law":
            raise Refused(f"'{fact.claim}' is no limit of '{symbol}' at the same point over the same chart.")
        values[name], ends[name] = fact.left, chart.expand(fact.right)
    form = _written(form, chart, symbol, step)
    rest = _at_rest(chart, symbol, form, *ends.values())
    around = rest.extend(domains={n: Domain() for n in ends}, definitions=ends)
    if not regular(form, around, frozenset(ends)):
        raise Refused(f"'{plain(form)}' is not shown to be continuous where it is to be evaluated.")
    require_regular(chart, left)
    require_same(left, substitute(form, values), chart, "Not of the form claimed")
    return Conclusion(Claim("→", left, substitute(form, ends), chart, limit))


@rule
def limit_of_sum(series: Term, density: Term, chart: Chart, *, symbol: str, place: str, step: str) -> Conclusion:
    r"""Sums of many small terms become integrals; the certificate is F, a term in u = ``place`` and h = ``step``::

        ───────────────────────────────────────────────────────────  t(k) = F(k/n, 1/n), F(u, 0) = 0
        Σ_{k=p}^{cn+q} t(k) → ∫_0^c ∂F/∂h(u, 0) du as n → ∞

    Fails unless p, q are integers and c > 0 a rational number, the term is as said over the range, F(u, 0) = 0,
    and F, ∂F/∂h and ∂²F/∂h² are analytic around [0, c] × {0}. Rests on the axiom ``riemann-sum``.

    Example: ``limit_of_sum(bind("sum", dt*f(k*dt), k, 1, T), h*f(u), chart, symbol="T", place="u", step="h")``.
    """
    limit = _limit(chart, symbol)
    if series.op != "sum":
        raise Refused(f"'{plain(series)}' is no sum.")
    taken = names_in(chart) | free_symbols(series)
    if place in taken or step in taken or place == step:
        raise Refused(f"'{place}' and '{step}' must be two symbols that occur nowhere else.")
    require_regular(chart, series)
    length = _length(series, symbol, chart)
    density = _written(density, chart, symbol, step)
    rest = _at_rest(chart, symbol, density)
    interval = Domain("real", Bound(ZERO), Bound(length))
    around = rest.extend(domains={place: interval, step: Domain()}, definitions={step: ZERO})
    moving = frozenset({place, step})
    open_chart = rest.extend(domains={place: interval, step: Domain()})
    try:
        first = derivative(density, sym(step), open_chart)
        second = derivative(first, sym(step), open_chart)
    except NotDifferentiable as error:
        raise Refused(f"'{plain(density)}' has no derivative in '{step}': {error}") from error
    for term in (density, first, second):
        if not regular(term, around, moving):
            raise Refused(f"'{plain(term)}' is not shown to be analytic around {step} = 0 over the interval.")
    at_zero = rest.extend(domains={place: interval})
    require_same(substitute(density, {step: ZERO}), ZERO, at_zero, "The terms do not vanish as the number grows")
    variable, body, within = inside(series, chart)
    here = substitute(density, {place: variable / sym(symbol), step: ONE / sym(symbol)})
    require_same(body, here, within, "The terms are not as the certificate says")
    slope = substitute(first, {step: ZERO})
    return Conclusion(Claim("→", series, bind("int", slope, sym(place), ZERO, length), chart, limit), ("riemann-sum",))


def _length(series: Term, symbol: str, chart: Chart) -> Term:
    """The c of a sum from p to cn + q."""
    lower, upper = (chart.expand(end) for end in series.children[2:])
    start, end = _linear(lower, symbol), _linear(upper, symbol)
    if start is None or start[0] != 0 or start[1].denominator != 1:
        raise Refused(f"The sum must begin at an integer, not at '{plain(lower)}'.")
    if end is None or end[0] <= 0 or not integer(upper, chart):
        raise Refused(
            f"The sum must end at an integer multiple of '{symbol}' plus an integer, not at '{plain(upper)}'."
        )
    return num(end[0])


def _linear(term: Term, symbol: str) -> tuple[Fraction, Fraction] | None:
    """(c, q) where the term is cn + q by its shape, with n the symbol."""
    if term.op == "num":
        return Fraction(0), term.value
    if term.op == "sym":
        return (Fraction(1), Fraction(0)) if term.name == symbol else None
    if term.op == "add":
        parts = [_linear(child, symbol) for child in term.children]
        known = [p for p in parts if p is not None]
        return (
            (sum((p[0] for p in known), Fraction(0)), sum((p[1] for p in known), Fraction(0)))
            if len(known) == len(parts)
            else None
        )
    if term.op == "mul" and len(term.children) == 2:
        one, other = (_linear(child, symbol) for child in term.children)
        if one is not None and other is not None and 0 in (one[0], other[0]):
            factor, line = (one[1], other) if one[0] == 0 else (other[1], one)
            return factor * line[0], factor * line[1]
    return None


@rule
def squeeze(lower: Fact, upper: Fact, below: Fact, above: Fact) -> Conclusion:
    r"""What lies between two things with one limit has that limit::

        l → c    u → c    l ≤ m    m ≤ u
        ─────────────────────────────────  squeeze
        m → c

    Fails unless all are over one chart, both limits are the same, and the comparisons fit.

    Example: ``squeeze(integral_itself, integral_and_error, below, above)``.
    """
    chart = common_chart(lower, upper, below, above)
    no_suppositions("squeeze", lower, upper, below, above)
    kinds = {lower.claim.kind, upper.claim.kind}
    if kinds != {"→"} or lower.claim.limit != upper.claim.limit or lower.right.op == "law":
        raise Refused(f"'{lower.claim}' and '{upper.claim}' are not two limits of the same kind.")
    if below.claim.kind not in ("≤", "<", "=") or above.claim.kind not in ("≤", "<", "="):
        raise Refused(f"'{below.claim}' and '{above.claim}' are not both comparisons.")
    if below.left != lower.left or above.right != upper.left or below.right != above.left:
        raise Refused("The comparisons do not put one term between the two that have limits.")
    if lower.right != upper.right:
        raise Refused(f"The limits '{plain(lower.right)}' and '{plain(upper.right)}' are not the same term.")
    return Conclusion(Claim("→", below.right, lower.right, chart, lower.claim.limit))


@rule
def limit_value(fact: Fact) -> Conclusion:
    r"""A limit as a term::

        u → c as n → ∞
        ────────────────────  limit value
        lim_{n→∞} u = c

    What definitions hide of n is written out in u, because they speak of the n outside.

    Fails unless the premise is a limit that rests on no supposition, and the symbol may move there.

    Example: ``limit_value(limit_of_form(s2 + dt, s2 + h, chart, symbol="T", step="h"))``.
    """
    claim = fact.claim
    no_suppositions("limit value", fact)
    if claim.limit is None or claim.right.op == "law":
        raise Refused(f"'{claim}' is no limit of a number.")
    _limit(fact.chart, claim.limit.symbol, claim.limit.point)
    moving = sym(claim.limit.symbol)
    body = fact.chart.expand(claim.left)
    return Conclusion(Claim("=", bind("lim", body, moving, claim.limit.point), claim.right, fact.chart))


@rule
def limit_law(law: Fact, variance: Fact, mean: Fact | None = None) -> Conclusion:
    r"""Normal laws converge where their means and variances do::

        X ∼ N(m, v)    m → a    v → w
        ──────────────────────────────  limit law
        X → N(a, w) in law

    Where ``mean`` is left out, m must be a numeral. Fails unless the premises are of this shape, over one chart
    and for one limit, and rest on no supposition.

    Example: ``limit_law(law_of_the_end, variance_tends)``.
    """
    chart = common_chart(law, variance, *(() if mean is None else (mean,)))
    no_suppositions("limit law", law, variance, *(() if mean is None else (mean,)))
    claim = law.claim
    if claim.kind != "∼" or claim.right.name != "N" or len(claim.right.children) != 2:
        raise Refused(f"'{claim}' states no normal law.")
    center, spread = claim.right.children
    limit = variance.claim.limit
    if limit is None or variance.left != spread:
        raise Refused(f"'{variance.claim}' is no limit of the variance '{plain(spread)}'.")
    if mean is None:
        if center.op != "num":
            raise Refused(f"The mean '{plain(center)}' may move; give its limit.")
        end = center
    elif mean.claim.limit != limit or mean.left != center:
        raise Refused(f"'{mean.claim}' is no limit of the mean '{plain(center)}' as '{limit.symbol}' moves.")
    else:
        end = mean.right
    return Conclusion(Claim("→", claim.left, normal(end, variance.right), chart, limit))
