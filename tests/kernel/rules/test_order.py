"""Comparisons and approximations with an explicit bound."""

from __future__ import annotations

from derive.kernel import rules
from derive.kernel.fact import Claim
from derive.kernel.term import ONE
from tests.kernel.rules.cases import (
    BASE,
    DT,
    REAL,
    S2,
    XP,
    Case,
    T,
    X,
    Y,
    accepted,
    compared,
    refused,
    require_accepted,
    require_refused,
)

CASES = [
    Case(
        "less",
        lambda: rules.less(S2, S2 + DT, BASE),
        "\\sigma^2 < \\sigma^2 + \\Delta t",
        {
            "equal at a point": lambda: rules.less(ONE, T, BASE),
            "undefined": lambda: rules.less(1 / X, 1 / X + 1, REAL),
        },
    ),
    Case(
        "at_most",
        lambda: rules.at_most(DT, ONE, BASE),
        "\\Delta t ≤ 1",
        {"false": lambda: rules.at_most(ONE, DT, BASE), "undefined": lambda: rules.at_most(1 / X, 1 / X, REAL)},
    ),
    Case(
        "transitive_order",
        lambda: rules.transitive_order(compared("<", X, Y), compared("≤", Y, X + 1)),
        "x < x + 1",
        {
            "no common side": lambda: rules.transitive_order(compared("<", X, Y), compared("<", X, Y)),
            "approximation": lambda: rules.transitive_order(
                compared("<", X, Y), rules.given(Claim("≈", Y, X, REAL, bound=ONE))
            ),
            "other chart": lambda: rules.transitive_order(compared("<", X, Y), compared("<", Y, X, XP)),
        },
    ),
    Case(
        "approximate",
        lambda: rules.approximate(S2 + DT, S2, DT / S2, BASE),
        "\\sigma^2 + \\Delta t ≈ \\sigma^2 (relative error at most \\Delta t*(\\sigma^2)^(-1))",
        {
            "bound too small": lambda: rules.approximate(S2 + DT, S2, DT / S2 / 2, BASE),
            "error of the other sign": lambda: rules.approximate(S2 - DT, S2, DT / S2 / 2, BASE),
            "bound negative": lambda: rules.approximate(S2 + DT, S2, -DT / S2, BASE),
            "right side without a sign": lambda: rules.approximate(X, X, ONE, REAL),
            "undefined bound": lambda: rules.approximate(X, X, 1 / Y, XP),
        },
    ),
]


@accepted(CASES)
def test_the_example_is_accepted(case: Case) -> None:
    require_accepted(case)


@refused(CASES)
def test_a_broken_step_is_refused_with_a_sentence(case: Case, name: str) -> None:
    require_refused(case, name)
