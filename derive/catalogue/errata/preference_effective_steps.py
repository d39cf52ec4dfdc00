r"""A larger strength takes larger first steps (DPO page, role of β).

The page says that a larger :math:`\beta` takes smaller effective steps in the log-ratio. Training starts at the
reference policy, where the margin is 0, and there a pair moves the margin by its gradient

$$\beta\,\sigma(-\beta m)\big|_{m=0} = \frac\beta2 < \frac{\beta + h}{2} \quad \text{for } h > 0,$$

which grows with :math:`\beta`. What is smaller is the margin at which training ends:
:math:`\frac1{\beta + h}\log w < \frac1\beta \log w` for odds :math:`w > 1`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.term import ONE, ZERO, Term, log, logistic, sym

ID = "errata/preference_effective_steps"
ALIASES = ("errata/dpo-page/role-of-beta",)
SOURCE = "DPO page, role of β"
TITLE = "Steps at a larger strength"
GENERAL = ("slope", "first step", "larger first step", "smaller margin")
ERRATUM = (
    r"A larger $\beta$ is said to take smaller effective steps. From the reference policy its first steps are "
    r"larger, in "
    r"proportion to $\beta$; smaller is the margin where the loss is least."
)

BETA, MORE, MARGIN, ODDS = sym(r"\beta"), sym("h"), sym("m"), sym("w")
POSITIVE: Final = Domain("real", Bound(ZERO, True))
CHART: Final = Chart(
    {
        BETA.name: POSITIVE,
        MORE.name: POSITIVE,
        MARGIN.name: Domain(),
        ODDS.name: Domain("real", Bound(ONE, True)),
    }
)
LOSS: Final = -log(logistic(BETA * MARGIN))
STEP: Final = BETA * logistic(-BETA * MARGIN)


def prove() -> Chain:
    """The refutation, and what holds."""
    c = Chain(CHART)
    slope = c.because("the chain rule", rules.gradient, LOSS, MARGIN.name, [], CHART)
    c.result("slope", c.because("1 - σ(u) = σ(-u)", rules.restate, slope, right=-STEP))
    first = c.because("σ(0) = 1/2", rules.equal, BETA * logistic(-BETA * ZERO), BETA / 2, CHART)
    c.result("first step", first)
    c.result("larger first step", c.because("half of each", rules.less, BETA / 2, (BETA + MORE) / 2, CHART))
    smaller = c.because("divided by more", rules.less, log(ODDS) / (BETA + MORE), log(ODDS) / BETA, CHART)
    c.result("smaller margin", smaller)
    return c


def quantities() -> Mapping[str, Term]:
    """What choices by the implicit rewards estimate: the slope of the loss, which is a step with the sign changed."""
    return {"slope": -STEP}
