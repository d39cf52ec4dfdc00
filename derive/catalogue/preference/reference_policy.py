r"""What the reference policy does to the loss, and what renewing it does (lecture, bias term and TR-DPO).

The reference policy enters the margin as a bias that training does not change:

$$\beta\log\frac{\pi_\theta(y_w|x)}{\pi_{\text{ref}}(y_w|x)}
  - \beta\log\frac{\pi_\theta(y_l|x)}{\pi_{\text{ref}}(y_l|x)}
  = \beta\log\frac{\pi_\theta(y_w|x)}{\pi_\theta(y_l|x)}
  + \beta\log\frac{\pi_{\text{ref}}(y_l|x)}{\pi_{\text{ref}}(y_w|x)}$$

Only the ratio of its two probabilities matters. Where the reference policy is renewed to be the trained one, every
margin is 0 again: the loss is log 2 and the weight of the gradient 1/2 on every pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.preference import BETA, FUNCTIONS, LABEL, LOSE, WIN, X, Y, reference, trained
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.fact import Claim
from derive.kernel.term import HALF, ZERO, Term, fn, log, logistic, num

ID = "preference/reference_policy"
ALIASES = ("lecture/bias-term", "lecture/tr-dpo")
SOURCE = "lecture, bias term and idea 3 (TR-DPO)"
TITLE = "The reference policy as a bias, and renewed"
GENERAL = ("bias",)


def _chart() -> Chart:
    functions = {f(Y, X).name: FUNCTIONS[f(Y, X).name] for f in (trained, reference)}
    functions["c"] = Function((X.name + "_0",), None, "positive")
    beta = {BETA.name: Domain("real", Bound(ZERO, True))}
    return Chart({**beta, **dict.fromkeys((X.name, Y.name, WIN.name, LOSE.name), LABEL)}, functions)


CHART: Final = _chart()
OWN: Final = BETA * log(trained(WIN, X) / trained(LOSE, X))
BIAS: Final = BETA * log(reference(LOSE, X) / reference(WIN, X))


def estimated(answer: Term, base: Term) -> Term:
    """The implicit reward of an answer, given its probability under the reference policy."""
    return BETA * log(trained(answer, X) / base)


def margin(scale: Term | None = None) -> Term:
    """The difference of implicit rewards, with the reference policy scaled by a term of the prompt."""
    win, lose = (reference(y, X) if scale is None else scale * reference(y, X) for y in (WIN, LOSE))
    return estimated(WIN, win) - estimated(LOSE, lose)


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    c.result("bias", c.because("the logarithm of a quotient", rules.equal, margin(), OWN + BIAS, CHART))
    scaled = c.because("the scale is in both logarithms", rules.equal, margin(fn("c", X)), margin(), CHART)
    c.result("scaled reference", scaled)
    now = c.given(Claim("=", reference(Y, X), trained(Y, X), CHART), "the reference policy is renewed")
    win = c.because("at the chosen answer", rules.instantiate, now, {Y.name: WIN}, CHART)
    lose = c.because("at the other", rules.instantiate, now, {Y.name: LOSE}, CHART)
    whole = c.because("the margin", rules.equal, margin(), margin(), CHART)
    whole = c.because("renewed", rules.rewrite, whole, win, "right")
    whole = c.because("renewed", rules.rewrite, whole, lose, "right")
    zero = c.result("renewed margin", c.because("log 1 = 0", rules.restate, whole, right=ZERO))
    loss = -log(logistic(margin()))
    loss_now = c.because("the loss", rules.equal, loss, loss, CHART)
    loss_now = c.because("in the loss", rules.rewrite, loss_now, zero, "right")
    c.result("renewed loss", c.because("σ(0) = 1/2", rules.restate, loss_now, right=log(num(2))))
    weight = c.because("the weight", rules.equal, logistic(-margin()), logistic(-margin()), CHART)
    weight = c.because("in the weight", rules.rewrite, weight, zero, "right")
    c.result("renewed weight", c.because("σ(0) = 1/2", rules.restate, weight, right=HALF))
    return c


def quantities() -> Mapping[str, Term]:
    """What choices by the implicit rewards estimate, before and after the reference policy is renewed."""
    return {"margin": OWN + BIAS, "renewed weight": HALF}
