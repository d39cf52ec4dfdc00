"""Conditional laws of jointly normal variables, against matrices of numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given as having
from hypothesis import strategies as st

from derive.kernel.chart import Chart, Function
from derive.kernel.evaluate import Instance, enclose
from derive.kernel.term import Term, add, eq, fn, given, mul, normal, num
from grading.judge.laws.randomness import Randomness, Rule

Z = [fn("Z", n) for n in range(3)]
whole = st.integers(-4, 4)
positive = st.integers(1, 5)


def model(means, variances):
    laws = tuple(Rule(z, normal(m, v), frozenset(), "") for z, m, v in zip(Z, means, variances, strict=True))
    chart = Chart(functions={"Z": Function(("i",))})
    return Randomness(chart, frozenset({"Z"}), laws=laws, joint=tuple(Z))


def combination(row):
    return add(*(mul(num(c), z) for c, z in zip(row, Z, strict=True)))


def value(term):
    ball = enclose(term, Instance({}), Chart(), 128)
    return float(ball.mid())


def conditioned(row, seen, values, means, variances):
    """Mean and variance of row·Z given seen·Z = values, by eliminating one condition after the other exactly."""

    def cov(a, b):
        return sum(Fraction(x * y * v) for x, y, v in zip(a, b, variances, strict=True))

    def mean(a):
        return sum(Fraction(x * m) for x, m in zip(a, means, strict=True))

    # Solve the normal equations for up to two conditions with Cramer's rule.
    gram = [[cov(a, b) for b in seen] for a in seen]
    right = [cov(row, a) for a in seen]
    if len(seen) == 1:
        weights = [right[0] / gram[0][0]]
    else:
        det = gram[0][0] * gram[1][1] - gram[0][1] ** 2
        weights = [
            (right[0] * gram[1][1] - right[1] * gram[0][1]) / det,
            (right[1] * gram[0][0] - right[0] * gram[0][1]) / det,
        ]
    centre = mean(row) + sum(w * (v - mean(a)) for w, v, a in zip(weights, values, seen, strict=True))
    return centre, cov(row, row) - sum(w * r for w, r in zip(weights, right, strict=True))


rows = st.tuples(whole, whole, whole)


@having(rows, st.lists(rows, min_size=1, max_size=2), st.tuples(whole, whole), rows, st.tuples(*[positive] * 3))
def test_conditional_law(row, seen, values, means, variances):
    known = model(means, variances)
    conditions = [eq(combination(a), num(v)) for a, v in zip(seen, values, strict=False)]
    law = known.law_of(given(combination(row), *conditions))
    independent = (
        any(seen[0])
        if len(seen) == 1
        else any(seen[0][i] * seen[1][j] != seen[0][j] * seen[1][i] for i in range(3) for j in range(i))
    )
    if not independent:
        assert law is None  # a condition that says nothing, or nothing new
        return
    mean, variance = conditioned(row, seen, values[: len(seen)], means, variances)
    assert value(law.children[0]) == pytest.approx(float(mean))
    assert value(law.children[1]) == pytest.approx(float(variance))


@having(rows, rows, rows, st.tuples(*[positive] * 3))
def test_moments_of_degree_two(one, other, means, variances):
    known = model(means, variances)
    expected = sum(a * b * v for a, b, v in zip(one, other, variances, strict=True))
    covariance = known.reduce(fn("Cov", combination(one), combination(other)))
    assert value(covariance) == pytest.approx(expected)
    product = known.reduce(Term("E", (mul(combination(one), combination(other)),)))
    centres = [sum(a * m for a, m in zip(row, means, strict=True)) for row in (one, other)]
    assert value(product) == pytest.approx(expected + centres[0] * centres[1])


def test_what_is_not_declared_independent_has_no_joint_law():
    known = model((0, 0, 0), (1, 1, 1))
    narrow = Randomness(known.chart, known.families, laws=known.laws, joint=(Z[0],))
    assert narrow.law_of(add(Z[0], Z[1])) is None
    assert narrow.law_of(given(Z[0], Z[1])) is None
