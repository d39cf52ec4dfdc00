r"""The gradient of the loss on one pair (homework 13, 2f).

With :math:`\hat r(y) = \beta \log\frac{\pi_\theta(y|x)}{\pi_{\text{ref}}(y|x)}` for any differentiable policy, in each
coordinate of :math:`\theta`,

$$\frac{\partial}{\partial\theta} \bigl(-\log\sigma(\hat r(y_w) - \hat r(y_l))\bigr)
  = -\beta\, \sigma(\hat r(y_l) - \hat r(y_w))
    \left(\frac{\partial \log\pi_\theta(y_w|x)}{\partial\theta}
        - \frac{\partial \log\pi_\theta(y_l|x)}{\partial\theta}\right)$$

The weight is 1/2 where the margin is 0, and falls as the margin grows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.preference import BETA, FUNCTIONS, LABEL, LOSE, WIN, X, Y, reference, trained
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import HALF, MINUS_ONE, ZERO, Term, exp, fn, log, logistic, sym

ID = "preference/dpo_gradient"
ALIASES = ("hw13/2f", "dpo-page/5")
SOURCE = "homework 13, 2f; DPO page, section 5"
TITLE = "The gradient of the DPO loss"
GENERAL = ("weight at margin 0", "weight falls with the margin")

THETA: Final = sym(r"\theta")
MARGIN: Final = sym("u")
MORE: Final = sym("h")


def slope(answer: Term, prompt: Term) -> Term:
    r"""The derivative of :math:`\pi_\theta(y|x)`."""
    return fn(r"\dot\pi_\theta", answer, prompt)


def _chart() -> Chart:
    names = (trained(Y, X).name, reference(Y, X).name)
    functions = {n: FUNCTIONS[n] for n in names}
    functions[slope(Y, X).name] = Function(FUNCTIONS[names[0]].parameters)
    domains = {BETA.name: Domain("real", Bound(ZERO, True)), THETA.name: Domain()}
    return Chart({**domains, **dict.fromkeys((X.name, Y.name, WIN.name, LOSE.name), LABEL)}, functions)


CHART: Final = _chart()
CURVE: Final = Chart({MARGIN.name: Domain(), MORE.name: Domain("real", Bound(ZERO, True))})


def estimated(answer: Term) -> Term:
    """The implicit reward of an answer."""
    return BETA * log(trained(answer, X) / reference(answer, X))


LOSS: Final = -log(logistic(estimated(WIN) - estimated(LOSE)))
WEIGHT: Final = logistic(estimated(LOSE) - estimated(WIN))


SLOPES: Final = -BETA * WEIGHT * (slope(WIN, X) / trained(WIN, X) - slope(LOSE, X) / trained(LOSE, X))


def score(c: Chain, known: Fact, answer: Term) -> Fact:
    """What the slope over the policy is: the derivative of the logarithm."""
    logarithm = c.because("the chain rule", rules.gradient, log(trained(answer, X)), THETA.name, [known], CHART)
    return c.because("read from right to left", rules.symmetric, logarithm)


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    differentiable = Claim("=", Term("diff", (trained(Y, X), THETA)), slope(Y, X), CHART)
    known = c.given(differentiable, "the policy is differentiable; call its derivative so")
    win, lose = score(c, known, WIN), score(c, known, LOSE)
    whole = c.because("the chain rule", rules.gradient, LOSS, THETA.name, [known], CHART)
    tidy = -BETA * WEIGHT * (win.left - lose.left)
    simple = c.because("σ'(u) = σ(u)σ(-u)", rules.equal, whole.right, tidy, CHART)
    found = c.because("so is the gradient", rules.transitive, whole, simple)
    c.result("gradient by slopes", c.because("slopes over probabilities", rules.restate, found, right=SLOPES))
    one, two = sym("a"), sym("b")
    form = -BETA * WEIGHT * (one - two)
    scores = c.because("by log-probabilities", rules.congruent, form, {one.name: win, two.name: lose})
    c.result("gradient", c.because("by log-probabilities", rules.transitive, found, scores))
    win_weight, lose_weight = exp(estimated(WIN)), exp(estimated(LOSE))
    other = lose_weight / (win_weight + lose_weight)
    c.result("weight", c.because("how often the model disagrees", rules.equal, other, WEIGHT, CHART))
    half = c.because("σ(0) = 1/2", rules.equal, logistic(ZERO), HALF, CURVE)
    c.result("weight at margin 0", half)
    apart = c.because("a larger margin", rules.less, -(MARGIN + MORE), MINUS_ONE * MARGIN, CURVE)
    falls = c.because("σ increases", rules.monotone_image, apart, "logistic")
    c.result("weight falls with the margin", falls)
    return c


def quantities() -> Mapping[str, Term]:
    """What choices drawn at the implicit rewards, and at those of a policy nearby, estimate."""
    return {"weight": WEIGHT, "gradient": SLOPES}
