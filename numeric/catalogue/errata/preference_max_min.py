r"""The objective of the best policy, and the same divided by -β (twin of errata/preference_max_min).

An ascent finds the policy that no step improves. Its objective, the mean of
:math:`r-\beta\log(\pi/\pi_{\text{ref}})`, is estimated by answers that are drawn from the reference policy and weighted
by :math:`\pi/\pi_{\text{ref}}`: the maximum; divided by :math:`-\beta` it is the minimum of what is minimised.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from numeric.answers import Answers
from numeric.competitors import optimised, penalised
from numeric.engine.choices import winners
from numeric.engine.moments import Estimate, Moments, mean
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss

DEFAULT: Final = Answers()
REJECTS: Final = (
    NearMiss("minimum", "as printed, equal to the maximum", 0.7368090048539032, paths=100),
    NearMiss("maximum", "not scaled by beta: log Z", 0.982412006471871, paths=257),
)


def _block(parameters: Answers, stream: Stream, size: int) -> Summaries:
    best = optimised(parameters)
    weighted = best / np.array(parameters.pi_ref) * penalised(parameters, best)
    return (Moments.of(weighted[winners(stream, parameters.pi_ref, size)]),)


def _read(parameters: Answers, summaries: Summaries) -> dict[str, Estimate]:
    top = mean(summaries[0])
    return {"maximum": top, "minimum": Estimate(-top.value / parameters.beta, top.se / parameters.beta, top.paths)}


simulate: Final[Simulation[Answers]] = Simulation(_block, _read)
