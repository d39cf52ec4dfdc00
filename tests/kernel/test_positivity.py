"""Signs that are proved, and near misses that must not be."""

from __future__ import annotations

import pytest

from derive.kernel.chart import Bound, Chart, Condition, Domain, Function
from derive.kernel.positivity import nonnegative, positive
from derive.kernel.term import Term, bind, exp, fn, log, logistic, num, power, sqrt, sym, term

x, y, a, b, c, t, T, k = map(sym, ["x", "y", "a", "b", "c", "t", "T", "k"])
sigma, dt = sym(r"\sigma"), sym(r"\Delta t")
s2 = sigma**2
CHART = Chart(
    domains={
        r"\sigma": Domain("real", Bound(num(0), True)),
        "T": Domain("integer", Bound(num(3))),
        "t": Domain("real", Bound(dt), Bound(num(1))),
        "k": Domain("integer", Bound(num(0)), Bound(T)),
        "x": Domain(),
        "y": Domain(),
        "a": Domain("real", Bound(num(0))),
        "b": Domain("real", Bound(num(0), True), Bound(num(1), True)),
        "c": Domain("real", None, Bound(num(-2))),
    },
    functions={
        "f": Function(("i",)),
        "g": Function(("i",), None, "positive"),
        "p": Function(("y",), None, "probability"),
    },
    definitions={r"\Delta t": 1 / T},
)
POSITIVE: list[Term] = [
    s2 + t - dt,
    1 - dt / (s2 + t),
    (s2 + t - dt) * dt / (s2 + t),
    1 - dt,
    s2 + (T - k) * dt,
    T - 2,
    1 - dt / (2 * (s2 + k * dt + dt)),
    x**2 + 1,
    x**2 - 2 * x * y + y**2 + 1,
    1 - b,
    b - b**2,
    1 - b + b**2,
    -c - 1,
    c**2 - 3,
    exp(x),
    logistic(x),
    1 - logistic(x),
    log(1 + s2),
    sqrt(a + 1),
    fn("g", k) + a,
    fn("p", x),
    power(b, x),
    power(1 + a, T),
    power(x**2 + b, T),
    bind("prod", power(1 + a, k), k, 0, T),
    bind("sum", fn("g", k), k, 0, T),
    bind("prod", fn("g", k), k, 1, T),
    bind("int", exp(x), x, 0, 1),
    bind("sumset", fn("p", y) * exp(x), y, sym("Y")),
    fn("abs", x) + b,
    fn("factorial", T),
    3 * x**2 + 2 * x * y + y**2 + a + b,
]
NONNEGATIVE: list[Term] = [
    t - dt,
    a,
    a * b,
    x**2,
    (x - y) ** 2,
    x**2 - 2 * x * y + y**2,
    T - k,
    1 - t,
    fn("abs", x),
    sqrt(a),
    power(a, T),
    power(a + x**2, T),
    power(x**2, T - 1),
    power(sqrt(a), T),
    bind("prod", a, k, 1, T),
    bind("prod", power(a, k + 1), k, 0, T),
    bind("sum", fn("g", k), k, 1, k),
    x - x,
]
NEITHER: list[Term] = [
    term(x),
    s2 - t,
    s2 + t - 2 * dt,
    1 - dt / (s2 + t - dt) - 1,
    T - 4,
    k - 1,
    1 - 2 * b,
    c + 3,
    log(s2),
    fn("f", k),
    x**3,
    x**2 - 1,
    x**2 + 3 * x * y + y**2 + 1,
    bind("sum", fn("f", k), k, 0, T),
    bind("int", exp(x), x, 1, 0),
    logistic(x) - num(1, 2),
]


@pytest.mark.parametrize("value", POSITIVE, ids=repr)
def test_positive(value: Term) -> None:
    assert positive(value, CHART)
    assert nonnegative(value, CHART)
    assert not nonnegative(-value, CHART)


@pytest.mark.parametrize("value", NONNEGATIVE, ids=repr)
def test_nonnegative_but_not_positive(value: Term) -> None:
    assert nonnegative(value, CHART)
    assert not positive(value, CHART)


@pytest.mark.parametrize("value", NEITHER, ids=repr)
def test_neither(value: Term) -> None:
    assert not nonnegative(value, CHART)
    assert not positive(value, CHART)


def test_conditions_are_used() -> None:
    chart = CHART.extend(conditions=(Condition("<", y, x), Condition("<=", num(0), y)))
    assert positive(x - y, chart)
    assert positive(x - y + 1, chart)
    assert nonnegative(y, chart)
    assert not positive(y, chart)
    assert not nonnegative(y - x, chart)


def test_an_equation_is_used() -> None:
    chart = CHART.extend(conditions=(Condition("=", x, 1 + s2),))
    assert positive(x - 1, chart)
    assert not nonnegative(x - 2, chart)


def test_what_is_undefined_or_circular_has_no_sign() -> None:
    assert not nonnegative(1 / (x - x), CHART)
    circle = Chart(definitions={"x": y + 1, "y": x - 1})
    assert not nonnegative(x, circle)
