"""The Gibbs policy against other policies: none of many random ones, nor the end of an ascent, does better."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from numeric.answers import Answers
from numeric.competitors import objective, optimised

CASES = [Answers(), Answers(beta=0.1), *(Answers.random(seed, 2 + 3 * seed) for seed in range(5))]


def gibbs(p: Answers, beta: float) -> Any:
    weights = np.array(p.pi_ref) * np.exp(np.array(p.r) / beta)
    return weights / weights.sum()


@pytest.mark.parametrize("parameters", CASES)
def test_no_random_competitor_does_better(parameters: Answers) -> None:
    draw = np.random.default_rng(1)
    best = float(objective(parameters, gibbs(parameters, parameters.beta)))
    everywhere = draw.dirichlet(np.ones(len(parameters.r)), 20_000)
    nearby = gibbs(parameters, parameters.beta) * np.exp(0.01 * draw.normal(size=(20_000, len(parameters.r))))
    for competitors in (everywhere.clip(1e-300), nearby / nearby.sum(axis=1, keepdims=True)):
        values = objective(parameters, competitors)
        assert values.max() < best
    assert best - values.max() < 1e-3, "the nearest of them come close"


@pytest.mark.parametrize("parameters", CASES)
def test_the_ascent_ends_in_the_gibbs_policy(parameters: Answers) -> None:
    found = optimised(parameters)
    assert found == pytest.approx(gibbs(parameters, parameters.beta), rel=1e-9)
    top = float(objective(parameters, found))
    assert top == pytest.approx(float(objective(parameters, gibbs(parameters, parameters.beta))), abs=1e-12)


@pytest.mark.parametrize("parameters", CASES)
def test_a_wrong_optimum_loses_to_random_competitors(parameters: Answers) -> None:
    """The policy of another strength: a small random step improves it."""
    wrong = gibbs(parameters, 1.2 * parameters.beta)
    steps = np.random.default_rng(2).normal(size=(2_000, len(parameters.r)))
    nearby = wrong * np.exp(0.01 * steps)
    values = objective(parameters, nearby / nearby.sum(axis=1, keepdims=True))
    assert values.max() > float(objective(parameters, wrong))
