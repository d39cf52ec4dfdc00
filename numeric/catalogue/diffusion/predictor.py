r"""Data predicted from a noisy state, by regression (twin of diffusion/predictor).

Pairs :math:`(X_0,X_t)` of the forward process

.. math:: X_0\sim N(0,\sigma^2),\qquad X_{k\Delta t}=X_{(k-1)\Delta t}+\varepsilon_k,\quad
   \varepsilon_k\sim N(0,\Delta t),\quad \Delta t=1/T,

and the regression of the first on the second, which has the least squared loss: its slope and that loss.
"""

from __future__ import annotations

from typing import Final

from numeric.engine.moments import Estimate, Moments, residual_variance, slope
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.forward_process import Parameters, start, walked
from numeric.power import NearMiss

DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("slope", "one step too many: sigma^2/(sigma^2 + t + dt)", 0.3125, paths=27_500),
    NearMiss("variance", "one step less: sigma^2 (t - dt)/(sigma^2 + t - dt)", 0.9 / 5.6, paths=84_200),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    data = start(parameters.sigma, stream, size)
    return (Moments.of(data, walked(data, parameters.step, parameters.T, stream)),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    (pairs,) = summaries
    return {"slope": slope(pairs), "variance": residual_variance(pairs)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
