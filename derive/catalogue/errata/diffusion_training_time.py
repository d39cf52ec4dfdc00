r"""Times from which training cannot start (lecture, training of DDPM).

The recipe picks a time t in [0, T] and adds noise of variance :math:`\sigma^2 (t - \Delta t)`, and then of variance
:math:`\sigma^2 \Delta t`. For :math:`t < \Delta t` the first variance is negative:

$$\sigma^2 (t - \Delta t) < 0 \quad \text{for } 0 \le t < \Delta t, \qquad
  \sigma^2 (t - \Delta t) \ge 0, \quad
  \sigma^2 (t - \Delta t) + \sigma^2 \Delta t = \sigma^2 t \quad \text{for } t \ge \Delta t$$
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.term import ONE, ZERO, Term, sym

ID = "errata/diffusion_training_time"
ALIASES = ("errata/lecture/training-time",)
SOURCE = "lecture, training of DDPM"
TITLE = "The first time to train at"
GENERAL = ("no variance", "a variance", "both steps")
ERRATUM = (
    r"A time below $\Delta t$ leaves no step back: the noise before it would have the negative variance "
    r"$\sigma^2(t - \Delta t)$. Times are "
    r"to be drawn from $\Delta t$ on."
)
TWIN_ABSENT = "No simulation draws noise of a negative variance."

SIGMA, T, DT, TIME = sym(r"\sigma"), sym("T"), sym(r"\Delta t"), sym("t")
CHART: Final = Chart(
    {SIGMA.name: Domain("real", Bound(ZERO, True)), T.name: Domain("integer", Bound(ONE))}, definitions={DT.name: 1 / T}
)
EARLY: Final = CHART.extend(domains={TIME.name: Domain("real", Bound(ZERO), Bound(DT, True))})
LATER: Final = CHART.extend(domains={TIME.name: Domain("real", Bound(DT))})
BEFORE: Final = SIGMA**2 * (TIME - DT)


def prove() -> Chain:
    """The refutation, and what holds."""
    c = Chain(CHART)
    c.result("no variance", c.because("before the first step", rules.less, BEFORE, ZERO, EARLY))
    c.result("a variance", c.because("after it", rules.at_most, ZERO, BEFORE, LATER))
    whole = BEFORE + SIGMA**2 * DT
    c.result("both steps", c.because("added", rules.equal, whole, SIGMA**2 * TIME, LATER))
    return c


def quantities() -> Mapping[str, Term]:
    """The variance of the noise before the step."""
    return {"before": BEFORE}
