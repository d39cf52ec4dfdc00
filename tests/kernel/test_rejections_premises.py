"""Every rule with premises refuses them where they hold elsewhere, state something else, or are of another kind.

The steps are those of the catalogue, of each rule the first ones; what is changed is one premise at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import pytest

from derive import catalogue
from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Domain
from derive.kernel.fact import Claim, Fact, ancestry

STEPS = 3
"""How many steps of each rule are tried."""


@lru_cache(maxsize=1)
def steps() -> Mapping[str, list[Fact]]:
    """The first steps of each rule in the catalogue that have premises."""
    found: dict[str, list[Fact]] = {}
    for name in catalogue.ids():
        for fact in ancestry(*catalogue.load(name).prove().results.values()):
            kept = found.setdefault(fact.record.rule, [])
            if fact.record.premises and len(kept) < STEPS:
                kept.append(fact)
    return {rule: kept for rule, kept in found.items() if kept}


def again(step: Fact, old: Fact, new: Fact) -> Fact:
    """The step with another premise."""

    def put(value: Any) -> Any:
        if value is old:
            return new
        if isinstance(value, Mapping):
            return {k: put(v) for k, v in value.items()}
        return tuple(map(put, value)) if isinstance(value, tuple) else value

    record = step.record
    fact: Fact = getattr(rules, record.rule)(**{k: put(v) for k, v in record.arguments.items()})
    return fact


def elsewhere(claim: Claim) -> Claim:
    """The same over a chart with one symbol more."""
    chart = claim.chart.extend(domains={"elsewhere": Domain()})
    return Claim(claim.kind, claim.left, claim.right, chart, claim.limit, claim.bound)


def denied(claim: Claim) -> Claim:
    return Claim("≠", claim.left, claim.right, claim.chart)


def of_something_else(claim: Claim) -> Claim:
    """The same relation, of twice the left side."""
    return Claim(claim.kind, 2 * claim.left, claim.right, claim.chart, claim.limit, claim.bound)


CARRIED_OVER = {"instantiate", "affine_law", "mean_of_law", "variance_of_law", "scaled_variance", "monotone_image"} | {
    *("affine_order", "sqrt_order", "symmetric", "restate", "independent_image", "sum_variance", "sum_covariance"),
    *("vanishing_power", "squared_loss", "constant_variance", "congruent", "differentiate"),
}
"""Rules whose only premise brings the chart with it, so that the conclusion moves with it."""

ANY_KIND = {"symmetric", "restate", "rewrite"}
"""Rules that take what is unequal too, where that is sound."""


def outcomes(rule: str, change: Callable[[Claim], Claim]) -> Iterator[tuple[Fact, Fact, Fact | None]]:
    """Step, premise, and what came out with the premise changed (None: refused)."""
    for step in steps()[rule]:
        for premise in dict.fromkeys(step.record.premises):
            try:
                made = again(step, premise, rules.given(change(premise.claim)))
            except Refused:
                yield step, premise, None
            else:
                yield step, premise, made


@pytest.mark.parametrize("rule", sorted(steps()))
def test_a_premise_over_another_chart_is_refused_or_moves_the_conclusion(rule: str) -> None:
    for step, premise, made in outcomes(rule, elsewhere):
        if made is not None:
            assert rule in CARRIED_OVER, f"{rule} took '{premise.claim}' over another chart"
            assert made.claim.chart != step.claim.chart or rule == "instantiate"


@pytest.mark.parametrize("rule", sorted(steps()))
def test_what_is_only_unequal_is_no_premise(rule: str) -> None:
    for step, _, made in outcomes(rule, denied):
        if made is not None:
            assert rule in ANY_KIND
            assert made.claim.kind == "≠" or made.claim == step.claim or rule == "rewrite"


@pytest.mark.parametrize("rule", sorted(steps()))
def test_another_premise_never_gives_the_same_conclusion(rule: str) -> None:
    for step, premise, made in outcomes(rule, of_something_else):
        assert made is None or made.claim != step.claim, f"{rule} does not use '{premise.claim}'"


@pytest.mark.parametrize("rule", sorted(steps()))
def test_a_supposition_is_carried_over_or_refused(rule: str) -> None:
    for step in steps()[rule]:
        for premise in dict.fromkeys(step.record.premises):
            if premise.supposed:
                continue
            supposed = rules.suppose(premise.claim)
            try:
                made = again(step, premise, supposed)
            except Refused:
                continue
            assert supposed.supposed[0] in made.supposed
