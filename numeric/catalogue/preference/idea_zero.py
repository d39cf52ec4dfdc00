r"""Two answers drawn from a policy with one parameter (twin of preference/idea_zero).

Answers :math:`y_w` and :math:`y_l` are drawn with the odds :math:`e^s`; the logarithm of how often one is drawn for the
other estimates the difference of their log-probabilities. Of choices by the implicit rewards, which differ by
:math:`\beta s`, those that contradict the label push the margin on; :math:`-\beta` times their share is the slope.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from numeric.counts import log_odds
from numeric.domains import number
from numeric.engine.moments import Estimate, frequency
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.implicit_rewards import orders
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters:
    r"""Strength :math:`\beta` (1e-3 to 1e3) and the parameter s of the policy (-10 to 10)."""

    beta: float = 0.5
    s: float = 1.5

    def __post_init__(self) -> None:
        object.__setattr__(self, "beta", number("beta", self.beta, 1e-3, 1e3))
        object.__setattr__(self, "s", number("s", self.s, -10.0, 10.0))
        if abs(self.beta * self.s) > 30:
            raise ValueError(f"beta = {self.beta!r} is outside its domain: beta must be at most 30 / |s|.")


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("difference", "one that is bounded: 1", 1.0, paths=1_440),
    NearMiss("slope of the loss", "the strength forgotten within: -beta logistic(-s)", -0.09121276190317838, paths=611),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    drawn = orders(stream, (math.exp(parameters.s), 1.0), size)
    return drawn, orders(stream, (1.0, math.exp(parameters.beta * parameters.s)), size)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    drawn, against = summaries
    share = frequency(against)
    slope = Estimate(-parameters.beta * share.value, parameters.beta * share.se, share.paths)
    return {"difference": log_odds(drawn), "slope of the loss": slope}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
