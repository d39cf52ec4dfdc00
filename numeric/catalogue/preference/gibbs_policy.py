r"""The regularised objective of a policy, and the partition function (twin of preference/gibbs_policy).

Draws answers from the trained policy and averages the reward less :math:`\beta` times the log-ratio to the
reference policy; draws answers from the reference policy and averages :math:`e^{r/\beta}`. The optimal policy is
not used.

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
REJECTS: Final = (
    NearMiss("objective", "the divergence not multiplied by beta", 0.5150808850079718, paths=1_650),
    NearMiss("partition function", "the reward not divided by beta", 2.009070560051565, paths=460),
)


def _block(parameters: Answers, stream: Stream, size: int) -> Summaries:
    rewards = np.array(parameters.r)
    shaped = rewards - parameters.beta * np.log(np.divide(parameters.pi_theta, parameters.pi_ref))
    weights = np.exp(rewards / parameters.beta)
    return (
        Moments.of(shaped[winners(stream, parameters.pi_theta, size)]),
        Moments.of(weights[winners(stream, parameters.pi_ref, size)]),
    )


def _read(parameters: Answers, summaries: Summaries) -> dict[str, Estimate]:
    return {"objective": mean(summaries[0]), "partition function": mean(summaries[1])}


simulate: Final[Simulation[Answers]] = Simulation(_block, _read)
