"""Choices and rankings, sampled and counted: every outcome as often as the model says, by the chi-square test."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pytest

from numeric.engine.choices import winners
from numeric.engine.rankings import rankings
from numeric.engine.streams import Stream
from numeric.power import chi_square, uniformity

RATES = (1.0, 0.4, 2.5)
SIZE = 20_000
SEEDS = range(200)


def plackett_luce(order: Sequence[int]) -> float:
    left, found = list(RATES), 1.0
    for place in order:
        found *= RATES[place] / math.fsum(left)
        left.remove(RATES[place])
    return found


def neighbours(order: Sequence[int]) -> float:
    """The product of the chances of each answer against the next one alone."""
    return math.prod(RATES[a] / (RATES[a] + RATES[b]) for a, b in zip(order, order[1:], strict=False))


ORDERS = list(permutations(range(3)))


def ranked(seed: int) -> list[int]:
    found = rankings(Stream(seed, 0, SIZE), RATES, SIZE)
    codes = found[0].astype(np.int64) * 9 + found[1] * 3 + found[2]
    return [int(np.count_nonzero(codes == a * 9 + b * 3 + c)) for a, b, c in ORDERS]


def chosen(seed: int) -> list[int]:
    return np.bincount(winners(Stream(seed, 0, SIZE), RATES, SIZE), minlength=3).tolist()


def test_rankings_are_those_of_plackett_and_luce() -> None:
    right = [plackett_luce(order) for order in ORDERS]
    assert uniformity([chi_square(ranked(seed), right) for seed in SEEDS]) > 1e-3
    weights = [neighbours(order) for order in ORDERS]
    near_miss = [w / math.fsum(weights) for w in weights]
    assert all(chi_square(ranked(seed), near_miss) < 1e-6 for seed in range(20))


def test_choices_are_those_of_bradley_terry_and_luce() -> None:
    right = [rate / math.fsum(RATES) for rate in RATES]
    assert uniformity([chi_square(chosen(seed), right) for seed in SEEDS]) > 1e-3
    roots = [math.sqrt(rate) for rate in RATES]
    assert all(chi_square(chosen(seed), [r / math.fsum(roots) for r in roots]) < 1e-6 for seed in range(20))


def test_the_first_of_a_ranking_is_the_choice() -> None:
    """The independence of irrelevant alternatives: the ranking of two among three is their Bradley–Terry choice."""
    found = rankings(Stream(3, 0, SIZE), RATES, SIZE)
    before = np.argmax(found == 0, axis=0) < np.argmax(found == 1, axis=0)
    hits = int(np.count_nonzero(before))
    assert chi_square([hits, SIZE - hits], [1 / 1.4, 0.4 / 1.4]) > 1e-3


TABLE = [(1, 3.841459), (2, 5.991465), (3, 7.814728), (4, 9.487729), (5, 11.070498)]


@pytest.mark.parametrize(("freedom", "critical"), TABLE)
def test_chi_square_at_its_tabulated_5_percent(freedom: int, critical: float) -> None:
    """One count is too high, another too low, so that the statistic is the tabulated value."""
    n, k = 10_000 * (freedom + 1), freedom + 1
    shift = math.sqrt(critical * n / k / 2)
    counts = [n / k + shift, n / k - shift] + [n / k] * (k - 2)
    assert chi_square(counts, [1 / k] * k) == pytest.approx(0.05, rel=1e-5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("counts", "probabilities"),
    [((1, 2), (0.5, 0.6)), ((3,), (1.0,)), ((3, 3), (0.5, 0.5)), ((30, 30), (0.5, 0.3, 0.2))],
)
def test_chi_square_needs_enough(counts: Sequence[int], probabilities: Sequence[float]) -> None:
    with pytest.raises(ValueError, match=r"is outside its domain: .*\.$"):
        chi_square(counts, probabilities)
