"""Derivations and their twins agree; a wrong formula, and a proof that fails, are caught and reported."""

from __future__ import annotations

import json
import runpy
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from derive import catalogue
from derive.chain import Chain
from derive.errors import Refused, UnknownDerivation
from derive.kernel.balls import NotEnclosed
from derive.kernel.chart import Chart, Domain, Function
from derive.kernel.equality import decide
from derive.kernel.term import Term, bind, fn, num, substitute, sym, walk
from derive.kernel.term import replace as replace_term
from derive.theory import theory
from grading import witness
from grading.exact_value import exact_value, identifier
from numeric import catalogue as twins
from numeric.answers import Answers
from numeric.engine.moments import Estimate
from numeric.power import FEWEST_PATHS

BOTH = [i for i in catalogue.ids() if i in twins.ids()]
OTHERWISE = {("preference/role_of_beta", "margin"), ("diffusion/ddpm_chain", "gain from N(0, 1 + sigma^2)")}
"""Quantities that are no side of a relation, with a test of their own each."""
EXACT = [runpy.run_path(str(path)) for path in sorted((Path(__file__).parents[1] / "numeric").glob("exact_*.py"))]
OTHER_PARAMETERS: list[tuple[str, Any]] = [
    (twin_id, parameters)
    for part in EXACT
    for twin_id, others in part["OTHERS"].items()
    for parameters in others
    if getattr(parameters, "v", 1.0) == 1.0 or twin_id == "diffusion/small_step"  # quantities are those from N(0, 1)
]


def pretend(monkeypatch: pytest.MonkeyPatch, derivation_id: str, **changes: Any) -> None:
    """Replace parts of a derivation's module."""
    real = catalogue.load(derivation_id)
    names = ("ID", "ALIASES", "SOURCE", "TITLE", "CHART", "prove", "quantities")
    module = SimpleNamespace(**{n: getattr(real.module, n) for n in names} | changes)
    fake = replace(real, module=module)
    load: Callable[[str], Any] = catalogue.load
    monkeypatch.setattr(catalogue, "load", lambda name: fake if name == derivation_id else load(name))


@pytest.mark.parametrize("derivation_id", BOTH)
def test_the_twin_agrees(derivation_id: str) -> None:
    report = witness.compare_twin(derivation_id, paths=100_000, seed=2)
    assert report.absent_reason is None
    assert [c.name for c in report.checks] == list(catalogue.load(derivation_id).quantities())
    assert all(abs(c.z) < 4 and c.se > 0 and c.paths == 100_000 for c in report.checks), report


@pytest.mark.parametrize(
    ("derivation_id", "parameters"), OTHER_PARAMETERS, ids=[f"{i}-{n}" for n, (i, _) in enumerate(OTHER_PARAMETERS)]
)
def test_the_twin_agrees_elsewhere(derivation_id: str, parameters: Any) -> None:
    report = witness.compare_twin(derivation_id, paths=50_000, seed=3, parameters=parameters)
    assert report.checks and all(abs(c.z) < 4 for c in report.checks), report


@pytest.mark.parametrize("derivation_id", BOTH)
def test_what_is_simulated_is_what_is_proved(derivation_id: str) -> None:
    """Every quantity is a side of a proved relation (or its coefficient of an observed value)."""
    derivation = catalogue.load(derivation_id)
    facts = [f for f in derivation.prove().results.values() if f.claim.kind in ("=", "≠", "<", "≤")]
    sides = [(per_observation(side), f.chart) for f in facts for side in (f.right, f.left)]
    for name, quantity in derivation.quantities().items():
        if (derivation_id, name) not in OTHERWISE:
            assert any(decide(quantity, side, chart).verdict is True for side, chart in sides), name


def test_the_gain_that_is_simulated_is_the_difference_of_proved_variances() -> None:
    derivation = catalogue.load("diffusion/ddpm_chain")
    results = derivation.prove().results
    wide, narrow = results["variance from N(0,1+σ²)"], results["variance from N(0,1)"]
    gain = derivation.quantities()["gain from N(0, 1 + sigma^2)"]
    assert decide(gain, wide.right - narrow.right, wide.chart).verdict is True


def test_the_margin_that_is_simulated_is_where_the_proved_slope_vanishes() -> None:
    derivation = catalogue.load("preference/role_of_beta")
    slope = derivation.prove().results["slope"]
    at_margin = substitute(slope.right, {"m": derivation.quantities()["margin"]})
    assert decide(at_margin, num(0), slope.chart).verdict is True


