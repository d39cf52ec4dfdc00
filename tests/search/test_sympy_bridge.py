"""Terms go to SymPy and come back equal; what has no counterpart is named."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.kernel.chart import Chart
from derive.kernel.equality import decide
from derive.kernel.term import E_NUMBER, PI, Term, bind, exp, fn, law, log, logistic, num, sym
from derive.search.sympy_bridge import NoCounterpart, antiderivative, from_sympy, telescoping_difference, to_sympy

X, Y, K = sym("x"), sym(r"\Delta t"), sym("k")
CHART = Chart(closed=False)

leaves = st.sampled_from([X, Y, num(2), num(-1, 3), num(5)])
terms = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: p[0] + p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] * p[1]),
        st.tuples(inner, st.integers(1, 3)).map(lambda p: p[0] ** p[1]),
        inner.map(exp),
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(terms)
def test_there_and_back_is_equal(term: Term) -> None:
    assert decide(from_sympy(to_sympy(term)), term, CHART).verdict is not False


@pytest.mark.parametrize(
    "term",
    [
        bind("sum", K**2, K, 1, X),
        bind("prod", K, K, 1, X),
        bind("int", exp(X * Y), X, 0, 1),
        log(X) + PI * E_NUMBER,
        fn("r", X, Y),
    ],
)
def test_binders_constants_and_functions_survive(term: Term) -> None:
    again = from_sympy(to_sympy(term))
    assert sympy.simplify(to_sympy(again) - to_sympy(term)) == 0


def test_the_logistic_function_is_spelled_out() -> None:
    assert to_sympy(logistic(X)) == 1 / (1 + sympy.exp(-sympy.Symbol("x", real=True)))


@pytest.mark.parametrize("term", [law("N", X, Y), Term("given", (X, Y)), bind("lim", X, X, 0)])
def test_a_term_without_counterpart_is_named(term: Term) -> None:
    with pytest.raises(NoCounterpart):
        to_sympy(term)


@pytest.mark.parametrize("expression", [sympy.Float(0.5), sympy.I, sympy.Symbol("x") > 0, sympy.zoo])
def test_an_expression_without_counterpart_is_named(expression: object) -> None:
    with pytest.raises(NoCounterpart):
        from_sympy(expression)


def test_certificates_are_found() -> None:
    assert antiderivative(1 / (1 + X) ** 2, X) is not None
    assert telescoping_difference(K**2, K) is not None
    assert telescoping_difference(1 / K, K) is None
    assert antiderivative(fn("f", X), X) is None
