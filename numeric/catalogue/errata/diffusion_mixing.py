r"""The sum of two normal variables, and either of them (twin of errata/diffusion_mixing).

.. math:: X_1\sim N(0,\sigma_1^2),\quad X_2\sim N(0,\sigma_2^2),\quad\text{independent.}

Estimates the variance of :math:`X_1+X_2`, and of the one or the other, each with probability 1/2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric.domains import number
from numeric.engine.choices import winners
from numeric.engine.moments import Estimate, Moments, variance
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters:
    r"""Standard deviations :math:`\sigma_1,\sigma_2` (1e-3 to 1e3)."""

    sigma_1: float = 0.5
    sigma_2: float = 1.0

    def __post_init__(self) -> None:
        for name in ("sigma_1", "sigma_2"):
            object.__setattr__(self, name, number(name, getattr(self, name), 1e-3, 1e3))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("mixture", "as printed, mixed: that of the sum", 1.25, paths=164),
    NearMiss("sum", "standard deviations added and squared over 2", 1.125, paths=10_600),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    one, two = (stream.normal(s**2, np.empty(size, np.float32)) for s in (parameters.sigma_1, parameters.sigma_2))
    mixed = np.where(winners(stream, (1.0, 1.0), size) == 0, one, two)
    return Moments.of(one.astype(np.float64) + two), Moments.of(mixed.astype(np.float64))


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    both, either = summaries
    return {"sum": variance(both), "mixture": variance(either)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
