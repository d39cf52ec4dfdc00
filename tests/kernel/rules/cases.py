"""What tests of rules share: an accepted example with its claim, and what the rule must refuse.

Every premise here is ``given``, so that a rule sees exactly the facts that a test means it to see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.fact import Claim, Fact, Limit
from derive.kernel.term import INFINITY, ONE, ZERO, Term, fn, normal, sym

S, T, DT, K, M, U, H, X, Y = map(sym, (r"\sigma", "T", r"\Delta t", "k", "m", "u", "h", "x", "y"))
S2 = S**2
POSITIVE = Domain("real", Bound(ZERO, True))
BASE = Chart({S.name: POSITIVE, "T": Domain("integer", Bound(ONE))}, definitions={DT.name: 1 / T})
AT_M = BASE.extend(domains={"m": Domain("integer", Bound(ZERO), Bound(T))})
BELOW_M = BASE.extend(domains={"m": Domain("integer", Bound(ZERO), Bound(T - 1))})
REAL = Chart({"x": Domain(), "y": Domain()})
XP = Chart({"x": POSITIVE, "y": Domain()})
A, B, C, N = (fn(n, 1) for n in ("A", "B", "C", "N"))

Make = Callable[[], Fact]


@dataclass(frozen=True)
class Case:
    """A rule, its example with the claim that must come out, and what it must refuse."""

    rule: str
    accept: Make
    claim: str
    reject: dict[str, Make]


def accepted(cases: Sequence[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[f"{case.rule}-{i}" for i, case in enumerate(cases)])


def refused(cases: Sequence[Case]) -> pytest.MarkDecorator:
    pairs = [(case, name) for case in cases for name in case.reject]
    return pytest.mark.parametrize(("case", "name"), pairs, ids=[f"{c.rule}: {n}" for c, n in pairs])


def require_accepted(case: Case) -> None:
    fact = case.accept()
    assert fact.record.rule == case.rule
    assert str(fact.claim) == case.claim


def require_refused(case: Case, name: str) -> None:
    """Refused, with a sentence."""
    with pytest.raises(Refused) as caught:
        case.reject[name]()
    assert str(caught.value)[0].isupper() or str(caught.value)[0] == "'"
    assert str(caught.value).endswith((".", ")."))


def same(left: Term, right: Term, chart: Chart = REAL) -> Fact:
    return rules.given(Claim("=", left, right, chart))


def normally(variable: Term, mean: Term, variance: Term, chart: Chart = REAL) -> Fact:
    return rules.given(Claim("∼", variable, normal(mean, variance), chart))


def apart(one: Term, other: Term, chart: Chart = REAL) -> Fact:
    return rules.given(Claim("⊥", one, other, chart))


def compared(kind: str, left: Term, right: Term, chart: Chart = REAL) -> Fact:
    return rules.given(Claim(kind, left, right, chart))  # type: ignore[arg-type]


def tends(left: Term, right: Term, chart: Chart = BASE) -> Fact:
    return rules.given(Claim("→", left, right, chart, Limit("T", INFINITY)))


def within(name: str, lower: Term, upper: Term, chart: Chart = BASE) -> Chart:
    """The chart in which the variable of a binder runs, fresh as the rules choose it."""
    return chart.extend(domains={name: Domain("integer", Bound(lower), Bound(upper))})
