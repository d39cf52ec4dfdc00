"""Simulated chains approach their limits of small steps at the proved rate in T: not slower, not faster."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from numeric import forward_process, reverse_chain
from numeric.catalogue import load
from numeric.power import REJECTION

STEPS = (12, 24, 48, 96)
PATHS = 1 << 19


def slope(steps: Sequence[int], distances: Sequence[float], errors: Sequence[float]) -> tuple[float, float]:
    """The slope of log|distance| in log T, by weighted least squares, and its standard error."""
    x, y = np.log(steps), np.log(np.abs(distances))
    weights = np.square(np.divide(distances, errors))
    centred = x - np.average(x, weights=weights)
    spread = float(np.sum(weights * centred**2))
    return float(np.sum(weights * centred * y)) / spread, 1 / math.sqrt(spread)


def distances(twin_id: str, quantity: str, limit: float, parameters: Any) -> tuple[list[float], list[float]]:
    found = [load(twin_id).simulate(parameters(T), PATHS, seed)[quantity] for seed, T in enumerate(STEPS, start=1)]
    return [e.value - limit for e in found], [e.se for e in found]


def chain(T: int) -> reverse_chain.Parameters:
    return reverse_chain.Parameters(sigma=0.5, T=T)


def at_half(T: int) -> forward_process.Parameters:
    return forward_process.Parameters(sigma=0.5, T=T, t=0.5)


@pytest.mark.parametrize(
    ("twin_id", "quantity", "limit", "parameters"),
    [
        ("diffusion/ddpm_chain", "variance", 0.25 - 0.25**3 / 1.25**2, chain),
        ("diffusion/ddim_chain", "variance", 0.2, chain),
        ("diffusion/reverse_conditional", "slope", 1.0, at_half),
        ("diffusion/reverse_conditional", "variance", 0.0, at_half),
        ("diffusion/ddim_step", "factor", 1.0, at_half),
        ("diffusion/ddpm_update", "share of the state", 1.0, at_half),
        ("diffusion/forward_marginal", "Var(X_{t-dt})", 0.75, at_half),
    ],
)
def test_the_limit_is_approached_like_one_over_T(twin_id: str, quantity: str, limit: float, parameters: Any) -> None:
    found, se = slope(STEPS, *distances(twin_id, quantity, limit, parameters))
    curvature = 0.1  # what the next order in 1/T adds to the slope from T = 12 on
    assert abs(found + 1) < REJECTION * se + curvature, (found, se)
    assert abs(found + 0.5) > REJECTION * se + curvature
    assert abs(found + 2) > REJECTION * se + curvature


def test_a_chain_without_noise_has_no_error_of_the_step() -> None:
    """Its product telescopes: every T gives the limit."""
    for T in (1, *STEPS):
        found = load("diffusion/mean_chain").simulate(chain(T), PATHS, T)["variance"]
        assert abs(found.value - 0.04) < 4 * found.se


def test_the_exact_share_of_each_step_costs_a_logarithm() -> None:
    r"""With the exact :math:`\eta` the distance is that of 1/2 and :math:`\log T/T`, from the last steps: at a slope
    of -1 + 1/log T, and T times the distance grows by the same amount whenever T doubles."""
    limit, found = 0.2, {}
    for T in (64, 128, 256, 512, 1024):
        factor = 1.0
        for k in range(T, 0, -1):
            factor *= 1 - 1 / (1 + math.sqrt(1 - 1 / k)) / T / (0.25 + k / T)
        found[T] = T * (limit - factor**2)
    growth = np.diff(list(found.values()))
    assert np.all(growth > 0) and growth.max() < 1.1 * growth.min()
    simulated = load("diffusion/ddim_chain_exact").simulate(chain(64), PATHS, 1)["variance"]
    assert abs(limit - simulated.value - found[64] / 64) < 4 * simulated.se
    assert limit - simulated.value > REJECTION * simulated.se
