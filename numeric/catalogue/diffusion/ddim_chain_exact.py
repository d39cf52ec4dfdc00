r"""Back by the DDIM step, without noise (twin of diffusion/ddim_chain_exact).

.. math:: \hat X_1\sim N(0,v),\qquad
   \hat X_{t-\Delta t}=\hat X_t+\frac{\sqrt t}{\sqrt{t-\Delta t}+\sqrt t}\,\frac{\Delta t}{t}\,
   \left(\frac{\sigma^2}{\sigma^2+t}\hat X_t-\hat X_t\right),\quad t=1,1-\Delta t,\dots,\Delta t,\quad \Delta t=1/T.

The problem starts at v = 1. Estimates mean and variance of :math:`\hat X_0`.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from numeric.engine.moments import Moments
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss
from numeric.reverse_chain import Parameters, at_the_end

DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("variance", "half of each step: eta = 1/2", 0.208145, paths=1_131),
    NearMiss("variance", "the variance of the data: sigma^2", 0.25, paths=330),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    s2, dt = parameters.sigma**2, 1 / parameters.T
    x = stream.normal(parameters.v, np.empty(size, np.float32)).astype(np.float64)
    change = np.empty_like(x)
    for k in range(parameters.T, 0, -1):
        t = k * dt
        share = math.sqrt(k) / (math.sqrt(k - 1) + math.sqrt(k))
        np.multiply(x, s2 / (s2 + t), out=change)
        np.subtract(change, x, out=change)
        np.multiply(change, share * dt / t, out=change)
        np.add(x, change, out=x)
    return (Moments.of(x),)


simulate: Final[Simulation[Parameters]] = Simulation(_block, at_the_end)
