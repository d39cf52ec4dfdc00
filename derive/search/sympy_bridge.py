"""Between terms and SymPy, for search and for authors; SymPy is imported when it is first needed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from derive.errors import DeriveError
from derive.kernel.term import (
    E_NUMBER,
    INFINITY,
    PI,
    Term,
    add,
    bind,
    exp,
    fn,
    log,
    mul,
    num,
    plain,
    power,
    sym,
)
from derive.search.effort import bounded

REAL: Final[Mapping[str, bool]] = {"real": True}
POSITIVE: Final[Mapping[str, bool]] = {"positive": True}
NAMED: Final = ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh")


class NoCounterpart(DeriveError):
    """A term or expression that the other side cannot express."""


def to_sympy(term: Term, assumptions: Mapping[str, bool] = REAL) -> Any:
    """The SymPy expression of a term, unevaluated sums and integrals included; NoCounterpart names what has none.

    ``assumptions`` are those that SymPy makes of every symbol.
    """
    import sympy

    def go(node: Term) -> Any:
        if node.op == "num":
            return sympy.Rational(node.value.numerator, node.value.denominator)
        if node.op == "sym":
            return sympy.Symbol(node.name, **assumptions)
        if node.op == "const":
            return {"pi": sympy.pi, "e": sympy.E, "oo": sympy.oo}[node.name]
        children = node.children
        if node.op == "add":
            return sympy.Add(*map(go, children))
        if node.op == "mul":
            return sympy.Mul(*map(go, children))
        if node.op == "pow":
            return sympy.Pow(go(children[0]), go(children[1]))
        if node.op == "fn":
            if node.name in NAMED and len(children) == 1:
                return getattr(sympy, node.name)(go(children[0]))
            if node.name == "logistic":
                return 1 / (1 + sympy.exp(-go(children[0])))
            return sympy.Function(node.name)(*map(go, children))
        if node.op in ("sum", "prod", "int"):
            kind = {"sum": sympy.Sum, "prod": sympy.Product, "int": sympy.Integral}[node.op]
            return kind(go(children[0]), tuple(map(go, children[1:])))
        raise NoCounterpart(f"'{plain(node)}' has no counterpart in SymPy.")

    return go(term)


def from_sympy(expression: Any) -> Term:
    """The term of a SymPy expression; NoCounterpart names what has none (floats among others)."""
    import sympy

    if isinstance(expression, sympy.Rational):
        return num(Fraction(int(expression.p), int(expression.q)))
    if isinstance(expression, sympy.Symbol):
        return sym(expression.name)
    for constant, term in ((sympy.pi, PI), (sympy.E, E_NUMBER), (sympy.oo, INFINITY)):
        if expression == constant:
            return term
    arguments = expression.args
    if isinstance(expression, sympy.Add):
        return add(*map(from_sympy, arguments))
    if isinstance(expression, sympy.Mul):
        return mul(*map(from_sympy, arguments))
    if isinstance(expression, sympy.exp):
        return exp(from_sympy(arguments[0]))
    if isinstance(expression, sympy.Pow):
        return power(from_sympy(arguments[0]), from_sympy(arguments[1]))
    if isinstance(expression, sympy.log) and len(arguments) == 1:
        return log(from_sympy(arguments[0]))
    if isinstance(expression, (sympy.Sum, sympy.Product, sympy.Integral)) and len(expression.limits) == 1:
        limits = expression.limits[0]
        if len(limits) == 3:
            op = "sum" if isinstance(expression, sympy.Sum) else "prod"
            op = "int" if isinstance(expression, sympy.Integral) else op
            return bind(op, from_sympy(expression.function), from_sympy(limits[0]), *map(from_sympy, limits[1:]))
    if isinstance(expression, sympy.Function) and arguments:
        return fn(expression.func.__name__, *map(from_sympy, arguments))
    raise NoCounterpart(f"'{expression}' has no counterpart among terms.")


def _short(term: Term, limit: int = 400) -> bool:
    from derive.kernel.term import walk

    return sum(1 for _ in walk(term)) <= limit


def antiderivative(body: Term, variable: Term) -> Term | None:
    """What SymPy finds as an antiderivative of a rational or elementary body, or None; not to be trusted."""
    import sympy
    from sympy.integrals.manualintegrate import manualintegrate
    from sympy.integrals.rationaltools import ratint

    if not _short(body):
        return None
    try:
        x = to_sympy(variable, POSITIVE)
        expression = to_sympy(body, POSITIVE)
        _forget()
        find = ratint if expression.is_rational_function(x) else manualintegrate
        found = bounded(lambda: find(expression, x))
        return None if found is None or found.has(sympy.Integral, sympy.Piecewise) else from_sympy(found)
    except (NoCounterpart, NotImplementedError, sympy.PolynomialError, ValueError, TypeError):
        return None


def telescoping_difference(body: Term, index: Term) -> Term | None:
    """A g with g(k+1) - g(k) = body by Gosper's algorithm, or None; not to be trusted."""
    import sympy
    from sympy.concrete.gosper import gosper_term

    if not _short(body):
        return None
    try:
        k = to_sympy(index, {})
        expression = to_sympy(body, {})
        _forget()
        factor = bounded(lambda: gosper_term(expression, k))
        difference = None if factor is None else bounded(lambda: sympy.factor(expression * factor))
        return None if difference is None else from_sympy(difference)
    except (NoCounterpart, NotImplementedError, sympy.PolynomialError, ValueError, TypeError, ZeroDivisionError):
        return None


def _forget() -> None:
    """Drop what SymPy remembers: it would change how much effort is left, and stopped work leaves it half done."""
    from sympy.core.cache import clear_cache
    from sympy.integrals import manualintegrate as rules

    clear_cache()
    for name in ("_integral_cache", "_parts_u_cache"):
        getattr(rules, name, {}).clear()
