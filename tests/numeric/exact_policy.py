"""Right results of the policy twins: sums over answers and tokens, with the derivatives as given."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from numeric.catalogue.policy import advantages, scale_rl, score_function, shaped_reward


def moved(p: score_function.Parameters) -> dict[str, float]:
    slope = math.fsum(f * d for f, d in zip(p.f, p.dot_pi_theta, strict=True))
    return dict.fromkeys(("gradient", "score estimate", "score estimate with baseline"), slope)


def penalised(p: shaped_reward.Parameters) -> dict[str, float]:
    rewards = [f - p.beta * math.log(a / b) for f, a, b in zip(p.f, p.pi_theta, p.pi_ref, strict=True)]
    slope = math.fsum(r * d for r, d in zip(rewards, p.dot_pi_theta, strict=True))
    mean = math.fsum(a * r for a, r in zip(p.pi_theta, rewards, strict=True))
    return {"objective": mean, "gradient": slope, "score estimate": slope}


def truncated(p: scale_rl.Parameters) -> dict[str, float]:
    tokens = zip(p.pi_theta, p.dot_pi_theta, p.pi_gen, p.A, strict=True)
    return {"gradient": math.fsum(min(a / g, p.varepsilon) * adv * d / a for a, d, g, adv in tokens) / p.N}


def normalised(p: advantages.Parameters) -> dict[str, float]:
    return {"spread": float(p.m * (1 - p.m)), "mean square": 1.0}


RIGHT: dict[str, Callable[[Any], dict[str, Any]]] = {
    "policy/score_function": moved,
    "policy/shaped_reward": penalised,
    "policy/scale_rl": truncated,
    "policy/advantages": normalised,
}
TWO = {"f": (1.0, -1.0), "pi_theta": (0.9, 0.1), "dot_pi_theta": (-0.5, 0.5)}

OTHERS: dict[str, list[Any]] = {
    "policy/score_function": [score_function.Parameters(b=-2.0), score_function.Parameters(**TWO)],
    "policy/shaped_reward": [
        shaped_reward.Parameters(beta=2.0),
        shaped_reward.Parameters(**TWO, pi_ref=(0.5, 0.5), beta=0.1),
    ],
    "policy/scale_rl": [
        scale_rl.Parameters(varepsilon=10.0),
        scale_rl.Parameters((0.5, 0.4), (1.0, -2.0), (0.1, 0.9), (1.0, 2.0)),
    ],
    "policy/advantages": [advantages.Parameters(G=2, right=1), advantages.Parameters(G=64, right=5)],
}
