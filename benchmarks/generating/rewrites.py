"""Rewriting at one place of a term that keeps its value: order, brackets, fractions, powers, logarithms, binders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from generating.mutants import with_child

from derive.kernel.term import (
    HALF,
    MINUS_ONE,
    ONE,
    Term,
    add,
    exp,
    fn,
    free_symbols,
    log,
    mul,
    neg,
    num,
    power,
    sqrt,
    substitute,
    sym,
)

Rewrite = tuple[str, Term]
ENTERED: Final = ("log", "exp", "logistic", "Var", "Cov", "grad")
"""Functions whose arguments are quantities; an index is written in one way."""


def rewrites(root: Term) -> Iterator[Rewrite]:
    """Every rewriting of a term with its name; no two are the same."""
    seen = {root}
    for name, found in _anywhere(root):
        if found not in seen:
            seen.add(found)
            yield name, found


def _anywhere(node: Term) -> Iterator[Rewrite]:
    for rule in RULES.get(node.op, ()):
        yield from rule(node)
    if node.op == "fn" and node.name not in ENTERED and "over" not in node.name:
        return
    for n, child in enumerate(node.children):
        if node.op in ("sum", "prod", "int", "sumset", "fun", "at", "diff") and n == 1 or node.op in ("draw", "given"):
            continue
        if node.op == "pow" and n == 1 or node.op == "fn" and node.name == "grad" and n == 0:
            continue
        for name, changed in _anywhere(child):
            yield name, with_child(node, n, changed)


def _inverse(node: Term) -> bool:
    return node.op == "pow" and node.children[1] == MINUS_ONE


def fraction(node: Term) -> tuple[Term, Term] | None:
    """Numerator and denominator of a product with an inverse, or of an inverse."""
    factors = node.children if node.op == "mul" else (node,)
    below = [f.children[0] for f in factors if _inverse(f)]
    above = [f for f in factors if not _inverse(f)]
    return (mul(*above) if above else ONE, mul(*below)) if below else None


def over(top: Term, bottom: Term) -> Term:
    """A fraction."""
    return power(bottom, MINUS_ONE) if top == ONE else mul(top, power(bottom, MINUS_ONE))


# -- sums and products -----------------------------------------------------------------------------------
def _commuted(node: Term) -> Iterator[Rewrite]:
    yield "commuted", Term(node.op, tuple(reversed(node.children)))
    if len(node.children) > 2:
        yield "commuted", Term(node.op, (*node.children[1:], node.children[0]))


def _expanded(node: Term) -> Iterator[Rewrite]:
    for n, factor in enumerate(node.children):
        if factor.op == "add":
            rest = [c for i, c in enumerate(node.children) if i != n]
            yield "expanded", add(*(mul(*rest, s) if s != ONE else mul(*rest) for s in factor.children))


def _factored(node: Term) -> Iterator[Rewrite]:
    factors = [c.children if c.op == "mul" else (c,) for c in node.children]
    for f in factors[0]:
        if f != MINUS_ONE and f.op != "num" and all(f in row for row in factors):
            rests = []
            for row in factors:
                left = list(row)
                left.remove(f)
                rests.append(mul(*left) if left else ONE)
            yield "factored", mul(f, add(*rests))
            return


def _common_denominator(node: Term) -> Iterator[Rewrite]:
    parts = [fraction(c) or (c, ONE) for c in node.children]
    below = [b for _, b in parts if b != ONE]
    if not below or any(a.op in ("sum", "prod", "int") for a, _ in parts):
        return
    whole = below[0] if len(set(below)) == 1 else mul(*dict.fromkeys(below))
    tops = []
    for top, bottom in parts:
        missing = [b for b in dict.fromkeys(below) if b != bottom]
        tops.append(mul(top, *missing) if missing else top)
    yield "common denominator", over(add(*tops), whole)


def _negated_difference(node: Term) -> Iterator[Rewrite]:
    if len(node.children) == 2 and node.children[1].op == "mul" and node.children[1].children[0] == MINUS_ONE:
        first, second = node.children
        yield "sign taken out", neg(add(mul(*second.children[1:]), neg(first)))


def _fractions(node: Term) -> Iterator[Rewrite]:
    found = fraction(node)
    if found is None:
        return
    top, bottom = found
    if top != ONE:
        yield "inverse of the inverse", power(over(bottom, top), MINUS_ONE)
        yield "reciprocal in front", mul(power(bottom, MINUS_ONE), top)
    yield "extended fraction", over(mul(num(2), top) if top != ONE else num(2), mul(num(2), bottom))
    if top.op == "add":
        yield "split fraction", add(*(over(s, bottom) for s in top.children))
    if bottom.op == "add" and top in bottom.children and len(bottom.children) == 2:
        rest = bottom.children[1 - bottom.children.index(top)]
        yield "divided through", power(add(ONE, over(rest, top)), MINUS_ONE)
        yield "one less the rest", add(ONE, neg(over(rest, bottom)))


# -- powers, logarithms, the logistic function --------------------------------------------------------------
def _powers(node: Term) -> Iterator[Rewrite]:
    base, exponent = node.children
    found = fraction(base)
    if exponent != MINUS_ONE and found is not None:
        top, bottom = found
        yield "power of a fraction", over(power(top, exponent) if top != ONE else ONE, power(bottom, exponent))
    elif exponent != MINUS_ONE and base.op == "mul" and base.children[0] != MINUS_ONE:
        yield "power of a product", mul(*(power(f, exponent) for f in base.children))
    if exponent == num(2):
        yield "square written out", mul(base, base)
        if base.op == "add" and len(base.children) == 2:
            a, b = base.children
            yield "binomial formula", add(power(a, num(2)), mul(num(2), a, b), power(b, num(2)))
    if exponent.op == "num" and exponent.value.denominator == 1 and exponent.value > 2 and exponent.value % 2 == 0:
        yield "power of a square", power(power(base, num(2)), num(exponent.value / 2))
    if exponent == HALF and base.op == "mul":
        yield (
            "product of roots",
            mul(
                *(sqrt(f) for f in base.children if not _inverse(f)),
                *(power(sqrt(f.children[0]), MINUS_ONE) for f in base.children if _inverse(f)),
            ),
        )
    if exponent.op == "sym":
        yield "exponential of a logarithm", exp(mul(exponent, log(base)))


def _logarithms(node: Term) -> Iterator[Rewrite]:
    if node.name != "log":
        return
    inner = node.children[0]
    found = fraction(inner)
    if found is not None:
        top, bottom = found
        yield "logarithm of a fraction", add(*([log(top)] if top != ONE else []), neg(log(bottom)))
        if top != ONE:
            yield "sign of a logarithm", neg(log(over(bottom, top)))
    elif inner.op == "mul" and inner.children[0] != MINUS_ONE:
        yield "logarithm of a product", add(*map(log, inner.children))


def _multiple_of_logarithm(node: Term) -> Iterator[Rewrite]:
    for n, f in enumerate(node.children):
        rest = [c for i, c in enumerate(node.children) if i != n]
        if f.op == "fn" and f.name == "log" and len(rest) == 1 and rest[0] != MINUS_ONE:
            yield "factor into a logarithm", log(power(f.children[0], rest[0]))


def _functions(node: Term) -> Iterator[Rewrite]:
    if node.name == "exp" and node.children[0].op == "add":
        yield "product of exponentials", mul(*map(exp, node.children[0].children))
    if node.name == "exp":
        yield "power of e", power(Term("const", ("e",)), node.children[0])
    if node.name == "logistic":
        u = node.children[0]
        minus = neg(add(*u.children)) if u.op == "add" else neg(u)
        yield "logistic function written out", power(add(ONE, exp(minus)), MINUS_ONE)
        yield "logistic function by the exponential", over(exp(u), add(ONE, exp(u)))
        yield "one less the logistic function", add(ONE, neg(fn("logistic", minus)))


# -- binders ------------------------------------------------------------------------------------------------
LETTERS: Final = ("m", "l", "u", "v")


def _renamed(node: Term) -> Iterator[Rewrite]:
    body, variable, *rest = node.children
    used = free_symbols(body).union(*(free_symbols(r) for r in rest)) if rest else free_symbols(body)
    for letter in LETTERS[:2] if node.op != "int" else LETTERS[2:]:
        if letter not in used and letter != variable.name:
            new = sym(letter)
            yield "renamed index", Term(node.op, (substitute(body, {variable.name: new}), new, *rest))
            return


def _shifted(node: Term) -> Iterator[Rewrite]:
    body, variable, low, high = node.children

    def moved(bound: Term, by: int) -> Term:
        return num(bound.value + by) if bound.op == "num" else add(bound, num(by))

    for by in (1, -1):
        inner = substitute(body, {variable.name: add(variable, num(-by))})
        yield "shifted index", Term(node.op, (inner, variable, moved(low, by), moved(high, by)))
    whole = add(low, high) if low.op != "num" else add(high, low) if low.value else high
    inner = substitute(body, {variable.name: add(whole, neg(variable))})
    yield "reversed order", Term(node.op, (inner, variable, low, high))


def _peeled(node: Term) -> Iterator[Rewrite]:
    body, variable, low, high = node.children
    if high.op == "num" or node.op == "int":
        return
    last = substitute(body, {variable.name: high})
    rest = Term(node.op, (body, variable, low, add(high, MINUS_ONE)))
    yield "last one apart", add(last, rest) if node.op == "sum" else mul(last, rest)


def _split_product(node: Term) -> Iterator[Rewrite]:
    body, *rest = node.children
    found = fraction(body)
    if found is not None and found[0] != ONE:
        yield "product of a fraction", over(Term("prod", (found[0], *rest)), Term("prod", (found[1], *rest)))


def _linear(node: Term) -> Iterator[Rewrite]:
    body, *rest = node.children
    if body.op == "add" and node.op in ("sum", "int"):
        yield "sum of both", add(*(Term(node.op, (s, *rest)) for s in body.children))


def _split_integral(node: Term) -> Iterator[Rewrite]:
    body, variable, low, high = node.children
    if low.op == "num" and high.op == "num":
        middle = num((low.value + high.value) / 2)
        halves = ((low, middle), (middle, high))
        yield "interval halved", add(*(Term("int", (body, variable, a, b)) for a, b in halves))
        width = high.value - low.value
        inner = substitute(body, {variable.name: add(num(low.value + high.value), neg(variable))})
        if width > 0:
            yield "reversed integral", Term("int", (inner, variable, low, high))


def _mean(node: Term) -> Iterator[Rewrite]:
    body, *draws = node.children
    if draws and body.op == "add":
        yield "mean of a sum", add(*(Term("E", (s, *draws)) for s in body.children))


def _into_mean(node: Term) -> Iterator[Rewrite]:
    if node.children[-1].op == "E" and len(node.children[-1].children) > 1:
        body, *draws = node.children[-1].children
        yield "factor into the mean", Term("E", (mul(*node.children[:-1], body), *draws))


RULES: Final[dict[str, tuple[Callable[[Term], Iterator[Rewrite]], ...]]] = {
    "add": (_commuted, _factored, _common_denominator, _negated_difference),
    "mul": (_commuted, _expanded, _fractions, _multiple_of_logarithm, _into_mean),
    "pow": (_powers, _fractions),
    "fn": (_logarithms, _functions),
    "sum": (_renamed, _shifted, _peeled, _linear),
    "prod": (_renamed, _shifted, _peeled, _split_product),
    "int": (_renamed, _linear, _split_integral),
    "E": (_mean,),
}
