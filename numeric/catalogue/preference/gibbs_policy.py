r"""The regularised objective of a policy, the best one, and the partition function (twin of preference/gibbs_policy).

Draws answers from the trained policy and averages the reward less :math:`\beta` times the log-ratio to the
reference policy; draws answers from the reference policy and averages :math:`e^{r/\beta}`, and the same as
for the trained policy for the one that an ascent ends in, with the weights :math:`\pi/\pi_{\text{ref}}`. No formula of
the optimal policy is used.

Source: R. Rafailov et al., Direct Preference Optimization (2023), section 4.
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
    NearMiss("objective", "the divergence not multiplied by beta", 0.5150808850079718, paths=1_650),
    NearMiss("maximum", "not scaled by beta: log Z", 0.9824120064718709, paths=257),
    NearMiss("partition function", "the reward not divided by beta", 2.009070560051565, paths=465),
)


def _block(parameters: Answers, stream: Stream, size: int) -> Summaries:
    rewards = np.array(parameters.r)
    shaped = penalised(parameters, np.array(parameters.pi_theta))
    weights = np.exp(rewards / parameters.beta)
    best = optimised(parameters)
    best_shaped = best / np.array(parameters.pi_ref) * penalised(parameters, best)
    drawn = winners(stream, parameters.pi_ref, size)
    return (
        Moments.of(shaped[winners(stream, parameters.pi_theta, size)]),
        Moments.of(weights[drawn]),
        Moments.of(best_shaped[drawn]),
    )


def _read(parameters: Answers, summaries: Summaries) -> dict[str, Estimate]:
    names = ("objective", "partition function", "maximum")
    return {name: mean(found) for name, found in zip(names, summaries, strict=True)}


simulate: Final[Simulation[Answers]] = Simulation(_block, _read)
