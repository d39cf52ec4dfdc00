"""A derivation with one step changed is refused, or visibly leads elsewhere: to another claim, or from other premises.

Every number, symbol, sign, square, range and index of every argument of every step is changed in turn. The tests take
a sample of these changes, the same every time; with ``HYPOTHESIS_PROFILE=nightly``, as in ``make nightly``, all.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from derive import catalogue
from derive.catalogue import Derivation
from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.equality import decide
from derive.kernel.fact import Claim, Fact, ancestry
from derive.kernel.functions import BUILTIN
from derive.kernel.term import BINDERS, ONE, Term, fn, neg, num

DERIVATIONS: Final = [catalogue.load(name) for name in catalogue.ids()]
SAMPLE: Final = 60
"""How many changes of each derivation are tried where not all are."""
ALL: Final = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
NAMED: Final = {name for name, _ in BUILTIN} | {"Var", "Cov", "E", "KL"}


def changed(term: Term) -> Iterator[Term]:
    """What a slip makes of one node."""
    if term.op == "num":
        yield num(term.value + 1)
    elif term.op == "sym":
        yield 2 * term
    elif term.op == "pow":
        yield term.children[0]
        if term.children[1].op == "num":
            yield Term("pow", (term.children[0], num(-term.children[1].value)))
    elif term.op == "fn" and term.name not in NAMED and term.children:
        yield fn(term.name, term.children[0] + ONE, *term.children[1:])
    elif term.op in ("sum", "prod"):
        body, variable, low, high = term.children
        yield Term(term.op, (body, variable, low + ONE, high))
        yield Term(term.op, (body, variable, low, high + ONE))
    elif term.op == "add":
        yield Term("add", (neg(term.children[0]), *term.children[1:]))
        yield Term("add", (*term.children[:-1], neg(term.children[-1])))
    elif term.op == "mul":
        yield 2 * term


def mutants_of_term(term: Term) -> Iterator[Term]:
    """The term with one slip, wherever it stands."""
    yield from (mutant for mutant in changed(term) if mutant != term)
    for place, argument in enumerate(term.args):
        if isinstance(argument, Term) and not (term.op in (*BINDERS, "diff", "draw") and place == 1):
            for mutant in mutants_of_term(argument):
                yield Term(term.op, (*term.args[:place], mutant, *term.args[place + 1 :]))


def mutants(value: object) -> Iterator[object]:
    """Wrong versions of a certificate or claim; none of a chart or a name that is only a name."""
    if isinstance(value, Term):
        yield from mutants_of_term(value)
    elif isinstance(value, Claim):
        for side in ("left", "right"):
            for term in mutants_of_term(getattr(value, side)):
                try:
                    yield replace(value, **{side: term})
                except Refused:
                    continue
    elif isinstance(value, Mapping):
        for key, item in value.items():
            for mutant in mutants(item):
                yield {**value, key: mutant}
    elif value in ("falling", "rising"):
        yield "rising" if value == "falling" else "falling"
    elif value in ("below", "above"):
        yield "above" if value == "below" else "below"


def with_mutant(target: Fact, key: str, mutant: object, result: Fact) -> tuple[Fact, Fact]:
    """The step and the result proved again, with one argument of the step replaced; Refused where that fails.

    Steps that do not rest on the replaced one are kept as they are.
    """
    again: dict[Fact, Fact] = {}
    touched = {target}

    def renew(value: Any) -> Any:
        if isinstance(value, Fact):
            return again[value]
        if isinstance(value, Mapping):
            return {k: renew(v) for k, v in value.items()}
        return tuple(map(renew, value)) if isinstance(value, tuple) else value

    for node in ancestry(result):
        if node is not target and touched.isdisjoint(node.record.premises):
            again[node] = node
            continue
        touched.add(node)
        arguments = {k: renew(v) for k, v in node.record.arguments.items()}
        if node is target:
            arguments[key] = mutant
        again[node] = getattr(rules, node.record.rule)(**arguments)
    return again[target], again[result]


def says_the_same(node: Fact, key: str, mutant: object) -> bool:
    """Whether the change is none: (a + 0)² is (-a + 0)². The kernel's word is checked in test_recheck.py."""
    old = node.record.arguments[key]
    pairs = [(old, mutant)]
    if isinstance(old, Mapping) and isinstance(mutant, Mapping):
        pairs = [(old[k], mutant[k]) for k in old]
    elif isinstance(old, Claim) and isinstance(mutant, Claim):
        pairs = list(zip(old.terms, mutant.terms, strict=True))
    chart = old.chart if isinstance(old, Claim) else node.chart
    return all(
        one == other
        or (isinstance(one, Term) and isinstance(other, Term) and decide(one, other, chart).verdict is True)
        for one, other in pairs
    )


Site = tuple[Fact, str, object, Fact]


def sites(derivation: Derivation) -> list[Site]:
    """Every mutant of every argument of every step, with a result that rests on the step."""
    found: list[Site] = []
    seen: set[Fact] = set()
    for result in derivation.prove().results.values():
        for node in ancestry(result):
            if node not in seen:
                seen.add(node)
                for key, value in node.record.arguments.items():
                    found += [(node, key, mutant, result) for mutant in mutants(value)]
    return found


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda d: d.id)
def test_it_fails_with_any_step_mutated(derivation: Derivation) -> None:
    every = sites(derivation)
    assert len(every) > 20
    tried = every if ALL else random.Random(derivation.id).sample(every, min(SAMPLE, len(every)))
    survivors, refused = [], 0
    for node, key, mutant, result in tried:
        try:
            step, reached = with_mutant(node, key, mutant, result)
        except (Refused, ValueError):
            refused += 1
            continue
        if (reached.claim, reached.givens) != (result.claim, result.givens) or step.claim == node.claim:
            continue  # it leads elsewhere; or it is another certificate of the same, such as -f for f
        if not says_the_same(node, key, mutant):
            survivors.append(f"{node.record.rule} {key}: {mutant} still gives {result.claim}")
    assert not survivors, "\n".join(survivors)
    assert refused > len(tried) / 5


def test_a_change_that_says_the_same_would_be_noticed() -> None:
    """The machinery finds survivors: a harmless change of a certificate leads to the same result."""
    derivation = catalogue.load("hw13/1d")
    for node in ancestry(*derivation.prove().results.values()):
        if node.record.rule == "telescope":
            harmless = 2 * node.record.arguments["f"]
            step, reached = with_mutant(node, "f", harmless, node)
            assert step is reached
            assert reached.record.arguments["f"] == harmless
            assert reached.claim != node.claim
            assert says_the_same(node, "series", node.record.arguments["series"])
            return
    raise AssertionError("There is no telescoping product to try this on.")
