"""Streaming moments equal those of all values at once, whatever the blocks, and their errors are right."""

from __future__ import annotations

import math
import statistics
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.engine import moments
from numeric.engine.moments import Moments

values = st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=40)


def exact_central(data: list[float], power: int) -> Fraction:
    exact = [Fraction(v) for v in data]
    mean = sum(exact, Fraction(0)) / len(exact)
    return sum(((v - mean) ** power for v in exact), Fraction(0)) / len(exact)


def joined(blocks: list[Moments]) -> Moments:
    total = blocks[0]
    for block in blocks[1:]:
        total = total.merge(block)
    return total


@given(st.lists(values, min_size=1, max_size=5))
def test_one_variable_against_exact_arithmetic(parts: list[list[float]]) -> None:
    total = joined([Moments.of(np.array(p)) for p in parts])
    data = [v for p in parts for v in p]
    scale = max(abs(v) for v in data) or 1.0
    assert total.count == len(data)
    assert total.mean[0] == pytest.approx(float(sum(map(Fraction, data)) / len(data)), abs=1e-12 * scale)
    for power in (2, 3, 4):
        assert total.central(power) == pytest.approx(
            float(exact_central(data, power)), rel=1e-9, abs=1e-9 * scale**power
        )


@given(
    st.lists(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=20), min_size=1, max_size=4)
)
def test_two_variables_against_one_block(parts: list[list[tuple[float, float]]]) -> None:
    total = joined([Moments.of(*np.array(p).T.copy()) for p in parts])
    whole = Moments.of(*np.array([pair for p in parts for pair in p]).T.copy())
    for p in range(5):
        for q in range(5 - p):
            assert total.central(p, q) == pytest.approx(whole.central(p, q), abs=1e-10 * 9 ** (p + q))


def test_a_far_mean_costs_no_digits() -> None:
    data = 1e8 + np.random.Generator(np.random.PCG64(1)).standard_normal(1 << 16)
    total = joined([Moments.of(part) for part in np.split(data, 64)])
    assert total.central(2) == pytest.approx(float(np.var(data - 1e8)), rel=1e-9)
    assert total.central(4) == pytest.approx(float(np.mean((data - np.mean(data)) ** 4)), rel=1e-7)


def test_a_billion_values_are_summed_to_1e_7() -> None:
    """Blocks of two kinds, in single precision and far from 0, merged to 10^9 values: the exact moments are known."""
    g = np.random.Generator(np.random.PCG64(3))
    kinds = [(1000 + g.standard_normal(1 << 15)).astype(np.float32), (1001 + g.exponential(size=1 << 15)).astype("f4")]
    blocks = [Moments.of(kind) for kind in kinds]
    total, count = blocks[0], [1, 0]
    for place in range(1, 30_600):
        kind = place * place % 7 % 2  # in no simple order
        total = total.merge(blocks[kind])
        count[kind] += 1
    n = sum(c << 15 for c in count)
    values = [[Fraction(float(v)) - 1000 for v in kind] for kind in kinds]
    raw = [
        sum((c * sum((v**p for v in kind), Fraction(0)) for c, kind in zip(count, values, strict=True)))
        for p in range(5)
    ]
    m = [r / n for r in raw]
    exact = {
        2: m[2] - m[1] ** 2,
        3: m[3] - 3 * m[1] * m[2] + 2 * m[1] ** 3,
        4: m[4] - 4 * m[1] * m[3] + 6 * m[1] ** 2 * m[2] - 3 * m[1] ** 4,
    }
    assert total.count == n >= 10**9 and min(count) > 1000
    assert abs(Fraction(total.mean[0]) - 1000 - m[1]) < Fraction(1, 10**7)
    for power, value in exact.items():
        assert abs(total.central(power) / float(value) - 1) < 1e-7, power


