"""Every twin accepts the right result, computed here step by step in exact arithmetic, and rejects its near misses."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import pytest

from numeric import reverse_chain
from numeric.answers import Answers, Pair
from numeric.catalogue import ids, load
from numeric.catalogue.diffusion import (
    ddim_chain,
    ddim_chain_exact,
    ddim_step,
    ddpm_chain,
    ddpm_update,
    forward_marginal,
    marginal_distance,
    mean_chain,
    posterior,
    predictor,
    reverse_conditional,
    three_states,
    variance_preserving,
)
from numeric.catalogue.preference import plackett_luce
from numeric.power import REJECTION, p_value, paths_needed, uniformity, z_score


# -- right results: the moments of the process after each of its T steps, in rational numbers ----------------
def forward(p: forward_marginal.Parameters) -> dict[str, Fraction]:
    variance = [Fraction(p.sigma) ** 2]
    for _ in range(p.T):
        variance.append(variance[-1] + Fraction(1, p.T))
    zero = Fraction(0)
    return {
        "Var(X_t)": variance[p.step],
        "Var(X_{t-dt})": variance[p.step - 1],
        "Var(X_1)": variance[p.T],
        "Cov(X_{t-dt}, X_t)": variance[p.step - 1],  # the noise of the step is independent of what was before
        "E[X_t]": zero,
        "E[X_{t-dt}]": zero,
        "E[X_1]": zero,
    }


def one_step_back(p: reverse_conditional.Parameters) -> dict[str, Fraction]:
    before = Fraction(p.sigma) ** 2
    for _ in range(p.step - 1):
        before += Fraction(1, p.T)
    now = before + Fraction(1, p.T)
    covariance = before  # the noise of the step is independent of what was before
    return {"slope": covariance / now, "variance": before - covariance**2 / now}


def chain(p: reverse_chain.Parameters, *, noise: bool) -> dict[str, Fraction]:
    s2, dt, variance = Fraction(p.sigma) ** 2, Fraction(1, p.T), Fraction(p.v)
    for k in range(p.T, 0, -1):
        variance *= ((s2 + (k - 1) * dt) / (s2 + k * dt)) ** 2
        variance += noise * dt
    return {"variance": variance, "mean": Fraction(0)}


def predicted(p: predictor.Parameters) -> dict[str, Fraction]:
    s2, t = Fraction(p.sigma) ** 2, Fraction(p.t)
    return {"slope": s2 / (s2 + t), "variance": s2 - s2**2 / (s2 + t)}  # Cov(X_0, X_t) = Var(X_0)


def moved(p: ddpm_update.Parameters) -> dict[str, Fraction]:
    s2, t, dt = Fraction(p.sigma) ** 2, Fraction(p.t), Fraction(1, p.T)
    covariance = (s2 + t - dt) - dt / t * s2  # of X_{t-dt} - dt/t X_0 with X_t
    return {"share of the state": covariance / (s2 + t)}


def kept(steps: int) -> Fraction:
    return math.prod((1 - Fraction(1, i + 1) for i in range(1, steps + 1)), start=Fraction(1))


def preserved(p: variance_preserving.Parameters) -> dict[str, float]:
    return {"mean": math.sqrt(kept(p.k)) * p.sigma, "variance": float(1 - kept(p.k))}


def back(p: posterior.Parameters) -> dict[str, float]:
    before, shrink, now = float(1 - kept(p.k - 1)), math.sqrt(1 - 1 / (p.k + 1)), float(1 - kept(p.k))
    return {"slope": shrink * before / now, "variance": before - (shrink * before) ** 2 / now}


def apart(p: marginal_distance.Parameters) -> dict[str, float]:
    return {"distance squared": (math.sqrt(p.sigma**2 + 1) - 1) ** 2}


def walked(p: three_states.Parameters) -> dict[str, Fraction]:
    stay, a, before = 1 - Fraction(2, p.T), Fraction(1), Fraction(1)
    for _ in range(p.k):
        before, a = a, stay * a + Fraction(1, p.T) * (1 - a)
    return {"A": a, "A before A": stay * before / a}


def deterministic_step(p: ddim_step.Parameters) -> dict[str, float]:
    s2, t, dt = Fraction(p.sigma) ** 2, Fraction(p.t), Fraction(1, p.T)
    predicted = s2 / (s2 + t)  # Cov(X_0, X_t) = Var(X_0), because the noise is independent of the data
    return {"factor": 1 + float((predicted - 1) * dt / t) / (1 + math.sqrt(1 - dt / t))}


def deterministic(p: reverse_chain.Parameters, *, exact: bool) -> dict[str, float]:
    s2, dt, factor = p.sigma**2, 1 / p.T, 1.0
    for k in range(p.T, 0, -1):
        share = 1 / (1 + math.sqrt(1 - 1 / k)) if exact else 0.5
        factor *= 1 - share * dt / (s2 + k * dt)
    return {"variance": factor**2 * p.v, "mean": 0.0}


def preferred(p: Pair) -> dict[str, float]:
    """By the policy that is optimal for the reward, from its definition, with its partition function."""
    weights = [q * math.exp(r / p.beta) for q, r in zip(p.pi_ref, p.r, strict=True)]
    optimal = [w / math.fsum(weights) for w in weights]
    implicit = [p.beta * math.log(o / q) for o, q in zip(optimal, p.pi_ref, strict=True)]
    return {"probability": 1 / (1 + math.exp(implicit[p.y_l] - implicit[p.y_w]))}


def optimal(p: Answers) -> tuple[list[float], float]:
    """The optimal policy and the partition function, from their definitions."""
    weights = [q * math.exp(r / p.beta) for q, r in zip(p.pi_ref, p.r, strict=True)]
    total = math.fsum(weights)
    return [w / total for w in weights], total


def diverged(p: Answers) -> dict[str, float]:
    return {"divergence": math.fsum(a * math.log(a / b) for a, b in zip(p.pi_theta, p.pi_ref, strict=True))}


def regularised(p: Answers) -> dict[str, float]:
    """By the distance from the optimal policy."""
    best, total = optimal(p)
    distance = math.fsum(a * math.log(a / b) for a, b in zip(p.pi_theta, best, strict=True))
    return {"objective": p.beta * (math.log(total) - distance), "partition function": total}


def rewarded(p: Answers) -> dict[str, float]:
    best, _ = optimal(p)
    return {"mean reward": math.fsum(b * r for b, r in zip(best, p.r, strict=True))}


def fluctuation(p: Answers) -> dict[str, float]:
    best, _ = optimal(p)
    mean = math.fsum(b * r for b, r in zip(best, p.r, strict=True))
    return {"growth": math.fsum(b * (r - mean) ** 2 for b, r in zip(best, p.r, strict=True))}


def implicit_rewards(p: Answers, *answers: int) -> list[float]:
    return [p.beta * math.log(p.pi_theta[y] / p.pi_ref[y]) for y in answers]


def ranked(p: plackett_luce.Parameters) -> dict[str, float]:
    one, two, three = map(math.exp, implicit_rewards(p, p.y_1, p.y_2, p.y_3))
    return {"ranking": one / (one + two + three) * two / (two + three)}


def contradicted(p: Pair) -> dict[str, float]:
    win, lose = implicit_rewards(p, p.y_w, p.y_l)
    return {"weight": 1 / (1 + math.exp(win - lose))}


RIGHT: dict[str, Callable[[Any], dict[str, Any]]] = {
    "diffusion/forward_marginal": forward,
    "diffusion/reverse_conditional": one_step_back,
    "diffusion/mean_chain": partial(chain, noise=False),
    "diffusion/ddpm_chain": partial(chain, noise=True),
    "diffusion/variance_preserving": preserved,
    "diffusion/posterior": back,
    "diffusion/marginal_distance": apart,
    "diffusion/three_states": walked,
    "diffusion/predictor": predicted,
    "diffusion/ddpm_update": moved,
    "diffusion/ddim_step": deterministic_step,
    "diffusion/ddim_chain": partial(deterministic, exact=False),
    "diffusion/ddim_chain_exact": partial(deterministic, exact=True),
    "preference/bradley_terry": preferred,
    "preference/gibbs_inequality": diverged,
    "preference/gibbs_policy": regularised,
    "preference/reward_from_policy": rewarded,
    "preference/plackett_luce": ranked,
    "preference/tilt": fluctuation,
    "preference/dpo_gradient": contradicted,
}
SOME = [*(Answers.random(seed, 2 + seed) for seed in range(3)), Answers(beta=50.0)]

OTHERS: dict[str, list[Any]] = {
    "diffusion/forward_marginal": [
        forward_marginal.Parameters(sigma=0.1, T=1, t=1),
        forward_marginal.Parameters(sigma=2, T=7, t=Fraction(1, 7)),
        forward_marginal.Parameters(sigma=1e-6, T=50, t=1.0),
    ],
    "diffusion/reverse_conditional": [
        reverse_conditional.Parameters(sigma=0.1, T=1, t=1),
        reverse_conditional.Parameters(sigma=2, T=7, t=Fraction(1, 7)),
        reverse_conditional.Parameters(sigma=1e-3, T=50, t=0.5),
        reverse_conditional.Parameters(sigma=1000, T=10**6, t=1e-6),
    ],
    "diffusion/mean_chain": [
        mean_chain.Parameters(sigma=0.1, T=200),
        mean_chain.Parameters(sigma=0.5, T=20, v=1.25),
        mean_chain.Parameters(sigma=1e-9, T=3),
        mean_chain.Parameters(sigma=1000, T=1, v=1e-9),
    ],
    "diffusion/ddpm_chain": [
        ddpm_chain.Parameters(sigma=0.1, T=200),
        ddpm_chain.Parameters(sigma=0.5, T=20, v=1.25),
        ddpm_chain.Parameters(sigma=0.01, T=3),
    ],
    "diffusion/variance_preserving": [
        variance_preserving.Parameters(sigma=2, k=1),
        variance_preserving.Parameters(sigma=0.1, k=20),
    ],
    "diffusion/posterior": [
        posterior.Parameters(sigma=2, k=2),
        posterior.Parameters(sigma=0.1, k=20),
    ],
    "diffusion/marginal_distance": [
        marginal_distance.Parameters(sigma=3, T=1),
        marginal_distance.Parameters(sigma=0.5, T=4),
    ],
    "diffusion/three_states": [
        three_states.Parameters(T=4, k=7),
        three_states.Parameters(T=100, k=2),
    ],
    "diffusion/predictor": [
        predictor.Parameters(sigma=0.1, T=1, t=1),
        predictor.Parameters(sigma=2, T=7, t=Fraction(1, 7)),
        predictor.Parameters(sigma=0.01, T=50, t=0.5),
    ],
    "diffusion/ddpm_update": [
        ddpm_update.Parameters(sigma=0.1, T=2, t=1),
        ddpm_update.Parameters(sigma=2, T=7, t=Fraction(2, 7)),
        ddpm_update.Parameters(sigma=0.01, T=50, t=0.5),
    ],
    "diffusion/ddim_step": [
        ddim_step.Parameters(sigma=0.1, T=1, t=1),
        ddim_step.Parameters(sigma=2, T=7, t=Fraction(1, 7)),
        ddim_step.Parameters(sigma=0.01, T=50, t=1.0),
    ],
    "diffusion/ddim_chain": [
        ddim_chain.Parameters(sigma=0.1, T=200),
        ddim_chain.Parameters(sigma=0.5, T=20, v=1.25),
        ddim_chain.Parameters(sigma=1e-9, T=3),
    ],
    "diffusion/ddim_chain_exact": [
        ddim_chain_exact.Parameters(sigma=0.1, T=200),
        ddim_chain_exact.Parameters(sigma=0.5, T=20, v=1.25),
        ddim_chain_exact.Parameters(sigma=0.1, T=1),
    ],
    "preference/bradley_terry": [
        *(Pair.random(seed, 2 + seed) for seed in range(6)),
        Pair(r=(10, -10), pi_ref=(0.5, 0.5), pi_theta=(0.5, 0.5)),
        Pair(r=(-10, 10), pi_ref=(0.5, 0.5), pi_theta=(0.5, 0.5)),
    ],
    "preference/gibbs_inequality": SOME,
    "preference/gibbs_policy": SOME,
    "preference/reward_from_policy": SOME,
    "preference/tilt": SOME,
    "preference/plackett_luce": [plackett_luce.Parameters(beta=2.0), plackett_luce.Parameters(c=-4.0, y_1=3)],
    "preference/dpo_gradient": [Pair(beta=3.0), Pair(y_w=3, y_l=2)],
}
EVERY = [(twin_id, parameters) for twin_id in ids() for parameters in [load(twin_id).DEFAULT, *OTHERS[twin_id]]]
MISSES = [(twin_id, miss) for twin_id in ids() for miss in load(twin_id).REJECTS]
SEEDS = range(20)


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
    assert abs(miss.value / right - 1) < 0.6, "a near miss lies near"
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
    assert miss.paths == pytest.approx(needed, rel=0.1)


@pytest.mark.parametrize("twin_id", ids())
def test_p_values_over_many_seeds_are_uniform(twin_id: str) -> None:
    """The test of the tests: neither too good nor too bad, for every quantity."""
    parameters = load(twin_id).DEFAULT
    if hasattr(parameters, "T"):
        parameters = replace(parameters, T=4)
    runs = [z_scores(twin_id, parameters, 8192, seed) for seed in range(200)]
    for name in runs[0]:
        assert uniformity([p_value(run[name]) for run in runs]) > 1e-3, name
        assert uniformity([0.5 * math.erfc(-run[name] / math.sqrt(2)) for run in runs]) > 1e-3, name


def test_the_limit_of_small_steps_is_approached_at_the_rate_1_over_T() -> None:
    """What the chain with noise tends to, by its exact recursion: the distance halves when T doubles."""
    limit = Fraction(1, 4) - Fraction(1, 64) / Fraction(5, 4) ** 2
    distance = [chain(ddpm_chain.Parameters(T=T), noise=True)["variance"] - limit for T in (64, 128, 256)]
    assert all(1.95 < a / b < 2.05 for a, b in zip(distance, distance[1:], strict=False))
