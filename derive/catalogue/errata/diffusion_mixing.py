r"""Normal variables are added, not mixed (homework 13, 4a).

The solution calls it mixing two normal laws, and gives :math:`N(0, \sigma_1^2 + \sigma_2^2)`. That is the law of the
sum of independent variables. A mixture, which is either the one or the other with probability 1/2 each, has

$$\text{variance } \frac{\sigma_1^2 + \sigma_2^2}{2} \ne \sigma_1^2 + \sigma_2^2, \qquad
  \text{fourth moment } \frac{3\sigma_1^4 + 3\sigma_2^4}{2}
  = 3\Bigl(\frac{\sigma_1^2 + \sigma_2^2}{2}\Bigr)^2 + \frac34 (\sigma_1^2 - \sigma_2^2)^2,$$

more than a normal law of its variance has unless :math:`\sigma_1 = \sigma_2`, so that it is not even normal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.fact import Claim
from derive.kernel.term import ZERO, Term, fn, normal, num, sym

ID = "errata/diffusion_mixing"
ALIASES = ("errata/hw13/4a",)
SOURCE = "homework 13, 4a, solution"
TITLE = "Mixing and adding"
GENERAL = ("sum", "not the mixture's variance", "fourth moment")
ERRATUM = (
    "The lemma is about the sum of independent normal variables. A mixture of two normal laws has half that variance "
    "and is not normal unless both are the same."
)

ONE_SPREAD, OTHER_SPREAD = sym(r"\sigma_1"), sym(r"\sigma_2")
POSITIVE: Final = Domain("real", Bound(ZERO, True))
CHART: Final = Chart({ONE_SPREAD.name: POSITIVE, OTHER_SPREAD.name: POSITIVE})
FIRST, SECOND = fn(r"\varepsilon", 1), fn(r"\varepsilon", 2)
V, W = ONE_SPREAD**2, OTHER_SPREAD**2
MIXED: Final = (V + W) / 2
FOURTH: Final = (3 * V**2 + 3 * W**2) / 2


def prove() -> Chain:
    """The refutation, and what holds."""
    c = Chain(CHART)
    first = c.given(Claim("∼", FIRST, normal(ZERO, V), CHART), "one variable")
    second = c.given(Claim("∼", SECOND, normal(ZERO, W), CHART), "and the other")
    apart = c.given(Claim("⊥", FIRST, SECOND, CHART), "independent of it")
    whole = c.because("they are added", rules.sum_law, first, second, apart)
    c.result("sum", c.because("the mean is 0", rules.restate, whole, right=normal(ZERO, V + W)))
    c.result("not the mixture's variance", c.because("a counterexample", rules.unequal, MIXED, V + W, CHART))
    extra = 3 * MIXED**2 + num(3, 4) * (V - W) ** 2
    c.result("fourth moment", c.because("multiplied out", rules.equal, FOURTH, extra, CHART))
    c.result("not normal", c.because("a counterexample", rules.unequal, FOURTH, 3 * MIXED**2, CHART))
    return c


def quantities() -> Mapping[str, Term]:
    """The variance of the sum, and that of the mixture."""
    return {"sum": V + W, "mixture": MIXED}
