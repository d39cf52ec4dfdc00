r"""How often choices contradict a pair in the right order (twin of errata/preference_small_margin).

Choices between two answers whose implicit rewards differ by u fall on each in proportion to :math:`e^{\hat r}`; the
share that falls on the lower one is the weight of the pair in the gradient.
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
    """Margin u (1e-6 to 30)."""

    u: float = 0.75

    def __post_init__(self) -> None:
        object.__setattr__(self, "u", number("u", self.u, 1e-6, 30.0))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("weight", "as printed, no gradient: 0", 0.0, paths=114),
    NearMiss("weight", "that at margin 0: 1/2", 0.5, paths=365),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    return (orders(stream, (1.0, math.exp(parameters.u)), size),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    return {"weight": frequency(summaries[0])}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
