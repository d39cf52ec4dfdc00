"""Every derivation is proved, from its own premises only, and fails when any of its steps is changed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from derive import catalogue
from derive.catalogue import Derivation
from derive.chain import Chain
from derive.errors import Refused, UnknownDerivation
from derive.kernel import rules
from derive.kernel.fact import Claim, replay
from derive.kernel.term import ONE, sym
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
    assert shown.assumptions or shown.symbols or not derivation.module.CHART.domains
    assert [s.number for s in shown.steps] == list(range(1, len(shown.steps) + 1))
    assert all(n < s.number for s in shown.steps for n in s.uses)
    assert {s.result for s in shown.steps} - {None} == {name for name, _ in shown.results}
    assert all(text for _, text in shown.axioms)


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
