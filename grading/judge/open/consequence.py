"""Equations against each other: does one follow from those before it, or can it not hold together with them?

An equation is the vanishing of a polynomial over atoms: symbols, and whatever is no polynomial, taken as unknown.
What is found for unknown atoms is true of the atoms' values. Three certificates are looked for, all checked exactly:

- a rational combination of the equations before and the new one is a constant other than 0: no point satisfies all;
- what determines symbols is put into the others, and the same is looked for again;
- two polynomials in one symbol without a common factor have no common root, real or complex.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from derive.kernel.chart import Chart
from derive.kernel.term import Term, add, free_symbols, neg, sym, walk
from derive.latex.printer import latex


@dataclass(frozen=True)
class Finding:
    """What an equation is to those before it, and why, as a clause."""

    kind: Literal["follows", "contradicts", "new"]
    why: str = ""


FOLLOWS: Final = Finding("follows", "it follows from the equations before it")
NEW: Final = Finding("new")
Monomial: TypeAlias = tuple[int, ...]
Row: TypeAlias = dict[Monomial, fmpq]

ALGEBRAIC: Final = frozenset({"i", "\\omega", "\\zeta", "\\epsilon", "\\varepsilon"})
"""Letters that often satisfy an equation of their own, which a text need not repeat."""
MAX_ATOMS: Final = 12
MAX_TERMS: Final = 120
MAX_POWER: Final = 12
MAX_EQUATIONS: Final = 12


class NoPolynomial(Exception):
    """The equation is no equation between rational functions of a bearable size."""


@dataclass
class Equations:
    """Equations (as differences of their sides) that hold together, in the order in which they were stated."""

    chart: Chart
    stated: list[Term] = field(default_factory=list)

    def find(self, left: Term, right: Term) -> Finding:
        """Whether left = right follows from what is stated, or contradicts it."""
        if not self.stated:
            return NEW
        claim = self.chart.expand(add(left, neg(right)))
        try:
            ring = _Ring([*self.stated, claim])
            rows = [ring.numerator(t) for t in self.stated]
            new = ring.numerator(claim)
        except NoPolynomial:
            return NEW
        rows = [r for r in rows if not r.is_constant()]
        if new.is_constant() or not rows:
            return NEW
        return _against(rows, new, [latex(a) for a in ring.atoms])

    def rewritten_wrongly(self, left: Term, right: Term) -> bool:
        """Whether left = right, in the symbols and of the degree of the last equation, is no consequence of it.

        By the Nullstellensatz, that is so where the squarefree part of the last one does not divide the new one.
        """
        claim = self.chart.expand(add(left, neg(right)))
        if not self.stated or free_symbols(claim) != free_symbols(self.stated[-1]):
            return False
        try:
            if not _symbols_only(claim):
                return False
            ring = _Ring([self.stated[-1], claim])
            before, new = ring.numerator(self.stated[-1]), ring.numerator(claim)
        except NoPolynomial:
            return False
        if before.is_constant() or new.is_constant() or before.total_degree() != new.total_degree():
            return False
        if new.total_degree() == 1 and len(free_symbols(claim)) == 1:
            return False  # the value of an unknown, one of several perhaps
        radical = ring.ring.constant(1)
        for factor, _ in before.factor_squarefree()[1]:
            radical *= factor
        return bool(radical.gcd(new).total_degree() < radical.total_degree())

    def state(self, left: Term, right: Term) -> None:
        """Add an equation; the oldest are forgotten."""
        self.stated.append(self.chart.expand(add(left, neg(right))))
        del self.stated[:-MAX_EQUATIONS]


def never(left: Term, right: Term, chart: Chart) -> bool:
    """Whether left - right is a constant other than 0, as a rational function of whatever occurs."""
    claim = chart.expand(add(left, neg(right)))
    try:
        top, bottom = _Ring([claim]).quotient(claim)
    except NoPolynomial:
        return False
    return bool(top.is_constant() and bottom.is_constant() and not top.is_zero())


def vanishes(difference: Term, *, imaginary: bool = False) -> bool:
    """Whether a term is 0 as a rational function of whatever occurs in it; ``imaginary``: where i² = -1."""
    try:
        ring = _Ring([difference])
        top, bottom = ring.quotient(difference)
    except NoPolynomial:
        return False
    unit = ring.atoms.get(sym("i")) if imaginary else None
    if unit is None:
        return bool(top.is_zero())
    return bool((top % (unit**2 + 1)).is_zero() and not (bottom % (unit**2 + 1)).is_zero())


def _against(rows: list[fmpq_mpoly], new: fmpq_mpoly, names: Sequence[str]) -> Finding:
    for _ in range(3):
        basis = _echelon([_row(r) for r in rows])
        if any(_is_constant(r) for r in basis):
            return NEW  # what is stated contradicts itself, so that nothing is learnt from it
        rest = _reduced(_row(new), basis)
        if not rest:
            return FOLLOWS
        values = _determined(basis)
        if _is_constant(rest) and not values:
            value = next(iter(rest.values()))
            return Finding("contradicts", f"together with the equations before it, it says that $0 = {value}$")
        found = None if values else _common_root(rows, new)
        if found is not None:
            return found
        moved = [_put(r, values) for r in rows]
        if not values or (moved == rows and _put(new, values) == new):
            return NEW
        used = [i for i, d in enumerate(new.degrees()) if d]
        new, rows = _put(new, values), [r for r in moved if not r.is_zero()]
        if new.is_zero():
            return FOLLOWS
        if new.is_constant():
            shown = ", ".join(f"${names[i]} = {v}$" for i, v in values.items() if i in used)
            return Finding("contradicts", f"the equations before it hold only for {shown}")
        if any(r.is_constant() for r in rows) or not rows:
            return NEW
    return NEW


# -- polynomials ---------------------------------------------------------------------------------------------
class _Ring:
    """Polynomials over the atoms of some terms."""

    def __init__(self, terms: Sequence[Term]) -> None:
        atoms: dict[Term, int] = {}
        for t in terms:
            for atom in _atoms(t):
                atoms.setdefault(atom, len(atoms))
        if not atoms or len(atoms) > MAX_ATOMS:
            raise NoPolynomial
        self.ring = fmpq_mpoly_ctx.get(tuple(f"a{i}" for i in range(len(atoms))), Ordering.lex)
        gens = self.ring.gens()
        self.atoms = {a: gens[i] for a, i in atoms.items()}

    def numerator(self, root: Term) -> fmpq_mpoly:
        """The numerator of a term: where the term vanishes, it does."""
        return self.quotient(root)[0]

    def quotient(self, node: Term) -> tuple[fmpq_mpoly, fmpq_mpoly]:
        """A term as a quotient of polynomials."""
        one = self.ring.constant(1)
        if node.op == "num":
            return self.ring.constant(fmpq(node.value.numerator, node.value.denominator)), one
        if node.op == "add":
            top, bottom = self.ring.constant(0), one
            for child in node.children:
                a, b = self.quotient(child)
                top, bottom = self._bounded(top * b + a * bottom), self._bounded(bottom * b)
            return _lowest(top, bottom)
        if node.op == "mul":
            top, bottom = one, one
            for child in node.children:
                a, b = self.quotient(child)
                top, bottom = self._bounded(top * a), self._bounded(bottom * b)
            return _lowest(top, bottom)
        if node.op == "pow" and _integer_exponent(node) is not None:
            power = _integer_exponent(node) or 0
            a, b = self.quotient(node.children[0])
            if len(a) ** abs(power) > 10**6 or len(b) ** abs(power) > 10**6:
                raise NoPolynomial
            if power < 0:
                if a.is_zero():
                    raise NoPolynomial
                a, b, power = b, a, -power
            return self._bounded(a**power), self._bounded(b**power)
        return self.atoms[node], one

    def _bounded(self, p: fmpq_mpoly) -> fmpq_mpoly:
        if len(p) > MAX_TERMS:
            raise NoPolynomial
        return p


def _lowest(top: fmpq_mpoly, bottom: fmpq_mpoly) -> tuple[fmpq_mpoly, fmpq_mpoly]:
    if bottom.is_constant():
        return top, bottom
    common = top.gcd(bottom)
    return (top, bottom) if common.is_constant() else (top / common, bottom / common)


def _symbols_only(root: Term) -> bool:
    return all(a.op == "sym" and a.name not in ALGEBRAIC for a in _atoms(root))


def _integer_exponent(node: Term) -> int | None:
    exponent = node.children[1]
    if exponent.op != "num" or exponent.value.denominator != 1 or abs(exponent.value) > MAX_POWER:
        return None
    return int(exponent.value)


def _atoms(node: Term) -> list[Term]:
    if node.op == "num":
        return []
    if node.op in ("add", "mul"):
        return [a for c in node.children for a in _atoms(c)]
    if node.op == "pow" and _integer_exponent(node) is not None:
        return _atoms(node.children[0])
    if any(n.op in ("law", "given", "draw", "eq") for n in walk(node)):
        raise NoPolynomial
    return [node]


# -- linear algebra over the monomials -------------------------------------------------------------------------
def _row(p: fmpq_mpoly) -> Row:
    return dict(p.to_dict())


def _lead(row: Row) -> Monomial:
    return max(row, key=lambda m: (sum(m), m))


def _is_constant(row: Row) -> bool:
    return len(row) == 1 and not any(next(iter(row)))


def _reduced(row: Row, basis: Sequence[Row]) -> Row:
    row = dict(row)
    for b in basis:
        lead = _lead(b)
        if lead in row:
            factor = row[lead] / b[lead]
            for m, c in b.items():
                row[m] = row.get(m, fmpq(0)) - factor * c
            row = {m: c for m, c in row.items() if c != 0}
    return row


def _echelon(rows: Sequence[Row]) -> list[Row]:
    """A reduced basis of the span, each row with a leading monomial of its own."""
    basis: list[Row] = []
    for row in rows:
        rest = _reduced(row, basis)
        if rest:
            lead = _lead(rest)
            basis = [_reduced(b, [rest]) if lead in b else b for b in basis]
            basis.append(rest)
    return sorted(basis, key=_lead, reverse=True)


def _determined(basis: Sequence[Row]) -> dict[int, fmpq]:
    """Atoms that a row sets to a number."""
    found: dict[int, fmpq] = {}
    for row in basis:
        tops = [m for m in row if any(m)]
        if len(tops) == 1 and sum(tops[0]) == 1:
            constant = row.get((0,) * len(tops[0]), fmpq(0))
            found[tops[0].index(1)] = -constant / row[tops[0]]
    return found


def _put(p: fmpq_mpoly, values: dict[int, fmpq]) -> fmpq_mpoly:
    return p.subs({f"a{i}": v for i, v in values.items()})


def _common_root(rows: Sequence[fmpq_mpoly], new: fmpq_mpoly) -> Finding | None:
    """Equations in the one symbol of the new one: without a common root they contradict it."""
    mine = _only_atom(new)
    if mine is None:
        return None
    for row in reversed(rows):
        if _only_atom(row) == mine:
            if row.gcd(new).is_constant():
                return Finding("contradicts", "no number solves it and the equations before it")
            if (row / row.gcd(new)).is_constant():
                return FOLLOWS  # every root of the one before is a root of this
    return None


def _only_atom(p: fmpq_mpoly) -> int | None:
    used = [i for i, d in enumerate(p.degrees()) if d]
    return used[0] if len(used) == 1 else None
