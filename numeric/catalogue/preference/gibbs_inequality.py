r"""The mean log-ratio of two policies (twin of preference/gibbs_inequality).

Draws answers from the trained policy and averages :math:`\log(\pi_\theta(y)/\pi_{\text{ref}}(y))`.

Source: S. Kullback, R. A. Leibler (1951).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from numeric.answers import Answers
from numeric.engine.choices import winners
from numeric.engine.moments import Estimate, Moments, mean
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss

DEFAULT: Final = Answers()
REJECTS: Final = (NearMiss("divergence", "the policies exchanged", 0.41591669749257587, paths=2_500),)


def _block(parameters: Answers, stream: Stream, size: int) -> Summaries:
    ratios = np.log(np.divide(parameters.pi_theta, parameters.pi_ref))
    return (Moments.of(ratios[winners(stream, parameters.pi_theta, size)]),)


def _read(parameters: Answers, summaries: Summaries) -> dict[str, Estimate]:
    return {"divergence": mean(summaries[0])}


simulate: Final[Simulation[Answers]] = Simulation(_block, _read)
