r"""Answers drawn from a softmax, and choices by its implicit rewards (twin of preference/softmax_gradient).

Answers are drawn in proportion to :math:`e^{z_w},e^{z_l}` and W; the logarithm of how often :math:`y_w` is drawn for
:math:`y_l` estimates the difference of their log-probabilities, whatever W is. Choices between the two fall on each in
proportion to :math:`(\pi/\pi_{\text{ref}})^\beta`; the share that contradicts the label, times :math:`-\beta`, is the
slope of the loss in the chosen logit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric.counts import hits, log_ratio
from numeric.domains import number
from numeric.engine.choices import winners
from numeric.engine.moments import Estimate, Moments, frequency
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.implicit_rewards import orders
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters:
    r"""Strength :math:`\beta` (1e-3 to 3), logits (-5 to 5), weight of all other answers W (1e-3 to 1e3), and the
    difference b of the logarithms of the reference policy (-5 to 5)."""

    beta: float = 0.75
    z_w: float = 0.5
    z_l: float = -0.25
    W: float = 1.5
    b: float = -0.25

    def __post_init__(self) -> None:
        object.__setattr__(self, "beta", number("beta", self.beta, 1e-3, 3.0))
        for name in ("z_w", "z_l", "b"):
            object.__setattr__(self, name, number(name, getattr(self, name), -5.0, 5.0))
        object.__setattr__(self, "W", number("W", self.W, 1e-3, 1e3))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("difference", "the reference policy's taken off: z_w - z_l - b", 1.0, paths=6_380),
    NearMiss("chosen logit", "the bias forgotten", -0.2722269041397126, paths=6_600),
    NearMiss("chosen logit", "not multiplied by beta", -0.320821300824607, paths=1_030),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    p = parameters
    drawn = winners(stream, (math.exp(p.z_w), math.exp(p.z_l), p.W), size)
    counts = (Moments.of_hits(size, int(np.count_nonzero(drawn == answer))) for answer in (0, 1))
    against = orders(stream, (math.exp(p.beta * p.z_l), math.exp(p.beta * (p.z_w - p.b))), size)
    return (*counts, against)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    chosen, other, against = summaries
    share = frequency(against)
    return {
        "difference": log_ratio(hits(chosen), hits(other), chosen.count),
        "chosen logit": Estimate(-parameters.beta * share.value, parameters.beta * share.se, share.paths),
    }


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
