r"""Random numbers of one block of paths, reproducible from the pair (seed, block) alone.

The bits come from SFC64, seeded by NumPy's ``SeedSequence`` with the block number as spawn key, so that a
block draws the same numbers in whatever process and order it runs. Normals are Box–Muller pairs

.. math:: \sqrt{-2\log u}\,(\cos\varphi, \sin\varphi),

in single precision out of NumPy's vector functions. The uniform :math:`u` takes the :math:`2^{30}`
midpoints of a grid (so the second moment is right to :math:`10^{-9}`, and the tails end at
:math:`6.5` standard deviations), the angle the :math:`2^{15}` midpoints of the circle, which have its moments up
to order :math:`2^{15}`; single precision moves the moments by less than :math:`10^{-7}`, which
:math:`10^{13}` paths could not see.

Source: G. E. P. Box, M. E. Muller, A Note on the Generation of Random Normal Deviates (1958).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from numeric.engine.chains import Backend

F32: TypeAlias = NDArray[np.float32]
F64: TypeAlias = NDArray[np.float64]

_UNIT: Final = 2.0**-31
_ANGLE: Final = math.pi * 2.0**-15


class Stream:
    """The random numbers of one block, for arrays of ``size`` paths; ``backend`` moves its chains, NumPy where None."""

    __slots__ = ("backend", "_bits", "_half", "_radius", "_angle", "_turned", "_size")

    def __init__(self, seed: int, block: int, size: int, backend: Backend | None = None) -> None:
        self.backend = backend
        self._bits = np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(block,)))
        self._size = size
        self._half = (size + 1) // 2
        self._radius: F32 = np.empty(self._half, np.float32)
        self._angle: F32 = np.empty(self._half, np.float32)
        self._turned: F32 = np.empty(self._half, np.float32)

    def normal(self, variance: float, out: F32) -> F32:
        """Fill ``out``, shape (size,), with independent N(0, variance) and return it."""
        half, radius, angle, turned = self._half, self._radius, self._angle, self._turned
        words = self._words((3 * half + 3) // 4)
        lengths, directions = words[:half], words[half:].view(np.int16)[:half]
        np.bitwise_or(lengths, 1, out=lengths)  # odd, hence never 0: the midpoints
        np.copyto(radius, lengths, casting="unsafe")
        np.abs(radius, out=radius)
        np.multiply(radius, _UNIT, out=radius)
        np.log(radius, out=radius)
        np.multiply(radius, -2.0 * variance, out=radius)
        np.sqrt(radius, out=radius)
        np.bitwise_or(directions, 1, out=directions)
        np.copyto(angle, directions, casting="unsafe")
        np.multiply(angle, _ANGLE, out=angle)
        np.cos(angle, out=turned)
        np.multiply(radius, turned, out=out[:half])
        rest = self._size - half
        np.sin(angle, out=turned)
        np.multiply(radius[:rest], turned[:rest], out=out[half:])
        return out

    def exponential(self, rate: float, out: F32) -> F32:
        """Fill ``out``, of any length, with independent waiting times of this rate and return it."""
        words = self._words((len(out) + 1) // 2)[: len(out)]
        np.bitwise_or(words, 1, out=words)
        np.copyto(out, words, casting="unsafe")
        np.abs(out, out=out)
        np.multiply(out, _UNIT, out=out)
        np.log(out, out=out)
        return np.multiply(out, -1.0 / rate, out=out)

    def raw(self, words: int) -> NDArray[np.uint32]:
        """This many words of 32 random bits."""
        return self._words((words + 1) // 2).view("<u4")[:words]

    def _words(self, pairs: int) -> NDArray[np.int32]:
        raw: NDArray[Any] = self._bits.random_raw(pairs)
        return raw.astype("<u8", copy=False).view("<i4")
