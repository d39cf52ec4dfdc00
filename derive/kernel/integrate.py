r"""Rigorous definite integrals of real terms, by evaluating the integrand on complex balls.

The integrand must be real on the whole interval; that is checked on subintervals before the complex
evaluation, because :math:`\sqrt x` is complex for negative :math:`x` but not real.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

import flint
from flint import acb, arb, fmpq, fmpz

from derive.kernel.functions import NotEnclosed, as_arb
from derive.kernel.term import Term, free_symbols, plain, walk

if TYPE_CHECKING:
    from derive.kernel.evaluate import Environment, Evaluator, Value

PIECES: Final = 32
EVALUATIONS: Final = 400


def integral(evaluator: Evaluator, node: Term, env: Environment) -> Value:
    """The value of an ``int`` node with finite limits; raises NotEnclosed."""
    body, variable, lower, upper = node.children
    start, end = evaluator.number(lower, env), evaluator.number(upper, env)
    if variable.name not in free_symbols(body):
        return evaluator.number(body, env) * (end - start)
    first, last = as_arb(start), as_arb(end)
    _check_real(evaluator, body, variable.name, env, first, last)

    integrand = _Compiler(evaluator, variable.name, env).compile(body)
    result = acb.integral(
        integrand, acb(first), acb(last), eval_limit=EVALUATIONS, rel_tol=arb(2) ** (8 - flint.ctx.prec)
    )
    if not result.is_finite():
        raise NotEnclosed(f"the integral '{plain(node)}' did not converge.", "precision")
    return result.real


def _check_real(evaluator: Evaluator, body: Term, name: str, env: Environment, start: arb, end: arb) -> None:
    """Evaluate on real subintervals, which raises NotEnclosed unless the integrand is real on all of them."""
    if not any(_may_be_complex(node) for node in walk(body)):
        return
    width = (end - start) / PIECES
    for i in range(PIECES):
        piece = (start + width * i).union(start + width * (i + 1))
        evaluator.number(body, {**env, name: piece})


def _may_be_complex(node: Term) -> bool:
    if node.op == "pow":
        exponent = node.children[1]
        return not (exponent.op == "num" and exponent.value.denominator == 1)
    return node.op == "fn" and node.name not in _MEROMORPHIC


Integrand: TypeAlias = Callable[[acb, bool], acb]


class _Compiler:
    """Turns an integrand into a function of its complex variable and the flag ``analytic``."""

    def __init__(self, real: Evaluator, name: str, env: Environment) -> None:
        self.real = real
        self.name = name
        self.env = env

    def compile(self, node: Term) -> Integrand:
        """The function; raises NotEnclosed where something in the integrand cannot be evaluated."""
        if self.name not in free_symbols(node):
            constant = acb(self.real.number(node, self.env))
            return lambda x, analytic: constant
        children = node.children
        if node.op == "sym":
            return lambda x, analytic: x
        if node.op == "add":
            return _sum_of([self.compile(c) for c in children])
        if node.op == "mul":
            return _product_of([self.compile(c) for c in children])
        if node.op == "pow":
            return self._pow(*children)
        if node.op == "fn" and len(children) == 1 and node.name not in self.real.chart.functions:
            rule = _FUNCTIONS.get(node.name)
            if rule is not None:
                return _composed(rule, self.compile(children[0]))
        if node.op == "sum":
            return self._sum(node)
        raise NotEnclosed(f"'{plain(node)}' is not evaluated inside an integral.")

    def _pow(self, base: Term, exponent: Term) -> Integrand:
        b = self.compile(base)
        if self.name not in free_symbols(exponent):
            e = self.real.number(exponent, self.env)
            if isinstance(e, fmpq):
                if e.q == 1:
                    n = fmpz(e.p)
                    return lambda x, analytic: b(x, analytic) ** n
                if e == fmpq(1, 2):
                    return lambda x, analytic: b(x, analytic).sqrt(analytic=analytic)
        f = self.compile(exponent)
        return lambda x, analytic: b(x, analytic).pow(f(x, analytic), analytic=analytic)

    def _sum(self, node: Term) -> Integrand:
        body, variable, lower, upper = node.children
        if self.name in free_symbols(lower) | free_symbols(upper):
            raise NotEnclosed(f"the limits of '{plain(node)}' move with the variable of the integral.")
        first, last = self.real.integer(lower, self.env), self.real.integer(upper, self.env)
        if last - first > 50:
            raise NotEnclosed(f"'{plain(node)}' has too many terms inside an integral.")
        return _sum_of(
            [
                _Compiler(self.real, self.name, {**self.env, variable.name: fmpq(index)}).compile(body)
                for index in range(first, last + 1)
            ]
        )


def _sum_of(parts: list[Integrand]) -> Integrand:
    def total(x: acb, analytic: bool) -> acb:
        result = acb(0)
        for part in parts:
            result += part(x, analytic)
        return result

    return total


def _product_of(parts: list[Integrand]) -> Integrand:
    def product(x: acb, analytic: bool) -> acb:
        result = acb(1)
        for part in parts:
            result *= part(x, analytic)
        return result

    return product


def _composed(outer: Integrand, inner: Integrand) -> Integrand:
    return lambda x, analytic: outer(inner(x, analytic), analytic)


def _abs(z: acb, analytic: bool) -> acb:
    return z.real_abs(analytic=analytic)


_FUNCTIONS: Final[Mapping[str, Callable[[acb, bool], acb]]] = {
    "log": lambda z, analytic: z.log(analytic=analytic),
    "exp": lambda z, _: z.exp(),
    "logistic": lambda z, _: 1 / (1 + (-z).exp()),
    "abs": _abs,
    "sin": lambda z, _: z.sin(),
    "cos": lambda z, _: z.cos(),
    "tan": lambda z, _: z.tan(),
    "sinh": lambda z, _: z.sinh(),
    "cosh": lambda z, _: z.cosh(),
    "tanh": lambda z, _: z.tanh(),
    "erf": lambda z, _: z.erf(),
    "erfc": lambda z, _: z.erfc(),
}
_MEROMORPHIC: Final = frozenset({"exp", "logistic", "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf", "erfc"})
