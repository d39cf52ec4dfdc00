r"""The slope of the truncated objective on tokens drawn from a batch (twin of policy/scale_rl).

A batch has N tokens with their probabilities under the policy that generated them and under the present one,
:math:`\pi_n+\theta\dot\pi_n` at :math:`\theta=0`, and the advantages of their generations. Tokens are drawn from it
evenly; the weight :math:`\min(\bar\pi_n/\pi_{\text{gen}}(n),\varepsilon)` of each is fixed, the logarithm of its
probability moves: the mean difference of weight times advantage times logarithm, over 2h.

Source: D. Khatri et al., The Art of Scaling Reinforcement Learning Compute for LLMs (2025).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from numeric.domains import number, numbers
from numeric.engine.moments import Estimate, Moments, mean
from numeric.engine.streams import F64, Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.moving_policy import draw, uniforms
from numeric.power import NearMiss

H: Final = 1e-5


@dataclass(frozen=True)
class Parameters:
    r"""Of N tokens (1 to 1e4): probabilities under the present policy (0.001 to 1) and their derivatives (-10 to 10),
    those under the generating policy, advantages A (-10 to 10); and the cap :math:`\varepsilon` (1e-3 to 1e3)."""

    pi_theta: Sequence[float] = (0.75, 0.5, 0.5, 0.75, 0.5)
    dot_pi_theta: Sequence[float] = (0.375, 0.25, 0.25, -0.25, 0.125)
    pi_gen: Sequence[float] = (0.375, 0.5, 0.25, 0.5, 0.625)
    A: Sequence[float] = (1.0, 1.5, 0.5, -0.5, -0.25)
    varepsilon: float = 1.25
    N: int = field(init=False)
    bar_pi: Sequence[float] = field(init=False)

    def __post_init__(self) -> None:
        chances = numbers("pi_theta", self.pi_theta, range(1, 10_001), 1e-3, 1.0)
        alike = range(len(chances), len(chances) + 1)
        object.__setattr__(self, "pi_theta", chances)
        object.__setattr__(self, "dot_pi_theta", numbers("dot_pi_theta", self.dot_pi_theta, alike, -10.0, 10.0))
        object.__setattr__(self, "pi_gen", numbers("pi_gen", self.pi_gen, alike, 1e-3, 1.0))
        object.__setattr__(self, "A", numbers("A", self.A, alike, -10.0, 10.0))
        object.__setattr__(self, "varepsilon", number("varepsilon", self.varepsilon, 1e-3, 1e3))
        object.__setattr__(self, "N", len(chances))
        object.__setattr__(self, "bar_pi", chances)

    def weights(self) -> F64:
        """Truncated ratio times advantage of each token, held fixed."""
        ratios = np.divide(self.bar_pi, self.pi_gen)
        found: F64 = np.minimum(ratios, self.varepsilon) * np.array(self.A)
        return found


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("gradient", "not truncated", 0.49000000000000005, paths=305),
    NearMiss("gradient", "clipped as in PPO: no slope where the ratio is above the cap and A > 0", 0.19, paths=139),
    NearMiss("gradient", "without stop-gradient", 0.2517241585526679, paths=323),
)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    p = parameters
    here, change = np.array(p.pi_theta), np.array(p.dot_pi_theta)
    slopes = p.weights() * (np.log(here + H * change) - np.log(here - H * change)) / (2 * H)
    drawn = draw(np.full(p.N, 1 / p.N), uniforms(stream, size))
    return (Moments.of(slopes[drawn]),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    return {"gradient": mean(summaries[0])}


simulate: Final[Simulation[Parameters]] = Simulation(_block, _read)
