r"""Symbolic derivatives of terms.

The derivative of a term is again a term, equal to it wherever the derivative exists and the result is
defined. What has no rule (a limit, an expectation, a law) raises NotDifferentiable.

An abstract function that the chart declares depends on its arguments only; its partial derivatives are
written :math:`(\partial f(u)/\partial u)|_{u=g}`. A function or family that the chart does not declare,
or whose name contains the symbol (:math:`\pi_\theta`), may depend on the symbol in a hidden way, so its
derivative stays as written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from derive.kernel.chart import Chart
from derive.kernel.term import (
    HALF,
    MINUS_ONE,
    ONE,
    PI,
    ZERO,
    Term,
    add,
    bind,
    exp,
    fn,
    free_symbols,
    fresh_symbol,
    log,
    logistic,
    mul,
    num,
    plain,
    power,
    rebuild,
    replace,
    substitute,
    walk,
)


class NotDifferentiable(Exception):
    """There is no rule for this derivative."""


def derivative(body: Term, variable: Term, chart: Chart) -> Term:
    r""":math:`\partial body/\partial variable`; the variable is a symbol, or one value of a function.

    Definitions of the chart are expanded first, so that what they hide is differentiated too. Values of a function
    at different numbers (:math:`z_1`, :math:`z_2`) are independent variables, unless they must sum to 1. Raises
    NotDifferentiable.
    """
    body = chart.expand(body)
    if variable.op == "sym":
        return _Rules(variable, chart).of(body)
    if variable.op != "fn":
        raise NotDifferentiable(f"'{plain(variable)}' is no symbol to differentiate by.")
    body = _numbered(_unrolled(body, variable.name), variable.name)
    variable = _numbered(variable, variable.name)
    taken = frozenset().union(
        *(free_symbols(n) for n in (body, variable)), (n.name for n in walk(body) if n.op == "sym")
    )
    stand_in = fresh_symbol(STAND_IN, taken)
    inside = replace(body, variable, stand_in)
    if any(n.op == "fn" and n.name == variable.name and not _apart(n, variable, chart) for n in walk(inside)):
        raise NotDifferentiable(
            f"'{plain(body)}' holds other values of '{variable.name}' than '{plain(variable)}'; they may coincide."
        )
    return replace(_Rules(stand_in, chart).of(inside), stand_in, variable)


def _apart(one: Term, other: Term, chart: Chart) -> bool:
    """Whether two values of a function may be chosen independently: its arguments are numbers that differ."""
    declared = chart.functions.get(other.name)
    if declared is None or declared.range == "probability" or len(one.children) != len(other.children):
        return False
    pairs = list(zip(one.children, other.children, strict=True))
    return any(a.op == b.op == "num" and a.value != b.value for a, b in pairs)


STAND_IN: Final = "\u25e6"
"""Stands for a value of a function; no name contains it."""
MAX_UNROLLED: Final = 64


def _unrolled(node: Term, name: str) -> Term:
    """Sums over a few numbers written out where values of the function are summed."""
    node = rebuild(node, lambda child: _unrolled(child, name))
    if node.op != "sum" or not any(n.op == "fn" and n.name == name for n in walk(node.children[0])):
        return node
    body, index, low, high = node.children
    if low.op != "num" or high.op != "num" or low.value.denominator != 1 or high.value.denominator != 1:
        return node
    terms = range(int(low.value), int(high.value) + 1)
    if not 0 < len(terms) <= MAX_UNROLLED:
        return node
    return _sum([substitute(body, {index.name: num(k)}) for k in terms])


def _numbered(node: Term, name: str) -> Term:
    r"""The arguments of the function added up where they are numbers: :math:`z_{3+1-1}` is :math:`z_3`."""
    node = rebuild(node, lambda child: _numbered(child, name))
    if node.op != "fn" or node.name != name:
        return node
    return fn(name, *(a if (value := _number(a)) is None else num(value) for a in node.children))


def _number(node: Term) -> Fraction | None:
    """The value of a sum or product of numbers."""
    if node.op == "num":
        return node.value
    if node.op not in ("add", "mul"):
        return None
    total = Fraction(node.op == "mul")
    for child in node.children:
        value = _number(child)
        if value is None:
            return None
        total = total + value if node.op == "add" else total * value
    return total


def _sum(parts: list[Term]) -> Term:
    kept = [p for p in parts if p != ZERO]
    return add(*kept) if kept else ZERO


def _product(*factors: Term) -> Term:
    if ZERO in factors:
        return ZERO
    kept = [f for f in factors if f != ONE]
    return mul(*kept) if kept else ONE


def _over(top: Term, bottom: Term) -> Term:
    return _product(top, power(bottom, MINUS_ONE))


def _minus(value: Term) -> Term:
    return _product(MINUS_ONE, value)


def _side(value: Term) -> Term:
    """The sign of what is not 0; at 0, where there may be a kink, it is undefined."""
    return mul(fn("sign", value), value, power(value, MINUS_ONE))


_SQUARE: Final = num(2)

FUNCTIONS: Final[Mapping[str, Callable[[Term], Term]]] = {
    "log": lambda u: power(u, MINUS_ONE),
    "exp": exp,
    "logistic": lambda u: mul(logistic(u), logistic(_minus(u))),
    "sin": lambda u: fn("cos", u),
    "cos": lambda u: _minus(fn("sin", u)),
    "tan": lambda u: power(fn("cos", u), num(-2)),
    "sinh": lambda u: fn("cosh", u),
    "cosh": lambda u: fn("sinh", u),
    "tanh": lambda u: power(fn("cosh", u), num(-2)),
    "arctan": lambda u: power(add(ONE, power(u, _SQUARE)), MINUS_ONE),
    "artanh": lambda u: power(add(ONE, _minus(power(u, _SQUARE))), MINUS_ONE),
    "arsinh": lambda u: power(add(ONE, power(u, _SQUARE)), num(-1, 2)),
    "arcsin": lambda u: power(add(ONE, _minus(power(u, _SQUARE))), num(-1, 2)),
    "arccos": lambda u: _minus(power(add(ONE, _minus(power(u, _SQUARE))), num(-1, 2))),
    "erf": lambda u: mul(num(2), power(PI, num(-1, 2)), exp(_minus(power(u, _SQUARE)))),
    "erfc": lambda u: mul(num(-2), power(PI, num(-1, 2)), exp(_minus(power(u, _SQUARE)))),
    "abs": lambda u: _side(u),
}
"""Derivatives of the functions of one argument that every chart knows."""

_ROUGH: Final = frozenset({"abs", "sign", "max", "min"})


class _Rules:
    def __init__(self, variable: Term, chart: Chart) -> None:
        self.variable = variable
        self.name = variable.name
        self.chart = chart

    def of(self, node: Term) -> Term:
        """The derivative of a node."""
        if self.constant(node):
            return ZERO
        rule: Callable[[Term], Term] | None = getattr(self, f"_{node.op}", None)
        if rule is None:
            raise NotDifferentiable(f"There is no rule for the derivative of '{plain(node)}'.")
        return rule(node)

    def constant(self, node: Term) -> bool:
        """Whether the node depends on the variable neither openly nor in a hidden way."""
        if self.name in free_symbols(node):
            return False
        return not any(n.op in ("E", "given", "law", "lim") or (n.op == "fn" and self.hidden(n)) for n in walk(node))

    def hidden(self, node: Term) -> bool:
        """Whether an application may depend on the variable otherwise than through its arguments."""
        if node.name in self.chart.functions:
            return self.name.rstrip("'") in node.name  # primes tell renamed symbols apart
        return (node.name, len(node.children)) not in _KNOWN

    def _sym(self, node: Term) -> Term:
        return ONE

    def _add(self, node: Term) -> Term:
        return _sum([self.of(c) for c in node.children])

    def _mul(self, node: Term) -> Term:
        factors = node.children
        return _sum([_product(*factors[:i], self.of(f), *factors[i + 1 :]) for i, f in enumerate(factors)])

    def _pow(self, node: Term) -> Term:
        base, exponent = node.children
        if self.constant(exponent):
            lower = num(exponent.value - 1) if exponent.op == "num" else add(exponent, MINUS_ONE)
            reduced = ONE if lower == ZERO else base if lower == ONE else power(base, lower)
            return _product(exponent, reduced, self.of(base))
        if self.constant(base):
            return _product(node, log(base), self.of(exponent))
        inner = _sum([_product(self.of(exponent), log(base)), _product(exponent, _over(self.of(base), base))])
        return _product(node, inner)

    def _fn(self, node: Term) -> Term:
        if self.hidden(node):
            return Term("diff", (node, self.variable))
        arguments = node.children
        parts = []
        for i, argument in enumerate(arguments):
            inner = self.of(argument)
            if inner != ZERO:
                parts.append(_product(self._partial(node, i), inner))
        return _sum(parts)

    def _partial(self, node: Term, place: int) -> Term:
        arguments = node.children
        argument = arguments[place]
        known = FUNCTIONS.get(node.name) if node.name not in self.chart.functions else None
        if known is not None and len(arguments) == 1:
            return known(argument)
        if node.name in ("max", "min") and node.name not in self.chart.functions and len(arguments) == 2:
            sign = _side(add(argument, _minus(arguments[1 - place])))
            return _product(HALF, add(ONE, sign if node.name == "max" else _minus(sign)))
        if node.name not in self.chart.functions:
            raise NotDifferentiable(f"There is no rule for the derivative of '{plain(node)}'.")
        others = frozenset().union(*(free_symbols(a) for j, a in enumerate(arguments) if j != place))
        if argument.op == "sym" and argument.name not in others:
            return Term("diff", (node, argument))
        symbol = fresh_symbol("u", others | free_symbols(argument))
        placed = fn(node.name, *arguments[:place], symbol, *arguments[place + 1 :])
        return bind("at", Term("diff", (placed, symbol)), symbol, argument)

    def _apart(self, node: Term) -> Term:
        """A binder whose variable is neither the variable nor free in what it may meet."""
        body, variable, *rest = node.children
        if variable.name != self.name:
            return node
        fresh = fresh_symbol(variable.name, free_symbols(body) | {self.name}.union(*map(free_symbols, rest)))
        return bind(node.op, substitute(body, {variable.name: fresh}), fresh, *rest)

    def _sum(self, node: Term) -> Term:
        body, variable, *limits = self._apart(node).children
        if not all(self.constant(limit) for limit in limits):
            raise NotDifferentiable(f"The limits of '{plain(node)}' move with '{self.name}'.")
        return bind(node.op, self.of(body), variable, *limits)

    _sumset = _sum

    def _prod(self, node: Term) -> Term:
        body, variable, *limits = self._apart(node).children
        if not all(self.constant(limit) for limit in limits):
            raise NotDifferentiable(f"The limits of '{plain(node)}' move with '{self.name}'.")
        return mul(node, bind("sum", _over(self.of(body), body), variable, *limits))

    def _int(self, node: Term) -> Term:
        body, variable, lower, upper = self._apart(node).children
        if any(n.op == "fn" and (n.name in _ROUGH or self.hidden(n)) for n in walk(body)):
            raise NotDifferentiable(f"The integrand of '{plain(node)}' is not known to be smooth.")
        inner = self.of(body)
        parts = [bind("int", inner, variable, lower, upper)] if inner != ZERO else []
        parts.append(_product(substitute(body, {variable.name: upper}), self.of(upper)))
        parts.append(_product(MINUS_ONE, substitute(body, {variable.name: lower}), self.of(lower)))
        return _sum(parts)

    def _at(self, node: Term) -> Term:
        body, variable, value = self._apart(node).children
        parts = []
        explicit = self.of(body)
        if explicit != ZERO:
            parts.append(bind("at", explicit, variable, value))
        moved = self.of(value)
        if moved != ZERO:
            parts.append(_product(bind("at", _Rules(variable, self.chart).of(body), variable, value), moved))
        return _sum(parts)

    def _diff(self, node: Term) -> Term:
        body, variable = node.children
        if variable.op != "sym":
            raise NotDifferentiable(f"There is no rule for the derivative of '{plain(node)}'.")
        inner = _Rules(variable, self.chart).of(body)
        return Term("diff", (node, self.variable)) if inner == node else self.of(inner)


_KNOWN: Final = frozenset(
    {(name, 1) for name in (*FUNCTIONS, "sign", "factorial", "Gamma")}
    | {("max", 2), ("min", 2), ("max", 3), ("min", 3), ("binomial", 2)}
)
