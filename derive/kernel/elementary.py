r"""Logarithms, exponentials, powers and factorials in the normal form.

Every identity used holds wherever all its parts are defined as real numbers:

- :math:`\log b = \sum m_j \log|p_j|` over the factors of b;
- :math:`\exp` of a sum splits into powers of a rational basis of exponents, :math:`\exp(c\log|p|) = |p|^c`;
- :math:`b^{n/d} = \prod |p_j|^{m_j n/d}`, because b is not negative wherever this is defined;
- :math:`b^e = \exp(e\log b)` for a positive base. Where the sign of a factor is not known and the exponent
  is integer-valued, :math:`p^e` is an atom for each term of the exponent.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Final

from flint import fmpz

from derive.kernel.atoms import MAX_ROOT, Atom, Field, Restart
from derive.kernel.ratio import NotNormal, Poly, Ratio

MAX_FACTORED_BITS: Final = 64
MAX_SHIFT: Final = 24
MAX_BASIS: Final = 24


class Elementary(Field):
    """A field closed under logarithms, exponentials, powers and absolute values."""

    def log_of_product(self, atom: Atom) -> Ratio:
        """The sum of log|body| for a product atom."""
        raise NotImplementedError

    def product_of_exponentials(self, atom: Atom) -> Ratio | None:
        """exp(sum) as a product, where the body of the sum atom is a logarithm."""
        raise NotImplementedError

    # -- logarithms -----------------------------------------------------------------------------
    def log(self, x: Ratio) -> Ratio:
        """log x, which is log|x| wherever it is defined."""
        number = self.number(x)
        if number is not None and number[0] <= 0:
            raise NotNormal("it takes the logarithm of a number that is not positive.")
        return self.log_size(x)

    def log_size(self, x: Ratio) -> Ratio:
        """log|x|."""
        if x.num.is_zero():
            raise NotNormal("it takes the logarithm of 0.")
        return self.sub(self._log_poly(x.num), self._log_poly(x.den))

    def _log_poly(self, p: Poly) -> Ratio:
        content, factors = self.factor(p)
        total = self.zero
        for prime, m in self.integer_factors(abs(content)):
            total = self.add(total, self.scale(self.made("log", "", (self.constant(prime),)), m))
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
            return self.made("log", "", (Ratio(p, self.unit),))
        atom = self.atoms[place]
        if atom.kind == "exp":
            inside = atom.parts[0]
        elif atom.kind in ("root", "abs"):
            inside = self._log_poly(atom.parts[0].num)
        elif atom.kind == "prime":
            inside = self.made("log", "", (self.constant(int(atom.name)),))
        elif atom.kind == "ipow":
            inside = self.mul(atom.parts[1], self._log_poly(atom.parts[0].num))
        elif atom.kind == "prod":
            inside = self.log_of_product(atom)
        else:
            inside = self.made("log", "", (self.value(atom),))
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
            x = self.sub(x, self.scale(self.value(atom), c.numerator, c.denominator))
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
        if len(bottom) > 1:  # the terms apart are no basis: a/(a+b) and b/(a+b) add up to 1
            c, top = x.num.primitive()
            if top.coefficient(0) < 0:
                c, top = -c, -top
            return self._exp_multiple(self.ratio(top, bottom), Fraction(int(c), int(content)))
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
        self._foresee(key, c.denominator)
        atom = self.atom("exp", "", (base,))
        self._exponents.atoms.append(atom)
        return self.atom_power(atom, c)

    def _combine(self, x: Ratio) -> list[tuple[Atom, Fraction]] | None:
        """x as a rational combination of the exponents of the basis, if it is one."""
        atoms = self._exponents.atoms
        if not atoms or len(atoms) > MAX_BASIS:
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
                if self.signs.ratio(exponent) == 2:
                    return self.zero
                raise NotNormal("it raises 0 to a power that may be 0 or negative.")
            self.signs.deduce(p)
            content, factors = self.factor(p)
            sign = sign if content > 0 else -sign
            log = self.zero
            for prime, k in self.integer_factors(abs(content)):
                log = self.add(log, self.scale(self.made("log", "", (self.constant(prime),)), k))
            for q, k in factors:
                s = self.signs.poly(q)
                if s == 0 and not (whole and k % 2 == 0):
                    if not whole:
                        return self.made("pow", "", (base, exponent))
                    result = self.mul(result, self.integer_power(self._unsigned_power(q, exponent), k * m))
                    continue
                if s < 0 and k % 2:
                    sign = -sign
                log = self.add(log, self.scale(self.log_abs(q), k))
            result = self.mul(result, self.exp(self.scale(self.mul(exponent, log), m)))
        if sign < 0:
            if not whole:
                return self.made("pow", "", (base, exponent))
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
            result = self.mul(result, self.integer_power(self.value(atom), int(c)))
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
            self.signs.deduce(p)
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
            self._foresee(f"prime:{prime}()", q.denominator)
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
        fraction = self.atom_power(atom, q - whole)
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
            self.signs.deduce(p)
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
            return self.constant(int(fmpz.fac_ui(fmpz(number[0]))))
        shift = 0
        if x.den.is_one():
            monomials, coefficients = x.num.monoms(), x.num.coeffs()
            if not any(monomials[-1]) and abs(coefficients[-1]) <= MAX_SHIFT:
                shift = int(coefficients[-1])
        base = self.sub(x, self.constant(shift))
        result = self.made("factorial", "", (base,))
        for i in range(1, shift + 1):
            result = self.mul(result, self.add(base, self.constant(i)))
        for i in range(shift + 1, 1):
            result = self.div(result, self.add(base, self.constant(i)))
        return result


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
