"""What a term is worth in a world: floating point, finite models and linear random variables.

It shares no code with the kernel or the judge: sums are added up, integrals are quadratures, derivatives are central
differences, means are sums over finite sets, and conditional laws are projections of vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from derive.kernel.term import Term

STEP: Final = 1e-5
"""Of central differences."""


class Unknown(Exception):
    """A term that the world gives no value."""


@dataclass(frozen=True)
class Linear:
    """A random variable: a mean, and its weights on independent standard normals by name."""

    mean: float
    weights: Mapping[str, float]

    def __add__(self, other: Any) -> Linear:
        if not isinstance(other, Linear):
            return Linear(self.mean + other, self.weights)
        names = {*self.weights, *other.weights}
        return Linear(
            self.mean + other.mean, {n: self.weights.get(n, 0.0) + other.weights.get(n, 0.0) for n in sorted(names)}
        )

    __radd__ = __add__

    def __mul__(self, factor: Any) -> Linear:
        if isinstance(factor, Linear):
            raise Unknown("a product of random variables")
        return Linear(self.mean * factor, {n: w * factor for n, w in self.weights.items()})

    __rmul__ = __mul__

    def covariance(self, other: Linear) -> float:
        """Of two random variables."""
        return sum(w * other.weights.get(n, 0.0) for n, w in self.weights.items())


@dataclass(frozen=True)
class Law:
    """A normal law; the mean may depend on random variables that are given."""

    mean: Any
    variance: float


@dataclass(frozen=True)
class World:
    """Values of symbols, functions of the scope and their arguments, sets, distributions, and labels of answers."""

    symbols: Mapping[str, Any]
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    draws: Mapping[str, Callable[[Scope, tuple[Any, ...]], float]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """What a variable that is drawn or summed over a set runs through."""


Scope = Mapping[Any, Any]
"""Values of symbols by name, of components by (name, index), and of policies by name."""


def value(node: Term, world: World, scope: Scope | None = None) -> Any:
    """The value of a term; raises Unknown where it has none here."""
    return _Reader(world).of(node, dict(world.symbols) if scope is None else scope)


def conditional(target: Linear, known: list[Linear]) -> tuple[Linear, float]:
    """The mean of a random variable given others, as a random variable, and its variance."""
    if not known:
        return Linear(target.mean, {}), target.covariance(target)
    gram = np.array([[a.covariance(b) for b in known] for a in known])
    cross = np.array([target.covariance(a) for a in known])
    gains = np.linalg.solve(gram, cross)
    mean: Linear = Linear(target.mean, {})
    for gain, a in zip(gains, known, strict=True):
        mean = mean + (a + -a.mean) * float(gain)
    return mean, target.covariance(target) - float(gains @ cross)


class _Reader:
    def __init__(self, world: World) -> None:
        self.world = world

    def of(self, node: Term, scope: Scope) -> Any:
        op = node.op
        if op == "num":
            return float(node.value)
        if op == "sym":
            if node.name in scope:
                found = scope[node.name]
                return found(scope) if callable(found) else found
            raise Unknown(node.name)
        if op == "const":
            return {"pi": np.pi, "e": np.e, "oo": np.inf}[node.name]
        if op == "add":
            total = self.of(node.children[0], scope)
            for child in node.children[1:]:
                total = total + self.of(child, scope)
            return total
        if op == "mul":
            product = self.of(node.children[0], scope)
            for child in node.children[1:]:
                product = product * self.of(child, scope)
            return product
        if op == "pow":
            base, exponent = (self.of(c, scope) for c in node.children)
            if isinstance(base, Linear) or isinstance(exponent, Linear):
                raise Unknown("a power of a random variable")
            if np.any(np.asarray(base) < 0) and exponent != int(exponent):
                raise Unknown("a root of a negative number")
            if np.any(np.asarray(base) == 0) and exponent < 0:
                raise Unknown("a division by zero")
            return np.asarray(base, float) ** exponent if isinstance(base, np.ndarray) else float(base) ** exponent
        if op in ("sum", "prod"):
            return self.summed(node, scope)
        if op == "int":
            return self.integral(node, scope)
        if op == "sumset":
            name = node.children[1].name
            return sum(self.of(node.children[0], {**scope, name: v}) for v in self.range(name))
        if op == "diff":
            return self.slope(*node.children, scope)
        if op == "E":
            return self.mean(node, scope)
        if op == "law" and node.name == "N" and len(node.children) == 2:
            mean, variance = (self.of(c, scope) for c in node.children)
            if isinstance(variance, Linear):
                raise Unknown("a random variance")
            return Law(mean, variance)
        if op == "given":
            target = self.random(node.children[0], scope)
            mean, variance = conditional(target, self.known(node, scope))
            return Law(mean, variance)
        if op == "fn":
            return self.function(node, scope)
        raise Unknown(op)

    def random(self, node: Term, scope: Scope) -> Linear:
        found = self.of(node, scope)
        if isinstance(found, Linear):
            return found
        raise Unknown("a random variable is expected")

    def known(self, node: Term, scope: Scope) -> list[Linear]:
        return [self.random(c.children[0] if c.op == "eq" else c, scope) for c in node.children[1:]]

    def range(self, name: str) -> tuple[Any, ...]:
        return self.world.ranges.get(name.split("'")[0]) or self.world.answers

    # -- binders -------------------------------------------------------------------------------------
    def summed(self, node: Term, scope: Scope) -> Any:
        body, variable, low, high = node.children
        first, last = self.of(low, scope), self.of(high, scope)
        if abs(first - round(first)) > 1e-9 or abs(last - round(last)) > 1e-9:
            raise Unknown("bounds that are no integers")
        first, last = round(first), round(last)
        whole = np.sum if node.op == "sum" else np.prod
        if last - first > 50:
            values = self.of(body, {**scope, variable.name: np.arange(first, last + 1, dtype=float)})
            if not isinstance(values, np.ndarray):
                return values * (last - first + 1) if node.op == "sum" else values ** (last - first + 1)
            return float(whole(values))
        total: Any = 0.0 if node.op == "sum" else 1.0
        for k in range(first, last + 1):
            one = self.of(body, {**scope, variable.name: float(k)})
            total = total + one if node.op == "sum" else total * one
        return total

    def integral(self, node: Term, scope: Scope) -> float:
        body, variable, low, high = node.children
        a, b = self.of(low, scope), self.of(high, scope)
        if not (np.isfinite(a) and np.isfinite(b)):
            raise Unknown("an improper integral")
        points, weights = np.polynomial.legendre.leggauss(20)
        part = np.concatenate([[0.0], 10.0 ** np.arange(-9, -1), np.linspace(0.1, 1.0, 10)])
        total = 0.0
        for left, right in zip(part, part[1:], strict=False):
            at = a + (b - a) * (left + (right - left) * (points + 1) / 2)
            values = self.of(body, {**scope, variable.name: at})
            total += float(np.sum(weights * values)) * (right - left) / 2 * (b - a)
        return total

    def slope(self, body: Term, variable: Term, scope: Scope) -> Any:
        key: Any
        if variable.op == "sym":
            key = variable.name
        elif variable.op == "fn" and len(variable.children) == 1:
            key = (variable.name, round(self.of(variable.children[0], scope)))
        else:
            raise Unknown("what is differentiated by")
        if key not in scope or isinstance(scope[key], str):
            raise Unknown(str(key))
        at = scope[key](scope) if callable(scope[key]) else scope[key]
        high = self.of(body, {**scope, key: at + STEP})
        low = self.of(body, {**scope, key: at - STEP})
        return (high + low * -1.0) * (1 / (2 * STEP))

    def mean(self, node: Term, scope: Scope) -> Any:
        body, *draws = node.children
        if not draws:
            if body.op == "given":
                return conditional(self.random(body.children[0], scope), self.known(body, scope))[0]
            if body.op == "pow" and body.children[1].op == "num" and body.children[1].value == 2:
                inner = self.random(body.children[0], scope)
                return inner.mean**2 + inner.covariance(inner)
            return self.random(body, scope).mean
        total: Any = 0.0
        for weight, inside in self.drawn(draws, scope):
            total = total + self.of(body, inside) * weight
        return total

    def drawn(self, draws: list[Term], scope: Scope) -> Iterator[tuple[float, Scope]]:
        if not draws:
            yield 1.0, scope
            return
        what, where = draws[0].children
        names = [c.name for c in (what.children if what.op == "fn" else (what,))]
        for inside in self.assigned(names, scope):
            if where.op == "sym" and where.name in self.world.draws:
                weight = self.world.draws[where.name](inside, tuple(inside[n] for n in names))
            elif where.op == "fn" and len(names) == 1:
                weight = self.of(self.filled(where, what), inside)
            elif where.op == "sym" and where.name in self.world.functions and len(names) == 1:
                weight = self.world.functions[where.name](inside, inside[names[0]], inside.get("x"))
            else:
                raise Unknown("a distribution")
            for more, deeper in self.drawn(draws[1:], inside):
                yield weight * more, deeper

    def filled(self, where: Term, what: Term) -> Term:
        r"""``\pi(\cdot|x)`` at the drawn variable."""
        args = tuple(what if isinstance(a, Term) and a.op == "sym" and a.name == "\\cdot" else a for a in where.args)
        return Term("fn", args)

    def assigned(self, names: list[str], scope: Scope) -> Iterator[Scope]:
        if not names:
            yield scope
            return
        for v in self.range(names[0]):
            yield from self.assigned(names[1:], {**scope, names[0]: v})

    # -- functions -----------------------------------------------------------------------------------
    def function(self, node: Term, scope: Scope) -> Any:
        name, args = node.name, node.children
        if name in ("log", "exp", "logistic"):
            u = self.of(args[0], scope)
            if isinstance(u, Linear):
                raise Unknown("a function of a random variable")
            if name == "log":
                if np.any(np.asarray(u) <= 0):
                    raise Unknown("a logarithm of no positive number")
                return np.log(u)
            return np.exp(u) if name == "exp" else 1 / (1 + np.exp(-np.asarray(u, float)))
        if name == "grad":
            return self.slope(args[1], args[0], scope)
        if name in ("Var", "Cov"):
            return self.second_moment(node, scope)
        if name == "KL":
            first, second = ([self.of_policy(a, y, scope) for y in self.world.answers] for a in args)
            return float(sum(p * np.log(p / q) for p, q in zip(first, second, strict=True)))
        if name in ("max over", "min over"):
            return self.optimum(node, scope)
        if name in self.world.functions:
            return self.world.functions[name](scope, *(self.argument(a, scope) for a in args))
        raise Unknown(name)

    def argument(self, node: Term, scope: Scope) -> Any:
        """An argument of a function: a value, or the term where it has none (a preference, a list of dots)."""
        if node.op == "fn" and node.name == "≻":
            return tuple(self.of(c, scope) for c in node.children)
        if node.op == "given":
            return node
        try:
            return self.of(node, scope)
        except Unknown:
            return node

    def of_policy(self, policy: Term, answer: str, scope: Scope) -> float:
        found = self.world.functions.get(policy.name) if policy.op in ("sym", "fn") else None
        if found is None:
            raise Unknown("a distribution in a divergence")
        given = self.of(policy.children[1], scope) if len(policy.children) > 1 else scope.get("x")
        return float(found(scope, answer, given))

    def second_moment(self, node: Term, scope: Scope) -> float:
        first, *more = node.children
        if first.op == "given":
            return conditional(self.random(first.children[0], scope), self.known(first, scope))[1]
        one = self.random(first, scope)
        return one.covariance(self.random(more[0], scope) if more else one)

    def optimum(self, node: Term, scope: Scope) -> Any:
        """How steep the objective is at the optimal policy: slopes along directions that keep the sum."""
        body, policy = node.children
        best = self.world.functions["\\pi^*"]
        at = {y: float(best(scope, y, scope["x"])) for y in self.world.answers}
        slopes = []
        for up, down in zip(self.world.answers, self.world.answers[1:], strict=False):
            moved = []
            step = 1e-4 * min(at[up], at[down])
            for h in (step, -step):
                table = {**at, up: at[up] + h, down: at[down] - h}
                moved.append(self.of(body, {**scope, ("policy", policy.name): table}))
            slopes.append((moved[0] - moved[1]) / (2 * step))
        return Steepness(tuple(slopes))


@dataclass(frozen=True)
class Steepness:
    """Slopes of an objective at the policy that is claimed to be optimal."""

    slopes: tuple[float, ...]
