r"""The loss of direct preference optimisation over many pairs, and its gradient, for a policy given by a table.

With :math:`s=\beta(\theta-\log\pi_{\text{ref}})`, where the normaliser of the softmax cancels in every pair,

.. math:: L=\frac1n\sum\log(1+e^{-m}),\quad m=s_w-s_l,\qquad
   \frac{\partial L}{\partial\theta_y}=\frac\beta n\sum\frac{[y=l]-[y=w]}{1+e^{m}}.

Source: R. Rafailov et al., Direct Preference Optimization (2023), section 4.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from numeric.domains import number
from numeric.engine.streams import F64

PIECE: Final = 1 << 14
"""Pairs at a time: their few arrays stay in a core's own cache."""


def loss_and_gradient(
    beta: float, logits: F64, log_reference: F64, chosen: NDArray[Any], other: NDArray[Any]
) -> tuple[float, F64]:
    """The mean loss, and its gradient in the logits, shape (answers,).

    ``logits`` and ``log_reference`` have the shape (answers,); answers of several prompts lie one after the other.
    ``chosen`` and ``other``, shape (pairs,), count them from 0. Single precision for each pair, double for the sums.

    Raises ValueError for a strength or a logit outside its domain, or pairs of answers that are not there.
    """
    beta = number("beta", beta, 1e-6, 1e6)
    pairs, answers = len(chosen), len(logits)
    for name, listed in (("chosen", chosen), ("other", other)):
        if not (len(listed) == pairs > 0 and listed.min() >= 0 and listed.max() < answers):
            raise ValueError(f"{name} is outside its domain: {name} must be a list of answers from 0 to {answers - 1}.")
    table = (beta * (logits - log_reference)).astype(np.float32)
    if not np.isfinite(table).all():
        raise ValueError("logits are outside their domain: logits and log_reference must be finite numbers.")
    total, gradient = 0.0, np.zeros(answers)
    for start in range(0, pairs, PIECE):
        w, l = chosen[start : start + PIECE], other[start : start + PIECE]  # noqa: E741
        behind = table.take(l)  # the margin with its sign changed
        np.subtract(behind, table.take(w), out=behind)
        small = np.abs(behind)
        np.exp(np.negative(small, out=small), out=small)
        whole = small + np.float32(1)
        weight = np.divide(np.where(behind > 0, np.float32(1), small), whole)
        total += float(np.add.reduce(np.log(whole, out=whole), dtype=np.float64))
        total += float(np.add.reduce(np.maximum(behind, 0, out=behind), dtype=np.float64))
        gradient += np.bincount(l, weight, answers) - np.bincount(w, weight, answers)
    return total / pairs, gradient * (beta / pairs)
