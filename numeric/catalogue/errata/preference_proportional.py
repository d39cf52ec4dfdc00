r"""Choices between two answers by their rewards (twin of errata/preference_proportional).

People take the answer whose reward, with noise of the Gumbel law added to each, is the larger one: of clocks with the
rates :math:`e^{r_1}` and :math:`e^{r_2}`, the first to ring. Estimates how often it is the first answer.

Source: D. McFadden (1974).
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
    """Rewards of the two answers (-10 to 10)."""

    r_1: float = 0.75
    r_2: float = 0.25

    def __post_init__(self) -> None:
        for name in ("r_1", "r_2"):
            object.__setattr__(self, name, number(name, getattr(self, name), -10.0, 10.0))


DEFAULT: Final = Parameters()
REJECTS: Final = (NearMiss("choice", "as printed, in proportion to the rewards: r_1/(r_1 + r_2)", 0.75, paths=775),)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    return (orders(stream, (math.exp(parameters.r_1), math.exp(parameters.r_2)), size),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    return {"choice": frequency(summaries[0])}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
