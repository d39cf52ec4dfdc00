r"""What the partition function depends on (homework 13, 2b).

The solution says that :math:`Z(x)` depends only on the prompt and on the reference policy. It depends on the reward
and on :math:`\beta` as well; what matters is that it does not depend on :math:`\pi_\theta`. A reward that is larger by
c gives

$$\sum_y \pi_{\text{ref}}(y|x)\, e^{(r(x, y) + c)/\beta} = e^{c/\beta}\, Z(x) \ne Z(x) \quad \text{for } c \ne 0$$
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.preference import BETA, CHART, X, Y, partition, reference, reward, total
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Domain
from derive.kernel.term import Term, exp, sym

ID = "errata/preference_partition"
ALIASES = ("errata/hw13/2b-partition",)
SOURCE = "homework 13, 2b, solution"
TITLE = "What the partition function depends on"
GENERAL = ("shifted",)
ERRATUM = (
    "The partition function is said to depend on the prompt and the reference policy only. It depends on the reward "
    r"and on $\beta$ too; a reward that is larger by $c$ multiplies it by $e^{c/\beta}$."
)

SHIFT: Final = sym("c")
SHIFTED: Final = CHART.extend(domains={SHIFT.name: Domain()})
LARGER: Final = total(reference(Y, X) * exp((reward(X, Y) + SHIFT) / BETA))


def prove() -> Chain:
    """The refutation, and what holds."""
    c = Chain(CHART)
    c.result("another sum", c.because("a counterexample", rules.unequal, LARGER, partition(X), SHIFTED))
    scaled = exp(SHIFT / BETA) * partition(X)
    c.result("shifted", c.because("e^(c/β) leaves the sum", rules.equal, LARGER, scaled, SHIFTED))
    other = total(reference(Y, X) * exp(reward(X, Y) / (2 * BETA)))
    c.result("another strength", c.because("a counterexample", rules.unequal, other, partition(X), CHART))
    return c


def quantities() -> Mapping[str, Term]:
    """The sum for the larger reward."""
    return {"shifted": LARGER}
