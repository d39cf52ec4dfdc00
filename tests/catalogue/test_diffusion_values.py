"""Every computable result about diffusion, computed again with mpmath to 50 digits at several points.

Nothing is shared with the kernel's arithmetic. What speaks of random variables is left to the simulations; limits are
taken far out, at two places, and must have come nearer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

import mpmath
import pytest

from derive import catalogue
from derive.catalogue import Derivation
from derive.kernel.chart import Chart
from derive.kernel.fact import Claim
from derive.kernel.term import Term, fn, num, replace, walk

DERIVATIONS = [catalogue.load(n) for n in catalogue.ids() if n.startswith(("diffusion/", "errata/diffusion"))]
FUNCTIONS = {"log": mpmath.log, "exp": mpmath.exp, "b": lambda i: i / 3 + mpmath.mpf(1) / 7}
"""The odds b of the variance-preserving process are arbitrary positive numbers."""
SEEDS = range(3)
FAR = (150, 600)
DIGITS = mpmath.mpf(10) ** -40


def value(term: Term, values: Mapping[str, mpmath.mpf]) -> mpmath.mpf:
    if term.op == "num":
        return mpmath.mpf(term.value.numerator) / term.value.denominator
    if term.op == "const":
        return {"pi": mpmath.pi, "e": mpmath.e}[term.name]
    if term.op == "sym":
        return values[term.name]
    if term.op in ("sum", "prod", "int"):
        body, variable, *ends = term.children
        low, high = (value(end, values) for end in ends)
        if term.op == "int":
            return mpmath.quad(lambda x: value(body, {**values, variable.name: x}), [low, high])
        parts = [value(body, {**values, variable.name: mpmath.mpf(i)}) for i in range(int(low), int(high) + 1)]
        return mpmath.fsum(parts) if term.op == "sum" else mpmath.fprod(parts)
    parts = [value(child, values) for child in term.children]
    if term.op == "add":
        return mpmath.fsum(parts)
    if term.op == "mul":
        return mpmath.fprod(parts)
    if term.op == "pow":
        return mpmath.power(*parts)
    return FUNCTIONS[term.name](*parts)


def computable(term: Term) -> bool:
    return all(
        n.op in ("num", "const", "sym", "add", "mul", "pow", "sum", "prod", "int")
        or (n.op == "fn" and n.name in FUNCTIONS)
        for n in walk(term)
    )


def point(chart: Chart, seed: int) -> dict[str, mpmath.mpf]:
    """An admissible point, by the domains in their order."""
    draw, values = random.Random(seed), dict[str, mpmath.mpf]()
    for name, domain in chart.domains.items():
        if name in chart.definitions:
            continue
        low, high = (b and value(chart.expand(b.value), values) for b in (domain.lower, domain.upper))
        if domain.kind == "integer":
            first = 0 if low is None else int(low)
            values[name] = mpmath.mpf(
                draw.randint(first, int(high)) if high is not None else first + draw.randint(4, 9)
            )
        elif low is not None and high is not None:
            values[name] = low + (high - low) * mpmath.mpf(draw.uniform(0.1, 0.9))
        else:
            values[name] = (0 if low is None else low) + mpmath.mpf(draw.uniform(0.2, 1.5))
    return values


def check(claim: Claim, seed: int) -> None:
    left, right = (claim.chart.expand(side) for side in (claim.left, claim.right))
    values = point(claim.chart, seed)
    if claim.limit is not None:
        gaps = [abs(value(left, {**values, claim.limit.symbol: mpmath.mpf(n)}) - value(right, values)) for n in FAR]
        assert gaps[1] < 0.05
        assert gaps[1] < 0.6 * gaps[0] or gaps[0] < DIGITS
        return
    a, b = value(left, values), value(right, values)
    if claim.kind == "=":
        assert abs(a - b) <= DIGITS * (1 + abs(b))
    elif claim.bound is not None:
        assert abs(a - b) <= value(claim.chart.expand(claim.bound), values) * abs(b)
    else:
        assert claim.kind in ("<", "≤") and a <= b + DIGITS


def checked(derivation: Derivation) -> dict[str, Claim]:
    """The claims behind its results that can be computed and that rest on no supposition."""
    found = {}
    for name, fact in derivation.prove().results.items():
        for step in (fact, *fact.record.premises):
            claim = step.claim
            sides = [claim.chart.expand(term) for term in claim.terms]
            if claim.kind in ("=", "<", "≤", "≈", "→") and not step.supposed and all(map(computable, sides)):
                found[f"{name}: {claim}"] = claim
    return found


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda d: d.id)
def test_results_hold_at_points(derivation: Derivation) -> None:
    with mpmath.workdps(50):
        claims = checked(derivation)
        assert bool(claims) == (derivation.id not in WITHOUT)
        for text, claim in claims.items():
            for seed in SEEDS:
                try:
                    check(claim, seed)
                except AssertionError as error:
                    raise AssertionError(f"{derivation.id}, {text}, at {point(claim.chart, seed)}") from error


WITHOUT = {"diffusion/ddpm_update", "diffusion/predictor", "diffusion/small_step"}
"""Derivations about conditional laws alone."""


@pytest.mark.parametrize(("v", "c"), [("0.1", "0"), ("0.5", "1.5"), ("1.5", "-0.7"), ("1.9", "0.2")])
def test_a_small_step_back_from_a_logistic_law(v: str, c: str) -> None:
    """X of the density 1/(4 cosh²(u/2)), so that φ = 2 log cosh(u/2), φ' = tanh(u/2), and L = 1/2."""
    results = catalogue.load("diffusion/small_step").prove().results
    with mpmath.workdps(20):
        spread, center = mpmath.mpf(v), mpmath.mpf(c)
        seen = center + spread * mpmath.tanh(center / 2)
        ends = [center - 40, center, center + 40]

        def weight(u: mpmath.mpf) -> mpmath.mpf:
            return mpmath.exp(-((seen - u) ** 2) / (2 * spread)) / mpmath.cosh(u / 2) ** 2

        mass = mpmath.quad(weight, ends)

        def mean(f: Callable[[mpmath.mpf], mpmath.mpf]) -> mpmath.mpf:
            return mpmath.quad(lambda u: f(u) * weight(u), ends) / mass

        def log_ratio(u: mpmath.mpf) -> mpmath.mpf:
            normal = (u - center) ** 2 / (2 * spread) + mpmath.log(2 * mpmath.pi * spread) / 2
            return mpmath.log(weight(u) / mass) + normal

        first = mean(lambda u: u)
        low, high, distance = (
            value(replace(side, fn("L"), num(1, 2)), {"v": spread})
            for side in (
                results["variance at least"].left,
                results["variance at most"].right,
                results["divergence"].right,
            )
        )
        assert low <= mean(lambda u: (u - first) ** 2) <= high
        assert 0 <= mean(log_ratio) <= distance
