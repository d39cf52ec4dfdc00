r"""The partition function of a reward that is larger by a term (twin of errata/preference_partition).

Draws answers from the reference policy and averages :math:`e^{(r+c)/\beta}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric.answers import Answers
from numeric.domains import number
from numeric.engine.choices import winners
from numeric.engine.moments import Estimate, Moments, mean
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters(Answers):
    """Rewards, policies and strength, and the term c that is added to every reward (-10 to 10)."""

    c: float = 0.25

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "c", number("c", self.c, -10.0, 10.0))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("shifted", "as printed, the same for every reward: Z", 2.6708906844679796, paths=355),
    NearMiss("shifted", "c not divided by beta", 3.4294915240514046, paths=4_460),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    weights = np.exp((np.array(parameters.r) + parameters.c) / parameters.beta)
    return (Moments.of(weights[winners(stream, parameters.pi_ref, size)]),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    return {"shifted": mean(summaries[0])}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
