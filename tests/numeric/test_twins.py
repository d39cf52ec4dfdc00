"""Every twin accepts the right result, computed step by step in exact arithmetic, and rejects its near misses."""

from __future__ import annotations

import math
import runpy
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from numeric.catalogue import ids, load
from numeric.power import REJECTION, p_value, paths_needed, uniformity, z_score

FOLDERS = ("diffusion", "preference", "policy", "errata")
EXACT = [runpy.run_path(str(Path(__file__).with_name(f"exact_{folder}.py"))) for folder in FOLDERS]
RIGHT: dict[str, Callable[[Any], dict[str, Any]]] = {k: v for part in EXACT for k, v in part["RIGHT"].items()}
OTHERS: dict[str, list[Any]] = {k: v for part in EXACT for k, v in part["OTHERS"].items()}
EVERY = [(twin_id, parameters) for twin_id in ids() for parameters in [load(twin_id).DEFAULT, *OTHERS[twin_id]]]
MISSES = [(twin_id, miss) for twin_id in ids() for miss in load(twin_id).REJECTS]
SEEDS = range(20)
FEWEST = 100
"""Paths from which a standard error means something; no near miss is said to be rejected with fewer."""


def z_scores(twin_id: str, parameters: Any, paths: int, seed: int) -> dict[str, float]:
    estimates = load(twin_id).simulate(parameters, paths, seed)
    right = RIGHT[twin_id](parameters)
    assert estimates.keys() == right.keys()
    return {name: z_score(e.value, e.se, float(right[name])) for name, e in estimates.items()}


def test_every_twin_is_tested() -> None:
    assert set(ids()) == RIGHT.keys() == OTHERS.keys()
    assert all(load(twin_id).REJECTS for twin_id in ids())


@pytest.mark.parametrize(("twin_id", "parameters"), EVERY, ids=[f"{i}-{n}" for n, (i, _) in enumerate(EVERY)])
def test_the_right_result_is_accepted(twin_id: str, parameters: Any) -> None:
    scores = z_scores(twin_id, parameters, 100_000, seed=1)
    assert all(abs(z) < 4 for z in scores.values()), scores


@pytest.mark.parametrize(("twin_id", "miss"), MISSES, ids=[f"{i}-{n}" for n, (i, _) in enumerate(MISSES)])
def test_the_near_miss_is_rejected(twin_id: str, miss: Any) -> None:
    """With the stated paths in nearly every run, while the right result passes in every one."""
    twin = load(twin_id)
    right = float(RIGHT[twin_id](twin.DEFAULT)[miss.quantity])
    assert abs(miss.value / right - 1) < 0.6 or miss.claim.startswith(("as printed", "none")), "a near miss lies near"
    rejected = 0
    for seed in SEEDS:
        estimate = twin.simulate(twin.DEFAULT, miss.paths, seed)[miss.quantity]
        rejected += abs(z_score(estimate.value, estimate.se, miss.value)) > REJECTION
        assert abs(z_score(estimate.value, estimate.se, right)) < REJECTION
    assert rejected >= len(SEEDS) - 2


@pytest.mark.parametrize(("twin_id", "miss"), MISSES, ids=[f"{i}-{n}" for n, (i, _) in enumerate(MISSES)])
def test_the_stated_power_is_the_computed_one(twin_id: str, miss: Any) -> None:
    twin = load(twin_id)
    right = float(RIGHT[twin_id](twin.DEFAULT)[miss.quantity])
    estimate = twin.simulate(twin.DEFAULT, 200_000, 3)[miss.quantity]
    needed = paths_needed(miss.value - right, estimate.se * math.sqrt(estimate.paths))
    assert miss.paths == pytest.approx(max(needed, FEWEST), rel=0.1)


@pytest.mark.parametrize("twin_id", ids())
def test_p_values_over_many_seeds_are_uniform(twin_id: str) -> None:
    """The test of the tests: neither too good nor too bad, for every quantity."""
    parameters = load(twin_id).DEFAULT
    if "T" in (f.name for f in fields(parameters)):
        parameters = replace(parameters, T=4)
    runs = [z_scores(twin_id, parameters, 8192, seed) for seed in range(200)]
    for name in runs[0]:
        assert uniformity([p_value(run[name]) for run in runs]) > 1e-3, name
        assert uniformity([0.5 * math.erfc(-run[name] / math.sqrt(2)) for run in runs]) > 1e-3, name


@pytest.mark.parametrize("twin_id", [i for i in ids() if i.startswith("errata/")])
def test_the_twin_of_an_erratum_rejects_what_is_printed(twin_id: str) -> None:
    assert any("as printed" in miss.claim for miss in load(twin_id).REJECTS)
