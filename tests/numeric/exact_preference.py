"""Right results of the preference twins, from the definitions of policies and rewards."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from numeric.answers import Answers, Pair
from numeric.catalogue.preference import (
    answer_space,
    dpo_gradient,
    idea_zero,
    plackett_luce,
    reward_model,
    role_of_beta,
    softmax_gradient,
)


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
    return {
        "objective": p.beta * (math.log(total) - distance),
        "partition function": total,
        "maximum": p.beta * math.log(total),
    }


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


def contradicted(p: dpo_gradient.Parameters) -> dict[str, float]:
    """The gradient by the derivatives of the two probabilities."""
    win, lose = implicit_rewards(p, p.y_w, p.y_l)
    weight = 1 / (1 + math.exp(win - lose))
    scores = [p.dot_pi_theta[y] / p.pi_theta[y] for y in (p.y_w, p.y_l)]
    return {"weight": weight, "gradient": -p.beta * weight * (scores[0] - scores[1])}


def minimised(p: Answers) -> dict[str, float]:
    return {"divergence": -regularised(p)["objective"] / p.beta}


def separated(p: idea_zero.Parameters) -> dict[str, float]:
    """The margin is the parameter; the slope is that of log(1 + e^(-βs))."""
    return {"difference": p.s, "slope of the loss": -p.beta * math.exp(-p.beta * p.s) / (1 + math.exp(-p.beta * p.s))}


def renewed(p: Pair) -> dict[str, float]:
    win, lose = implicit_rewards(p, p.y_w, p.y_l)
    return {"margin": win - lose, "renewed weight": 0.5}


def labelled(p: reward_model.Parameters) -> dict[str, float]:
    win, lose = math.exp(p.r_phi[p.y_w]), math.exp(p.r_phi[p.y_l])
    slope = p.dot_r_phi[p.y_w] - p.dot_r_phi[p.y_l]
    return {"loss": -math.log(win / (win + lose)), "gradient": -lose / (win + lose) * slope}


def trained(p: role_of_beta.Parameters) -> dict[str, float]:
    preferred = 1 / (1 + math.exp(-p.beta * p.m))
    return {"slope": p.beta * (preferred - p.p), "margin": (math.log(p.p) - math.log(1 - p.p)) / p.beta}


def softmax(p: softmax_gradient.Parameters) -> dict[str, float]:
    weights = [math.exp(p.z_w), math.exp(p.z_l), p.W]
    chances = [w / math.fsum(weights) for w in weights]
    difference = math.log(chances[0]) - math.log(chances[1])
    return {"difference": difference, "chosen logit": -p.beta / (1 + math.exp(p.beta * (difference - p.b)))}


def multiplied(p: Answers) -> dict[str, float]:
    """At any answer: its reward less the penalty's slope."""
    best, _ = optimal(p)
    return {"multiplier": p.r[0] - p.beta * (math.log(best[0] / p.pi_ref[0]) + 1)}


def written(p: answer_space.Parameters) -> dict[str, float]:
    """Token by token: each goes on in V ways."""
    texts = 1
    for _ in range(p.l):
        texts += (p.V - 1) * texts
    return {"texts": float(texts)}


RIGHT: dict[str, Callable[[Any], dict[str, Any]]] = {
    "preference/bradley_terry": preferred,
    "preference/answer_space": written,
    "preference/gibbs_inequality": diverged,
    "preference/four_steps": minimised,
    "preference/idea_zero": separated,
    "preference/reference_policy": renewed,
    "preference/reward_model": labelled,
    "preference/role_of_beta": trained,
    "preference/softmax_gradient": softmax,
    "preference/stationarity": multiplied,
    "preference/gibbs_policy": regularised,
    "preference/reward_from_policy": rewarded,
    "preference/plackett_luce": ranked,
    "preference/tilt": fluctuation,
    "preference/dpo_gradient": contradicted,
}
SOME = [*(Answers.random(seed, 2 + seed) for seed in range(3)), Answers(beta=50.0)]

OTHERS: dict[str, list[Any]] = {
    "preference/answer_space": [answer_space.Parameters(V=7, l=3), answer_space.Parameters(V=2, l=1)],
    "preference/four_steps": SOME,
    "preference/idea_zero": [idea_zero.Parameters(s=-2.0), idea_zero.Parameters(beta=2.0, s=0.0)],
    "preference/reference_policy": [Pair(beta=3.0), Pair(y_w=3, y_l=2)],
    "preference/reward_model": [reward_model.Parameters(y_w=1), reward_model.Parameters((3.0, -2.0), (0.0, 1.0), 1, 0)],
    "preference/role_of_beta": [
        role_of_beta.Parameters(beta=0.1, p=0.9),
        role_of_beta.Parameters(beta=5.0, m=-0.25, p=0.5),
        role_of_beta.Parameters(p=0.02),
    ],
    "preference/softmax_gradient": [
        softmax_gradient.Parameters(W=50.0, b=1.0),
        softmax_gradient.Parameters(beta=2.0, z_w=-1.0, z_l=1.0),
    ],
    "preference/stationarity": [Answers(), *SOME],
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
    "preference/dpo_gradient": [dpo_gradient.Parameters(beta=1.5), dpo_gradient.Parameters(y_w=3, y_l=1)],
}
