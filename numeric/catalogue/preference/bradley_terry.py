r"""Choices between two answers by a hidden reward (twin of preference/bradley_terry).

For one prompt there are n answers with rewards :math:`r` and a reference policy. A choice between
:math:`y_w` and :math:`y_l` falls on each in proportion to :math:`e^{r}`: of two clocks that run with the rates
:math:`e^{r(y_w)}` and :math:`e^{r(y_l)}`, the one that rings first wins. Estimates the probability that
:math:`y_w` is preferred. Neither :math:`\beta` nor the reference policy enters a choice; both are parameters of the
problem, for a result may be stated with them.

Source: R. A. Bradley, M. E. Terry (1952); R. D. Luce (1959).
"""

from __future__ import annotations

import math
from typing import Final

from numeric.answers import Pair
from numeric.engine.choices import in_order
from numeric.engine.moments import Estimate, Moments, frequency
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.power import NearMiss

DEFAULT: Final = Pair()
REJECTS: Final = (
    NearMiss("probability", "the strength forgotten: logistic(r difference/beta)", 0.7310585786300049, paths=4_340),
)


def _block(parameters: Pair, stream: Stream, size: int) -> Summaries:
    rates = [math.exp(parameters.r[y]) for y in (parameters.y_w, parameters.y_l)]
    return (Moments.of_hits(size, in_order(stream, rates, size)),)


def _read(parameters: Pair, summaries: Summaries) -> dict[str, Estimate]:
    (choices,) = summaries
    return {"probability": frequency(choices)}


simulate: Final[Simulation[Pair]] = Simulation(_block, _read)
