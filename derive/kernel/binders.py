r"""Sums, products and integrals in the normal form.

A sum starts at 0 (the index is shifted), is linear, and gives up its constant factors; a product splits
over irreducible factors. The bound variable of an atom is named by the number of binders nested in the
atom, so that sums which differ only by the name of their index are the same atom. A constant summand is
counted only where the number of terms is proved to be nonnegative, because an empty sum is 0 however far
its limits cross.

Infinite sums and improper integrals are split in the same way: each identity holds for the partial
sums, and the parts of the original that occur as terms are required to converge.
"""

from __future__ import annotations

from collections.abc import Mapping

from flint import fmpz

from derive.kernel.atoms import Atom
from derive.kernel.elementary import Elementary
from derive.kernel.ratio import Poly, Ratio

Moves = Mapping[int, Ratio]
"""New values for bound variables, by generator number."""

MAX_PEELED = 12
"""How many terms are split off one by one."""


class Binders(Elementary):
    """A field with sums, products and integrals over bound variables."""

    reverse: bool = False
    """Whether each sum and product is written in the direction that makes it shorter."""
    _turning: bool = False

    def normalised(self, atom: Atom, own: Atom) -> bool:
        """Whether the atom is a probability over its first argument, the bound variable."""
        raise NotImplementedError

    def apply(self, atom: Atom, arguments: tuple[Ratio, ...]) -> Ratio:
        """The function of an atom at other arguments."""
        raise NotImplementedError

    # -- linear binders -------------------------------------------------------------------------
    def total(self, op: str, body: Ratio, own: Atom, limits: tuple[Ratio, ...]) -> Ratio:
        """The sum, integral or sum over a set of the body; linear in the body.

        ``limits`` are (upper,) for a sum, (lower, upper) for an integral, () where they are infinite
        or a set.
        """
        if self.reverse and op == "sum" and limits:
            result = self.zero
            for piece in self._pieces(body, own):
                other = self.moved(piece, {own.place: self.sub(limits[0], self.value(own))})
                result = self.add(result, self._split(op, min(piece, other, key=self._size), own, limits))
            return result
        return self._split(op, body, own, limits)

    def _pieces(self, body: Ratio, own: Atom) -> list[Ratio]:
        """The terms of the body, joined where they differ by a power of the bound variable only."""
        groups: dict[tuple[int, ...], dict[tuple[int, ...], fmpz]] = {}
        bound = [own.place in a.deps and a is not own for a in self.atoms]
        last = self.capacity - 1
        for monomial, c in zip(body.num.monoms(), body.num.coeffs(), strict=True):
            held = tuple(int(e) if e and bound[last - i] else 0 for i, e in enumerate(monomial))
            groups.setdefault(held, {})[tuple(map(int, monomial))] = c
        return [self.ratio(self.context.from_dict(group), body.den) for group in groups.values()]

    def _size(self, x: Ratio) -> tuple[int, str]:
        key = self.key(x)
        return len(key), key

    def _split(self, op: str, body: Ratio, own: Atom, limits: tuple[Ratio, ...]) -> Ratio:
        """The sum or integral of the body, term by term, without the factors that leave it."""
        result = self.zero
        outside, inside = self._apart(body.den, own)
        groups: dict[tuple[int, ...], dict[tuple[int, ...], fmpz]] = {}
        bound = [own.place in a.deps for a in self.atoms]
        last = self.capacity - 1
        for monomial, c in zip(body.num.monoms(), body.num.coeffs(), strict=True):
            held = tuple(int(e) if e and bound[last - i] else 0 for i, e in enumerate(monomial))
            rest = tuple(int(e) - h for e, h in zip(monomial, held, strict=True))
            groups.setdefault(held, {})[rest] = c
        for held, factor in groups.items():
            inner = self.ratio(self.context.from_dict({held: fmpz(1)}), inside)
            outer = self.ratio(self.context.from_dict(factor), outside)
            result = self.add(result, self.mul(outer, self._one_total(op, inner, own, limits)))
        return result

    def _apart(self, p: Poly, own: Atom) -> tuple[Poly, Poly]:
        """The factors of p that do not depend on the bound variable, and those that do."""
        if not self._meets(p, own):
            return p, self.unit
        content, factors = self.factor(p)
        outside, inside = self.context.constant(content), self.unit
        for q, m in factors:
            if self._meets(q, own):
                inside = inside * q**m
            else:
                outside = outside * q**m
        return outside, inside

    def _meets(self, p: Poly, own: Atom) -> bool:
        return not p.is_constant() and any(own.place in self.atoms[place].deps for place in self.places(p))

    def _one_total(self, op: str, body: Ratio, own: Atom, limits: tuple[Ratio, ...]) -> Ratio:
        if own.place not in self.deps(body):
            if op == "int" and len(limits) == 2:
                return self.mul(body, self.sub(limits[1], limits[0]))
            if op == "sum" and limits:
                count = self.add(limits[0], self.one)
                if self.signs.ratio(count) >= 1 or count.num.is_zero():
                    return self.mul(body, count)
        if op == "sumset" and len(body.num) == 1 and not body.num.is_constant():
            places = self.places(body.num)
            atom = self.atoms[places[0]]
            if len(places) == 1 and body == self.value(atom) and self.normalised(atom, own):
                return self.one
        return self._bound_atom(op, body, own, limits)

    def _bound_atom(self, op: str, body: Ratio, own: Atom, limits: tuple[Ratio, ...]) -> Ratio:
        """The atom, with its bound variable named by its height."""
        body, own = self.renamed(body, own, limits)
        lone = op == "sum" or self.lone_generator(body.num) is not None
        if self.reverse and op in ("sum", "prod") and lone and limits and own.place in self.deps(body):
            other = self.moved(body, {own.place: self.sub(limits[0], self.value(own))})
            body = min(body, other, key=self._size)
        if body.num.is_zero() or body.num.coefficient(0) > 0:
            return self.made(op, own.name, (body, *limits), own=(own.place,))
        value = self.made(op, own.name, (self.neg(body), *limits), own=(own.place,))
        if op != "prod":
            return self.neg(value)
        if body == self.neg(self.one):
            return self.made(op, own.name, (body, *limits), own=(own.place,))
        return self.mul(value, self._one_product(self.context.constant(-1), own, limits))

    def renamed(self, body: Ratio, own: Atom, limits: tuple[Ratio, ...]) -> tuple[Ratio, Atom]:
        """The body with its bound variable named by the height of the body."""
        name = self.at_height(own, self.height(body) + 1)
        if name == own.name:
            return body, own
        new = self.atom("bound", name, limits)
        return self.moved(body, {own.place: self.value(new)}), new

    def at_height(self, own: Atom, height: int) -> str:
        """The name of a bound variable of the same kind at another height."""
        return f"{own.name.rpartition('#')[0]}#{height}"

    def joined(self, p: Poly) -> Ratio:
        """A polynomial, with the sums and integrals of the same range that it is linear in made one."""
        groups: dict[tuple[str, tuple[int, ...], str], list[int]] = {}
        for place in self.places(p) if not p.is_constant() else ():
            atom = self.atoms[place]
            if atom.kind in ("sum", "int", "sumset") and atom.root == 1:
                limits = ";".join(map(self.key, atom.parts[1:]))
                groups.setdefault((atom.kind, atom.own, limits), []).append(place)
        result = Ratio(p, self.unit)
        for (op, own, _), places in groups.items():
            if len(places) > 1:
                result = self._joined_group(result, op, self.atoms[own[0]], places)
        return result

    def _joined_group(self, x: Ratio, op: str, own: Atom, places: list[int]) -> Ratio:
        body, rest = self.zero, x.num
        limits = self.atoms[places[0]].parts[1:]
        for place in places:
            parts = self.coefficients(rest, place)
            if max(parts, default=0) != 1 or any(self._meets(c, own) for c in parts.values()):
                return x
            body = self.add(body, self.mul(Ratio(parts[1], self.unit), self.atoms[place].parts[0]))
            rest = parts.get(0, self.zero.num)
        if any(place in self.places(q) for q in body for place in places):
            return x  # it is not linear in all of them together
        total = self.add(self.total(op, body, own, limits), Ratio(rest, self.unit))
        return self.div(total, Ratio(x.den, self.unit))

    def in_parts(self, long: Atom, short: Atom) -> Ratio | None:
        """A sum or product as a shorter one of the same terms and the rest, where neither range can cross itself."""
        if long.kind != short.kind or long.kind not in ("sum", "prod") or len(long.parts) != 2 or len(short.parts) != 2:
            return None
        body, whole = long.parts
        other, part = short.parts
        first = self.add(part, self.one)
        rest = self.sub(whole, first)
        if not self._counts(first) or not self._counts(self.add(rest, self.one)):
            return None
        if self.moved(body, {long.own[0]: self.value(self.atoms[short.own[0]])}) != other:
            return None
        number = self.number(rest)
        if number is None:
            own = self.atom("bound", self.atoms[long.own[0]].name, (rest,))
            terms = self.moved(body, {long.own[0]: self.add(first, self.value(own))})
            if long.kind == "sum":
                remaining = self.total("sum", terms, own, (rest,))
            else:
                remaining = self.product(terms, own, (rest,))
        elif number[1] == 1 and number[0] < MAX_PEELED:
            remaining = self.zero if long.kind == "sum" else self.one
            join = self.add if long.kind == "sum" else self.mul
            for i in range(number[0] + 1):
                remaining = join(remaining, self.moved(body, {long.own[0]: self.add(first, self.constant(i))}))
        else:
            return None
        return (self.add if long.kind == "sum" else self.mul)(self.value(short), remaining)

    def _counts(self, x: Ratio) -> bool:
        return x.num.is_zero() or self.signs.ratio(x) >= 1

    # -- products -------------------------------------------------------------------------------
    def product(self, body: Ratio, own: Atom, limits: tuple[Ratio, ...]) -> Ratio:
        """The product of the body over the bound variable from 0 to the limit."""
        result = self.one
        for p, direction in ((body.num, 1), (body.den, -1)):
            if p.is_one():
                continue
            if p.is_zero():
                return self._bound_atom("prod", body, own, limits)
            content, factors = self.factor(p)
            parts = [] if content == 1 else [(self.context.constant(content), 1)]
            for q, m in parts + factors:
                part = self._one_product(q, own, limits)
                result = self.mul(result, self.integer_power(part, m * direction))
        return result

    def _one_product(self, p: Poly, own: Atom, limits: tuple[Ratio, ...]) -> Ratio:
        base = Ratio(p, self.unit)
        if not self._meets(p, own):
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
        turned = self._turned(base, own, limits)
        return self._bound_atom("prod", base, own, limits) if turned is None else turned

    def _turned(self, base: Ratio, own: Atom, limits: tuple[Ratio, ...]) -> Ratio | None:
        """The product in the other direction, where its one factor that is no lone generator is shorter."""
        if not self.reverse or self._turning or not limits or self.lone_generator(base.num) is not None:
            return None
        base, own = self.renamed(base, own, limits)
        other = self.moved(base, {own.place: self.sub(limits[0], self.value(own))})
        factors = [f for p in other for f in self.factor(p)[1] if self._meets(f[0], own)]
        main = [(q, m) for q, m in factors if self.lone_generator(q) is None]
        if len(main) != 1 or main[0][1] != 1 or str(base.num) <= str(main[0][0]):
            return None
        self._turning = True
        try:
            return self.product(other, own, limits)
        finally:
            self._turning = False

    def log_of_product(self, atom: Atom) -> Ratio:
        """log|prod f| = sum log|f|."""
        own = self.atoms[atom.own[0]]
        return self.total("sum", self.log_size(atom.parts[0]), own, atom.parts[1:])

    def product_of_exponentials(self, atom: Atom) -> Ratio | None:
        """exp(sum log|f|) = prod |f|."""
        body = atom.parts[0]
        place = self.lone_generator(body.num) if body.den.is_one() else None
        if place is None:
            return None
        inside = self.atoms[place]
        if inside.kind != "log" or inside.root != 1:
            return None
        return self.product(self.abs(inside.parts[0]), self.atoms[atom.own[0]], atom.parts[1:])

    # -- substitution for bound variables -------------------------------------------------------
    def moved(self, x: Ratio, moves: Moves) -> Ratio:
        """The ratio with other values for some bound variables."""
        if not self.deps(x) & moves.keys():
            return x
        return self.div(self._moved_poly(x.num, moves), self._moved_poly(x.den, moves))

    def _moved_poly(self, p: Poly, moves: Moves) -> Ratio:
        places = [] if p.is_constant() else [q for q in self.places(p) if self.atoms[q].deps & moves.keys()]
        if not places:
            return Ratio(p, self.unit)
        images = {place: self._image(self.atoms[place], moves) for place in places}
        positions = {self.capacity - 1 - place: place for place in places}
        total = self.zero
        for monomial, c in zip(p.monoms(), p.coeffs(), strict=True):
            rest = tuple(0 if i in positions else int(e) for i, e in enumerate(monomial))
            product = Ratio(self.context.term(c, rest), self.unit)
            for position, place in positions.items():
                if monomial[position]:
                    product = self.mul(product, self.integer_power(images[place], int(monomial[position])))
            total = self.add(total, product)
        return total

    def _image(self, atom: Atom, moves: Moves) -> Ratio:
        """What the generator of an atom becomes."""
        value = self._remade(atom, moves)
        return value if atom.root == 1 else self.power(value, self.constant(1, atom.root))

    def _remade(self, atom: Atom, moves: Moves) -> Ratio:
        """What the value of an atom becomes."""
        if atom.place in moves:
            return moves[atom.place]
        if atom.own:
            return self._remade_binder(atom, moves)
        parts = tuple(self.moved(part, moves) for part in atom.parts)
        if atom.kind == "log":
            return self.log_size(parts[0])
        if atom.kind == "exp":
            return self.exp(parts[0])
        if atom.kind == "root":
            return parts[0]
        if atom.kind == "abs":
            return self.abs(parts[0])
        if atom.kind == "factorial":
            return self.factorial(parts[0])
        if atom.kind in ("pow", "ipow"):
            return self.power(*parts)
        if atom.kind == "opaque":
            return self.made("opaque", atom.name, parts)
        return self.apply(atom, parts)

    def _remade_binder(self, atom: Atom, moves: Moves) -> Ratio:
        body, *ends = atom.parts
        limits = tuple(self.moved(end, moves) for end in ends)
        if atom.kind == "opaque":
            return self.made("opaque", atom.name, tuple(self.moved(p, moves) for p in atom.parts), own=atom.own)
        own = self.atoms[atom.own[0]]
        new = self.atom("bound", own.name, limits)
        value = self.moved(body, {**moves, own.place: self.value(new)})
        return self.product(value, new, limits) if atom.kind == "prod" else self.total(atom.kind, value, new, limits)
