"""Right results of the twins of the errata: what holds where the sources print something else."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from numeric import forward_process
from numeric.answers import Answers, Pair
from numeric.catalogue.errata import (
    diffusion_forgetting,
    diffusion_mixing,
    diffusion_product_index,
    preference_effective_steps,
    preference_pairwise_loss,
    preference_partition,
    preference_proportional,
    preference_reparameterization,
    preference_small_margin,
)

At = forward_process.Parameters


def back(p: At) -> dict[str, Fraction]:
    """By the covariance matrix of both states."""
    now = Fraction(p.sigma) ** 2 + p.step * Fraction(1, p.T)
    before = now - Fraction(1, p.T)
    return {"slope": before / now, "variance": before - before**2 / now}


def share(steps: int, noise: Callable[[int], Fraction]) -> dict[str, Fraction]:
    return {"share": math.prod((1 - noise(i) for i in range(1, steps + 1)), start=Fraction(1))}


def after_some(p: diffusion_product_index.Parameters) -> dict[str, Fraction]:
    return share(p.t, lambda i: Fraction(1, i + 2))


def after_all(p: diffusion_forgetting.Parameters) -> dict[str, Fraction]:
    return share(p.T, lambda i: Fraction(1, (i + 1) ** 2))


def margin(p: Pair) -> dict[str, float]:
    ratios = [p.pi_theta[y] / p.pi_ref[y] for y in (p.y_w, p.y_l)]
    return {"margin": p.beta * math.log(ratios[0] / ratios[1])}


def ends(p: Answers) -> dict[str, float]:
    total = math.log(math.fsum(q * math.exp(r / p.beta) for q, r in zip(p.pi_ref, p.r, strict=True)))
    return {"maximum": p.beta * total, "minimum": -total}


def ranking(p: preference_pairwise_loss.Parameters) -> dict[str, float]:
    one, two, three = map(math.exp, (p.s_1, p.s_2, p.s_3))
    return {"log-likelihood": math.log(one / (one + two + three) * two / (two + three))}


def two_gradients(p: preference_reparameterization.Parameters) -> dict[str, float]:
    win = 1 / (1 + math.exp(-p.theta))
    return {
        "gradient of moving values": 2 * p.theta,
        "gradient of moving probabilities": win * (1 - win) * (p.f_1 - p.f_2),
    }


def small(p: preference_small_margin.Parameters) -> dict[str, float]:
    return {"weight": math.exp(-p.u) / (1 + math.exp(-p.u))}


def added(p: diffusion_mixing.Parameters) -> dict[str, float]:
    return {"sum": p.sigma_1**2 + p.sigma_2**2, "mixture": p.sigma_1**2 / 2 + p.sigma_2**2 / 2}


def chosen(p: preference_proportional.Parameters) -> dict[str, float]:
    return {"choice": 1 / (1 + math.exp(p.r_2 - p.r_1))}


def step(p: preference_effective_steps.Parameters) -> dict[str, float]:
    return {"slope": -p.beta / (1 + math.exp(p.beta * p.m))}


def shifted(p: preference_partition.Parameters) -> dict[str, float]:
    return {"shifted": math.fsum(q * math.exp((r + p.c) / p.beta) for q, r in zip(p.pi_ref, p.r, strict=True))}


RIGHT: dict[str, Callable[[Any], dict[str, Any]]] = {
    "errata/diffusion_reverse_label": back,
    "errata/diffusion_product_index": after_some,
    "errata/diffusion_forgetting": after_all,
    "errata/preference_bias_term": margin,
    "errata/preference_max_min": ends,
    "errata/preference_pairwise_loss": ranking,
    "errata/preference_reparameterization": two_gradients,
    "errata/preference_small_margin": small,
    "errata/diffusion_mixing": added,
    "errata/preference_proportional": chosen,
    "errata/preference_effective_steps": step,
    "errata/preference_partition": shifted,
}

OTHERS: dict[str, list[Any]] = {
    "errata/diffusion_mixing": [diffusion_mixing.Parameters(2.0, 0.1), diffusion_mixing.Parameters(1.0, 1.0)],
    "errata/preference_proportional": [preference_proportional.Parameters(-1.0, 0.5)],
    "errata/preference_effective_steps": [preference_effective_steps.Parameters(beta=b) for b in (0.1, 4.0)],
    "errata/preference_partition": [preference_partition.Parameters(c=-1.0, beta=2.0)],
    "errata/diffusion_reverse_label": [At(sigma=0.1, T=1, t=1), At(sigma=2, T=7, t=Fraction(3, 7))],
    "errata/diffusion_product_index": [
        diffusion_product_index.Parameters(z=1.0, T=4, t=1),
        diffusion_product_index.Parameters(z=30.0, T=50, t=50),
    ],
    "errata/diffusion_forgetting": [
        diffusion_forgetting.Parameters(T=1),
        diffusion_forgetting.Parameters(z=9.0, T=200),
    ],
    "errata/preference_bias_term": [Pair(beta=3.0), Pair(y_w=3, y_l=2)],
    "errata/preference_max_min": [Answers(beta=0.25), *(Answers.random(seed, 2 + seed) for seed in range(3))],
    "errata/preference_pairwise_loss": [
        preference_pairwise_loss.Parameters(0.0, 0.0, 0.0),
        preference_pairwise_loss.Parameters(-1.0, 2.0, 0.5),
    ],
    "errata/preference_reparameterization": [
        preference_reparameterization.Parameters(theta=-1.0),
        preference_reparameterization.Parameters(theta=0.25, f_1=-3.0, f_2=2.0),
    ],
    "errata/preference_small_margin": [preference_small_margin.Parameters(u=u) for u in (0.001, 1.1, 4.0)],
}
