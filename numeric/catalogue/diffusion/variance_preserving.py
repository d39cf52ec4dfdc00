r"""The variance-preserving process, step by step (twin of diffusion/variance_preserving).

.. math:: x_0=\sigma,\qquad x_i=\sqrt{1-\beta_i}\,x_{i-1}+\sqrt{\beta_i}\,\varepsilon_i,\quad
   \varepsilon_i\sim N(0,1),\quad \beta_i=\frac{1}{i+1},\quad i=1,\dots,k.

Estimates mean and variance of :math:`x_k`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric.domains import integer, number
from numeric.engine.moments import Estimate, Moments, mean, variance
from numeric.engine.streams import Stream
from numeric.engine.workers import Progress, Simulation, Summaries, run
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters:
    r"""Start :math:`\sigma` (1e-9 to 1e3) and steps taken k (1 to 10^6)."""

    sigma: float = 0.5
    k: int = 3

    def __post_init__(self) -> None:
        object.__setattr__(self, "sigma", number("sigma", self.sigma, 1e-9, 1e3))
        object.__setattr__(self, "k", integer("k", self.k, 1, 10**6))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("mean", "the product without its root: alpha sigma", 0.125, paths=2_577),
    NearMiss("variance", "one step less: 1 - alpha of the step before", 2 / 3, paths=8_700),
)


def simulate(
    parameters: Parameters,
    paths: int,
    seed: int,
    workers: int = 1,
    progress: Progress | None = None,
    until_se: float | None = None,
) -> dict[str, Estimate]:
    """Mean and variance of the state; arguments and errors as in ``numeric.engine.workers.run``."""
    return run(_SIMULATION, parameters, paths, seed, workers, progress, until_se)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    noise = np.empty(size, np.float32)
    x = np.full(size, parameters.sigma)
    for i in range(1, parameters.k + 1):
        beta = 1 / (i + 1)
        np.multiply(x, math.sqrt(1 - beta), out=x)
        np.add(x, stream.normal(beta, noise), out=x)
    return (Moments.of(x),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    (end,) = summaries
    return {"mean": mean(end), "variance": variance(end)}


_SIMULATION: Final[Simulation[Parameters]] = Simulation(_block, _read)
