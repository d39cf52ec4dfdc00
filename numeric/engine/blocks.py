"""Paths in blocks: what bounds the memory, and the unit that is reproducible."""

from __future__ import annotations

from typing import Final

BLOCK: Final = 1 << 15
"""Paths in a block. The few arrays of a block stay in a core's own cache; changing it changes the random
numbers that a path gets, so it is no setting."""

LIMIT: Final = 1 << 50
"""The largest number of paths that a run accepts."""


def count(paths: int, block_size: int = BLOCK) -> int:
    """How many blocks make up ``paths`` paths."""
    return -(-paths // block_size)


def size(block: int, paths: int, block_size: int = BLOCK) -> int:
    """How many paths there are in block number ``block``, which counts from 0."""
    return min(block_size, paths - block * block_size)
