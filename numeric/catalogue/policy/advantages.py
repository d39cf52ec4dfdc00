r"""Rewards of answers drawn from a group, and their normalised advantages (twin of policy/advantages).

Of G answers to a prompt some are right, with the reward 1, the others wrong, with 0. Answers are drawn from the group
evenly: the mean square of their rewards less the group's mean, and that of their advantages, which are the same divided
by the group's standard deviation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

import numpy as np

from numeric.domains import integer
from numeric.engine.moments import Estimate, Moments, mean
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.moving_policy import draw, uniforms
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters:
    """Answers G (2 to 10000), those of them that are right (1 to G - 1), and so their mean reward m."""

    G: int = 8
    right: int = 2
    m: Fraction = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "G", integer("G", self.G, 2, 10_000))
        object.__setattr__(self, "right", integer("right", self.right, 1, self.G - 1))
        object.__setattr__(self, "m", Fraction(self.right, self.G))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("spread", "divided by G - 1: m (1 - m) G/(G - 1)", 0.1875 * 8 / 7, paths=3_510),
    NearMiss("mean square", "divided by G - 1: (G - 1)/G", 7 / 8, paths=4_580),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    group = np.zeros(parameters.G)
    group[: parameters.right] = 1
    drawn = draw(np.full(parameters.G, 1 / parameters.G), uniforms(stream, size))
    deviations = group - group.mean()
    advantages = deviations / group.std()
    return Moments.of(deviations[drawn] ** 2), Moments.of(advantages[drawn] ** 2)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    spread, squares = summaries
    return {"spread": mean(spread), "mean square": mean(squares)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
