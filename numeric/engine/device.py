r"""The chains of ``numeric.engine.chains`` on a graphics processor, through the array-API standard.

The standard has no random numbers, so the bits are a function of (key, counter): Squares, four rounds of squaring and
rotating 64-bit words. The block's own generator draws the key. Normals are Box–Muller pairs.

Source: B. Widynski, Squares: A Fast Counter-Based RNG (2020); Python array API standard 2024.12.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from numeric.engine.streams import F32, Stream

BLOCK: Final = 1 << 22
"""Paths in a block: enough work for a kernel on the device to outlast its launch."""
_WORD: Final = (1 << 32) - 1


@dataclass(frozen=True)
class Device:
    """Chains in the array library ``xp`` on ``device``; see ``numeric.engine.chains.Backend``."""

    xp: Any
    device: Any
    name: str
    block: int = BLOCK
    threads: bool = True

    def move(self, stream: Stream, x: F32, factors: F32, variances: F32 | None) -> F32:
        """See ``numeric.engine.chains.walk``."""
        xp, half = self.xp, (len(x) + 1) // 2
        first, second = (xp.asarray(part.copy(), device=self.device) for part in (x[:half], x[half:]))
        key = int(stream.raw(2).view("<i8")[0]) | 1
        counter = xp.arange(half, dtype=xp.int64, device=self.device)
        for k, factor in enumerate(factors.tolist()):
            first, second = first * factor, second * factor
            if variances is not None:
                cosine, sine = _normals(xp, counter + 2 * k * half, key, float(variances[k]))
                first, second = first + cosine, second + sine[: len(x) - half]
        return np.concatenate([_on_host(first), _on_host(second)])


def _normals(xp: Any, counter: Any, key: int, variance: float) -> tuple[Any, Any]:
    """Two independent N(0, variance) for each counter, of which as many following ones are used up as well."""
    uniform = xp.astype(_squares(counter, key) | 1, xp.float32) * 2.0**-32
    angle = xp.astype(_squares(counter + counter.shape[0], key), xp.float32) * (2 * math.pi * 2.0**-32)
    radius = xp.sqrt(xp.log(uniform) * (-2.0 * variance))
    return radius * xp.cos(angle), radius * xp.sin(angle)


def _squares(counter: Any, key: int) -> Any:
    """32 random bits for each counter, in arithmetic modulo 2^64."""
    y = counter * key
    z = y + key
    x = y
    for round_key in (y, z, y):
        x = x * x + round_key
        x = ((x >> 32) & _WORD) | (x << 32)
    return ((x * x + z) >> 32) & _WORD


def _on_host(x: Any) -> F32:
    if hasattr(x, "get"):  # CuPy
        x = x.get()
    elif hasattr(x, "cpu"):  # torch
        x = x.cpu()
    return np.asarray(x, np.float32)
