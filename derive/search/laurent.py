r"""Terms as sums :math:`\sum_i c_i h^{e_i}` in a small quantity h, so that n = 1/h leaves no 1/h behind."""

from __future__ import annotations

from collections.abc import Mapping

from derive.kernel.term import BINDERS, ONE, Term, add, free_symbols, mul, num, power, rebuild

Powers = dict[int, Term]
MAX_PARTS = 64


class NoExpansion(Exception):
    """The term is no such sum by its shape."""


def in_powers(term: Term, h: Term, replaced: Mapping[str, Powers]) -> Powers:
    """The coefficients by exponent; ``replaced`` says what symbols stand for. Coefficients may hold h, analytically.

    Raises NoExpansion.
    """
    if term.op == "sym":
        return dict(replaced.get(term.name, {1: ONE} if term == h else {0: term}))
    if not free_symbols(term) & (replaced.keys() | {h.name}):
        return {0: term}
    if term.op == "add":
        total: Powers = {}
        for child in term.children:
            for exponent, coefficient in in_powers(child, h, replaced).items():
                total[exponent] = add(total[exponent], coefficient) if exponent in total else coefficient
        return total
    if term.op == "mul":
        return _product([in_powers(child, h, replaced) for child in term.children])
    if term.op == "pow":
        return _power(term, h, replaced)
    if term.op in BINDERS or term.op in ("diff", "E", "given", "law"):
        raise NoExpansion(term.op)
    return {0: rebuild(term, lambda child: rendered(in_powers(child, h, replaced), h))}


def _product(parts: list[Powers]) -> Powers:
    total: Powers = {0: ONE}
    for part in parts:
        if len(total) * len(part) > MAX_PARTS:
            raise NoExpansion("too many parts")
        grown: Powers = {}
        for e, c in total.items():
            for f, d in part.items():
                both = d if c == ONE else c if d == ONE else mul(c, d)
                grown[e + f] = add(grown[e + f], both) if e + f in grown else both
        total = grown
    return total


def _power(term: Term, h: Term, replaced: Mapping[str, Powers]) -> Powers:
    base = in_powers(term.children[0], h, replaced)
    exponent = term.children[1]
    lowest = min(base)
    if exponent.op != "num":
        if lowest < 0:
            raise NoExpansion("a power of something large")
        return {0: power(rendered(base, h), rendered(in_powers(exponent, h, replaced), h))}
    out = exponent.value * lowest
    if out.denominator != 1:
        raise NoExpansion("a fractional power of the small quantity")
    inner = rendered({e - lowest: c for e, c in base.items()}, h)
    return {int(out): ONE if inner == ONE else power(inner, exponent)}


def rendered(powers: Powers, h: Term) -> Term:
    """The sum as a term; raises NoExpansion where 1/h is left."""
    if min(powers) < 0:
        raise NoExpansion("it grows without bound, by its shape")
    parts = [_times(c, e, h) for e, c in sorted(powers.items())]
    return add(*parts)


def _times(coefficient: Term, exponent: int, h: Term) -> Term:
    if exponent == 0:
        return coefficient
    size = h if exponent == 1 else power(h, num(exponent))
    return size if coefficient == ONE else mul(coefficient, size)
