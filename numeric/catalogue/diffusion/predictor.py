r"""Data predicted from a noisy state, by regression (twin of diffusion/predictor).

Pairs :math:`(X_0,X_t)` of the forward process

.. math:: X_0\sim N(0,\sigma^2),\qquad X_{k\Delta t}=X_{(k-1)\Delta t}+\varepsilon_k,\quad
   \varepsilon_k\sim N(0,\Delta t),\quad \Delta t=1/T,

and the regression of the first on the second, which has the least squared loss: its slope and that loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from numeric.domains import grid_time, integer, number
from numeric.engine.moments import Estimate, Moments, residual_variance, slope
from numeric.engine.streams import Stream
from numeric.engine.workers import Progress, Simulation, Summaries, run
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters:
    r"""Data scale :math:`\sigma` (1e-9 to 1e3), steps :math:`T` (1 to 10^6), time :math:`t`, a multiple of 1/T."""

    sigma: float = 0.5
    T: int = 20
    t: float | Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sigma", number("sigma", self.sigma, 1e-9, 1e3))
        object.__setattr__(self, "T", integer("T", self.T, 1, 10**6))
        object.__setattr__(self, "t", grid_time("t", self.t, self.T))

    @property
    def step(self) -> int:
        """The number k of the step that ends at time t."""
        return round(self.t * self.T)


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("slope", "one step too many: sigma^2/(sigma^2 + t + dt)", 0.3125, paths=27_500),
    NearMiss("variance", "one step less: sigma^2 (t - dt)/(sigma^2 + t - dt)", 0.9 / 5.6, paths=84_200),
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
    data = stream.normal(parameters.sigma**2, noise).astype(np.float64)
    x = data.copy()
    for _ in range(parameters.step):
        np.add(x, stream.normal(1 / parameters.T, noise), out=x)
    return (Moments.of(data, x),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    (pairs,) = summaries
    return {"slope": slope(pairs), "variance": residual_variance(pairs)}


_SIMULATION: Final[Simulation[Parameters]] = Simulation(_block, _read)
