"""Random variables: laws, variances and independence."""

from __future__ import annotations

from derive.kernel import rules
from derive.kernel.chart import Function
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, ZERO, Term, eq, exp, fn, given, num, var
from tests.kernel.rules.cases import (
    REAL,
    XP,
    A,
    B,
    C,
    Case,
    N,
    X,
    Y,
    accepted,
    apart,
    compared,
    normally,
    refused,
    require_accepted,
    require_refused,
    same,
)


def observed(value: Term) -> Fact:
    noise = normally(N, ZERO, ONE)
    return rules.condition_on_sum(normally(A, ZERO, ONE), noise, apart(A, N), same(B, A + N), value)


CASES = [
    Case(
        "sum_law",
        lambda: rules.sum_law(normally(A, X, ONE), normally(B, Y, num(2)), apart(B, A)),
        "A(1) + B(1) ∼ N(x + y, 1 + 2)",
        {
            "not independent": lambda: rules.sum_law(normally(A, X, ONE), normally(B, Y, ONE), apart(A, C)),
            "no independence": lambda: rules.sum_law(normally(A, X, ONE), normally(B, Y, ONE), same(A, B)),
            "not normal": lambda: rules.sum_law(
                rules.given(Claim("∼", A, Term("law", ("Laplace", ZERO, ONE)), REAL)),
                normally(B, Y, ONE),
                apart(A, B),
            ),
            "conditional": lambda: rules.sum_law(
                normally(given(A, eq(C, X)), X, ONE), normally(B, Y, ONE), apart(given(A, eq(C, X)), B)
            ),
            "other chart": lambda: rules.sum_law(normally(A, X, ONE), normally(B, Y, ONE), apart(A, B, XP)),
        },
    ),
    Case(
        "affine_law",
        lambda: rules.affine_law(normally(A, ZERO, ONE), X, Y),
        "x*A(1) + y ∼ N(x*0 + y, x^2*1)",
        {
            "random scale": lambda: rules.affine_law(normally(A, ZERO, ONE), B),
            "random shift": lambda: rules.affine_law(normally(A, ZERO, ONE), X, B),
            "undefined scale": lambda: rules.affine_law(normally(A, ZERO, ONE), 1 / X),
            "random conditional variance": lambda: rules.affine_law(normally(A, ZERO, ONE), var(given(A, B))),
            "no law": lambda: rules.affine_law(same(A, B), X),
        },
    ),
    Case(
        "variance_of_law",
        lambda: rules.variance_of_law(normally(A, X, Y)),
        "Var(A(1)) = y",
        {"no law": lambda: rules.variance_of_law(same(A, B))},
    ),
    Case(
        "mean_of_law",
        lambda: rules.mean_of_law(normally(A, X, Y)),
        "E(A(1)) = x",
        {"other law": lambda: rules.mean_of_law(rules.given(Claim("∼", A, Term("law", ("Cauchy", ZERO, ONE)), REAL)))},
    ),
    Case(
        "sum_variance",
        lambda: rules.sum_variance(apart(A, B), X),
        "Var(x*A(1) + B(1)) = x^2*Var(A(1)) + Var(B(1))",
        {
            "random scale": lambda: rules.sum_variance(apart(A, B), C),
            "no independence": lambda: rules.sum_variance(same(A, B), X),
            "variance that may be infinite": lambda: rules.sum_variance(apart(A, exp(B)), X),
        },
    ),
    Case(
        "scaled_variance",
        lambda: rules.scaled_variance(A, X, same(B, X * A)),
        "Var(B(1)) = x^2*Var(A(1))",
        {
            "other multiple": lambda: rules.scaled_variance(A, X, same(B, Y * A)),
            "random scale": lambda: rules.scaled_variance(A, C, same(B, C * A)),
            "no equation": lambda: rules.scaled_variance(A, X, compared("≤", B, X * A)),
            "variance that may be infinite": lambda: rules.scaled_variance(1 / A, X, same(B, X * (1 / A))),
        },
    ),
    Case(
        "sum_covariance",
        lambda: rules.sum_covariance(apart(A, B)),
        "Cov(A(1), A(1) + B(1)) = Var(A(1))",
        {
            "random scale": lambda: rules.sum_covariance(apart(A, B), C),
            "no independence": lambda: rules.sum_covariance(same(A, B)),
            "variance that may be infinite": lambda: rules.sum_covariance(apart(A**2, B)),
        },
    ),
    Case(
        "independent_image",
        lambda: rules.independent_image(apart(A, B), X, Y),
        "x*A(1) + y ⊥ B(1)",
        {
            "random scale": lambda: rules.independent_image(apart(A, B), B),
            "no independence": lambda: rules.independent_image(same(A, B), X),
        },
    ),
    Case(
        "condition_on_sum",
        lambda: rules.condition_on_sum(
            normally(A, ZERO, ONE), normally(N, ZERO, num(2)), apart(A, N), same(B, A + N), Y
        ),
        "given(A(1), eq(B(1), y)) ∼ N(0 + 1*(y + 0 + 0)*(1 + 2)^(-1), 1 + (-1)*1^2*(1 + 2)^(-1))",
        {
            "not independent": lambda: rules.condition_on_sum(
                normally(A, ZERO, ONE), normally(N, ZERO, ONE), apart(A, C), same(B, A + N), Y
            ),
            "other sum": lambda: rules.condition_on_sum(
                normally(A, ZERO, ONE), normally(N, ZERO, ONE), apart(A, N), same(B, A + 2 * N), Y
            ),
            "no spread": lambda: rules.condition_on_sum(
                normally(A, ZERO, ZERO), normally(N, ZERO, ZERO), apart(A, N), same(B, A + N), Y
            ),
            "spread of unknown sign": lambda: rules.condition_on_sum(
                normally(A, ZERO, ONE), normally(N, ZERO, X), apart(A, N), same(B, A + N), Y
            ),
            "random value": lambda: rules.condition_on_sum(
                normally(A, ZERO, ONE), normally(N, ZERO, ONE), apart(A, N), same(B, A + N), B
            ),
        },
    ),
    Case(
        "constant_variance",
        lambda: rules.constant_variance(rules.variance_of_law(observed(fn("b", 1)))),
        "Var(given(A(1), B(1))) = 1 + (-1)*1^2*(1 + 1)^(-1)",
        {
            "depends on the value": lambda: rules.constant_variance(
                same(var(given(A, eq(B, fn("b", 1)))), fn("b", 1) ** 2)
            ),
            "value in a premise": lambda: rules.constant_variance(
                rules.rewrite(same(var(given(A, eq(B, fn("b", 1)))), X), same(X, fn("b", 2) - fn("b", 2) + 1))
            ),
            "one value": lambda: rules.constant_variance(rules.variance_of_law(observed(ONE))),
            "a symbol with a range": lambda: rules.constant_variance(rules.variance_of_law(observed(X))),
            "a family with a range": lambda: rules.constant_variance(
                rules.instantiate(
                    rules.variance_of_law(observed(fn("b", 1))),
                    {},
                    REAL.extend(functions={"b": Function(("i",), None, "positive")}),
                )
            ),
            "unconditional": lambda: rules.constant_variance(same(var(A), num(2))),
            "supposition": lambda: rules.constant_variance(
                rules.suppose(Claim("=", var(given(A, eq(B, fn("b", 1)))), num(2), REAL))
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
