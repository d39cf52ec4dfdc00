r"""The shaped reward's mean and its gradient, by differences and by scores (twin of policy/shaped_reward).

For the policy :math:`\pi_\theta=\pi+\theta\dot\pi` and the reward
:math:`f-\beta\log(\pi_\theta/\pi_{\text{ref}})`, which moves with it: the mean of answers drawn at 0; the difference of
the rewards of answers drawn around 0 by the same random numbers, over the distance; and rewards times scores at 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric.differences import central_difference
from numeric.domains import number, probabilities
from numeric.engine.moments import Estimate, Moments, mean
from numeric.engine.streams import F64, Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.moving_policy import Moving, draw, uniforms
from numeric.power import NearMiss

SHARE: Final = 0.13
"""Where the difference is taken, as a share of the way to the next zero of a probability."""


@dataclass(frozen=True)
class Parameters(Moving):
    r"""Values, a policy and its derivative, a reference policy, and the strength :math:`\beta` (0.05 to 1e3)."""

    pi_ref: Sequence[float] = (0.125, 0.5, 0.125, 0.25)
    beta: float = 0.75

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "pi_ref", probabilities("pi_ref", self.pi_ref, len(self.f)))
        object.__setattr__(self, "beta", number("beta", self.beta, 0.05, 1e3))

    def shaped(self, theta: float) -> F64:
        r"""The rewards at :math:`\theta`, shape (n,)."""
        found: F64 = np.array(self.f) - self.beta * np.log(self.at(theta) / np.array(self.pi_ref))
        return found


DEFAULT: Final = Parameters(dot_pi_theta=(-0.125, 0.125, 0.125, -0.125))
REJECTS: Final = (
    NearMiss("objective", "the divergence not multiplied by beta", 0.5150808850079718, paths=1_650),
    NearMiss("gradient", "the penalty not multiplied by beta", 0.2948240276883868, paths=12_600),
    NearMiss("score estimate", "the penalty not multiplied by beta", 0.2948240276883868, paths=3_230),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    p, h = parameters, SHARE * parameters.room
    uniform = uniforms(stream, size)
    slopes = central_difference(lambda theta: p.shaped(theta)[draw(p.at(theta), uniform)], h)
    drawn = draw(p.at(0), uniforms(stream, size))
    return Moments.of(p.shaped(0)[drawn]), Moments.of(slopes), Moments.of((p.shaped(0) * p.scores())[drawn])


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    names = ("objective", "gradient", "score estimate")
    return {name: mean(found) for name, found in zip(names, summaries, strict=True)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
