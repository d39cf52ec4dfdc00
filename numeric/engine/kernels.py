r"""The chains of ``numeric.engine.chains`` compiled by numba, the optional extra ``fast``.

One loop draws the bits, makes the normals and moves the paths, so that nothing leaves the innermost cache. Bits come
from SFC32 in as many lanes as the processor has; a lane moves four paths by one step with three words of 32 bits. Two
of them give the radii :math:`\sqrt{-2\log u}` of Box–Muller pairs, with :math:`u` at the :math:`2^{31}` midpoints of a
grid; the halves of the third give the angles, at the :math:`2^{16}` midpoints of the circle. Equally spaced angles
have the moments of the circle up to order :math:`2^{16}`, hence the normals those of their law. Logarithm, sine and
cosine are polynomials that err by less than :math:`10^{-7}`.

Source: C. Doty-Humphrey, PractRand (SFC); G. E. P. Box, M. E. Muller (1958).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

from numeric.engine.blocks import BLOCK
from numeric.engine.kernel_cache import cached
from numeric.engine.streams import F32, Stream

LANES: Final = 256
"""Lanes whose state is in the innermost cache at a time, as short vectors of the processor."""
TILE: Final = 4 * LANES

f32, i32, u32 = np.float32, np.int32, np.uint32
inlined = njit(inline="always", fastmath={"contract"})

# sin and cos of x in quarter turns, over the root of 2; log(1 + m) for sqrt(1/2) <= 1 + m < sqrt(2), of mean error 0
S1, S3, S5, S7 = map(f32, (1.1107207536697388, -0.4567647874355316, 0.05633936822414398, -0.003247228916734457))
C0, C2, C4, C6 = map(f32, (0.7071067690849304, -0.8723555207252502, 0.1793212890625, -0.014430816285312176))
L1, L2, L3, L4 = map(f32, (0.9999999403953552, -0.5000036358833313, 0.33335113525390625, -0.24970071017742157))
L5, L6, L7, L8 = map(f32, (0.19898569583892822, -0.17247025668621063, 0.16234134137630463, -0.10133911669254303))
LOG2: Final = f32(math.log(2))
ONE, MIDDLE = f32(1), f32(1.5)
ROOT_HALF: Final = i32(0x3F3504F3)  # the bits of sqrt(1/2)
UNIT: Final = i32(0x3F3504F3 + (32 << 23))  # the same after a division by 2^-32
MANTISSA, SIGN = i32(0x7FFFFF), i32(-(2**31))
ANGLE, MIDPOINT = i32(0x7FFE00), i32(0x3F800100)  # 14 bits of a number in [1, 2), and the half of the last of them


@intrinsic
def bits(context: Any, x: Any) -> Any:
    """The bits of a float as an integer."""
    return types.int32(types.float32), _bitcast(types.int32)


@intrinsic
def single(context: Any, x: Any) -> Any:
    """The float that has these bits."""
    return types.float32(types.int32), _bitcast(types.float32)


def _bitcast(to: Any) -> Callable[..., Any]:
    return lambda context, builder, signature, values: builder.bitcast(values[0], context.get_value_type(to))


@inlined
def sfc(a, b, c, n):
    """A word and the next state; ``n`` counts the words."""
    word = u32(u32(a + b) + n)
    return (
        word,
        u32(b ^ (b >> u32(9))),
        u32(c + u32(c << u32(3))),
        u32(u32(u32(c << u32(21)) | u32(c >> u32(11))) + word),
    )


@inlined
def radius(word, scale):
    """The root of ``scale`` times log u."""
    i = i32(bits(f32(word | u32(1))) - UNIT)
    m = single(i32((i & MANTISSA) + ROOT_HALF)) - ONE
    log = (((((((L8 * m + L7) * m + L6) * m + L5) * m + L4) * m + L3) * m + L2) * m + L1) * m
    return f32(math.sqrt((f32(i >> i32(23)) * LOG2 + log) * scale))


@inlined
def turned(x, signs):
    """``x`` with its sign changed where the first bit says so."""
    return single(bits(x) ^ i32(signs & SIGN))


@inlined
def quarter(word):
    """Cosine and sine at one of the midpoints of a quarter of the circle."""
    x = single(i32(i32(word & ANGLE) | MIDPOINT)) - MIDDLE
    q = x * x
    s = x * (((S7 * q + S5) * q + S3) * q + S1)
    c = ((C6 * q + C4) * q + C2) * q + C0
    return c - s, c + s


@inlined
def step(a, b, c, n, x0, x1, x2, x3, factor, scale):
    """Four paths moved by one step, and the next state of their lane."""
    w0, a, b, c = sfc(a, b, c, n)
    w1, a, b, c = sfc(a, b, c, u32(n + u32(1)))
    w2, a, b, c = sfc(a, b, c, u32(n + u32(2)))
    r0, r1, w = radius(w0, scale), radius(w1, scale), i32(w2)
    p0, q0 = quarter(i32(w << i32(9)))
    p1, q1 = quarter(i32(w >> i32(7)))
    x0 = factor * x0 + r0 * turned(p0, i32(w << i32(16)))
    x1 = factor * x1 + r0 * turned(q0, i32(w << i32(17)))
    x2 = factor * x2 + r1 * turned(p1, w)
    x3 = factor * x3 + r1 * turned(q1, i32(w << i32(1)))
    return a, b, c, x0, x1, x2, x3


@cached
@njit(nogil=True, fastmath={"contract"})
def _walk(x, state, factors, scales):
    """Four steps for every time that state and paths are loaded and stored: as fast as with all in registers."""
    steps = len(factors)
    whole = steps - steps % 4
    for tile in range(x.shape[0]):
        a, b, c = state[tile, 0], state[tile, 1], state[tile, 2]
        x0, x1, x2, x3 = x[tile, 0], x[tile, 1], x[tile, 2], x[tile, 3]
        n = u32(0)
        for k in range(0, whole, 4):
            f0, f1, f2, f3 = factors[k], factors[k + 1], factors[k + 2], factors[k + 3]
            s0, s1, s2, s3 = scales[k], scales[k + 1], scales[k + 2], scales[k + 3]
            for j in range(LANES):
                p, q, r, y0, y1, y2, y3 = step(a[j], b[j], c[j], n, x0[j], x1[j], x2[j], x3[j], f0, s0)
                p, q, r, y0, y1, y2, y3 = step(p, q, r, u32(n + u32(3)), y0, y1, y2, y3, f1, s1)
                p, q, r, y0, y1, y2, y3 = step(p, q, r, u32(n + u32(6)), y0, y1, y2, y3, f2, s2)
                p, q, r, y0, y1, y2, y3 = step(p, q, r, u32(n + u32(9)), y0, y1, y2, y3, f3, s3)
                a[j], b[j], c[j], x0[j], x1[j], x2[j], x3[j] = p, q, r, y0, y1, y2, y3
            n = u32(n + u32(12))
        for k in range(whole, steps):
            for j in range(LANES):
                a[j], b[j], c[j], x0[j], x1[j], x2[j], x3[j] = step(
                    a[j], b[j], c[j], n, x0[j], x1[j], x2[j], x3[j], factors[k], scales[k]
                )
            n = u32(n + u32(3))


@cached
@njit(nogil=True)
def _scale(x, factors):
    """Eight multiplications, one by one, for every time that a path is loaded and stored."""
    steps = len(factors)
    whole = steps - steps % 8
    for start in range(0, len(x), TILE):
        y = x[start : start + TILE]
        for k in range(0, whole, 8):
            f0, f1, f2, f3 = factors[k], factors[k + 1], factors[k + 2], factors[k + 3]
            f4, f5, f6, f7 = factors[k + 4], factors[k + 5], factors[k + 6], factors[k + 7]
            for j in range(len(y)):
                y[j] = y[j] * f0 * f1 * f2 * f3 * f4 * f5 * f6 * f7
        for k in range(whole, steps):
            for j in range(len(y)):
                y[j] *= factors[k]


@dataclass(frozen=True)
class Kernels:
    """Chains in compiled loops; see ``numeric.engine.chains.Backend``."""

    name: str = "fast"
    block: int = BLOCK
    threads: bool = True  # a loop holds no lock of the interpreter's

    def move(self, stream: Stream, x: F32, factors: F32, variances: F32 | None) -> F32:
        """See ``numeric.engine.chains.walk``."""
        if variances is None:
            _scale(x, factors)
            return x
        tiles = -(-len(x) // TILE)
        padded = np.zeros(tiles * TILE, np.float32)
        padded[: len(x)] = x
        state = stream.raw(3 * tiles * LANES).reshape(tiles, 3, LANES)
        _walk(padded.reshape(tiles, 4, LANES), state, factors, -2 * variances)
        return padded[: len(x)]
