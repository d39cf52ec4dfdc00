"""A network trained toward the data becomes the predictor of the data; toward another target, another mean."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from numeric.network import Network, Samples, clean, one_step_before, samples, train

T, S2 = 10, 0.25


def normal(draw: np.random.Generator, size: int) -> Any:
    return draw.normal(scale=S2**0.5, size=size)


def two_points(draw: np.random.Generator, size: int) -> Any:
    return np.where(draw.random(size) < 0.5, -1.0, 1.0)


def noise(seen: Samples) -> Any:
    """A target that is wrong for a predictor of the data."""
    return seen.state - seen.data


PREDICTORS: dict[Any, Callable[[Any, Any], Any]] = {
    normal: lambda x, t: S2 / (S2 + t) * x,
    two_points: lambda x, t: np.tanh(x / t),
}
MEANS: dict[Any, Callable[[Any, Any], Any]] = {  # of other targets, from normal data
    one_step_before: lambda x, t: (S2 + t - 1 / T) / (S2 + t) * x,
    noise: lambda x, t: t / (S2 + t) * x,
}


@lru_cache
def trained(data: Any, target: Any) -> Network:
    return train(data, target, T, seed=1)


def seen(data: Any) -> Samples:
    return samples(data, T, np.random.default_rng(5), 20_000)


def distance(network: Network, mean: Callable[[Any, Any], Any], at: Samples) -> float:
    """The root mean square of the difference, as a share of that of the mean."""
    right = mean(at.state, at.time)
    return float(np.sqrt(np.mean((network(at.state, at.time) - right) ** 2) / np.mean(right**2)))


@pytest.mark.parametrize("data", PREDICTORS)
def test_the_data_as_target_give_the_predictor(data: Any) -> None:
    network, at = trained(data, clean), seen(data)
    assert distance(network, PREDICTORS[data], at) < 0.1
    loss, least = (np.mean((f(at.state, at.time) - at.data) ** 2) for f in (network, PREDICTORS[data]))
    assert loss < 1.02 * least


@pytest.mark.parametrize("target", MEANS)
def test_another_target_gives_another_mean(target: Any) -> None:
    """Training works as well, but what it finds is not the predictor of the data."""
    network, at = trained(normal, target), seen(normal)
    assert distance(network, PREDICTORS[normal], at) > 0.5
    assert distance(network, MEANS[target], at) < 0.1
    loss, least = (np.mean((f(at.state, at.time) - at.data) ** 2) for f in (network, PREDICTORS[normal]))
    assert loss > 1.5 * least


def test_the_same_seed_gives_the_same_network() -> None:
    x, t = np.linspace(-1, 1, 5), np.full(5, 0.5)
    first, second, other = (train(normal, clean, T, seed, rounds=20)(x, t) for seed in (1, 1, 2))
    assert np.array_equal(first, second) and not np.array_equal(first, other)


@pytest.mark.parametrize(("name", "value"), [("T", 0), ("T", 2.5), ("seed", -1), ("rounds", 0), ("rounds", None)])
def test_arguments(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=rf"^{name} = .* must be an integer"):
        train(normal, clean, **{"T": T, "seed": 1, name: value})
