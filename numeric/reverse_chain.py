"""What all reverse chains share: their parameters, and the moments of the state that they end in."""

from __future__ import annotations

from dataclasses import dataclass

from numeric.domains import integer, number
from numeric.engine.moments import Estimate, mean, variance
from numeric.engine.workers import Summaries


@dataclass(frozen=True)
class Parameters:
    r"""Data scale :math:`\sigma` (1e-9 to 1e3), steps :math:`T` (1 to 10^6), start variance :math:`v` (1e-9 to 1e6)."""

    sigma: float = 0.5
    T: int = 20
    v: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "sigma", number("sigma", self.sigma, 1e-9, 1e3))
        object.__setattr__(self, "T", integer("T", self.T, 1, 10**6))
        object.__setattr__(self, "v", number("v", self.v, 1e-9, 1e6))


def at_the_end(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    """Variance and mean of what the chain ends in, from the one summary of a block."""
    (end,) = summaries
    return {"variance": variance(end), "mean": mean(end)}


def steps(parameters: Parameters) -> int:
    """The steps that a path takes."""
    return parameters.T
