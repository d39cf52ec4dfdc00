"""Induction: the base, the step, and what the step may suppose."""

from __future__ import annotations

from derive.kernel import rules
from derive.kernel.chart import Chart, Domain
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, ZERO, Term, fn
from tests.kernel.rules.cases import (
    AT_M,
    BASE,
    BELOW_M,
    REAL,
    Case,
    M,
    T,
    X,
    accepted,
    refused,
    require_accepted,
    require_refused,
    same,
    within,
)

HYPOTHESIS = Claim("=", fn("f", M), M**2, AT_M)


def base(right: Term = ZERO**2, chart: Chart = BASE) -> Fact:
    return same(fn("f", ZERO), right, chart)


def induction_step(grows: Term = 2 * M + 1, chart: Chart = BELOW_M, supposed: bool = True) -> Fact:
    known = (rules.suppose if supposed else rules.given)(Claim("=", fn("f", M), M**2, chart))
    return rules.rewrite(same(fn("f", M + 1), fn("f", M) + grows, chart), known)


CASES = [
    Case(
        "induction",
        lambda: rules.induction(base(), induction_step(), HYPOTHESIS, "m"),
        "f(m) = m^2",
        {
            "wrong base": lambda: rules.induction(base(ONE), induction_step(), HYPOTHESIS, "m"),
            "base over another chart": lambda: rules.induction(base(chart=AT_M), induction_step(), HYPOTHESIS, "m"),
            "wrong step": lambda: rules.induction(base(), induction_step(grows=2 * M + 2), HYPOTHESIS, "m"),
            "step without the supposition": lambda: rules.induction(
                base(), induction_step(supposed=False), HYPOTHESIS, "m"
            ),
            "step over the whole range": lambda: rules.induction(base(), induction_step(chart=AT_M), HYPOTHESIS, "m"),
            "step over a shorter range": lambda: rules.induction(
                base(), induction_step(chart=within("m", ZERO, T - 2)), HYPOTHESIS, "m"
            ),
            "step that starts later": lambda: rules.induction(
                base(), induction_step(chart=within("m", ONE, T - 1)), HYPOTHESIS, "m"
            ),
            "two suppositions": lambda: rules.induction(
                base(),
                rules.rewrite(induction_step(), rules.suppose(Claim("=", (M + 1) ** 2, (M + 1) ** 2 * 1, BELOW_M))),
                HYPOTHESIS,
                "m",
            ),
            "real symbol": lambda: rules.induction(base(), induction_step(), Claim("=", fn("f", X), X**2, REAL), "x"),
            "no smallest value": lambda: rules.induction(
                base(),
                induction_step(),
                Claim("=", fn("f", M), M**2, BASE.extend(domains={"m": Domain("integer")})),
                "m",
            ),
            "base that supposes": lambda: rules.induction(
                rules.suppose(base().claim), induction_step(), HYPOTHESIS, "m"
            ),
            "symbol in other declarations": lambda: rules.induction(
                base(),
                induction_step(),
                Claim("=", fn("f", M), M**2, AT_M.extend(definitions={"n": M + 1})),
                "m",
            ),
        },
    ),
]


@accepted(CASES)
def test_the_example_is_accepted(case: Case) -> None:
    require_accepted(case)


@refused(CASES)
def test_a_broken_step_is_refused_with_a_sentence(case: Case, name: str) -> None:
    require_refused(case, name)
