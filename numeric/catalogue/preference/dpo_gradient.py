r"""How often a policy's own implicit reward chooses the other answer (twin of preference/dpo_gradient).

Choices between :math:`y_w` and :math:`y_l` are drawn in proportion to :math:`e^{\hat r}` with the implicit rewards
:math:`\hat r = \beta\log(\pi_\theta/\pi_{\text{ref}})`; the weight of the gradient is the share of those that
contradict the label.

Source: R. Rafailov et al., Direct Preference Optimization (2023), section 4.
"""

from __future__ import annotations

from typing import Final

from numeric.answers import Pair
from numeric.engine.moments import Estimate, frequency
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.implicit_rewards import orders
from numeric.power import NearMiss

DEFAULT: Final = Pair()
REJECTS: Final = (NearMiss("weight", "the strength forgotten", 0.1111111111111111, paths=1_970),)


def _block(parameters: Pair, stream: Stream, size: int) -> Summaries:
    return (orders(stream, parameters.implicit_rates(parameters.y_l, parameters.y_w), size),)


def _read(parameters: Pair, summaries: Summaries) -> dict[str, Estimate]:
    return {"weight": frequency(summaries[0])}


simulate: Final[Simulation[Pair]] = Simulation(_block, _read)
