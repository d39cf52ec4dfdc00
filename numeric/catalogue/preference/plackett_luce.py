r"""Rankings of three answers by hidden rewards (twin of preference/plackett_luce).

The rewards are :math:`\beta\log(\pi_\theta(y)/\pi_{\text{ref}}(y)) + c`, where c is a term of the prompt that no
ranking can show. People choose the best answer in proportion to :math:`e^r`, then the best of the others: the order
in which clocks of these rates ring. Estimates how often :math:`y_1, y_2, y_3` is the order.

Source: R. L. Plackett (1975); R. D. Luce (1959).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric.answers import Answers
from numeric.domains import different, number
from numeric.engine.moments import Estimate, Moments, frequency
from numeric.engine.rankings import rankings
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters(Answers):
    """Policies and strength, the term c of the prompt (-10 to 10), and which three answers are ranked."""

    c: float = 0.625
    y_1: int = 2
    y_2: int = 0
    y_3: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "c", number("c", self.c, -10.0, 10.0))
        different({name: getattr(self, name) for name in ("y_1", "y_2", "y_3")}, len(self.r))


DEFAULT: Final = Parameters()
REJECTS: Final = (NearMiss("ranking", "the product over neighbours in the ranking", 0.36874814993273486, paths=8_000),)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    p = parameters
    rates = p.implicit_rates(p.y_1, p.y_2, p.y_3)
    first, second, _ = rankings(stream, [math.exp(p.c) * rate for rate in rates], size)
    return (Moments.of_hits(size, int(np.count_nonzero((first == 0) & (second == 1)))),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    return {"ranking": frequency(summaries[0])}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
