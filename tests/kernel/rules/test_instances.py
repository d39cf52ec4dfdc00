"""Instances: what values may replace symbols, and to which charts a claim may be carried."""

from __future__ import annotations

import pytest

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Chart, Condition, Domain, Function
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import MINUS_ONE, ONE, ZERO, Term, fn, normal, num, sym
from tests.kernel.rules.cases import (
    AT_M,
    BASE,
    DT,
    REAL,
    XP,
    A,
    B,
    Case,
    M,
    T,
    X,
    Y,
    accepted,
    compared,
    refused,
    require_accepted,
    require_refused,
    same,
    tends,
)

HYPOTHESIS = Claim("=", fn("f", M), M**2, AT_M)

CASES = [
    Case(
        "instantiate",
        lambda: rules.instantiate(compared("≤", M, T, AT_M), {"m": T}, BASE),
        "T ≤ T",
        {
            "above the range": lambda: rules.instantiate(compared("≤", M, T, AT_M), {"m": T + 1}, BASE),
            "below the range": lambda: rules.instantiate(compared("≤", M, T, AT_M), {"m": MINUS_ONE}, BASE),
            "no integer": lambda: rules.instantiate(compared("≤", M, T, AT_M), {"m": T / 2}, BASE),
            "no value": lambda: rules.instantiate(compared("≤", M, T, AT_M), {}, BASE),
            "strict bound": lambda: rules.instantiate(compared("<", ZERO, X, XP), {"x": ZERO}),
            "unknown symbol": lambda: rules.instantiate(compared("<", ZERO, X, XP), {"z": ONE}),
            "defined symbol": lambda: rules.instantiate(compared("<", ZERO, DT, BASE), {DT.name: ONE}),
            "undefined value": lambda: rules.instantiate(compared("<", ZERO, Y, XP), {"y": 1 / Y}),
            "condition": lambda: rules.instantiate(
                compared("<", X, Y, REAL.extend(conditions=(Condition("<", X, Y),))), {"x": Y}
            ),
            "condition lost": lambda: rules.instantiate(
                compared("<", X, Y, REAL.extend(conditions=(Condition("<", X, Y),))), {}, REAL
            ),
            "equation lost": lambda: rules.instantiate(
                compared("=", X, Y, REAL.extend(conditions=(Condition("=", X, Y),))), {}, REAL
            ),
            "difference lost": lambda: rules.instantiate(
                compared("=", X, Y, REAL.extend(conditions=(Condition("!=", X, Y),))), {}, REAL
            ),
            "wider domain": lambda: rules.instantiate(compared("<", ZERO, X, XP), {}, REAL),
            "other definition": lambda: rules.instantiate(
                same(DT, ONE, BASE), {}, BASE.extend(definitions={DT.name: 2 / T}, domains={"T": Domain()})
            ),
            "other function": lambda: rules.instantiate(
                same(A, B, REAL.extend(functions={"A": Function(("i",), None, "positive")})), {}, REAL
            ),
            "open chart": lambda: rules.instantiate(same(X, Y), {}, Chart(REAL.domains, closed=False)),
            "unequal": lambda: rules.instantiate(rules.unequal(X, Y, REAL), {"x": Y}),
            "moving symbol": lambda: rules.instantiate(tends(DT, ZERO), {"T": num(3)}),
            "value that moves": lambda: rules.instantiate(
                tends(X * DT, ZERO, BASE.extend(domains={"x": Domain()})), {"x": T}
            ),
            "supposition": lambda: rules.instantiate(rules.suppose(HYPOTHESIS), {"m": T}, BASE),
            "label": lambda: rules.instantiate(same(fn("f", Y), ONE, Chart({"y": Domain("label")})), {"y": ONE}),
        },
    ),
]


@accepted(CASES)
def test_the_example_is_accepted(case: Case) -> None:
    require_accepted(case)


@refused(CASES)
def test_a_broken_step_is_refused_with_a_sentence(case: Case, name: str) -> None:
    require_refused(case, name)


SCALE, VARIABLE = sym("c"), fn("A", ZERO)
CHART = Chart(domains={"c": Domain()})


def scaled() -> Fact:
    """c A ~ N(0, c^2) for every number c."""
    return rules.affine_law(rules.given(Claim("∼", VARIABLE, normal(0, 1), CHART)), SCALE, ZERO)


def test_a_number_is_accepted() -> None:
    assert rules.instantiate(scaled(), {"c": num(3)}).claim.left == 3 * VARIABLE


@pytest.mark.parametrize("value", [VARIABLE, VARIABLE + 1, fn("B", ZERO), fn("A", SCALE) ** 2], ids=repr)
def test_a_random_value_is_refused(value: Term) -> None:
    with pytest.raises(Refused, match="not a number"):
        rules.instantiate(scaled(), {"c": value})


def test_an_equation_between_numbers_takes_any_value() -> None:
    square = rules.equal((SCALE + 1) ** 2, SCALE**2 + 2 * SCALE + 1, CHART)
    assert rules.instantiate(square, {"c": VARIABLE}).claim.right == VARIABLE**2 + 2 * VARIABLE + 1
