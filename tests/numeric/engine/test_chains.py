"""Chains: every backend takes the steps it is told, with normals of the right law, and rounding moves no moment."""

from __future__ import annotations

import importlib.util
import math
from fractions import Fraction
from typing import Any

import array_api_strict
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numeric.engine.chains import NUMPY, Backend, _rounded, walk
from numeric.engine.device import Device
from numeric.engine.streams import F32, Stream
from numeric.power import REJECTION

HAS_NUMBA = importlib.util.find_spec("numba") is not None
needs_numba = pytest.mark.skipif(not HAS_NUMBA, reason="the extra fast is not installed")


def kernels() -> Backend:
    from numeric.engine.kernels import Kernels

    return Kernels()


BACKENDS: dict[str, Any] = {
    "numpy": lambda: NUMPY,
    "fast": kernels,
    "standard": lambda: Device(array_api_strict, None, "array_api_strict", 1 << 12),
    "namespace": lambda: Device(np, None, "numpy", 1 << 12),
}
every_backend = pytest.mark.parametrize(
    "name", [pytest.param(n, marks=needs_numba if n == "fast" else ()) for n in BACKENDS]
)


def normals(name: str, size: int, seed: int = 1, steps: int = 1) -> F32:
    """The noise of the last of some steps, of unit variance."""
    stream = Stream(seed, 0, size, BACKENDS[name]())
    return walk(stream, np.ones(size, np.float32), np.zeros(steps), np.ones(steps))


# -- the steps ------------------------------------------------------------------------------------------------
@every_backend
@pytest.mark.parametrize("steps", [1, 2, 3, 8, 9, 100])
@pytest.mark.parametrize("size", [1, 2, 1023, 1025, 5000])
def test_factors_are_multiplied(name: str, steps: int, size: int) -> None:
    factors = np.linspace(0.9, 1.1, steps)
    start = np.linspace(-2, 2, size).astype(np.float32)
    end = walk(Stream(1, 0, size, BACKENDS[name]()), start.copy(), factors)
    assert end.shape == (size,)
    assert end == pytest.approx(start.astype(np.float64) * np.prod(factors), rel=1e-5)


@every_backend
@pytest.mark.parametrize("steps", [1, 2, 3, 7])
def test_noise_is_added_after_the_factor(name: str, steps: int) -> None:
    """The exact recursion of mean and variance, with a different factor and variance in every step."""
    size = 1 << 16
    factors, variances = 0.5 + 0.3 * np.arange(steps), 1.0 + np.arange(steps)[::-1]
    end = walk(Stream(3, 0, size, BACKENDS[name]()), np.full(size, 2.0, np.float32), factors, variances)
    mean, variance = 2.0, 0.0
    for a, v in zip(factors, variances, strict=True):
        mean, variance = a * mean, a * a * variance + v
    x = end.astype(np.float64)
    assert abs(x.mean() - mean) < REJECTION * math.sqrt(variance / size)
    assert abs(x.var() / variance - 1) < REJECTION * math.sqrt(2 / size)


@every_backend
def test_a_block_is_reproducible(name: str) -> None:
    assert np.array_equal(normals(name, 3000, steps=3), normals(name, 3000, steps=3))
    assert not np.array_equal(normals(name, 3000, seed=1), normals(name, 3000, seed=2))


# -- the normals ----------------------------------------------------------------------------------------------
@every_backend
def test_moments_to_the_sixth(name: str) -> None:
    size = 1 << 20
    z = normals(name, size).astype(np.float64)
    for power in range(1, 7):
        expected = 0.0 if power % 2 else float(math.prod(range(1, power, 2)))
        spread = math.sqrt(math.prod(range(1, 2 * power, 2)) - expected**2)
        assert abs(np.mean(z**power) - expected) < REJECTION * spread / math.sqrt(size), power


