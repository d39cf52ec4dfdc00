r"""The gradient of a mean, by differences and by scores (twin of policy/score_function).

For the policy :math:`\pi_\theta=\pi+\theta\dot\pi`: answers drawn at :math:`\pm h` by the same random numbers, the
difference of their values over 2h; and answers drawn at 0, their values times their scores, as they are and less a
baseline (the estimator of REINFORCE).

Source: R. J. Williams (1992).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric.domains import number
from numeric.engine.moments import Estimate, Moments, mean
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.moving_policy import Moving, draw, uniforms
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters(Moving):
    """Values, a policy and its derivative, and a baseline b (-10 to 10)."""

    b: float = 0.75

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "b", number("b", self.b, -10.0, 10.0))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("gradient", "the last answer left out", 0.28125, paths=1_100),
    NearMiss("score estimate", "answers drawn evenly", 0.26785714285714285, paths=2_960),
    NearMiss("score estimate with baseline", "answers drawn evenly", 0.29017857142857145, paths=294),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    values, scores, h = np.array(parameters.f), parameters.scores(), parameters.room / 2
    uniform = uniforms(stream, size)
    change = values[draw(parameters.at(h), uniform)] - values[draw(parameters.at(-h), uniform)]
    drawn = draw(parameters.at(0), uniforms(stream, size))
    return (
        Moments.of(change / (2 * h)),
        Moments.of((values * scores)[drawn]),
        Moments.of(((values - parameters.b) * scores)[drawn]),
    )


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    names = ("gradient", "score estimate", "score estimate with baseline")
    return {name: mean(found) for name, found in zip(names, summaries, strict=True)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
