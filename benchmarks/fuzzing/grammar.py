"""Random terms of the grammar that answers use, over one chart.

Fractions, roots, powers with symbolic exponents, exp, log and the logistic function, sums and products over
symbolic ranges, sums over a set, probabilities such as pi(y|x), integrals, factorials, absolute values.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.term import (
    Term,
    add,
    bind,
    div,
    exp,
    fn,
    log,
    logistic,
    mul,
    neg,
    num,
    power,
    sqrt,
    sym,
)

POSITIVE = Domain("real", Bound(num(0), True))
CHART = Chart(
    domains={
        "a": POSITIVE,
        "b": POSITIVE,
        "c": Domain("real", Bound(num(0), True), Bound(num(1))),
        "x": Domain(),
        "n": Domain("integer", Bound(num(1))),
        "m": Domain("integer"),
        "t": Domain("real", Bound(div(num(1), sym("n"))), Bound(num(1))),
        "w": Domain("real", Bound(num(0))),
        "e": Domain(),
        "y": Domain("label"),
        "z": Domain("label"),
    },
    functions={
        "f": Function(("i",)),
        "q": Function(("i",), None, "positive"),
        "p": Function(("y",), None, "probability"),
        "r": Function(("y",)),
        "\\pi": Function(("y", "x"), None, "probability"),
    },
)
a, b, c, e, x, n, m, t, w, y, z = map(sym, "abcexnmtwyz")
S = sym("S")


def policy(answer: Term) -> Term:
    return fn("\\pi", answer, z)


class Grower:
    """Random terms, with positive ones apart so that logarithms and roots are defined."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.serial = 0

    def pick(self, *choices: Callable[[], Term]) -> Term:
        return self.random.choice(choices)()

    def number(self) -> Term:
        return num(self.random.choice([1, 2, 3, 5]), self.random.choice([1, 1, 2, 3]))

    def index(self) -> Term:
        self.serial += 1
        return sym(f"k{self.serial}")

    def real(self, depth: int, free: tuple[Term, ...] = ()) -> Term:
        if depth <= 0:
            return self.pick(
                lambda: x, lambda: fn("r", self.random.choice([y, z])), self.number, lambda: a, *self._leaves(free)
            )
        down = depth - 1
        return self.pick(
            lambda: add(self.real(down, free), self.real(down, free)),
            lambda: add(self.real(down, free), neg(self.real(down, free))),
            lambda: mul(self.real(down, free), self.real(down, free)),
            lambda: power(self.real(down, free), self.random.choice([2, 3])),
            lambda: div(self.real(down, free), self.positive(down, free)),
            lambda: log(self.positive(down, free)),
            lambda: fn("abs", self.real(down, free)),
            lambda: self._sum(down, free, self.real),
            lambda: self.positive(down, free),
        )

    def positive(self, depth: int, free: tuple[Term, ...] = ()) -> Term:
        if depth <= 0:
            return self.pick(
                lambda: a,
                lambda: b,
                lambda: c,
                self.number,
                lambda: fn("p", self.random.choice([y, z])),
                lambda: policy(self.random.choice([y, z])),
            )
        down = depth - 1
        return self.pick(
            lambda: add(self.positive(down, free), self.positive(down, free)),
            lambda: mul(self.positive(down, free), self.positive(down, free)),
            lambda: div(self.positive(down, free), self.positive(down, free)),
            lambda: power(self.positive(down, free), self.random.choice([2, -1, -2])),
            lambda: sqrt(self.positive(down, free)),
            lambda: exp(self.real(min(down, 1), free)),
            lambda: logistic(self.real(min(down, 1), free)),
            lambda: self._sum(down, free, self.positive),
            lambda: self._product(down, free),
            lambda: self._over(down),
            lambda: power(self.positive(down, free), self.random.choice([n, neg(n), e, x, mul(num(2), e), add(n, e)])),
            lambda: power(self.positive(down, free), num(self.random.choice([1, 2, -1]), 3)),
            lambda: self._integral(),
            lambda: fn("factorial", add(n, num(self.random.choice([0, 1, 2])))),
        )

    def _leaves(self, free: tuple[Term, ...]) -> list[Callable[[], Term]]:
        found: list[Callable[[], Term]] = []
        for k in free:
            found += [lambda k=k: k, lambda k=k: fn("f", k)]  # type: ignore[misc]
        return found

    def _sum(self, depth: int, free: tuple[Term, ...], body: Callable[[int, tuple[Term, ...]], Term]) -> Term:
        k = self.index()
        inside = body(depth, (*free, k))
        return bind("sum", add(inside, mul(self.number(), fn("q", k))), k, self.random.choice([0, 1]), n)

    def _product(self, depth: int, free: tuple[Term, ...]) -> Term:
        k = self.index()
        return bind("prod", add(self.positive(depth, (*free, k)), fn("q", k)), k, 1, n)

    def _over(self, depth: int) -> Term:
        weight = self.pick(lambda: fn("p", y), lambda: policy(y))
        return bind("sumset", mul(weight, self.positive(min(depth, 1))), y, S)

    def _integral(self) -> Term:
        u = self.index()
        rate = self.random.choice([a, b, neg(a)])
        body = self.pick(
            lambda: exp(mul(rate, u)),
            lambda: div(self.positive(0), add(a, u)),
            lambda: mul(self.positive(0), power(add(b, u), num(-2))),
            lambda: add(mul(self.positive(0), u), sqrt(add(a, u))),
        )
        return bind("int", body, u, 0, self.random.choice([num(1), c]))


