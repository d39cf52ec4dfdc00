"""Limits: by continuity, of sums, squeezed."""

from __future__ import annotations

from derive.kernel import rules
from derive.kernel.fact import Claim, Limit
from derive.kernel.term import INFINITY, ONE, ZERO, Term, bind, normal, num, sqrt, sym, var
from tests.kernel.rules.cases import (
    AT_M,
    BASE,
    DT,
    REAL,
    S2,
    A,
    B,
    Case,
    H,
    K,
    M,
    S,
    T,
    U,
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
        "limit_of_form",
        lambda: rules.limit_of_form(S2 / (S2 + DT), S2 / (S2 + H), BASE, symbol="T", step="h"),
        "\\sigma^2*(\\sigma^2 + \\Delta t)^(-1) → \\sigma^2*(\\sigma^2 + 0)^(-1) as T → oo",
        {
            "other form": lambda: rules.limit_of_form(S2 / (S2 + DT), S2 / (S2 + 2 * H), BASE, symbol="T", step="h"),
            "pole at the end": lambda: rules.limit_of_form(T, 1 / H, BASE, symbol="T", step="h"),
            "root at the end": lambda: rules.limit_of_form(sqrt(DT), sqrt(H), BASE, symbol="T", step="h"),
            "still contains the symbol": lambda: rules.limit_of_form(DT, H + DT - H, BASE, symbol="T", step="h"),
            "step in use": lambda: rules.limit_of_form(DT, S, BASE, symbol="T", step=S.name),
            "variance that may move": lambda: rules.limit_of_form(var(A), var(A), BASE, symbol="T", step="h"),
            "random variable that may move": lambda: rules.limit_of_form(A, A, BASE, symbol="T", step="h"),
            "bounded symbol": lambda: rules.limit_of_form(1 / M, H, AT_M, symbol="m", step="h"),
            "part over another chart": lambda: rules.limit_of_form(
                DT + DT, H + sym("s"), BASE, symbol="T", step="h", parts={"s": tends(DT, ZERO, AT_M)}
            ),
            "part that is no limit": lambda: rules.limit_of_form(
                DT + DT, H + sym("s"), BASE, symbol="T", step="h", parts={"s": same(DT, DT, BASE)}
            ),
            "discontinuous in a part": lambda: rules.limit_of_form(
                1 / DT, 1 / sym("s"), BASE, symbol="T", step="h", parts={"s": tends(DT, ZERO)}
            ),
            "symbol whose range moves": lambda: rules.limit_of_form(M * DT, M * H, AT_M, symbol="T", step="h"),
            "growing sum": lambda: rules.limit_of_form(
                bind("sum", ONE, K, 1, T), bind("sum", ONE, K, 1, 1 / H), BASE, symbol="T", step="h"
            ),
        },
    ),
    Case(
        "limit_of_form",
        lambda: rules.limit_of_form(X**2, (H + 3) ** 2, REAL, symbol="x", step="h", point=num(3)),
        "x^2 → (0 + 3)^2 as x → 3",
        {
            "other form": lambda: rules.limit_of_form(X**2, (H + 2) ** 2, REAL, symbol="x", step="h", point=num(3)),
            "integer symbol": lambda: rules.limit_of_form(T, H + 3, BASE, symbol="T", step="h", point=num(3)),
        },
    ),
    Case(
        "limit_of_sum",
        lambda: rules.limit_of_sum(
            bind("sum", DT / (S2 + K * DT), K, 1, T), H / (S2 + U), BASE, symbol="T", place="u", step="h"
        ),
        "sum(\\Delta t*(\\sigma^2 + k*\\Delta t)^(-1), k, 1, T) → int((\\sigma^2 + u)^(-1), u, 0, 1) as T → oo",
        {
            "other terms": lambda: rules.limit_of_sum(
                bind("sum", DT / (S2 + K * DT), K, 1, T), 2 * H / (S2 + U), BASE, symbol="T", place="u", step="h"
            ),
            "terms that stay": lambda: rules.limit_of_sum(
                bind("sum", 1 / (S2 + K * DT), K, 1, T), 1 / (S2 + U), BASE, symbol="T", place="u", step="h"
            ),
            "pole at the end": lambda: rules.limit_of_sum(
                bind("sum", DT / (K * DT), K, 1, T), H / U, BASE, symbol="T", place="u", step="h"
            ),
            "root of the place": lambda: rules.limit_of_sum(
                bind("sum", DT * sqrt(K * DT), K, 1, T), H * sqrt(U), BASE, symbol="T", place="u", step="h"
            ),
            "ends that are no integers": lambda: rules.limit_of_sum(
                bind("sum", DT, K, 1, T / 2), H, BASE, symbol="T", place="u", step="h"
            ),
            "starts late": lambda: rules.limit_of_sum(
                bind("sum", DT, K, T, 2 * T), H, BASE, symbol="T", place="u", step="h"
            ),
            "finite sum": lambda: rules.limit_of_sum(
                bind("sum", DT, K, 1, 3), H, BASE, symbol="T", place="u", step="h"
            ),
            "grows by a square": lambda: rules.limit_of_sum(
                bind("sum", DT, K, 1, T**2), H, BASE, symbol="T", place="u", step="h"
            ),
            "place in use": lambda: rules.limit_of_sum(
                bind("sum", DT, K, 1, T), H, BASE, symbol="T", place=S.name, step="h"
            ),
            "random terms": lambda: rules.limit_of_sum(
                bind("sum", DT * var(A), K, 1, T), H * var(A), BASE, symbol="T", place="u", step="h"
            ),
        },
    ),
    Case(
        "limit_value",
        lambda: rules.limit_value(tends(DT * 2, ZERO)),
        "lim(T^(-1)*2, T, oo) = 0",
        {
            "no limit": lambda: rules.limit_value(same(X, Y)),
            "supposition": lambda: rules.limit_value(rules.suppose(Claim("→", DT, ZERO, BASE, Limit("T", INFINITY)))),
        },
    ),
    Case(
        "squeeze",
        lambda: rules.squeeze(
            tends(ZERO, ZERO), tends(DT, ZERO), compared("≤", ZERO, DT**2, BASE), compared("≤", DT**2, DT, BASE)
        ),
        "\\Delta t^2 → 0 as T → oo",
        {
            "two limits": lambda: rules.squeeze(
                tends(ZERO, ZERO), tends(ONE, ONE), compared("≤", ZERO, DT, BASE), compared("≤", DT, ONE, BASE)
            ),
            "not in between": lambda: rules.squeeze(
                tends(ZERO, ZERO), tends(DT, ZERO), compared("≤", ZERO, DT, BASE), compared("≤", DT**2, DT, BASE)
            ),
            "turned round": lambda: rules.squeeze(
                tends(ZERO, ZERO), tends(DT, ZERO), compared("≤", DT**2, ZERO, BASE), compared("≤", DT, DT**2, BASE)
            ),
            "only differs": lambda: rules.squeeze(
                tends(ZERO, ZERO), tends(DT, ZERO), compared("≠", ZERO, DT**2, BASE), compared("≤", DT**2, DT, BASE)
            ),
            "no limit": lambda: rules.squeeze(
                same(ZERO, ZERO, BASE), tends(DT, ZERO), compared("≤", ZERO, DT, BASE), compared("≤", DT, DT, BASE)
            ),
        },
    ),
    Case(
        "limit_law",
        lambda: rules.limit_law(normally(A, ZERO, DT * 2, BASE), tends(DT * 2, ZERO)),
        "A(1) → N(0, 0) as T → oo",
        {
            "limit of something else": lambda: rules.limit_law(normally(A, ZERO, DT, BASE), tends(DT * 2, ZERO)),
            "no limit": lambda: rules.limit_law(normally(A, ZERO, DT, BASE), same(DT, DT, BASE)),
            "mean that may move": lambda: rules.limit_law(normally(A, DT, DT, BASE), tends(DT, ZERO)),
            "limit of another mean": lambda: rules.limit_law(
                normally(A, S, DT, BASE), tends(DT, ZERO), tends(DT, ZERO)
            ),
            "two limits": lambda: rules.limit_law(
                normally(A, S, DT, BASE),
                tends(DT, ZERO),
                rules.given(Claim("→", S, ONE, BASE, Limit(S.name, ONE))),
            ),
            "no law": lambda: rules.limit_law(same(A, B, BASE), tends(DT, ZERO)),
            "another law": lambda: rules.limit_law(
                rules.given(Claim("∼", A, Term("law", ("Laplace", ZERO, DT)), BASE)), tends(DT, ZERO)
            ),
            "other chart": lambda: rules.limit_law(normally(A, ZERO, DT, AT_M), tends(DT, ZERO)),
            "supposition": lambda: rules.limit_law(
                rules.suppose(Claim("∼", A, normal(ZERO, DT), BASE)), tends(DT, ZERO)
            ),
        },
    ),
    Case(
        "limit_law",
        lambda: rules.limit_law(normally(A, DT, ONE, BASE), tends(ONE, ONE), tends(DT, ZERO)),
        "A(1) → N(0, 1) as T → oo",
        {
            "as a number": lambda: rules.limit_value(rules.limit_law(normally(A, ZERO, DT, BASE), tends(DT, ZERO))),
            "as a part": lambda: rules.limit_of_form(
                2 * A,
                2 * H,
                BASE,
                symbol="T",
                step="h0",
                parts={"h": rules.limit_law(normally(A, ZERO, DT, BASE), tends(DT, ZERO))},
            ),
            "as a bound": lambda: rules.squeeze(
                rules.limit_law(normally(A, ZERO, DT, BASE), tends(DT, ZERO)),
                rules.limit_law(normally(A, ZERO, DT, BASE), tends(DT, ZERO)),
                compared("≤", A, B, BASE),
                compared("≤", B, A, BASE),
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
