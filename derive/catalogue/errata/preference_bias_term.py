r"""What the reference policy adds to the margin (lecture, the bias term).

The lecture writes the first logarithm over the reference policy as well as the second. What holds is

$$\beta\log\frac{\pi_\theta(y_w|x)}{\pi_{\text{ref}}(y_w|x)}
  - \beta\log\frac{\pi_\theta(y_l|x)}{\pi_{\text{ref}}(y_l|x)}
  = \beta\log\frac{\pi_\theta(y_w|x)}{\pi_\theta(y_l|x)}
  + \beta\log\frac{\pi_{\text{ref}}(y_l|x)}{\pi_{\text{ref}}(y_w|x)}$$
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.preference import BETA, LOSE, WIN, X, reference, trained
from derive.catalogue.preference.dpo_gradient import CHART, estimated
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.term import Term, log, logistic

ID = "errata/preference_bias_term"
ALIASES = ("errata/lecture/bias-term",)
SOURCE = "lecture, the role of the reference policy"
TITLE = "The denominator beside the bias term"
GENERAL = ("margin", "margin without bias")
ERRATUM = (
    "Beside the bias term the lecture divides the policy's probability of the chosen answer by the first policy's "
    "probability of it. It must be divided by the policy's own probability of the other answer."
)

BIAS: Final = BETA * log(reference(LOSE, X) / reference(WIN, X))
MARGIN: Final = BETA * log(trained(WIN, X) / trained(LOSE, X)) + BIAS


def prove() -> Chain:
    """The refutation, and what holds."""
    c = Chain(CHART)
    margin = estimated(WIN) - estimated(LOSE)
    printed = BETA * log(trained(WIN, X) / reference(WIN, X)) + BIAS
    c.result("as printed", c.because("two policies tell them apart", rules.unequal, margin, printed, CHART))
    loss, written = log(logistic(margin)), log(logistic(printed))
    c.result("loss as printed", c.because("so is the loss", rules.unequal, loss, written, CHART))
    c.result("margin", c.because("the logarithm of a quotient", rules.equal, margin, MARGIN, CHART))
    own = BETA * (log(trained(WIN, X)) - log(trained(LOSE, X)))
    even = c.because("without it, the policy's own margin is left", rules.equal, margin - BIAS, own, CHART)
    c.result("margin without bias", even)
    return c


def quantities() -> Mapping[str, Term]:
    """What choices by the implicit rewards estimate."""
    return {"margin": MARGIN}
