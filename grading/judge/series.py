r"""Power series along curves: of which order a term is in :math:`\epsilon`, with enclosed coefficients.

Every symbol is a number times a whole power of :math:`\epsilon > 0`. A term that is analytic there is
:math:`\epsilon^k \sum_i c_i \epsilon^i`, and each :math:`c_i` lies in a ball. A ball that excludes 0 shows how large
the term is at least; coefficients that are exactly 0 show how small.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import flint
from flint import arb, arb_series, fmpq

from derive.kernel.chart import Chart
from derive.kernel.evaluate import precision
from derive.kernel.term import Term, free_symbols

BITS: Final = 256
LENGTH: Final = 24
FUNCTIONS: Final = frozenset({"exp", "log", "sin", "cos", "tan"})


class NoSeries(Exception):
    """The term has no such series by its shape."""


@dataclass(frozen=True)
class Order:
    """A term is at most of the first power of epsilon, and at least of the second; None where that is not known."""

    at_most: int
    at_least: int | None


@dataclass(frozen=True)
class _Laurent:
    """The series times epsilon to the power ``shift``."""

    shift: int
    series: arb_series


Curve = Mapping[str, tuple[Fraction, int]]
"""For each symbol its number and its power of epsilon."""


def order(term: Term, curve: Curve, chart: Chart) -> Order | None:
    """The order of a term along a curve, or None where it has no series there."""
    term = chart.expand(term)
    if not free_symbols(term) <= curve.keys():
        return None
    with precision(BITS):
        before, flint.ctx.cap = flint.ctx.cap, LENGTH
        try:
            found = _of(term, curve, chart)
        except (NoSeries, ValueError, ZeroDivisionError):
            return None
        finally:
            flint.ctx.cap = before
        coefficients = [found.series[i] for i in range(found.series.prec)]
        if not all(c.is_finite() for c in coefficients):
            return None
        low = next((i for i, c in enumerate(coefficients) if not c.is_zero()), len(coefficients))
        sure = next((i for i, c in enumerate(coefficients) if not c.contains(0)), None)
        return Order(found.shift + low, None if sure is None else found.shift + sure)


def stays(error: Term, size: Term, curve: Curve, chart: Chart) -> bool:
    """Whether it is proved that the error does not vanish against the size as epsilon goes to 0."""
    curve = _even(curve)
    one, other = order(error, curve, chart), order(size, curve, chart)
    return one is not None and other is not None and one.at_least is not None and one.at_least <= other.at_most


def grows(error: Term, size: Term, curve: Curve, chart: Chart) -> bool:
    """Whether it is proved that the error grows without bound against the size as epsilon goes to 0."""
    curve = _even(curve)
    one, other = order(error, curve, chart), order(size, curve, chart)
    return one is not None and other is not None and one.at_least is not None and one.at_least < other.at_most


def _even(curve: Curve) -> Curve:
    """The same curve with the square of a parameter, so that square roots have series too."""
    return {n: (number, 2 * weight) for n, (number, weight) in curve.items()}


def _of(node: Term, curve: Curve, chart: Chart) -> _Laurent:
    if node.op == "num":
        return _constant(arb(fmpq(node.value.numerator, node.value.denominator)))
    if node.op == "const" and node.name in ("pi", "e"):
        return _constant(arb.pi() if node.name == "pi" else arb.const_e())
    if node.op == "sym":
        number, power = curve[node.name]
        return _Laurent(power, _constant(arb(fmpq(number.numerator, number.denominator))).series)
    if node.op in ("add", "mul"):
        first, *rest = (_of(c, curve, chart) for c in node.children)
        for part in rest:
            if node.op == "add":
                first = _sum(first, part)
            else:
                first = _Laurent(first.shift + part.shift, first.series * part.series)
        return first
    if node.op == "pow" and node.children[1].op == "num":
        return _power(_of(node.children[0], curve, chart), node.children[1].value)
    if node.op == "pow" and not free_symbols(node.children[0]):
        base = _plain(_of(node.children[0], curve, chart))
        if not base[0] > 0:
            raise NoSeries("a power")
        return _Laurent(0, (base.log() * _plain(_of(node.children[1], curve, chart))).exp())
    if node.op == "fn" and node.name in FUNCTIONS and len(node.children) == 1 and node.name not in chart.functions:
        inside = _plain(_of(node.children[0], curve, chart))
        if node.name == "log" and not inside[0] > 0:
            raise NoSeries(node.name)
        return _Laurent(0, getattr(inside, node.name)())
    raise NoSeries(node.op)


def _constant(value: arb) -> _Laurent:
    return _Laurent(0, arb_series([value], LENGTH))


def _moved(x: _Laurent, shift: int) -> arb_series:
    """The series that x has times epsilon to a lower power."""
    up = x.shift - shift
    if up >= LENGTH:
        return arb_series([], LENGTH)
    return arb_series([0] * up + list(x.series.coeffs()), min(LENGTH, x.series.prec + up))


def _sum(x: _Laurent, y: _Laurent) -> _Laurent:
    low = min(x.shift, y.shift)
    return _Laurent(low, _moved(x, low) + _moved(y, low))


def _plain(x: _Laurent) -> arb_series:
    if x.shift < 0:
        raise NoSeries("a pole")
    return _moved(x, 0)


def _power(x: _Laurent, exponent: Fraction) -> _Laurent:
    skipped = next((i for i in range(x.series.prec) if not x.series[i].is_zero()), None)
    if skipped is None:
        raise NoSeries("0")
    body = arb_series(list(x.series.coeffs())[skipped:], x.series.prec - skipped)
    shift = (x.shift + skipped) * exponent
    if shift.denominator != 1 or body[0].contains(0) or (exponent.denominator != 1 and not body[0] > 0):
        raise NoSeries("a root")
    if exponent.denominator == 1 and 0 < exponent <= LENGTH:
        raised = body
        for _ in range(int(exponent) - 1):
            raised = raised * body
        return _Laurent(int(shift), raised)
    sign = 1 if body[0] > 0 else (-1) ** int(exponent)
    raised = ((body if body[0] > 0 else -body).log() * arb(fmpq(exponent.numerator, exponent.denominator))).exp()
    return _Laurent(int(shift), raised * sign)
