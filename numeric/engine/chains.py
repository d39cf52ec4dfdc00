r"""Chains of steps that scale the state of every path and add fresh noise to it.

.. math:: x_k = a_k\,x_{k-1} + \varepsilon_k,\qquad \varepsilon_k\sim N(0, v_k),\quad k=1,\dots,T.

The state is in single precision. Factors are rounded so that every product :math:`a_1\cdots a_k` is right to one
rounding: rounded one by one, a thousand of them would move a variance by a millionth.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from numeric.engine.blocks import BLOCK
from numeric.engine.streams import F32, Stream


class Backend(Protocol):
    """What moves the paths of a block through a chain."""

    @property
    def name(self) -> str:
        """``numpy``, ``fast`` or the array library of the device."""
        ...

    @property
    def block(self) -> int:
        """Paths in a block."""
        ...

    @property
    def threads(self) -> bool:
        """Whether workers can be threads of this process."""
        ...

    def move(self, stream: Stream, x: F32, factors: F32, variances: F32 | None) -> F32:
        """``walk`` with factors and variances in single precision."""
        ...


def walk(stream: Stream, x: F32, factors: NDArray[Any], variances: NDArray[Any] | None = None) -> F32:
    """Take ``x``, shape (size,), through all steps and return it; one factor and one variance, shape (T,), a step.

    Every path draws its own normal in every step; without ``variances`` none does. ``x`` is overwritten.
    """
    rounded = _rounded(np.ascontiguousarray(factors, np.float64).tobytes())
    single = None if variances is None else variances.astype(np.float32)
    return (stream.backend or NUMPY).move(stream, x, rounded, single)


@lru_cache(maxsize=4)  # the same for all blocks of a run
def _rounded(factors: bytes) -> F32:
    """The factors in single precision; an error of the product so far is made up for by the next one."""
    exact = np.frombuffer(factors, np.float64)
    found = np.empty(len(exact), np.float32)
    error = 1.0  # exact product over rounded product
    for k, factor in enumerate(exact.tolist()):
        found[k] = factor * error
        error *= factor / float(found[k]) if found[k] else 1.0
    found.flags.writeable = False
    return found


@dataclass(frozen=True)
class _InCache:
    """One pass of NumPy's vector loops after the other, over a block that stays in a core's own cache."""

    name: str = "numpy"
    block: int = BLOCK
    threads: bool = False  # short loops hand the interpreter's lock over too often

    def move(self, stream: Stream, x: F32, factors: F32, variances: F32 | None) -> F32:
        """See ``walk``."""
        if variances is None:
            for factor in factors.tolist():
                np.multiply(x, factor, x)
            return x
        noise = np.empty_like(x)
        for factor, variance in zip(factors.tolist(), variances.tolist(), strict=True):
            np.multiply(x, factor, x)
            np.add(x, stream.normal(variance, noise), x)
        return x


NUMPY: Final[Backend] = _InCache()
