r"""What is minimised in place of the objective (twin of preference/four_steps).

Draws answers from the trained policy and averages :math:`\log\frac{\pi_\theta}{\pi_{\text{ref}}e^{r/\beta}}`, for which
neither the optimal policy nor its normaliser is needed.

Source: R. Rafailov et al., Direct Preference Optimization (2023), appendix A.1.
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
REJECTS: Final = (
    NearMiss("divergence", "log Z multiplied by beta", -0.5481237167233373, paths=313),
    NearMiss("divergence", "the reward not divided by beta", -0.5150808850079718, paths=243),
)


def _block(parameters: Answers, stream: Stream, size: int) -> Summaries:
    p = parameters
    ratios = np.log(np.divide(p.pi_theta, p.pi_ref)) - np.array(p.r) / p.beta
    return (Moments.of(ratios[winners(stream, p.pi_theta, size)]),)


def _read(parameters: Answers, summaries: Summaries) -> dict[str, Estimate]:
    return {"divergence": mean(summaries[0])}


simulate: Final[Simulation[Answers]] = Simulation(_block, _read)
