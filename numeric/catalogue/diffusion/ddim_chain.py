r"""Back by half of each conditional mean's step, without noise (twin of diffusion/ddim_chain).

.. math:: \hat X_1\sim N(0,v),\qquad
   \hat X_{(k-1)\Delta t}=\hat X_{k\Delta t}-\frac12\frac{\Delta t}{\sigma^2+k\Delta t}\hat X_{k\Delta t},\quad
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
    NearMiss("variance", "the limit of small steps: sigma^2/(sigma^2 + 1)", 0.2, paths=70_100),
    NearMiss("variance", "the variance of the data: sigma^2", 0.25, paths=2_655),
)


def ends(parameters: Parameters, stream: Stream, size: int) -> F32:
    r"""Draws of :math:`\hat X_0`, shape (size,); ``size`` is that of the stream."""
    s2, dt = parameters.sigma**2, 1 / parameters.T
    k = np.arange(parameters.T, 0, -1)
    start = stream.normal(parameters.v, np.empty(size, np.float32))
    return walk(stream, start, 1 - 0.5 * dt / (s2 + k * dt))


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    return (Moments.of(ends(parameters, stream, size)),)


simulate: Final[Simulation[Parameters]] = Simulation(_block, at_the_end, steps)
