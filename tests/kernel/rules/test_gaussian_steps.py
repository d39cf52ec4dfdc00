"""One step of a Gaussian process: what is accepted, what is refused, and what counts as a number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.fact import Claim, Fact
from derive.kernel.rules.numbers import require_number
from derive.kernel.term import ONE, ZERO, Term, eq, exp, fn, given, normal, sym, var

M, Q, P, T = map(sym, ("m", "q", "p", "t"))
CHART = Chart(
    {"m": Domain(), "q": Domain(), "p": Domain("real", Bound(ZERO, True)), "t": Domain("integer")},
    {
        "A": Function(("i",)),
        "b": Function(("i",), None, "positive"),
        "c": Function(("i",), 1 + fn("b", sym("i"))),
        "d": Function(("i",), 1 + fn("A", sym("i"))),
    },
)
A, B, Z, OTHER, SEEN = fn("A", 1), fn("B", 1), fn("Z", 1), fn("A", 2), fn("s", 1)


def normally(variable: Term, mean: Term = M, variance: Term = P) -> Fact:
    return rules.given(Claim("∼", variable, normal(mean, variance), CHART))


def apart(one: Term = A, other: Term = B, chart: Chart = CHART) -> Fact:
    return rules.given(Claim("⊥", one, other, chart))


def total(right: Term, left: Term = Z) -> Fact:
    return rules.given(Claim("=", left, right, CHART))


def step(
    a: Term, b: Term, first: Fact | None = None, independent: Fact | None = None, whole: Fact | None = None
) -> Fact:
    whole = whole or total(a * A + b * B)
    return rules.linear_step(first or normally(A), normally(B, ZERO, ONE), independent or apart(), whole, a, b)


def back(a: Term, value: Term = SEEN, spread: Term = ONE, whole: Fact | None = None, first: Fact | None = None) -> Fact:
    whole = whole or total(a * A + B)
    noise = normally(B, ZERO, spread)
    return rules.condition_on_multiple(first or normally(A), noise, apart(B, A), whole, a, value)


ACCEPTED: list[tuple[Callable[[], Fact], str]] = [
    (lambda: step(Q, P), "Z(1) ∼ N(q*m + p*0, q^2*p + p^2*1)"),
    (lambda: step(fn("b", T), fn("c", 1)), "Z(1) ∼ N(b(t)*m + c(1)*0, b(t)^2*p + c(1)^2*1)"),
    (lambda: step(var(A), Q), "Z(1) ∼ N(Var(A(1))*m + q*0, Var(A(1))^2*p + q^2*1)"),
    (
        lambda: back(Q),
        "given(A(1), eq(Z(1), s(1))) ∼ "
        "N(m + q*p*(s(1) + (-1)*q*m + 0)*(q^2*p + 1)^(-1), p + (-1)*(q*p)^2*(q^2*p + 1)^(-1))",
    ),
]

REJECTED: dict[str, Callable[[], Fact]] = {
    "random scale": lambda: step(OTHER, Q),
    "random spread": lambda: step(Q, OTHER),
    "table at a random place": lambda: step(fn("b", OTHER), Q),
    "defined by something random": lambda: step(fn("d", 1), Q),
    "undeclared function": lambda: step(fn("e", 1), Q),
    "undefined scale": lambda: step(1 / M, Q),
    "not independent": lambda: step(Q, P, independent=apart(A, OTHER)),
    "independent elsewhere": lambda: step(Q, P, independent=apart(chart=CHART.extend(domains={"u": Domain()}))),
    "another sum": lambda: step(Q, P, whole=total(P * A + Q * B)),
    "no equation": lambda: step(Q, P, whole=apart(Z, Q * A + P * B)),
    "conditional": lambda: step(Q, P, first=normally(given(A, eq(OTHER, M)))),
    "another law": lambda: step(Q, P, first=rules.given(Claim("∼", A, Term("law", ("Laplace", ZERO, ONE)), CHART))),
    "back: random scale": lambda: back(OTHER),
    "back: spread of unknown sign": lambda: back(Q, spread=M),
    "back: no spread": lambda: back(Q, spread=ZERO, first=normally(A, M, ZERO)),
    "back: random value": lambda: back(Q, value=OTHER),
    "back: another sum": lambda: back(Q, whole=total(2 * Q * A + B)),
    "back: conditional": lambda: back(Q, first=normally(given(A, eq(OTHER, M)))),
}


@pytest.mark.parametrize(("make", "claim"), ACCEPTED, ids=[c for _, c in ACCEPTED])
def test_the_step_is_accepted(make: Callable[[], Fact], claim: str) -> None:
    assert str(make().claim) == claim


@pytest.mark.parametrize("name", REJECTED)
def test_the_broken_step_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(Refused) as caught:
        REJECTED[name]()
    assert str(caught.value).endswith((".", ")."))


def test_back_without_a_factor_is_conditioning_on_a_sum() -> None:
    law, noise = normally(A), normally(B, ZERO, ONE)
    plain = rules.condition_on_sum(law, noise, apart(), total(A + B), SEEN)
    multiple = rules.condition_on_multiple(law, noise, apart(), total(ONE * A + B), ONE, SEEN)
    assert rules.restate(multiple, right=plain.right).claim == plain.claim


@pytest.mark.parametrize("term", [A, exp(A), fn("b", A), M * OTHER, given(A, eq(B, M))])
def test_what_may_be_random_is_no_number(term: Term) -> None:
    with pytest.raises(Refused, match="not a number"):
        require_number(CHART, term)
