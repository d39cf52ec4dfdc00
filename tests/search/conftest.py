"""An evaluation of terms by mpmath, independent of the kernel's arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import mpmath
import pytest

from derive.kernel.term import Term

FUNCTIONS = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "logistic": lambda x: 1 / (1 + mpmath.exp(-x)),
}


def evaluate(term: Term, values: Mapping[str, object]) -> mpmath.mpf:
    if term.op == "num":
        return mpmath.mpf(term.value.numerator) / term.value.denominator
    if term.op == "sym":
        return mpmath.mpf(values[term.name])
    if term.op == "const":
        return {"pi": mpmath.pi, "e": mpmath.e}[term.name]
    if term.op in ("sum", "prod"):
        body, variable, lower, upper = term.children
        start, end = (int(evaluate(t, values)) for t in (lower, upper))
        parts = [evaluate(body, {**values, variable.name: k}) for k in range(start, end + 1)]
        return mpmath.fsum(parts) if term.op == "sum" else mpmath.fprod(parts)
    if term.op == "int":
        body, variable, lower, upper = term.children
        ends = [evaluate(t, values) for t in (lower, upper)]
        return mpmath.quad(lambda x: evaluate(body, {**values, variable.name: x}), ends)
    if term.op == "at":
        body, variable, value = term.children
        return evaluate(body, {**values, variable.name: evaluate(value, values)})
    parts = [evaluate(child, values) for child in term.children]
    if term.op == "add":
        return mpmath.fsum(parts)
    if term.op == "mul":
        return mpmath.fprod(parts)
    if term.op == "pow":
        return mpmath.power(*parts)
    if term.op == "fn":
        return FUNCTIONS[term.name](*parts)
    raise NotImplementedError(term.op)


@pytest.fixture
def value() -> Callable[[Term, Mapping[str, object]], mpmath.mpf]:
    """The value of a term (definitions expanded) at a point, by mpmath."""
    return evaluate