def per_observation(term: Term) -> Term:
    observed = {node for node in walk(term) if node.op == "fn" and node.name == "x"}
    for node in observed:
        term = replace_term(term, node, num(1))
    return term


@pytest.mark.parametrize("derivation_id", [i for i in BOTH if not hasattr(catalogue.load(i).module, "BOUNDS")])
@pytest.mark.parametrize("factor", [Fraction(15, 16), Fraction(17, 16)])
def test_a_formula_6_percent_off_is_contradicted(
    monkeypatch: pytest.MonkeyPatch, derivation_id: str, factor: Fraction
) -> None:
    right = catalogue.load(derivation_id).quantities()
    pretend(monkeypatch, derivation_id, quantities=lambda: {n: q * factor for n, q in right.items()})
    report = witness.verify([derivation_id], seed=4)
    (entry,) = report.derivations
    assert not report.ok and entry.status == "failed" and entry.why.startswith("The simulation contradicts")
    assert all(c.contradicted for c in entry.twin.checks)


def test_a_bound_is_contradicted_from_beyond_it_only(monkeypatch: pytest.MonkeyPatch) -> None:
    derivation_id = "diffusion/small_step"
    right = dict(catalogue.load(derivation_id).quantities())
    least, most = right
    report = witness.compare_twin(derivation_id)
    assert not report.contradicted and all(c.z == 0 for c in report.checks), "it lies well between both"
    bounds = catalogue.load(derivation_id).module.BOUNDS  # type: ignore[attr-defined]
    exchanged = {least: right[most], most: right[least]}
    pretend(monkeypatch, derivation_id, quantities=lambda: exchanged, BOUNDS=bounds)
    report = witness.compare_twin(derivation_id)
    low, high = report.checks
    assert low.z < -5 and high.z > 5 and low.contradicted and high.contradicted


def test_one_wrong_quantity_makes_the_headline(monkeypatch: pytest.MonkeyPatch) -> None:
    derivation_id = "diffusion/forward_marginal"
    right = dict(catalogue.load(derivation_id).quantities())
    last = list(right)[-1]
    pretend(monkeypatch, derivation_id, quantities=lambda: {**right, last: right[last] * 2})
    report = witness.compare_twin(derivation_id)
    assert report.contradicted and report.name == last and abs(report.z or 0) > 5


def test_a_proof_that_fails_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> Chain:
        raise Refused("Step 3 fails: the antiderivative is wrong.")

    pretend(monkeypatch, "diffusion/mean_chain", prove=fails)
    (entry,) = witness.verify(["diffusion/mean_chain"], paths=20_000).derivations
    assert (entry.status, entry.why, entry.steps) == ("failed", "Step 3 fails: the antiderivative is wrong.", 0)
    assert entry.twin.z is not None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"TWIN_ABSENT": "A definition cannot be contradicted."}, "A definition cannot be contradicted."),
        ({"quantities": lambda: {"skewness": num(0)}}, "does not estimate 'skewness'"),
        ({"quantities": lambda: {"variance": fn("mystery", 1) + num(1)}}, "could not be enclosed"),
        ({"quantities": lambda: {"variance": fn("log", num(-1))}}, "could not be enclosed"),
    ],
)
def test_no_comparison_says_why(monkeypatch: pytest.MonkeyPatch, changes: Mapping[str, Any], reason: str) -> None:
    pretend(monkeypatch, "diffusion/mean_chain", **changes)
    report = witness.compare_twin("diffusion/mean_chain", paths=20_000)
    assert report.to_json() is None and report.z is None
    assert reason in str(report.absent_reason)


def test_every_derivation_has_a_twin_at_its_place_or_says_why_not() -> None:
    assert set(twins.ids()) <= set(catalogue.ids())
    for derivation_id in catalogue.ids():
        stated = getattr(catalogue.load(derivation_id).module, "TWIN_ABSENT", None)
        assert (derivation_id in twins.ids()) == (stated is None), derivation_id


def test_without_a_twin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins, "ids", lambda: ())
    report = witness.compare_twin("hw13/1d")
    assert report.absent_reason == "No twin simulates 'diffusion/mean_chain' yet." and report.paths == 0


def test_until_the_error_is_small() -> None:
    report = witness.compare_twin("diffusion/mean_chain", until_se=2e-4)
    assert all(c.se <= 2e-4 for c in report.checks) and report.paths > FEWEST_PATHS


