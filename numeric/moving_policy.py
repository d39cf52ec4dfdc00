r"""A policy over n answers that moves, :math:`\pi_\theta=\pi+\theta\dot\pi` around 0, and draws from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from numeric.answers import MOST
from numeric.domains import numbers, probabilities, slopes
from numeric.engine.streams import F64, Stream

NEARBY: Final = 1e-4
"""How far, as a share of the way to the next zero of a probability, a logarithm is looked at for its slope: near enough
for an error of 1e-8, far enough for twelve digits."""


@dataclass(frozen=True)
class Moving:
    r"""Values f of n answers (2 to 10000, each -10 to 10), a policy, and its derivative, which adds up to 0."""

    f: Sequence[float] = (1.0, 0.25, 1.5, 0.625)
    pi_theta: Sequence[float] = (0.25, 0.125, 0.1875, 0.4375)
    dot_pi_theta: Sequence[float] = (0.125, -0.125, 0.125, -0.125)

    def __post_init__(self) -> None:
        object.__setattr__(self, "f", numbers("f", self.f, range(2, MOST + 1), -10.0, 10.0))
        object.__setattr__(self, "pi_theta", probabilities("pi_theta", self.pi_theta, len(self.f)))
        object.__setattr__(self, "dot_pi_theta", slopes("dot_pi_theta", self.dot_pi_theta, len(self.f)))

    def at(self, theta: float) -> F64:
        r"""The policy at :math:`\theta`, shape (n,)."""
        found: F64 = np.array(self.pi_theta) + theta * np.array(self.dot_pi_theta)
        return found

    @property
    def room(self) -> float:
        r"""The :math:`|\theta|` up to which all probabilities are positive."""
        return float(np.min(np.array(self.pi_theta) / np.abs(self.dot_pi_theta).clip(1e-12)))

    def scores(self) -> F64:
        """The slopes of the logarithms of the probabilities at 0, by differences."""
        h = NEARBY * self.room
        found: F64 = (np.log(self.at(h)) - np.log(self.at(-h))) / (2 * h)
        return found


def uniforms(stream: Stream, size: int) -> F64:
    """Numbers between 0 and 1, shape (size,), that of the stream."""
    return np.exp(-stream.exponential(1.0, np.empty(size, np.float32)).astype(np.float64))


def draw(policy: F64, uniform: F64) -> NDArray[Any]:
    """The answers that a policy draws by these uniform numbers; policies that are close draw mostly the same."""
    return np.searchsorted(np.cumsum(policy)[:-1], uniform)
