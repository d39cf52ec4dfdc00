r"""What simulations of the variance-preserving process share: their parameters, and its steps.

.. math:: x_0=\sigma,\qquad x_i=\sqrt{1-\beta_i}\,x_{i-1}+\sqrt{\beta_i}\,\varepsilon_i,\quad
   \varepsilon_i\sim N(0,1),\quad i=1,\dots,k.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from numeric.domains import integer, number
from numeric.engine.moments import Estimate, Moments, mean
from numeric.engine.streams import F64, Stream


@dataclass(frozen=True)
class Parameters:
    r"""Start :math:`\sigma` (1e-9 to 1e3) and steps taken k (1 to 10^6)."""

    sigma: float = 0.5
    k: int = 3

    def __post_init__(self) -> None:
        object.__setattr__(self, "sigma", number("sigma", self.sigma, 1e-9, 1e3))
        object.__setattr__(self, "k", integer("k", self.k, 1, 10**6))


def states(start: float, steps: int, beta: Callable[[int], float], stream: Stream, size: int) -> Iterator[F64]:
    """The states from the start to that after the last step, each of shape (size,), that of the stream."""
    noise = np.empty(size, np.float32)
    x = np.full(size, start)
    yield x
    for i in range(1, steps + 1):
        x = x * math.sqrt(1 - beta(i))
        np.add(x, stream.normal(beta(i), noise), out=x)
        yield x


def after(steps: int, start: float, beta: Callable[[int], float], stream: Stream, size: int) -> F64:
    """The state after the last step."""
    (end,) = deque(states(start, steps, beta, stream, size), maxlen=1)
    return end


def signal_share(start: float, end: Moments) -> Estimate:
    r"""The share :math:`(E[x_k]/x_0)^2` that the signal has in the state; its standard error to first order."""
    left = mean(end)
    shrink = left.value / start
    return Estimate(shrink**2, 2 * abs(shrink) * left.se / start, left.paths)


def harmonic(i: int) -> float:
    r"""The noise variances :math:`\beta_i=\frac{1}{i+1}`, whose product :math:`\prod_i(1-\beta_i)` tends to 0."""
    return 1 / (i + 1)
