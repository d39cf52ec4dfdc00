r"""Atoms: the generators of the normal form, and how functions of ratios are written in them.

Every generator stands for ``value ** (1 / root)`` of an atom. Logarithms are split into
:math:`\log|p|` of irreducible :math:`p`; exponentials into powers of a rational basis of exponents; a
power is :math:`\exp(e\log b)` where the base is positive; fractional powers are generators :math:`g`
with :math:`g^d = p`. All identities used hold wherever every part is defined as a real number.

When an exponent has a denominator that a generator cannot express yet, the computation starts anew
with a finer root of it (Restart).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Final

from flint import fmpz, fmpz_mpoly

from derive.kernel.ratio import NotNormal, OutOfGenerators, Poly, Ratio, Ring
from derive.kernel.signs import Edge, Signs

MAX_FACTORED_BITS: Final = 64
MAX_ROOT: Final = 60
MAX_SHIFT: Final = 24


class Restart(Exception):
    """A generator needs a finer root."""

    def __init__(self, key: str, root: int) -> None:
        super().__init__(key)
        self.key = key
        self.root = root


@dataclass(eq=False)
class Atom:
    """What a generator stands for: ``kind`` and ``name`` applied to ``parts``, to the power 1/root.

    ``deps`` are the bound variables (generator numbers) that it depends on.
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
    own: int | None = None


@dataclass
class Exponents:
    """The rational basis of exponents that has been met: exp atoms, and whether any is no monomial."""

    atoms: list[Atom] = field(default_factory=list)
    mixed: bool = False


