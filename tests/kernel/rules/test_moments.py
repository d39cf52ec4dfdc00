"""Means and variances: what must have a mean before anything is said of it."""

from __future__ import annotations

import pytest

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Chart, Domain, Function
from derive.kernel.rules.moments import mean
from derive.kernel.term import ONE, Term, eq, exp, fn, given, num, var
from tests.kernel.rules.cases import REAL, A, B, C, Case, X, Y, accepted, refused, require_accepted, require_refused

DECLARED = Chart({"x": Domain(), "y": Domain()}, {"B": Function(("i",))})

CASES = [
    Case(
        "variance_by_moments",
        lambda: rules.variance_by_moments(X * A + B, REAL),
        "Var(x*A(1) + B(1)) = E((x*A(1) + B(1))^2) + (-1)*E(x*A(1) + B(1))^2",
        {
            "square": lambda: rules.variance_by_moments(A**2, REAL),
            "exponential": lambda: rules.variance_by_moments(exp(A), REAL),
            "inverse": lambda: rules.variance_by_moments(1 / A, REAL),
            "product": lambda: rules.variance_by_moments(A * B, REAL),
            "exponential, given": lambda: rules.variance_by_moments(given(exp(A), B), REAL),
            "undefined": lambda: rules.variance_by_moments(A / X, REAL),
            "conditional variance": lambda: rules.variance_by_moments(var(given(A, B)), REAL),
        },
    ),
    Case(
        "variance_by_moments",
        lambda: rules.variance_by_moments(given(A, B), REAL),
        "Var(given(A(1), B(1))) = E(given(A(1)^2, B(1))) + (-1)*E(given(A(1), B(1)))^2",
        {},
    ),
    Case(
        "variance_by_moments",
        lambda: rules.variance_by_moments(mean(given(A, B)), REAL),
        "Var(E(given(A(1), B(1)))) = E(E(given(A(1), B(1)))^2) + (-1)*E(E(given(A(1), B(1))))^2",
        {},
    ),
    Case(
        "mean_of_sum",
        lambda: rules.mean_of_sum([ONE, X, -1], [A, B**2, mean(given(C, A)) ** 2], REAL),
        "E(A(1) + x*B(1)^2 + (-1)*E(given(C(1), A(1)))^2) = E(A(1)) + x*E(B(1)^2) + (-1)*E(E(given(C(1), A(1)))^2)",
        {
            "random scale": lambda: rules.mean_of_sum([B], [A], REAL),
            "undefined scale": lambda: rules.mean_of_sum([1 / X], [A], REAL),
            "no mean": lambda: rules.mean_of_sum([ONE], [exp(A)], REAL),
            "fourth power": lambda: rules.mean_of_sum([ONE], [A**4], REAL),
            "square of a square": lambda: rules.mean_of_sum([ONE], [(A**2) ** 2], REAL),
            "square of a second moment": lambda: rules.mean_of_sum([ONE], [mean(given(A**2, B)) ** 2], REAL),
            "conditional": lambda: rules.mean_of_sum([ONE], [given(A, B)], REAL),
            "too few numbers": lambda: rules.mean_of_sum([ONE], [A, B], REAL),
            "nothing": lambda: rules.mean_of_sum([], [], REAL),
        },
    ),
    Case(
        "mean_of_number",
        lambda: rules.mean_of_number(X**2, REAL),
        "E(x^2) = x^2",
        {
            "random": lambda: rules.mean_of_number(A, REAL),
            "random in a sum": lambda: rules.mean_of_number(X + A, REAL),
            "conditional variance": lambda: rules.mean_of_number(var(given(A, B)), REAL),
            "undefined": lambda: rules.mean_of_number(1 / X, REAL),
        },
    ),
    Case(
        "tower",
        lambda: rules.tower(A**2, B, REAL),
        "E(E(given(A(1)^2, B(1)))) = E(A(1)^2)",
        {
            "no mean": lambda: rules.tower(exp(A), B, REAL),
            "a value": lambda: rules.tower(A, eq(B, Y), REAL),
            "a number": lambda: rules.tower(A, X, REAL),
            "a declared function": lambda: rules.tower(A, fn("B", 1), DECLARED),
            "a function of a number": lambda: rules.tower(A, exp(X), REAL),
            "given already": lambda: rules.tower(given(A, C), B, REAL),
        },
    ),
]


@accepted(CASES)
def test_the_example_is_accepted(case: Case) -> None:
    require_accepted(case)


@refused(CASES)
def test_a_broken_step_is_refused_with_a_sentence(case: Case, name: str) -> None:
    require_refused(case, name)


@pytest.mark.parametrize("value", [exp(A), A**4, mean(given(A**2, B)) ** 2, var(1 / A), Term("E", (A * B,))], ids=repr)
def test_what_may_have_no_moment_is_nothing_to_compute_with(value: Term) -> None:
    term = value if value.op == "E" or value == var(1 / A) else mean(value)
    with pytest.raises(Refused):
        rules.equal(term, term, REAL)


def test_a_multiple_of_one_is_not_written() -> None:
    assert rules.mean_of_sum([num(1)], [A], REAL).left == mean(A)
