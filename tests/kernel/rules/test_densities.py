"""Laws by their densities: what must be known of a potential before anything is said of the variance."""

from __future__ import annotations

import pytest

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, ZERO, Term, eq, exp, fn, gibbs, given, num, sym
from tests.kernel.rules.cases import (
    Case,
    accepted,
    apart,
    compared,
    normally,
    refused,
    require_accepted,
    require_refused,
    same,
)

U, V, D, Z, W = map(sym, ("u", "v", "d", "z", "w"))
LINE_SYMBOLS = {
    "v": Domain("real", Bound(ZERO, True)),
    "d": Domain("real", Bound(ZERO), Bound(1 / V, True)),
    "z": Domain(),
}
CHART = Chart(LINE_SYMBOLS, {"F": Function(("s",)), "b": Function(("s",), None, "positive")})
LINE = CHART.extend(domains={"u": Domain()})
X, NOISE, SUM, OTHER = fn("X", 0), fn("Y", 0), fn("Z", 0), fn("X", 1)


def f(place: Term) -> Term:
    return fn("F", place)


def law(potential: Term | None = None, variable: Term = X, chart: Chart = CHART) -> Fact:
    return rules.given(Claim("∼", variable, gibbs(f(U) if potential is None else potential, U), chart))


def slope(of: Term, value: Term, by: Term = U, chart: Chart = LINE) -> Fact:
    return same(Term("diff", (of, by)), value, chart)


FIRST, SECOND = slope(f(U), U**3 + Z), slope(U**3 + Z, 3 * U**2)
BELOW = compared("≤", 1 / V - D, 3 * U**2, LINE)
ABOVE = compared("≤", 3 * U**2, 1 / V + D, LINE)
MODE = same(V**3 + Z, ZERO, CHART)


def seen(
    first: Fact | None = None,
    noise: Fact | None = None,
    independent: Fact | None = None,
    whole: Fact | None = None,
    value: Term = Z,
) -> Fact:
    return rules.density_given_sum(
        first or law(),
        noise or normally(NOISE, D, V, CHART),
        independent or apart(NOISE, X, CHART),
        whole or same(SUM, X + NOISE, CHART),
        value,
    )


def at_least(known: Fact | None = None, first: Fact = FIRST, second: Fact = SECOND, bound: Fact | None = None) -> Fact:
    return rules.curved_at_least(known or law(), first, second, bound or compared("≤", V, 3 * U**2, LINE))


def at_most(bound: Fact) -> Fact:
    return rules.curved_at_most(law(), FIRST, SECOND, bound)


def near(below: Fact = BELOW, above: Fact = ABOVE, mode: Fact = MODE, center: Term = V, spread: Term = V) -> Fact:
    return rules.nearly_normal(law(), FIRST, SECOND, below, above, mode, center, spread)


