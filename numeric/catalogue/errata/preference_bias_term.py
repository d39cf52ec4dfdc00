r"""The margin of a pair, by choices at the implicit rewards (twin of errata/preference_bias_term).

Choices between :math:`y_w` and :math:`y_l` fall on each in proportion to
:math:`e^{\hat r}=(\pi_\theta/\pi_{\text{ref}})^\beta`; the logarithm of their odds estimates the margin.
"""

from __future__ import annotations

from typing import Final

from numeric.answers import Pair
from numeric.counts import log_odds
from numeric.engine.moments import Estimate
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.implicit_rewards import orders
from numeric.power import NearMiss

DEFAULT: Final = Pair(pi_theta=(0.25, 0.1875, 0.125, 0.4375))
REJECTS: Final = (
    NearMiss("margin", "as printed, over the reference policy", 1.5595811562598767, paths=3_370),
    NearMiss("margin", "the bias not multiplied by beta", 1.6020559154587262, paths=2_590),
)


def _block(parameters: Pair, stream: Stream, size: int) -> Summaries:
    return (orders(stream, parameters.implicit_rates(parameters.y_w, parameters.y_l), size),)


def _read(parameters: Pair, summaries: Summaries) -> dict[str, Estimate]:
    return {"margin": log_odds(summaries[0])}


simulate: Final[Simulation[Pair]] = Simulation(_block, _read)
