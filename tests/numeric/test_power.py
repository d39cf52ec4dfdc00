"""z-scores, p-values, needed paths, and the test of uniformity."""

from __future__ import annotations

import math

import numpy as np
import pytest

from numeric.power import p_value, paths_needed, uniformity, z_score


def test_z_scores() -> None:
    assert z_score(1.5, 0.25, 1.0) == 2.0
    assert z_score(1.0, 0.0, 1.0) == 0.0
    assert z_score(0.9, 0.0, 1.0) == -math.inf
    for bad in (-1.0, math.nan):
        with pytest.raises(ValueError, match="^se = "):
            z_score(1.0, bad, 1.0)


@pytest.mark.parametrize(
    ("z", "p"), [(0.0, 1.0), (1.959964, 0.05), (-1.959964, 0.05), (5.0, 5.733e-7), (math.inf, 0.0)]
)
def test_p_values(z: float, p: float) -> None:
    assert p_value(z) == pytest.approx(p, rel=1e-3)


def test_paths_needed_gives_the_power() -> None:
    """Simulated: with that many paths a variance 5% off is found in about 90% of the runs."""
    n = paths_needed(0.05, math.sqrt(2), z=3.0, power=0.9)
    g = np.random.Generator(np.random.PCG64(2))
    found = 0
    for _ in range(300):
        chi2 = g.chisquare(n - 1) / (n - 1)
        found += abs(z_score(chi2, chi2 * math.sqrt(2 / n), 0.95)) > 3
    assert 0.83 < found / 300 < 0.97


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("deviation", (0.0, 1.0)),
        ("deviation", (math.nan, 1.0)),
        ("spread", (0.1, 0.0)),
        ("spread", (0.1, math.inf)),
        ("power", (0.1, 1.0, 5.0, 1.0)),
        ("power", (0.1, 1.0, 5.0, math.nan)),
    ],
)
def test_paths_needed_outside_its_domain(name: str, arguments: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=f"^{name} = "):
        paths_needed(*arguments)


def test_uniformity_is_itself_uniform() -> None:
    g = np.random.Generator(np.random.PCG64(3))
    p = [uniformity(g.random(50).tolist()) for _ in range(500)]
    for level in (0.01, 0.05, 0.2, 0.5, 0.8):
        assert sum(v < level for v in p) / 500 == pytest.approx(
            level, abs=5 * math.sqrt(level * (1 - level) / 500) + 0.01
        )


@pytest.mark.parametrize("exponent", [0.8, 1.25])
def test_uniformity_sees_a_wrong_law(exponent: float) -> None:
    g = np.random.Generator(np.random.PCG64(4))
    assert uniformity((g.random(2000) ** exponent).tolist()) < 1e-6


def test_uniformity_at_its_ends() -> None:
    assert uniformity([(i + 0.5) / 1000 for i in range(1000)]) == 1.0
    assert uniformity([0.0] * 1000) < 1e-100
    with pytest.raises(ValueError, match="at least 8"):
        uniformity([0.5] * 7)
