r"""The end of the forward process against a standard normal variable (twin of diffusion/marginal_distance).

.. math:: X_0\sim N(0,\sigma^2),\qquad X_{k\Delta t}=X_{(k-1)\Delta t}+\varepsilon_k,\quad
   \varepsilon_k\sim N(0,\Delta t),\quad k=1,\dots,T,\quad \Delta t=1/T.

Each value, divided by the standard deviation of all of them, is its standard normal partner; estimates the mean square
of the difference, which is :math:`(\sqrt v-1)^2` for the variance v at the end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from numeric.domains import integer, number
from numeric.engine.moments import Estimate, Moments, variance
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.forward_process import start, walked
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters:
    r"""Data scale :math:`\sigma` (1e-2 to 1e3) and steps :math:`T` (1 to 10^6)."""

    sigma: float = 1.0
    T: int = 5

    def __post_init__(self) -> None:
        object.__setattr__(self, "sigma", number("sigma", self.sigma, 1e-2, 1e3))
        object.__setattr__(self, "T", integer("T", self.T, 1, 10**6))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("distance squared", "leading order: sigma^4/4", 0.25, paths=5_990),
    NearMiss(
        "distance squared", "the divergence: (sigma^2 - log(1 + sigma^2))/2", (1 - math.log(2)) / 2, paths=111_900
    ),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    return (Moments.of(walked(start(parameters.sigma, stream, size), parameters.T, parameters.T, stream)),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    (end,) = summaries
    spread = variance(end)
    difference = math.sqrt(spread.value) - 1
    error = abs(difference) / math.sqrt(spread.value) * spread.se  # to first order
    return {"distance squared": Estimate(difference**2, error, spread.paths)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
