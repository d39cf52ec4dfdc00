r"""Rankings of three answers, counted (twin of errata/preference_pairwise_loss).

People choose the best of three answers with the implicit rewards :math:`s_1,s_2,s_3` in proportion to :math:`e^s`, then
the best of the others: the order in which clocks of these rates ring. Estimates the logarithm of how often 1, 2, 3 is
the order.

Source: R. L. Plackett (1975); R. D. Luce (1959).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from numeric.counts import log_frequency
from numeric.domains import number
from numeric.engine.moments import Estimate
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.implicit_rewards import orders
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters:
    """Implicit rewards of the answers in the first, second and third place (-10 to 10)."""

    s_1: float = 0.75
    s_2: float = 0.25
    s_3: float = -0.25

    def __post_init__(self) -> None:
        for name in ("s_1", "s_2", "s_3"):
            object.__setattr__(self, name, number(name, getattr(self, name), -10.0, 10.0))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("log-likelihood", "as printed, one pair: log logistic(s_1 - s_2)", -0.47407698418010663, paths=252),
    NearMiss("log-likelihood", "all pairs together", -1.261415655878436, paths=10_200),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    return (orders(stream, [math.exp(s) for s in (parameters.s_1, parameters.s_2, parameters.s_3)], size),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    return {"log-likelihood": log_frequency(summaries[0])}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
