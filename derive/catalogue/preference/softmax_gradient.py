r"""The gradient of the loss on one pair for a softmax (homework 13, 2f).

Let the policy give the answers probabilities in proportion to :math:`e^{z}`, and let :math:`z_w, z_l` be the logits of
the two answers, W the weight of all others, and :math:`m = \beta(z_w - z_l - b)` the margin, where b is the difference
of the logarithms of the reference policy. Then :math:`\log\pi(y_w) - \log\pi(y_l) = z_w - z_l`, and

$$\frac{\partial \ell}{\partial z_w} = -\beta\sigma(-m), \qquad \frac{\partial \ell}{\partial z_l} = \beta\sigma(-m),$$

and 0 in W: the logits of all other answers stay where they are, although their probabilities move.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.term import ZERO, Term, exp, log, logistic, sym

ID = "preference/softmax_gradient"
ALIASES = ("hw13/2f/softmax",)
SOURCE = "homework 13, 2f, for a softmax"
TITLE = "The gradient of the DPO loss in the logits"
GENERAL = ("normaliser cancels", "loss", "chosen logit", "other logit", "any other weight")

BETA, CHOSEN, OTHER, REST, BIAS = sym(r"\beta"), sym("z_w"), sym("z_l"), sym("W"), sym("b")
POSITIVE: Final = Domain("real", Bound(ZERO, True))
CHART: Final = Chart(
    {BETA.name: POSITIVE, REST.name: POSITIVE, **dict.fromkeys((CHOSEN.name, OTHER.name, BIAS.name), Domain())}
)
NORMALISER: Final = exp(CHOSEN) + exp(OTHER) + REST
DIFFERENCE: Final = log(exp(CHOSEN) / NORMALISER) - log(exp(OTHER) / NORMALISER)
LOSS: Final = -log(logistic(BETA * (DIFFERENCE - BIAS)))
WEIGHT: Final = logistic(-BETA * (CHOSEN - OTHER - BIAS))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    cancels = c.because("the normaliser is in both", rules.equal, DIFFERENCE, CHOSEN - OTHER, CHART)
    c.result("normaliser cancels", cancels)
    short = -log(logistic(BETA * (CHOSEN - OTHER - BIAS)))
    c.result("loss", c.because("in the loss", rules.equal, LOSS, short, CHART))
    for name, logit, slope in (
        ("chosen logit", CHOSEN, -BETA * WEIGHT),
        ("other logit", OTHER, BETA * WEIGHT),
        ("any other weight", REST, ZERO),
    ):
        found = c.because("the chain rule", rules.gradient, LOSS, logit.name, [], CHART)
        c.result(name, c.because("simplified", rules.restate, found, right=slope))
    return c


def quantities() -> Mapping[str, Term]:
    """What answers drawn from the policy, and choices by its implicit rewards, estimate."""
    return {"difference": CHOSEN - OTHER, "chosen logit": -BETA * WEIGHT}
