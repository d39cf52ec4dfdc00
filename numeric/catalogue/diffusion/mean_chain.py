r"""Back by conditional means alone, without noise (twin of diffusion/mean_chain).

.. math:: \hat X_1\sim N(0,v),\qquad
   \hat X_{(k-1)\Delta t}=\frac{\sigma^2+(k-1)\Delta t}{\sigma^2+k\Delta t}\,\hat X_{k\Delta t},\quad
   k=T,\dots,1,\quad \Delta t=1/T.

The problem starts at v = 1. Estimates mean and variance of :math:`\hat X_0`.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from numeric.engine.chains import walk
from numeric.engine.moments import Moments
from numeric.engine.streams import F32, Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss
from numeric.reverse_chain import Parameters, at_the_end, steps

DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("variance", "leading order: sigma^4", 0.0625, paths=340),
    NearMiss("variance", "started from N(0, 1 + sigma^2): sigma^4/(1 + sigma^2)", 0.05, paths=1_720),
    NearMiss("variance", "(sigma^2/(sigma^2 + 1 + dt))^2, one step too many", 0.25**2 / 1.3**2, paths=19_500),
)


def ends(parameters: Parameters, stream: Stream, size: int) -> F32:
    r"""Draws of :math:`\hat X_0`, shape (size,); ``size`` is that of the stream."""
    s2, dt = parameters.sigma**2, 1 / parameters.T
    k = np.arange(parameters.T, 0, -1)
    start = stream.normal(parameters.v, np.empty(size, np.float32))
    return walk(stream, start, (s2 + (k - 1) * dt) / (s2 + k * dt))


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    return (Moments.of(ends(parameters, stream, size)),)


simulate: Final[Simulation[Parameters]] = Simulation(_block, at_the_end, steps)