def test_ctrl_c_keeps_what_is_there() -> None:
    def stop(name: str, done: int, paths: int, estimates: Mapping[str, Estimate]) -> None:
        signal.raise_signal(signal.SIGINT)

    report = witness.verify(["hw13/1d", "hw13/1e"], paths=1 << 40, progress=stop)
    (entry,) = report.derivations
    assert report.interrupted and not report.ok
    assert entry.id == "diffusion/mean_chain" and entry.twin.interrupted and entry.twin.paths > 100_000
    assert abs(entry.twin.z or 9) < 5


def test_the_whole_catalogue_and_its_json() -> None:
    report = witness.verify(paths=20_000, seed=5)
    assert report.ok, [d.why for d in report.derivations]
    document = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert document["schema"] == "derive/verify/1" and document["seed"] == 5
    assert document["seconds"] > 0 and document["peak_mb"] > 10
    assert [d["id"] for d in document["derivations"]] == list(catalogue.ids())
    for entry in document["derivations"]:
        assert {"id", "source", "status", "steps", "axioms", "kernel_ms", "twin"} <= entry.keys()
        assert entry["status"] == "proved" and entry["steps"] > 0
        if entry["twin"] is None:
            assert entry["twin_absent"]
        else:
            assert {"paths", "estimate", "se", "expected", "z", "seconds"} <= entry["twin"].keys()
            assert all(0 < power["seconds"] < 60 for power in entry["twin"]["rejects"]) and entry["twin"]["rejects"]


def test_the_same_seed_gives_the_same_report() -> None:
    first, second = (witness.compare_twin("hw13/2e", paths=40_000, seed=6) for _ in range(2))
    assert first.checks == second.checks
    assert first.checks != witness.compare_twin("hw13/2e", paths=40_000, seed=7).checks


@pytest.mark.parametrize("name", ["hw13/9z", "", "../numeric", "diffusion"])
def test_unknown_derivations(name: str) -> None:
    with pytest.raises(UnknownDerivation):
        witness.compare_twin(name)
    with pytest.raises(UnknownDerivation):
        witness.verify(["hw13/1d", name])


@pytest.mark.parametrize("paths", [0, 9_999, -1, 2.5, True, 1 << 60])
def test_too_few_paths_are_an_error(paths: Any) -> None:
    for run in (lambda: witness.compare_twin("hw13/1d", paths), lambda: witness.verify(["hw13/1d"], paths)):
        with pytest.raises(ValueError, match="^paths = .* must be an integer from 10000"):
            run()


def test_the_optimal_policy_is_evaluated_from_its_definition() -> None:
    """At a twin's tables it is a distribution, although no table gives it."""
    preference = theory("preference")
    policy, prompt, answer = preference.family("pi_star"), preference["x"], preference["y"]
    whole = bind("sumset", policy(answer, prompt), answer, preference["Y"])
    assert exact_value(preference.chart, whole, Answers(), 1e-12) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (r"\beta", "beta"),
        (r"\pi_{\text{ref}}", "pi_ref"),
        (r"\dot\pi_\theta", "dot_pi_theta"),
        (r"\bar\pi", "bar_pi"),
        (r"\dot r_\phi", "dot_r_phi"),
        ("T", "T"),
        ("y_w", "y_w"),
    ],
)
def test_parameters_are_named_after_symbols(name: str, expected: str) -> None:
    assert identifier(name) == expected


@dataclass(frozen=True)
class Scores:
    """A list of scores."""

    s: tuple[float, ...] = (0.5, 1.0, 2.0)
    K: int = 3


def test_a_sum_over_a_list_is_written_out() -> None:
    """Σ_k s_k Σ_{j≥k} s_j, with the inner sum's lower end the outer index."""
    chart = Chart({"K": Domain("integer")}, {"s": Function(("i",))})
    k, j, count = sym("k"), sym("j"), sym("K")
    later = bind("sum", fn("s", j), j, k, count)
    total = bind("sum", fn("s", k) * later, k, num(1), count)
    assert exact_value(chart, total, Scores(), 1e-12) == 0.5 * 3.5 + 1.0 * 3.0 + 2.0 * 2.0
    with pytest.raises(NotEnclosed, match="no such entry"):
        exact_value(chart, fn("s", count + 1), Scores(), 1e-12)


def test_a_function_without_a_table_has_no_value() -> None:
    """Not an arbitrary one, as in an instance of a claim about all functions."""
    chart = Chart({}, {"s": Function(("i",)), "w": Function(("i",))})
    with pytest.raises(NotEnclosed, match="no values of 'w'"):
        exact_value(chart, fn("s", num(1)) + fn("w", num(1)), Scores(), 1e-12)
