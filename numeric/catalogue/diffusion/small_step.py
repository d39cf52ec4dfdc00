r"""One small step back from a law that is not Gaussian (twin of diffusion/small_step).

.. math:: X_t\sim\text{logistic, with the density}\propto e^{-\varphi},\ 0<\varphi''\le\frac12,\qquad
   X_{t+1}=X_t+\varepsilon_t,\quad \varepsilon_t\sim N(0,v).

Pairs of independent states :math:`X_t,X_t'`, weighted by how likely the step takes both to
:math:`z=c+v\varphi'(c)`: half the mean square of their difference is the variance of :math:`X_t` given
:math:`X_{t+1}=z`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from numeric.domains import number
from numeric.engine.moments import Estimate, Moments, ratio
from numeric.engine.streams import F64, Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.moving_policy import uniforms
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters:
    """Variance of the step v (0.01 to 1.9), the likeliest earlier state c (-3 to 3), and the law's bound L, 1/2."""

    v: float = 0.5
    c: float = 1.5
    L: float = field(init=False, default=0.5)

    def __post_init__(self) -> None:
        object.__setattr__(self, "v", number("v", self.v, 0.01, 1.9))
        object.__setattr__(self, "c", number("c", self.c, -3.0, 3.0))

    @property
    def seen(self) -> float:
        """The later state z; the logistic law has the slope tanh(c/2) there."""
        return self.c + self.v * math.tanh(self.c / 2)


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("variance at least", "v: a step back is as wide as one forward", 0.5, paths=18_900),
    NearMiss("variance at most", "the bounds exchanged: v/(1 + L v)", 0.4, paths=62_200),
)


def _logistic(stream: Stream, size: int) -> F64:
    uniform = uniforms(stream, size).clip(1e-9, 1 - 1e-9)
    found: F64 = np.log(uniform / (1 - uniform))
    return found


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    one, two = _logistic(stream, size), _logistic(stream, size)
    weights = np.exp(-((one - parameters.seen) ** 2 + (two - parameters.seen) ** 2) / (2 * parameters.v))
    return (Moments.of(weights * (one - two) ** 2 / 2, weights),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    return dict.fromkeys(("variance at least", "variance at most"), ratio(summaries[0]))


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
