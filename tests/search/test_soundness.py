"""What search and kernel accept together is true: random equations and limits, checked by mpmath."""

from __future__ import annotations

import random
from collections.abc import Callable

import mpmath
import pytest

from derive.kernel.fact import Fact
from derive.kernel.term import INFINITY, Term, bind, exp, log, num, substitute, sym
from derive.search.limit import limit
from derive.search.prove import closed
from derive.theory import theory

D = theory("diffusion")
S, T, DT, TIME, K = D["sigma", "T", "dt", "t", "k"]
U = sym("u")
POINTS = [{S.name: s, "T": n, "t": t} for s, n, t in (("0.3", 4, "0.5"), ("1.9", 7, "0.9"), ("0.11", 5, "0.31"))]
CASES = 120
Value = Callable[..., mpmath.mpf]


class Dice:
    """Random terms, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def term(self, atoms: list[Term], depth: int = 3) -> Term:
        r = self.random
        if depth == 0 or r.random() < 0.25:
            return r.choice([*atoms, num(r.choice([1, 2, -1, 3]), r.choice([1, 1, 2]))])
        a = self.term(atoms, depth - 1)
        shape = r.choice("++-**//^^el")
        if shape in "+-*/":
            b = self.term(atoms, depth - 1)
            return {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}[shape]()
        if shape == "^":
            return a ** r.choice([num(2), num(-1), num(1, 2), num(3), num(-1, 2), num(0)])
        return exp(a) if shape == "e" else log(a)

    def series(self, op: str) -> Term:
        body = self.term([K, DT, S])
        if self.random.random() < 0.6:
            f = self.term([K, DT, S], 2)
            after = substitute(f, {K.name: K + 1})
            body = f / after if op == "prod" else f - after
        return bind(op, body, K, self.random.choice([0, 1, 2]), self.random.choice([T, T - 1, T + 1]))

    def integral(self) -> Term:
        return bind("int", self.term([U, S]), U, self.random.choice([num(0), S]), self.random.choice([TIME, S + 1]))

    def sequence(self) -> Term:
        if self.random.random() < 0.5:
            return self.term([DT, S, T])
        return bind("sum", self.term([K * DT, DT, S]) * DT, K, self.random.choice([0, 1]), T)


@pytest.mark.parametrize("kind", ["prod", "sum", "int"])
def test_closed_forms_are_true(kind: str, value: Value) -> None:
    dice, accepted = Dice(7), 0
    with mpmath.workdps(40):
        for _ in range(CASES):
            term = dice.integral() if kind == "int" else dice.series(kind)
            fact = closed(term, D.chart, sympy=False)
            if fact is None or fact.right == fact.left:
                continue
            accepted += 1
            for point in POINTS:
                left, right = (value(D.chart.expand(side), point) for side in (fact.left, fact.right))
                assert mpmath.almosteq(left, right, rel_eps=1e-12, abs_eps=1e-12), f"{fact.claim} at {point}"
    assert accepted > CASES / 8


def test_limits_are_true(value: Value) -> None:
    dice, accepted = Dice(11), 0

    def error(fact: Fact, steps: int, point: dict[str, object]) -> mpmath.mpf:
        scale = 1 + abs(value(fact.right, point))
        return abs(value(D.chart.expand(fact.left), {**point, "T": steps}) - value(fact.right, point)) / scale

    with mpmath.workdps(60):
        for _ in range(CASES):
            fact = limit(dice.sequence(), "T", INFINITY, D.chart)
            if fact is None or "T" not in str(fact.left):
                continue
            accepted += 1
            for point in POINTS[:2]:
                near, far = error(fact, 800, dict(point)), error(fact, 60, dict(point))
                assert near <= max(far / 4, mpmath.mpf(10) ** -9), f"{fact.claim} at {point}"
    assert accepted > CASES / 8
