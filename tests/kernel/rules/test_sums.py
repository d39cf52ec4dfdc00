"""Sums and products over ranges: ends, telescopes, terms."""

from __future__ import annotations

from derive.kernel import rules
from derive.kernel.fact import Claim
from derive.kernel.term import MINUS_ONE, ONE, bind, plain
from tests.kernel.rules.cases import (
    BASE,
    DT,
    REAL,
    S2,
    Case,
    K,
    S,
    T,
    U,
    X,
    accepted,
    compared,
    refused,
    require_accepted,
    require_refused,
    within,
)

PRODUCT = bind("prod", (S2 + (K - 1) * DT) / (S2 + K * DT), K, 1, T)
SUM = bind("sum", 1 / (K * (K + 1)), K, 1, T)
INTEGRAL = bind("int", S2**2 / (S2 + U) ** 2, U, 0, 1)

CASES = [
    Case(
        "empty",
        lambda: rules.empty(bind("prod", K, K, 1, 0), BASE),
        "prod(k, k, 1, 0) = 1",
        {
            "not empty": lambda: rules.empty(bind("prod", K, K, 1, 1), BASE),
            "shorter than empty": lambda: rules.empty(bind("sum", K, K, 1, MINUS_ONE), BASE),
            "no integers": lambda: rules.empty(bind("sum", K, K, S, S - 1), BASE),
            "no sum": lambda: rules.empty(X, REAL),
        },
    ),
    Case(
        "peel_last",
        lambda: rules.peel_last(bind("sum", K**2, K, 0, T), BASE),
        "sum(k^2, k, 0, T) = sum(k^2, k, 0, T + (-1)) + T^2",
        {
            "may be empty": lambda: rules.peel_last(bind("sum", K**2, K, 2, T), BASE),
            "no integer": lambda: rules.peel_last(bind("sum", K**2, K, 0, T / 2), BASE),
            "undefined term": lambda: rules.peel_last(bind("sum", 1 / K, K, 0, T), BASE),
            "no sum": lambda: rules.peel_last(X, REAL),
        },
    ),
    Case(
        "peel_first",
        lambda: rules.peel_first(bind("prod", K, K, 1, T), BASE),
        "prod(k, k, 1, T) = 1*prod(k, k, 1 + 1, T)",
        {
            "may be empty": lambda: rules.peel_first(bind("prod", K, K, 2, T), BASE),
            "no integer": lambda: rules.peel_first(bind("prod", K, K, S, T), BASE),
            "undefined term": lambda: rules.peel_first(bind("prod", 1 / K, K, 0, T), BASE),
        },
    ),
    Case(
        "telescope",
        lambda: rules.telescope(PRODUCT, S2 + (K - 1) * DT, BASE),
        "prod((\\sigma^2 + (k + (-1))*\\Delta t)*(\\sigma^2 + k*\\Delta t)^(-1), k, 1, T) = "
        "(\\sigma^2 + (1 + (-1))*\\Delta t)*(\\sigma^2 + (T + 1 + (-1))*\\Delta t)^(-1)",
        {
            "wrong certificate": lambda: rules.telescope(PRODUCT, S2 + K * DT, BASE),
            "wrong direction": lambda: rules.telescope(PRODUCT, S2 + (K - 1) * DT, BASE, rising=True),
            "certificate that vanishes": lambda: rules.telescope(bind("prod", (K - 1) / K, K, 1, T), K - 1, BASE),
            "certificate that is undefined": lambda: rules.telescope(
                bind("sum", 1 / K - 1 / (K + 1), K, 0, T), 1 / K, BASE
            ),
            "shorter than empty": lambda: rules.telescope(bind("prod", (K + 1) / (K + 2), K, 3, T), K + 1, BASE),
            "no integer end": lambda: rules.telescope(bind("prod", (K + 1) / (K + 2), K, 0, S), K + 1, BASE),
            "no product": lambda: rules.telescope(INTEGRAL, U, BASE),
        },
    ),
    Case(
        "telescope",
        lambda: rules.telescope(SUM, 1 / K, BASE),
        "sum((k*(k + 1))^(-1), k, 1, T) = 1^(-1) + (-1)*(T + 1)^(-1)",
        {"wrong certificate": lambda: rules.telescope(SUM, 1 / (K + 1), BASE)},
    ),
    Case(
        "telescope",
        lambda: rules.telescope(bind("sum", 2 * K + 1, K, 0, T - 1), K**2, BASE, rising=True),
        "sum(2*k + 1, k, 0, T + (-1)) = (T + (-1) + 1)^2 + (-1)*0^2",
        {"falling": lambda: rules.telescope(bind("sum", 2 * K + 1, K, 0, T - 1), K**2, BASE)},
    ),
    Case(
        "termwise",
        lambda: rules.termwise(
            rules.equal(K**2 + K, K * (K + 1), within("k", ONE, T)), bind("sum", K**2 + K, K, 1, T), BASE
        ),
        "sum(k^2 + k, k, 1, T) = sum(k*(k + 1), k, 1, T)",
        {
            "other terms": lambda: rules.termwise(
                rules.equal(K**2, K * K, within("k", ONE, T)), bind("sum", K**2 + K, K, 1, T), BASE
            ),
            "shorter range": lambda: rules.termwise(
                rules.equal(K**2, K * K, within("k", ONE, T - 1)), bind("sum", K**2, K, 1, T), BASE
            ),
            "no equation": lambda: rules.termwise(
                compared("≤", K**2, K * K, within("k", ONE, T)), bind("sum", K**2, K, 1, T), BASE
            ),
            "supposition": lambda: rules.termwise(
                rules.suppose(Claim("=", K**2, K, within("k", ONE, T))), bind("sum", K**2, K, 1, T), BASE
            ),
        },
    ),
    Case(
        "sum_order",
        lambda: rules.sum_order(rules.at_most(K, K**2, within("k", ONE, T)), bind("sum", K, K, 1, T), BASE),
        "sum(k, k, 1, T) ≤ sum(k^2, k, 1, T)",
        {
            "products": lambda: rules.sum_order(
                rules.at_most(K, K**2, within("k", ONE, T)), bind("prod", K, K, 1, T), BASE
            ),
            "other terms": lambda: rules.sum_order(
                rules.at_most(K, K**2, within("k", ONE, T)), bind("sum", K + 1, K, 1, T), BASE
            ),
            "equation": lambda: rules.sum_order(rules.equal(K, K, within("k", ONE, T)), bind("sum", K, K, 1, T), BASE),
        },
    ),
    Case(
        "product_as_exponential",
        lambda: rules.product_as_exponential(bind("prod", K, K, 1, T), BASE),
        "prod(k, k, 1, T) = exp(sum(log(k), k, 1, T))",
        {
            "may be zero": lambda: rules.product_as_exponential(bind("prod", K, K, 0, T), BASE),
            "shorter than empty": lambda: rules.product_as_exponential(bind("prod", K, K, 3, T), BASE),
            "no product": lambda: rules.product_as_exponential(SUM, BASE),
        },
    ),
]


@accepted(CASES)
def test_the_example_is_accepted(case: Case) -> None:
    require_accepted(case)


@refused(CASES)
def test_a_broken_step_is_refused_with_a_sentence(case: Case, name: str) -> None:
    require_refused(case, name)


def test_certificates_are_in_the_record() -> None:
    fact = rules.telescope(PRODUCT, S2 + (K - 1) * DT, BASE)
    assert plain(fact.record.arguments["f"]) == "\\sigma^2 + (k + (-1))*\\Delta t"
