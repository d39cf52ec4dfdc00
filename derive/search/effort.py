"""A bound on the effort of code that is not ours, counted in work and not in time, so that verdicts stay the same."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, TypeVar

R = TypeVar("R")

EFFORT: Final = 8_000_000
"""Calls and returns of functions: about two seconds of SymPy."""


class TooMuchEffort(BaseException):
    """The work was stopped; no ``except Exception`` on the way may swallow this."""


def bounded(work: Callable[[], R], effort: int = EFFORT) -> R | None:
    """What the work gives, or None where it takes more calls of functions than ``effort``.

    The work must not depend on caches that other work fills, or the bound would depend on it too.
    """
    left = effort

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise TooMuchEffort

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        return work()
    except TooMuchEffort:
        return None
    finally:
        sys.setprofile(before)
