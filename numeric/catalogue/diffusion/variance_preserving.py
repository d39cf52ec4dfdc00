r"""The variance-preserving process, step by step (twin of diffusion/variance_preserving).

.. math:: x_0=\sigma,\qquad x_i=\sqrt{1-\beta_i}\,x_{i-1}+\sqrt{\beta_i}\,\varepsilon_i,\quad
   \varepsilon_i\sim N(0,1),\quad \beta_i=\frac{1}{i+1},\quad i=1,\dots,k.

Estimates mean and variance of :math:`x_k`.
"""

from __future__ import annotations

from typing import Final

from numeric.engine.moments import Estimate, Moments, mean, variance
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss
from numeric.preserving_chain import Parameters, after, harmonic

DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("mean", "the product without its root: alpha sigma", 0.125, paths=2_577),
    NearMiss("variance", "one step less: 1 - alpha of the step before", 2 / 3, paths=8_700),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    return (Moments.of(after(parameters.k, parameters.sigma, harmonic, stream, size)),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    (end,) = summaries
    return {"mean": mean(end), "variance": variance(end)}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
