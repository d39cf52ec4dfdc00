"""Rankings: every one of them as often as Plackett and Luce say, for any number of clocks."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import pytest

from numeric.engine.blocks import BLOCK
from numeric.engine.rankings import MOST, _network, rankings
from numeric.engine.streams import F32, Stream
from numeric.power import REJECTION


@pytest.mark.parametrize("n", range(2, 13))
def test_the_network_sorts_every_row_of_zeros_and_ones(n: int) -> None:
    """By the 0-1 principle it then sorts everything."""
    rows = np.array(list(itertools.product((0, 1), repeat=n))).T
    for first, second in _network(n):
        assert first < second
        rows[[first, second]] = np.sort(rows[[first, second]], axis=0)
    assert (np.diff(rows, axis=0) >= 0).all()


@pytest.mark.parametrize("clocks", range(2, MOST + 1))
def test_each_ranking_names_every_clock_once(clocks: int) -> None:
    found = rankings(Stream(1, 0, 500), [1.0 + i for i in range(clocks)], 500)
    assert found.shape == (clocks, 500)
    assert (np.sort(found, axis=0) == np.arange(clocks)[:, None]).all()


def chance(ranking: tuple[int, ...], rates: list[float]) -> float:
    """The best in proportion to the rates, then the best of the others, and so on."""
    found, left = 1.0, math.fsum(rates)
    for clock in ranking:
        found *= rates[clock] / left
        left -= rates[clock]
    return found


@pytest.mark.parametrize("rates", [[1.0, 3.0], [2.0, 1.0, 0.5], [1.0, 0.1, 3.0, 1.5], [1.0, 2.0, 3.0, 4.0, 5.0]])
def test_all_rankings_by_chi_square(rates: list[float]) -> None:
    counts: Counter[tuple[int, ...]] = Counter()
    blocks = 8
    for block in range(blocks):
        counts.update(map(tuple, rankings(Stream(11, block, BLOCK), rates, BLOCK).T.tolist()))
    every = list(itertools.permutations(range(len(rates))))
    expected = {r: blocks * BLOCK * chance(r, rates) for r in every}
    assert math.fsum(expected.values()) == pytest.approx(blocks * BLOCK)
    chi2 = math.fsum((counts[r] - e) ** 2 / e for r, e in expected.items())
    freedom = len(every) - 1
    wilson_hilferty = ((chi2 / freedom) ** (1 / 3) - 1 + 2 / (9 * freedom)) / math.sqrt(2 / (9 * freedom))
    assert abs(wilson_hilferty) < 4


@pytest.mark.parametrize("clocks", [8, 33, 64])
def test_winners_and_pairs_of_many_clocks(clocks: int) -> None:
    rates = np.geomspace(0.2, 5, clocks)
    blocks, first, ahead = 8, np.zeros(clocks), 0
    for block in range(blocks):
        found = rankings(Stream(5, block, BLOCK), rates.tolist(), BLOCK)
        first += np.bincount(found[0], minlength=clocks)
        ahead += int(np.sum(np.argmax(found == 3, axis=0) < np.argmax(found == 0, axis=0)))
    n = blocks * BLOCK
    expected = n * rates / rates.sum()
    assert np.max(np.abs(first - expected) / np.sqrt(expected)) < REJECTION
    p = rates[3] / (rates[3] + rates[0])
    assert abs(ahead - n * p) < REJECTION * math.sqrt(n * p * (1 - p))


def test_ties_favour_no_clock() -> None:
    """Where all times are the same, each clock wins in half of the blocks."""

    class AllAtOnce(Stream):
        def exponential(self, rate: float, out: F32) -> F32:
            out.fill(1.0)
            return out

    wins = [int(rankings(AllAtOnce(2, block, 2), [1.0, 1.0], 2)[0, 0]) for block in range(400)]
    assert abs(sum(wins) - 200) < 5 * 10


def test_a_block_is_reproducible() -> None:
    a, b = (rankings(Stream(3, 1, BLOCK), [1.0, 2.0, 3.0], BLOCK) for _ in range(2))
    assert np.array_equal(a, b)


@pytest.mark.parametrize("clocks", [0, 1, MOST + 1])
def test_too_few_or_too_many(clocks: int) -> None:
    with pytest.raises(ValueError, match=f"rates has {clocks} entries.*2 to {MOST}"):
        rankings(Stream(1, 0, 10), [1.0] * clocks, 10)


@pytest.mark.parametrize("rate", [0.0, -1.0, math.nan, math.inf, 1e-300, "1"])
def test_a_rate_outside_its_domain(rate: float) -> None:
    with pytest.raises(ValueError, match="^rates = "):
        rankings(Stream(1, 0, 10), [1.0, rate], 10)
