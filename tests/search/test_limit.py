"""Limits of the subject, with an independent witness at many steps, and what has no limit."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import pytest

from derive.kernel.fact import Limit, replay
from derive.kernel.term import INFINITY, ONE, ZERO, Term, bind, exp, fn, log, num, sqrt, sym, var
from derive.search.limit import limit, spelled_out
from derive.search.prove import prove_equal
from derive.theory import theory

D = theory("diffusion")
S, T, DT, TIME, K = D["sigma", "T", "dt", "t", "k"]
S2 = S**2


def f(x: Term) -> Term:
    return (S2 / (S2 + x)) ** 2


def total(body: Term, first: object, last: object) -> Term:
    return bind("sum", body, K, first, last)  # type: ignore[arg-type]


def product(body: Term, first: object, last: object) -> Term:
    return bind("prod", body, K, first, last)  # type: ignore[arg-type]


DAMPED = 1 - DT / (2 * (S2 + K * DT))
FOUND = {
    "left sum": (DT * total(f(K * DT), 0, T - 1), S2 / (S2 + 1)),
    "right sum": (DT * total(f(K * DT), 1, T), S2 / (S2 + 1)),
    "backwards": (DT * total(f(1 - K * DT), 0, T - 1), S2 / (S2 + 1)),
    "step inside": (total(DT * f(K * DT), 0, T - 1), S2 / (S2 + 1)),
    "written with T": (total(f(K / T) / T, 0, T - 1), S2 / (S2 + 1)),
    "divided by T": (total(f(K / T), 0, T - 1) / T, S2 / (S2 + 1)),
    "constant outside": (S2**2 * DT * total(1 / (S2 + K * DT) ** 2, 0, T - 1), S2 / (S2 + 1)),
    "with more": ((S2 / (S2 + 1)) ** 2 + DT * total(f(K * DT), 0, T - 1), S2 - S2**3 / (1 + S2) ** 2),
    "exactly the variance": (
        (S2 / (S2 + 1)) ** 2 * (1 + S2) + DT * total(f(K * DT), 0, T - 1),
        S2,
    ),
    "one term more": (DT * total(f(K * DT), 0, T), S2 / (S2 + 1)),
    "twice as far": (DT * total(f(K * DT), 0, 2 * T), 2 * S2 / (S2 + 2)),
    "logarithms": (total(log(DAMPED), 1, T), log(S2 / (S2 + 1)) / 2),
    "product": (product(DAMPED, 1, T), sqrt(S2 / (S2 + 1))),
    "product squared": (product(DAMPED, 1, T) ** 2, S2 / (S2 + 1)),
    "small terms": (total(DT**2 * f(K * DT), 0, T - 1), ZERO),
    "continuity": (S2 / (S2 + DT), ONE),
    "continuity in T": ((T + 1) / T, ONE),
    "step": (DT * (1 - DT / (S2 + 1)), ZERO),
    "exponential": (exp(-DT * S2), ONE),
    "constant": (S2, S2),
    "two sums": (DT * total(f(K * DT), 0, T - 1) - DT * total(f(K * DT), 1, T), ZERO),
    "sum in a logarithm": (log(1 + DT * total(f(K * DT), 0, T - 1)), log(1 + S2 / (S2 + 1))),
}


@pytest.mark.parametrize("name", FOUND)
def test_the_limit_is_found_and_has_the_value(name: str) -> None:
    left, right = FOUND[name]
    fact = limit(left, DT.name, ZERO, D.chart)
    assert fact is not None
    assert fact.claim.kind == "→"
    assert fact.left == left
    assert fact.claim.limit == Limit("T", INFINITY)
    assert fact.supposed == ()
    replay(fact)
    assert prove_equal(fact.right, right, D.chart).verdict is True


@pytest.mark.parametrize("name", FOUND)
def test_many_steps_come_near_it(name: str, value: Callable[..., mpmath.mpf]) -> None:
    left, right = FOUND[name]
    for sigma in ("0.4", "1.3"):
        errors = [
            abs(value(D.chart.expand(left), {S.name: sigma, "T": n}) - value(right, {S.name: sigma})) for n in (50, 400)
        ]
        assert errors[1] < 0.02
        assert errors[1] <= errors[0] / 4 + mpmath.mpf(10) ** -12


def test_in_t_and_in_the_step_it_is_the_same_limit() -> None:
    one, other = (limit(FOUND["left sum"][0], *to, D.chart) for to in ((DT.name, ZERO), ("T", INFINITY)))
    assert one is not None
    assert other is not None
    assert one.claim == other.claim


def test_a_real_symbol_at_a_finite_point() -> None:
    fact = limit(S2 / (S2 + 1) + exp(S), S.name, ZERO, D.chart)
    assert fact is not None
    assert prove_equal(fact.right, ONE, D.chart).verdict is True


NOT_FOUND = {
    "grows": (total(f(K * DT), 0, T - 1), DT.name, ZERO),
    "grows by its shape": (T, "T", INFINITY),
    "pole at the start": (DT * total(1 / (K * DT), 1, T), DT.name, ZERO),
    "root at the end": (sqrt(DT), DT.name, ZERO),
    "to something else": (S2 + DT, DT.name, ONE),
    "a variance": (var(fn(r"\hat X", 0)), DT.name, ZERO),
    "a time whose range moves": (TIME * DT, DT.name, ZERO),
    "an unknown symbol": (S2, "z", ZERO),
    "a factor that does not tend to 1": (product(num(1, 2) + DT, 1, T), DT.name, ZERO),
}


@pytest.mark.parametrize("name", NOT_FOUND)
def test_what_has_no_limit_by_these_means_is_left_open(name: str) -> None:
    assert limit(*NOT_FOUND[name], D.chart) is None


WRONG = {
    "σ² for the limit": (FOUND["with more"][0], S2),
    "the product as a difference": (FOUND["product"][0], S2 / (S2 + 1)),
    "the sum of squares unsquared": (FOUND["left sum"][0], log((S2 + 1) / S2) * S2),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_limit_is_refuted(name: str) -> None:
    left, wrong = WRONG[name]
    fact = limit(left, DT.name, ZERO, D.chart)
    assert fact is not None
    assert prove_equal(fact.right, wrong, D.chart).verdict is False


@pytest.mark.parametrize("letter", ["t", "u"])
def test_bound_names_do_not_clash(letter: str) -> None:
    inner = sym(letter)
    fact = limit(DT * total(bind("sum", inner, inner, 1, 2) * K * DT, 1, T), DT.name, ZERO, D.chart)
    assert fact is not None
    assert prove_equal(fact.right, num(3, 2), D.chart).verdict is True


def test_a_limit_as_a_term_is_read_as_it_is_meant() -> None:
    left = bind("lim", (S2 / (S2 + 1)) ** 2 + DT * total(f(K * DT), 0, T - 1), DT, 0)
    u = sym("u")
    with_integral = (S2 / (S2 + 1)) ** 2 + bind("int", f(u), u, 0, 1)
    for right in (with_integral, S2 - S2**3 / (1 + S2) ** 2):
        outcome = prove_equal(left, right, D.chart)
        assert outcome.verdict is True
        assert outcome.fact is not None
        assert outcome.fact.left == spelled_out(left, D.chart)
    assert prove_equal(left, S2, D.chart).verdict is False


def test_several_limits_in_one_term() -> None:
    one = bind("lim", S2 / (S2 + DT), DT, 0)
    other = bind("lim", DT * total(f(K * DT), 1, T), T, INFINITY)
    assert prove_equal(one + other**2 * one, 1 + (S2 / (S2 + 1)) ** 2, D.chart).verdict is True
    assert prove_equal(exp(bind("lim", T, T, INFINITY)), ONE, D.chart).verdict is not True
