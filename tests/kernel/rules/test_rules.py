"""Every rule accepts its example, and rejects a wrong certificate and each broken side condition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Condition, Domain, Function
from derive.kernel.fact import Claim, Fact, Limit
from derive.kernel.term import (
    INFINITY,
    MINUS_ONE,
    ONE,
    ZERO,
    Term,
    bind,
    eq,
    exp,
    fn,
    given,
    log,
    normal,
    num,
    plain,
    sqrt,
    sym,
    var,
)

S, T, DT, K, M, U, H, X, Y = map(sym, (r"\sigma", "T", r"\Delta t", "k", "m", "u", "h", "x", "y"))
S2 = S**2
POSITIVE = Domain("real", Bound(ZERO, True))
BASE = Chart({S.name: POSITIVE, "T": Domain("integer", Bound(ONE))}, definitions={DT.name: 1 / T})
AT_M = BASE.extend(domains={"m": Domain("integer", Bound(ZERO), Bound(T))})
BELOW_M = BASE.extend(domains={"m": Domain("integer", Bound(ZERO), Bound(T - 1))})
REAL = Chart({"x": Domain(), "y": Domain()})
XP = Chart({"x": POSITIVE, "y": Domain()})
A, B, C, N = (fn(n, 1) for n in ("A", "B", "C", "N"))

Make = Callable[[], Fact]


def same(left: Term, right: Term, chart: Chart = REAL) -> Fact:
    return rules.given(Claim("=", left, right, chart))


def normally(variable: Term, mean: Term, variance: Term, chart: Chart = REAL) -> Fact:
    return rules.given(Claim("∼", variable, normal(mean, variance), chart))


def apart(one: Term, other: Term, chart: Chart = REAL) -> Fact:
    return rules.given(Claim("⊥", one, other, chart))


def compared(kind: str, left: Term, right: Term, chart: Chart = REAL) -> Fact:
    return rules.given(Claim(kind, left, right, chart))  # type: ignore[arg-type]


def tends(left: Term, right: Term, chart: Chart = BASE) -> Fact:
    return rules.given(Claim("→", left, right, chart, Limit("T", INFINITY)))


def observed(value: Term) -> Fact:
    noise = normally(N, ZERO, ONE)
    return rules.condition_on_sum(normally(A, ZERO, ONE), noise, apart(A, N), same(B, A + N), value)


def within(name: str, lower: Term, upper: Term, chart: Chart = BASE) -> Chart:
    """The chart in which the variable of a binder runs, fresh as the rules choose it."""
    return chart.extend(domains={name: Domain("integer", Bound(lower), Bound(upper))})


@dataclass(frozen=True)
class Case:
    """A rule, its example with the claim that must come out, and what it must refuse."""

    rule: str
    accept: Make
    claim: str
    reject: dict[str, Make]


PRODUCT = bind("prod", (S2 + (K - 1) * DT) / (S2 + K * DT), K, 1, T)
SUM = bind("sum", 1 / (K * (K + 1)), K, 1, T)
INTEGRAL = bind("int", S2**2 / (S2 + U) ** 2, U, 0, 1)
HYPOTHESIS = Claim("=", fn("f", M), M**2, AT_M)
STEP_CLAIM = Claim("=", fn("f", M), M**2, BELOW_M)


def induction_step(grows: Term = 2 * M + 1, chart: Chart = BELOW_M, supposed: bool = True) -> Fact:
    known = (rules.suppose if supposed else rules.given)(Claim("=", fn("f", M), M**2, chart))
    return rules.rewrite(same(fn("f", M + 1), fn("f", M) + grows, chart), known)


def base(right: Term = ZERO**2, chart: Chart = BASE) -> Fact:
    return same(fn("f", ZERO), right, chart)


CASES = [
    Case(
        "given",
        lambda: rules.given(Claim("<", X, Y, REAL)),
        "x < y",
        {"no kind": lambda: rules.given(Claim(">", X, Y, REAL))},  # type: ignore[arg-type]
    ),
    Case(
        "suppose",
        lambda: rules.suppose(Claim("=", X, Y, REAL)),
        "x = y",
        {"undeclared": lambda: rules.suppose(Claim("=", X, sym("z"), REAL))},
    ),
    Case(
        "named_axiom",
        lambda: rules.named_axiom(Claim("=", X, Y, REAL), "x-is-y"),
        "x = y",
        {
            "no name": lambda: rules.named_axiom(Claim("=", X, Y, REAL), ""),
            "bad name": lambda: rules.named_axiom(Claim("=", X, Y, REAL), "X is Y"),
            "the kernel's own": lambda: rules.named_axiom(Claim("=", X, Y, REAL), "gaussian-sum"),
        },
    ),
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
    Case(
        "induction",
        lambda: rules.induction(base(), induction_step(), HYPOTHESIS, "m"),
        "f(m) = m^2",
        {
            "wrong base": lambda: rules.induction(base(ONE), induction_step(), HYPOTHESIS, "m"),
            "base over another chart": lambda: rules.induction(base(chart=AT_M), induction_step(), HYPOTHESIS, "m"),
            "wrong step": lambda: rules.induction(base(), induction_step(grows=2 * M + 2), HYPOTHESIS, "m"),
            "step without the supposition": lambda: rules.induction(
                base(), induction_step(supposed=False), HYPOTHESIS, "m"
            ),
            "step over the whole range": lambda: rules.induction(base(), induction_step(chart=AT_M), HYPOTHESIS, "m"),
            "step over a shorter range": lambda: rules.induction(
                base(), induction_step(chart=within("m", ZERO, T - 2)), HYPOTHESIS, "m"
            ),
            "step that starts later": lambda: rules.induction(
                base(), induction_step(chart=within("m", ONE, T - 1)), HYPOTHESIS, "m"
            ),
            "two suppositions": lambda: rules.induction(
                base(),
                rules.rewrite(induction_step(), rules.suppose(Claim("=", (M + 1) ** 2, (M + 1) ** 2 * 1, BELOW_M))),
                HYPOTHESIS,
                "m",
            ),
            "real symbol": lambda: rules.induction(base(), induction_step(), Claim("=", fn("f", X), X**2, REAL), "x"),
            "no smallest value": lambda: rules.induction(
                base(),
                induction_step(),
                Claim("=", fn("f", M), M**2, BASE.extend(domains={"m": Domain("integer")})),
                "m",
            ),
            "base that supposes": lambda: rules.induction(
                rules.suppose(base().claim), induction_step(), HYPOTHESIS, "m"
            ),
            "symbol in other declarations": lambda: rules.induction(
                base(),
                induction_step(),
                Claim("=", fn("f", M), M**2, AT_M.extend(definitions={"n": M + 1})),
                "m",
            ),
        },
    ),
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
            "no integral": lambda: rules.antiderivative(SUM, K, BASE),
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

ELSEWHERE = {
    "add_order",
    "affine_order",
    "condition_on_multiple",
    "differentiate",
    "dominated",
    "enclosed",
    "gradient",
    "linear_step",
    "log_quadratic",
    "log_tangent",
    "log_tangent_strict",
    "monotone_image",
    "number_less",
    "set_strict",
    "set_termwise",
    "sqrt_order",
    "squared_loss",
    "vanishing_power",
}
"""Rules with a test file of their own."""

IDS = [f"{case.rule}-{i}" for i, case in enumerate(CASES)]
REJECTED = [(case, name) for case in CASES for name in case.reject]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_example_is_accepted(case: Case) -> None:
    fact = case.accept()
    assert fact.record.rule == case.rule
    assert str(fact.claim) == case.claim


@pytest.mark.parametrize(("case", "name"), REJECTED, ids=[f"{c.rule}: {n}" for c, n in REJECTED])
def test_a_broken_step_is_refused_with_a_sentence(case: Case, name: str) -> None:
    with pytest.raises(Refused) as caught:
        case.reject[name]()
    assert str(caught.value)[0].isupper() or str(caught.value)[0] == "'"
    assert str(caught.value).endswith((".", ")."))


def test_every_rule_has_an_example_and_something_it_refuses() -> None:
    assert {case.rule for case in CASES} == set(rules.__all__) - ELSEWHERE
    assert all(any(c.reject for c in CASES if c.rule == name) for name in set(rules.__all__) - ELSEWHERE)


@pytest.mark.parametrize("name", rules.__all__)
def test_every_rule_is_documented_as_an_inference(name: str) -> None:
    text = getattr(rules, name).__doc__
    assert "───" in text
    assert "Example:" in text
    assert name in {"given", "suppose"} or "ails" in text


def test_certificates_are_in_the_record() -> None:
    fact = rules.telescope(PRODUCT, S2 + (K - 1) * DT, BASE)
    assert plain(fact.record.arguments["f"]) == "\\sigma^2 + (k + (-1))*\\Delta t"
    assert rules.unequal(S2, S2 + 1, BASE).record.certificate is not None
