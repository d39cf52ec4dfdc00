r"""The mean reward under the optimal policy (twin of preference/reward_from_policy).

Draws answers in proportion to :math:`\pi_{\text{ref}}(y) e^{r(y)/\beta}`, by a race that needs no normalisation, and
averages their rewards.

Source: R. Rafailov et al., Direct Preference Optimization (2023), section 4.
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
REJECTS: Final = (NearMiss("mean reward", "log Z not multiplied by beta", 1.1417967527858304, paths=225),)


def _block(parameters: Answers, stream: Stream, size: int) -> Summaries:
    return (Moments.of(np.array(parameters.r)[winners(stream, parameters.tilted_rates(), size)]),)


def _read(parameters: Answers, summaries: Summaries) -> dict[str, Estimate]:
    return {"mean reward": mean(summaries[0])}


simulate: Final[Simulation[Answers]] = Simulation(_block, _read)
