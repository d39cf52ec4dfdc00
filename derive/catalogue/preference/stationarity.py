r"""The optimal policy as the stationary point of a concave objective (homework 13, 2b).

The objective is a sum over the answers of :math:`\varphi(u) = u r - \beta u \log(u/q)`, where :math:`u = \pi(y|x)` and
:math:`q = \pi_{\text{ref}}(y|x)`. In each coordinate

$$\varphi'(u) = r - \beta\log\frac uq - \beta, \qquad \varphi''(u) = -\frac\beta u < 0,$$

and at the optimal policy :math:`\varphi'` is the same for every answer, the multiplier of the constraint
:math:`\sum_y \pi(y|x) = 1`:

$$r(x, y) - \beta\log\frac{\pi^*(y|x)}{\pi_{\text{ref}}(y|x)} - \beta = \beta\log Z(x) - \beta$$
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.preference import BETA, CHART, X, Y, members, optimal, partition, reference, reward
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.term import ZERO, Term, log, sym

ID = "preference/stationarity"
ALIASES = ("hw13/2b/stationarity",)
SOURCE = "homework 13, 2b, by Lagrange's multiplier"
TITLE = "The optimal policy is the stationary point"
GENERAL = ("slope", "bend", "concave", "multiplier")

SHARE, BASE, REWARD = sym("u"), sym("q"), sym("r")
POSITIVE: Final = Domain("real", Bound(ZERO, True))
COORDINATE: Final = Chart({BETA.name: POSITIVE, BASE.name: POSITIVE, REWARD.name: Domain(), SHARE.name: POSITIVE})
PART: Final = SHARE * REWARD - BETA * SHARE * log(SHARE / BASE)
SLOPE: Final = REWARD - BETA * log(SHARE / BASE) - BETA


def prove() -> Chain:
    """The derivation."""
    c = Chain(COORDINATE)
    slope = c.because("the product rule", rules.gradient, PART, SHARE.name, [], COORDINATE)
    c.result("slope", c.because("simplified", rules.restate, slope, right=SLOPE))
    bend = c.because("once more", rules.gradient, SLOPE, SHARE.name, [], COORDINATE)
    bend = c.result("bend", c.because("simplified", rules.restate, bend, right=-BETA / SHARE))
    c.result("concave", c.because("a negative quotient", rules.less, bend.right, ZERO, COORDINATE))
    at_best = reward(X, Y) - BETA * log(optimal(Y, X) / reference(Y, X)) - BETA
    constant = BETA * log(partition(X)) - BETA
    c.result("multiplier", c.because("log π* in full", rules.equal, at_best, constant, members(CHART)))
    return c


def quantities() -> Mapping[str, Term]:
    """The multiplier."""
    return {"multiplier": BETA * log(partition(X)) - BETA}
