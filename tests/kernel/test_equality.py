"""decide: traps that have a known answer, and what it says of them."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest

from derive.kernel.chart import Bound, Chart, Condition, Domain, Function
from derive.kernel.equality import Budget, decide
from derive.kernel.evaluate import Instance, enclose
from derive.kernel.term import (
    INFINITY,
    PI,
    Term,
    TermLike,
    bind,
    eq,
    exp,
    fn,
    given,
    law,
    log,
    logistic,
    normal,
    num,
    power,
    sqrt,
    sym,
    term,
    var,
)

x, y, z, a, b, T, k, j, t, n = map(sym, ["x", "y", "z", "a", "b", "T", "k", "j", "t", "n"])
sigma, dt, Y = sym(r"\sigma"), sym(r"\Delta t"), sym(r"\mathcal Y")
REAL = Domain()
POSITIVE = Domain("real", Bound(num(0), True))
CHART = Chart(
    domains={
        "x": REAL,
        "y": REAL,
        "a": POSITIVE,
        "b": POSITIVE,
        r"\sigma": POSITIVE,
        "T": Domain("integer", Bound(num(1))),
        "n": Domain("integer"),
        "t": Domain("real", Bound(dt), Bound(num(1))),
        "u": Domain("label"),
        "v": Domain("label"),
    },
    functions={
        "f": Function(("i",)),
        "g": Function(("i",), None, "positive"),
        "p": Function(("y",), None, "probability"),
        "h": Function(("s",), term(sym("s") ** 2 + 1)),
    },
    definitions={r"\Delta t": 1 / T},
)


def total(body: TermLike, lower: TermLike, upper: TermLike, index: Term = k) -> Term:
    return bind("sum", body, index, lower, upper)


def product(body: TermLike, lower: TermLike, upper: TermLike, index: Term = k) -> Term:
    return bind("prod", body, index, lower, upper)


def absolute(value: TermLike) -> Term:
    return fn("abs", value)


def over(body: TermLike, members: Term = Y) -> Term:
    return bind("sumset", body, z, members)


EQUAL: list[tuple[Term, Term]] = [
    (x / x, num(1)),  # where both sides are defined
    ((x**2 - 1) / (x - 1), x + 1),
    (sqrt(x**2), absolute(x)),
    (sqrt((t - dt) ** 2), t - dt),
    (log(a**2), 2 * log(a)),
    (log(x**2), 2 * log(absolute(x))),
    (log(a * b), log(a) + log(b)),
    (log(power(a, x)), x * log(a)),
    (power(a, x) * power(a, y), power(a, x + y)),
    (power(num(-1), n) ** 2, num(1)),
    (power(num(-1), 2 * n + 1), num(-1)),
    (power(x, n) * x, power(x, n + 1)),
    (sqrt(num(8)), 2 * sqrt(num(2))),
    (sqrt(3 + 2 * sqrt(num(2))) ** 2, (1 + sqrt(num(2))) ** 2),
    (1 / (sqrt(a + 1) + sqrt(a)), sqrt(a + 1) - sqrt(a)),
    (sqrt(PI) ** 2, PI),
    (total(f := fn("f", k), 0, T - 1), total(fn("f", k - 1), 1, T)),
    (total(f, 0, T - 1), total(fn("f", j), 0, T - 1, j)),
    (total(f, 0, T), total(fn("f", T - k), 0, T)),
    (total(total(fn("f", k) * fn("g", j), 0, T, j), 0, T), total(fn("f", j), 0, T, j) * total(fn("g", k), 0, T)),
    (total(num(1), 1, T), T),
    (total(k**2, 1, 3), num(14)),
    (product(num(2), 1, T), power(2, T)),
    (product(fn("g", k) ** 2, 1, T), product(fn("g", k), 1, T) ** 2),
    (log(product(fn("g", k), 1, T)), total(log(fn("g", k)), 1, T)),
    (over(fn("p", z)), num(1)),
    (over(fn("p", z) * (x + 1)), x + 1),
    (fn("max", x, y), (x + y + absolute(x - y)) / 2),
    (fn("sin", x) ** 2 + fn("cos", x) ** 2, num(1)),
    (fn("tan", x) * fn("cos", x), fn("sin", x)),
    (fn("cosh", x) ** 2 - fn("sinh", x) ** 2, num(1)),
    (fn("sin", x - y), -fn("sin", y - x)),
    (fn("factorial", T + 1), (T + 1) * fn("factorial", T)),
    (fn("binomial", T + 2, 2), (T + 2) * (T + 1) / 2),
    (fn("binomial", T + 1, 3) * 6, (T + 1) * T * (T - 1)),
    (fn("h", x + 1), x**2 + 2 * x + 2),
    (bind("at", sym("s") ** 2, sym("s"), x + 1), x**2 + 2 * x + 1),
    (Term("diff", (exp(-(x**2)), x)), -2 * x * exp(-(x**2))),
    (bind("int", exp(-sym("s")) * a, sym("s"), 0, 1), a * bind("int", exp(-z), z, 0, 1)),
    (bind("int", x, z, 0, 2), 2 * x),
    (exp(log(a) + x) / a, exp(x)),
    (exp(x / (x**2 + 1)) * exp(x**3 / (x**2 + 1)), exp(x)),
    (logistic(x) + logistic(-x), num(1)),
    (dt * T, num(1)),
    (num(50257) ** 2048, exp(2048 * log(num(50257)))),
    (var(2 * x + x), var(3 * x)),
    (var(fn("f", T)) + 1, 1 + var(fn("f", T))),
    (normal(x + 0, a**2), normal(x, a * a)),
]
DIFFERENT: list[tuple[Term, Term]] = [
    (sqrt(x**2), x),
    (absolute(x), x),
    (x**2, x**3),
    (log(a * b), log(a) * log(b)),
    (power(a, x * y), power(a, x + y)),
    (power(num(-1), n), num(1)),
    (total(fn("f", k), 0, T - 1), total(fn("f", k), 1, T)),
    (total(fn("f", k), 0, T - 1), total(fn("f", k), 0, T)),
    (total(fn("f", k) * fn("g", k), 0, T), total(fn("f", k), 0, T) * total(fn("g", k), 0, T)),
    (over(fn("p", z) ** 2), num(1)),
    (fn("p", sym("u")), fn("p", sym("v"))),
    (fn("f", 1), fn("f", 2)),
    (fn("max", x, y), x),
    (dt, num(1) / (T + 1)),
    (num(50257) ** -2048, num(0)),
    (num(50257) ** -2048, num(50257) ** -2047),
    (1 + num(50257) ** -2048, num(1)),
    (sqrt(num(2)), num(141421356237, 10**11)),
    (exp(PI * sqrt(num(163))), num(262537412640768744)),
    (fn("factorial", T), power(T, T)),
    (Term("diff", (x**2, x)), x),
    (bind("int", exp(-z), z, 0, a), 1 - exp(a)),
    (normal(x, a), normal(x, a**2)),
    (normal(x, a), normal(y, a)),
]
UNDECIDED: list[tuple[Term, Term, str]] = [
    (log(x**2), 2 * log(x), "one side is defined"),
    (sqrt(x) ** 2, x, "one side is defined"),
    (log(x * y), log(x) + log(y), "one side is defined"),
    (power(0, 0), num(1), "power 0"),
    (power(num(-8), num(1, 3)), num(-2), "not real"),
    (log(num(-1)), log(num(-1)) * 1, "not positive"),
    (1 / (x - x), 2 / (x - x), "0 is divided by"),
    (sym("w"), sym("w") + 0, "'w' is not declared"),
    (var(fn("X", 1)), var(fn("X", 2)), "Var(X(1))"),
    (fn("X", 1), fn("X", 0) + fn("Z", 1), "no declared function"),
    (var(fn("X", 1)), num(1), ""),
    (var(x) * log(num(-1)), var(x) * log(num(-1)) + 0, ""),
    (law("N", x, a), law("Uniform", x, a), "different families"),
    (normal(x, -a), normal(y, -a), "do both laws exist"),
    (bind("lim", 1 / z, z, INFINITY), num(0), ""),
    (bind("sum", power(2, -k), k, 0, INFINITY), num(2), "nfinity"),
    (given(fn("X", 1), eq(fn("X", 0), x)), x, ""),
    (over(x), over(x, sym("S")), "he set"),
    (bind("int", 1 / z, z, -1, 1), num(0), "converge"),
    (exp(num(50257) ** -2048), num(1), ""),  # they differ in the 32,000th bit
    (fn("f", sqrt(a)), fn("f", power(a, num(1, 3))), "not a rational"),
    (sym("u") + 0, sym("v"), "label"),
]


@pytest.mark.parametrize(("left", "right"), EQUAL, ids=lambda side: repr(side)[:60])
def test_equal(left: Term, right: Term) -> None:
    for one, other in ((left, right), (right, left)):
        decision = decide(one, other, CHART)
        assert decision.verdict is True, decision
        assert decision.witness is None
        assert decide(one + 1, other + 2, CHART).verdict is not True if one.op != "law" else True


@pytest.mark.parametrize(("left", "right"), DIFFERENT, ids=lambda side: repr(side)[:60])
def test_different(left: Term, right: Term) -> None:
    for one, other in ((left, right), (right, left)):
        decision = decide(one, other, CHART)
        assert decision.verdict is False, decision
        assert decision.witness is not None
        assert decision.witness.left != decision.witness.right


@pytest.mark.parametrize(("left", "right", "why"), UNDECIDED, ids=lambda side: repr(side)[:60])
def test_undecided_with_a_reason(left: Term, right: Term, why: str) -> None:
    decision = decide(left, right, CHART)
    assert decision.verdict is None, decision
    assert why in decision.why
    assert decision.why.endswith(".")


def test_a_witness_is_short_and_true() -> None:
    decision = decide(sigma**2 + t, sigma + t, CHART)
    assert decision.witness is not None
    values = {name: Fraction(value) for name, value in decision.witness.point.items()}
    assert all(v.denominator < 50 for v in values.values())
    left = enclose(sigma**2 + t, Instance(values), CHART)
    assert float(decision.witness.left) == pytest.approx(float(left.mid()), rel=1e-3)
    assert values["t"] >= 1 / values["T"]


def test_a_negative_point_shows_that_the_root_of_a_square_is_no_identity() -> None:
    decision = decide(sqrt(x**2), x, CHART)
    assert decision.witness is not None
    assert Fraction(decision.witness.point["x"]) < 0


def test_a_witness_names_the_values_of_abstract_functions() -> None:
    decision = decide(fn("p", sym("u")), fn("p", sym("v")), CHART)
    assert decision.witness is not None
    assert {"p(u)", "p(v)"} <= decision.witness.point.keys()


# -- conditions ---------------------------------------------------------------------------------------
def conditioned(*conditions: Condition) -> Chart:
    return CHART.extend(conditions=conditions)


def test_an_equation_of_the_chart_is_used() -> None:
    chart = conditioned(Condition("=", x + y, num(1)))
    assert decide(x**2 - y**2, x - y, chart).verdict is True
    assert decide(x**2 + y**2, num(1), chart).verdict is False


def test_an_equation_that_may_have_two_branches_is_not_solved_for_one_of_them() -> None:
    chart = conditioned(Condition("=", x * (y - 1), num(0)))
    assert decide(x, num(0), chart).verdict is not True
    assert decide(y, num(1), chart).verdict is not True


def test_contradictory_conditions_decide_nothing() -> None:
    for pair in (
        (Condition("<", x, num(0)), Condition("<", num(0), x)),
        (Condition("=", x, num(1)), Condition("=", x, num(2))),
        (Condition("!=", a, a),),
    ):
        chart = conditioned(*pair)
        assert decide(x, x + 1, chart).verdict is None
        assert decide(x + y, y + x, chart).verdict is None


def test_a_refutation_satisfies_the_conditions() -> None:
    chart = conditioned(Condition("<", y, x), Condition("<=", num(3), y))
    decision = decide(absolute(x - y), y - x, chart)
    assert decision.verdict is False
    assert decision.witness is not None
    assert Fraction(decision.witness.point["x"]) > Fraction(decision.witness.point["y"]) >= 3
    assert decide(absolute(x - y), x - y, chart).verdict is True


def test_a_condition_that_cannot_be_verified_decides_nothing() -> None:
    chart = conditioned(Condition("<", var(fn("X", 1)), num(1)))
    assert decide(x, y, chart).verdict is None


def test_an_irrational_equation_decides_nothing_wrong() -> None:
    chart = conditioned(Condition("=", x**2, num(2)))
    assert decide(x**4, num(5), chart).verdict is None
    assert decide(x, sqrt(num(2)), chart).verdict is None


def test_a_definition_that_must_be_an_integer_is_verified() -> None:
    step = Domain("real", Bound(num(0), True), Bound(num(1)))
    chart = Chart(domains={"d": step, "N": Domain("integer")}, definitions={"N": 1 / sym("d")})
    decision = decide(sym("N") * sym("d"), sym("d"), chart)
    assert decision.verdict is False
    assert decision.witness is not None
    assert (1 / Fraction(decision.witness.point["d"])).denominator == 1


# -- scope --------------------------------------------------------------------------------------------
def test_an_open_chart_takes_what_is_undeclared_for_a_real_number() -> None:
    chart = Chart(closed=False)
    assert decide((x + y) ** 2, x**2 + 2 * x * y + y**2, chart).verdict is True
    assert decide((x + y) ** 2, x**2 + y**2, chart).verdict is False
    assert decide(fn("x", 1) + fn("x", 2), fn("x", 1), chart).verdict is False
    assert decide(fn(r"\Phi", num(0)), num(1, 2), chart).verdict is None
    assert decide(power(x, num(3, 2)), x * sqrt(x), chart).verdict is True
    assert decide(exp(2 * log(x)) + log(x), x**2 + log(x), chart).verdict is True
    assert decide(log(x**2) + log(x), 3 * log(x), chart).verdict is True
    assert decide(log(x**2), 2 * log(x), chart).verdict is None
    assert decide(sqrt(x) * sqrt(y), sqrt(x * y), chart).verdict is None
    assert decide(log(x * y), log(x) + log(y), chart).verdict is None


def test_circular_definitions_decide_nothing() -> None:
    chart = Chart(definitions={"x": y + 1, "y": x - 1}, domains={"a": POSITIVE})
    decision = decide(x * a, a, chart)
    assert decision.verdict is None
    assert "circle" in decision.why


def test_a_bound_symbol_may_have_the_name_of_a_declared_one() -> None:
    assert decide(total(T, 1, 2, T), num(3), CHART).verdict is True
    assert decide(total(sqrt(x**2), -2, 2, x), num(6), CHART).verdict is True
    assert decide(total(x, -2, 2, x), num(6), CHART).verdict is False


def test_a_bound_symbol_does_not_have_the_range_of_a_declared_one() -> None:
    negative = bind("int", sqrt(a**2), a, -1, 0)
    assert decide(negative, bind("int", a, a, -1, 0), CHART).verdict is not True
    assert decide(negative, bind("int", -a, a, -1, 0), CHART).verdict is True


def test_an_empty_sum_is_not_a_negative_count() -> None:
    assert decide(total(num(1), 1, n), n, CHART).verdict is not True  # n may be -5
    assert decide(product(num(2), 1, n), power(2, n), CHART).verdict is not True


def test_a_probability_is_normalised_over_one_set_only() -> None:
    S = sym("S")
    both = over(fn("p", z)) + bind("sumset", fn("p", z), z, S)
    assert decide(both, num(2), CHART).verdict is None
    assert decide(bind("sumset", fn("p", z) * fn("f", z), z, S), num(1), CHART).verdict is False


def test_drawn_symbols_may_be_renamed() -> None:
    def mean(variable: Term) -> Term:
        return Term("E", (fn("f", variable), Term("draw", (variable, fn("p", variable)))))

    assert decide(mean(x) + 1, 1 + mean(y), CHART).verdict is True
    assert decide(mean(x), 2 * mean(y), CHART).verdict is None


# -- the procedure itself -----------------------------------------------------------------------------
def test_a_small_budget_is_undecided_and_not_wrong() -> None:
    left, right = (x + y + a + b) ** 12, ((x + y + a + b) ** 3) ** 4
    tight = decide(left, right, CHART, Budget(monomials=50))
    assert tight.verdict is None
    assert "too many terms" in tight.why
    assert decide(left, right, CHART).verdict is True


def test_deep_terms_are_undecided_and_do_not_crash() -> None:
    deep = x
    for _ in range(5000):
        deep = exp(deep)
    assert decide(deep, exp(deep), CHART).verdict is None


PROGRAM = """
from derive.kernel.chart import Chart
from derive.kernel.equality import decide
from derive.kernel.term import sym, fn
c = Chart(closed=False)
x, y = sym('x'), sym('y')
print(decide((x + y) ** 2, x**2 + y**2, c))
print(decide(fn('f', x) + y, fn('f', y) + x, c))
"""


def test_verdicts_and_witnesses_do_not_depend_on_the_hash_seed() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
