r"""Ellipses: ``a_1 + a_2 + \dots + a_n`` as a sum over an index, where what is written leaves no choice.

The last member fixes the shape of all of them: some of the places where one of its symbols stands count.
The first two members must come out of it exactly, for one choice of places only; else it is unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, islice
from typing import Final

from derive.kernel.term import BINDERS, ONE, ZERO, Term, add, free_symbols, mul, num, rebuild, sym, walk

MAX_PLACES: Final = 6
"""Places in the last member where the counting symbol stands."""
MAX_SYMBOLS: Final = 6
MAX_SIZE: Final = 60
"""Operators, symbols and numbers in one member."""
MAX_BITS: Final = 500
"""Bits of a number that is worked out."""
_BINDING: Final = BINDERS | {"diff", "E", "draw"}
_STARTS: Final = range(-3, 12)
_LETTERS: Final = ("j", "i", "m", "l", "n")


def general(first: Term, second: Term, last: Term) -> tuple[Term, str, int, Term] | None:
    """The general member g, its index, and the indices of the first and the last; None without a unique one.

    The last member counts by a symbol N: g(a) = first, g(a + 1) = second, g(N) = last.
    """
    free = free_symbols(last)
    if len(free) > MAX_SYMBOLS:
        return None
    taken = free | free_symbols(first) | free_symbols(second)
    index = next((i for i in _LETTERS if i not in taken), None)
    if index is None:
        return None
    wanted = settled(first), settled(second)
    fitting: list[tuple[Term, str, int, Term]] = []
    for symbol in sorted(free):
        places = _count(last, symbol)
        counting = places - _count(second, symbol)
        if places > MAX_PLACES or counting < 1:
            continue
        for chosen in combinations(range(places), counting):
            member = _replaced(last, symbol, sym(index), frozenset(chosen))
            values = [_at(member, index, n) for n in range(_STARTS.start, _STARTS.stop + 1)]
            for start, pair in zip(_STARTS, zip(values, values[1:], strict=False), strict=True):
                if pair == wanted:
                    fitting.append((member, index, start, sym(symbol)))
    return fitting[0] if len(fitting) == 1 else None


def _plain(term: Term) -> bool:
    """Whether a term is small and binds no letters, so that every letter in it means the same everywhere."""
    nodes = list(islice(walk(term), MAX_SIZE + 1))
    return len(nodes) <= MAX_SIZE and all(n.op not in _BINDING for n in nodes)


def _at(member: Term, index: str, n: int) -> Term:
    return settled(_replaced(member, index, num(n), None))


def _count(term: Term, symbol: str) -> int:
    if term.op == "sym":
        return int(term.name == symbol)
    return sum(_count(c, symbol) for c in term.children)


def _replaced(term: Term, symbol: str, by: Term, chosen: frozenset[int] | None) -> Term:
    """The term with the chosen places of a symbol (all of them for None), counted from the left, replaced."""
    places = iter(range(_count(term, symbol)))

    def change(node: Term, counter: Iterator[int]) -> Term:
        if node.op == "sym":
            if node.name != symbol:
                return node
            place = next(counter)
            return by if chosen is None or place in chosen else node
        return rebuild(node, lambda child: change(child, counter))

    return change(term, places)


def settled(term: Term) -> Term:
    """The term with its arithmetic of numbers done, and 0 + a, 1 a, 0 a, a^1, a^0 as a person writes them."""
    term = rebuild(term, settled)
    parts: Sequence[Term] = term.children
    if term.op == "add":
        return _gathered(parts)
    if term.op == "mul":
        number = Fraction(1)
        others: list[Term] = []
        for part in parts:
            if part.op == "num":
                number *= part.value
            else:
                others += part.children if part.op == "mul" else [part]
        if number == 0:
            return ZERO
        return mul(*([] if number == 1 and others else [num(number)]), *others)
    if term.op == "pow":
        base, exponent = parts
        if exponent == ONE or base == ONE:
            return base
        if exponent == ZERO:
            return ONE
        if base.op == exponent.op == "num" and exponent.value.denominator == 1 and base.value:
            bits = base.value.numerator.bit_length() + base.value.denominator.bit_length()
            return num(base.value ** int(exponent.value)) if bits * abs(exponent.value) <= MAX_BITS else term
    return term


def _gathered(parts: Sequence[Term]) -> Term:
    total = Fraction(0)
    others: list[Term] = []
    for part in parts:
        for one in part.children if part.op == "add" else (part,):
            if one.op == "num":
                total += one.value
            else:
                others.append(one)
    if total or not others:
        others.append(num(total))
    return add(*others)


def written_out(kind: str, members: Sequence[Term], after: Sequence[Term]) -> list[Term] | None:
    r"""Terms before and after dots, with the progression among them as one ``sum`` or ``prod``.

    None where no general member is certain, or where a term beside the progression may belong to it.
    """
    if len(members) < 2 or not after or not all(map(_plain, (*members, *after))):
        return None
    found = general(members[-2], members[-1], after[0])
    if found is None:
        return None
    member, index, start, end = found
    before = list(members[:-2])
    while before and start > _STARTS.start and _at(member, index, start - 1) == settled(before[-1]):
        start -= 1
        before.pop()
    if any(
        _shape(member) == _shape(t) or _shape(settled(t)) == _shape(before_first)
        for t in (*before, *after[1:])
        for before_first in (members[-2], members[-1])
    ):
        return None
    return [*before, Term(kind, (member, sym(index), num(start), end)), *after[1:]]


def _shape(term: Term) -> object:
    """What is left of a term without its numbers."""
    name = term.args[0] if term.op in ("fn", "sym", "const") else ""
    return (term.op, name, tuple(_shape(c) for c in term.children if c.op != "num"))
