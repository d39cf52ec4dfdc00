r"""A pair in the right order still moves the policy (homework 13, 2f; DPO page; lecture).

The sources say that a pair which is ranked correctly gives no gradient. The weight :math:`\sigma(-u)` at a margin
:math:`u` vanishes at no margin, and is at least 1/4 for every correct order with a margin up to log 3:

$$0 < \sigma(-u), \qquad \frac14 \le \sigma(-u) \quad \text{for } 0 < u \le \log 3, \qquad
  \lim_{u \to 0} \sigma(-u) = \frac12$$
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.term import HALF, ZERO, Term, log, logistic, num, sym

ID = "errata/preference_small_margin"
ALIASES = ("errata/hw13/2f", "errata/dpo-page/5")
SOURCE = "homework 13, 2f; DPO page, section 5; lecture"
TITLE = "Correct pairs with a small margin"
GENERAL = ("positive", "at least a quarter", "towards margin 0")
ERRATUM = (
    "That a pair in the right order gives (almost) no gradient holds for a large margin only. At margin 0, from which "
    "training starts, the weight is 1/2, and it stays above 1/4 until the odds are three to one."
)

MARGIN: Final = sym("u")
CHART: Final = Chart({MARGIN.name: Domain("real", Bound(ZERO, True))})
SMALL: Final = Chart({MARGIN.name: Domain("real", Bound(ZERO, True), Bound(log(num(3))))})
WEIGHT: Final = logistic(-MARGIN)


def prove() -> Chain:
    """The refutation, and what holds."""
    c = Chain(CHART)
    c.result("not zero", c.because("at some correct margin", rules.unequal, WEIGHT, ZERO, CHART))
    c.result("positive", c.because("σ is positive", rules.less, ZERO, WEIGHT, CHART))
    inside = c.because("a margin up to log 3", rules.at_most, -log(num(3)), -MARGIN, SMALL)
    image = c.because("σ increases", rules.monotone_image, inside, "logistic")
    c.result("at least a quarter", c.because("σ(-log 3) = 1/4", rules.restate, image, left=num(1, 4)))
    limit = c.because(
        "σ is continuous", rules.limit_of_form, WEIGHT, logistic(-sym("h")), CHART, symbol="u", step="h", point=ZERO
    )
    c.result("towards margin 0", c.because("σ(0) = 1/2", rules.restate, limit, right=HALF))
    return c


def quantities() -> Mapping[str, Term]:
    """The weight at a margin."""
    return {"weight": WEIGHT}
