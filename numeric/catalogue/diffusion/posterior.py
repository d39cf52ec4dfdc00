r"""One step back in the variance-preserving process (twin of diffusion/posterior).

Pairs :math:`(x_{k-1},x_k)` of the process

.. math:: x_0=\sigma,\qquad x_i=\sqrt{1-\beta_i}\,x_{i-1}+\sqrt{\beta_i}\,\varepsilon_i,\quad
   \varepsilon_i\sim N(0,1),\quad \beta_i=\frac{1}{i+1},

and the regression of the first on the second: its slope and residual variance.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from numeric.engine.moments import Estimate, Moments, residual_variance, slope
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss
from numeric.preserving_chain import Parameters, harmonic, states

DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("slope", "1 - beta for its root", 2 / 3, paths=1_495),
    NearMiss("variance", "a step later: (1 - alpha_k)/(1 - alpha_{k+1}) beta_k", 0.234375, paths=35_900),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    before, now = deque(states(parameters.sigma, parameters.k, harmonic, stream, size), maxlen=2)
    return (Moments.of(before, now),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    (pairs,) = summaries
    return {"slope": slope(pairs), "variance": residual_variance(pairs)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
