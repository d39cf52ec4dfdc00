r"""What a chart declares, as the normal form sees it: ranges, integers, stated signs and equations."""

from __future__ import annotations

from typing import Final

from derive.kernel.atoms import Atom
from derive.kernel.binders import Binders
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.ratio import NotNormal, Poly, Ratio
from derive.kernel.signs import Edge
from derive.kernel.term import Term

_ANY: Final = Domain()


class Declared(Binders):
    """A field over a chart; ``solved`` gives the symbols that equations of the chart eliminate."""

    def __init__(self, chart: Chart, capacity: int, monomials: int, roots: dict[str, int]) -> None:
        super().__init__(capacity, monomials, roots)
        self.chart = chart
        self.solved: dict[str, Ratio] = {}
        self._order = {name: i for i, name in enumerate(chart.domains)}
        self._ranges: dict[str, tuple[Edge | None, Edge | None]] = {}

    def normal_form(self, term: Term) -> Ratio:
        """The normal form of a term without bound symbols."""
        raise NotImplementedError

    def range_of(self, atom: Atom) -> tuple[Edge | None, Edge | None]:
        """The declared range of a symbol, or that of a bound variable."""
        if atom.kind == "bound":
            return self._bound_range(atom)
        known = self._ranges.get(atom.name)
        if known is None:
            self._ranges[atom.name] = (None, None)  # whoever asks again on the way gets no answer
            domain = self.chart.domains.get(atom.name, _ANY)
            known = (self._edge(domain.lower, domain, 1), self._edge(domain.upper, domain, -1))
            self._ranges[atom.name] = known
        return known

    def _bound_range(self, atom: Atom) -> tuple[Edge | None, Edge | None]:
        if atom.name.startswith("k"):
            return Edge(self.zero, False), (Edge(atom.parts[0], False) if atom.parts else None)
        if atom.name.startswith("x") and len(atom.parts) == 2:
            low, high = atom.parts
            s = self.signs.ratio(self.sub(high, low))
            if s > 0:
                return Edge(low, False), Edge(high, False)
            if s < 0:
                return Edge(high, False), Edge(low, False)
        return None, None

    def _edge(self, bound: Bound | None, domain: Domain, direction: int) -> Edge | None:
        if bound is None:
            return None
        try:
            value = self.normal_form(self.chart.expand(bound.value))
        except NotNormal:
            return None
        if domain.kind == "integer" and bound.strict and self.integer_valued(value):
            return Edge(self.add(value, self.constant(direction)), False)
        return Edge(value, bound.strict)

    def rank(self, atom: Atom) -> tuple[int, int]:
        """Inner bound variables first, then outer ones, then symbols, the last declared first."""
        if atom.kind == "bound":
            return 1, atom.place
        return 0, self._order.get(atom.name, -1)

    def integer_valued(self, x: Ratio) -> bool:
        """Whether the ratio is a polynomial with integer coefficients in integers."""
        if not x.den.is_one():
            return False
        for place in self.places(x.num):
            atom = self.atoms[place]
            if atom.root != 1:
                return False
            if atom.kind == "bound":
                if not atom.name.startswith("k"):
                    return False
            elif atom.kind != "sym" or self.chart.domains.get(atom.name, _ANY).kind != "integer":
                return False
        return True

    def stated_signs(self) -> list[tuple[Poly, int]]:
        """Polynomials that a condition of the chart states to be positive (2) or nonnegative (1)."""
        found = []
        for condition in self.chart.conditions:
            if condition.order in ("<", "<="):
                try:
                    left, right = (self.normal_form(self.chart.expand(t)) for t in (condition.left, condition.right))
                    gap = self.sub(right, left)
                except NotNormal:
                    continue
                s = self.signs.poly(gap.den)
                if s:
                    found.append((gap.num if s > 0 else -gap.num, 2 if condition.order == "<" else 1))
        return found

    def solve_conditions(self) -> None:
        """Eliminate one symbol for each equation that is linear in it with a coefficient that is never 0."""
        for condition in self.chart.conditions:
            if condition.order != "=":
                continue
            try:
                left, right = (self.normal_form(self.chart.expand(t)) for t in (condition.left, condition.right))
                gap = self.sub(left, right).num
            except NotNormal:
                continue
            for place in sorted(self.places(gap), key=lambda p: self.rank(self.atoms[p]), reverse=True):
                atom = self.atoms[place]
                parts = self.coefficients(gap, place)
                if atom.kind != "sym" or atom.root != 1 or max(parts) != 1 or abs(self.signs.poly(parts[1])) != 2:
                    continue
                if any(place in self.places(p) for a in self.atoms for part in a.parts for p in part):
                    continue
                value = self.ratio(-parts.get(0, self.zero.num), parts[1])
                self.solved = {n: self._replace(v, place, value) for n, v in self.solved.items()}
                self.solved[atom.name] = value
                break

    def vanishes_in_parts(self, p: Poly, depth: int = 2) -> bool:
        """Whether a polynomial is 0 once longer sums and products in it are written through shorter ones."""
        if p.is_zero():
            return True
        atoms = [self.atoms[place] for place in self.places(p)] if not p.is_constant() else []
        counted = [a for a in atoms if a.kind in ("sum", "prod") and a.root == 1]
        for long in counted if depth else ():
            for short in counted:
                parts = self.in_parts(long, short) if long is not short else None
                if parts is None:
                    continue
                found = self._replace(Ratio(p, self.unit), long.place, parts).num
                if self.vanishes_in_parts(found, depth - 1):
                    return True
        return False

    def _replace(self, x: Ratio, place: int, value: Ratio) -> Ratio:
        """x with a generator that no other atom depends on replaced by a ratio."""
        sides = []
        for p in x:
            total = self.zero
            for d, c in self.coefficients(p, place).items():
                total = self.add(total, self.mul(Ratio(c, self.unit), self.integer_power(value, d)))
            sides.append(total)
        return self.div(sides[0], sides[1])
