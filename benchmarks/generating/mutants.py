"""Slips of the pen at one place of a term: signs, factors, squares, roots, indices, bounds, names.

Whether a mutant is false is not known here; ``truth`` tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from derive.kernel.term import HALF, MINUS_ONE, ONE, Term, add, fn, mul, neg, num, power, sqrt, sym

TWO: Final = num(2)
SWAPPED: Final = {
    "y_w": "y_l",
    "y_l": "y_w",
    "\\Delta t": "t",
    "s": "r",
    "P": "Q",
    "S": "R",
    "R": "S",
    "Q": "R",
    "k": "r",
}
"""Symbols that are taken for each other."""
NAMED: Final = {"\\pi^*": "\\pi_{\\text{ref}}", "\\pi_\\theta": "\\pi_{\\text{ref}}", "\\alpha": "\\beta", "u": "p"}
"""Functions that are taken for each other."""
PARAMETERS: Final = frozenset({"\\sigma", "\\Delta t", "t", "\\beta", "s", "r", "k", "n", "P", "Q", "R", "S", "a", "u"})
"""Symbols of which a square or a root may be forgotten or added."""
ENTERED: Final = frozenset({"log", "exp", "logistic", "Var", "Cov", "KL"})
Mutant = tuple[str, Term]


def mutants(root: Term) -> Iterator[Mutant]:
    """Every mutant of a term with the name of its slip; no two are the same."""
    seen = {root}
    for name, found in (*_whole(root), *_anywhere(root)):
        if found not in seen:
            seen.add(found)
            yield name, found


def _whole(root: Term) -> Iterator[Mutant]:
    """Slips with a whole side."""
    if root.op in ("law", "given") or root.op == "fn" and root.name.endswith(" over"):
        return
    yield "sign", neg(root)
    yield "factor 2", mul(TWO, root)
    yield "square", power(root, TWO)
    yield "root", sqrt(root)
    yield "inverse", power(root, MINUS_ONE)
    yield "one less it", add(ONE, neg(root))


def _anywhere(node: Term) -> Iterator[Mutant]:
    yield from _here(node)
    for n, child in enumerate(node.children):
        if node.op in ("sum", "prod", "int", "sumset", "fun", "at") and n == 1:
            continue  # the bound symbol
        if node.op == "diff" and n == 1 or node.op == "draw" and n == 0:
            continue
        if node.op == "fn" and not _enters(node, n):
            continue
        for name, changed in _anywhere(child):
            yield name, with_child(node, n, changed)


def _enters(node: Term, number: int) -> bool:
    """Whether an argument of a function is a quantity or a member of a family, and not an index or a variable."""
    if node.name == "grad" or node.name.endswith(" over"):
        return number == (1 if node.name == "grad" else 0)
    child = node.children[number]
    return node.name in ENTERED or child.op == "fn" or child.op == "sym" and child.name in ("y_w", "y_l")


def with_child(node: Term, number: int, child: Term) -> Term:
    """The node with one of its children replaced; sums and products stay spliced."""
    children = [child if n == number else c for n, c in enumerate(node.children)]
    if node.op == "add":
        return add(*children)
    if node.op == "mul":
        return mul(*children)
    head = node.args[: len(node.args) - len(node.children)]
    return Term(node.op, (*head, *children))


def _here(node: Term) -> Iterator[Mutant]:
    yield from SLIPS.get(node.op, _none)(node)


def _none(node: Term) -> Iterator[Mutant]:
    yield from ()


def _without(node: Term, number: int) -> tuple[Term, ...]:
    return tuple(c for n, c in enumerate(node.children) if n != number)


def _sum(node: Term) -> Iterator[Mutant]:
    for n, summand in enumerate(node.children):
        flipped = mul(*summand.children[1:]) if _negative(summand) else neg(summand)
        yield "sign of a summand", with_child(node, n, flipped)
        if len(node.children) > 1:
            yield "dropped summand", add(*_without(node, n))
        yield "factor 2", with_child(node, n, mul(TWO, summand) if summand.op != "num" else num(summand.value * 2))


def _negative(node: Term) -> bool:
    return node.op == "mul" and node.children[0] == MINUS_ONE


def _product(node: Term) -> Iterator[Mutant]:
    yield "factor 1/2", mul(HALF, node)
    for n, factor in enumerate(node.children):
        rest = _without(node, n)
        if factor == MINUS_ONE:
            yield "dropped sign", mul(*rest)
            continue
        yield "dropped factor", mul(*rest)
        if factor.op == "pow" and factor.children[1] == MINUS_ONE:
            yield "multiplied instead of divided", with_child(node, n, factor.children[0])
        elif factor.op not in ("num", "fn") or factor.op == "fn" and factor.name == "Z":
            yield "divided instead of multiplied", mul(*rest, power(factor, MINUS_ONE))
    below = [f for f in node.children if f.op == "pow" and f.children[1] == MINUS_ONE]
    above = [f for f in node.children if f not in below and f.op != "num"]
    if below and above:
        numbers = [f for f in node.children if f.op == "num"]
        turned = [*numbers, *(f.children[0] for f in below), power(mul(*above), MINUS_ONE)]
        yield "numerator and denominator exchanged", mul(*turned)


def _power(node: Term) -> Iterator[Mutant]:
    base, exponent = node.children
    if exponent == MINUS_ONE:
        return
    yield "dropped power", base
    if exponent.op == "num" and exponent.value > 1:
        yield "power", power(base, num(exponent.value - 1)) if exponent.value > 2 else power(base, num(3))
        yield "root instead of a power", power(base, num(1 / exponent.value))
    elif exponent.op != "num":
        yield "inverse exponent", power(base, power(exponent, MINUS_ONE))


def _symbol(node: Term) -> Iterator[Mutant]:
    if node.name in SWAPPED:
        yield "wrong letter", sym(SWAPPED[node.name])
    if node.name in PARAMETERS:
        yield "square added", power(node, TWO)
        yield "root added", sqrt(node)


def _function(node: Term) -> Iterator[Mutant]:
    name, children = node.name, node.children
    if name in ("log", "exp"):
        yield f"dropped {name}", children[0]
    if name in ("exp", "logistic"):
        yield "sign of an argument", fn(name, neg(children[0]))
    if name == "KL":
        yield "direction of the divergence", fn(name, children[1], children[0])
    if name == "Cov":
        yield "wrong variable", fn("Var", children[0])
        yield "wrong variable", fn("Var", children[1])
    if name in NAMED:
        yield "wrong function", fn(NAMED[name], *children)
    if name == "\\hat r_\\theta":
        yield "wrong function", fn("r", *children)
    if len(children) == 1 and name not in ("log", "exp", "logistic", "Var", "Z"):
        yield from _index(node)
    if name.endswith(" over") and name[:3] in ("max", "min"):
        yield "maximum and minimum exchanged", fn({"max": "min"}.get(name[:3], "max") + name[3:], *children)


def _index(node: Term) -> Iterator[Mutant]:
    """The neighbour of a member of a family."""
    at = node.children[0]
    if at.op == "num" and at.value.denominator == 1:
        yield "wrong index", fn(node.name, num(at.value % 3 + 1 if at.value else 1))
    elif at.op == "sym":
        yield "index off by one", fn(node.name, add(at, MINUS_ONE))
    elif at.op == "add" and len(at.children) == 2 and at.children[0].op == "sym":
        yield "index off by one", fn(node.name, at.children[0])


def _binder(node: Term) -> Iterator[Mutant]:
    body, variable, low, high = node.children
    more, less = _shifted(low, 1), _shifted(high, -1)
    yield "lower bound", Term(node.op, (body, variable, more, high))
    yield "upper bound", Term(node.op, (body, variable, low, less if node.op != "int" else mul(TWO, high)))
    if node.op == "prod":
        yield "sum instead of a product", Term("sum", (body, variable, low, high))
    if node.op == "sum":
        yield "product instead of a sum", Term("prod", (body, variable, low, high))


def _shifted(bound: Term, by: int) -> Term:
    return num(bound.value + by) if bound.op == "num" else add(bound, num(by))


def _law(node: Term) -> Iterator[Mutant]:
    if len(node.children) != 2:
        return
    mean, variance = node.children
    yield "standard deviation for the variance", Term("law", (node.name, mean, sqrt(variance)))
    yield "squared variance", Term("law", (node.name, mean, power(variance, TWO)))
    yield "doubled variance", Term("law", (node.name, mean, mul(TWO, variance)))
    yield "shifted mean", Term("law", (node.name, add(mean, ONE) if mean.op != "num" else ONE, variance))
    yield "mean and variance exchanged", Term("law", (node.name, variance, mean))


def _number(node: Term) -> Iterator[Mutant]:
    if node.value > 0:
        yield "number", num(node.value + 1)
        yield "number", num(node.value / 2)


def _condition(node: Term) -> Iterator[Mutant]:
    if len(node.children) == 2 and node.children[1].op != "eq":
        yield "condition and outcome exchanged", Term("given", (node.children[1], node.children[0]))
    if len(node.children) == 3:
        yield "dropped condition", Term("given", node.children[:2])


def _expectation(node: Term) -> Iterator[Mutant]:
    if len(node.children) > 1:
        yield "factor 2", mul(TWO, node)


SLIPS: Final[dict[str, Callable[[Term], Iterator[Mutant]]]] = {
    "add": _sum,
    "mul": _product,
    "pow": _power,
    "sym": _symbol,
    "fn": _function,
    "sum": _binder,
    "prod": _binder,
    "int": _binder,
    "law": _law,
    "num": _number,
    "given": _condition,
    "E": _expectation,
}
