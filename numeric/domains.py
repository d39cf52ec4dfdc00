"""Checks that a parameter lies in its domain; what fails is a ValueError of one sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from numbers import Rational, Real
from typing import Final

GRID_TOLERANCE: Final = 1e-9
"""How far, in steps, a time may lie from the grid and still be taken for the grid point: float noise only."""


def number(name: str, value: object, lower: float, upper: float) -> float:
    """``value`` as a float, if it is a real number with lower <= value <= upper."""
    domain = f"a number from {lower:g} to {upper:g}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise _outside(name, value, domain)
    try:
        as_float = float(value)
    except OverflowError:
        raise _outside(name, value, domain) from None
    if not lower <= as_float <= upper:
        raise _outside(name, value, domain)
    return as_float


def integer(name: str, value: object, lower: int, upper: int) -> int:
    """``value`` as an int, if it is an integer (not a truth value) with lower <= value <= upper."""
    domain = f"an integer from {lower} to {upper}"
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise _outside(name, value, domain)
    as_int = int(value.__index__())
    if not lower <= as_int <= upper:
        raise _outside(name, value, domain)
    return as_int


def grid_time(name: str, value: object, steps: int) -> Fraction:
    """``value`` as k/steps for an integer k from 1 to ``steps``."""
    domain = f"a multiple of 1/{steps} from 1/{steps} to 1"
    try:
        nearby = number(name, value, 0.0, 2.0)
    except ValueError:
        raise _outside(name, value, domain) from None
    exact = Fraction(value if isinstance(value, Rational) else nearby) * steps
    k = round(exact)
    if abs(exact - k) > GRID_TOLERANCE or not 1 <= k <= steps:
        raise _outside(name, value, domain)
    return Fraction(k, steps)


def numbers(name: str, values: object, counts: range, lower: float, upper: float) -> tuple[float, ...]:
    """``values`` as floats, if it is a list of real numbers from lower to upper with as many as ``counts`` allows."""
    size = str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    domain = f"a list of {size} numbers from {lower:g} to {upper:g}"
    if not isinstance(values, (list, tuple)) or len(values) not in counts:
        raise _outside(name, values, domain)
    try:
        return tuple(number(name, v, lower, upper) for v in values)
    except ValueError:
        raise _outside(name, values, domain) from None


def different(places: Mapping[str, object], count: int) -> tuple[int, ...]:
    """The values as ints, if they are different places in a list of ``count`` entries, counted from 0."""
    found: dict[int, str] = {}
    for name, value in places.items():
        place = integer(name, value, 0, count - 1)
        if place in found:
            raise _outside(name, value, f"another answer than {found[place]}")
        found[place] = name
    return tuple(found)


def probabilities(name: str, values: object, count: int) -> tuple[float, ...]:
    """``values`` as ``count`` positive floats that sum to 1 (to 1e-9)."""
    domain = f"{count} positive numbers that sum to 1"
    if not isinstance(values, (list, tuple)) or len(values) != count:
        raise _outside(name, values, domain)
    try:
        as_floats = tuple(number(name, v, 1e-12, 1.0) for v in values)
    except ValueError:
        raise _outside(name, values, domain) from None
    if abs(math.fsum(as_floats) - 1) > 1e-9:
        raise _outside(name, values, domain)
    return as_floats


def slopes(name: str, values: object, count: int) -> tuple[float, ...]:
    """``values`` as ``count`` floats from -10 to 10 that add up to 0 (to 1e-9) and are not all 0."""
    domain = f"{count} numbers from -10 to 10 that add up to 0 and are not all 0"
    try:
        as_floats = numbers(name, values, range(count, count + 1), -10.0, 10.0)
    except ValueError:
        raise _outside(name, values, domain) from None
    if abs(math.fsum(as_floats)) > 1e-9 or not any(as_floats):
        raise _outside(name, values, domain)
    return as_floats


def _outside(name: str, value: object, domain: str) -> ValueError:
    try:
        shown = repr(value)
    except ValueError:  # an integer of more digits than Python prints
        shown = "a number too long to print"
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return ValueError(f"{name} = {shown} is outside its domain: {name} must be {domain}.")
