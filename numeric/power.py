r"""What a simulation can tell apart: z-scores, p-values, and the paths that a rejection needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

REJECTION: Final = 5.0
"""A result is contradicted when it lies this many standard errors away: a right one, 6 times in 10 million."""

FEWEST_PATHS: Final = 10_000
"""Below this the standard error of a variance is itself too uncertain (1.4% at this number) for five of them
to mean a false-alarm rate of at most 1 in 100,000."""


@dataclass(frozen=True)
class NearMiss:
    """A wrong result that a twin tells from the right one at its default parameters.

    With ``paths`` paths a rejection at five standard errors has probability 99%.
    """

    quantity: str
    claim: str
    value: float
    paths: int


def z_score(value: float, se: float, expected: float) -> float:
    """How many standard errors ``value`` lies above ``expected``; infinite where se = 0 and they differ."""
    if not se >= 0:
        raise ValueError(f"se = {se!r} is outside its domain: se must be a number of at least 0.")
    difference = value - expected
    if se == 0:
        return 0.0 if difference == 0 else math.copysign(math.inf, difference)
    return difference / se


def p_value(z: float) -> float:
    r"""The probability of a standard normal at least this far from 0, :math:`\operatorname{erfc}(|z|/\sqrt2)`."""
    return math.erfc(abs(z) / math.sqrt(2.0))


def paths_needed(deviation: float, spread: float, z: float = REJECTION, power: float = 0.99) -> int:
    r"""The paths with which a deviation is found at ``z`` standard errors with probability ``power``.

    ``spread`` is the standard error of the estimate from one path in the unit of ``deviation``:
    :math:`n=\left((z+\Phi^{-1}(\mathrm{power}))\,\mathrm{spread}/\mathrm{deviation}\right)^2`. For the variance of a
    normal variable, relative to itself, the spread is :math:`\sqrt2`.
    """
    if not (math.isfinite(deviation) and deviation != 0):
        raise ValueError(f"deviation = {deviation!r} is outside its domain: deviation must be finite and not 0.")
    if not (math.isfinite(spread) and spread > 0):
        raise ValueError(f"spread = {spread!r} is outside its domain: spread must be a finite number above 0.")
    if not 0 < power < 1:
        raise ValueError(f"power = {power!r} is outside its domain: power must lie between 0 and 1.")
    return math.ceil(((z + NormalDist().inv_cdf(power)) * spread / deviation) ** 2)


def chi_square(counts: Sequence[int], probabilities: Sequence[float]) -> float:
    r"""The p-value of these counts, where the outcomes have these probabilities.

    The survival function of :math:`\chi^2=\sum(c-np)^2/(np)` with one degree of freedom less than outcomes, as a finite
    sum. Raises ValueError where an outcome is expected fewer than 5 times: the distribution is another one then.
    Source: K. Pearson (1900).
    """
    n = sum(counts)
    if len(counts) != len(probabilities) or len(counts) < 2 or abs(math.fsum(probabilities) - 1) > 1e-9:
        raise ValueError(
            "probabilities is outside its domain: probabilities must sum to 1, one for each of the counts."
        )
    if min(probabilities) * n < 5:
        raise ValueError(
            f"counts is outside its domain: counts must be so many that each is expected 5 times, not {n}."
        )
    half = math.fsum((c - n * p) ** 2 / (n * p) for c, p in zip(counts, probabilities, strict=True)) / 2
    freedom = len(counts) - 1
    first = math.erfc(math.sqrt(half)) if freedom % 2 else 0.0
    powers = (j + freedom % 2 / 2 for j in range(freedom // 2))
    rest = (
        math.exp(power * math.log(half) - half - math.lgamma(power + 1)) if half else power == 0 for power in powers
    )
    return min(1.0, first + math.fsum(rest))


def uniformity(p_values: Sequence[float]) -> float:
    r"""The Kolmogorov–Smirnov p-value of the hypothesis that these p-values are uniform on (0, 1).

    :math:`2\sum_{j\ge1}(-1)^{j-1}e^{-2j^2\lambda^2}` with :math:`\lambda=(\sqrt n+0.12+0.11/\sqrt n)D`, right to about
    1% from n = 8 on. Raises ValueError for fewer. Source: M. A. Stephens (1970).
    """
    n = len(p_values)
    if n < 8:
        raise ValueError(f"p_values has {n} entries; the test needs at least 8.")
    ordered = sorted(p_values)
    distance = max(max((i + 1) / n - p, p - i / n) for i, p in enumerate(ordered))
    scaled = (math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n)) * distance
    if scaled < 0.2:  # the series needs ever more terms, its sum is 1 to twelve places
        return 1.0
    series = math.fsum((1 if j % 2 else -1) * math.exp(-2.0 * (j * scaled) ** 2) for j in range(1, 101))
    return min(1.0, max(0.0, 2.0 * series))
