r"""The partition function cancels in Bradley–Terry choices (homework 13, 2e).

With :math:`r(x, y) = \beta \log\frac{\pi^*(y|x)}{\pi_{\text{ref}}(y|x)} + \beta \log Z(x)`,

$$p(y_w \succ y_l \mid x) = \frac{e^{r(x, y_w)}}{e^{r(x, y_w)} + e^{r(x, y_l)}}
  = \sigma\left(\beta \log\frac{\pi^*(y_w|x)}{\pi_{\text{ref}}(y_w|x)}
             - \beta \log\frac{\pi^*(y_l|x)}{\pi_{\text{ref}}(y_l|x)}\right)$$
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Chart, Function
from derive.kernel.fact import Claim
from derive.kernel.term import Term, exp, fn, log, logistic
from derive.theory import theory

ID = "preference/bradley_terry"
ALIASES = ("hw13/2e",)
SOURCE = "homework 13, 2e"
TITLE = "The partition function cancels"
GENERAL = ("reward difference", "logistic form", "probability")

D: Final = theory("preference")
BETA, X, Y, WIN, LOSE = D["beta", "x", "y", "y_w", "y_l"]
reward, reference, policy, partition = (D.family(n) for n in ("r", "pi_ref", "pi_star", "Z"))


def score(answer: Term) -> Term:
    """What the policy says of the reward of an answer, without the partition function."""
    return BETA * log(policy(answer, X) / reference(answer, X))


def _abstract() -> Chart:
    """Any positive policy and any positive Z(x); the reward is defined through them."""
    names = {symbol.name for symbol in (BETA, X, Y, WIN, LOSE)}
    prompt, answer = X.name, Y.name
    functions = {
        reference(Y, X).name: Function((answer, prompt), None, "probability"),
        policy(Y, X).name: Function((answer, prompt), None, "positive"),
        partition(X).name: Function((prompt,), None, "positive"),
        reward(X, Y).name: Function((prompt, answer), score(Y) + BETA * log(partition(X))),
    }
    return Chart({n: d for n, d in D.chart.domains.items() if n in names}, functions)


CHART: Final = _abstract()


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    win, lose = exp(reward(X, WIN)), exp(reward(X, LOSE))
    chosen = fn("p", WIN, LOSE, X)
    model = c.given(Claim("=", chosen, win / (win + lose), CHART), "the Bradley–Terry model")
    difference = c.because(
        "divide by the numerator", rules.equal, model.right, logistic(reward(X, WIN) - reward(X, LOSE)), CHART
    )
    cancels = c.because(
        "β log Z(x) is in both rewards", rules.equal, reward(X, WIN) - reward(X, LOSE), score(WIN) - score(LOSE), CHART
    )
    c.result("reward difference", cancels)
    without = c.because("put in the difference", rules.rewrite, difference, cancels)
    c.result("logistic form", without)
    c.result("probability", c.because("the model in that form", rules.transitive, model, without))
    return c


def quantities() -> Mapping[str, Term]:
    """What simulated choices estimate, for any Z."""
    return {"probability": logistic(score(WIN) - score(LOSE))}
