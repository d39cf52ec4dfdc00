r"""Labels drawn by a reward model, and how likely they are (twin of preference/reward_model).

Labels fall on :math:`y_w` and :math:`y_l` in proportion to :math:`e^{r_\phi}`. Less the logarithm of how often
:math:`y_w` is chosen estimates the loss on the pair; the slope of its reward over that of the other, in the share of
labels that contradict it, the gradient.

Source: R. A. Bradley, M. E. Terry (1952).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from numeric.counts import log_frequency
from numeric.domains import different, numbers
from numeric.engine.moments import Estimate, frequency
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.implicit_rewards import orders
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters:
    """Rewards of n answers (2 to 100, each -10 to 10), their slopes in the parameter, and which two are compared."""

    r_phi: Sequence[float] = (0.5, 1.25, -0.25)
    dot_r_phi: Sequence[float] = (0.75, 0.25, -0.5)
    y_w: int = 0
    y_l: int = 2

    def __post_init__(self) -> None:
        object.__setattr__(self, "r_phi", numbers("r_phi", self.r_phi, range(2, 101), -10.0, 10.0))
        count = len(self.r_phi)
        object.__setattr__(self, "dot_r_phi", numbers("dot_r_phi", self.dot_r_phi, range(count, count + 1), -10, 10))
        different({"y_w": self.y_w, "y_l": self.y_l}, count)


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("loss", "the other reward left out: -log logistic(r_w)", 0.47407698418010663, paths=3_330),
    NearMiss("gradient", "the weight at margin 0: 1/2", -0.625, paths=365),
    NearMiss("gradient", "the chosen reward's slope alone", -0.24061597561845527, paths=710),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    return (orders(stream, [math.exp(parameters.r_phi[y]) for y in (parameters.y_w, parameters.y_l)], size),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    p = parameters
    chosen, likely = frequency(summaries[0]), log_frequency(summaries[0])
    slope = p.dot_r_phi[p.y_w] - p.dot_r_phi[p.y_l]
    return {
        "loss": Estimate(-likely.value, likely.se, likely.paths),
        "gradient": Estimate(-(1 - chosen.value) * slope, chosen.se * abs(slope), chosen.paths),
    }


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
