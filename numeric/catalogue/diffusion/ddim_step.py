r"""One DDIM step, with a predictor learned from samples (twin of diffusion/ddim_step).

Pairs :math:`(X_0,X_t)` of the forward process; the slope of the regression of the first on the second is that of the
predictor :math:`g`, which no formula tells. With it the step

.. math:: x_{t-\Delta t}=x_t+\eta\,\frac{\Delta t}{t}\,(g(x_t)-x_t),\qquad
   \eta=\frac{\sqrt t}{\sqrt{t-\Delta t}+\sqrt t},\quad \Delta t=1/T,

multiplies the state by the estimated ``factor``.
"""

from __future__ import annotations

import math
from typing import Final

from numeric.engine.moments import Estimate, Moments, slope
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.forward_process import Parameters, start, walked
from numeric.power import NearMiss

DEFAULT: Final = Parameters(T=4)
REJECTS: Final = (
    NearMiss("factor", "half of the step: 1 - dt/(2 (sigma^2 + t))", 1 - 0.25 / 1.5, paths=1_250),
    NearMiss("factor", "eta = 1/2 + dt/(8 t)", 1 - 0.5625 / 3, paths=17_000),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    data = start(parameters.sigma, stream, size)
    x = walked(data, parameters.step, parameters.T, stream)
    return (Moments.of(data - x, x),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    (pairs,) = summaries
    change = slope(pairs)  # of g(x) - x
    k = parameters.step
    share = math.sqrt(k) / (math.sqrt(k - 1) + math.sqrt(k)) / k
    return {"factor": Estimate(1 + share * change.value, share * change.se, change.paths)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
