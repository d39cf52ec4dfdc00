r"""Atoms: what the generators of the normal form stand for.

Every generator stands for ``value ** (1 / root)`` of an atom, such as a symbol, a logarithm, an
exponential, a value of an abstract function, or a sum. Only atoms that are proved not to be negative have
a root other than 1. When an exponent has a denominator that a generator cannot express yet, the
computation starts anew with a finer root of it (Restart).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Final

from flint import fmpz, fmpz_mpoly

from derive.kernel.ratio import NotNormal, OutOfGenerators, Poly, Ratio, Ring
from derive.kernel.signs import Edge, Signs

MAX_ROOT: Final = 60


class Restart(Exception):
    """A generator needs a finer root."""

    def __init__(self, key: str, root: int) -> None:
        super().__init__(key)
        self.key = key
        self.root = root


@dataclass(eq=False)
class Atom:
    """What a generator stands for: ``kind`` and ``name`` applied to ``parts``, to the power 1/root.

    ``deps`` are the bound variables (generator numbers) that it depends on, ``own`` those that it binds,
    ``height`` the greatest number of binders that are nested in it.
    """

    place: int
    kind: str
    name: str
    parts: tuple[Ratio, ...]
    deps: frozenset[int]
    key: str
    root: int = 1
    sign: int | None = None
    given_sign: int = 0
    own: tuple[int, ...] = ()
    height: int = 0


@dataclass
class Exponents:
    """The rational basis of exponents that has been met: exp atoms, and whether any is no monomial."""

    atoms: list[Atom] = field(default_factory=list)
    mixed: bool = False


class Field(Ring):
    """Ratios of atoms."""

    def __init__(self, capacity: int, monomials: int, roots: dict[str, int]) -> None:
        super().__init__(capacity, monomials)
        self.atoms: list[Atom] = []
        self.roots = roots
        self.signs = Signs(self)
        self._by_key: dict[str, Atom] = {}
        self._exponents = Exponents()

    # -- the table ------------------------------------------------------------------------------
    def atom(
        self,
        kind: str,
        name: str,
        parts: tuple[Ratio, ...] = (),
        sign: int = 0,
        own: tuple[int, ...] = (),
    ) -> Atom:
        """The atom with these parts, made where it is new."""
        key = f"{kind}:{name}({';'.join(map(self.key, parts))})"
        known = self._by_key.get(key)
        if known is not None:
            return known
        if len(self.atoms) >= self.capacity:
            raise OutOfGenerators
        deps: frozenset[int] = frozenset()
        for part in parts:
            deps |= self.deps(part)
        height = max(map(self.height, parts), default=0) + (1 if own else 0)
        place = len(self.atoms)
        new = Atom(place, kind, name, parts, deps.difference(own), key, given_sign=sign, own=own, height=height)
        if kind == "bound":
            new.deps = frozenset({place})
        self.atoms.append(new)
        self._by_key[key] = new
        root = self.roots.get(key, 1)
        if root > 1 and self.signs.atom(new) >= 1:
            new.root = root
        self._relate(new)
        return new

    def _relate(self, atom: Atom) -> None:
        if atom.kind == "prime":
            if atom.root > 1:
                self.relate(atom.place, atom.root, self.context.constant(int(atom.name)))
        elif atom.kind == "root":
            self.relate(atom.place, atom.root, atom.parts[0].num)
        elif atom.kind == "abs":
            self.relate(atom.place, 2 * atom.root, self.reduce(atom.parts[0].num ** 2))
        elif atom.kind == "ipow" and self.number(atom.parts[0]) == (-1, 1):
            self.relate(atom.place, 2, self.unit)
        elif atom.kind == "sin":
            cosine = self.generators[self.atom("cos", "", atom.parts).place]
            self.relate(atom.place, 2, self.unit - cosine**2)

    def deps(self, x: Ratio) -> frozenset[int]:
        """The bound variables that a ratio depends on."""
        found: frozenset[int] = frozenset()
        for p in x:
            if not p.is_constant():
                for place in self.places(p):
                    found |= self.atoms[place].deps
        return found

    def height(self, x: Ratio) -> int:
        """The greatest number of nested binders."""
        return max((self.atoms[place].height for p in x if not p.is_constant() for place in self.places(p)), default=0)

    def made(
        self, kind: str, name: str, parts: tuple[Ratio, ...] = (), sign: int = 0, own: tuple[int, ...] = ()
    ) -> Ratio:
        """The value of the atom with these parts."""
        return self.value(self.atom(kind, name, parts, sign, own))

    def value(self, atom: Atom) -> Ratio:
        """What the atom stands for."""
        if atom.root == 1:
            return Ratio(self.generators[atom.place], self.unit)
        return Ratio(self.reduce(self.generators[atom.place] ** atom.root), self.unit)

    def atom_power(self, atom: Atom, exponent: Fraction) -> Ratio:
        """value ** exponent for an atom that is not negative."""
        steps = exponent * atom.root
        if steps.denominator != 1:
            root = lcm(atom.root, exponent.denominator)
            if root > MAX_ROOT:
                raise NotNormal("an exponent has too large a denominator.")
            raise Restart(atom.key, root)
        return self.integer_power(Ratio(self.generators[atom.place], self.unit), int(steps))

    def _foresee(self, key: str, root: int) -> None:
        """Make an atom that does not exist yet with a fine enough root at once."""
        if key not in self._by_key:
            self.roots[key] = min(lcm(self.roots.get(key, 1), root), MAX_ROOT)

    # -- what the chart says (given by the normaliser) ------------------------------------------
    def range_of(self, atom: Atom) -> tuple[Edge | None, Edge | None]:
        """The declared range of a symbol or bound variable."""
        raise NotImplementedError

    def rank(self, atom: Atom) -> tuple[int, int]:
        """Bounds of an atom mention atoms of lower rank only."""
        raise NotImplementedError

    def stated_signs(self) -> list[tuple[Poly, int]]:
        """Polynomials whose sign a condition states."""
        raise NotImplementedError

    def integer_valued(self, x: Ratio) -> bool:
        """Whether the ratio is an integer at every admissible point."""
        raise NotImplementedError

    def _deflated(self, p: Poly) -> tuple[fmpz, list[tuple[fmpz_mpoly, int]]]:
        """Factors in the values of the atoms where no finer root of them occurs."""
        roots = [a.root for a in self.atoms]
        if all(r == 1 for r in roots):
            return p.factor()
        steps = [1] * self.capacity
        degrees = p.degrees()
        for place, root in enumerate(roots):
            position = self.capacity - 1 - place
            if root > 1 and degrees[position]:
                steps[position] = root
        if any(e % s for m in p.monoms() for e, s in zip(m, steps, strict=True)):
            return p.factor()
        unit, factors = p.deflate(steps).factor()
        return unit, [self._inflated(q, m, steps) for q, m in factors]

    def _inflated(self, q: Poly, m: int, steps: list[int]) -> tuple[Poly, int]:
        place = self.lone_generator(q)
        return (q.inflate(steps), m) if place is None else (q, m * self.atoms[place].root)
