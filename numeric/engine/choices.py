r"""Choices among finitely many things in proportion to their weights, by a race.

Of clocks that run with the rates :math:`w_i`, the i-th rings first with probability :math:`w_i / \sum_j w_j`; the
weights need not be normalised, and the order in which all of them ring is that of Plackett and Luce.

Source: R. D. Luce (1959); D. McFadden (1974) for the same in logarithms (Gumbel variables).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numeric.engine.streams import F32, Stream


def winners(stream: Stream, rates: Sequence[float], size: int) -> NDArray[Any]:
    """Which clock rings first, shape (size,), counted from 0; ``size`` is that of the stream."""
    best = stream.exponential(rates[0], np.empty(size, np.float32))
    time: F32 = np.empty(size, np.float32)
    found = np.zeros(size, np.int32)
    for index, rate in enumerate(rates[1:], 1):
        stream.exponential(rate, time)
        np.copyto(found, index, where=time < best)
        np.minimum(time, best, out=best)
    return found


def in_order(stream: Stream, rates: Sequence[float], size: int) -> int:
    """How many of ``size`` races end in the order in which the clocks are listed."""
    before = stream.exponential(rates[0], np.empty(size, np.float32))
    ordered = np.ones(size, np.bool_)
    for rate in rates[1:]:
        time = stream.exponential(rate, np.empty(size, np.float32))
        ordered &= before < time
        before = time
    return int(np.count_nonzero(ordered))
