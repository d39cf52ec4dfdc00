r"""Two estimators of a gradient, each where it applies (twin of errata/preference_reparameterization).

Where the values move, :math:`z=\theta+\varepsilon` with :math:`\varepsilon=\pm1`, the slope of :math:`z^2` in
:math:`\theta` with the noise held; where the probabilities :math:`\sigma(\pm\theta)` of two values :math:`f_1,f_2`
move, a drawn value times the slope of the logarithm of its probability. Slopes are differences over 2h.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric.domains import number
from numeric.engine.choices import winners
from numeric.engine.moments import Estimate, Moments, mean
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss

H: Final = 1e-4


@dataclass(frozen=True)
class Parameters:
    r"""Parameter :math:`\theta` (-10 to 10), and the two values :math:`f_1,f_2` (-1e3 to 1e3)."""

    theta: float = 0.75
    f_1: float = 1.0
    f_2: float = 0.25

    def __post_init__(self) -> None:
        object.__setattr__(self, "theta", number("theta", self.theta, -10.0, 10.0))
        object.__setattr__(self, "f_1", number("f_1", self.f_1, -1e3, 1e3))
        object.__setattr__(self, "f_2", number("f_2", self.f_2, -1e3, 1e3))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("gradient of moving values", "as printed, by the scores: 0", 0.0, paths=100),
    NearMiss("gradient of moving values", "the derivative without its factor 2", 0.75, paths=382),
    NearMiss("gradient of moving probabilities", "as printed, the same estimator: 0, by values", 0.0, paths=106),
    NearMiss("gradient of moving probabilities", "the second value left out", 0.21789499376181404, paths=951),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    theta = parameters.theta
    noise = 1 - 2 * winners(stream, (1.0, 1.0), size)
    slopes = ((theta + H + noise) ** 2 - (theta - H + noise) ** 2) / (2 * H)

    def chances(place: float) -> np.ndarray:
        return np.array([1 / (1 + math.exp(-place)), 1 / (1 + math.exp(place))])

    scores = (np.log(chances(theta + H)) - np.log(chances(theta - H))) / (2 * H)
    scored = scores * (parameters.f_1, parameters.f_2)
    return Moments.of(slopes), Moments.of(scored[winners(stream, chances(theta).tolist(), size)])


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    values, probabilities = summaries
    return {"gradient of moving values": mean(values), "gradient of moving probabilities": mean(probabilities)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
