r"""The loss of an answer for the state before, at a state that is seen (twin of diffusion/regression_target).

States :math:`X_{t-\Delta t}` of the forward process

.. math:: X_0\sim N(0,\sigma^2),\qquad X_{k\Delta t}=X_{(k-1)\Delta t}+\varepsilon_k,\quad
   \varepsilon_k\sim N(0,\Delta t),\quad \Delta t=1/T,

weighted by how likely the last step takes them to :math:`X_t=1`: the mean square of what is left of them by the answer
c. Pairs of states, and the regression of the first on the second: the least loss of all answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric import forward_process
from numeric.domains import number
from numeric.engine.moments import Estimate, Moments, ratio, residual_variance
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.forward_process import start, walked
from numeric.power import NearMiss

SEEN: Final = 1.0


@dataclass(frozen=True)
class Parameters(forward_process.Parameters):
    """Data scale, steps and time, and the answer c that is given at the state 1 (-10 to 10)."""

    c: float = 0.75

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "c", number("c", self.c, -10.0, 10.0))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("loss", "the variance of the step forward: dt for it", 0.05 + (14 / 15 - 0.75) ** 2, paths=149_000),
    NearMiss("loss", "the target for its mean: the squared bias alone", (14 / 15 - 0.75) ** 2, paths=760),
    NearMiss("least loss", "the variance of the step forward: dt", 0.05, paths=21_200),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    x = walked(start(parameters.sigma, stream, size), parameters.step - 1, parameters.T, stream)
    weights = np.exp(-((SEEN - x) ** 2) / (2 / parameters.T))  # the density of one step
    now = walked(x, 1, parameters.T, stream)
    return Moments.of(weights * (x - parameters.c) ** 2, weights), Moments.of(x - now, now)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    weighted, pairs = summaries
    return {"loss": ratio(weighted), "least loss": residual_variance(pairs)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
