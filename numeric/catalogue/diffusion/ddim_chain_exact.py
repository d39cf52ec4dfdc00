r"""Back by the DDIM step, without noise (twin of diffusion/ddim_chain_exact).

.. math:: \hat X_1\sim N(0,v),\qquad
   \hat X_{t-\Delta t}=\hat X_t+\frac{\sqrt t}{\sqrt{t-\Delta t}+\sqrt t}\,\frac{\Delta t}{t}\,
   \left(\frac{\sigma^2}{\sigma^2+t}\hat X_t-\hat X_t\right),\quad t=1,1-\Delta t,\dots,\Delta t,\quad \Delta t=1/T.

The problem starts at v = 1. Estimates mean and variance of :math:`\hat X_0`.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from numeric.engine.chains import walk
from numeric.engine.moments import Moments
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss
from numeric.reverse_chain import Parameters, at_the_end, steps

DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("variance", "half of each step: eta = 1/2", 0.208145, paths=1_131),
    NearMiss("variance", "the variance of the data: sigma^2", 0.25, paths=330),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    s2, dt = parameters.sigma**2, 1 / parameters.T
    k = np.arange(parameters.T, 0, -1)
    t = k * dt
    share = np.sqrt(k) / (np.sqrt(k - 1) + np.sqrt(k))
    start = stream.normal(parameters.v, np.empty(size, np.float32))
    return (Moments.of(walk(stream, start, 1 + share * dt / t * (s2 / (s2 + t) - 1))),)


simulate: Final[Simulation[Parameters]] = Simulation(_block, at_the_end, steps)