class Field(Ring):
    """Ratios of atoms, closed under logarithms, exponentials, powers and absolute values."""

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
        own: int | None = None,
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
        place = len(self.atoms)
        new = Atom(place, kind, name, parts, deps - {own}, key, given_sign=sign, own=own)
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
        elif atom.kind == "ipow" and atom.parts[0].num == -1:
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

    def generator(self, atom: Atom) -> Ratio:
        """value ** (1 / root)."""
        return Ratio(self.generators[atom.place], self.unit)

    def value(self, atom: Atom) -> Ratio:
        """What the atom stands for."""
        if atom.root == 1:
            return self.generator(atom)
        return Ratio(self.reduce(self.generators[atom.place] ** atom.root), self.unit)

    def atom_power(self, atom: Atom, exponent: Fraction) -> Ratio:
        """value ** exponent for an atom that is not negative."""
        steps = exponent * atom.root
        if steps.denominator != 1:
            root = lcm(atom.root, exponent.denominator)
            if root > MAX_ROOT:
                raise NotNormal("an exponent has too large a denominator.")
            raise Restart(atom.key, root)
        return self.integer_power(self.generator(atom), int(steps))

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

    def log_of_product(self, atom: Atom) -> Ratio:
        """The sum of log|body| for a product atom."""
        raise NotImplementedError

    def product_of_exponentials(self, atom: Atom) -> Ratio | None:
        """exp(sum) as a product, where the body of the sum atom is a logarithm."""
        raise NotImplementedError

    def integer_valued(self, x: Ratio) -> bool:
        """Whether the ratio is an integer at every admissible point."""
        raise NotImplementedError

    # -- logarithms -----------------------------------------------------------------------------
    def log(self, x: Ratio) -> Ratio:
        """log x, which is log|x| wherever it is defined."""
        number = self.number(x)
        if number is not None and number[0] <= 0:
            raise NotNormal("it takes the logarithm of a number that is not positive.")
        return self.sub(self._log_poly(x.num), self._log_poly(x.den))

    def _log_poly(self, p: Poly) -> Ratio:
        content, factors = self.factor(p)
        total = self.zero
        for prime, m in self.integer_factors(abs(content)):
            total = self.add(total, self.scale(self.generator(self.atom("log", "", (self.constant(prime),))), m))
        for q, m in factors:
            total = self.add(total, self.scale(self.log_abs(q), m))
        return total

    def integer_factors(self, n: int) -> list[tuple[int, int]]:
        """Prime factors of a positive integer; a long one is taken for a prime (it need not be one)."""
        if n == 1:
            return []
        if n.bit_length() > MAX_FACTORED_BITS:
            found = []
            for prime in (2, 3, 5, 7, 11, 13):
                m = 0
                while n % prime == 0:
                    n, m = n // prime, m + 1
                if m:
                    found.append((prime, m))
            return [*found, (n, 1)] if n > 1 else found
        return [(int(q), int(m)) for q, m in fmpz(n).factor()]

    def log_abs(self, p: Poly) -> Ratio:
        """log|p| of one factor."""
        place = self.lone_generator(p)
        if place is None:
            return self.generator(self.atom("log", "", (Ratio(p, self.unit),)))
        atom = self.atoms[place]
        if atom.kind == "exp":
            inside = atom.parts[0]
        elif atom.kind in ("root", "abs"):
            inside = self._log_poly(atom.parts[0].num)
        elif atom.kind == "prime":
            inside = self.generator(self.atom("log", "", (self.constant(int(atom.name)),)))
        elif atom.kind == "ipow":
            inside = self.mul(atom.parts[1], self._log_poly(atom.parts[0].num))
        elif atom.kind == "prod":
            inside = self.log_of_product(atom)
        else:
            inside = self.generator(self.atom("log", "", (self.value(atom),)))
        return self.scale(inside, 1, atom.root)

    # -- exponentials ---------------------------------------------------------------------------
    def exp(self, x: Ratio) -> Ratio:
        """exp x."""
        result = self.one
        for place in self.places(x.num):
            atom = self.atoms[place]
            if atom.root != 1 or atom.kind not in ("log", "sum"):
                continue
            c = self._multiple(x, place)
            if c is None:
                continue
            base = self.abs(atom.parts[0]) if atom.kind == "log" else self.product_of_exponentials(atom)
            if base is None:
                continue
            result = self.mul(result, self.power(base, self.constant(c.numerator, c.denominator)))
            x = self.sub(x, self.scale(self.generator(atom), c.numerator, c.denominator))
        return self.mul(result, self._exp_rest(x))

    def _multiple(self, x: Ratio, place: int) -> Fraction | None:
        """The rational multiple of a generator that the ratio contains, if it is linear in it."""
        if x.num.is_zero() or place in self.places(x.den):
            return None
        parts = self.coefficients(x.num, place)
        if max(parts) != 1:
            return None
        content, bottom = x.den.primitive()
        quotient = divmod(parts[1], bottom)[0]
        for monomial, c in zip(quotient.monoms(), quotient.coeffs(), strict=True):
            if not any(monomial):
                return Fraction(int(c), int(content))
        return None

    def _exp_rest(self, x: Ratio) -> Ratio:
        result = self.one
        if x.num.is_zero():
            return result
        content, bottom = x.den.primitive()
        for monomial, c in zip(x.num.monoms(), x.num.coeffs(), strict=True):
            base = self.ratio(self.context.term(1, monomial), bottom)
            result = self.mul(result, self._exp_multiple(base, Fraction(int(c), int(content))))
        return result

    def _exp_multiple(self, base: Ratio, c: Fraction) -> Ratio:
        """exp(c * base) in terms of the basis of exponents."""
        key = f"exp:({self.key(base)})"
        known = self._by_key.get(key)
        if known is not None:
            return self.atom_power(known, c)
        if self._exponents.mixed or len(base.den) > 1:
            combination = self._combine(base)
            if combination is not None:
                result = self.one
                for atom, q in combination:
                    result = self.mul(result, self.atom_power(atom, q * c))
                return result
            self._exponents.mixed = True
        atom = self.atom("exp", "", (base,))
        self._exponents.atoms.append(atom)
        return self.atom_power(atom, c)

    def _combine(self, x: Ratio) -> list[tuple[Atom, Fraction]] | None:
        """x as a rational combination of the exponents of the basis, if it is one."""
        atoms = self._exponents.atoms
        if not atoms or len(atoms) > 12:
            return None
        common = x.den
        for atom in atoms:
            den = atom.parts[0].den
            common = common * (den // common.gcd(den))
        rows = [self._row(a.parts[0], common) for a in atoms]
        target = self._row(x, common)
        return _solve(rows, target, atoms)

    def _row(self, x: Ratio, common: Poly) -> dict[tuple[int, ...], Fraction]:
        p = x.num * (common // x.den)
        return {tuple(map(int, m)): Fraction(int(c)) for m, c in zip(p.monoms(), p.coeffs(), strict=True)}

    # -- powers ---------------------------------------------------------------------------------
    def power(self, base: Ratio, exponent: Ratio) -> Ratio:
        """base ** exponent."""
        number = self.number(exponent)
        if number is not None:
            if number[1] == 1:
                return self.integer_power(base, number[0])
            return self._fractional_power(base, Fraction(*number))
        whole = self.integer_valued(exponent)
        result = self.one
        sign = 1
        for p, m in ((base.num, 1), (base.den, -1)):
            if p.is_zero():
                raise NotNormal("it raises 0 to a symbolic power.")
            content, factors = self.factor(p)
            sign = sign if content > 0 else -sign
            log = self.zero
            for prime, k in self.integer_factors(abs(content)):
                log = self.add(log, self.scale(self.generator(self.atom("log", "", (self.constant(prime),))), k))
            for q, k in factors:
                s = self.signs.poly(q)
                if s == 0 and not (whole and k % 2 == 0):
                    if not whole:
                        return self.generator(self.atom("pow", "", (base, exponent)))
                    result = self.mul(result, self.integer_power(self._unsigned_power(q, exponent), k * m))
                    continue
                if s < 0 and k % 2:
                    sign = -sign
                log = self.add(log, self.scale(self.log_abs(q), k))
            result = self.mul(result, self.exp(self.scale(self.mul(exponent, log), m)))
        if sign < 0:
            if not whole:
                return self.generator(self.atom("pow", "", (base, exponent)))
            result = self.mul(result, self._unsigned_power(self.context.constant(-1), exponent))
        return result

    def _unsigned_power(self, p: Poly, exponent: Ratio) -> Ratio:
        """p ** exponent for an integer-valued exponent, where the sign of p is not known."""
        result = self.one
        base = Ratio(p, self.unit)
        for monomial, c in zip(exponent.num.monoms(), exponent.num.coeffs(), strict=True):
            if not any(monomial):
                result = self.mul(result, self.integer_power(base, int(c)))
                continue
            part = Ratio(self.context.term(1, monomial), self.unit)
            atom = self.atom("ipow", "", (base, part))
            result = self.mul(result, self.integer_power(self.generator(atom), int(c)))
        return result

    def _fractional_power(self, base: Ratio, exponent: Fraction) -> Ratio:
        """base ** (n/d), for a base that is not negative wherever this is defined."""
        if base.num.is_zero():
            if exponent > 0:
                return self.zero
            raise NotNormal("it divides by 0.")
        number = self.number(base)
        if number is not None and number[0] < 0:
            raise NotNormal("it takes a fractional power of a negative number.")
        result = self.one
        for p, q in ((base.num, exponent), (base.den, -exponent)):
            content, factors = self.factor(p)
            for prime, m in self.integer_factors(abs(content)):
                result = self.mul(result, self._prime_power(prime, q * m))
            for factor, m in factors:
                result = self.mul(result, self._abs_power(factor, q * m))
        return result

    def _prime_power(self, prime: int, q: Fraction) -> Ratio:
        whole = q.numerator // q.denominator
        result = self.integer_power(self.constant(prime), whole)
        if q != whole:
            result = self.mul(result, self.atom_power(self.atom("prime", str(prime)), q - whole))
        return result

    def _abs_power(self, p: Poly, q: Fraction) -> Ratio:
        """|p| ** q of one factor."""
        base = Ratio(p, self.unit)
        if q.denominator == 1 and q.numerator % 2 == 0:
            return self.integer_power(base, int(q))
        sign = self.signs.poly(p)
        if sign < 0:
            base = self.neg(base)
        elif sign == 0:
            atom = self.atom("abs", "", (base,))
            return self.atom_power(atom, q)
        if q.denominator == 1:
            return self.integer_power(base, int(q))
        place = self.lone_generator(base.num)
        if place is not None and self.signs.atom(self.atoms[place]) >= 1:
            return self.atom_power(self.atoms[place], q / self.atoms[place].root)
        whole = q.numerator // q.denominator
        atom = self._root(base, (q - whole).denominator)
        fraction = self.integer_power(self.generator(atom), int((q - whole) * atom.root))
        return self.mul(self.integer_power(base, whole), fraction)

    def _root(self, base: Ratio, degree: int) -> Atom:
        key = f"root:({self.key(base)})"
        root = lcm(self.roots.get(key, 1), degree)
        if root > MAX_ROOT:
            raise NotNormal("an exponent has too large a denominator.")
        known = self._by_key.get(key)
        if known is None:
            self.roots[key] = root
            return self.atom("root", "", (base,))
        if known.root % degree:
            raise Restart(key, root)
        return known

    def abs(self, x: Ratio) -> Ratio:
        """|x|."""
        result = self.one
        for p, q in ((x.num, 1), (x.den, -1)):
            if p.is_zero():
                return self.zero
            content, factors = self.factor(p)
            result = self.mul(result, self.integer_power(self.constant(abs(content)), q))
            for factor, m in factors:
                result = self.mul(result, self._abs_power(factor, Fraction(m * q)))
        return result

    # -- factorials -----------------------------------------------------------------------------
    def factorial(self, x: Ratio) -> Ratio:
        """x!, with an integer shift of x written out: (x + 1)! = (x + 1) x!."""
        number = self.number(x)
        if number is not None and number[1] == 1:
            if not 0 <= number[0] <= 2000:
                raise NotNormal("it takes the factorial of a negative or very large integer.")
            return self.constant(int(fmpz.fac_ui(number[0])))
        shift = 0
        if x.den.is_one():
            monomials, coefficients = x.num.monoms(), x.num.coeffs()
            if not any(monomials[-1]) and abs(coefficients[-1]) <= MAX_SHIFT:
                shift = int(coefficients[-1])
        base = self.sub(x, self.constant(shift))
        result = self.generator(self.atom("factorial", "", (base,)))
        for i in range(1, shift + 1):
            result = self.mul(result, self.add(base, self.constant(i)))
        for i in range(shift + 1, 1):
            result = self.div(result, self.add(base, self.constant(i)))
        return result

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
        return unit, [(q.inflate(steps), m) for q, m in factors]


def _solve(
    rows: list[dict[tuple[int, ...], Fraction]], target: dict[tuple[int, ...], Fraction], atoms: list[Atom]
) -> list[tuple[Atom, Fraction]] | None:
    """Coefficients of target in the rows, by elimination over the rational numbers."""
    columns = sorted(set(target).union(*rows))
    matrix = [[row.get(c, Fraction(0)) for row in rows] + [target.get(c, Fraction(0))] for c in columns]
    width = len(rows)
    pivots: list[int] = []
    line = 0
    for column in range(width):
        best = next((i for i in range(line, len(matrix)) if matrix[i][column]), None)
        if best is None:
            continue
        matrix[line], matrix[best] = matrix[best], matrix[line]
        head = matrix[line][column]
        matrix[line] = [v / head for v in matrix[line]]
        for i, other in enumerate(matrix):
            if i != line and other[column]:
                scale = other[column]
                matrix[i] = [v - scale * w for v, w in zip(other, matrix[line], strict=True)]
        pivots.append(column)
        line += 1
    if any(row[-1] for row in matrix[line:]):
        return None
    return [(atoms[c], matrix[i][-1]) for i, c in enumerate(pivots) if matrix[i][-1]]
