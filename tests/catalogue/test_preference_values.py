"""Every result about policies and preferences, computed again with mpmath in random finite models.

A model has five answers, random policies and rewards, and policies that depend on the parameter by a softmax; it
shares no code with the kernel's arithmetic. A result is checked where what it rests on holds in the model.
"""

from __future__ import annotations

import random
from typing import Any

import mpmath
import pytest

from derive import catalogue
from derive.catalogue import Derivation
from derive.kernel.chart import Chart
from derive.kernel.fact import Claim
from derive.kernel.term import Term

DERIVATIONS = [
    catalogue.load(name) for name in catalogue.ids() if name.startswith(("preference/", "policy/", "errata/preference"))
]
ANSWERS = 5
THETA = r"\theta"
FUNCTIONS = {
    "log": mpmath.log,
    "exp": mpmath.exp,
    "logistic": lambda u: 1 / (1 + mpmath.exp(-u)),
    "min": min,
    "max": max,
}


class Model:
    """A random model of a chart."""

    def __init__(self, chart: Chart, seed: int) -> None:
        self.chart = chart
        self.draw = random.Random(seed)
        self.seed = seed
        self.values: dict[str, Any] = {}
        members = list(range(ANSWERS))
        self.draw.shuffle(members)
        for name, domain in chart.domains.items():
            if domain.kind == "label":
                self.values[name] = members.pop() if members else 0
            elif name not in chart.definitions:
                low, high = (None if b is None else self.value(b.value, {}) for b in (domain.lower, domain.upper))
                self.values[name] = self._inside(domain.kind, low, high)

    def _inside(self, kind: str, low: Any, high: Any) -> Any:
        if kind == "integer":
            first = 2 if low is None else int(low)
            return self.draw.randint(first, first + 4 if high is None else int(high))
        if low is not None and high is not None:
            return low + (high - low) * mpmath.mpf(self.draw.uniform(0.1, 0.9))
        size = mpmath.mpf(self.draw.uniform(0.2, 2.5))
        return low + size if low is not None else high - size if high is not None else size - 1

    def value(self, term: Term, env: dict[str, Any]) -> Any:
        return getattr(self, f"_{term.op}")(term, env)

    def _num(self, term: Term, env: dict[str, Any]) -> Any:
        return mpmath.mpf(term.value.numerator) / term.value.denominator

    def _sym(self, term: Term, env: dict[str, Any]) -> Any:
        return env[term.name] if term.name in env else self.values[term.name]

    def _add(self, term: Term, env: dict[str, Any]) -> Any:
        return mpmath.fsum(self.value(c, env) for c in term.children)

    def _mul(self, term: Term, env: dict[str, Any]) -> Any:
        return mpmath.fprod(self.value(c, env) for c in term.children)

    def _pow(self, term: Term, env: dict[str, Any]) -> Any:
        base, exponent = (self.value(c, env) for c in term.children)
        return mpmath.power(base, exponent)

    def _sumset(self, term: Term, env: dict[str, Any]) -> Any:
        body, variable, _ = term.children
        return mpmath.fsum(self.value(body, {**env, variable.name: y}) for y in range(ANSWERS))

    def _terms(self, term: Term, env: dict[str, Any]) -> list[Any]:
        body, variable, lower, upper = term.children
        first, last = (int(self.value(c, env)) for c in (lower, upper))
        return [self.value(body, {**env, variable.name: k}) for k in range(first, last + 1)]

    def _sum(self, term: Term, env: dict[str, Any]) -> Any:
        return mpmath.fsum(self._terms(term, env))

    def _prod(self, term: Term, env: dict[str, Any]) -> Any:
        return mpmath.fprod(self._terms(term, env))

    def _diff(self, term: Term, env: dict[str, Any]) -> Any:
        body, variable = term.children
        at = self._sym(variable, env)
        return mpmath.diff(lambda t: self.value(body, {**env, variable.name: t}), at)

    def _fn(self, term: Term, env: dict[str, Any]) -> Any:
        arguments = [self.value(c, env) for c in term.children]
        declared = self.chart.functions.get(term.name)
        if declared is None:
            return FUNCTIONS[term.name](*arguments)
        if declared.definition is not None:
            return self.value(declared.definition, {**env, **dict(zip(declared.parameters, arguments, strict=True))})
        theta = env.get(THETA, self.values.get(THETA, mpmath.mpf("0.3")))
        return self.table(term.name, arguments, theta)

    def table(self, name: str, arguments: list[Any], theta: Any) -> Any:
        if name.startswith(r"\dot"):
            return mpmath.diff(lambda t: self.table(name.removeprefix(r"\dot").lstrip(" "), arguments, t), theta)
        kind = self.chart.functions[name].range
        if kind == "probability":
            weights = [self._raw(name, [y, *arguments[1:]], theta, True) for y in range(ANSWERS)]
            return weights[int(arguments[0])] / mpmath.fsum(weights)
        return self._raw(name, arguments, theta, kind == "positive")

    def _raw(self, name: str, arguments: list[Any], theta: Any, positive: bool) -> Any:
        key = f"{self.seed}|{name}|" + ",".join(mpmath.nstr(mpmath.mpf(a), 20) for a in arguments)
        draw = random.Random(key)
        start, speed = mpmath.mpf(draw.uniform(-1.5, 1.5)), mpmath.mpf(draw.uniform(-1, 1))
        found = start + speed * theta if THETA in name else start
        return mpmath.exp(found) if positive else found

    def holds(self, claim: Claim) -> bool:
        left, right = (self.value(side, {}) for side in (claim.left, claim.right))
        near = abs(left - right) <= mpmath.mpf(10) ** -25 * max(1, abs(left))
        if claim.kind == "=":
            return bool(near)
        if claim.kind == "≠":
            return not near
        return bool(left < right) if claim.kind == "<" else bool(left < right or near)


def test_a_wrong_claim_fails_in_the_models() -> None:
    claim = catalogue.load("hw13/2b").prove().results["objective"].claim
    assert Model(claim.chart, 1).holds(claim)
    wrong = Claim("=", claim.left, 2 * claim.right, claim.chart)
    assert not Model(claim.chart, 1).holds(wrong)


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda d: d.id)
def test_results_hold_in_random_models(derivation: Derivation) -> None:
    checked = 0
    with mpmath.workdps(50):
        for fact in derivation.prove().results.values():
            claim = fact.claim
            for seed in range(3):
                model = Model(claim.chart, seed)
                try:
                    premises = all(Model(g.chart, seed).holds(g) for g in fact.givens)
                    if premises and claim.limit is None:
                        assert model.holds(claim), (str(claim), seed)
                        checked += 1
                except KeyError:
                    continue  # a premise that introduces a random choice has no value in the model
    assert checked
