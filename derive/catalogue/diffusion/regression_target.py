r"""Regression on the state teaches the mean of the step back (lecture, training of DDPM).

With :math:`\mu = \frac{\sigma^2+t-\Delta t}{\sigma^2+t}`, for every answer c that is given at :math:`x_t`,

$$E\left[(X_{t-\Delta t} - c)^2 \mid X_t = x_t\right] = \frac{(\sigma^2+t-\Delta t)\,\Delta t}{\sigma^2+t}
   + (\mu\, x_t - c)^2 \;\ge\; \frac{(\sigma^2+t-\Delta t)\,\Delta t}{\sigma^2+t},$$

with equality at :math:`c = E[X_{t-\Delta t} \mid X_t = x_t]`. The least loss is not 0: it is about :math:`\Delta t`.
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.catalogue.diffusion import AT_TIME, CHART, DT, S2
from derive.catalogue.diffusion.ddpm_update import one_back
from derive.catalogue.diffusion.predictor import ANSWER, ANSWERS
from derive.catalogue.diffusion.reverse_conditional import MEAN, OBSERVED, VARIANCE
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.term import Term

ID = "diffusion/regression_target"
ALIASES = ("lecture/ddpm-target",)
SOURCE = "lecture, training of DDPM"
TITLE = "What the regression of the step back learns"
GENERAL = ("loss", "loss at least", "loss at the mean")


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    law = one_back(c)
    anywhere = c.because("at any answer", rules.instantiate, law, {}, ANSWERS)
    loss = c.result("loss", c.because("variance and bias", rules.squared_loss, anywhere, ANSWER))
    more = c.because("a square is not negative", rules.at_most, VARIANCE, loss.right, ANSWERS)
    backwards = c.because("read from right to left", rules.symmetric, loss)
    c.result("loss at least", c.because("so is the loss", rules.transitive_order, more, backwards))
    best = c.because("at the mean", rules.squared_loss, law, MEAN * OBSERVED)
    c.result("loss at the mean", c.because("no bias is left", rules.restate, best, right=VARIANCE))
    close = c.because("since σ² + t > σ²", rules.approximate, VARIANCE, DT, DT / S2, AT_TIME)
    c.result("least loss is about Δt", close)
    return c


def quantities() -> Mapping[str, Term]:
    """What states weighted by the last step to 1, and a regression of the state before on the state, estimate."""
    return {"loss": VARIANCE + (MEAN - ANSWER) ** 2, "least loss": VARIANCE}
