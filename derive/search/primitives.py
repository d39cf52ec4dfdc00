r"""Finding antiderivatives: powers and exponentials of something linear by pattern, the rest by SymPy."""

from __future__ import annotations

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Chart
from derive.kernel.differentiate import NotDifferentiable, derivative
from derive.kernel.equality import decide
from derive.kernel.fact import Fact
from derive.kernel.rules.scope import inside
from derive.kernel.term import MINUS_ONE, ONE, Term, add, free_symbols, log, mul, num, power, substitute
from derive.search.quotients import factors, product


def integrated(integral: Term, chart: Chart, *, sympy: bool = True) -> Fact | None:
    """``integral`` = F(b) - F(a) for an antiderivative F that was found and checked."""
    variable, body, within = inside(integral, chart)
    guesses = [primitive(body, variable, within)]
    for guess in guesses:
        if guess is not None:
            placed = substitute(guess, {variable.name: integral.children[1]})
            try:
                return rules.antiderivative(integral, placed, chart)
            except Refused:
                break
    if not sympy:
        return None
    from derive.search import sympy_bridge

    found = sympy_bridge.antiderivative(integral.children[0], integral.children[1])
    if found is None:
        return None
    try:
        return rules.antiderivative(integral, found, chart)
    except Refused:
        return None


def primitive(body: Term, variable: Term, chart: Chart) -> Term | None:
    """An antiderivative by pattern, or None."""
    if variable.name not in free_symbols(body):
        return mul(body, variable)
    if body.op == "add":
        parts = [primitive(child, variable, chart) for child in body.children]
        return None if any(p is None for p in parts) else add(*(p for p in parts if p is not None))
    outside = tuple((b, e) for b, e in factors(body) if variable.name not in free_symbols(b))
    moving = [(b, e) for b, e in factors(body) if variable.name in free_symbols(b)]
    if len(moving) != 1:
        return None
    (base, exponent) = moving[0]
    constant = product(outside)
    if base.op == "add" and exponent == 1:
        inner = primitive(base, variable, chart)
        return None if inner is None else mul(constant, inner)
    exponential = base.op == "fn" and base.name == "exp" and exponent == 1
    line = base.children[0] if exponential else base
    slope = _slope(line, variable, chart)
    if slope is None:
        return None
    if exponential:
        return mul(constant, base, power(slope, MINUS_ONE))
    if exponent == -1:
        return mul(constant, log(base), power(slope, MINUS_ONE))
    return mul(constant, power(base, num(exponent + 1)), power(mul(num(exponent + 1), slope), MINUS_ONE))


def _slope(line: Term, variable: Term, chart: Chart) -> Term | None:
    """The derivative of something linear in the variable, as a term without it."""
    try:
        slope = derivative(line, variable, chart)
    except NotDifferentiable:
        return None
    if variable.name not in free_symbols(slope):
        return slope
    constant = substitute(slope, {variable.name: ONE})
    return constant if decide(slope, constant, chart).verdict is True else None
