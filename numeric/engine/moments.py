r"""Streaming moments up to order four of one or two variables, and estimates with standard errors.

For each block the sums :math:`S_{pq}=\sum(a-\bar a)^p(b-\bar b)^q` are taken about the block's own mean, in
double precision and in two passes; blocks are joined by moving both to their common mean,

.. math:: S_{pq}(\delta,\epsilon)=\sum_{i\le p,\,j\le q}\binom pi\binom qj\delta^{p-i}\epsilon^{q-j}S_{ij}.

Standard errors come from these moments and assume no distribution.

Source: P. Pébay, Formulas for Robust, One-Pass Parallel Computation of Covariances and Arbitrary-Order
Statistical Moments (2008); for two moments, T. F. Chan, G. H. Golub, R. J. LeVeque (1979).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

ORDER: Final = 4
PIECE: Final = 1 << 12
"""Values summed up at a time. Their powers stay in the innermost cache and below the size at which memory comes from
the system page by page: 0.1 ms for a block of one variable, where the powers of the whole block at once take 0.5.
It also stays below the 10,000 values from which OpenBLAS gives a dot product to several threads, whose number would
change the last bits."""
_Shift: TypeAlias = tuple[tuple[tuple[float, int, tuple[int, ...]], ...], ...]


def _powers(variables: int) -> tuple[tuple[int, ...], ...]:
    powers = (p for p in product(range(ORDER + 1), repeat=variables) if sum(p) <= ORDER)
    return tuple(sorted(powers, key=lambda p: (sum(p), p)))


def _unit(index: int, variables: int) -> tuple[int, ...]:
    return tuple(int(i == index) for i in range(variables))


def _split(powers: tuple[tuple[int, ...], ...]) -> dict[tuple[int, ...], tuple[tuple[int, ...], tuple[int, ...]]]:
    """Each power of order 2 to 4 as a product of two of order 1 or 2."""
    found = {}
    for power in powers:
        for left in powers:
            right = tuple(p - q for p, q in zip(power, left, strict=True))
            if min(right) >= 0 and sum(left) in (1, 2) and sum(right) in (1, 2):
                found[power] = (left, right)
    return found


def _shift(powers: tuple[tuple[int, ...], ...]) -> _Shift:
    """For each power, the terms (binomial coefficient, index of the lower power, powers of the shift)."""
    rows = []
    for target in powers:
        row = []
        for index, lower in enumerate(powers):
            if all(i <= p for i, p in zip(lower, target, strict=True)):
                coefficient = math.prod(math.comb(p, i) for i, p in zip(lower, target, strict=True))
                row.append((float(coefficient), index, tuple(p - i for i, p in zip(lower, target, strict=True))))
        rows.append(tuple(row))
    return tuple(rows)


_POWERS: Final = {d: _powers(d) for d in (1, 2)}
_INDEX: Final = {d: {p: i for i, p in enumerate(powers)} for d, powers in _POWERS.items()}
_SPLIT: Final = {d: _split(powers) for d, powers in _POWERS.items()}
_SHIFT: Final = {d: _shift(powers) for d, powers in _POWERS.items()}


@dataclass(frozen=True)
class Estimate:
    """An estimated value, its standard error, and the number of paths behind it."""

    value: float
    se: float
    paths: int


@dataclass(frozen=True)
class Moments:
    """Central power sums of one or two variables; ``sums`` runs over the powers of total order at most 4."""

    count: int
    mean: tuple[float, ...]
    sums: tuple[float, ...]

    @staticmethod
    def of(*columns: NDArray[Any]) -> Moments:
        """The moments of one or two arrays of the same shape (n,), n >= 1."""
        n = len(columns[0])
        mean = tuple(float(np.add.reduce(c, dtype=np.float64)) / n for c in columns)
        sums = [0.0] * len(_POWERS[len(columns)])
        for start in range(0, n, PIECE):
            pieces = [c[start : start + PIECE] for c in columns]
            for index, value in enumerate(_power_sums(pieces, mean)):
                sums[index] += value
        return Moments(n, mean, tuple(sums))

    @staticmethod
    def of_hits(count: int, hits: int) -> Moments:
        """The moments of a variable that was 1 ``hits`` times and 0 the other times."""
        p, q = hits / count, (count - hits) / count
        spread = count * p * q
        return Moments(count, (p,), (float(count), 0.0, spread, spread * (q - p), spread * (p**3 + q**3)))

    def merge(self, other: Moments) -> Moments:
        """The moments of both together."""
        n = self.count + other.count
        share = other.count / n
        mean = tuple(a + (b - a) * share for a, b in zip(self.mean, other.mean, strict=True))
        sums = tuple(a + b for a, b in zip(self._about(mean), other._about(mean), strict=True))
        return Moments(n, mean, sums)

    def central(self, *powers: int) -> float:
        r"""The central moment :math:`S_{pq}/n`."""
        return self.sums[_INDEX[len(self.mean)][powers]] / self.count

    def variable(self, index: int) -> Moments:
        """The moments of one of the variables."""
        powers = (tuple(k * u for u in _unit(index, len(self.mean))) for k in range(ORDER + 1))
        return Moments(
            self.count, (self.mean[index],), tuple(self.sums[_INDEX[len(self.mean)][power]] for power in powers)
        )

    def _about(self, centre: tuple[float, ...]) -> tuple[float, ...]:
        shifts = []
        for mean, new in zip(self.mean, centre, strict=True):
            delta = mean - new
            shifts.append((1.0, delta, delta**2, delta**3, delta**4))
        sums = self.sums
        moved = []
        for row in _SHIFT[len(self.mean)]:
            total = 0.0
            for coefficient, index, exponents in row:
                term = coefficient * sums[index]
                for steps, exponent in zip(shifts, exponents, strict=True):
                    term *= steps[exponent]
                total += term
            moved.append(total)
        return tuple(moved)


def _power_sums(columns: list[NDArray[Any]], about: tuple[float, ...]) -> list[float]:
    powers = _POWERS[len(columns)]
    arrays: dict[tuple[int, ...], NDArray[np.float64]] = {}
    for index, (column, centre) in enumerate(zip(columns, about, strict=True)):
        arrays[_unit(index, len(columns))] = np.subtract(column, centre, dtype=np.float64)
    sums = []
    for power in powers:
        order = sum(power)
        if order == 0:
            sums.append(float(len(columns[0])))
            continue
        left, right = _SPLIT[len(columns)][power] if order > 1 else (power, power)
        if order == 2:
            arrays[power] = arrays[left] * arrays[right]
        sums.append(float(np.add.reduce(arrays[power]) if order <= 2 else arrays[left].dot(arrays[right])))
    return sums


def mean(moments: Moments) -> Estimate:
    r"""The mean of one variable; standard error :math:`\sqrt{s^2/n}`."""
    n = moments.count
    return Estimate(moments.mean[0], math.sqrt(moments.central(2) / max(n - 1, 1)), n)


def variance(moments: Moments) -> Estimate:
    r"""The unbiased variance of one variable; standard error :math:`\sqrt{(m_4-m_2^2)/n+2m_2^2/(n(n-1))}`.

    The second term is all there is for two values of the same probability.
    """
    n, m2, m4 = moments.count, moments.central(2), moments.central(4)
    spread = max(m4 - m2 * m2, 0.0) + 2 * m2 * m2 / max(n - 1, 1)
    return Estimate(m2 * n / max(n - 1, 1), math.sqrt(spread / n), n)


def covariance(moments: Moments) -> Estimate:
    r"""The unbiased covariance of two variables; standard error as that of a variance."""
    n, m11, m22 = moments.count, moments.central(1, 1), moments.central(2, 2)
    spread = max(m22 - m11 * m11, 0.0) + (m11 * m11 + moments.central(2, 0) * moments.central(0, 2)) / max(n - 1, 1)
    return Estimate(m11 * n / max(n - 1, 1), math.sqrt(spread / n), n)


def slope(moments: Moments) -> Estimate:
    r"""The slope of the regression of the first variable on the second.

    Standard error :math:`\sqrt{E[b^2e^2]/n}/m_{02}` with the residual :math:`e`, which need not have the
    same variance everywhere (H. White, 1980).
    """
    n, m02 = moments.count, moments.central(0, 2)
    s = moments.central(1, 1) / m02
    spread = moments.central(2, 2) - 2 * s * moments.central(1, 3) + s * s * moments.central(0, 4)
    return Estimate(s, math.sqrt(max(spread, 0.0) / n) / m02, n)


def residual_variance(moments: Moments) -> Estimate:
    r"""The variance left of the first variable by its regression on the second.

    Standard error :math:`\sqrt{(E[e^4]-E[e^2]^2)/n}` with the residual :math:`e`; two degrees of freedom
    go to the line.
    """
    n, c = moments.count, moments.central
    s = c(1, 1) / c(0, 2)
    second = c(2, 0) - 2 * s * c(1, 1) + s * s * c(0, 2)
    fourth = c(4, 0) - 4 * s * c(3, 1) + 6 * s**2 * c(2, 2) - 4 * s**3 * c(1, 3) + s**4 * c(0, 4)
    return Estimate(second * n / max(n - 2, 1), math.sqrt(max(fourth - second * second, 0.0) / n), n)


def ratio(moments: Moments) -> Estimate:
    r"""The mean of the first variable over that of the second, which is not 0.

    Standard error :math:`\sqrt{E[(a-qb)^2]/n}/\bar b` with the ratio :math:`q`, to first order.
    """
    top, bottom = moments.mean
    q = top / bottom
    spread = moments.central(2, 0) - 2 * q * moments.central(1, 1) + q * q * moments.central(0, 2)
    return Estimate(q, math.sqrt(max(spread, 0.0) / moments.count) / abs(bottom), moments.count)


PSEUDO_COUNTS: Final = 25.0
r"""Added to the counts for their standard error, half to each side, so that 0 and n have one too. It is
:math:`5^2`, the choice of Agresti and Coull (1998) for intervals of five standard errors."""


def frequency(moments: Moments) -> Estimate:
    r"""The mean of a variable that is 0 or 1; standard error that of a proportion with pseudo-counts."""
    n, p = moments.count, moments.mean[0]
    smoothed = (n * p + PSEUDO_COUNTS / 2) / (n + PSEUDO_COUNTS)
    return Estimate(p, math.sqrt(smoothed * (1 - smoothed) / (n + PSEUDO_COUNTS)), n)
