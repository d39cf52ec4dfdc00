r"""The step of the conditional mean is exact (homework 13, 1f).

The problem says that the step is approximately the share :math:`\Delta t/t` of the way to the predictor. It is exactly
that, for every step:

$$x_t + \frac{\Delta t}{t}\left(\frac{\sigma^2}{\sigma^2+t}\, x_t - x_t\right)
  = \left(1 - \frac{\Delta t}{\sigma^2+t}\right) x_t = \frac{\sigma^2+t-\Delta t}{\sigma^2+t}\, x_t
  = E[X_{t-\Delta t} \mid X_t = x_t]$$

(the last by diffusion/ddpm_update). What is approximate in the step is the variance of the noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.diffusion import AT_TIME, DT, S2, TIME
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Domain
from derive.kernel.term import Term, sym

ID = "errata/diffusion_exact_step"
ALIASES = ("errata/hw13/1f",)
SOURCE = "homework 13, 1f, problem"
TITLE = "A step that is exact"
GENERAL = ("as a factor", "as the conditional mean")
ERRATUM = (
    r"The conditional mean's step is said to be approximately the share $\Delta t/t$ of the way to the "
    r"predictor. It is exactly "
    r"that; what is approximate is the noise of variance $\Delta t$, which is a little too wide."
)
TWIN_ABSENT = "It is one number times the state; the step is simulated by diffusion/ddpm_update."

STATE: Final = sym("x")
CHART: Final = AT_TIME.extend(domains={STATE.name: Domain()})
STEP: Final = STATE + DT / TIME * (S2 / (S2 + TIME) * STATE - STATE)
MEAN: Final = (S2 + TIME - DT) / (S2 + TIME) * STATE
VARIANCE: Final = (S2 + TIME - DT) * DT / (S2 + TIME)


def prove() -> Chain:
    """What holds exactly, and what does not."""
    c = Chain(CHART)
    factor = (1 - DT / (S2 + TIME)) * STATE
    c.result("as a factor", c.because("the state factored out", rules.equal, STEP, factor, CHART))
    c.result("as the conditional mean", c.because("one denominator", rules.equal, STEP, MEAN, CHART))
    c.result("the noise is too wide", c.because("a part of it is known", rules.less, VARIANCE, DT, CHART))
    return c


def quantities() -> Mapping[str, Term]:
    """The step."""
    return {"step": STEP}
