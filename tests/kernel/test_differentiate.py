"""Substitution under binders, and derivatives against difference quotients."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpq

from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.differentiate import NotDifferentiable, derivative
from derive.kernel.equality import decide
from derive.kernel.evaluate import Instance, enclose, precision
from derive.kernel.term import Term, bind, div, exp, fn, free_symbols, log, logistic, num, power, sqrt, substitute, sym

x, y, z, k, u = map(sym, "xyzku")
POSITIVE = Domain("real", Bound(num(0), True))
CHART = Chart(
    domains={"x": POSITIVE, "y": POSITIVE},
    functions={"f": Function(("a", "b")), "g": Function(("a",), x * sym("a"))},
)


def test_a_drawn_symbol_is_bound_in_its_expectation() -> None:
    mean = Term("E", (x * y, Term("draw", (x, fn("p", x, y)))))
    assert free_symbols(mean) == {"y"}
    assert substitute(mean, {"x": num(3)}) == mean
    moved = substitute(mean, {"y": x})
    assert free_symbols(moved) == {"x"}
    assert moved.children[1].children[0] != x


def test_substituting_for_the_symbol_of_a_derivative_takes_the_derivative_there() -> None:
    slope = Term("diff", (x**2, x))
    assert decide(substitute(slope, {"x": num(3)}), num(6), CHART).verdict is True
    assert decide(substitute(slope, {"x": x + 1}), 2 * x + 2, CHART).verdict is True
    assert decide(substitute(Term("diff", (x * y, x)), {"y": x}), x, CHART).verdict is True


def test_expanding_a_definition_under_a_binder_captures_nothing() -> None:
    total = bind("sum", fn("g", x), x, 1, 3)  # g(a) = x a with the x outside
    assert decide(total, 6 * x, CHART).verdict is True
    assert decide(total, num(14), CHART).verdict is False


CASES = [
    x**5,
    power(x, y),
    power(y, x),
    power(x, x),
    log(x**2 + 1),
    exp(-(x**2) / y),
    logistic(x * y),
    div(x, x + y),
    sqrt(x + y) * x,
    bind("sum", power(x, k) / (k + 1), k, 0, 4),
    bind("prod", x + k * y, k, 1, 4),
    bind("int", exp(-x * u), u, 0, x),
    bind("at", log(z) * x, z, x**2),
    fn("arctan", x),
    fn("tanh", x * y),
    fn("erf", x),
    fn("abs", x - 5),
    fn("max", x, y),
    fn("tan", x / 4),
    Term("diff", (x**3 * y, x)),
]


@pytest.mark.parametrize("term", CASES, ids=repr)
def test_a_derivative_lies_between_difference_quotients(term: Term) -> None:
    point = {"x": Fraction(3, 4), "y": Fraction(5, 3)}
    step = Fraction(1, 2**60)
    ahead, behind = ({**point, "x": point["x"] + d} for d in (step, -step))
    with precision(300):
        quotient = (enclose(term, Instance(ahead), CHART, 300) - enclose(term, Instance(behind), CHART, 300)) * 2**59
        slope = enclose(derivative(term, x, CHART), Instance(point), CHART, 300)
        assert abs(quotient - slope) < fmpq(1, 2**100)


def test_an_abstract_function_keeps_its_partial_derivatives() -> None:
    slope = derivative(fn("f", x**2, y), x, CHART)
    other = derivative(fn("f", x**2, y) + 7, x, CHART)
    assert decide(slope, other, CHART).verdict is True
    assert decide(slope, 3 * other, CHART).verdict is None
    assert derivative(fn("f", y, y), x, CHART) == num(0)


def test_what_may_depend_on_the_symbol_in_a_hidden_way_is_not_taken_for_constant() -> None:
    policy = fn(r"\pi_\theta", y)
    slope = derivative(log(policy), sym(r"\theta"), Chart(domains={"y": POSITIVE}))
    assert slope != num(0)
    assert any(node.op == "diff" for node in slope.children)


def test_the_derivative_by_one_value_of_a_function() -> None:
    chart = Chart(
        functions={"p": Function(("a",), None, "positive")}, domains={"a": Domain("label"), "b": Domain("label")}
    )
    pa, pb = fn("p", sym("a")), fn("p", sym("b"))
    assert decide(derivative(pa * log(pa), pa, chart), log(pa) + 1, chart).verdict is True
    with pytest.raises(NotDifferentiable):
        derivative(pa * pb, pa, chart)  # b may be a
    with pytest.raises(NotDifferentiable):
        derivative(bind("sumset", fn("p", y), y, sym("S")), pa, chart)


def test_values_at_numbers_are_told_apart_however_the_numbers_are_written() -> None:
    chart = Chart(functions={"p": Function(("a",), None, "real")})
    p1, p3, written = fn("p", num(1)), fn("p", num(3)), fn("p", num(3) + 1 + -1)
    assert derivative(p1 * written, p1, chart) == p3
    reversed_sum = bind("sum", k * fn("p", num(4) - k), k, 1, 3)
    assert decide(derivative(reversed_sum, p1, chart), num(3), chart).verdict is True
    assert decide(derivative(reversed_sum, p3, chart), num(1), chart).verdict is True
    assert decide(derivative(reversed_sum, written, chart), num(3), chart).verdict is False


def test_what_has_no_rule_is_refused() -> None:
    for term in (
        bind("lim", x * y, y, 0),
        Term("E", (x * y, Term("draw", (y, fn("p", y))))),
        bind("sum", k, k, 0, x),
        bind("int", fn("sign", x - u), u, 0, 1),
    ):
        with pytest.raises(NotDifferentiable):
            derivative(term, x, CHART)