@every_backend
def test_the_whole_law(name: str) -> None:
    """The largest distance of the distribution function, whose law is Kolmogorov's."""
    size = 1 << 20
    z = np.sort(normals(name, size, seed=5).astype(np.float64))
    grid = z[:: 1 << 8]
    exact = np.array([0.5 * math.erfc(-v / math.sqrt(2)) for v in grid.tolist()])
    distance = float(np.max(np.abs(np.arange(len(grid)) * 256 / size - exact)))
    assert distance * math.sqrt(size) < 2.3  # exceeded once in 20,000, and 256/size more for the grid


@every_backend
def test_paths_and_steps_are_independent(name: str) -> None:
    """Neighbours, pairs that share a radius or an angle's word, and the same path in the next step."""
    size = 1 << 18
    stream = Stream(9, 0, size, BACKENDS[name]())
    first = walk(stream, np.zeros(size, np.float32), np.zeros(1), np.ones(1)).astype(np.float64)
    both = walk(Stream(9, 0, size, BACKENDS[name]()), np.zeros(size, np.float32), np.array([0.0, 1.0]), np.ones(2))
    second = both.astype(np.float64) - first
    for shift in (1, 2, 3, 16, 256, 512, 768, 1024, size // 2):
        for x, y in ((first, np.roll(first, shift)), (first**2 - 1, np.roll(first, shift) ** 2 - 1)):
            assert abs(np.mean(x * y)) < REJECTION * float(np.mean(x * x)) / math.sqrt(size), shift
    assert abs(second.var() - 1) < REJECTION * math.sqrt(2 / size), "the first step is the same in both"
    assert abs(np.mean(first * second)) < REJECTION / math.sqrt(size)
    assert abs(np.mean((first**2 - 1) * (second**2 - 1))) < REJECTION * 2 / math.sqrt(size)


@needs_numba
def test_tails_of_the_kernels() -> None:
    """How many of 10^8 draws lie beyond 4, 4.5, 5 and 5.5 standard deviations, against their expected numbers."""
    from numeric.engine.kernels import Kernels

    size, rounds = 1 << 20, 96
    edges = np.array([4.0, 4.5, 5.0, 5.5])
    beyond, total = np.zeros(4), size * rounds
    for block in range(rounds):
        stream = Stream(17, block, size, Kernels())
        z = np.abs(walk(stream, np.zeros(size, np.float32), np.zeros(2), np.ones(2)))
        far = z[z > 4]
        beyond += [(far > edge).sum() for edge in edges]
    for count, edge in zip(beyond, edges, strict=True):
        expected = total * math.erfc(edge / math.sqrt(2))
        assert abs(count - expected) < REJECTION * math.sqrt(expected) + 1, edge


@needs_numba
def test_radius_and_angle_of_the_kernels_are_exact_in_the_mean() -> None:
    """No sampling: over a fine grid of words the squared radius has mean 2, and the angles' squares sum to 1."""
    from numba import njit

    from numeric.engine import kernels

    @njit
    def squares(words: Any, scale: Any) -> Any:
        out = np.empty(len(words), np.float64)
        for i in range(len(words)):
            out[i] = kernels.radius(words[i], scale) ** 2
        return out

    @njit
    def circle(words: Any) -> Any:
        out = np.empty((len(words), 2), np.float64)
        for i in range(len(words)):
            c, s = kernels.quarter(words[i])
            out[i, 0] = c
            out[i, 1] = s
        return out

    step = 1 << 9
    words = np.arange(step // 2, 1 << 32, step, dtype=np.uint64).astype(np.uint32)  # midpoints
    found = squares(words, np.float32(-2))
    exact = -2 * np.log(((words | 1).astype(np.float64)) / 2.0**32)
    assert abs(np.mean(found - exact)) < 1e-7
    assert abs(np.mean(found**2 - exact**2)) < 4e-7
    assert np.max(np.abs(found - exact) / np.maximum(exact, 1)) < 5e-7
    small = np.arange(1, 4097, dtype=np.uint32)  # the far tail
    assert squares(small, np.float32(-2)) == pytest.approx(-2 * np.log((small | 1) / 2.0**32), rel=3e-7)
    angles = circle((np.arange(1 << 14, dtype=np.int32) << 9).astype(np.int32))
    exact_angles = (np.arange(1 << 14) + 0.5) / (1 << 14) * math.pi / 2
    assert angles[:, 0] == pytest.approx(np.cos(exact_angles), abs=2e-7)
    assert angles[:, 1] == pytest.approx(np.sin(exact_angles), abs=2e-7)
    assert abs(np.mean(np.sum(angles**2, axis=1)) - 1) < 1e-7


# -- rounding -------------------------------------------------------------------------------------------------
@settings(deadline=None)
@given(st.integers(1, 400), st.floats(1e-9, 1e3), st.sampled_from(["mean", "ddim", "grow"]))
def test_products_of_rounded_factors_are_right_to_one_rounding(steps: int, sigma: float, kind: str) -> None:
    s2, dt = sigma**2, 1 / steps
    k = np.arange(steps, 0, -1)
    factors = {
        "mean": (s2 + (k - 1) * dt) / (s2 + k * dt),
        "ddim": 1 - 0.5 * dt / (s2 + k * dt),
        "grow": 1 + dt * k,
    }[kind]
    exact, rounded = Fraction(1), Fraction(1)
    for a, b in zip(factors.tolist(), _rounded(factors.tobytes()).tolist(), strict=True):
        exact, rounded = exact * Fraction(a), rounded * Fraction(b)
        if exact < Fraction(1, 10**30):
            break
        assert abs(rounded / exact - 1) < Fraction(1, 2**24) * Fraction(11, 10)


def test_a_thousand_steps_move_a_variance_by_less_than_1e_7() -> None:
    """Variances of the reverse chain by its exact recursion, with the factors and variances as they are rounded."""
    for sigma2 in (0.01, 0.25, 4.0):
        steps = 1000
        dt, k = 1 / steps, np.arange(steps, 0, -1)
        factors = (sigma2 + (k - 1) * dt) / (sigma2 + k * dt)
        exact = rounded = 1.0
        noise = float(np.float32(-2 * float(np.float32(dt)))) / -2
        for a, b in zip(factors.tolist(), _rounded(factors.tobytes()).tolist(), strict=True):
            exact, rounded = a * a * exact + dt, b * b * rounded + noise
        assert abs(rounded / exact - 1) < 1e-7


@every_backend
def test_single_precision_does_not_drift(name: str) -> None:
    """A long chain without noise, path by path: roundings scatter, they do not add up."""
    steps, size = 20_000, 4096
    factors = 1 - 0.5 / steps / (0.25 + np.arange(steps, 0, -1) / steps)
    start = Stream(2, 0, size).normal(1.0, np.empty(size, np.float32))
    end = walk(Stream(1, 0, size, BACKENDS[name]()), start.copy(), factors).astype(np.float64)
    exact = start.astype(np.float64) * float(np.prod(factors))
    assert abs(np.mean(end**2) / np.mean(exact**2) - 1) < 1e-6
    assert np.max(np.abs(end / exact - 1)) < 1e-4


def test_without_numba_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    from numeric.engine import backends

    monkeypatch.setattr(backends, "find_spec", lambda name: None)
    monkeypatch.delenv("DERIVE_BACKEND", raising=False)
    assert backends.choose(1 << 50, 1000) is NUMPY
    monkeypatch.setenv("DERIVE_BACKEND", "fast")
    with pytest.raises(ValueError, match="numba"):
        backends.choose(1, 1)
    monkeypatch.setenv("DERIVE_BACKEND", "gpu")
    with pytest.raises(ValueError, match="graphics processor"):
        backends.choose(1, 1)
    monkeypatch.setenv("DERIVE_BACKEND", "quick")
    with pytest.raises(ValueError, match="auto, numpy, fast or gpu"):
        backends.choose(1, 1)


@needs_numba
def test_the_choice_depends_on_the_work_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from numeric.engine import backends

    monkeypatch.delenv("DERIVE_BACKEND", raising=False)
    assert backends.choose(backends.WORTH // 1024 - 1, 1024).name == "numpy"
    assert backends.choose(backends.WORTH // 1024, 1024).name == "fast"
    assert backends.choose(1 << 50, backends.LEAST_STEPS - 1).name == "numpy"
