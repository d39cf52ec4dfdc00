"""Quotients by shape: a term as factors with rational exponents, sums put over one denominator."""

from __future__ import annotations

from fractions import Fraction

from derive.kernel.term import ONE, Term, add, mul, num, power

Factors = tuple[tuple[Term, Fraction], ...]


def factors(term: Term) -> Factors:
    """The bases and exponents whose product the term is; a sum of quotients becomes one quotient.

    Numbers come first as one factor to the power 1; it is left out when it is 1.
    """
    constant, found = _split(term)
    merged: dict[Term, Fraction] = {}
    for base, exponent in found:
        merged[base] = merged.get(base, Fraction(0)) + exponent
    kept = tuple((b, e) for b, e in merged.items() if e != 0)
    return kept if constant == 1 else ((num(constant), Fraction(1)), *kept)


def _split(term: Term) -> tuple[Fraction, list[tuple[Term, Fraction]]]:
    if term.op == "num":
        return term.value, []
    if term.op == "mul":
        constant, found = Fraction(1), []
        for child in term.children:
            c, more = _split(child)
            constant *= c
            found += more
        return constant, found
    if term.op == "pow" and term.children[1].op == "num":
        exponent = term.children[1].value
        c, inner = _split(term.children[0])
        if exponent.denominator == 1 and (c != 0 or exponent > 0) and abs(exponent) <= 64:
            return c ** int(exponent), [(b, e * exponent) for b, e in inner]
        return Fraction(1), [(term.children[0], exponent)]
    if term.op == "add":
        top, bottom = together(term)
        if bottom == ONE:
            return Fraction(1), [(top, Fraction(1))]
        c, below = _split(bottom)
        return 1 / c, [(top, Fraction(1)), *((b, -e) for b, e in below)]
    return Fraction(1), [(term, Fraction(1))]


def together(term: Term) -> tuple[Term, Term]:
    """Numerator and denominator of a sum over the denominators' common multiple, multiplied out nowhere."""
    parts: list[tuple[Fraction, Factors]] = []
    common: dict[Term, Fraction] = {}
    for child in term.children:
        constant, found = _split(child)
        parts.append((constant, tuple(found)))
        below: dict[Term, Fraction] = {}
        for base, exponent in found:
            below[base] = below.get(base, Fraction(0)) - exponent
        for base, exponent in below.items():
            if exponent > common.get(base, Fraction(0)):
                common[base] = exponent
    if not common:
        return term, ONE
    tops = [product(((num(c), Fraction(1)), *found, *common.items())) for c, found in parts]
    return add(*tops), product(tuple(common.items()))


def product(found: Factors) -> Term:
    """The product of factors, exponents of equal bases added."""
    merged: dict[Term, Fraction] = {}
    for base, exponent in found:
        merged[base] = merged.get(base, Fraction(0)) + exponent
    parts = [b if e == 1 else power(b, num(e)) for b, e in merged.items() if e != 0 and b != ONE]
    return mul(*parts) if parts else ONE
