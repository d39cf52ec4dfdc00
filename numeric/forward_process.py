r"""The forward process :math:`X_{t+\Delta t}=X_t+\varepsilon,\ \varepsilon\sim N(0,1/T)`, and a time to look at."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from numeric.domains import grid_time, integer, number
from numeric.engine.streams import F64, Stream


@dataclass(frozen=True)
class Parameters:
    r"""Data scale :math:`\sigma` (1e-9 to 1e3), steps :math:`T` (1 to 10^6), time :math:`t`, a multiple of 1/T."""

    sigma: float = 0.5
    T: int = 20
    t: float | Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sigma", number("sigma", self.sigma, 1e-9, 1e3))
        object.__setattr__(self, "T", integer("T", self.T, 1, 10**6))
        object.__setattr__(self, "t", grid_time("t", self.t, self.T))

    @property
    def step(self) -> int:
        """The number k of the step that ends at time t."""
        return round(self.t * self.T)


def start(sigma: float, stream: Stream, size: int) -> F64:
    r"""The data, independent :math:`N(0,\sigma^2)`, shape (size,), that of the stream."""
    return stream.normal(sigma**2, np.empty(size, np.float32)).astype(np.float64)


def walked(x: F64, steps: int, T: int, stream: Stream) -> F64:
    """The states that many steps of variance 1/T after the states x, of the same shape."""
    x, noise = x.copy(), np.empty(x.size, np.float32)
    for _ in range(steps):
        np.add(x, stream.normal(1 / T, noise), out=x)
    return x
