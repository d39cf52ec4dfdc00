r"""What the strength does to the loss (DPO page, role of β).

Where :math:`y_w` is preferred with probability p, the mean loss on a pair is
:math:`\ell(m) = -p\log\sigma(\beta m) - (1 - p)\log\sigma(-\beta m)` in the margin m, the difference of the two
log-ratios :math:`\log(\pi_\theta/\pi_{\text{ref}})`. Then

$$\ell'(m) = \beta\bigl(\sigma(\beta m) - p\bigr), \qquad
  \ell'(m) = 0 \text{ at } m = \frac1\beta \log\frac{p}{1 - p}, \qquad \ell'(0) = \beta\bigl(\tfrac12 - p\bigr),$$

and :math:`\ell'' > 0`. For odds :math:`w = p/(1-p) > 1` a larger β leaves a smaller margin at the optimum, and starts
with a larger gradient.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.term import HALF, ONE, ZERO, Term, log, logistic, sym

ID = "preference/role_of_beta"
ALIASES = ("dpo-page/role-of-beta",)
SOURCE = "DPO page, role of β"
TITLE = "The role of β"
GENERAL = ("slope", "stationary", "convex", "slope at margin 0", "smaller margin")

BETA, MARGIN, PROBABILITY, MORE, ODDS = sym(r"\beta"), sym("m"), sym("p"), sym("h"), sym("w")
POSITIVE: Final = Domain("real", Bound(ZERO, True))
CHART: Final = Chart(
    {
        BETA.name: POSITIVE,
        PROBABILITY.name: Domain("real", Bound(ZERO, True), Bound(ONE, True)),
        MARGIN.name: Domain(),
    }
)
BETTER: Final = Chart(
    {
        BETA.name: POSITIVE,
        PROBABILITY.name: Domain("real", Bound(HALF, True), Bound(ONE, True)),
        MORE.name: POSITIVE,
        ODDS.name: Domain("real", Bound(ONE, True)),
    }
)
RIGHT, WRONG = log(logistic(BETA * MARGIN)), log(logistic(-BETA * MARGIN))
LOSS: Final = -PROBABILITY * RIGHT - (ONE - PROBABILITY) * WRONG
SLOPE: Final = BETA * (logistic(BETA * MARGIN) - PROBABILITY)
LOGIT: Final = log(PROBABILITY / (ONE - PROBABILITY))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    slope = c.because("the chain rule", rules.gradient, LOSS, MARGIN.name, [], CHART)
    c.result("slope", c.because("σ(u) + σ(-u) = 1", rules.restate, slope, right=SLOPE))
    best = c.because("σ(log p/(1-p)) = p", rules.equal, logistic(BETA * (LOGIT / BETA)), PROBABILITY, CHART)
    place = sym("u")
    at_best = c.because("into the slope", rules.congruent, BETA * (place - PROBABILITY), {place.name: best})
    c.result("stationary", c.because("nothing is left", rules.restate, at_best, right=ZERO))
    bend = c.because("the chain rule", rules.gradient, SLOPE, MARGIN.name, [], CHART)
    c.result("second derivative", bend)
    c.result("convex", c.because("a product of positive terms", rules.less, ZERO, bend.right, CHART))
    start = c.because(
        "σ(0) = 1/2", rules.equal, BETA * (logistic(BETA * ZERO) - PROBABILITY), BETA * (HALF - PROBABILITY), CHART
    )
    c.result("slope at margin 0", start)
    smaller = c.because("a larger β divides by more", rules.less, log(ODDS) / (BETA + MORE), log(ODDS) / BETA, BETTER)
    c.result("smaller margin", smaller)
    steeper = (BETA + MORE) * (HALF - PROBABILITY)
    larger = c.because("a larger β multiplies by more", rules.less, steeper, BETA * (HALF - PROBABILITY), BETTER)
    c.result("steeper start", larger)
    return c


def quantities() -> Mapping[str, Term]:
    """What labels drawn with probability p estimate: the slope of their mean loss, and the margin where it is least."""
    return {"slope": SLOPE, "margin": LOGIT / BETA}
