r"""Finding limits: by continuity, of sums that become integrals, of products through their logarithms.

:math:`\Delta t \to 0` with the definition :math:`\Delta t := 1/T` means that the integer T grows.
"""

from __future__ import annotations

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Chart
from derive.kernel.fact import Fact
from derive.kernel.rules.scope import new_symbol
from derive.kernel.term import (
    BINDERS,
    INFINITY,
    MINUS_ONE,
    ONE,
    ZERO,
    Term,
    bind,
    free_symbols,
    fresh_symbol,
    mul,
    power,
    rebuild,
    substitute,
    sym,
    walk,
)
from derive.search.folding import folded, folded_right
from derive.search.laurent import NoExpansion, Powers, in_powers, rendered


def limit(term: Term, symbol: str, point: Term, chart: Chart) -> Fact | None:
    r"""The fact ``term → value as symbol → point``, or None where no proof was found.

    Where ``symbol`` is defined as 1/n and goes to 0, the limit is that of n growing without bound. The value
    may hold integrals; close them with :func:`derive.search.prove.closed`.
    """
    moving, where = _moving(symbol, point, chart)
    if moving is None or moving not in chart.domains:
        return None
    try:
        return folded_right(_Search(chart, moving, where, term).fact(term))
    except (Refused, NoExpansion):
        return None


def _moving(symbol: str, point: Term, chart: Chart) -> tuple[str | None, Term]:
    if symbol not in chart.definitions:
        return symbol, point
    defined = chart.expand(sym(symbol))
    for name in free_symbols(defined):
        if point == ZERO and defined in (power(sym(name), MINUS_ONE), mul(ONE, power(sym(name), MINUS_ONE))):
            return name, INFINITY
    return None, point


def spelled_out(term: Term, chart: Chart) -> Term:
    """The term with every limit in a defined symbol 1/n written as one of n growing without bound.

    Nobody who writes :math:`\\lim_{\\Delta t\\to0}` where :math:`\\Delta t := 1/T` means to keep T fixed.
    """
    if not any(node.op == "lim" for node in walk(term)):
        return term
    if term.op != "lim":
        return rebuild(term, lambda child: spelled_out(child, chart))
    body, variable, point = term.children
    body = spelled_out(body, chart)
    moving, where = _moving(variable.name, point, chart)
    if moving is None or moving not in chart.domains:
        return bind("lim", body, variable, point)
    return bind("lim", chart.expand(body), sym(moving), where)


def limit_term(term: Term, chart: Chart) -> Fact | None:
    """The fact ``lim = value`` for a limit that is spelled out, or None."""
    body, variable, point = term.children
    if chart.expand(body) != body:
        return None
    fact = limit(body, variable.name, point, chart)
    return None if fact is None else rules.limit_value(fact)


class _Search:
    def __init__(self, chart: Chart, symbol: str, point: Term, term: Term) -> None:
        self.chart = chart
        self.symbol = symbol
        self.point = point
        self.taken = [term]
        self.step = self._new("h")
        self.parts: dict[str, Fact] = {}

    def _new(self, name: str) -> Term:
        fresh = new_symbol(name, self.chart, *self.taken)
        self.taken.append(fresh)
        return fresh

    def fact(self, term: Term) -> Fact:
        """The limit of the whole term, its sums and products as parts with limits of their own."""
        form = self._form(self.chart.expand(term))
        small = self._in_step(form)
        return rules.limit_of_form(
            term, small, self.chart, symbol=self.symbol, step=self.step.name, point=self.point, parts=self.parts
        )

    def _in_step(self, form: Term) -> Term:
        if self.symbol not in free_symbols(form):
            return form
        if self.point == INFINITY:
            return rendered(in_powers(form, self.step, {self.symbol: {-1: ONE}}), self.step)
        return substitute(form, {self.symbol: self.point + self.step})

    def _moves(self, term: Term) -> bool:
        return self.symbol in free_symbols(term)

    def _form(self, term: Term) -> Term:
        """The term with every sum and product that moves replaced by a symbol whose limit is known."""
        if not self._moves(term) or not any(node.op in ("sum", "prod") for node in walk(term)):
            return term
        if term.op == "prod":
            as_sum = rules.product_as_exponential(term, self.chart)
            inner = _Search(self.chart, self.symbol, self.point, as_sum.right)
            inner.taken += self.taken
            found = inner.fact(as_sum.right)
            return self._part(rules.rewrite(found, rules.symmetric(as_sum)))
        if term.op == "sum":
            return self._part(self._sum_limit(term, []))
        if term.op == "mul":
            return self._product(term)
        if term.op in BINDERS:
            raise NoExpansion(term.op)
        return rebuild(term, self._form)

    def _part(self, fact: Fact) -> Term:
        place = self._new("s")
        self.parts[place.name] = fact
        return place

    def _product(self, term: Term) -> Term:
        """Factors that move go into the one sum beside them, which by itself may have no limit."""
        sums = [c for c in term.children if c.op == "sum" and self._moves(c)]
        if len(sums) != 1:
            return rebuild(term, self._form)
        series = sums[0]
        others = [c for c in term.children if c is not series]
        plain = [c for c in others if not any(n.op in BINDERS for n in walk(c))]
        rest = [self._form(c) for c in others if c not in plain]
        inside = [c for c in plain if self._moves(c)]
        part = self._part(self._sum_limit(series, inside))
        return mul(*[c for c in plain if not self._moves(c)], *rest, part)

    def _sum_limit(self, series: Term, factors: list[Term]) -> Fact:
        if self.point != INFINITY:
            raise NoExpansion("a sum with a limit at a finite point")
        body, variable, lower, upper = series.children
        index = self._new(variable.name)
        body = mul(*factors, substitute(body, {variable.name: index}))
        whole = bind("sum", body, index, lower, upper)
        place = self._new("u")
        powers = in_powers(body, self.step, {self.symbol: {-1: ONE}, index.name: {-1: place}})
        density = rendered(powers, self.step)
        fact = rules.limit_of_sum(whole, density, self.chart, symbol=self.symbol, place=place.name, step=self.step.name)
        return self._tidy(fact, place, powers)

    def _tidy(self, fact: Fact, place: Term, powers: Powers) -> Fact:
        """The integrand as it is read off the sum, where the kernel agrees that it is the same."""
        body, variable, lower, upper = fact.right.children
        used = frozenset().union(*(free_symbols(t) for t in self.taken))
        name = fresh_symbol("t", used)
        read_off = powers.get(1)
        if read_off is None or self.step.name in free_symbols(read_off) or 0 in powers:
            read_off = body
        new = folded(substitute(read_off, {place.name: name, variable.name: name}))
        try:
            return rules.restate(fact, right=bind("int", new, name, lower, upper))
        except Refused:
            return fact