@given(st.integers(1, 50), st.integers(0, 50))
def test_hits_are_zeros_and_ones(count: int, hits: int) -> None:
    hits = min(hits, count)
    short, long = Moments.of_hits(count, hits), Moments.of(np.repeat([1.0, 0.0], [hits, count - hits]))
    assert short.mean == pytest.approx(long.mean)
    for power in (2, 3, 4):
        assert short.central(power) == pytest.approx(long.central(power), abs=1e-12)


LAWS = {
    "normal": lambda g, n: g.standard_normal(n),
    "exponential": lambda g, n: g.exponential(size=n),
    "two points": lambda g, n: (g.random(n) < 0.2) * 1.0,
    "uniform": lambda g, n: g.random(n),
}


@pytest.mark.parametrize("law", LAWS)
def test_standard_errors_assume_no_law(law: str) -> None:
    """Over many repetitions the scatter of an estimate is its standard error, to what 400 of them tell (4 x 3.5%)."""
    g = np.random.Generator(np.random.PCG64(8))
    for estimator in (moments.mean, moments.variance):
        runs = [estimator(Moments.of(LAWS[law](g, 2000))) for _ in range(400)]
        scatter = float(np.std([e.value for e in runs]))
        assert scatter == pytest.approx(float(np.mean([e.se for e in runs])), rel=0.15)


def test_regression_errors_with_uneven_noise() -> None:
    """The noise grows with the regressor, so that the textbook formula would be 35% off."""
    g = np.random.Generator(np.random.PCG64(9))
    slopes, variances = [], []
    for _ in range(400):
        b = g.standard_normal(2000)
        both = Moments.of(2.0 * b + b * g.standard_normal(2000) + 5.0, b)
        slopes.append(moments.slope(both))
        variances.append(moments.residual_variance(both))
    for runs, truth in ((slopes, 2.0), (variances, 1.0)):
        scatter = float(np.std([e.value for e in runs]))
        assert scatter == pytest.approx(float(np.mean([e.se for e in runs])), rel=0.15)
        assert float(np.mean([e.value for e in runs])) == pytest.approx(truth, abs=5 * scatter / 20)


def test_a_frequency_always_has_an_error() -> None:
    for hits in (0, 1000):
        estimate = moments.frequency(Moments.of_hits(1000, hits))
        assert estimate.value == hits / 1000 and 0.003 < estimate.se < 0.004
    middle = moments.frequency(Moments.of_hits(10**8, 3 * 10**7))
    assert middle.se == pytest.approx(math.sqrt(0.21 / 10**8), rel=1e-6)


def test_few_values_are_unbiased() -> None:
    data = [1.0, 2.0, 4.0, 8.0]
    assert moments.variance(Moments.of(np.array(data))).value == pytest.approx(statistics.variance(data))
    assert moments.mean(Moments.of(np.array(data))).se == pytest.approx(statistics.stdev(data) / 2)


def test_the_variance_of_two_values_of_the_same_probability() -> None:
    """Its deviation is of second order, and so is its standard error: no run is far away."""
    for hits in range(4_900, 5_101, 20):
        estimate = moments.variance(Moments.of_hits(10_000, hits))
        deviations = (hits - 5_000) / 50  # of the count, in its standard deviations
        assert abs(estimate.value - 0.25) < max(1.0, deviations**2) * estimate.se


def test_each_variable_of_two() -> None:
    a, b = np.random.Generator(np.random.PCG64(5)).standard_normal((2, 9000))
    both = Moments.of(a, a + 3 * b)
    for index, column in enumerate((a, a + 3 * b)):
        assert both.variable(index).sums == pytest.approx(Moments.of(column).sums, abs=1e-9)
    assert moments.covariance(both).value == pytest.approx(float(np.cov(a, a + 3 * b)[0, 1]))
    same, alone = moments.covariance(Moments.of(a, a)), moments.variance(Moments.of(a))
    assert (same.value, same.se) == pytest.approx((alone.value, alone.se))
