r"""A small network that is trained on the forward process as a denoiser is: by its states, toward a target.

Paths :math:`X_0,X_{\Delta t},\dots,X_1` of the process

.. math:: X_{k\Delta t}=X_{(k-1)\Delta t}+\varepsilon_k,\quad \varepsilon_k\sim N(0,\Delta t),\quad \Delta t=1/T,

are drawn, on each a time t at random, and the squared loss :math:`(f(X_t,t)-Y)^2` is followed downhill. Its least value
is that of :math:`f(x,t)=E[Y\mid X_t=x]`: with the target :math:`Y=X_0` the network becomes the predictor of the data,
with another one it does not.

Source: P. Vincent, A Connection Between Score Matching and Denoising Autoencoders (2011).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from numeric.domains import integer
from numeric.engine.streams import F64

WIDTH: Final = 32
BATCH: Final = 256
RATE: Final = 4e-3
"""The length of the first steps; it falls to 0 along half a cosine."""

Layer: TypeAlias = tuple[F64, F64]
"""Weights and biases."""
Data: TypeAlias = Callable[[np.random.Generator, int], F64]
"""Draws so many data, shape (n,)."""


@dataclass(frozen=True)
class Samples:
    """Paths that are seen at one time each; all arrays have the shape (n,)."""

    data: F64
    before: F64
    """The states one step before."""
    state: F64
    time: F64


Target: TypeAlias = Callable[[Samples], F64]
"""What the network is trained toward."""


def clean(samples: Samples) -> F64:
    """The data that the paths began with."""
    return samples.data


def one_step_before(samples: Samples) -> F64:
    """The states from which the last step came."""
    return samples.before


@dataclass(frozen=True)
class Network:
    """Two hidden layers of tanh between (x, t) and a number."""

    layers: tuple[Layer, ...]

    def __call__(self, x: F64, t: F64) -> F64:
        """The values at states x and times t, arrays of the same shape (n,)."""
        return self.inputs(x, t)[-1][:, 0]

    def inputs(self, x: F64, t: F64) -> list[F64]:
        """What goes into every layer, and what comes out of the last one."""
        found = [np.stack([x, np.sqrt(t)], axis=1)]
        for weight, bias in self.layers[:-1]:
            found.append(np.tanh(found[-1] @ weight + bias))
        weight, bias = self.layers[-1]
        return [*found, found[-1] @ weight + bias]

    @staticmethod
    def random(draw: np.random.Generator) -> Network:
        """Weights of the size that keeps the variance through the layers (X. Glorot, Y. Bengio, 2010)."""
        sizes = ((2, WIDTH), (WIDTH, WIDTH), (WIDTH, 1))
        return Network(tuple((draw.normal(size=s) * math.sqrt(2 / (s[0] + s[1])), np.zeros(s[1])) for s in sizes))


def samples(data: Data, T: int, draw: np.random.Generator, size: int) -> Samples:
    """Paths of T steps, each seen at a random one of its times."""
    start = data(draw, size)
    path = start[:, None] + np.cumsum(draw.normal(scale=math.sqrt(1 / T), size=(size, T)), axis=1)
    step = draw.integers(T, size=size)
    rows = np.arange(size)
    before = np.where(step > 0, path[rows, step - 1], start)
    return Samples(start, before, path[rows, step], (step + 1) / T)


def train(data: Data, target: Target, T: int, seed: int, rounds: int = 2000) -> Network:
    """A network after so many steps of Adam (D. P. Kingma, J. Ba, 2015); the same for the same seed.

    Raises ValueError for an argument outside its domain.
    """
    T, rounds = integer("T", T, 1, 10_000), integer("rounds", rounds, 1, 10**6)
    draw = np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(integer("seed", seed, 0, (1 << 128) - 1))))
    parts = [part for layer in Network.random(draw).layers for part in layer]
    means, squares = ([np.zeros_like(part) for part in parts] for _ in range(2))
    for count in range(1, rounds + 1):
        batch = samples(data, T, draw, BATCH)
        slopes = _gradient(_network(parts), batch, target(batch))
        means = [m + 0.1 * (s - m) for m, s in zip(means, slopes, strict=True)]
        squares = [v + 0.001 * (s * s - v) for v, s in zip(squares, slopes, strict=True)]
        rate = RATE * (1 + math.cos(math.pi * count / rounds)) / 2
        rate *= math.sqrt(1 - 0.999**count) / (1 - 0.9**count)  # both averages begin at 0
        moves = (rate * m / (np.sqrt(v) + 1e-8) for m, v in zip(means, squares, strict=True))
        parts = [part - move for part, move in zip(parts, moves, strict=True)]
    return _network(parts)


def _network(parts: list[F64]) -> Network:
    return Network(tuple(zip(parts[::2], parts[1::2], strict=True)))


def _gradient(network: Network, batch: Samples, target: F64) -> list[F64]:
    """The slopes of the mean squared loss in the weights and biases, backwards through the layers."""
    inputs = network.inputs(batch.state, batch.time)
    error = 2 * (inputs[-1] - target[:, None]) / len(target)
    found: list[F64] = []
    for values, (weight, _) in zip(inputs[-2::-1], network.layers[::-1], strict=True):
        found = [values.T @ error, error.sum(axis=0), *found]
        error = (error @ weight.T) * (1 - values**2)
    return found
