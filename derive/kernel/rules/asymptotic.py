r"""Smallness in a regime, proved by an explicit bound that holds uniformly.

A ratio of polynomials in positive quantities is bounded monomial by monomial:

.. math:: |R| = \frac{|\sum_m c_m x^m|}{\sum_n d_n x^n} \le \sum_m \frac{|c_m|}{d_{n(m)}} x^{m - n(m)},

and each :math:`x^{m-n(m)}` is a product of ratios that the regime makes small (at least one) and of ratios
that the domains keep at most 1. The certificate names :math:`n(m)` and those ratios; the rule re-checks it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from derive.errors import Refused
from derive.kernel.chart import Chart, Regime
from derive.kernel.fact import Claim, Conclusion, rule
from derive.kernel.positivity import nonnegative, positive
from derive.kernel.rules.scope import names_in, require_regular
from derive.kernel.term import ONE, ZERO, Term, add, div, free_symbols, mul, num, plain, power, substitute, sym

Exponents = tuple[Fraction, ...]
MAX_POWER: Final = 64
MAX_MONOMIALS: Final = 400


@dataclass(frozen=True)
class Ratio:
    """A quotient of monomials: at most 1 on the chart, or (``small``) tending to 0 in the regime."""

    exponents: Exponents
    term: Term
    small: bool


@dataclass(frozen=True)
class Cover:
    """How one monomial of the numerator is bounded: a monomial of the denominator, and powers of ratios."""

    numerator: tuple[int, ...]
    denominator: tuple[int, ...]
    powers: tuple[int, ...]


@dataclass(frozen=True)
class Quotient:
    """A ratio of polynomials in ``names``, in lowest terms, over which all names are positive."""

    names: tuple[str, ...]
    top: Mapping[tuple[int, ...], Fraction]
    bottom: Mapping[tuple[int, ...], Fraction]


class NotRational(Refused):
    """The term is no ratio of polynomials in positive symbols; the message says which part is not."""


@rule
def dominated(
    left: Term, right: Term, regime: Regime, certificate: Sequence[Cover], shift: Mapping[str, Term], chart: Chart
) -> Conclusion:
    r"""Approximately equal in a regime: the relative error is at most a sum of terms that the regime makes small::

        ──────────────────────────────  |left - right| / |right| dominated monomial by monomial
        left ≈ right (within the bound)

    Fails unless both sides are defined, the right side has one sign everywhere, the relative error is a ratio
    of polynomials in positive symbols, the certificate bounds it, and ``shift`` writes symbols as their lower
    bounds plus new symbols, which stand for what is not negative.

    Example: ``dominated(v, dt, regime, covers, {}, chart)`` for the variance :math:`v` of a reverse step.
    """
    require_regular(chart, left, right)
    if not (positive(right, chart) or positive(-right, chart)):
        raise Refused(f"'{plain(right)}' is not shown to have one sign everywhere, so no relative error is bounded.")
    _require_shift(shift, chart, left, right)
    form = quotient((left - right) / right, chart, shift, mentioned(regime, chart))
    limit = bound(form, ratios(form.names, chart, regime, shift), certificate)
    return Conclusion(Claim("≈", left, right, chart, bound=limit))


def _require_shift(shift: Mapping[str, Term], chart: Chart, *terms: Term) -> None:
    """Refused unless every symbol of the shift is its lower bound plus a symbol of its own that is new."""
    taken = set(names_in(chart)).union(*(free_symbols(chart.expand(t)) for t in terms))
    for name, value in shift.items():
        domain = chart.domains.get(name)
        low = None if domain is None or domain.lower is None else chart.expand(domain.lower.value)
        fresh = free_symbols(value) - taken
        if low is None or name in chart.definitions or len(fresh) != 1 or value != add(low, sym(*fresh)):
            raise Refused(f"'{name}' is not shown to be '{plain(value)}', its lower bound and something new.")
        if not nonnegative(low, chart):
            raise Refused(f"'{plain(low)}' is not shown to be nonnegative, so '{name}' may be less than what is new.")
        if free_symbols(low) & shift.keys():
            raise Refused(f"The lower bound '{plain(low)}' of '{name}' is shifted itself.")
        taken |= fresh


def mentioned(regime: Regime, chart: Chart) -> frozenset[str]:
    """The symbols that a regime speaks of, definitions expanded."""
    return frozenset().union(*(free_symbols(chart.expand(t)) for order in regime.orders for t in order))


def bound(quotient: Quotient, ratios: Sequence[Ratio], certificate: Sequence[Cover]) -> Term:
    r"""The bound on :math:`|R|` that the certificate proves, a sum of vanishing terms.

    Fails (Refused) unless the denominator has one sign, every monomial of the numerator is covered
    exactly once, and every cover uses a small ratio at least once.
    """
    signs = {c > 0 for c in quotient.bottom.values()}
    if len(signs) != 1:
        raise Refused("The denominator changes sign monomial by monomial, so that it bounds nothing.")
    if sorted(c.numerator for c in certificate) != sorted(quotient.top):
        raise Refused("The certificate does not cover each monomial of the numerator once.")
    scales: dict[tuple[int, ...], Fraction] = {}
    for cover in certificate:
        if cover.denominator not in quotient.bottom:
            raise Refused("The certificate names a monomial that the denominator does not have.")
        if len(cover.powers) != len(ratios) or any(p < 0 for p in cover.powers):
            raise Refused("The certificate uses a negative power of a ratio.")
        if not any(p and r.small for p, r in zip(cover.powers, ratios, strict=True)):
            raise Refused("The certificate bounds a monomial by nothing that becomes small.")
        reached = [Fraction(0)] * len(quotient.names)
        for p, r in zip(cover.powers, ratios, strict=True):
            reached = [a + p * b for a, b in zip(reached, r.exponents, strict=True)]
        if reached != [Fraction(a - b) for a, b in zip(cover.numerator, cover.denominator, strict=True)]:
            raise Refused("The certificate's ratios do not multiply to the quotient of the monomials.")
        scale = abs(quotient.top[cover.numerator] / quotient.bottom[cover.denominator])
        # Ratios that are at most 1 are dropped from the bound, so that it shows what makes it small.
        shown = tuple(p if r.small else 0 for p, r in zip(cover.powers, ratios, strict=True))
        scales[shown] = scales.get(shown, Fraction(0)) + scale
    parts = [_scaled(scale, powers, ratios) for powers, scale in sorted(scales.items(), key=lambda s: sum(s[0]))]
    return add(*parts) if parts else ZERO


def _scaled(scale: Fraction, powers: tuple[int, ...], ratios: Sequence[Ratio]) -> Term:
    factors = [power(r.term, p) if p > 1 else r.term for p, r in zip(powers, ratios, strict=True) if p]
    return mul(*([] if scale == 1 else [num(scale)]), *factors)


def order_along(quotient: Quotient, weights: Mapping[str, int]) -> int | None:
    r"""The exact power of :math:`\epsilon` that the quotient is of along the curve :math:`x = \epsilon^{w}`.

    It vanishes if and only if the power is positive; None where leading terms cancel, so that this cannot tell.
    """
    orders: list[int] = []
    for polynomial in (quotient.top, quotient.bottom):
        found: dict[int, Fraction] = {}
        for monomial, coefficient in polynomial.items():
            power = sum(e * weights.get(n, 0) for e, n in zip(monomial, quotient.names, strict=True))
            found[power] = found.get(power, Fraction(0)) + coefficient
        lowest = min(found, default=0)
        if not found or found[lowest] == 0:
            return None
        orders.append(lowest)
    return orders[0] - orders[1]


# -- a term as a quotient of polynomials -----------------------------------------------------------------
def quotient(
    root: Term, chart: Chart, shift: Mapping[str, Term] | None = None, also: frozenset[str] = frozenset()
) -> Quotient:
    """The term over its symbols in lowest terms; NotRational unless all are positive on the chart.

    ``shift`` replaces symbols, such as t by its lower bound plus a new nonnegative symbol; ``also`` names
    symbols that belong to the names whether they occur or not.
    """
    root = substitute(chart.expand(root), shift or {})
    names = tuple(sorted(free_symbols(root) | also))
    if not names:
        names = ("1",)
    context = fmpq_mpoly_ctx.get(names, "lex")
    top, bottom = _pair(root, dict(zip(names, context.gens(), strict=True)), context)
    common = top.gcd(bottom)
    top, bottom = divmod(top, common)[0], divmod(bottom, common)[0]
    used = {n for n, i in zip(names, range(len(names)), strict=True) if _occurs(top, i) or _occurs(bottom, i)}
    for name in sorted(used | also):
        if not positive_symbol(name, chart, shift or {}):
            raise NotRational(f"'{name}' is not shown to be positive, as in a ratio of polynomials that is bounded.")
    return Quotient(names, _coefficients(top), _coefficients(bottom))


def positive_symbol(name: str, chart: Chart, shift: Mapping[str, Term]) -> bool:
    """Whether the domain keeps the symbol positive (new symbols of a shift are, almost everywhere)."""
    if any(name in free_symbols(t) and name not in chart.domains for t in shift.values()):
        return True
    domain = chart.domains.get(name)
    if domain is None or domain.lower is None:
        return False
    low = chart.expand(domain.lower.value)
    if low.op == "num":
        return low.value > 0 or (low.value == 0 and domain.lower.strict)
    try:
        lower = quotient(low, chart)
    except NotRational:
        return False
    return all(c > 0 for c in lower.top.values()) and all(c > 0 for c in lower.bottom.values())


def ratios(names: Sequence[str], chart: Chart, regime: Regime, shift: Mapping[str, Term]) -> tuple[Ratio, ...]:
    """The small ratios of the regime and the bounded ones of the domains, as monomials in ``names``."""
    found: list[Ratio] = []

    def put(top: Term, bottom: Term, small: bool) -> None:
        exponents = _monomial(chart.expand(div(top, bottom)), names, chart, shift)
        if exponents is not None and any(exponents):
            found.append(Ratio(exponents, top if bottom == ONE else div(top, bottom), small))

    for small, large in regime.orders:
        put(small, large, True)
    for symbol, point in regime.limits:
        if point == ZERO:
            put(sym(symbol), ONE, True)
    for name, domain in chart.domains.items():
        if domain.upper is not None:
            put(sym(name), domain.upper.value, False)
        if domain.lower is not None and domain.lower.value != ZERO:
            put(domain.lower.value, sym(name), False)
    return tuple(found)


def _monomial(root: Term, names: Sequence[str], chart: Chart, shift: Mapping[str, Term]) -> Exponents | None:
    exponents = {n: Fraction(0) for n in names}
    stack: list[tuple[Term, Fraction]] = [(root, Fraction(1))]
    while stack:
        node, times = stack.pop()
        if node.op == "mul":
            stack.extend((c, times) for c in node.children)
        elif node.op == "pow" and node.children[1].op == "num":
            stack.append((node.children[0], times * node.children[1].value))
        elif node.op == "sym" and node.name in shift:
            fresh = [n for n in free_symbols(shift[node.name]) if n not in chart.domains]
            if len(fresh) != 1 or times < 0:
                return None  # u = t - low is at most t, so that u may stand for t above a line but not below it
            exponents[fresh[0]] += times
        elif node.op == "sym" and node.name in exponents:
            exponents[node.name] += times
        elif node != ONE:
            return None
    return tuple(exponents.values())


def _pair(node: Term, symbols: Mapping[str, fmpq_mpoly], context: fmpq_mpoly_ctx) -> tuple[fmpq_mpoly, fmpq_mpoly]:
    one = context.constant(1)
    if node.op == "num":
        return context.constant(fmpq(node.value.numerator, node.value.denominator)), one
    if node.op == "sym":
        return symbols[node.name], one
    if node.op in ("add", "mul"):
        top, bottom = _pair(node.children[0], symbols, context)
        for child in node.children[1:]:
            t, b = _pair(child, symbols, context)
            top, bottom = (top * b + t * bottom, bottom * b) if node.op == "add" else (top * t, bottom * b)
            if len(top) + len(bottom) > MAX_MONOMIALS:
                raise NotRational("There are too many monomials.")
        return top, bottom
    if node.op == "pow" and node.children[1].op == "num":
        exponent = node.children[1].value
        if exponent.denominator == 1 and abs(exponent) <= MAX_POWER:
            top, bottom = _pair(node.children[0], symbols, context)
            if exponent < 0:
                top, bottom = bottom, top
            if not bottom:
                raise NotRational("There is a division by zero.")
            return top ** abs(int(exponent)), bottom ** abs(int(exponent))
    raise NotRational(f"'{plain(node)}' is no ratio of polynomials.")


def _coefficients(p: fmpq_mpoly) -> dict[tuple[int, ...], Fraction]:
    return {tuple(map(int, m)): Fraction(int(c.p), int(c.q)) for m, c in p.to_dict().items()}


def _occurs(p: fmpq_mpoly, index: int) -> bool:
    return any(m[index] for m in p.to_dict())
