r"""Choices between two answers by a hidden reward (twin of preference/bradley_terry).

For one prompt there are n answers with rewards :math:`r` and a reference policy. A choice between
:math:`y_w` and :math:`y_l` falls on each in proportion to :math:`e^{r}`: of two clocks that run with the rates
:math:`e^{r(y_w)}` and :math:`e^{r(y_l)}`, the one that rings first wins. Estimates the probability that
:math:`y_w` is preferred. Neither :math:`\beta` nor the reference policy enters a choice; both are parameters of the
problem, for a result may be stated with them.

Source: R. A. Bradley, M. E. Terry (1952); R. D. Luce (1959).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric.domains import integer, number, probabilities
from numeric.engine.moments import Estimate, Moments, frequency
from numeric.engine.streams import Stream
from numeric.engine.workers import Progress, Simulation, Summaries, run
from numeric.power import NearMiss


@dataclass(frozen=True)
class Parameters:
    r"""Strength :math:`\beta` (1e-3 to 1e3), rewards r (-10 to 10) and reference policy of n answers, and which
    two of them, counted from 0, are compared."""

    beta: float = 0.75
    r: Sequence[float] = (0.5, -0.25, 1.0, 0.125)
    pi_ref: Sequence[float] = (0.125, 0.5, 0.125, 0.25)
    y_w: int = 0
    y_l: int = 1

    def __post_init__(self) -> None:
        rewards: object = self.r
        if not isinstance(rewards, (list, tuple)) or not 2 <= len(rewards) <= 10_000:
            raise ValueError("r is outside its domain: r must be a list of 2 to 10000 numbers from -10 to 10.")
        object.__setattr__(self, "beta", number("beta", self.beta, 1e-3, 1e3))
        object.__setattr__(self, "r", tuple(number("r", v, -10.0, 10.0) for v in self.r))
        object.__setattr__(self, "pi_ref", probabilities("pi_ref", self.pi_ref, len(self.r)))
        object.__setattr__(self, "y_w", integer("y_w", self.y_w, 0, len(self.r) - 1))
        object.__setattr__(self, "y_l", integer("y_l", self.y_l, 0, len(self.r) - 1))
        if self.y_w == self.y_l:
            raise ValueError(f"y_l = {self.y_l} is outside its domain: y_l must be another answer than y_w.")

    @staticmethod
    def random(seed: int, answers: int) -> Parameters:
        """Rewards, policy, strength and pair drawn at random; ``answers`` is at least 2."""
        answers = integer("answers", answers, 2, 10_000)
        draw = np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(seed)))
        weights = draw.exponential(size=answers) + 0.05
        first, second = draw.choice(answers, size=2, replace=False)
        return Parameters(
            beta=float(np.exp(draw.normal() / 2)),
            r=draw.normal(size=answers).clip(-4, 4).tolist(),
            pi_ref=(weights / weights.sum()).tolist(),
            y_w=int(first),
            y_l=int(second),
        )


DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("probability", "the strength forgotten: logistic(r difference/beta)", 0.7310585786300049, paths=4_700),
)


def simulate(
    parameters: Parameters,
    paths: int,
    seed: int,
    workers: int = 1,
    progress: Progress | None = None,
    until_se: float | None = None,
) -> dict[str, Estimate]:
    """How often y_w is preferred; arguments and errors as in ``numeric.engine.workers.run``."""
    return run(_SIMULATION, parameters, paths, seed, workers, progress, until_se)


def _block(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    first = stream.exponential(math.exp(parameters.r[parameters.y_w]), np.empty(size, np.float32))
    second = stream.exponential(math.exp(parameters.r[parameters.y_l]), np.empty(size, np.float32))
    return (Moments.of_hits(size, int(np.count_nonzero(first < second))),)


def _read(parameters: Parameters, summaries: Summaries) -> dict[str, Estimate]:
    (choices,) = summaries
    return {"probability": frequency(choices)}


_SIMULATION: Final[Simulation[Parameters]] = Simulation(_block, _read)
