"""Rules for finite sets, comparisons and abstract policies: examples, and what they must refuse."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Condition, Domain, Function
from derive.kernel.equality import decide
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import MINUS_ONE, ONE, ZERO, Term, bind, exp, fn, log, num, sym

Make = Callable[[], Fact]
LABEL = Domain("label")
Y, M, W, SET = sym("y"), sym("m"), sym("w"), sym("Y")
A, B, THETA, U = sym("a"), sym("b"), sym(r"\theta"), sym("u")
POSITIVE = Domain("real", Bound(ZERO, True))
REAL = Chart({"a": Domain(), "b": Domain()})
SIGNED = Chart({"a": POSITIVE, "b": Domain()})


def p(answer: Term) -> Term:
    return fn("p", answer)


def q(answer: Term) -> Term:
    return fn("q", answer)


TWO = Chart({"Y": LABEL}, {n: Function(("i",), None, "probability") for n in ("p", "q")})
MEMBER = TWO.extend(domains={"y": LABEL})
APART = TWO.extend(domains={"m": LABEL}, conditions=(Condition("!=", q(M), p(M)),))
APART_MEMBER = APART.extend(domains={"y": LABEL})


def total(body: Term, variable: Term = Y) -> Term:
    return bind("sumset", body, variable, SET)


def stated(kind: str, left: Term, right: Term, chart: Chart = REAL) -> Fact:
    return rules.given(Claim(kind, left, right, chart))  # type: ignore[arg-type]


def supposed(kind: str, left: Term, right: Term, chart: Chart) -> Fact:
    return rules.suppose(Claim(kind, left, right, chart))  # type: ignore[arg-type]


LOW, HIGH = log(q(Y) / p(Y)), q(Y) / p(Y) - ONE
GAP = p(Y) - q(Y)
AT_M = (log(q(M) / p(M)), q(M) / p(M) - ONE)


def everywhere(chart: Chart = MEMBER) -> Fact:
    return rules.log_tangent(q(Y) / p(Y), chart)


def strict_at_m() -> Fact:
    return rules.log_tangent_strict(q(M) / p(M), 1 / p(M), APART.conditions[0], APART)


# -- policies ---------------------------------------------------------------------------------------
def pi(answer: Term) -> Term:
    return fn(r"\pi_\theta", answer)


def g(answer: Term) -> Term:
    return fn("g", answer)


DECLARED = {
    r"\pi_\theta": Function(("i",), None, "probability"),
    r"f_\theta": Function(("i",)),
    "g": Function(("i",)),
    "r": Function(("i",)),
}
MODEL = Chart({r"\theta": Domain(), "y": LABEL, "w": LABEL, "Y": LABEL, "b": Domain()}, DECLARED)


def slope(chart: Chart = MODEL, right: Term | None = None, answer: Term = Y) -> Fact:
    return stated("=", Term("diff", (pi(answer), THETA)), g(answer) if right is None else right, chart)


def gradient(function: Term, chart: Chart = MODEL, symbol: str = r"\theta") -> Fact:
    return rules.gradient(function, symbol, [slope(chart)], chart)


def differ(equation: Fact, slopes: list[Fact] | None = None) -> Fact:
    return rules.differentiate(equation, r"\theta", [slope(equation.chart)] if slopes is None else slopes)


ADDS_UP = Claim("=", total(pi(Y)), ONE, MODEL)

ACCEPTED: dict[str, tuple[Make, str]] = {
    "log_tangent": (everywhere, "log(q(y)*p(y)^(-1)) ≤ q(y)*p(y)^(-1) + (-1)"),
    "log_tangent_strict": (strict_at_m, "log(q(m)*p(m)^(-1)) < q(m)*p(m)^(-1) + (-1)"),
    "affine_order": (lambda: rules.affine_order(stated("<", A, B), num(-2), A), "(-2)*b + a < (-2)*a + a"),
    "monotone_image": (lambda: rules.monotone_image(stated("<", A, B), "exp"), "exp(a) < exp(b)"),
    "number_less": (lambda: rules.number_less(log(num(2)), num(7, 10), REAL), "log(2) < 7/10"),
    "set_termwise": (
        lambda: rules.set_termwise(everywhere(), total(LOW), TWO),
        "sumset(log(q(y)*p(y)^(-1)), y, Y) ≤ sumset(q(y)*p(y)^(-1) + (-1), y, Y)",
    ),
    "set_strict": (
        lambda: rules.set_strict(everywhere(APART_MEMBER), strict_at_m(), M, total(LOW), APART),
        "sumset(log(q(y)*p(y)^(-1)), y, Y) < sumset(q(y)*p(y)^(-1) + (-1), y, Y)",
    ),
    "gradient": (
        lambda: gradient(log(pi(W)) * fn("r", W)),
        "diff(log(\\pi_\\theta(w))*r(w), \\theta) = \\pi_\\theta(w)^(-1)*g(w)*r(w)",
    ),
    "differentiate": (lambda: differ(rules.equal(total(pi(Y)), ONE, MODEL)), "sumset(g(y), y, Y) = 0"),
}

REFUSED: dict[str, dict[str, Make]] = {
    "log_tangent": {
        "may be negative": lambda: rules.log_tangent(A, REAL),
        "may be zero": lambda: rules.log_tangent(A**2, REAL),
        "undefined": lambda: rules.log_tangent(ONE / B, SIGNED),
        "declared otherwise": lambda: rules.log_tangent(A, SIGNED.extend(functions={"log": Function(("i",))})),
    },
    "log_tangent_strict": {
        "wrong factor": lambda: rules.log_tangent_strict(q(M) / p(M), ONE, APART.conditions[0], APART),
        "factor of unknown sign": lambda: rules.log_tangent_strict(
            1 + B * (A - 2 * B) ** 1,
            B,
            Condition("!=", A, 2 * B),
            REAL.extend(conditions=(Condition("!=", A, 2 * B), Condition("<", ZERO, 1 + B * (A - 2 * B)))),
        ),
        "no condition": lambda: rules.log_tangent_strict(q(M) / p(M), 1 / p(M), APART.conditions[0], MEMBER),
        "at another answer": lambda: rules.log_tangent_strict(q(Y) / p(Y), 1 / p(Y), APART.conditions[0], APART_MEMBER),
        "another relation": lambda: rules.log_tangent_strict(
            A,
            ONE,
            Condition("<=", ONE, A),
            SIGNED.extend(conditions=(Condition("<=", ONE, A),)),
        ),
        "may be negative": lambda: rules.log_tangent_strict(
            A, ONE, Condition("!=", A, ONE), REAL.extend(conditions=(Condition("!=", A, ONE),))
        ),
    },
    "affine_order": {
        "unknown sign": lambda: rules.affine_order(stated("≤", A, B), B),
        "no comparison": lambda: rules.affine_order(stated("=", A, B), ONE),
        "undefined scale": lambda: rules.affine_order(stated("≤", A, B, SIGNED), 1 / B**2),
        "undefined shift": lambda: rules.affine_order(stated("≤", A, B), ONE, log(B)),
    },
    "monotone_image": {
        "undefined": lambda: rules.monotone_image(stated("<", A, B), "log"),
        "not monotone": lambda: rules.monotone_image(stated("<", A, B), "cos"),  # type: ignore[arg-type]
        "no comparison": lambda: rules.monotone_image(stated("≠", A, B), "exp"),
        "declared otherwise": lambda: rules.monotone_image(
            stated("<", A, B, REAL.extend(functions={"exp": Function(("i",))})), "exp"
        ),
    },
    "number_less": {
        "greater": lambda: rules.number_less(num(7, 10), log(num(2)), REAL),
        "equal": lambda: rules.number_less(log(num(4)), 2 * log(num(2)), REAL),
        "symbol": lambda: rules.number_less(ZERO, exp(A), REAL),
        "sum over a set of unknown size": lambda: rules.number_less(
            num(2), total(ONE), TWO.extend(definitions={"Y": num(3)})
        ),
        "random": lambda: rules.number_less(ZERO, fn("X", ONE), REAL),
        "undefined": lambda: rules.number_less(ZERO, log(MINUS_ONE), REAL),
        "declared otherwise": lambda: rules.number_less(
            log(num(2)), num(7, 10), REAL.extend(functions={"log": Function(("i",))})
        ),
    },
    "set_termwise": {
        "other terms": lambda: rules.set_termwise(everywhere(), total(2 * LOW), TWO),
        "one answer only": lambda: rules.set_termwise(
            stated("≤", LOW, HIGH, MEMBER.extend(conditions=(Condition("<", p(Y), q(Y)),))), total(LOW), TWO
        ),
        "another answer": lambda: rules.set_termwise(rules.log_tangent(q(M) / p(M), APART), total(AT_M[0]), APART),
        "strict": lambda: rules.set_termwise(stated("<", LOW, HIGH, MEMBER), total(LOW), TWO),
        "denied": lambda: rules.set_termwise(stated("≠", LOW, HIGH, MEMBER), total(LOW), TWO),
        "no set": lambda: rules.set_termwise(everywhere(), bind("sum", LOW, Y, 0, 3), TWO),
        "undefined": lambda: rules.set_termwise(stated("=", 1 / GAP, 2 / GAP, MEMBER), total(1 / GAP), TWO),
        "undefined on one side": lambda: rules.set_termwise(stated("≤", 1 / GAP, ONE, MEMBER), total(1 / GAP), TWO),
        "supposition": lambda: rules.set_termwise(supposed("≤", LOW, HIGH, MEMBER), total(LOW), TWO),
    },
    "set_strict": {
        "strict nowhere": lambda: rules.set_strict(
            everywhere(APART_MEMBER), rules.log_tangent(q(M) / p(M), APART), M, total(LOW), APART
        ),
        "strict elsewhere": lambda: rules.set_strict(
            everywhere(APART_MEMBER), stated("<", q(M), p(M), APART), M, total(LOW), APART
        ),
        "no label": lambda: rules.set_strict(everywhere(APART_MEMBER), strict_at_m(), Y, total(LOW), APART),
        "not everywhere": lambda: rules.set_strict(everywhere(MEMBER), strict_at_m(), M, total(LOW), APART),
        "equal terms": lambda: rules.set_strict(
            stated("=", LOW, HIGH, APART_MEMBER), strict_at_m(), M, total(LOW), APART
        ),
        "supposition": lambda: rules.set_strict(
            everywhere(APART_MEMBER), supposed("<", *AT_M, APART), M, total(LOW), APART
        ),
    },
    "gradient": {
        "no slope": lambda: rules.gradient(log(pi(Y)), r"\theta", [], MODEL),
        "slope of another function": lambda: gradient(fn(r"f_\theta", Y)),
        "slope at another answer": lambda: rules.gradient(
            pi(W),
            r"\theta",
            [slope(MODEL.extend(conditions=(Condition("<", g(Y), ONE),)))],
            MODEL.extend(conditions=(Condition("<", g(Y), ONE),)),
        ),
        "slope over another chart": lambda: rules.gradient(
            pi(Y), r"\theta", [slope(MODEL.extend(domains={"b": POSITIVE}))], MODEL
        ),
        "slope that is none": lambda: rules.gradient(pi(Y), r"\theta", [stated("=", pi(Y), g(Y), MODEL)], MODEL),
        "slope by another symbol": lambda: rules.gradient(
            pi(Y), r"\theta", [stated("=", Term("diff", (pi(Y), B)), g(Y), MODEL)], MODEL
        ),
        "slope that is a bound": lambda: rules.gradient(
            pi(Y), r"\theta", [stated("≤", Term("diff", (pi(Y), THETA)), g(Y), MODEL)], MODEL
        ),
        "slope of a slope": lambda: rules.gradient(
            pi(Y), r"\theta", [slope(right=Term("diff", (pi(Y), THETA)))], MODEL
        ),
        "supposed slope": lambda: rules.gradient(
            pi(Y), r"\theta", [supposed("=", Term("diff", (pi(Y), THETA)), g(Y), MODEL)], MODEL
        ),
        "captured": lambda: rules.gradient(
            bind("sumset", pi(W), W, SET),
            r"\theta",
            [stated("=", Term("diff", (fn(r"\pi_\theta", Y), THETA)), g(Y) * g(W), MODEL)],
            MODEL,
        ),
        "undefined": lambda: gradient(log(fn("r", Y))),
        "kink": lambda: gradient(fn("max", pi(Y), ONE / 2)),
        "absolute value": lambda: gradient(fn("abs", THETA)),
        "root": lambda: gradient((THETA**2) ** (ONE / 2)),
        "random": lambda: gradient(fn("X", ONE) * pi(Y)),
        "limit": lambda: gradient(bind("lim", THETA * U, U, 0)),
        "derivative": lambda: gradient(Term("diff", (pi(Y), THETA))),
        "not declared": lambda: gradient(pi(Y), symbol="t"),
        "a label": lambda: gradient(pi(Y), symbol="y"),
        "at the end of its range": lambda: gradient(
            pi(Y), MODEL.extend(domains={r"\theta": Domain("real", Bound(ZERO))})
        ),
        "an integer": lambda: gradient(pi(Y), MODEL.extend(domains={r"\theta": Domain("integer")})),
        "tied by a condition": lambda: gradient(pi(Y), MODEL.extend(conditions=(Condition("=", THETA, sym("b")),))),
        "tied by a condition on a policy": lambda: gradient(
            pi(Y), MODEL.extend(conditions=(Condition("=", pi(Y), sym("b")),))
        ),
        "tied by a range": lambda: gradient(pi(Y), MODEL.extend(domains={"b": Domain("real", Bound(THETA))})),
        "defined": lambda: gradient(pi(Y), MODEL.extend(definitions={r"\theta": sym("b")})),
    },
    "differentiate": {
        "no equation": lambda: differ(stated("≤", pi(Y), ONE, MODEL)),
        "supposition": lambda: differ(rules.suppose(ADDS_UP)),
        "at one point only": lambda: differ(
            stated("=", THETA, ZERO, MODEL.extend(conditions=(Condition("=", THETA, ZERO),)))
        ),
        "no slope": lambda: differ(rules.given(ADDS_UP), []),
    },
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_the_example_is_accepted(name: str) -> None:
    make, claim = ACCEPTED[name]
    fact = make()
    assert fact.record.rule == name
    assert str(fact.claim) == claim


@pytest.mark.parametrize(("name", "case"), [(n, c) for n in REFUSED for c in REFUSED[n]])
def test_a_broken_step_is_refused_with_a_sentence(name: str, case: str) -> None:
    with pytest.raises(Refused) as caught:
        REFUSED[name][case]()
    assert str(caught.value)[0].isupper() or str(caught.value)[0] == "'"
    assert str(caught.value).endswith((".", ")."))


def test_every_rule_here_has_both() -> None:
    assert ACCEPTED.keys() == REFUSED.keys()


def test_a_strict_comparison_times_what_may_vanish_is_weak() -> None:
    assert rules.affine_order(stated("<", A, B), A**2).claim.kind == "≤"
    assert rules.affine_order(stated("<", A, B, SIGNED), A).claim.kind == "<"


def test_the_slope_holds_for_every_label_and_inside_sums() -> None:
    fact = gradient(total(pi(Y) * fn("r", Y)))
    assert str(fact.right) == "<sumset(g(y)*r(y), y, Y)>" or decide(fact.right, total(g(Y) * fn("r", Y)), MODEL).verdict
    inner = gradient(bind("sumset", log(pi(sym("z"))), sym("z"), SET))
    assert decide(inner.right, total(g(Y) / pi(Y)), MODEL).verdict


def test_what_does_not_depend_on_the_parameter_has_derivative_0() -> None:
    assert rules.gradient(fn("r", Y), r"\theta", [], MODEL).right == ZERO
