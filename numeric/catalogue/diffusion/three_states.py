r"""A walk on three states (twin of diffusion/three_states).

From state A, in each of k steps the walk moves to each of the two other states with probability 1/T and stays
otherwise. Estimates the probability of A after k steps, and that the walk was in A one step before where it is
in A now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric.domains import integer
from numeric.engine.moments import Estimate, Moments, frequency, ratio
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters:
    r"""Rarity T of a move (4 to 10^6), steps taken k (1 to 10^4)."""

    T: int = 10
    k: int = 3

    def __post_init__(self) -> None:
        object.__setattr__(self, "T", integer("T", self.T, 4, 10**6))
        object.__setattr__(self, "k", integer("k", self.k, 1, 10**4))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("A", "one step less", (1 + 2 * 0.7**2) / 3, paths=1_381),
    NearMiss("A before A", "the step forward: 1 - 2/T", 0.8, paths=280),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    clock = np.empty(size, np.float32)
    state = np.zeros(size, np.int64)
    before = state.copy()
    for _ in range(parameters.k):
        before = state
        chance = np.exp(-stream.exponential(1.0, clock).astype(np.float64)) * parameters.T
        state = (state + (chance < 1) - ((chance >= 1) & (chance < 2))) % 3
    now = state == 0
    return (Moments.of((now & (before == 0)).astype(np.float64), now.astype(np.float64)),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    (pairs,) = summaries
    return {"A": frequency(pairs.variable(1)), "A before A": ratio(pairs)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
