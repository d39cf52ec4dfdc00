r"""The slope of the objective where no step improves it (twin of preference/stationarity).

An ascent finds the policy that no step improves. The slope of :math:`u\,r-\beta u\log(u/q)` in each probability u, as a
difference over 2h, is averaged over answers that are drawn from the reference policy and weighted by
:math:`\pi/\pi_{\text{ref}}`: the multiplier, which all answers share.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from numeric.answers import Answers
from numeric.competitors import optimised, penalised
from numeric.engine.choices import winners
from numeric.engine.moments import Estimate, Moments, mean
from numeric.engine.streams import F64, Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss

H: Final = 1e-5
"""The difference's width, as a share of the probability."""

DEFAULT: Final = Answers(beta=0.25)
REJECTS: Final = (
    NearMiss("multiplier", "the constraint forgotten: beta log Z", 1.030401283107424, paths=2_340),
    NearMiss("multiplier", "the mean reward less beta", 1.123881501466283, paths=1_240),
)


def _block(parameters: Answers, stream: Stream, size: int) -> Summaries:
    best = optimised(parameters)
    slopes = (_part(parameters, best * (1 + H)) - _part(parameters, best * (1 - H))) / (2 * H * best)
    weighted = best / np.array(parameters.pi_ref) * slopes
    return (Moments.of(weighted[winners(stream, parameters.pi_ref, size)]),)


def _part(parameters: Answers, shares: F64) -> F64:
    """What each answer adds to the objective at this probability."""
    part: F64 = shares * penalised(parameters, shares)
    return part


def _read(parameters: Answers, summaries: Summaries) -> dict[str, Estimate]:
    return {"multiplier": mean(summaries[0])}


simulate: Final[Simulation[Answers]] = Simulation(_block, _read)
