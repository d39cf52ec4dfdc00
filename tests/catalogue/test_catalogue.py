"""Every derivation is proved, from its own premises only, and fails when any of its steps is changed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from derive import catalogue
from derive.catalogue import Derivation
from derive.chain import Chain
from derive.errors import Refused, UnknownDerivation
from derive.kernel import rules
from derive.kernel.fact import Claim, Fact, ancestry, replay
from derive.kernel.term import BINDERS, ONE, Term, num, rebuild, sym
from derive.verify import prove_all, show

DERIVATIONS = [catalogue.load(name) for name in catalogue.ids()]
each = pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda d: d.id)


@each
def test_it_is_proved_and_rests_on_no_supposition(derivation: Derivation) -> None:
    chain = derivation.prove()
    assert chain.results
    assert all(step.reason for step in chain.steps)
    for fact in chain.results.values():
        assert fact.supposed == ()
    assert derivation.module.GENERAL
    assert set(derivation.module.GENERAL) <= set(chain.results)


@each
def test_it_is_proved_again_from_its_records(derivation: Derivation) -> None:
    results = tuple(derivation.prove().results.values())
    assert [f.claim for f in replay(*results)] == [f.claim for f in results]


@each
def test_its_path_is_its_id_and_its_text_states_it(derivation: Derivation) -> None:
    assert derivation.id == derivation.module.ID
    assert "$$" in derivation.statement
    for alias in derivation.aliases:
        assert catalogue.load(alias) is derivation
    assert derivation.source
    assert derivation.title
    assert derivation.quantities()


def test_aliases_are_distinct() -> None:
    aliases = [alias for d in DERIVATIONS for alias in (*d.aliases, d.id)]
    assert len(aliases) == len(set(aliases))


def test_an_unknown_derivation_is_named() -> None:
    with pytest.raises(UnknownDerivation, match="hw13/9z"):
        catalogue.load("hw13/9z")


def test_proving_needs_no_sympy() -> None:
    code = (
        "import sys\nfrom derive import catalogue\n"
        "for name in catalogue.ids(): catalogue.load(name).prove()\n"
        "raise SystemExit('sympy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_reports_cover_the_catalogue() -> None:
    reports = prove_all()
    assert [r.id for r in reports] == list(catalogue.ids())
    assert {r.status for r in reports} == {"proved"}
    assert all(r.error is None and r.steps > 0 and r.kernel_ms > 0 for r in reports)


@each
def test_it_can_be_shown(derivation: Derivation) -> None:
    shown = show(derivation.id)
    assert shown.assumptions or shown.symbols
    assert [s.number for s in shown.steps] == list(range(1, len(shown.steps) + 1))
    assert all(n < s.number for s in shown.steps for n in s.uses)
    assert {s.result for s in shown.steps} - {None} == {name for name, _ in shown.results}
    assert all(text for _, text in shown.axioms)


# -- mutation --------------------------------------------------------------------------------------
def mutants_of_term(term: Term) -> Iterator[Term]:
    """The term with one number one larger, or one symbol doubled, wherever it stands."""
    if term.op == "num":
        yield num(term.value + 1)
    elif term.op == "sym":
        yield 2 * term
    for i, argument in enumerate(term.args):
        if isinstance(argument, Term) and not (term.op in BINDERS and i == 1):
            for mutant in mutants_of_term(argument):
                place = iter(range(len(term.children)))
                which = [j for j, a in enumerate(term.args) if isinstance(a, Term)].index(i)
                yield rebuild(
                    term,
                    lambda c, place=place, which=which, mutant=mutant: (  # type: ignore[misc]
                        mutant if next(place) == which else c
                    ),
                )


def mutants(value: object) -> Iterator[object]:
    """Wrong versions of a certificate or claim; none of a chart or a name that is only a name."""
    if isinstance(value, Term):
        yield from mutants_of_term(value)
    elif isinstance(value, Claim):
        yield from (replace(value, left=term) for term in mutants_of_term(value.left))
        yield from (replace(value, right=term) for term in mutants_of_term(value.right))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            for mutant in mutants(item):
                yield {**value, key: mutant}
    elif value in ("falling", "rising"):
        yield "rising" if value == "falling" else "falling"
    elif value in ("below", "above"):
        yield "above" if value == "below" else "below"


def with_mutant(target: Fact, key: str, mutant: object, results: tuple[Fact, ...]) -> list[Fact]:
    """The results proved again, with one argument of one step replaced; Refused where that fails.

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

    for node in ancestry(*results):
        if node is not target and touched.isdisjoint(node.record.premises):
            again[node] = node
            continue
        touched.add(node)
        arguments = {k: renew(v) for k, v in node.record.arguments.items()}
        if node is target:
            arguments[key] = mutant
        again[node] = getattr(rules, node.record.rule)(**arguments)
    return [again[fact] for fact in results]


def sites(derivation: Derivation) -> list[tuple[Fact, str, object, tuple[Fact, ...]]]:
    """Every mutant of every argument of every step, with the results that rest on the step."""
    results = tuple(derivation.prove().results.values())
    found = []
    resting = {fact: set(ancestry(fact)) for fact in results}
    for node in ancestry(*results):
        affected = tuple(f for f in results if node in resting[f])
        for key, value in node.record.arguments.items():
            found += [(node, key, mutant, affected) for mutant in mutants(value)]
    return found


@each
def test_it_fails_with_any_step_mutated(derivation: Derivation) -> None:
    """A changed step is refused, or visibly leads elsewhere: to another claim, or from other premises."""
    all_sites = sites(derivation)
    assert len(all_sites) > 10
    survivors = []
    refused = 0
    for node, key, mutant, affected in all_sites:
        for result in affected[:1]:
            try:
                (reached,) = with_mutant(node, key, mutant, (result,))
            except (Refused, ValueError):
                refused += 1
                continue
            if (reached.claim, reached.givens) == (result.claim, result.givens):
                survivors.append(f"{node.record.rule} {key}: {mutant} still gives {result.claim}")
    assert not survivors, "\n".join(survivors)
    assert refused > len(all_sites) / 4


def test_a_failing_step_is_named_by_its_number() -> None:
    chain = Chain(catalogue.load("hw13/1a").prove().chart)
    chain.step(rules.equal, sym("T"), sym("T") * 1, chain.chart)
    with pytest.raises(Refused, match=r"Step 2 \(equal\) fails: "):
        chain.step(rules.equal, sym("T"), sym("T") + ONE, chain.chart)


def test_a_supposition_is_no_result() -> None:
    chain = Chain(catalogue.load("hw13/1a").prove().chart)
    supposed = chain.step(rules.suppose, Claim("=", sym("T"), ONE, chain.chart))
    with pytest.raises(Refused, match="supposition"):
        chain.result("one", supposed)
