r"""Logarithms of how often something was counted, as what they estimate: log-odds and log-likelihoods.

A half is added to every count, so that a logarithm exists where nothing was counted (J. B. S. Haldane, 1956).
"""

from __future__ import annotations

import math

from numeric.engine.moments import Estimate, Moments


def hits(moments: Moments) -> float:
    """How often a variable that is 0 or 1 was 1."""
    return round(moments.mean[0] * moments.count)


def log_ratio(first: float, second: float, paths: int) -> Estimate:
    r"""The logarithm of the ratio of two counts of different outcomes; standard error :math:`\sqrt{1/a+1/b}`."""
    a, b = first + 0.5, second + 0.5
    return Estimate(math.log(a / b), math.sqrt(1 / a + 1 / b), paths)


def log_odds(moments: Moments) -> Estimate:
    """The logarithm of the odds of a variable that is 0 or 1."""
    found = hits(moments)
    return log_ratio(found, moments.count - found, moments.count)


def log_frequency(moments: Moments) -> Estimate:
    r"""The logarithm of how often a variable was 1, of all times; standard error :math:`\sqrt{(1-p)/(np)}`."""
    found, n = hits(moments), moments.count
    return Estimate(math.log((found + 0.5) / (n + 0.5)), math.sqrt((n - found + 0.5) / (n * (found + 0.5))), n)
