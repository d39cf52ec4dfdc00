r"""One step back in the variance-preserving process (twin of diffusion/posterior).

Pairs :math:`(x_{k-1},x_k)` of the process

.. math:: x_0=\sigma,\qquad x_i=\sqrt{1-\beta_i}\,x_{i-1}+\sqrt{\beta_i}\,\varepsilon_i,\quad
   \varepsilon_i\sim N(0,1),\quad \beta_i=\frac{1}{i+1},

and the regression of the first on the second: its slope and residual variance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric.domains import integer, number
from numeric.engine.moments import Estimate, Moments, residual_variance, slope
from numeric.engine.streams import Stream
from numeric.engine.workers import Progress, Simulation, Summaries, run
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters:
    r"""Start :math:`\sigma` (1e-9 to 1e3) and steps taken k (2 to 10^6)."""

    sigma: float = 0.5
    k: int = 3

    def __post_init__(self) -> None:
        object.__setattr__(self, "sigma", number("sigma", self.sigma, 1e-9, 1e3))
        object.__setattr__(self, "k", integer("k", self.k, 2, 10**6))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("slope", "1 - beta for its root", 2 / 3, paths=1_495),
    NearMiss("variance", "a step later: (1 - alpha_k)/(1 - alpha_{k+1}) beta_k", 0.234375, paths=35_900),
)


def simulate(
    parameters: Parameters,
    paths: int,
    seed: int,
    workers: int = 1,
    progress: Progress | None = None,
    until_se: float | None = None,
) -> dict[str, Estimate]:
    """Slope and residual variance; arguments and errors as in ``numeric.engine.workers.run``."""
    return run(_SIMULATION, parameters, paths, seed, workers, progress, until_se)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    noise = np.empty(size, np.float32)
    x = np.full(size, parameters.sigma)
    for i in range(1, parameters.k + 1):
        before = x.copy()
        beta = 1 / (i + 1)
        np.multiply(x, math.sqrt(1 - beta), out=x)
        np.add(x, stream.normal(beta, noise), out=x)
    return (Moments.of(before, x),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    (pairs,) = summaries
    return {"slope": slope(pairs), "variance": residual_variance(pairs)}


_SIMULATION: Final[Simulation[Parameters]] = Simulation(_block, _read)
