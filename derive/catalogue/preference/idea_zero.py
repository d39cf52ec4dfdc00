r"""The difference of log-probabilities has no maximum (lecture, idea 0).

Over two answers let :math:`\pi_s(y_w) = \sigma(s)` and :math:`\pi_s(y_l) = \sigma(-s)`. They are positive and add up
to 1, and

$$\log\pi_s(y_w) - \log\pi_s(y_l) = s,$$

which exceeds every bound. The DPO loss is bounded below by 0, and its slope is :math:`-\beta\sigma(-\beta s)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.term import ONE, ZERO, Term, log, logistic, sym

ID = "preference/idea_zero"
ALIASES = ("lecture/idea-0",)
SOURCE = "lecture, idea 0"
TITLE = "Maximising the difference of log-probabilities alone"
GENERAL = ("difference", "beyond every bound", "positive", "normalised")

BETA, MARGIN, LIMIT = sym(r"\beta"), sym("s"), sym("B")
CHART: Final = Chart({BETA.name: Domain("real", Bound(ZERO, True)), MARGIN.name: Domain(), LIMIT.name: Domain()})
WIN, LOSE = logistic(MARGIN), logistic(-MARGIN)
LOSS: Final = -log(logistic(BETA * MARGIN))
SLOPE: Final = -BETA * logistic(-BETA * MARGIN)


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    c.result("positive", c.because("σ is positive", rules.less, ZERO, LOSE, CHART))
    c.result("normalised", c.because("σ(s) + σ(-s) = 1", rules.equal, WIN + LOSE, ONE, CHART))
    difference = c.because("logarithms of both", rules.equal, log(WIN) - log(LOSE), MARGIN, CHART)
    c.result("difference", difference)
    beyond = c.because("any bound", rules.less, LIMIT, LIMIT + 1, CHART)
    further = c.because("the policy at s = B + 1", rules.instantiate, difference, {MARGIN.name: LIMIT + 1}, CHART)
    exceeds = c.because("its difference", rules.rewrite, beyond, rules.symmetric(further), "right")
    c.result("beyond every bound", exceeds)
    tangent = c.because("log u ≤ u - 1", rules.log_tangent, logistic(BETA * MARGIN), CHART)
    share = c.because("σ is less than 1", rules.less, logistic(BETA * MARGIN) - 1, ZERO, CHART)
    below = c.because("so log σ is negative", rules.transitive_order, tangent, share)
    loss = c.because("and the loss positive", rules.affine_order, below, -ONE)
    c.result("loss bounded below", c.because("of DPO", rules.restate, loss, ZERO, LOSS))
    fading = c.because("the chain rule", rules.gradient, LOSS, MARGIN.name, [], CHART)
    c.result(
        "slope of the loss",
        c.because("σ'(u) = σ(u)σ(-u)", rules.restate, fading, right=SLOPE),
    )
    return c


def quantities() -> Mapping[str, Term]:
    """What answers drawn from the policy, and choices by its implicit rewards, estimate."""
    return {"difference": log(WIN) - log(LOSE), "slope of the loss": SLOPE}
