r"""The mean loss of labels that are drawn (twin of preference/role_of_beta).

Labels fall on :math:`y_w` with probability p, else on :math:`y_l`; a label's loss is :math:`-\log\sigma(\pm\beta m)`.
Estimates the slope of the mean loss at the margin m, as a difference over 2h with the same labels, and the margin at
which the mean loss of the labels drawn is least, found by bisection of that slope.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from numeric.domains import number
from numeric.engine.moments import Estimate, frequency
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.implicit_rewards import orders
from numeric.power import NearMiss

H: Final = 1e-5


@dataclass(frozen=True)
class Parameters:
    r"""Strength :math:`\beta` and margin m (up to 1e3), share p of the labels on :math:`y_w` (0.01 to 0.99)."""

    beta: float = 0.75
    m: float = 0.5
    p: float = 0.75

    def __post_init__(self) -> None:
        object.__setattr__(self, "beta", number("beta", self.beta, 1e-3, 1e3))
        object.__setattr__(self, "m", number("m", self.m, -1e3, 1e3))
        object.__setattr__(self, "p", number("p", self.p, 0.01, 0.99))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("slope", "that at margin 0: beta (1/2 - p)", -0.1875, paths=1_170),
    NearMiss("margin", "multiplied by beta instead of divided", 0.8239592165010823, paths=1_240),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    return (orders(stream, (parameters.p, 1 - parameters.p), size),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    beta, chosen = parameters.beta, frequency(summaries[0])
    up, down = (_difference(beta, parameters.m, label) for label in (1, -1))
    slope = Estimate(chosen.value * up + (1 - chosen.value) * down, chosen.se * abs(up - down), chosen.paths)
    low, best, high = (_least(beta, chosen.value + shift) for shift in (-chosen.se, 0.0, chosen.se))
    return {"slope": slope, "margin": Estimate(best, (high - low) / 2, chosen.paths)}


def _loss(beta: float, margin: float, label: int) -> float:
    u = -label * beta * margin
    return max(u, 0.0) + math.log1p(math.exp(-abs(u)))


def _difference(beta: float, margin: float, label: int) -> float:
    return (_loss(beta, margin + H, label) - _loss(beta, margin - H, label)) / (2 * H)


def _least(beta: float, share: float) -> float:
    """The margin at which labels of which this share is on the chosen answer have the least mean loss."""
    share = min(max(share, 1e-9), 1 - 1e-9)
    low, high = -30 / beta, 30 / beta
    for _ in range(60):
        middle = (low + high) / 2
        rises = share * _difference(beta, middle, 1) + (1 - share) * _difference(beta, middle, -1) > 0
        low, high = (low, middle) if rises else (middle, high)
    return (low + high) / 2


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
