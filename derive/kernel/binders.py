r"""Sums, products and integrals in the normal form.

A sum starts at 0 (the index is shifted), is linear, and gives up its constant factors; a product splits
over irreducible factors. The bound variable of a node is named by the height of the node, so that sums
which differ only by the name of their index are the same atom. A constant summand is counted only where
the number of terms is proved to be nonnegative, because an empty sum is 0 however far its limits cross.

Infinite sums and improper integrals are split in the same way: each identity holds for the partial
sums, and the parts of the original that occur as terms are required to converge.
"""

from __future__ import annotations

from flint import fmpz

from derive.kernel.atoms import Atom, Field
from derive.kernel.ratio import Poly, Ratio


class Binders(Field):
    """A field with sums, products and integrals over bound variables."""

    def normalised(self, atom: Atom, own: Atom) -> bool:
        """Whether the atom is a probability over its first argument, the bound variable."""
        raise NotImplementedError

    def total(self, op: str, body: Ratio, own: Atom, limits: tuple[Ratio, ...]) -> Ratio:
        """The sum, integral or sum over a set of the body; linear in the body.

        ``limits`` are (upper,) for a sum, (lower, upper) for an integral, () where they are infinite
        or a set.
        """
        result = self.zero
        outside, inside = self._apart(body.den, own)
        groups: dict[tuple[int, ...], dict[tuple[int, ...], fmpz]] = {}
        bound = [own.place in a.deps for a in self.atoms]
        last = self.capacity - 1
        for monomial, c in zip(body.num.monoms(), body.num.coeffs(), strict=True):
            held = tuple(
                int(e) if e and bound[last - i] else 0 for i, e in enumerate(monomial)
            )
            rest = tuple(int(e) - h for e, h in zip(monomial, held, strict=True))
            groups.setdefault(held, {})[rest] = c
        for held, factor in groups.items():
            inner = self.ratio(self.context.from_dict({held: fmpz(1)}), inside)
            outer = self.ratio(self.context.from_dict(factor), outside)
            result = self.add(result, self.mul(outer, self._one_total(op, inner, own, limits)))
        return result

    def _apart(self, p: Poly, own: Atom) -> tuple[Poly, Poly]:
        """The factors of p that do not depend on the bound variable, and those that do."""
        if not any(own.place in self.atoms[place].deps for place in self.places(p)):
            return p, self.unit
        content, factors = self.factor(p)
        outside, inside = self.context.constant(content), self.unit
        for q, m in factors:
            if any(own.place in self.atoms[place].deps for place in self.places(q)):
                inside = inside * q**m
            else:
                outside = outside * q**m
        return outside, inside

    def _one_total(self, op: str, body: Ratio, own: Atom, limits: tuple[Ratio, ...]) -> Ratio:
        if own.place not in self.deps(body):
            if op == "int" and len(limits) == 2:
                return self.mul(body, self.sub(limits[1], limits[0]))
            if op == "sum" and limits:
                count = self.add(limits[0], self.one)
                if self.signs.ratio(count) >= 1 or count.num.is_zero():
                    return self.mul(body, count)
        if op == "sumset" and body.den.is_one():
            place = self.lone_generator(body.num)
            if place is not None and self.normalised(self.atoms[place], own):
                return self.one
        return self.generator(self.atom(op, own.name, (body, *limits), own=own.place))

    def product(self, body: Ratio, own: Atom, limits: tuple[Ratio, ...]) -> Ratio:
        """The product of the body over the bound variable from 0 to the limit."""
        result = self.one
        for p, direction in ((body.num, 1), (body.den, -1)):
            if p.is_one():
                continue
            content, factors = self.factor(p)
            parts = [] if content == 1 else [(self.context.constant(content), 1)]
            for q, m in parts + factors:
                part = self._one_product(q, own, limits)
                result = self.mul(result, self.integer_power(part, m * direction))
        return result

    def _one_product(self, p: Poly, own: Atom, limits: tuple[Ratio, ...]) -> Ratio:
        base = Ratio(p, self.unit)
        if own.place not in self.deps(base):
            if limits:
                count = self.add(limits[0], self.one)
                if count.num.is_zero():
                    return self.one
                if self.signs.ratio(count) >= 1:
                    return self.power(base, count)
            return self._product_atom(base, own, limits)
        place = self.lone_generator(p)
        if place is not None:
            atom = self.atoms[place]
            if atom.kind == "exp":
                exponent = self.scale(atom.parts[0], 1, atom.root)
                return self.exp(self.total("sum", exponent, own, limits))
            if atom.kind == "root":
                whole = self.product(atom.parts[0], own, limits)
                return self.power(whole, self.constant(1, atom.root))
            if atom.kind == "abs":
                whole = self.abs(self.product(atom.parts[0], own, limits))
                return self.power(whole, self.constant(1, atom.root))
            if atom.root > 1:
                whole = self._product_atom(self.value(atom), own, limits)
                return self.power(whole, self.constant(1, atom.root))
        return self._product_atom(base, own, limits)

    def _product_atom(self, base: Ratio, own: Atom, limits: tuple[Ratio, ...]) -> Ratio:
        return self.generator(self.atom("prod", own.name, (base, *limits), own=own.place))

    def log_of_product(self, atom: Atom) -> Ratio:
        """log|prod f| = sum log|f|."""
        if atom.own is None:
            return self.generator(self.atom("log", "", (self.value(atom),)))
        return self.total("sum", self.log(atom.parts[0]), self.atoms[atom.own], atom.parts[1:])

    def product_of_exponentials(self, atom: Atom) -> Ratio | None:
        """exp(sum log|f|) = prod |f|."""
        body = atom.parts[0]
        place = self.lone_generator(body.num) if body.den.is_one() else None
        if place is None or atom.own is None:
            return None
        inside = self.atoms[place]
        if inside.kind != "log" or inside.root != 1:
            return None
        return self.product(self.abs(inside.parts[0]), self.atoms[atom.own], atom.parts[1:])
