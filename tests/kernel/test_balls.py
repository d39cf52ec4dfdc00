"""Instances are admissible, generic and reproducible; enclosures contain the value or say why there is none."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.kernel.balls import NotEnclosed, content_seed, instances, simplest
from derive.kernel.chart import Bound, Chart, Condition, Domain, Function
from derive.kernel.equality import decide
from derive.kernel.evaluate import Instance, enclose, precision
from derive.kernel.term import INFINITY, PI, Term, bind, exp, fn, log, logistic, num, power, sqrt, sym, var

x, y, t, T, k, u, v = map(sym, "xytTkuv")
dt, Y = sym(r"\Delta t"), sym("Y")
CHART = Chart(
    domains={
        "x": Domain(),
        "T": Domain("integer", Bound(num(1))),
        "k": Domain("integer", Bound(num(0)), Bound(T)),
        "t": Domain("real", Bound(dt), Bound(num(1))),
        "y": Domain("real", Bound(sqrt(t), True), Bound(PI, True)),
        "u": Domain("label"),
        "v": Domain("label"),
    },
    functions={
        "f": Function(("i",)),
        "g": Function(("i",), None, "positive"),
        "p": Function(("y", "x"), None, "probability"),
    },
    definitions={r"\Delta t": 1 / T},
)
EVERYTHING = (x, T, k, t, y, fn("p", u, v))


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 2**64))
def test_instances_satisfy_every_bound(seed: int) -> None:
    found = list(instances(CHART, EVERYTHING, seed))
    assert len(found) == 8
    for instance in found:
        value = instance.values
        assert value["T"].denominator == value["k"].denominator == 1
        assert 0 <= value["k"] <= value["T"]
        assert 1 / value["T"] <= value["t"] <= 1
        assert float(value["t"]) ** 0.5 < float(value["y"]) < 3.1416
        assert sorted(instance.labels) == ["u", "v"]
        assert len(set(instance.labels.values())) == 2
        assert max(instance.labels.values()) < instance.universe


def test_instances_depend_on_the_seed_and_nothing_else() -> None:
    seed = content_seed(x + t, y)
    assert list(instances(CHART, EVERYTHING, seed)) == list(instances(CHART, EVERYTHING, seed))
    assert list(instances(CHART, EVERYTHING, seed)) != list(instances(CHART, EVERYTHING, seed + 1))


def test_the_first_instances_are_short_and_generic() -> None:
    for seed in range(50):
        first = next(instances(CHART, (x, T, t), seed))
        assert first.values["T"] >= 3
        assert all(value.denominator <= 40 and value not in (0, 1) for value in first.values.values())


def test_real_symbols_take_both_signs() -> None:
    signs = {instance.values["x"] > 0 for instance in instances(CHART, (x,), 3)}
    assert signs == {True, False}


def test_undeclared_symbols_are_named() -> None:
    with pytest.raises(NotEnclosed, match="'w' is not declared"):
        next(instances(CHART, (sym("w"),), 0))
    assert "w" in next(instances(Chart(closed=False), (sym("w"),), 0)).values


@pytest.mark.parametrize(
    "condition",
    [
        Condition("<", x, num(-3)),
        Condition("<=", num(7), x),
        Condition("!=", x, num(1)),
        Condition("=", 3 * x + t, num(2)),
        Condition("=", x * t, T),
        Condition("<", x**2, t),
    ],
    ids=repr,
)
def test_conditions_hold_at_every_instance(condition: Condition) -> None:
    chart = CHART.extend(conditions=(condition,))
    found = list(instances(chart, (x, t), 5))
    assert found
    for instance in found:
        gap = enclose(condition.right - condition.left, instance, chart)
        assert {"<": gap > 0, "<=": gap >= 0, "=": gap == 0, "!=": not gap.contains(0)}[condition.order]


@pytest.mark.parametrize(
    "conditions",
    [
        (Condition("<", x, x),),
        (Condition("<", x, num(0)), Condition("<", num(1), x)),
        (Condition("=", x, num(1)), Condition("=", x, num(2))),
        (Condition("<", var(x), num(1)),),
        (Condition("=", x, sqrt(num(2))),),
    ],
)
def test_where_conditions_cannot_be_verified_there_is_no_instance(conditions: tuple[Condition, ...]) -> None:
    assert list(instances(CHART.extend(conditions=conditions), (x,), 0)) == []


def test_a_definition_with_a_domain_is_verified_too() -> None:
    chart = Chart(domains={"x": Domain(), "y": Domain("real", Bound(num(10)))}, definitions={"y": x**2})
    for instance in instances(chart, (x,), 0):
        assert instance.values["x"] ** 2 >= 10


@given(st.fractions(-50, 50), st.fractions(Fraction(1, 1000), 20))
def test_the_simplest_fraction_lies_between(low: Fraction, width: Fraction) -> None:
    found = simplest(low, low + width)
    assert low <= found <= low + width
    assert found.denominator <= 1 / width + 1


POINT = Instance({"x": Fraction(-3, 2), "T": Fraction(4), "t": Fraction(1, 2)}, {"u": 0, "v": 2}, 3, 7)
VALUES: list[tuple[Term, fmpq | str]] = [
    (x**3, fmpq(-27, 8)),
    (dt, fmpq(1, 4)),
    (power(x, -2), fmpq(4, 9)),
    (sqrt(x**2), fmpq(3, 2)),
    (sqrt(t * 2) * 3, fmpq(3)),
    (power(num(8, 27), num(2, 3)), fmpq(4, 9)),
    (bind("sum", k**2, k, 0, T), fmpq(30)),
    (bind("sum", k, k, 3, 2), fmpq(0)),
    (bind("prod", k, k, 3, 2), fmpq(1)),
    (bind("prod", k, k, 1, T), fmpq(24)),
    (fn("binomial", T, 2), fmpq(6)),
    (bind("sumset", fn("p", y, v), y, Y), fmpq(1)),
    (bind("at", y**2, y, x), fmpq(9, 4)),
    (Term("diff", (x**3, x)), fmpq(27, 4)),
    (logistic(num(0)), fmpq(1, 2)),
    (fn("max", x, t), fmpq(1, 2)),
    (log(num(2)), "0.69314718055994530941723212145817656807550013436026"),
    (exp(num(1)), "2.7182818284590452353602874713526624977572470937000"),
    (PI, "3.1415926535897932384626433832795028841971693993751"),
    (logistic(num(-40)), "4.2483542552915889953e-18"),
    (fn("erf", num(1)), "0.84270079294971486934122063508260925929606699796630"),
    (bind("int", exp(-(y**2)), y, 0, 1), "0.74682413281242702539946743613185300535449968681261"),
    (bind("int", log(y), y, 1, 2), "0.38629436111989061883446424291635313615100026872051"),
    (num(1) / 50257**2048, "8.9008e-9629"),
]


@pytest.mark.parametrize(("term", "expected"), VALUES, ids=lambda side: repr(side)[:50])
@pytest.mark.parametrize("bits", [53, 160])
def test_enclosures_contain_the_value(term: Term, expected: fmpq | str, bits: int) -> None:
    ball = enclose(term, POINT, CHART, bits)
    with precision(300):
        if isinstance(expected, fmpq):
            assert ball.contains(expected)
        else:
            digits = len(expected.partition("e")[0]) - 2
            assert abs(ball - arb(expected)) <= abs(arb(expected)) * arb(10) ** (2 - digits) + ball.rad() * 2
    assert ball.rel_accuracy_bits() >= bits - 20


NONE: list[tuple[Term, str, str]] = [
    (1 / (t * 2 - 1), "undefined", "0 is divided by"),
    (log(x), "undefined", "not positive"),
    (sqrt(x), "undefined", "not positive"),
    (power(x, x), "undefined", "not positive"),
    (power(x + num(3, 2), 0), "undefined", "power 0"),
    (log(fn("sin", PI)), "precision", "certain"),
    (fn("factorial", num(-1)), "undefined", "negative integer"),
    (bind("sum", k, k, 0, t), "undefined", "not an integer"),
    (bind("sum", k, k, 0, INFINITY), "unsupported", "infinity"),
    (bind("sum", k, k, 0, 10**9), "unsupported", "terms"),
    (bind("int", 1 / y, y, -1, 1), "precision", "converge"),
    (bind("int", sqrt(y), y, -1, 1), "undefined", "not positive"),
    (bind("int", fn("f", y), y, 0, 1), "unsupported", "rational"),
    (bind("lim", y, y, 0), "unsupported", "value"),
    (var(x), "unsupported", "Var"),
    (fn("w", x), "unsupported", "declared"),
    (fn("f", sqrt(num(2))), "unsupported", "rational"),
    (fn("p", x, u), "unsupported", "labels"),
    (u, "unsupported", "label"),
    (u + 1, "unsupported", "label"),
]


@pytest.mark.parametrize(("term", "trouble", "why"), NONE, ids=lambda side: repr(side)[:50])
def test_where_there_is_no_enclosure_the_reason_is_said(term: Term, trouble: str, why: str) -> None:
    with pytest.raises(NotEnclosed, match=why) as caught:
        enclose(term, POINT, CHART, 64)
    assert caught.value.trouble == trouble


def test_abstract_functions_are_functions_with_their_declared_range() -> None:
    one, two = (enclose(fn("f", argument), POINT, CHART) for argument in (x + t, x + num(1, 2)))
    assert one == two
    assert enclose(fn("g", x), POINT, CHART) > 0
    assert enclose(fn("f", x), POINT, CHART) != enclose(fn("f", t), POINT, CHART)
    other = Instance(POINT.values, POINT.labels, 3, 8)
    assert enclose(fn("f", x), POINT, CHART) != enclose(fn("f", x), other, CHART)


def test_the_precision_of_flint_is_put_back() -> None:
    import flint

    before = flint.ctx.prec
    with pytest.raises(NotEnclosed):
        enclose(1 / (x - x), POINT, CHART, 500)
    assert flint.ctx.prec == before


def test_conditions_on_abstract_functions_hold_in_the_model_that_is_handed_out() -> None:
    value = fn("h", u)
    chart = Chart(
        domains={"u": Domain("label")},
        functions={"h": Function(("v",))},
        conditions=(Condition("<", num(0), value),),
    )
    found = list(instances(chart, (value,), 5, 8))
    assert len(found) >= 4
    assert all(enclose(value, instance, chart) > 0 for instance in found)
    assert decide(fn("abs", value), value, chart).verdict is not False
