r"""Choices at the implicit rewards, and how their likelihood moves with the policy (twin of preference/dpo_gradient).

Choices between :math:`y_w` and :math:`y_l` are drawn in proportion to :math:`e^{\hat r}` with the implicit rewards
:math:`\hat r=\beta\log(\pi_\theta/\pi_{\text{ref}})`. The weight is the share of those that contradict the label. The
loss is less the logarithm of how likely the label is; choices at margins above and below, by the same random numbers,
tell how that chance grows with the margin, which grows with the parameter as the log-probabilities do.

Source: R. Rafailov et al., Direct Preference Optimization (2023), section 4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric.answers import Pair
from numeric.differences import central_difference
from numeric.domains import slopes
from numeric.engine.moments import Estimate, Moments, frequency, ratio
from numeric.engine.streams import F64, Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.implicit_rewards import orders
from numeric.power import NearMiss

H: Final = 0.2
"""How far the margin is moved; the error of the difference is a few millionths."""


@dataclass(frozen=True)
class Parameters(Pair):
    """Rewards, policies, a pair, and the derivative of the trained policy."""

    y_l: int = 2
    dot_pi_theta: Sequence[float] = (0.1875, -0.0625, -0.125, 0.0)

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "dot_pi_theta", slopes("dot_pi_theta", self.dot_pi_theta, len(self.r)))

    @property
    def speed(self) -> float:
        """By how much the margin grows with the parameter."""
        win, lose = (self.dot_pi_theta[y] / self.pi_theta[y] for y in (self.y_w, self.y_l))
        return self.beta * (win - lose)


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("weight", "the strength forgotten", 3 / 7, paths=42_300),
    NearMiss("gradient", "not multiplied by beta", -0.6322128573207054, paths=6_770),
    NearMiss("gradient", "weighted by how often the label is chosen", -0.5883403570094708, paths=13_000),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    p = parameters
    win, lose = p.implicit_rates(p.y_w, p.y_l)
    first, second = (stream.exponential(1.0, np.empty(size, np.float32)).astype(np.float64) for _ in range(2))

    def chosen(margin: float) -> F64:
        return (first * lose < second * win * math.exp(margin)).astype(np.float64)

    return orders(stream, (lose, win), size), Moments.of(central_difference(chosen, H), chosen(0.0))


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    against, likelihood = summaries
    slope, speed = ratio(likelihood), parameters.speed
    gradient = Estimate(-slope.value * speed, slope.se * abs(speed), slope.paths)
    return {"weight": frequency(against), "gradient": gradient}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
