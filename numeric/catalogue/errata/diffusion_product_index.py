r"""The signal that is left after some of the steps (twin of errata/diffusion_product_index).

.. math:: x_0=z,\qquad x_i=\sqrt{1-\beta_i}\,x_{i-1}+\sqrt{\beta_i}\,\varepsilon_i,\quad
   \varepsilon_i\sim N(0,1),\quad \beta_i=\frac{1}{i+2},\quad i=1,\dots,t,\dots,T.

Estimates the share :math:`(E[x_t]/z)^2` that the signal has in the state after t steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from numeric.domains import integer, number
from numeric.engine.moments import Estimate, Moments
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss
from numeric.preserving_chain import after, signal_share


@dataclass(frozen=True)
class Parameters:
    """Start z (0.1 to 1e3), all steps T (1 to 10^6), and those taken t (1 to T)."""

    z: float = 2.0
    T: int = 8
    t: int = 3

    def __post_init__(self) -> None:
        object.__setattr__(self, "z", number("z", self.z, 0.1, 1e3))
        object.__setattr__(self, "T", integer("T", self.T, 1, 10**6))
        object.__setattr__(self, "t", integer("t", self.t, 1, self.T))


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("share", "as printed, the product of all T factors", 0.2, paths=323),
    NearMiss("share", "one factor more", 1 / 3, paths=2_900),
)


def _beta(i: int) -> float:
    return 1 / (i + 2)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    return (Moments.of(after(parameters.t, parameters.z, _beta, stream, size)),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    return {"share": signal_share(parameters.z, summaries[0])}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
