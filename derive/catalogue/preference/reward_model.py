r"""The likelihood of a reward model (homework 13, introduction of problem 2; lecture).

For a differentiable reward model, with :math:`\Delta = r_\phi(x, y_w) - r_\phi(x, y_l)`,

$$-\log\frac{e^{r_\phi(x, y_w)}}{e^{r_\phi(x, y_w)} + e^{r_\phi(x, y_l)}} = -\log\sigma(\Delta), \qquad
  \frac{\partial}{\partial\phi}\bigl(-\log\sigma(\Delta)\bigr)
  = -\sigma(-\Delta)\,\frac{\partial\Delta}{\partial\phi}, \qquad
  -\log\prod_{i=1}^{N}\sigma(\Delta_i) = -\sum_{i=1}^{N}\log\sigma(\Delta_i)$$

A term of the prompt alone changes no likelihood, so that rewards may be given any mean for each prompt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.preference import LABEL, LOSE, WIN, X, Y
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.fact import Claim
from derive.kernel.term import MINUS_ONE, ONE, Term, bind, exp, fn, log, logistic, sym

ID = "preference/reward_model"
ALIASES = ("lecture/reward-model-likelihood",)
SOURCE = "homework 13, introduction of problem 2; lecture"
TITLE = "The likelihood of a reward model"
GENERAL = ("loss", "shifted rewards", "loss of a data set")

PHI, COUNT, INDEX = sym(r"\phi"), sym("N"), sym("i")


def reward(prompt: Term, answer: Term) -> Term:
    """What the model thinks an answer is worth."""
    return fn(r"r_\phi", prompt, answer)


def slope(prompt: Term, answer: Term) -> Term:
    """Its derivative in one coordinate of the parameters."""
    return fn(r"\dot r_\phi", prompt, answer)


def margin(index: Term) -> Term:
    """The difference of rewards in one pair of the data set."""
    return fn(r"\Delta", index)


def _chart() -> Chart:
    parameters = ("x_0", "y_0")
    functions = {f(X, Y).name: Function(parameters) for f in (reward, slope)}
    functions |= {"c": Function(parameters[:1]), r"\Delta": Function(("i_0",))}
    labels = dict.fromkeys((X.name, Y.name, WIN.name, LOSE.name), LABEL)
    return Chart({PHI.name: Domain(), COUNT.name: Domain("integer", Bound(ONE)), **labels}, functions)


CHART: Final = _chart()
SHIFT: Final = fn("c", X)
DIFFERENCE: Final = reward(X, WIN) - reward(X, LOSE)
LOSS: Final = -log(logistic(DIFFERENCE))
GRADIENT: Final = -logistic(-DIFFERENCE) * (slope(X, WIN) - slope(X, LOSE))


def likelihood(win: Term, lose: Term) -> Term:
    """How probable the label is, by the rewards of its answers."""
    return exp(win) / (exp(win) + exp(lose))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    whole = -log(likelihood(reward(X, WIN), reward(X, LOSE)))
    c.result("loss", c.because("divide by the numerator", rules.equal, whole, LOSS, CHART))
    shifted = -log(likelihood(reward(X, WIN) + SHIFT, reward(X, LOSE) + SHIFT))
    c.result("shifted rewards", c.because("e^c(x) cancels", rules.equal, shifted, LOSS, CHART))
    differentiable = Claim("=", Term("diff", (reward(X, Y), PHI)), slope(X, Y), CHART)
    known = c.given(differentiable, "the reward model is differentiable; call its derivative so")
    gradient = c.because("the chain rule", rules.gradient, LOSS, PHI.name, [known], CHART)
    c.result("gradient", c.because("σ'(u) = σ(u)σ(-u)", rules.restate, gradient, right=GRADIENT))
    chance = logistic(margin(INDEX))
    product = MINUS_ONE * log(bind("prod", chance, INDEX, ONE, COUNT))
    summed = MINUS_ONE * bind("sum", log(chance), INDEX, ONE, COUNT)
    c.result("loss of a data set", c.because("the logarithm of a product", rules.equal, product, summed, CHART))
    return c


def quantities() -> Mapping[str, Term]:
    """What labels drawn by the model estimate."""
    return {"loss": LOSS, "gradient": GRADIENT}
