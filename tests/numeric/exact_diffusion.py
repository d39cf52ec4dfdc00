"""Right results of the diffusion twins: moments after each of the T steps, in rational numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from numeric import forward_process, preserving_chain, reverse_chain
from numeric.catalogue.diffusion import marginal_distance, regression_target, small_step, three_states

At = forward_process.Parameters
Back = reverse_chain.Parameters
Kept = preserving_chain.Parameters


def forward(p: At) -> dict[str, Fraction]:
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


def one_step_back(p: At) -> dict[str, Fraction]:
    before = Fraction(p.sigma) ** 2
    for _ in range(p.step - 1):
        before += Fraction(1, p.T)
    now = before + Fraction(1, p.T)
    covariance = before  # the noise of the step is independent of what was before
    return {"slope": covariance / now, "variance": before - covariance**2 / now}


def chain(p: Back, *, noise: bool) -> dict[str, Fraction]:
    s2, dt, variance = Fraction(p.sigma) ** 2, Fraction(1, p.T), Fraction(p.v)
    for k in range(p.T, 0, -1):
        variance *= ((s2 + (k - 1) * dt) / (s2 + k * dt)) ** 2
        variance += noise * dt
    return {"variance": variance, "mean": Fraction(0)}


def noisy(p: Back) -> dict[str, Fraction]:
    """The same from both starts."""
    found, wider = chain(p, noise=True), chain(replace(p, v=Fraction(p.v) + Fraction(p.sigma) ** 2), noise=True)
    return {**found, "gain from N(0, 1 + sigma^2)": wider["variance"] - found["variance"]}


def predicted(p: At) -> dict[str, Fraction]:
    s2, t = Fraction(p.sigma) ** 2, Fraction(p.t)
    return {"slope": s2 / (s2 + t), "variance": s2 - s2**2 / (s2 + t)}  # Cov(X_0, X_t) = Var(X_0)


def moved(p: At) -> dict[str, Fraction]:
    s2, t, dt = Fraction(p.sigma) ** 2, Fraction(p.t), Fraction(1, p.T)
    covariance = (s2 + t - dt) - dt / t * s2  # of X_{t-dt} - dt/t X_0 with X_t
    return {"share of the state": covariance / (s2 + t)}


def answered(p: regression_target.Parameters) -> dict[str, Fraction]:
    least, seen, c = one_step_back(p)["variance"], one_step_back(p)["slope"], Fraction(p.c)
    return {"loss": least + (seen - c) ** 2, "least loss": least}


def kept(steps: int) -> Fraction:
    return math.prod((1 - Fraction(1, i + 1) for i in range(1, steps + 1)), start=Fraction(1))


def preserved(p: Kept) -> dict[str, float]:
    return {"mean": math.sqrt(kept(p.k)) * p.sigma, "variance": float(1 - kept(p.k))}


def back(p: Kept) -> dict[str, float]:
    before, shrink, now = float(1 - kept(p.k - 1)), math.sqrt(1 - 1 / (p.k + 1)), float(1 - kept(p.k))
    return {"slope": shrink * before / now, "variance": before - (shrink * before) ** 2 / now}


def apart(p: marginal_distance.Parameters) -> dict[str, float]:
    return {"distance squared": (math.sqrt(p.sigma**2 + 1) - 1) ** 2}


def walked(p: three_states.Parameters) -> dict[str, Fraction]:
    stay, a, before = 1 - Fraction(2, p.T), Fraction(1), Fraction(1)
    for _ in range(p.k):
        before, a = a, stay * a + Fraction(1, p.T) * (1 - a)
    return {"A": a, "A before A": stay * before / a}


def widened(p: small_step.Parameters) -> dict[str, float]:
    """By quadrature of the logistic density times that of the step."""
    u = np.linspace(-60, 60, 400_001)
    weights = np.exp(-((u - p.seen) ** 2) / (2 * p.v) - np.abs(u) - 2 * np.log1p(np.exp(-np.abs(u))))
    mean = float(weights @ u / weights.sum())
    return dict.fromkeys(("variance at least", "variance at most"), float(weights @ (u - mean) ** 2 / weights.sum()))


def deterministic_step(p: At) -> dict[str, float]:
    s2, t, dt = Fraction(p.sigma) ** 2, Fraction(p.t), Fraction(1, p.T)
    predicted = s2 / (s2 + t)  # Cov(X_0, X_t) = Var(X_0), because the noise is independent of the data
    return {"factor": 1 + float((predicted - 1) * dt / t) / (1 + math.sqrt(1 - dt / t))}


def deterministic(p: Back, *, exact: bool) -> dict[str, float]:
    s2, dt, factor = p.sigma**2, 1 / p.T, 1.0
    for k in range(p.T, 0, -1):
        share = 1 / (1 + math.sqrt(1 - 1 / k)) if exact else 0.5
        factor *= 1 - share * dt / (s2 + k * dt)
    return {"variance": factor**2 * p.v, "mean": 0.0}


RIGHT: dict[str, Callable[[Any], dict[str, Any]]] = {
    "diffusion/forward_marginal": forward,
    "diffusion/reverse_conditional": one_step_back,
    "diffusion/regression_target": answered,
    "diffusion/small_step": widened,
    "diffusion/mean_chain": partial(chain, noise=False),
    "diffusion/ddpm_chain": noisy,
    "diffusion/variance_preserving": preserved,
    "diffusion/posterior": back,
    "diffusion/marginal_distance": apart,
    "diffusion/three_states": walked,
    "diffusion/predictor": predicted,
    "diffusion/ddpm_update": moved,
    "diffusion/ddim_step": deterministic_step,
    "diffusion/ddim_chain": partial(deterministic, exact=False),
    "diffusion/ddim_chain_exact": partial(deterministic, exact=True),
}

OTHERS: dict[str, list[Any]] = {
    "diffusion/small_step": [small_step.Parameters(0.2, 0.0), small_step.Parameters(1.5, -2.0)],
    "diffusion/regression_target": [
        regression_target.Parameters(sigma=1, T=4, t=1, c=-0.5),
        regression_target.Parameters(sigma=0.5, T=10, t=0.5, c=1.5),
    ],
    "diffusion/forward_marginal": [
        At(sigma=0.1, T=1, t=1),
        At(sigma=2, T=7, t=Fraction(1, 7)),
        At(sigma=1e-6, T=50, t=1.0),
    ],
    "diffusion/reverse_conditional": [
        At(sigma=0.1, T=1, t=1),
        At(sigma=2, T=7, t=Fraction(1, 7)),
        At(sigma=1e-3, T=50, t=0.5),
        At(sigma=1000, T=10**6, t=1e-6),
    ],
    "diffusion/mean_chain": [
        Back(sigma=0.1, T=200),
        Back(sigma=0.5, T=20, v=1.25),
        Back(sigma=1e-9, T=3),
        Back(sigma=1000, T=1, v=1e-9),
    ],
    "diffusion/ddpm_chain": [
        Back(sigma=0.1, T=200),
        Back(sigma=0.5, T=20, v=1.25),
        Back(sigma=0.01, T=3),
    ],
    "diffusion/variance_preserving": [
        Kept(sigma=2, k=1),
        Kept(sigma=0.1, k=20),
    ],
    "diffusion/posterior": [
        Kept(sigma=2, k=2),
        Kept(sigma=0.1, k=20),
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
        At(sigma=0.1, T=1, t=1),
        At(sigma=2, T=7, t=Fraction(1, 7)),
        At(sigma=0.01, T=50, t=0.5),
    ],
    "diffusion/ddpm_update": [
        At(sigma=0.1, T=2, t=1),
        At(sigma=2, T=7, t=Fraction(2, 7)),
        At(sigma=0.01, T=50, t=0.5),
    ],
    "diffusion/ddim_step": [
        At(sigma=0.1, T=1, t=1),
        At(sigma=2, T=7, t=Fraction(1, 7)),
        At(sigma=0.01, T=50, t=1.0),
    ],
    "diffusion/ddim_chain": [
        Back(sigma=0.1, T=200),
        Back(sigma=0.5, T=20, v=1.25),
        Back(sigma=1e-9, T=3),
    ],
    "diffusion/ddim_chain_exact": [
        Back(sigma=0.1, T=200),
        Back(sigma=0.5, T=20, v=1.25),
        Back(sigma=0.1, T=1),
    ],
}
