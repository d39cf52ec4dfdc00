r"""Signs of polynomials over a chart, proved from the declared bounds.

A sign is 2 (positive), 1 (nonnegative), 0 (not known), -1 (nonpositive) or -2 (negative), at every
admissible point. A polynomial has a sign when all its terms have it. Otherwise its symbols are
eliminated, the last declared first: :math:`x = l + u` with :math:`u\ge0` for a lower bound, and
:math:`x = (l + hu)/(1+u)` for both bounds; all coefficients in :math:`u` must have the sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, gcd
from typing import TYPE_CHECKING, Final

from derive.kernel.ratio import NotNormal, Poly, Ratio

if TYPE_CHECKING:
    from derive.kernel.atoms import Atom, Field

MAX_DEGREE: Final = 10
MAX_TERMS: Final = 200
MAX_TOTAL_DEGREE: Final = 40
MAX_WORK: Final = 200
MAX_QUADRATIC_TERMS: Final = 20
POLYA: Final = 6


@dataclass(frozen=True)
class Edge:
    """One end of the range of a generator."""

    value: Ratio
    strict: bool


Range = tuple[Edge | None, Edge | None]


def product_sign(a: int, b: int) -> int:
    """The sign of a product of two quantities with these signs."""
    size = min(abs(a), abs(b))
    return size if a * b > 0 else -size if a * b < 0 else 0


class Signs:
    """Signs over one field; answers are remembered."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.work = MAX_WORK
        self._known: dict[str, int] = {}
        self._inside_quadratic = False
        self._facts: list[tuple[Poly, int]] | None = None

    def ratio(self, x: Ratio) -> int:
        """The sign of a ratio where it is defined."""
        bottom = self.poly(x.den)
        if bottom != 0:
            bottom = 2 if bottom > 0 else -2  # it is not 0 where the ratio is defined
        return product_sign(self.poly(x.num), bottom)

    def poly(self, p: Poly) -> int:
        """The sign of a polynomial."""
        if p.is_constant():
            c = 0 if p.is_zero() else p.coefficient(0)
            return 2 if c > 0 else -2 if c < 0 else 0
        key = str(p)
        known = self._known.get(key)
        if known is None:
            self._known[key] = 0  # whoever asks again on the way gets no answer
            known = self._known[key] = self._poly(p)
        return known

    def _poly(self, p: Poly) -> int:
        sign = self._termwise(p)
        if sign or self.work <= 0 or len(p) > MAX_TERMS or p.total_degree() > MAX_TOTAL_DEGREE:
            return sign
        self.work -= 1
        content, factors = self.field.factor(p)
        if len(factors) > 1 or factors[0][1] > 1:
            total = 2 if content > 0 else -2
            for q, m in factors:
                s = self.poly(q)
                if m % 2 == 0:
                    s = max(abs(s), 1)
                total = product_sign(total, s)
            return total
        return self._stated(p) or self._multiplied(p) or self._eliminated(p) or self._quadratic(p)

    def _termwise(self, p: Poly) -> int:
        atoms = self.field.atoms
        last = self.field.capacity - 1
        total = 0
        for monomial, c in zip(p.monoms(), p.coeffs(), strict=True):
            sign = 2 if c > 0 else -2
            for position, exponent in enumerate(monomial):
                if exponent:
                    s = self.atom(atoms[last - position])
                    if exponent % 2 == 0:
                        s = max(abs(s), 1)
                    sign = product_sign(sign, s)
                    if not sign:
                        return 0
            if total * sign < 0:
                return 0
            total = sign if abs(sign) > abs(total) else total
        return total

    def deduce(self, p: Poly) -> None:
        """Learn the sign of the one factor of unknown sign from that of the whole."""
        content, factors = self.field.factor(p)
        if len(factors) < 2:
            return
        odd = [(q, self.poly(q)) for q, m in factors if m % 2]
        unknown = [q for q, s in odd if not s]
        whole = self._termwise(p) if len(unknown) == 1 else 0
        if abs(whole) == 2:
            sign = 2 if (content > 0) == (whole > 0) else -2
            for _, s in odd:
                sign = product_sign(sign, -2 if s < 0 else 2)
            self._known[str(unknown[0])] = sign

    def suppose(self, x: Ratio, strict: bool) -> None:
        """Take the ratio to be nonnegative (positive where strict), if that gives one factor its sign."""
        sign = 1
        unknown = []
        for p in x:
            if p.is_constant():
                sign = -sign if p.is_zero() or p.coefficient(0) < 0 else sign
                continue
            content, factors = self.field.factor(p)
            sign = sign if content > 0 else -sign
            for q, m in factors:
                s = self.poly(q)
                if abs(s) != 2 and not strict and p is x.num and (s or m % 2 == 0):
                    return  # where this factor vanishes, the ratio is 0 whatever the sign of the others
                if m % 2 and not s:
                    unknown.append(q)
                elif m % 2:
                    sign = sign if s > 0 else -sign
        if len(unknown) == 1 and not x.num.is_constant():
            self._known[str(unknown[0])] = sign * (2 if strict or self._divides(unknown[0], x.den) else 1)

    def _divides(self, q: Poly, p: Poly) -> bool:
        return not p.is_constant() and any(f == q for f, _ in self.field.factor(p)[1])

    # -- what is stated -------------------------------------------------------------------------
    def _stated(self, p: Poly) -> int:
        """The sign that a condition of the chart gives."""
        if self._facts is None:
            self._facts = []
            self._facts = self.field.stated_signs()
        for fact, sign in self._facts:
            for direction in (1, -1):
                rest = p * direction - fact
                if rest.is_zero():
                    return sign * direction
                s = self._termwise(rest)
                if s > 0:
                    return max(s, sign) * direction
        return 0

    def _multiplied(self, p: Poly) -> int:
        """Pólya's test: p times a power of a positive polynomial has terms of one sign only."""
        field = self.field
        places = field.places(p)
        if len(places) > 2 or p.total_degree() > 4 * MAX_DEGREE or any(self.atom(field.atoms[q]) < 1 for q in places):
            return 0
        inflation = 0
        for exponent in (e for monomial in p.monoms() for e in monomial):
            inflation = gcd(inflation, int(exponent))
        if p.total_degree() > MAX_DEGREE * inflation:
            return 0
        powers = [field.generators[q] ** inflation for q in places]
        for factor in (sum(powers, field.unit), sum(powers[1:], powers[0])):
            product = p
            for _ in range(POLYA):
                product = product * factor
                s = self._termwise(product)
                if s:
                    return s if self._vanishes_nowhere(p) else max(-1, min(1, s))
        return 0

    def _vanishes_nowhere(self, p: Poly) -> bool:
        """Whether all generators are positive, so that no factor of the test vanishes."""
        return all(self.atom(self.field.atoms[q]) == 2 for q in self.field.places(p))

    # -- elimination ----------------------------------------------------------------------------
    def _eliminated(self, p: Poly) -> int:
        field = self.field
        candidates = []
        for place in field.places(p):
            atom = field.atoms[place]
            if atom.kind in ("sym", "bound"):
                low, high = field.range_of(atom)
                if low is not None or high is not None:
                    candidates.append((field.rank(atom), atom, low, high))
        for _, atom, low, high in sorted(candidates, key=lambda c: c[0], reverse=True):
            sign = self._without(p, atom, low, high)
            if sign:
                return sign
            break
        return 0

    def _quadratic(self, p: Poly) -> int:
        """Ax² + Bx + C has the sign of A where 4AC - B² is not negative."""
        if self._inside_quadratic or len(p) > MAX_QUADRATIC_TERMS:
            return 0
        self._inside_quadratic = True
        try:
            for place in self.field.places(p):
                parts = self.field.coefficients(p, place)
                if max(parts) == 2 and 0 in parts and abs(self.poly(parts[2])) == 2:
                    middle = parts.get(1, self.field.zero.num)
                    s = self.poly(self.field.reduce(4 * parts[2] * parts[0] - middle * middle))
                    if s > 0:
                        return product_sign(self.poly(parts[2]), s)
        finally:
            self._inside_quadratic = False
        return 0

    def _without(self, p: Poly, atom: Atom, low: Edge | None, high: Edge | None) -> int:
        parts = self.field.coefficients(p, atom.place)
        if any(d % atom.root for d in parts):
            return 0
        powers = {d // atom.root: c for d, c in parts.items()}
        degree = max(powers)
        if degree > MAX_DEGREE:
            return 0
        if low is not None and high is not None:
            sign = self._between(powers, degree, low, high)
            if sign:
                return sign
        if low is not None:
            sign = self._above(powers, degree, low, 1)
            if sign:
                return sign
        return 0 if high is None else self._above(powers, degree, high, -1)

    def _above(self, powers: dict[int, Poly], degree: int, edge: Edge, direction: int) -> int:
        """With x = edge + direction * u, u >= 0."""
        a, b = edge.value
        if self.poly(b) <= 0:
            return 0
        zero = self.field.zero.num
        found = []
        for i in range(degree + 1):
            q = zero
            for j, c in powers.items():
                if j >= i:
                    q = q + c * (a ** (j - i)) * (b ** (i + degree - j)) * (comb(j, i) * direction**i)
            found.append(self.field.reduce(q))
        return self._agree(found, edge.strict, True)

    def _between(self, powers: dict[int, Poly], degree: int, low: Edge, high: Edge) -> int:
        """With x = (low + high * u) / (1 + u), 0 <= u <= infinity."""
        a, b = low.value
        c, e = high.value
        if self.poly(b) <= 0 or self.poly(e) <= 0:
            return 0
        first, second, scale = a * e, c * b, b * e
        zero = self.field.zero.num
        found = [zero] * (degree + 1)
        for j, coefficient in powers.items():
            rest = degree - j
            outer = coefficient * scale**rest
            for i in range(j + 1):
                inner = outer * (first ** (j - i)) * (second**i) * comb(j, i)
                for k in range(rest + 1):
                    found[i + k] = found[i + k] + inner * comb(rest, k)
        return self._agree([self.field.reduce(q) for q in found], low.strict, high.strict)

    def _agree(self, parts: list[Poly], open_start: bool, open_end: bool) -> int:
        """The common sign of all coefficients; strict where neither end can make the sum vanish."""
        signs = []
        for q in parts:
            if q.is_zero():
                signs.append(0)
                continue
            s = self.poly(q)
            if not s or (signs and any(t * s < 0 for t in signs)):
                return 0
            signs.append(s)
        total = max(signs, key=abs)
        if not total:
            return 0
        strict = abs(total) == 2 and (open_start or abs(signs[0]) == 2) and (open_end or abs(signs[-1]) == 2)
        return (2 if strict else 1) * (1 if total > 0 else -1)

    # -- atoms ----------------------------------------------------------------------------------
    def atom(self, atom: Atom) -> int:
        """The sign of a generator."""
        if atom.sign is None:
            atom.sign = 0  # whoever asks again on the way gets no answer
            try:
                atom.sign = self._atom(atom)
            except NotNormal:
                atom.sign = 0
        return atom.sign

    def _atom(self, atom: Atom) -> int:
        field, kind = self.field, atom.kind
        if kind in ("sym", "bound"):
            return self._from_range(*field.range_of(atom))
        if kind == "prime":
            return 2
        if kind == "exp":
            return 1 if self._may_vanish(atom.parts[0]) else 2
        if kind in ("root", "abs"):
            return 2 if abs(self.ratio(atom.parts[0])) == 2 else 1
        if kind == "log":
            inside = atom.parts[0]
            return self.ratio(field.sub(inside, field.one)) if self.ratio(inside) == 2 else 0
        if kind == "factorial":
            return 2 if self.ratio(field.add(atom.parts[0], field.one)) == 2 else 0
        if kind == "prod":
            return max(0, self.ratio(atom.parts[0]))
        if kind == "sumset":
            return self.ratio(atom.parts[0])
        if kind == "sum":
            s = self.ratio(atom.parts[0])
            filled = len(atom.parts) > 1 and self.ratio(atom.parts[1]) >= 1
            return s if filled else max(-1, min(1, s))
        if kind == "int":
            return self._integral(atom)
        return atom.given_sign

    def _may_vanish(self, exponent: Ratio) -> bool:
        r"""Whether the exponential of this may stand for a power of what may be 0, as :math:`e^{n\log u}` does."""
        for p in exponent:
            for place in self.field.places(p) if not p.is_constant() else ():
                atom = self.field.atoms[place]
                if atom.kind == "log" and abs(self.ratio(atom.parts[0])) != 2:
                    return True
                if any(map(self._may_vanish, atom.parts)):
                    return True
        return False

    def _integral(self, atom: Atom) -> int:
        if len(atom.parts) < 3:
            return 0
        body, low, high = atom.parts
        width, s = self.ratio(self.field.sub(high, low)), self.ratio(body)
        return product_sign(width, s) if width > 0 else 0

    def _from_range(self, low: Edge | None, high: Edge | None) -> int:
        if low is not None:
            s = self.ratio(low.value)
            zero = low.value.num.is_zero()
            if s > 0 or zero:
                return 2 if s == 2 or low.strict else 1
        if high is not None:
            s = self.ratio(high.value)
            zero = high.value.num.is_zero()
            if s < 0 or zero:
                return -2 if s == -2 or high.strict else -1
        return 0
