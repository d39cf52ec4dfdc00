"""Zeros, ones and numbers folded away, for readable results; the kernel checks that nothing changed."""

from __future__ import annotations

from fractions import Fraction

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.fact import Fact
from derive.kernel.term import ONE, ZERO, Term, add, mul, num, power, rebuild


def folded(term: Term) -> Term:
    """The term with neutral elements dropped and numbers collected, its order kept otherwise."""
    node = rebuild(term, folded)
    if node.op == "add":
        return _sum(node)
    if node.op == "mul":
        return _product(node)
    if node.op == "pow":
        base, exponent = node.children
        if exponent == ONE or (base == ONE and exponent.op == "num"):
            return base
        if base == ZERO and exponent.op == "num" and exponent.value > 0:
            return ZERO
        if base.op == exponent.op == "num" and exponent.value == -1 and base.value != 0:
            return num(1 / base.value)
        if base.op == "pow" and exponent == num(-1) and base.children[1].op == "num":
            return power(base.children[0], num(-base.children[1].value))
    if node.op == "fn" and node.name == "exp" and node.children[0] == ZERO:
        return ONE
    if node.op == "fn" and node.name == "log" and node.children[0] == ONE:
        return ZERO
    return node


def _sum(node: Term) -> Term:
    parts: list[Term] = []
    total, place = Fraction(0), None
    for child in node.children:
        if child.op == "num":
            total += child.value
            place = len(parts) if place is None else place
        else:
            parts.append(child)
    if total:
        parts.insert(place or 0, num(total))
    return add(*parts) if parts else ZERO


def _product(node: Term) -> Term:
    factor, parts = Fraction(1), []
    for child in node.children:
        if child.op == "num":
            factor *= child.value
        else:
            parts.append(child)
    if factor == 0:
        return ZERO
    parts = _merged(parts)
    if factor != 1 or not parts:
        parts.insert(0, num(factor))
    return mul(*parts)


def _merged(parts: list[Term]) -> list[Term]:
    """Powers of one base with opposite exponents cancel; others stay as they are written."""
    exponents: dict[Term, Fraction] = {}
    split = [(p.children[0], p.children[1].value) if _numeric_power(p) else (p, Fraction(1)) for p in parts]
    for base, exponent in split:
        exponents[base] = exponents.get(base, Fraction(0)) + exponent
    return [p for p, (base, _) in zip(parts, split, strict=True) if exponents[base] != 0]


def _numeric_power(term: Term) -> bool:
    return term.op == "pow" and term.children[1].op == "num"


def folded_right(fact: Fact) -> Fact:
    """The fact with its right side folded, where the kernel accepts that."""
    right = folded(fact.right)
    if right == fact.right:
        return fact
    try:
        return rules.restate(fact, right=right)
    except Refused:
        return fact
