r"""The variance of the reward under the optimal policy (twin of preference/tilt).

Draws answers in proportion to :math:`\pi_{\text{ref}}(y) e^{r(y)/\beta}`, by a race that needs no normalisation, and
estimates the variance of their rewards: by how much the mean reward grows with :math:`1/\beta`.

Source: J. W. Gibbs (1902), fluctuations of the energy in the canonical ensemble.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from numeric.answers import Answers
from numeric.engine.choices import winners
from numeric.engine.moments import Estimate, Moments, variance
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss

DEFAULT: Final = Answers()
REJECTS: Final = (NearMiss("growth", "the variance under the reference policy", 0.1826171875, paths=312),)


def _block(parameters: Answers, stream: Stream, size: int) -> Summaries:
    return (Moments.of(np.array(parameters.r)[winners(stream, parameters.tilted_rates(), size)]),)


def _read(parameters: Answers, summaries: Summaries) -> dict[str, Estimate]:
    return {"growth": variance(summaries[0])}


simulate: Final[Simulation[Answers]] = Simulation(_block, _read)
