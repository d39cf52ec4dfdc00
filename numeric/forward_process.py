"""What all simulations around one time of the forward process share: their parameters."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from numeric.domains import grid_time, integer, number


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
