r"""Policies that compete for the regularised objective, found without a formula for the best one.

The objective of a policy :math:`\pi` over n answers is
:math:`J(\pi)=\sum_y\pi(y)\bigl(r(y)-\beta\log(\pi(y)/\pi_{\text{ref}}(y))\bigr)`.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from numeric.answers import Answers
from numeric.engine.streams import F64

STEPS: Final = 60
"""Steps of the ascent: each halves the distance from where it ends, so that 60 reach the last bits."""


def objective(parameters: Answers, policies: F64) -> F64:
    """J of each policy; the answers run along the last axis."""
    found: F64 = np.sum(policies * penalised(parameters, policies), axis=-1)
    return found


def penalised(parameters: Answers, policies: F64) -> F64:
    r"""The rewards with their penalty, :math:`r-\beta\log(\pi/\pi_{\text{ref}})`."""
    found: F64 = np.array(parameters.r) - parameters.beta * np.log(policies / np.array(parameters.pi_ref))
    return found


def optimised(parameters: Answers) -> F64:
    r"""The policy that climbs the objective from the uniform one, shape (n,).

    Mirror ascent, :math:`\pi\leftarrow\pi e^{\partial J/\partial\pi/(2\beta)}` and normalised: steps along the gradient
    that keep probabilities positive. Source: A. Nemirovsky, D. Yudin (1983).
    """
    policy: F64 = np.full(len(parameters.r), 1 / len(parameters.r))
    for _ in range(STEPS):
        slope = penalised(parameters, policy)  # less beta, which is the same for all answers
        policy = policy * np.exp((slope - slope.max()) / (2 * parameters.beta))
        policy = np.maximum(policy / policy.sum(), 1e-300)
    return policy
