"""Explicit bounds and vanishing powers: what is accepted, what is refused, and that they hold at sampled points."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import mpmath
import pytest

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.fact import Claim, Fact, Limit
from derive.kernel.term import HALF, INFINITY, ONE, ZERO, Term, fn, sqrt, sym

S, T, U, X, Y = map(sym, (r"\sigma", "T", "u", "x", "y"))
POSITIVE = Domain("real", Bound(ZERO, True))
CHART = Chart(
    {"x": POSITIVE, "y": Domain(), "u": Domain("real", Bound(ZERO), Bound(HALF)), "T": Domain("integer", Bound(ONE))}
)
OTHER = Chart({"x": POSITIVE, "y": Domain()})
RANDOM = fn("A", 1)


def given(kind: str, left: Term, right: Term, chart: Chart = CHART) -> Fact:
    return rules.given(Claim(kind, left, right, chart))  # type: ignore[arg-type]


def tends(left: Term, right: Term) -> Fact:
    return rules.given(Claim("→", left, right, CHART, Limit("T", INFINITY)))


ACCEPTED: list[tuple[Callable[[], Fact], str]] = [
    (lambda: rules.add_order(given("≤", X, Y), given("≤", Y, ONE)), "x + y ≤ y + 1"),
    (lambda: rules.add_order(given("<", X, Y), given("=", Y, ONE)), "x + y < y + 1"),
    (lambda: rules.add_order(given("=", X, Y), given("=", Y, ONE)), "x + y = y + 1"),
    (lambda: rules.add_order(given("=", X, Y), given("≤", Y, ONE)), "x + y ≤ y + 1"),
    (lambda: rules.sqrt_order(given("≤", X, Y)), "x^(1/2) ≤ y^(1/2)"),
    (lambda: rules.sqrt_order(given("<", X, Y)), "x^(1/2) < y^(1/2)"),
    (lambda: rules.sqrt_order(given("≤", U, X)), "u^(1/2) ≤ x^(1/2)"),
    (lambda: rules.log_quadratic(U, CHART), "(-1)*u + (-1)*u^2 ≤ log(1 + (-1)*u)"),
    (
        lambda: rules.enclosed(given("≤", X - X / 10, Y), given("≤", Y, X + X / 10), X, Fraction(1, 10)),
        "y ≈ x (relative error at most 1/10)",
    ),
    (
        lambda: rules.enclosed(given("<", Fraction(9, 10) * X, Y), given("≤", Y, 11 * X / 10), X, Fraction(1, 10)),
        "y ≈ x (relative error at most 1/10)",
    ),
    (lambda: rules.vanishing_power(tends(1 / T, ZERO), Fraction(1, 2)), "(T^(-1))^(1/2) → 0 as T → oo"),
    (lambda: rules.vanishing_power(tends(1 / T, 1 - ONE), 3), "(T^(-1))^3 → 0 as T → oo"),
]

REJECTED: dict[str, Callable[[], Fact]] = {
    "add: other chart": lambda: rules.add_order(given("≤", X, Y), given("≤", X, Y, OTHER)),
    "add: no comparison": lambda: rules.add_order(given("≤", X, Y), given("≠", X, Y)),
    "add: a limit": lambda: rules.add_order(given("≤", X, Y), tends(X, ZERO)),
    "add: random": lambda: rules.add_order(given("≤", X, Y), given("=", RANDOM, RANDOM)),
    "root: may be negative": lambda: rules.sqrt_order(given("≤", Y, X)),
    "root: an equation": lambda: rules.sqrt_order(given("=", X, Y)),
    "root: random": lambda: rules.sqrt_order(given("≤", RANDOM**2 + 1, X)),
    "log: above 1/2": lambda: rules.log_quadratic(U + Fraction(1, 1000), CHART),
    "log: below 0": lambda: rules.log_quadratic(U - Fraction(1, 1000), CHART),
    "log: no range": lambda: rules.log_quadratic(Y, CHART),
    "log: random": lambda: rules.log_quadratic(RANDOM, CHART),
    "log: undefined": lambda: rules.log_quadratic(0 * sqrt(Y), CHART),
    "close: too far below": lambda: rules.enclosed(
        given("≤", X - X / 5, Y), given("≤", Y, X + X / 10), X, Fraction(1, 10)
    ),
    "close: too far above": lambda: rules.enclosed(
        given("≤", X - X / 10, Y), given("≤", Y, X + X / 5), X, Fraction(1, 10)
    ),
    "close: two numbers": lambda: rules.enclosed(
        given("≤", X - X / 10, Y), given("≤", Y + 1, X + X / 10), X, Fraction(1, 10)
    ),
    "close: turned round": lambda: rules.enclosed(
        given("≤", X + X / 10, Y), given("≤", Y, X - X / 10), X, Fraction(1, 10)
    ),
    "close: value without a sign": lambda: rules.enclosed(
        given("≤", Y - Y / 10, X), given("≤", X, Y + Y / 10), Y, Fraction(1, 10)
    ),
    "close: other chart": lambda: rules.enclosed(
        given("≤", X - X / 10, Y), given("≤", Y, X + X / 10, OTHER), X, Fraction(1, 10)
    ),
    "close: no comparison": lambda: rules.enclosed(
        given("≤", X - X / 10, Y), given("≠", Y, X + X / 10), X, Fraction(1, 10)
    ),
    "close: random": lambda: rules.enclosed(
        given("≤", X - X / 10, RANDOM), given("≤", RANDOM, X + X / 10), X, Fraction(1, 10)
    ),
    "power: another limit": lambda: rules.vanishing_power(tends(1 / T, ONE), 2),
    "power: no exponent": lambda: rules.vanishing_power(tends(1 / T, ZERO), 0),
    "power: negative": lambda: rules.vanishing_power(tends(1 / T, ZERO), Fraction(-1, 2)),
    "power: may be negative": lambda: rules.vanishing_power(tends(Y / T, ZERO), Fraction(1, 2)),
    "power: no limit": lambda: rules.vanishing_power(given("=", X, ZERO), 2),
    "power: random": lambda: rules.vanishing_power(tends(RANDOM**2, ZERO), 2),
    "power: supposition": lambda: rules.vanishing_power(
        rules.suppose(Claim("→", 1 / T, ZERO, CHART, Limit("T", INFINITY))), 2
    ),
}


@pytest.mark.parametrize(("make", "claim"), ACCEPTED, ids=[c for _, c in ACCEPTED])
def test_the_step_is_accepted(make: Callable[[], Fact], claim: str) -> None:
    assert str(make().claim) == claim


@pytest.mark.parametrize("name", REJECTED)
def test_the_broken_step_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(Refused) as caught:
        REJECTED[name]()
    assert str(caught.value).endswith((".", ")."))


@pytest.mark.parametrize("places", range(33))
def test_the_bound_of_the_logarithm_holds(places: int) -> None:
    """By arithmetic that shares nothing with the kernel."""
    with mpmath.workdps(50):
        u = mpmath.mpf(places) / 64
        assert -u - u**2 <= mpmath.log(1 - u)


def test_the_rules_rest_on_no_axiom() -> None:
    assert all(not make().axioms for make, _ in ACCEPTED)
