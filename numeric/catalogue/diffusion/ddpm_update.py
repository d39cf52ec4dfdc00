r"""One step back, and the data that it moves toward (twin of diffusion/ddpm_update).

Triples :math:`(X_0,X_{t-\Delta t},X_t)` of the forward process

.. math:: X_0\sim N(0,\sigma^2),\qquad X_{k\Delta t}=X_{(k-1)\Delta t}+\varepsilon_k,\quad
   \varepsilon_k\sim N(0,\Delta t),\quad \Delta t=1/T.

The mean of :math:`X_{t-\Delta t}` given :math:`X_t` lies on the way from :math:`X_t` to that of :math:`X_0`; what the
state at t contributes is the slope of the regression of :math:`X_{t-\Delta t}-\frac{\Delta t}{t}X_0` on it.
"""

from __future__ import annotations

from typing import Final

from numeric.engine.moments import Estimate, Moments, slope
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.forward_process import Parameters, start, walked
from numeric.power import NearMiss

DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("share of the state", "1 - dt/(sigma^2 + t)", 14 / 15, paths=2_900),
    NearMiss("share of the state", "the step before: 1 - dt/(t - dt)", 8 / 9, paths=26_000),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    data = start(parameters.sigma, stream, size)
    before = walked(data, parameters.step - 1, parameters.T, stream)
    return (Moments.of(before - data / parameters.step, walked(before, 1, parameters.T, stream)),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    (pairs,) = summaries
    return {"share of the state": slope(pairs)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
