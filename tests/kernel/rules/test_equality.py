"""Equality: decided, passed on, used to rewrite."""

from __future__ import annotations

from derive.kernel import rules
from derive.kernel.term import INFINITY, ONE, ZERO, Term, bind, exp, log, normal, num, sqrt, sym, var
from tests.kernel.rules.cases import (
    BASE,
    DT,
    REAL,
    S2,
    XP,
    A,
    B,
    Case,
    T,
    X,
    Y,
    accepted,
    compared,
    normally,
    refused,
    require_accepted,
    require_refused,
    same,
    tends,
)

CASES = [
    Case(
        "equal",
        lambda: rules.equal(T * DT, ONE, BASE),
        "T*\\Delta t = 1",
        {
            "unequal": lambda: rules.equal(T * DT, num(2), BASE),
            "undefined at a point": lambda: rules.equal(X / X, ONE, REAL),
            "logarithm of what may be negative": lambda: rules.equal(log(X), log(X), REAL),
            "root of what may be negative": lambda: rules.equal(sqrt(X) ** 2, X, REAL),
            "false where negative": lambda: rules.equal(sqrt(X**2), X, REAL),
            "undeclared symbol": lambda: rules.equal(sym("z"), sym("z"), REAL),
            "infinite": lambda: rules.equal(INFINITY, INFINITY, REAL),
            "variance that may be infinite": lambda: rules.equal(var(1 / A), var(1 / A), REAL),
            "0^0": lambda: rules.equal(X**0, ONE, REAL),
        },
    ),
    Case(
        "unequal",
        lambda: rules.unequal(S2, S2 + 1, BASE),
        "\\sigma^2 ≠ \\sigma^2 + 1",
        {
            "equal": lambda: rules.unequal(T * DT, ONE, BASE),
            "variances": lambda: rules.unequal(var(A), X, REAL),
            "random variables": lambda: rules.unequal(A, B, REAL),
        },
    ),
    Case(
        "symmetric",
        lambda: rules.symmetric(same(X, Y)),
        "y = x",
        {"order": lambda: rules.symmetric(compared("<", X, Y)), "limit": lambda: rules.symmetric(tends(DT, ZERO))},
    ),
    Case(
        "transitive",
        lambda: rules.transitive(same(X, Y), same(Y, X + 1)),
        "x = x + 1",
        {
            "no common side": lambda: rules.transitive(same(X, Y), same(X, Y)),
            "no equation": lambda: rules.transitive(same(X, Y), compared("<", Y, X)),
            "other chart": lambda: rules.transitive(same(X, Y), same(Y, X, XP)),
        },
    ),
    Case(
        "congruent",
        lambda: rules.congruent(exp(sym("z")) + X, {"z": same(X, Y)}),
        "exp(x) + x = exp(y) + x",
        {
            "place in use": lambda: rules.congruent(exp(X), {"x": same(X, Y)}),
            "undefined": lambda: rules.congruent(1 / sym("z"), {"z": same(X, Y)}),
            "no equation": lambda: rules.congruent(exp(sym("z")), {"z": compared("<", X, Y)}),
            "nothing": lambda: rules.congruent(exp(X), {}),
            "other chart": lambda: rules.congruent(sym("z") + sym("w"), {"z": same(X, Y), "w": same(X, Y, XP)}),
            "place left over inside a binder": lambda: rules.congruent(
                bind("int", sym("z"), X, 0, 1), {"z": same(X, Y)}
            ),
        },
    ),
    Case(
        "rewrite",
        lambda: rules.rewrite(compared("<", X, exp(Y)), same(Y, X**2)),
        "x < exp(x^2)",
        {
            "does not occur": lambda: rules.rewrite(compared("<", X, Y), same(X + Y, X)),
            "does not occur on that side": lambda: rules.rewrite(compared("<", X, Y), same(Y, X), "left"),
            "no such side": lambda: rules.rewrite(compared("<", X, Y), same(Y, X), "top"),  # type: ignore[arg-type]
            "no equation": lambda: rules.rewrite(compared("<", X, Y), compared("<", Y, X)),
            "other chart": lambda: rules.rewrite(compared("<", X, Y), same(Y, X, XP)),
            "bound symbol": lambda: rules.rewrite(
                compared("<", ZERO, bind("sum", X, X, 1, 3), REAL), same(X, ZERO, REAL)
            ),
            "inside a derivative": lambda: rules.rewrite(
                compared("<", ZERO, Term("diff", (X * Y, X)), REAL), same(X * Y, ZERO, REAL)
            ),
            "limit that moves": lambda: rules.rewrite(tends(DT, ZERO), same(ZERO, 1 / T - DT, BASE)),
        },
    ),
    Case(
        "restate",
        lambda: rules.restate(normally(A, ZERO, T * DT, BASE), right=normal(0, 1)),
        "A(1) ∼ N(0, 1)",
        {
            "different": lambda: rules.restate(normally(A, ZERO, T * DT, BASE), right=normal(0, 2)),
            "different law": lambda: rules.restate(
                normally(A, ZERO, T * DT, BASE), right=Term("law", ("Laplace", ZERO, ONE))
            ),
            "undefined": lambda: rules.restate(compared("<", X, Y), left=X * Y / Y),
            "limit that moves": lambda: rules.restate(tends(DT, ONE), right=T * DT),
        },
    ),
    Case(
        "evaluate_at",
        lambda: rules.evaluate_at(bind("at", X**2, X, 3), REAL),
        "at(x^2, x, 3) = 3^2",
        {
            "no evaluation": lambda: rules.evaluate_at(X**2, REAL),
            "undefined": lambda: rules.evaluate_at(bind("at", 1 / X, X, 0), REAL),
        },
    ),
]


@accepted(CASES)
def test_the_example_is_accepted(case: Case) -> None:
    require_accepted(case)


@refused(CASES)
def test_a_broken_step_is_refused_with_a_sentence(case: Case, name: str) -> None:
    require_refused(case, name)


def test_a_counterexample_is_in_the_record() -> None:
    assert rules.unequal(S2, S2 + 1, BASE).record.certificate is not None
