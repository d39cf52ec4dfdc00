r"""Implicit rewards :math:`\hat r=\beta\log(\pi_\theta/\pi_{\text{ref}})` as rates of clocks, and choices by them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from numeric.engine.choices import in_order
from numeric.engine.moments import Moments
from numeric.engine.streams import Stream

LARGEST: Final = 60.0
"""Implicit rewards are cut there: no simulation tells a chance of :math:`e^{-60}` from none."""


def rates(beta: float, policy: Sequence[float], reference: Sequence[float]) -> list[float]:
    r"""The rates :math:`e^{\hat r}` of answers with these probabilities."""
    rewards = (beta * math.log(p / q) for p, q in zip(policy, reference, strict=True))
    return [math.exp(max(-LARGEST, min(reward, LARGEST))) for reward in rewards]


def orders(stream: Stream, rates: Sequence[float], size: int) -> Moments:
    """Whether people who choose in proportion to the rates rank the answers in the order listed."""
    return Moments.of_hits(size, in_order(stream, rates, size))
