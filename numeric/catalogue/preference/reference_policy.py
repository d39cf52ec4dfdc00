r"""Choices before and after the reference policy is renewed (twin of preference/reference_policy).

Choices between :math:`y_w` and :math:`y_l` fall on each in proportion to :math:`(\pi_\theta/\pi_{\text{ref}})^\beta`;
the logarithm of their odds estimates the margin. Then the trained policy becomes the reference policy, as TR-DPO does
now and again, and the share of choices that contradict the label is the weight of the pair.

Source: A. Gorbatovski et al., Learn Your Reference Model for Real Good Alignment (2024).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from numeric.answers import Pair
from numeric.counts import log_odds
from numeric.engine.moments import Estimate, frequency
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.implicit_rewards import orders
from numeric.power import NearMiss

DEFAULT: Final = Pair(pi_theta=(0.25, 0.1875, 0.125, 0.4375))
REJECTS: Final = (
    NearMiss("margin", "the bias not multiplied by beta", 1.6020569059872292, paths=2_590),
    NearMiss("renewed weight", "renewed half-way, to the geometric mean", 0.3480228985963613, paths=581),
)


def _block(parameters: Pair, stream: Stream, size: int) -> Summaries:
    p = parameters
    renewed = replace(p, pi_ref=p.pi_theta)
    return (
        orders(stream, p.implicit_rates(p.y_w, p.y_l), size),
        orders(stream, renewed.implicit_rates(p.y_l, p.y_w), size),
    )


def _read(parameters: Pair, summaries: Summaries) -> dict[str, Estimate]:
    before, after = summaries
    return {"margin": log_odds(before), "renewed weight": frequency(after)}


simulate: Final[Simulation[Pair]] = Simulation(_block, _read)
