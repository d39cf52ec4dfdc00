"""Equations that need a sum, product or integral closed, their near misses, and an independent witness."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import pytest

from derive.kernel.fact import replay
from derive.kernel.term import E_NUMBER, ONE, Term, bind, exp, fn, log, num, sym
from derive.search.prove import closed, prove_equal
from derive.theory import theory

D = theory("diffusion")
S, T, DT, TIME, K = D["sigma", "T", "dt", "t", "k"]
S2, U = S**2, sym("u")
HAT = fn(r"\hat X", 1)


def product(body: Term, first: object, last: object) -> Term:
    return bind("prod", body, K, first, last)  # type: ignore[arg-type]


def total(body: Term, first: object, last: object) -> Term:
    return bind("sum", body, K, first, last)  # type: ignore[arg-type]


def integral(body: Term, last: object = 1) -> Term:
    return bind("int", body, U, 0, last)  # type: ignore[arg-type]


TRUE = {
    "from 1 down": (product((S2 + 1 - (K + 1) * DT) / (S2 + 1 - K * DT), 0, T - 1), S2 / (S2 + 1)),
    "from T down": (product((S2 + (K - 1) * DT) / (S2 + K * DT), 1, T), S2 / (S2 + 1)),
    "up": (product((S2 + K * DT) / (S2 + (K - 1) * DT), 1, T), (S2 + 1) / S2),
    "squares": (product(((S2 + (K - 1) * DT) / (S2 + K * DT)) ** 2, 1, T), (S2 / (S2 + 1)) ** 2),
    "square outside": (product((S2 + (K - 1) * DT) / (S2 + K * DT), 1, T) ** 2, (S2 / (S2 + 1)) ** 2),
    "written as 1 minus": (product(1 - DT / (S2 + K * DT), 1, T), S2 / (S2 + 1)),
    "written as 1 minus, from 1 down": (product(1 - DT / (S2 + 1 - K * DT), 0, T - 1), S2 / (S2 + 1)),
    "two steps at once": (
        product((S2 + K * DT) / (S2 + (K + 2) * DT), 0, T - 1),
        S2 * (S2 + DT) / ((S2 + 1) * (S2 + 1 + DT)),
    ),
    "with a constant": (product(S2 * (K + 1) / (K + 2), 0, T - 1), S2**T / (T + 1)),
    "part of the way": (product((S2 + (K - 1) * DT) / (S2 + K * DT), 2, T), (S2 + DT) / (S2 + 1)),
    "with a random variable": (product((S2 + (K - 1) * DT) / (S2 + K * DT), 1, T) * HAT, S2 / (S2 + 1) * HAT),
    "rational integrand": (integral((S2 / (S2 + U)) ** 2), S2 / (S2 + 1)),
    "constant pulled out": (S2**2 * integral(1 / (S2 + U) ** 2), S2 - S2**2 / (S2 + 1)),
    "logarithm": (integral(1 / (2 * (S2 + U))), log((S2 + 1) / S2) / 2),
    "to a time": (integral(1 / (S2 + U), TIME), log(1 + TIME / S2)),
    "polynomial": (integral(U**2 + S * U), num(1, 3) + S / 2),
    "exponential": (integral(exp(-2 * U)), (1 - exp(num(-2))) / 2),
    "by parts": (integral(U * exp(-U)), 1 - 2 / E_NUMBER),
    "fractions": (integral(1 / ((1 + U) * (2 + U))), log(num(4, 3))),
    "integers": (total(K, 1, T), T * (T + 1) / 2),
    "squares of integers": (total(K**2, 1, T), T * (T + 1) * (2 * T + 1) / 6),
    "Gosper": (total(1 / (K * (K + 1)), 1, T), T / (T + 1)),
    "geometric": (total(num(1, 2) ** K, 0, T - 1), 2 - 2 * num(1, 2) ** T),
    "as many as steps": (total(DT, 1, T), ONE),
    "bracket": (bind("at", -1 / (S2 + U), U, 1) - bind("at", -1 / (S2 + U), U, 0), 1 / S2 - 1 / (S2 + 1)),
}

FALSE = {
    "one factor more": (product((S2 + (K - 1) * DT) / (S2 + K * DT), 0, T), S2 / (S2 + 1)),
    "not squared": (product(((S2 + (K - 1) * DT) / (S2 + K * DT)) ** 2, 1, T), S2 / (S2 + 1)),
    "one step short": (product((S2 + (K - 1) * DT) / (S2 + K * DT), 1, T - 1), S2 / (S2 + 1)),
    "σ^4 for σ^2": (product(1 - DT / (S2 + K * DT), 1, T), S2**2 / (S2 + 1)),
    "integral as σ²": (integral((S2 / (S2 + U)) ** 2), S2),
    "sign of the logarithm": (integral(1 / (S2 + U)), log(S2 / (S2 + 1))),
    "one less": (total(K, 1, T), T * (T - 1) / 2),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_true_equation_is_proved(name: str, value: Callable[..., mpmath.mpf]) -> None:
    left, right = TRUE[name]
    outcome = prove_equal(left, right, D.chart)
    assert outcome.verdict is True
    assert outcome.fact is not None
    assert (outcome.fact.claim.kind, outcome.fact.left, outcome.fact.right) == ("=", left, right)
    replay(outcome.fact)


@pytest.mark.parametrize("name", [n for n in TRUE if n != "with a random variable"])
@pytest.mark.parametrize("point", [{"\\sigma": "0.3", "T": 5, "t": "0.4"}, {"\\sigma": "1.7", "T": 11, "t": "0.9"}])
def test_mpmath_agrees(name: str, point: dict[str, object], value: Callable[..., mpmath.mpf]) -> None:
    left, right = (value(D.chart.expand(side), point) for side in TRUE[name])
    assert mpmath.almosteq(left, right, rel_eps=1e-10)


@pytest.mark.parametrize("name", FALSE)
def test_a_near_miss_is_refuted_with_a_point(name: str, value: Callable[..., mpmath.mpf]) -> None:
    left, right = FALSE[name]
    outcome = prove_equal(left, right, D.chart)
    assert outcome.verdict is False
    assert outcome.fact is None
    assert outcome.witness is not None
    point = {n: mpmath.mpf(v.split("/")[0]) / int((v + "/1").split("/")[1]) for n, v in outcome.witness.point.items()}
    sides = [value(D.chart.expand(side), point) for side in (left, right)]
    assert abs(sides[0] - sides[1]) > 1e-6 * abs(sides[0])


def test_without_sympy_what_needs_it_is_undecided() -> None:
    left, right = TRUE["by parts"]
    assert prove_equal(left, right, D.chart, sympy=False).verdict is None
    left, right = TRUE["from T down"]
    assert prove_equal(left, right, D.chart, sympy=False).verdict is True


def test_what_cannot_be_closed_is_undecided() -> None:
    outcome = prove_equal(total(1 / K, 1, T), log(T) + sym(r"\sigma") - S, D.chart)
    assert outcome.verdict is not True


def test_a_product_that_does_not_telescope_is_left_as_it_is() -> None:
    strange = product(1 + K**2, 1, T)
    fact = closed(strange, D.chart)
    assert fact is not None
    assert fact.right == strange


def test_a_pole_in_the_interval_is_no_integral() -> None:
    assert closed(integral(1 / (U - num(1, 2)) ** 2), D.chart) is None
    assert prove_equal(integral(1 / (U - num(1, 2)) ** 2), num(-4), D.chart).verdict is not True
