"""Slopes by differences, of what is drawn with the same random numbers at every point."""

from __future__ import annotations

from collections.abc import Callable

from numeric.engine.streams import F64


def central_difference(value: Callable[[float], F64], h: float) -> F64:
    r"""The slope at 0, :math:`\frac{8(f(h)-f(-h))-(f(2h)-f(-2h))}{12h}`, of values of shape (n,); its error is of order
    :math:`h^4`. Where values jump, their mean has a slope for all that; the closer the points, the wider they spread.
    """
    found: F64 = (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)
    return found
