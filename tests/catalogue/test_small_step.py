"""The bounds on a small step back hold for a law that is not Gaussian, integrated with mpmath."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import mpmath
import pytest

from derive import catalogue
from derive.kernel.evaluate import Instance, enclose
from derive.kernel.term import Term, fn, num, replace


def bound(term: Term, variance: Fraction) -> mpmath.mpf:
    """The value of a bound for L = 1/2."""
    chart = catalogue.load("diffusion/small_step").module.CHART
    value = enclose(replace(term, fn("L"), num(1, 2)), Instance({"v": variance}), chart, 128)
    return mpmath.mpf(str(value.mid().str(25, radius=False)))


@pytest.mark.parametrize(("v", "c"), [("1/10", "0"), ("1/2", "1.5"), ("3/2", "-0.7"), ("19/10", "0.2")])
def test_a_small_step_back_from_a_logistic_law(v: str, c: str) -> None:
    """X of the density 1/(4 cosh²(u/2)), so that φ = 2 log cosh(u/2), φ' = tanh(u/2), and L = 1/2."""
    results = catalogue.load("diffusion/small_step").prove().results
    with mpmath.workdps(20):
        spread, center = mpmath.mpf(Fraction(v).numerator) / Fraction(v).denominator, mpmath.mpf(c)
        seen = center + spread * mpmath.tanh(center / 2)
        ends = [center - 40, center, center + 40]

        def weight(u: mpmath.mpf) -> mpmath.mpf:
            return mpmath.exp(-((seen - u) ** 2) / (2 * spread)) / mpmath.cosh(u / 2) ** 2

        mass = mpmath.quad(weight, ends)

        def mean(f: Callable[[mpmath.mpf], mpmath.mpf]) -> mpmath.mpf:
            return mpmath.quad(lambda u: f(u) * weight(u), ends) / mass

        def log_ratio(u: mpmath.mpf) -> mpmath.mpf:
            normal = (u - center) ** 2 / (2 * spread) + mpmath.log(2 * mpmath.pi * spread) / 2
            return mpmath.log(weight(u) / mass) + normal

        first = mean(lambda u: u)
        variance = mean(lambda u: (u - first) ** 2)
        assert bound(results["variance at least"].left, Fraction(v)) <= variance
        assert variance <= bound(results["variance at most"].right, Fraction(v))
        assert 0 <= mean(log_ratio) <= bound(results["divergence"].right, Fraction(v))
