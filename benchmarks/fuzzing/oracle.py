"""The judge of the fuzzer: an evaluator of its own, in mpmath at 50 digits, at points of its own."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import mpmath

from derive.kernel.term import Term, free_symbols

DIGITS: Final = 50
TOLERANCE: Final = mpmath.mpf(10) ** -32
MEMBERS: Final = 3
"""How many labels the set of a point has."""
MAX_SIZE: Final = mpmath.mpf(10) ** 400

POSITIVE: Final = frozenset({"q", "p", r"\pi"})
PROBABILITIES: Final = frozenset({"p", r"\pi"})
KNOWN: Final = {
    "exp": mpmath.exp,
    "abs": abs,
    "max": max,
    "min": min,
    "logistic": lambda t: 1 / (1 + mpmath.exp(-t)),
    "factorial": mpmath.factorial,
}


class Undefined(Exception):
    """The term has no real value at this point, or one too large to compare."""


@lru_cache(maxsize=20_000)
def _names(node: Term) -> tuple[str, ...]:
    return tuple(sorted(free_symbols(node)))


class Model:
    """Values of symbols, and tables of values for abstract functions, from one seed."""

    def __init__(self, seed: object) -> None:
        source = random.Random(str(seed))
        self.seed = source.random()
        self._known: dict[tuple[Any, ...], Any] = {}
        self.values: dict[str, Any] = {k: mpmath.mpf(source.uniform(0.1, 3)) for k in "ab"}
        self.values |= {"c": mpmath.mpf(source.uniform(0.05, 1)), "e": mpmath.mpf(source.uniform(-1.5, 1.5))}
        self.values |= {"x": mpmath.mpf(source.uniform(-2, 2)), "n": mpmath.mpf(source.randint(2, 5))}
        self.values |= {"y": "#0", "z": "#1"}

    def table(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """The value of an abstract function, normalised over its first argument where it is a probability."""
        value = self._raw(name, arguments)
        if name not in PROBABILITIES:
            return value
        return value / mpmath.fsum(self._raw(name, (f"#{i}", *arguments[1:])) for i in range(MEMBERS))

    def _raw(self, name: str, arguments: tuple[Any, ...]) -> Any:
        told = ",".join(a if isinstance(a, str) else mpmath.nstr(a, 15) for a in arguments)
        drawn = random.Random(f"{self.seed}|{name}|{told}")
        return mpmath.mpf(drawn.uniform(0.2, 3) if name in POSITIVE else drawn.uniform(-4, 4))

    def value(self, node: Term, bound: Mapping[str, Any] | None = None) -> Any:
        """The value of a term; Undefined where it has none."""
        bound = bound or {}
        key = (node, *(bound[name] for name in _names(node) if name in bound))
        if key not in self._known:
            found = self._value(node, bound)
            if not isinstance(found, str) and not abs(found) < MAX_SIZE:
                raise Undefined
            self._known[key] = found
        return self._known[key]

    def _value(self, node: Term, bound: Mapping[str, Any]) -> Any:
        args = node.children
        if node.op == "num":
            return mpmath.mpf(node.value.numerator) / node.value.denominator
        if node.op == "sym":
            return bound[node.name] if node.name in bound else self.values[node.name]
        if node.op in ("sum", "prod", "sumset", "int"):
            return self._binder(node, bound)
        parts = [self.value(child, bound) for child in args]
        if node.op == "add":
            return mpmath.fsum(parts)
        if node.op == "mul":
            return mpmath.fprod(parts)
        if node.op == "pow":
            base, exponent = parts
            if (base == 0 and exponent <= 0) or (base < 0 and exponent != int(exponent)):
                raise Undefined
            return base**exponent
        if node.name == "log":
            if parts[0] <= 0:
                raise Undefined
            return mpmath.log(parts[0])
        if node.name == "factorial" and parts[0] < 0 and parts[0] == int(parts[0]):
            raise Undefined
        return KNOWN[node.name](*parts) if node.name in KNOWN else self.table(node.name, tuple(parts))

    def _binder(self, node: Term, bound: Mapping[str, Any]) -> Any:
        body, variable, *ends = node.children

        def at(value: Any) -> Any:
            return self.value(body, {**bound, variable.name: value})

        if node.op == "sumset":
            return mpmath.fsum(at(f"#{i}") for i in range(MEMBERS))
        low, high = (self.value(end, bound) for end in ends)
        if node.op == "int":
            return mpmath.quadgl(at, [low, high])  # the integrands are analytic
        parts = [at(mpmath.mpf(i)) for i in range(int(low), int(high) + 1)]
        return mpmath.fsum(parts) if node.op == "sum" else mpmath.fprod(parts)


def really_equal(left: Term, right: Term, seed: int, points: int) -> bool | None:
    """Whether both sides agree at all points tried, or None where both are defined at none."""
    tried = 0
    with mpmath.workdps(DIGITS + 10):
        for number in range(points):
            model = Model(f"{seed}/{number}")
            try:
                first, second = model.value(left), model.value(right)
            except Undefined:
                continue
            tried += 1
            if abs(first - second) > TOLERANCE * max(1, abs(first)):
                return False
    return True if tried else None
