r"""Rigorous definite integrals of real terms, by evaluating the integrand on complex balls.

The integrand must be real on the whole interval; that is checked on subintervals before the complex
evaluation, because :math:`\sqrt x` is complex for negative :math:`x` but not real.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import flint
from flint import acb, arb, fmpq, fmpz

from derive.kernel.term import Term, free_symbols, plain, walk

if TYPE_CHECKING:
    from derive.kernel.evaluate import Environment, Evaluator, Value

PIECES: Final = 32
EVALUATIONS: Final = 400


def integral(evaluator: Evaluator, node: Term, env: Environment) -> Value:
    """The value of an ``int`` node with finite limits; raises NotEnclosed."""
    from derive.kernel.evaluate import NotEnclosed, as_arb

    body, variable, lower, upper = node.children
    start, end = evaluator.number(lower, env), evaluator.number(upper, env)
    if variable.name not in free_symbols(body):
        return evaluator.number(body, env) * (end - start)
    first, last = as_arb(start), as_arb(end)
    _check_real(evaluator, body, variable.name, env, first, last)

    def integrand(x: acb, analytic: bool) -> acb:
        return _Complex(evaluator, variable.name, x, env, analytic).value(body)

    result = acb.integral(integrand, acb(first), acb(last), eval_limit=EVALUATIONS, rel_tol=arb(2) ** (8 - flint.ctx.prec))
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


class _Complex:
    """Values of an integrand where its variable is a complex ball."""

    def __init__(self, real: Evaluator, name: str, x: acb, env: Environment, analytic: bool) -> None:
        self.real = real
        self.name = name
        self.x = x
        self.env = env
        self.analytic = analytic

    def value(self, node: Term) -> acb:
        from derive.kernel.evaluate import NotEnclosed

        if self.name not in free_symbols(node):
            return acb(self.real.number(node, self.env))
        children = node.children
        if node.op == "sym":
            return self.x
        if node.op == "add":
            total = acb(0)
            for child in children:
                total += self.value(child)
            return total
        if node.op == "mul":
            product = acb(1)
            for child in children:
                product *= self.value(child)
            return product
        if node.op == "pow":
            return self._pow(*children)
        if node.op == "fn" and len(children) == 1 and node.name not in self.real.chart.functions:
            rule = _FUNCTIONS.get(node.name)
            if rule is not None:
                return rule(self.value(children[0]), self.analytic)
        if node.op == "sum":
            return self._sum(node)
        raise NotEnclosed(f"'{plain(node)}' is not evaluated inside an integral.")

    def _pow(self, base: Term, exponent: Term) -> acb:
        b = self.value(base)
        if self.name not in free_symbols(exponent):
            e = self.real.number(exponent, self.env)
            if isinstance(e, fmpq):
                if e.q == 1:
                    return b ** fmpz(e.p)
                if e == fmpq(1, 2):
                    return b.sqrt(analytic=self.analytic)
        return b.pow(self.value(exponent), analytic=self.analytic)

    def _sum(self, node: Term) -> acb:
        from derive.kernel.evaluate import NotEnclosed

        body, variable, lower, upper = node.children
        if self.name in free_symbols(lower) | free_symbols(upper):
            raise NotEnclosed(f"the limits of '{plain(node)}' move with the variable of the integral.")
        first, last = self.real.integer(lower, self.env), self.real.integer(upper, self.env)
        if last - first > 50:
            raise NotEnclosed(f"'{plain(node)}' has too many terms inside an integral.")
        total = acb(0)
        for index in range(first, last + 1):
            inner = {**self.env, variable.name: fmpq(index)}
            total += _Complex(self.real, self.name, self.x, inner, self.analytic).value(body)
        return total


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
