"""Integrals: by certificates, and against Riemann sums."""

from __future__ import annotations

from derive.kernel import rules
from derive.kernel.term import MINUS_ONE, ONE, bind, log, num
from tests.kernel.rules.cases import BASE, S2, Case, K, S, T, U, accepted, refused, require_accepted, require_refused

INTEGRAL = bind("int", S2**2 / (S2 + U) ** 2, U, 0, 1)

CASES = [
    Case(
        "antiderivative",
        lambda: rules.antiderivative(INTEGRAL, -(S2**2) / (S2 + U), BASE),
        "int((\\sigma^2)^2*((\\sigma^2 + u)^2)^(-1), u, 0, 1) = "
        "(-1)*(\\sigma^2)^2*(\\sigma^2 + 1)^(-1) + (-1)*(-1)*(\\sigma^2)^2*(\\sigma^2 + 0)^(-1)",
        {
            "wrong certificate": lambda: rules.antiderivative(INTEGRAL, S2**2 / (S2 + U), BASE),
            "constant of integration is free, a term in u is not": lambda: rules.antiderivative(
                INTEGRAL, -(S2**2) / (S2 + U) + U, BASE
            ),
            "pole inside": lambda: rules.antiderivative(
                bind("int", 1 / (U - num(1, 2)) ** 2, U, 0, 1), -1 / (U - num(1, 2)), BASE
            ),
            "pole at the end": lambda: rules.antiderivative(bind("int", 1 / U, U, 0, 1), log(U), BASE),
            "turned round": lambda: rules.antiderivative(bind("int", ONE, U, 1, 0), U, BASE),
            "primitive with a jump": lambda: rules.antiderivative(
                bind("int", ONE, U, MINUS_ONE, 1), U + 1 / U - 1 / U, BASE
            ),
            "no integral": lambda: rules.antiderivative(bind("sum", K, K, 1, T), K, BASE),
        },
    ),
    Case(
        "monotone_riemann",
        lambda: rules.monotone_riemann(bind("int", 1 / (S2 + U), U, 0, 1), T, BASE, trend="falling", side="below"),
        "int((\\sigma^2 + u)^(-1), u, 0, 1) ≤ "
        "(1 + 0)*T^(-1)*sum((\\sigma^2 + 0 + k*(1 + 0)*T^(-1))^(-1), k, 0, T + (-1))",
        {
            "rises": lambda: rules.monotone_riemann(bind("int", U**2, U, 0, 1), T, BASE, trend="falling", side="below"),
            "falls": lambda: rules.monotone_riemann(bind("int", -U, U, 0, 1), T, BASE, trend="rising", side="above"),
            "neither": lambda: rules.monotone_riemann(
                bind("int", U * (1 - U), U, 0, 1), T, BASE, trend="rising", side="above"
            ),
            "pole": lambda: rules.monotone_riemann(bind("int", 1 / U, U, 0, 1), T, BASE, trend="falling", side="below"),
            "no integer": lambda: rules.monotone_riemann(
                bind("int", U, U, 0, 1), S, BASE, trend="rising", side="above"
            ),
            "no steps": lambda: rules.monotone_riemann(
                bind("int", U, U, 0, 1), T - 1, BASE, trend="rising", side="above"
            ),
            "unknown side": lambda: rules.monotone_riemann(
                bind("int", U, U, 0, 1),
                T,
                BASE,
                trend="rising",
                side="left",  # type: ignore[arg-type]
            ),
        },
    ),
]


@accepted(CASES)
def test_the_example_is_accepted(case: Case) -> None:
    require_accepted(case)


@refused(CASES)
def test_a_broken_step_is_refused_with_a_sentence(case: Case, name: str) -> None:
    require_refused(case, name)