class WideGrower(Grower):
    """Random terms with more kinds of nodes, which the judge in mpmath does not know."""

    def real(self, depth: int, free: tuple[Term, ...] = ()) -> Term:
        if depth <= 0 or self.random.random() < 0.55:
            return super().real(depth, free)
        down, k = depth - 1, self.index()
        gap = add(t, neg(div(num(1), n)))
        return self.pick(
            lambda: power(self.real(down, free), add(n, num(self.random.choice([-1, 0, 1, 2])))),
            lambda: power(num(-1), self.random.choice([m, n, *free, add(n, num(1)), mul(num(2), m)])),
            lambda: fn(self.random.choice(WIDE_FUNCTIONS), self.real(min(down, 1), free)),
            lambda: fn(self.random.choice(["max", "min"]), self.real(down, free), self.real(down, free)),
            lambda: fn("factorial", add(n, num(self.random.choice([0, 1, 2])))),
            lambda: fn("binomial", add(n, num(self.random.choice([0, 1, 2]))), num(self.random.choice([1, 2, 3]))),
            lambda: bind("int", mul(self.positive(0), exp(mul(k, self.random.choice([a, x])))), k, 0, self.pick(*ENDS)),
            lambda: bind("at", self.real(down, (k,)), k, add(a, num(1))),
            lambda: Term("diff", (self.pick(*SMOOTH), self.random.choice([a, x, b]))),
            lambda: sqrt(power(self.real(down, free), 2)),
            lambda: log(power(self.real(down, free), 2)),
            lambda: add(w, mul(t, self.real(down, free))),
            lambda: power(w, num(self.random.choice([1, 3]), 2)),
            lambda: self.pick(lambda: sqrt(gap), lambda: fn("abs", gap), lambda: fn("abs", add(t, num(-1)))),
            lambda: bind("prod", self.real(down, (*free, k)), k, 1, n),
        )


WIDE_FUNCTIONS = ["sin", "cos", "tanh", "cosh", "sinh", "tan", "arctan", "erf"]
ENDS: list[Callable[[], Term]] = [lambda: num(1), lambda: a, lambda: t]
SMOOTH: list[Callable[[], Term]] = [
    lambda: mul(power(a, 2), exp(x)),
    lambda: log(add(a, b)),
    lambda: power(a, b),
    lambda: logistic(mul(a, x)),
    lambda: div(x, add(a, b)),
]
