"""Squared loss: what is accepted, what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Chart, Domain
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, Term, TermLike, eq, exp, fn, given, normal, sym, term

C, M, V = map(sym, ("c", "m", "v"))
CHART = Chart({name: Domain() for name in ("c", "m", "v")})
A, B, SEEN = fn("A", 1), fn("B", 1), fn("b", 1)


def normally(variable: Term) -> Fact:
    return rules.given(Claim("∼", variable, normal(M, V), CHART))


def loss(variable: Term, guess: TermLike) -> Fact:
    return rules.squared_loss(normally(variable), guess)


ACCEPTED: list[tuple[Callable[[], Fact], str]] = [
    (lambda: loss(A, C), "E((A(1) + (-1)*c)^2) = v + (m + (-1)*c)^2"),
    (lambda: loss(2 * A + B, 3), "E((2*A(1) + B(1) + (-3))^2) = v + (m + (-3))^2"),
    (
        lambda: loss(given(A, eq(B, SEEN)), C * SEEN),
        "E(given((A(1) + (-1)*c*b(1))^2, eq(B(1), b(1)))) = v + (m + (-1)*c*b(1))^2",
    ),
]

REJECTED: dict[str, Callable[[], Fact]] = {
    "a random guess": lambda: loss(A, B),
    "the variable itself": lambda: loss(A, A),
    "a value that was not seen": lambda: loss(given(A, eq(B, SEEN)), fn("b", 2)),
    "what was seen, but not given": lambda: loss(A, SEEN),
    "not affine": lambda: loss(exp(A), C),
    "undefined guess": lambda: loss(A, 1 / C),
    "another law": lambda: rules.squared_loss(
        rules.given(Claim("∼", A, Term("law", ("Cauchy", term(0), ONE)), CHART)), C
    ),
    "no law": lambda: rules.squared_loss(rules.given(Claim("=", A, C, CHART)), C),
}


@pytest.mark.parametrize(("make", "claim"), ACCEPTED, ids=[c for _, c in ACCEPTED])
def test_the_step_is_accepted(make: Callable[[], Fact], claim: str) -> None:
    assert str(make().claim) == claim


@pytest.mark.parametrize("name", REJECTED)
def test_the_broken_step_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(Refused) as caught:
        REJECTED[name]()
    assert str(caught.value).endswith((".", ")."))
