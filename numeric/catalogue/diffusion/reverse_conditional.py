r"""One step back, seen from where the forward process stands (twin of diffusion/reverse_conditional).

Pairs :math:`(X_{t-\Delta t},X_t)` of the forward process

.. math:: X_0\sim N(0,\sigma^2),\qquad X_{k\Delta t}=X_{(k-1)\Delta t}+\varepsilon_k,\quad
   \varepsilon_k\sim N(0,\Delta t),\quad \Delta t=1/T,

and the regression of the first on the second: its slope is that of the conditional mean, its residual
variance the conditional variance. The moments taken are those of :math:`(X_{t-\Delta t}-X_t,X_t)`, so that
a small step does not drown in the variance of the process.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from numeric.engine.moments import Estimate, Moments, residual_variance, slope
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.forward_process import Parameters, start, walked
from numeric.power import NearMiss

DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("variance", "the noise of the step: dt", 0.05, paths=21_100),
    NearMiss("slope", "the data scale forgotten: 1 - dt/t", 0.9, paths=3_020),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    before = walked(start(parameters.sigma, stream, size), parameters.step - 1, parameters.T, stream)
    x = walked(before, 1, parameters.T, stream)
    return (Moments.of(before - x, x),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    (pairs,) = summaries
    change = slope(pairs)
    return {
        "variance": residual_variance(pairs),
        "slope": replace(change, value=1 + change.value),
    }


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
