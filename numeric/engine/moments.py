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
_Shift: TypeAlias = tuple[tuple[tuple[float, int, tuple[int, ...]], ...], ...]


def _powers(variables: int) -> tuple[tuple[int, ...], ...]:
    return tuple(p for p in product(range(ORDER + 1), repeat=variables) if sum(p) <= ORDER)


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
        variables, n = len(columns), len(columns[0])
        mean = tuple(float(np.add.reduce(c, dtype=np.float64)) / n for c in columns)
        centred = [np.subtract(c, m, dtype=np.float64) for c, m in zip(columns, mean, strict=True)]
        ladder = [_ladder(c) for c in centred]
        sums = []
        for powers in _POWERS[variables]:
            factors = [steps[p] for steps, p in zip(ladder, powers, strict=True) if p]
            if not factors:
                sums.append(float(n))
            elif len(factors) == 1:
                sums.append(float(np.add.reduce(factors[0])))
            else:
                sums.append(float(np.add.reduce(factors[0] * factors[1])))
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


def _ladder(centred: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    square = centred * centred
    return [centred, centred, square, square * centred, square * square]


def mean(moments: Moments) -> Estimate:
    r"""The mean of one variable; standard error :math:`\sqrt{s^2/n}`."""
    n = moments.count
    return Estimate(moments.mean[0], math.sqrt(moments.central(2) / max(n - 1, 1)), n)


def variance(moments: Moments) -> Estimate:
    r"""The unbiased variance of one variable; standard error :math:`\sqrt{(m_4-m_2^2)/n}`."""
    n, m2, m4 = moments.count, moments.central(2), moments.central(4)
    return Estimate(m2 * n / max(n - 1, 1), math.sqrt(max(m4 - m2 * m2, 0.0) / n), n)


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


PSEUDO_COUNTS: Final = 25.0
r"""Added to the counts for their standard error, half to each side, so that 0 and n have one too. It is
:math:`5^2`, the choice of Agresti and Coull (1998) for intervals of five standard errors."""


def frequency(moments: Moments) -> Estimate:
    r"""The mean of a variable that is 0 or 1; standard error that of a proportion with pseudo-counts."""
    n, p = moments.count, moments.mean[0]
    smoothed = (n * p + PSEUDO_COUNTS / 2) / (n + PSEUDO_COUNTS)
    return Estimate(p, math.sqrt(smoothed * (1 - smoothed) / (n + PSEUDO_COUNTS)), n)
