"""Whether a relation holds in a part's worlds: true, false, or too near to tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from generating.values import Law, Linear, Steepness, Unknown, World, value
from generating.worlds import Model

from derive.kernel.term import Term, walk

EXACT: Final = 1e-6
"""Relative distance of sides that are equal: the error of central differences is smaller."""
APART: Final = 1e-3
SMALL, LARGE = 0.03, 0.1
"""Relative distance at the end of a curve of sides that are approximately equal, and of sides that are not."""
NEAR, FAR = 3e-3, 0.03
"""The same for limits of many steps."""


def holds(kind: str, left: Term, right: Term, model: Model) -> bool | None:
    """Whether ``left kind right`` holds; None where a side has no value or the answer is not clear."""
    try:
        with np.errstate(all="ignore"):
            return _holds(kind, left, right, model)
    except (Unknown, ValueError, TypeError, KeyError, IndexError, ZeroDivisionError, OverflowError, AttributeError):
        return None


def _holds(kind: str, left: Term, right: Term, model: Model) -> bool | None:
    if kind == "∝":
        return _verdict([_spread(left, right, worlds) for worlds in model.families], EXACT, APART)
    if kind in ("=", "∼", ":="):
        exact = _verdict([distance(left, right, w, model) for w in model.points], EXACT, APART)
        if exact or not model.limits:
            return exact
        return _along(left, right, model, model.limits, NEAR, FAR, close=False)
    if kind == "→" and model.limits:
        return _along(left, right, model, model.limits, NEAR, FAR, close=False)
    if kind == "≈":
        return _along(left, right, model, model.curves, SMALL, LARGE, close=True)
    return None


def _along(
    left: Term,
    right: Term,
    model: Model,
    curves: Sequence[Sequence[World]],
    small: float,
    large: float,
    *,
    close: bool,
) -> bool | None:
    if not curves:
        return None
    ends = []
    for worlds in curves:
        far = [distance(left, right, w, model, close=close) for w in worlds[-2:]]
        if far[1] < small and far[1] > max(0.9 * far[0], 1e-9):
            return None  # small, and no longer shrinking
        ends.append(far[1])
    return _verdict(ends, small, large)


def _verdict(distances: Sequence[float], small: float, large: float) -> bool | None:
    if not distances or not all(np.isfinite(distances)):
        return None
    if max(distances) < small:
        return True
    return False if max(distances) > large else None


def distance(left: Term, right: Term, world: World, model: Model, *, close: bool = False) -> float:
    """How far apart two sides are in a world, relative to their size."""
    a, b = value(left, world), value(right, world)
    if model.anchors is not None and isinstance(a, Linear) and isinstance(b, Linear):
        return _in_law(a, b, model.anchors(world, frozenset(n for side in (left, right) for n in walk(side))))
    return _apart(a, b, world, model, close=close)


def _in_law(a: Linear, b: Linear, anchors: Sequence[Linear]) -> float:
    """How far two random variables are from the same law together with the anchors."""
    pairs = [(a.mean, b.mean), (a.covariance(a), b.covariance(b))]
    pairs += [(a.covariance(p), b.covariance(p)) for p in anchors]
    return max(abs(p - q) for p, q in pairs) / max(abs(p) for pair in pairs for p in pair)


def _apart(a: Any, b: Any, world: World, model: Model, *, close: bool) -> float:
    if isinstance(a, Steepness) and isinstance(b, Steepness):
        return max(abs(s) for s in (*a.slopes, *b.slopes)) * 1e-1
    if isinstance(b, Law):
        a = Law(a.mean, a.covariance(a)) if isinstance(a, Linear) else a
        if not isinstance(a, Law):
            raise Unknown("a law")
        width = float(np.sqrt(max(abs(a.variance), abs(b.variance))))
        shift = _apart_linear(_linear(a.mean), _linear(b.mean)) / max(width, 1e-300)
        return max(shift, _relative(a.variance, b.variance))
    if isinstance(a, Linear) or isinstance(b, Linear):
        a, b = _linear(a), _linear(b)
        scale = np.sqrt(max(x.covariance(x) + x.mean**2 for x in (a, b)))
        return float(_apart_linear(a, b) / scale)
    if close and model.quotient is not None and isinstance(a, float) and abs(a - 1.3) < 0.4:
        a, b = model.quotient(world, a), model.quotient(world, b)
    return _relative(a, b)


def _linear(found: Any) -> Linear:
    return found if isinstance(found, Linear) else Linear(float(found), {})


def _apart_linear(a: Linear, b: Linear) -> float:
    rest = a + b * -1.0
    return float(np.sqrt(rest.mean**2 + rest.covariance(rest)))


def _relative(a: Any, b: Any) -> float:
    if isinstance(a, str) or isinstance(b, str):
        raise Unknown("a label")
    size = max(abs(a), abs(b))
    return 0.0 if size < 1e-12 else float(abs(a - b) / max(size, 1e-7))


def _spread(left: Term, right: Term, worlds: Sequence[World]) -> float:
    logs = [np.log(value(left, w)) - np.log(value(right, w)) for w in worlds]
    return float(max(logs) - min(logs))
