r"""Exact rational functions in generators, some of which satisfy a relation :math:`g^d = p`.

A ratio is kept with coprime numerator and denominator, the leading coefficient of the denominator
positive, and every power :math:`g^d` replaced by :math:`p`. Generators are numbered as they appear, and
later ones are larger in the lexicographic order, so that each relation's right side is smaller than its
left side and division by it ends in a unique remainder.
"""

from __future__ import annotations

from functools import lru_cache
from math import comb
from typing import Final, NamedTuple, TypeAlias

from flint import fmpz, fmpz_mpoly, fmpz_mpoly_ctx

Poly: TypeAlias = fmpz_mpoly

MAX_BITS: Final = 1 << 18
MAX_GCD_TERMS: Final = 600
MAX_GCD_DEGREE: Final = 2000
MAX_FACTOR_TERMS: Final = 150
MAX_FACTOR_DEGREE: Final = 40


class NotNormal(Exception):
    """There is no normal form: too much work, undefined, or something that is not understood."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OutOfGenerators(Exception):
    """The ring needs more generators than it has."""


class Ratio(NamedTuple):
    """num / den; compare with ``==`` only inside one ring."""

    num: Poly
    den: Poly


@lru_cache(maxsize=8)
def _context(capacity: int) -> tuple[fmpz_mpoly_ctx, tuple[Poly, ...]]:
    context = fmpz_mpoly_ctx.get(tuple(f"g{capacity - 1 - i}_" for i in range(capacity)), "lex")
    return context, tuple(context.gen(capacity - 1 - i) for i in range(capacity))


class Ring:
    """Arithmetic of ratios; ``monomials`` bounds the length of every polynomial."""

    def __init__(self, capacity: int, monomials: int) -> None:
        self.capacity = capacity
        self.monomials = monomials
        self.context, self.generators = _context(capacity)
        self.unit: Poly = self.context.constant(1)
        self.zero = Ratio(self.context.constant(0), self.unit)
        self.one = Ratio(self.unit, self.unit)
        self._relations: list[tuple[int, int, Poly]] = []
        self._factors: dict[str, tuple[int, list[tuple[Poly, int]]]] = {}

    # -- relations ------------------------------------------------------------------------------
    def relate(self, place: int, degree: int, value: Poly) -> None:
        """From now on generator ** degree is ``value``, a polynomial in earlier generators."""
        self._relations.append((self.capacity - 1 - place, degree, self.generators[place] ** degree - value))
        self._relations.sort(key=lambda r: r[0])

    def reduce(self, poly: Poly) -> Poly:
        """The remainder by all relations."""
        if not self._relations:
            return poly
        degrees = poly.degrees()
        for position, degree, relation in self._relations:
            if degrees[position] >= degree:
                self._check(len(poly) * max(1, degrees[position] // degree))
                poly = divmod(poly, relation)[1]
                degrees = poly.degrees()
        return poly

    # -- ratios ---------------------------------------------------------------------------------
    def constant(self, numerator: int, denominator: int = 1) -> Ratio:
        """A rational number."""
        return self.ratio(self.context.constant(numerator), self.context.constant(denominator))

    def ratio(self, num: Poly, den: Poly) -> Ratio:
        """num / den in lowest terms; NotNormal where den is 0."""
        if self._relations:
            num, den = self.reduce(num), self.reduce(den)
        self._check(len(num))
        self._check(len(den))
        if den.is_zero():
            raise NotNormal("it divides by 0.")
        if num.is_zero():
            return self.zero
        if not den.is_one():
            if self._short(num) and self._short(den):
                common = num.gcd(den)
                if not common.is_one():
                    num, den = num // common, den // common
            if den.coefficient(0) < 0:
                num, den = -num, -den
        return Ratio(num, den)

    def _short(self, p: Poly) -> bool:
        return len(p) == 1 or (len(p) <= MAX_GCD_TERMS and p.total_degree() <= MAX_GCD_DEGREE)

    def add(self, x: Ratio, y: Ratio) -> Ratio:
        """x + y."""
        if x.den == y.den:
            if x.den.is_one():
                num = x.num + y.num
                self._check(len(num))
                return Ratio(num, x.den)
            return self.ratio(x.num + y.num, x.den)
        self._check_product(x.num, y.den)
        self._check_product(y.num, x.den)
        self._check_product(x.den, y.den)
        return self.ratio(x.num * y.den + y.num * x.den, x.den * y.den)

    def neg(self, x: Ratio) -> Ratio:
        """-x."""
        return Ratio(-x.num, x.den)

    def sub(self, x: Ratio, y: Ratio) -> Ratio:
        """x - y."""
        return self.add(x, self.neg(y))

    def mul(self, x: Ratio, y: Ratio) -> Ratio:
        """x * y."""
        self._check_product(x.num, y.num)
        self._check_product(x.den, y.den)
        if x.den.is_one() and y.den.is_one():
            return Ratio(self.reduce(x.num * y.num), self.unit)
        return self.ratio(x.num * y.num, x.den * y.den)

    def scale(self, x: Ratio, numerator: int, denominator: int = 1) -> Ratio:
        """x * numerator / denominator."""
        return self.ratio(x.num * numerator, x.den * denominator)

    def inverse(self, x: Ratio) -> Ratio:
        """1 / x."""
        return self.ratio(x.den, x.num)

    def div(self, x: Ratio, y: Ratio) -> Ratio:
        """x / y."""
        return self.mul(x, self.inverse(y))

    def integer_power(self, x: Ratio, n: int) -> Ratio:
        """x ** n; NotNormal for 0 ** n with n <= 0."""
        if n <= 0:
            if x.num.is_zero():
                raise NotNormal("it divides by 0, or raises 0 to the power 0.")
            if n == 0:
                return self.one
            x, n = self.inverse(x), -n
        return self.ratio(self._poly_power(x.num, n), self._poly_power(x.den, n))

    def _poly_power(self, p: Poly, n: int) -> Poly:
        if n == 1 or p.is_one() or p.is_zero():
            return p
        length = len(p)
        bits = max(int(c).bit_length() for c in p.coeffs()) if length <= 50 else 1
        if bits > 1 and bits * n > MAX_BITS:
            raise NotNormal("a power is too long to write out.")
        if n > 10**6:
            raise NotNormal("an exponent is too large to write out.")
        if length > 1:
            self._check(self._power_length(p, n))
            if not self._relations:
                return p**n
            result = self.unit
            for digit in bin(n)[2:]:
                self._check_product(result, result)
                result = self.reduce(result * result)
                if digit == "1":
                    result = self.reduce(result * p)
            return result
        return p**n

    def _power_length(self, p: Poly, n: int) -> int:
        """At most how many terms the power has: products of n terms, and monomials of its degree."""
        variables, degree = len(self.places(p)), int(p.total_degree()) * n
        if min(len(p), n) > 60 or min(variables, degree) > 60:
            return self.monomials + 1
        return min(comb(len(p) + n - 1, n), comb(variables + degree, variables))

    # -- looking inside -------------------------------------------------------------------------
    def key(self, x: Ratio) -> str:
        """A string that two ratios of this ring share exactly when they are the same."""
        return str(x.num) if x.den.is_one() else f"{x.num}/({x.den})"

    def places(self, p: Poly) -> list[int]:
        """The numbers of the generators that occur."""
        last = self.capacity - 1
        return [last - i for i, d in enumerate(p.degrees()) if d > 0]

    def number(self, x: Ratio) -> tuple[int, int] | None:
        """Numerator and denominator where the ratio is a rational number."""
        if not (x.num.is_constant() and x.den.is_constant()):
            return None
        return (0 if x.num.is_zero() else int(x.num.coefficient(0))), int(x.den.coefficient(0))

    def lone_generator(self, p: Poly) -> int | None:
        """The number of the generator that the polynomial is, if it is one."""
        if len(p) != 1 or p.total_degree() != 1 or p.coefficient(0) != 1:
            return None
        return self.capacity - 1 - p.monomial(0).index(1)

    def exponent(self, monomial: tuple[int, ...], place: int) -> int:
        """The exponent of a generator in an exponent vector."""
        return monomial[self.capacity - 1 - place]

    def coefficients(self, p: Poly, place: int) -> dict[int, Poly]:
        """The coefficients of p as a polynomial in one generator."""
        position = self.capacity - 1 - place
        parts: dict[int, dict[tuple[int, ...], fmpz]] = {}
        for monomial, c in zip(p.monoms(), p.coeffs(), strict=True):
            d = int(monomial[position])
            rest = (*monomial[:position], 0, *monomial[position + 1 :])
            parts.setdefault(d, {})[rest] = c
        return {d: self.context.from_dict(part) for d, part in parts.items()}

    def factor(self, p: Poly) -> tuple[int, list[tuple[Poly, int]]]:
        """Content with sign, and primitive factors with positive leading coefficients.

        The factors are irreducible where the polynomial is small; in any case their product is right.
        """
        if p.is_constant():
            return 0 if p.is_zero() else int(p.coefficient(0)), []
        key = str(p)
        known = self._factors.get(key)
        if known is None:
            known = self._factors[key] = self._factor(p)
        return known

    def _factor(self, p: Poly) -> tuple[int, list[tuple[Poly, int]]]:
        content, part = p.primitive()
        if part.coefficient(0) < 0:
            content, part = -content, -part
        if len(part) > 1 and part.total_degree() == 1:
            return int(content), [(part, 1)]
        if len(part) > MAX_FACTOR_TERMS or (len(part) > 1 and part.total_degree() > MAX_FACTOR_DEGREE):
            return int(content), [(part, 1)]
        unit, factors = self._deflated(part)
        found = []
        sign = int(content) * int(unit)
        for q, m in factors:
            if q.coefficient(0) < 0:
                q, sign = -q, sign * (-1) ** int(m)
            found.append((q, int(m)))
        return sign, found

    def _deflated(self, p: Poly) -> tuple[fmpz, list[tuple[Poly, int]]]:
        return p.factor()

    # -- budgets --------------------------------------------------------------------------------
    def _check(self, length: int) -> None:
        if length > self.monomials:
            raise NotNormal("it has too many terms when multiplied out.")

    def _check_product(self, p: Poly, q: Poly) -> None:
        if len(p) * len(q) > 8 * self.monomials:
            raise NotNormal("it has too many terms when multiplied out.")
