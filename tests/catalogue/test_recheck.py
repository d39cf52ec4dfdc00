"""Every sum, product, integral, derivative and limit of the catalogue, computed again with mpmath to 50 digits.

Each step that states something about one is evaluated at several points of its chart, in random finite models: five
answers, random policies and rewards, policies that depend on a parameter by a softmax. Nothing is shared with the
kernel's arithmetic. Steps about random variables are left to the simulations; limits are taken far out, at a few
places, and must have come nearer.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Final

import mpmath
import pytest

from derive import catalogue
from derive.catalogue import Derivation
from derive.kernel.chart import Chart
from derive.kernel.fact import Claim, Fact, ancestry
from derive.kernel.term import INFINITY, Term, walk

DERIVATIONS: Final = [catalogue.load(name) for name in catalogue.ids()]
ANSWERS: Final = 5
POINTS: Final = 3
ATTEMPTS: Final = 40
"""Models that are tried until the conditions of a chart hold."""
FAR: Final = (100, 400, 1600)
NEAR: Final = (mpmath.mpf("1e-3"), mpmath.mpf("1e-5"))
DIGITS: Final = mpmath.mpf(10) ** -25
"""How near two sides must be; numerical derivatives are less exact than the 50 digits that are computed with."""
THETA: Final = r"\theta"
CALCULUS: Final = frozenset({"sum", "prod", "int", "sumset", "diff", "at", "lim"})
RANDOM: Final = frozenset({"E", "given", "law", "draw", "eq", "fun"})
FUNCTIONS: Final = {
    "log": mpmath.log,
    "exp": mpmath.exp,
    "logistic": lambda u: 1 / (1 + mpmath.exp(-u)),
    "min": min,
    "max": max,
    "abs": abs,
    "sign": mpmath.sign,
    "tanh": mpmath.tanh,
    "factorial": mpmath.factorial,
    "binomial": mpmath.binomial,
}


class Model:
    """Values of symbols and tables of functions for a chart, from one seed."""

    def __init__(self, chart: Chart, seed: str) -> None:
        self.chart, self.seed = chart, seed
        self.draw = random.Random(seed)
        self.values: dict[str, Any] = {}
        members = list(range(ANSWERS))
        self.draw.shuffle(members)
        for name, domain in chart.domains.items():
            if domain.kind == "label":
                self.values[name] = members.pop() if members else 0
            elif name not in chart.definitions:
                low, high = (b and self.value(chart.expand(b.value), {}) for b in (domain.lower, domain.upper))
                self.values[name] = self._inside(domain.kind, low, high)

    def _inside(self, kind: str, low: Any, high: Any) -> Any:
        if kind == "integer":
            first = 2 if low is None else int(low)
            return mpmath.mpf(self.draw.randint(first, first + 5 if high is None else int(high)))
        if low is not None and high is not None:
            return low + (high - low) * mpmath.mpf(self.draw.uniform(0.1, 0.9))
        size = mpmath.mpf(self.draw.uniform(0.2, 2.5))
        return low + size if low is not None else high - size if high is not None else size - 1

    def value(self, term: Term, env: dict[str, Any]) -> Any:
        args = term.children
        if term.op == "num":
            return mpmath.mpf(term.value.numerator) / term.value.denominator
        if term.op == "const":
            return {"pi": mpmath.pi, "e": mpmath.e}[term.name] * mpmath.mpf(1)
        if term.op == "sym":
            return env[term.name] if term.name in env else self.values[term.name]
        if term.op in ("sum", "prod", "int", "sumset"):
            return self._binder(term, env)
        if term.op == "at":
            return self.value(args[0], {**env, args[1].name: self.value(args[2], env)})
        if term.op == "diff":
            at = self.value(args[1], env)
            return mpmath.diff(lambda t: self.value(args[0], {**env, args[1].name: t}), at)
        parts = [self.value(child, env) for child in args]
        if term.op == "add":
            return mpmath.fsum(parts)
        if term.op == "mul":
            return mpmath.fprod(parts)
        if term.op == "pow":
            return mpmath.power(*parts)
        return self._function(term, parts, env)

    def _binder(self, term: Term, env: dict[str, Any]) -> Any:
        body, variable, *ends = term.children

        def at(value: Any) -> Any:
            return self.value(body, {**env, variable.name: value})

        if term.op == "sumset":
            return mpmath.fsum(map(at, range(ANSWERS)))
        low, high = (self.value(end, env) for end in ends)
        if term.op == "int":
            return mpmath.quad(at, [low, high])
        parts = [at(mpmath.mpf(k)) for k in range(int(mpmath.nint(low)), int(mpmath.nint(high)) + 1)]
        return mpmath.fsum(parts) if term.op == "sum" else mpmath.fprod(parts)

    def _function(self, term: Term, arguments: list[Any], env: dict[str, Any]) -> Any:
        declared = self.chart.functions.get(term.name)
        if declared is None:
            return FUNCTIONS[term.name](*arguments)
        if declared.definition is not None:
            return self.value(declared.definition, {**env, **dict(zip(declared.parameters, arguments, strict=True))})
        return self.table(term.name, arguments, env.get(THETA, self.values.get(THETA, mpmath.mpf("0.3"))))

    def table(self, name: str, arguments: list[Any], theta: Any) -> Any:
        """A random value; a function named after the parameter depends on it, and its dotted name is the slope."""
        if name.startswith(r"\dot"):
            return mpmath.diff(lambda t: self.table(name.removeprefix(r"\dot").lstrip(" "), arguments, t), theta)
        kind = self.chart.functions[name].range
        if kind == "probability":
            weights = [self._raw(name, [y, *arguments[1:]], theta, True) for y in range(ANSWERS)]
            return weights[int(arguments[0])] / mpmath.fsum(weights)
        return self._raw(name, arguments, theta, kind == "positive")

    def _raw(self, name: str, arguments: list[Any], theta: Any, positive: bool) -> Any:
        draw = random.Random(f"{self.seed}|{name}|" + ",".join(mpmath.nstr(mpmath.mpf(a), 15) for a in arguments))
        start, speed = mpmath.mpf(draw.uniform(-1.5, 1.5)), mpmath.mpf(draw.uniform(-1, 1))
        found = start + speed * theta if THETA in name else start
        return mpmath.exp(found) if positive else found

    def holds(self, claim: Claim) -> bool:
        """Whether the claim holds in this model."""
        left, right = (self.chart.expand(side) for side in (claim.left, claim.right))
        if claim.limit is not None:
            return self._tends(left, right, claim.limit.symbol, claim.limit.point)
        a, b = self.value(left, {}), self.value(right, {})
        near = abs(a - b) <= DIGITS * max(1, abs(a))
        if claim.kind in ("=", "≠"):
            return bool(near) is (claim.kind == "=")
        if claim.bound is not None:
            return bool(abs(a - b) <= self.value(self.chart.expand(claim.bound), {}) * abs(b) + DIGITS)
        return bool(a < b if claim.kind == "<" else a < b or near)

    def _tends(self, left: Term, right: Term, symbol: str, point: Term) -> bool:
        end = self.value(right, {})
        if point == INFINITY:
            places = [mpmath.mpf(n) for n in FAR]
        else:
            at, high = self.value(point, {}), self.chart.domains[symbol].upper
            side = 1 if high is None else -1
            places = [at + side * step for step in NEAR]
        gaps = [abs(self.value(left, {symbol: place}) - end) for place in places]
        first, last = max(gaps[:-1]), gaps[-1]
        return bool(last < 0.2 * max(1, abs(end)) and (last < 0.7 * first or first < DIGITS))

    def admissible(self) -> bool:
        """Whether the conditions of the chart hold."""
        kinds = {"=": "=", "!=": "≠", "<": "<", "<=": "≤"}
        return all(
            self.holds(Claim(kinds[c.order], c.left, c.right, self.chart))  # type: ignore[arg-type]
            for c in self.chart.conditions
        )


def computable(term: Term, chart: Chart) -> bool:
    """Whether a term speaks of numbers alone: no random variables, families of them, or moments."""
    return all(
        node.op not in RANDOM and (node.op != "fn" or node.name in FUNCTIONS or node.name in chart.functions)
        for node in walk(chart.expand(term))
    )


def of_calculus(claim: Claim) -> bool:
    """Whether a claim states a limit, or something about a sum, product, integral or derivative."""
    sides = [claim.chart.expand(term) for term in claim.terms]
    return claim.limit is not None or any(node.op in CALCULUS for side in sides for node in walk(side))


def checkable(derivation: Derivation) -> Iterator[Fact]:
    """Its results, and its steps of calculus, that speak of numbers alone and rest on no supposition; each once."""
    seen: list[Claim] = []
    results = derivation.prove().results.values()
    for fact in ancestry(*results):
        claim = fact.claim
        if fact.supposed or fact.record.rule == "given" or not all(computable(t, claim.chart) for t in claim.terms):
            continue
        if (fact in results or of_calculus(claim)) and claim not in seen:
            seen.append(claim)
            yield fact


def models(chart: Chart, name: str) -> Iterator[Model]:
    """Some models of a chart, in which its conditions hold."""
    found = 0
    for attempt in range(ATTEMPTS):
        model = Model(chart, f"{name}/{attempt}")
        if model.admissible():
            found += 1
            yield model
            if found == POINTS:
                return


def given_in(model: Model, fact: Fact) -> bool:
    """Whether the premises of the problem about numbers hold in the model; those about chance are taken for granted."""
    numeric = [g for g in fact.givens if all(computable(t, g.chart) for t in g.terms)]
    return all(Model(g.chart, model.seed).holds(g) for g in numeric)


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda d: d.id)
def test_steps_of_calculus_hold_at_points(derivation: Derivation) -> None:
    checked = 0
    with mpmath.workdps(50):
        for fact in checkable(derivation):
            there = [m for m in models(fact.chart, derivation.id) if given_in(m, fact)]
            true = [m.holds(fact.claim) for m in there]
            checked += len(true)
            enough = any(true) or not true if fact.claim.kind == "≠" else all(true)  # different somewhere is different
            assert enough, (str(fact.claim), [m.values for m in there])
    assert bool(checked) is (derivation.id not in NOTHING_TO_COMPUTE), f"{derivation.id}: {checked} points"


NOTHING_TO_COMPUTE: Final = {
    "diffusion/ddpm_update": "it states laws alone, which the simulations contradict",
    "diffusion/predictor": "it states laws alone, which the simulations contradict",
    "policy/total_variance": "it states moments of arbitrary variables",
    "diffusion/small_step": "it states laws by their densities, for an arbitrary potential whose slopes are premises",
}


def test_every_step_of_calculus_is_checked_or_speaks_of_chance() -> None:
    for derivation in DERIVATIONS:
        reached = {fact.claim.left for fact in checkable(derivation)}
        for fact in ancestry(*derivation.prove().results.values()):
            numbers = all(computable(term, fact.chart) for term in fact.claim.terms)
            if of_calculus(fact.claim) and numbers and not fact.supposed and fact.record.rule != "given":
                assert fact.claim.left in reached, str(fact.claim)


@pytest.mark.parametrize("name", ["hw13/1d", "hw13/1e", "hw13/2b", "hw13/2f"])
def test_a_wrong_claim_would_be_noticed(name: str) -> None:
    with mpmath.workdps(50):
        for fact in checkable(catalogue.load(name)):
            claim = fact.claim
            if claim.kind == "=" and fact.chart.conditions == ():
                wrong = Claim("=", claim.left, claim.right + 1, claim.chart)
                assert not any(model.holds(wrong) for model in models(fact.chart, name))