CASES = [
    Case(
        "density_given_sum",
        seen,
        "given(X(0), eq(Z(0), z)) ∼ Gibbs(fun(F(u) + (z + (-1)*d + (-1)*u)^2*(2*v)^(-1), u))",
        {
            "no density": lambda: seen(first=normally(X, ZERO, ONE, CHART)),
            "noise without a law": lambda: seen(noise=same(NOISE, D, CHART)),
            "noise without a density": lambda: seen(noise=normally(NOISE, ZERO, ZERO, CHART)),
            "noise of unknown sign": lambda: seen(noise=normally(NOISE, ZERO, Z, CHART)),
            "noise of random variance": lambda: seen(noise=normally(NOISE, ZERO, OTHER**2 + 1, CHART)),
            "not independent": lambda: seen(independent=apart(OTHER, NOISE, CHART)),
            "another sum": lambda: seen(whole=same(SUM, X + 2 * NOISE, CHART)),
            "a bound of the sum": lambda: seen(whole=compared("≤", SUM, X + NOISE, CHART)),
            "random value": lambda: seen(value=SUM),
            "undefined value": lambda: seen(value=1 / Z),
            "random potential": lambda: seen(first=law(f(U) + OTHER * U)),
            "potential by a mean": lambda: seen(first=law(f(U) + Term("E", (OTHER,)) * U)),
            "conditional noise": lambda: seen(noise=normally(given(NOISE, eq(OTHER, Z)), ZERO, V, CHART)),
        },
    ),
    Case(
        "curved_at_least",
        at_least,
        "Var(X(0)) ≤ v^(-1)",
        {
            "not shown to be positive": lambda: at_least(bound=compared("≤", Z, 3 * U**2, LINE)),
            "zero": lambda: at_least(bound=compared("≤", ZERO, 3 * U**2, LINE)),
            "from above": lambda: at_least(bound=compared("≤", 3 * U**2, V, LINE)),
            "an approximation": lambda: at_least(bound=rules.given(Claim("≈", V, 3 * U**2, LINE, bound=ONE))),
            "bound that moves": lambda: at_least(bound=compared("≤", exp(U), 3 * U**2, LINE)),
            "bound on something else": lambda: at_least(bound=compared("≤", V, 4 * U**2, LINE)),
            "bound on a part of the line": lambda: at_least(
                bound=compared("≤", V, 3 * U**2, CHART.extend(domains={"u": Domain("real", Bound(ONE))}))
            ),
            "slope on a part of the line": lambda: at_least(
                first=slope(f(U), U**3 + Z, chart=CHART.extend(domains={"u": Domain("real", Bound(ONE))}))
            ),
            "random bound": lambda: at_least(bound=compared("≤", OTHER**2 + 1, 3 * U**2, LINE)),
            "another potential": lambda: at_least(law(2 * f(U))),
            "slope of another potential": lambda: at_least(first=slope(2 * f(U), U**3 + Z)),
            "curvature of another slope": lambda: at_least(second=slope(U**3, 3 * U**2)),
            "slope by another symbol": lambda: at_least(first=slope(f(U), U**3 + Z, by=Z)),
            "slope that is a bound": lambda: at_least(first=compared("≤", Term("diff", (f(U), U)), U**3 + Z, LINE)),
            "no density": lambda: at_least(normally(X, ZERO, ONE, CHART)),
            "law on another chart": lambda: at_least(law(chart=CHART.extend(domains={"w": Domain()}))),
            "law for one u": lambda: at_least(law(chart=LINE)),
            "supposed for one u": lambda: at_least(bound=rules.suppose(Claim("≤", V, 3 * U**2, LINE))),
        },
    ),
    Case(
        "curved_at_most",
        lambda: at_most(compared("<", 3 * U**2, V, LINE)),
        "v^(-1) ≤ Var(X(0))",
        {
            "from below": lambda: at_most(compared("≤", V, 3 * U**2, LINE)),
            "of unknown sign": lambda: at_most(compared("≤", 3 * U**2, Z, LINE)),
            "bound that moves": lambda: at_most(compared("≤", 3 * U**2, exp(U), LINE)),
            "bound on a part of the line": lambda: at_most(
                compared("≤", 3 * U**2, V, CHART.extend(domains={"u": Domain("real", Bound(ONE))}))
            ),
        },
    ),
    Case(
        "nearly_normal",
        near,
        "KL(X(0), N(v, v)) ≤ "
        "((v^(-1) + (-1)*(v^(-1) + (-1)*d))*v)^2*"
        "(2*(1 + (-1)*(v^(-1) + (-1)*(v^(-1) + (-1)*d))*v))^(-1)",
        {
            "another spread": lambda: near(spread=2 * V),
            "spread of unknown sign": lambda: near(spread=Z),
            "lopsided": lambda: near(above=compared("≤", 3 * U**2, 1 / V + 2 * D, LINE)),
            "turned round": lambda: near(below=ABOVE, above=BELOW),
            "negative deviation": lambda: near(
                below=compared("≤", 1 / V + D, 3 * U**2, LINE), above=compared("≤", 3 * U**2, 1 / V - D, LINE)
            ),
            "deviation too large": lambda: near(
                below=compared("≤", 1 / V - 2 * D, 3 * U**2, LINE), above=compared("≤", 3 * U**2, 1 / V + 2 * D, LINE)
            ),
            "no mode": lambda: near(mode=same(Z, ZERO, CHART)),
            "mode elsewhere": lambda: near(center=D),
            "slope that does not vanish": lambda: near(mode=same(V**3 + Z, ONE, CHART)),
            "slope at most 0": lambda: near(mode=compared("≤", V**3 + Z, ZERO, CHART)),
            "random center": lambda: near(mode=same(OTHER**3 + Z, ZERO, CHART), center=OTHER),
            "mode on another chart": lambda: near(mode=same(V**3 + Z, ZERO, LINE)),
        },
    ),
]


@accepted(CASES)
def test_the_example_is_accepted(case: Case) -> None:
    require_accepted(case)


@refused(CASES)
def test_a_broken_step_is_refused_with_a_sentence(case: Case, name: str) -> None:
    require_refused(case, name)


def test_the_new_variable_does_not_capture_the_observed_value() -> None:
    chart = CHART.extend(domains={"u": Domain()})
    law_there = rules.given(Claim("∼", X, gibbs(f(U), U), chart))
    noise = normally(NOISE, ZERO, V, chart)
    fact = rules.density_given_sum(law_there, noise, apart(X, NOISE, chart), same(SUM, X + NOISE, chart), U)
    body, variable = fact.right.children[0].children
    assert variable != U
    assert body == f(variable) + (U - variable) ** 2 / (2 * V)


def test_a_function_is_not_told_by_its_value_at_one_point() -> None:
    """u ↦ u and u ↦ 3 stay apart, although the chart has a u that is always 3."""
    chart = Chart({"u": Domain("real", Bound(num(3)), Bound(num(3)))})
    one = rules.given(Claim("∼", X, gibbs(U, U), chart))
    with pytest.raises(Refused):
        rules.restate(one, right=gibbs(num(3), U))
