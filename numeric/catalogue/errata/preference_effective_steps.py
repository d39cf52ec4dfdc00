r"""By how much a pair moves the margin (twin of errata/preference_effective_steps).

Choices between two answers whose implicit rewards differ by :math:`\beta m` fall on each in proportion to
:math:`e^{\hat r}`; :math:`\beta` times the share that contradicts the label is how fast the loss falls
with the margin m.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from numeric.domains import number
from numeric.engine.moments import Estimate, frequency
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.implicit_rewards import orders
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters:
    r"""Strength :math:`\beta` (1e-3 to 10) and margin m (-3 to 3)."""

    beta: float = 1.5
    m: float = 0.25

    def __post_init__(self) -> None:
        object.__setattr__(self, "beta", number("beta", self.beta, 1e-3, 10.0))
        object.__setattr__(self, "m", number("m", self.m, -3.0, 3.0))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("slope", "as printed, less for a larger strength: divided by beta", -0.2715556000306202, paths=254),
    NearMiss("slope", "not multiplied by beta", -0.40733340004593027, paths=704),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    return (orders(stream, (1.0, math.exp(parameters.beta * parameters.m)), size),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    share = frequency(summaries[0])
    return {"slope": Estimate(-parameters.beta * share.value, parameters.beta * share.se, share.paths)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
