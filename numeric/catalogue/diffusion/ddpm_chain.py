r"""Back by conditional means with fresh noise at every step (twin of diffusion/ddpm_chain).

.. math:: \hat X_1\sim N(0,v),\qquad
   \hat X_{(k-1)\Delta t}=\frac{\sigma^2+(k-1)\Delta t}{\sigma^2+k\Delta t}\,\hat X_{k\Delta t}+\varepsilon_k,\quad
   \varepsilon_k\sim N(0,\Delta t),\quad k=T,\dots,1,\quad \Delta t=1/T.

The problem starts at v = 1. Estimates mean and variance of :math:`\hat X_0`, and by how much the variance is larger
from :math:`v+\sigma^2`: both chains have the same random numbers, and their difference takes the same steps without
noise.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from numeric.engine.chains import walk
from numeric.engine.moments import Estimate, Moments, mean
from numeric.engine.streams import F32, F64, Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss
from numeric.reverse_chain import Parameters, at_the_end, steps

DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("variance", "the variance of the data: sigma^2", 0.25, paths=31_200),
    NearMiss("variance", "the limit of small steps: sigma^2 - sigma^6/(1 + sigma^2)^2", 0.24, paths=11_600),
    NearMiss("gain from N(0, 1 + sigma^2)", "none: the start is forgotten", 0.0, paths=378),
    NearMiss("gain from N(0, 1 + sigma^2)", "to leading order: sigma^6", 0.015625, paths=1_190),
)


def ends(parameters: Parameters, stream: Stream, size: int) -> F32:
    r"""Draws of :math:`\hat X_0`, shape (size,); ``size`` is that of the stream."""
    return _noisy(parameters, stream, stream.normal(parameters.v, np.empty(size, np.float32)))


def _factors(parameters: Parameters) -> F64:
    s2, dt = parameters.sigma**2, 1 / parameters.T
    k = np.arange(parameters.T, 0, -1)
    found: F64 = (s2 + (k - 1) * dt) / (s2 + k * dt)
    return found


def _noisy(parameters: Parameters, stream: Stream, start: F32) -> F32:
    return walk(stream, start, _factors(parameters), np.full(parameters.T, 1 / parameters.T))


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    start = stream.normal(parameters.v, np.empty(size, np.float32))
    wider = np.float32(math.sqrt(1 + parameters.sigma**2 / parameters.v) - 1)
    gap = walk(stream, start * wider, _factors(parameters))
    end = _noisy(parameters, stream, start)
    return Moments.of(end), Moments.of((2 * end + gap) * gap)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    end, gain = summaries
    return {**at_the_end(parameters, (end,)), "gain from N(0, 1 + sigma^2)": mean(gain)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read, steps)
