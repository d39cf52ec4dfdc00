"""The DPO loss: its gradient by finite differences and by sampled preferences, and the policy that training ends in."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from numeric.engine.preference_loss import loss_and_gradient

ANSWERS, BETA = 5, 0.5
REWARDS = np.array([0.0, 1.0, -0.5, 0.75, 0.25])
REFERENCE = np.log([0.1, 0.3, 0.2, 0.15, 0.25])


def plain_loss(beta: float, logits: Any, chosen: Any, other: Any) -> float:
    """With the softmax and its normaliser written out, in double precision."""
    policy = logits - math.log(np.exp(logits).sum())
    implicit = beta * (policy - REFERENCE)
    return float(np.mean(np.log1p(np.exp(implicit[other] - implicit[chosen]))))


def preferences(pairs: int, seed: int, scale: float = 1.0) -> tuple[Any, Any]:
    """Pairs of different answers, drawn evenly, and the one that people prefer by their rewards."""
    draw = np.random.default_rng(seed)
    first = draw.integers(ANSWERS, size=pairs)
    second = (first + draw.integers(1, ANSWERS, size=pairs)) % ANSWERS
    wins = draw.random(pairs) < 1 / (1 + np.exp(-scale * (REWARDS[first] - REWARDS[second])))
    return np.where(wins, first, second), np.where(wins, second, first)


@pytest.mark.parametrize("seed", range(5))
def test_the_gradient_is_that_of_finite_differences(seed: int) -> None:
    draw = np.random.default_rng(seed)
    logits, beta = draw.normal(size=ANSWERS), float(draw.uniform(0.1, 2))
    chosen, other = preferences(500, seed)
    loss, gradient = loss_and_gradient(beta, logits, REFERENCE, chosen, other)
    assert loss == pytest.approx(plain_loss(beta, logits, chosen, other), rel=1e-6)
    h = 1e-5
    for answer in range(ANSWERS):
        step = h * np.eye(ANSWERS)[answer]
        losses = (plain_loss(beta, logits + step, chosen, other), plain_loss(beta, logits - step, chosen, other))
        assert gradient[answer] == pytest.approx((losses[0] - losses[1]) / (2 * h), abs=2e-7)
    assert abs(gradient.sum()) < 1e-7, "a common term of all logits changes nothing"


def slopes(seed: int, rewards_scale: float) -> tuple[Any, Any]:
    """The mean gradient at the policy whose implicit rewards are the rewards, and its standard errors."""
    optimal = REFERENCE + REWARDS / BETA
    batches = []
    for part in range(40):
        chosen, other = preferences(5_000, 1_000 * seed + part, rewards_scale)
        batches.append(loss_and_gradient(BETA, optimal, REFERENCE, chosen, other)[1])
    return np.mean(batches, axis=0), np.std(batches, axis=0, ddof=1) / math.sqrt(len(batches))


def test_sampled_preferences_leave_the_optimal_policy_where_it_is() -> None:
    mean, se = slopes(1, 1.0)
    assert np.all(np.abs(mean) < 5 * se)
    mean, se = slopes(2, 0.7)  # people who follow their rewards less move it
    assert np.any(np.abs(mean) > 5 * se)


def trained(beta: float, chosen: Any, other: Any) -> Any:
    """Logits by gradient descent from the reference policy, as long as it moves."""
    logits = REFERENCE.copy()
    for _ in range(400):
        gradient = loss_and_gradient(beta, logits, REFERENCE, chosen, other)[1]
        logits = logits - 12 * gradient / beta**2
    return logits


def test_training_on_preferences_ends_in_the_optimal_policy() -> None:
    """Without ever seeing a reward: the implicit rewards are the rewards, up to a term of the prompt."""
    chosen, other = preferences(60_000, 7)
    implicit = BETA * (trained(BETA, chosen, other) - REFERENCE)
    error = implicit - implicit.mean() - (REWARDS - REWARDS.mean())
    assert np.abs(error).max() < 0.06  # 5 standard errors of a fitted reward
    near_miss = implicit - implicit.mean() - BETA * (REWARDS - REWARDS.mean())
    assert np.abs(near_miss).max() > 0.3, "rewards multiplied by the strength"


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_a_logit_that_is_no_number(wrong: float) -> None:
    with pytest.raises(ValueError, match="logits and log_reference must be finite"):
        loss_and_gradient(BETA, np.array([0.0, wrong]), np.zeros(2), np.array([0]), np.array([1]))


@pytest.mark.parametrize("beta", [0.0, -1.0, math.nan, True])
def test_a_strength_outside_its_domain(beta: float) -> None:
    with pytest.raises(ValueError, match="^beta = "):
        loss_and_gradient(beta, np.zeros(2), np.zeros(2), np.array([0]), np.array([1]))


@pytest.mark.parametrize(("chosen", "other"), [([2], [0]), ([0], [-1]), ([], []), ([0, 1], [1])])
def test_pairs_of_answers_that_are_not_there(chosen: list[int], other: list[int]) -> None:
    with pytest.raises(ValueError, match="must be a list of answers from 0 to 1"):
        loss_and_gradient(BETA, np.zeros(2), np.zeros(2), np.array(chosen, np.int64), np.array(other, np.int64))
