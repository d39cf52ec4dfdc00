r"""The square of a difference (homework 13, 4b).

In the exponent of Bayes' rule the solution multiplies out
:math:`(x_{t-1} - \sqrt{\alpha_{t-1}}\, x_0)^2` with the last term :math:`\alpha_{t-1} x_0`. It is

$$(x_{t-1} - \sqrt{\alpha_{t-1}}\, x_0)^2
  = x_{t-1}^2 - 2\sqrt{\alpha_{t-1}}\, x_0\, x_{t-1} + \alpha_{t-1}\, x_0^2$$

The term has no :math:`x_{t-1}` in it and goes into the normalisation, so that the result is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.term import ONE, ZERO, Term, sqrt, sym

ID = "errata/diffusion_missing_square"
ALIASES = ("errata/hw13/4b-square",)
SOURCE = "homework 13, 4b, solution"
TITLE = "A square that is missing"
GENERAL = ("right",)
ERRATUM = (
    r"The expanded exponent ends in $\alpha_{t-1} x_0$ instead of $\alpha_{t-1} x_0^2$. The term does not depend "
    r"on $x_{t-1}$, so the "
    "result is not touched."
)
TWIN_ABSENT = "It is one term of an expanded square; the law that comes out is simulated by diffusion/posterior."

BEFORE, START, SHARE = sym("x_{t-1}"), sym("x_0"), sym(r"\alpha_{t-1}")
CHART: Final = Chart(
    {BEFORE.name: Domain(), START.name: Domain(), SHARE.name: Domain("real", Bound(ZERO, True), Bound(ONE))}
)
SQUARE: Final = (BEFORE - sqrt(SHARE) * START) ** 2
CROSS: Final = BEFORE**2 - 2 * sqrt(SHARE) * START * BEFORE


def prove() -> Chain:
    """The refutation, and what holds."""
    c = Chain(CHART)
    c.result("printed", c.because("a counterexample", rules.unequal, SQUARE, CROSS + SHARE * START, CHART))
    c.result("right", c.because("multiplied out", rules.equal, SQUARE, CROSS + SHARE * START**2, CHART))
    return c


def quantities() -> Mapping[str, Term]:
    """The square."""
    return {"square": SQUARE}
