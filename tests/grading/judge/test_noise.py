"""Laws of sums of independent variables: known where independence is declared, and nowhere else."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.kernel.evaluate import Instance, enclose
from derive.kernel.term import ONE, ZERO, add, bind, fn, mul, normal, num, sym
from derive.theory import theory
from grading import load_assignment
from grading.judge.context import open_context

D = theory("diffusion")
SIGMA, T, STEP, K = D["sigma", "T", "dt", "k"]
X, EPS = D.family("X"), D.family("epsilon")
[SPEC] = load_assignment("hw13").select(part="1a")
KNOWN = open_context(SPEC, []).problem
INDEX = sym("i")


def series(body, low, high):
    return bind("sum", body, INDEX, low, high)


@settings(max_examples=60, deadline=None)
@given(
    scale=st.fractions(-3, 3, max_denominator=4).filter(bool),
    weight=st.fractions(-3, 3, max_denominator=4).filter(bool),
    steps=st.integers(1, 9),
    sigma=st.fractions(Fraction(1, 5), 4, max_denominator=5),
)
def test_variances_of_start_and_noises_add(scale, weight, steps, sigma):
    side = add(mul(num(scale), X(0)), mul(num(weight), series(EPS(INDEX), 1, T)))
    law = KNOWN.law_of(side)
    assert law is not None
    point = Instance({r"\sigma": sigma, "T": Fraction(steps)})
    mean, variance = (enclose(p, point, D.chart) for p in law.children)
    expected = scale**2 * sigma**2 + weight**2 * steps * Fraction(1, steps)
    assert mean == 0
    assert (variance - enclose(num(expected), point, D.chart)).contains(0)


KNOWN_LAWS = {
    "start and one noise": (X(0) + EPS(0), SIGMA**2 + STEP),
    "two different noises": (EPS(0) + EPS(1), 2 * STEP),
    "the same noise twice": (EPS(0) + EPS(0) * 2, 9 * STEP),
    "a weighted series": (series(INDEX * EPS(INDEX), 1, 2), 5 * STEP),
}


@pytest.mark.parametrize("name", KNOWN_LAWS)
def test_known_laws(name):
    side, variance = KNOWN_LAWS[name]
    law = KNOWN.law_of(side)
    assert law is not None
    point = Instance({r"\sigma": Fraction(2, 3), "T": Fraction(5)})
    assert (enclose(law.children[1] - variance, point, D.chart)).contains(0)


UNKNOWN = {
    "a later state and a noise that is in it": X(1) + EPS(0),
    "two noises that may be the same": EPS(0) + EPS(K),
    "one noise, added up": series(EPS(3), 1, T),
    "a noise and a series that may hold it": EPS(1) + series(EPS(INDEX), 1, T),
    "two series": series(EPS(INDEX), 1, T) + series(EPS(INDEX), 1, T),
    "two starts": X(0) + D.family("X_hat")(0),
    "a product of two noises": EPS(0) * EPS(1),
    "a square": EPS(0) ** 2,
    "a function": fn("exp", EPS(0)),
    "a state outside the process": X(2),
    "a state before the start": X(-1),
    "a state that may lie outside": X(D["t"] + 1),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_no_law_where_independence_is_not_declared(name):
    assert KNOWN.law_of(UNKNOWN[name]) is None


def test_an_affine_function_of_one_variable_keeps_its_law():
    law = KNOWN.law_of(2 * X(1) + 3)
    point = Instance({r"\sigma": Fraction(2, 3), "T": Fraction(5)})
    assert law is not None
    assert [str(enclose(p, point, D.chart).mid().str(6, radius=False)) for p in law.children] == ["3.00000", "5.77778"]


def test_a_premise_is_replaced_and_not_added_to():
    changed = KNOWN.assume(X(1), normal(ZERO, ONE), "a test")
    assert changed.law_of(X(1)) == normal(ZERO, ONE)
