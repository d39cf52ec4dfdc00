r"""Whole rankings by Plackett and Luce: the order in which clocks of given rates ring.

A ringing time is a positive float, so its bits order as the times do. The number of the clock takes the place of the
lowest bits, and a sorting network orders these keys for thousands of rankings at a time. Times that agree in all
other bits are ordered by numbers that are scrambled anew in every block, each way with the same probability.

Source: R. D. Luce (1959); R. L. Plackett (1975); K. E. Batcher (1968), the merge exchange network as in D. E. Knuth,
The Art of Computer Programming 3, algorithm 5.2.2M.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from numeric.domains import number
from numeric.engine.streams import F32, Stream

MOST: Final = 64
"""Clocks: their numbers leave 17 bits to a time, and two of those agree once in a million comparisons."""
PIECE: Final = 1 << 14
"""Rankings sorted at a time: 4 MB of keys with the most clocks."""


def rankings(stream: Stream, rates: Sequence[float], size: int) -> NDArray[np.uint8]:
    """Which clock rings first, second and so on, in the rows of an array of shape (clocks, size), counted from 0.

    Raises ValueError for fewer than 2 or more than 64 clocks, or a rate that is no number from 1e-31 to 1e31.
    """
    clocks = len(rates)
    if not 2 <= clocks <= MOST:
        raise ValueError(f"rates has {clocks} entries and is outside its domain: rates must be 2 to {MOST} numbers.")
    rates = [number("rates", rate, 1e-31, 1e31) for rate in rates]
    low = (1 << (clocks - 1).bit_length()) - 1
    scramble = int(stream.raw(1)[0]) & low
    found = np.empty((clocks, size), np.uint8)
    space = np.empty((clocks + 1, min(PIECE, size)), np.float32)
    for start in range(0, size, PIECE):
        *rows, spare = space[:, : size - start]
        keys = [_key(stream, rates[i], row, low, i ^ scramble) for i, row in enumerate(rows)]
        for row, ordered in zip(found, _sorted(keys, spare.view(np.int32)), strict=True):
            np.copyto(row[start : start + PIECE], ordered, casting="unsafe")
    np.bitwise_xor(found, scramble, out=found)
    return np.bitwise_and(found, low, out=found)


def _key(stream: Stream, rate: float, out: F32, low: int, number: int) -> NDArray[np.int32]:
    """Ringing times with the clock's number in their lowest bits."""
    key = stream.exponential(rate, out).view(np.int32)
    np.bitwise_and(key, ~low, out=key)
    return np.bitwise_or(key, number, out=key)


def _sorted(rows: list[NDArray[np.int32]], spare: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    for first, second in _network(len(rows)):
        np.minimum(rows[first], rows[second], out=spare)
        np.maximum(rows[first], rows[second], out=rows[second])
        rows[first], spare = spare, rows[first]
    return rows


@lru_cache(maxsize=MOST)
def _network(n: int) -> tuple[tuple[int, int], ...]:
    """The pairs to compare and exchange."""
    pairs = []
    largest = 1 << ((n - 1).bit_length() - 1)
    p = largest
    while p > 0:
        q, r, d = largest, 0, p
        while True:
            pairs += [(i, i + d) for i in range(n - d) if i & p == r]
            if q == p:
                break
            q, r, d = q // 2, p, q - p
        p //= 2
    return tuple(pairs)
