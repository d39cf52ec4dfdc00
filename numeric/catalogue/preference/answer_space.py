r"""How many texts there are, by how often two of them agree (twin of preference/answer_space).

Two texts of l tokens are drawn, every token evenly from a vocabulary of V and independently of the others. They agree
with the probability 1/N where N texts are equally likely; so the share of pairs that agree estimates 1/N.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric.domains import integer
from numeric.engine.moments import Estimate, Moments, frequency
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.moving_policy import uniforms
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters:
    """Tokens in the vocabulary V (2 to 1000) and in a text l (1 to 100); pairs of more texts hardly ever agree."""

    V: int = 3
    l: int = 2  # noqa: E741

    def __post_init__(self) -> None:
        object.__setattr__(self, "V", integer("V", self.V, 2, 1000))
        object.__setattr__(self, "l", integer("l", self.l, 1, 100))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("texts", "base and exponent exchanged: l^V", 8.0, paths=35_400),
    NearMiss("texts", "of up to l tokens: 1 + V + ... + V^l", 13.0, paths=2_210),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    same = np.ones(size, np.bool_)
    for _ in range(parameters.l):
        one, two = (np.floor(parameters.V * uniforms(stream, size)) for _ in range(2))
        same &= one == two
    return (Moments.of_hits(size, int(np.count_nonzero(same))),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    agree = frequency(summaries[0])
    rate = max(agree.value, 0.5 / agree.paths)
    return {"texts": Estimate(1 / rate, agree.se / rate**2, agree.paths)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
