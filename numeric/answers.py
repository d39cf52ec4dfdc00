"""A prompt with finitely many answers: their rewards, a reference policy and a trained one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from numeric.domains import different, integer, number, numbers, probabilities
from numeric.implicit_rewards import rates

MOST: int = 10_000


@dataclass(frozen=True)
class Answers:
    r"""Strength :math:`\beta` (0.05 to 1e3), and of n answers (2 to 10000) the rewards (-10 to 10) and two policies."""

    beta: float = 0.75
    r: Sequence[float] = (1.0, 0.25, 1.5, 0.625)
    pi_ref: Sequence[float] = (0.125, 0.5, 0.125, 0.25)
    pi_theta: Sequence[float] = (0.25, 0.125, 0.1875, 0.4375)

    def __post_init__(self) -> None:
        object.__setattr__(self, "beta", number("beta", self.beta, 0.05, 1e3))
        object.__setattr__(self, "r", numbers("r", self.r, range(2, MOST + 1), -10.0, 10.0))
        object.__setattr__(self, "pi_ref", probabilities("pi_ref", self.pi_ref, len(self.r)))
        object.__setattr__(self, "pi_theta", probabilities("pi_theta", self.pi_theta, len(self.r)))

    def implicit_rates(self, *answers: int) -> list[float]:
        r"""The rates :math:`(\pi_\theta/\pi_{\text{ref}})^\beta` at which answers win by their implicit rewards."""
        return rates(self.beta, [self.pi_theta[y] for y in answers], [self.pi_ref[y] for y in answers])

    def tilted_rates(self) -> list[float]:
        r"""Rates in proportion to :math:`\pi_{\text{ref}}e^{r/\beta}`, the largest factor being 1."""
        best = max(self.r)
        pairs = zip(self.pi_ref, self.r, strict=True)
        return [max(p * math.exp((r - best) / self.beta), 1e-30) for p, r in pairs]

    @classmethod
    def random(cls, seed: int, answers: int) -> Self:
        """Rewards, policies and strength drawn at random; ``answers`` is at least 2."""
        answers = integer("answers", answers, 2, MOST)
        draw = np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(seed)))
        first, second = (draw.exponential(size=answers) + 0.05 for _ in range(2))
        return cls(
            beta=float(np.exp(draw.normal() / 2)) + 0.2,
            r=draw.normal(size=answers).clip(-3, 3).tolist(),
            pi_ref=(first / first.sum()).tolist(),
            pi_theta=(second / second.sum()).tolist(),
        )


@dataclass(frozen=True)
class Pair(Answers):
    """The same, and which two answers, counted from 0, are compared."""

    y_w: int = 0
    y_l: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        different({"y_w": self.y_w, "y_l": self.y_l}, len(self.r))
