r"""The forward process, step by step (twin of diffusion/forward_marginal).

.. math:: X_0\sim N(0,\sigma^2),\qquad X_{k\Delta t}=X_{(k-1)\Delta t}+\varepsilon_k,\quad
   \varepsilon_k\sim N(0,\Delta t),\quad k=1,\dots,T,\quad \Delta t=1/T.

Estimates means and variances of :math:`X_{t-\Delta t}`, :math:`X_t` and :math:`X_1`, and the covariance of the
first two.
"""

from __future__ import annotations

from typing import Final

from numeric.engine.moments import Estimate, Moments, covariance, mean, variance
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.forward_process import Parameters, start, walked
from numeric.power import NearMiss

DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("Var(X_t)", "one step too many: sigma^2 + t + dt", 0.80, paths=24_200),
    NearMiss("Var(X_{t-dt})", "no step less: sigma^2 + t", 0.75, paths=21_100),
    NearMiss("Cov(X_{t-dt}, X_t)", "that of X_t with itself: sigma^2 + t", 0.75, paths=21_800),
    NearMiss("Var(X_1)", "the data forgotten: 1", 1.0, paths=2_700),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    before = walked(start(parameters.sigma, stream, size), parameters.step - 1, parameters.T, stream)
    x = walked(before, 1, parameters.T, stream)
    end = walked(x, parameters.T - parameters.step, parameters.T, stream)
    return Moments.of(before, x), Moments.of(end)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    pairs, end = summaries
    before, now = pairs.variable(0), pairs.variable(1)
    return {
        "Var(X_t)": variance(now),
        "Var(X_{t-dt})": variance(before),
        "Var(X_1)": variance(end),
        "Cov(X_{t-dt}, X_t)": covariance(pairs),
        "E[X_t]": mean(now),
        "E[X_{t-dt}]": mean(before),
        "E[X_1]": mean(end),
    }


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
