r"""From the objective to one divergence in four steps (DPO page, section 1; homework 13, 2b).

With :math:`Z(x) = \sum_y \pi_{\text{ref}}(y|x) e^{r(x, y)/\beta}` and
:math:`\pi^*(y|x) = \frac{1}{Z(x)} \pi_{\text{ref}}(y|x) e^{r(x, y)/\beta}`,

$$-\frac1\beta \sum_y \pi_\theta \Bigl(r - \beta\log\frac{\pi_\theta}{\pi_{\text{ref}}}\Bigr)
  = \sum_y \pi_\theta \Bigl(\log\frac{\pi_\theta}{\pi_{\text{ref}}} - \frac r\beta\Bigr)
  = \sum_y \pi_\theta \log\frac{\pi_\theta}{\pi_{\text{ref}} e^{r/\beta}}
  = \sum_y \pi_\theta \log\frac{\pi_\theta}{\frac1Z \pi_{\text{ref}} e^{r/\beta}} - \log Z
  = \operatorname{KL}(\pi_\theta \,\|\, \pi^*) - \log Z$$
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.catalogue.preference import (
    BETA,
    CHART,
    X,
    Y,
    divergence,
    expectation,
    optimal,
    partition,
    reference,
    reward,
    trained,
)
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.term import MINUS_ONE, ONE, Term, exp, log

ID = "preference/four_steps"
ALIASES = ("dpo-page/four-steps",)
SOURCE = "DPO page, section 1; homework 13, 2b"
TITLE = "Four steps from the objective to a divergence"
GENERAL = ("divided by -β", "reward in the logarithm", "normalised", "divergence", "altogether")

RATIO = log(trained(Y, X) / reference(Y, X))
WEIGHT = reference(Y, X) * exp(reward(X, Y) / BETA)


def sides() -> tuple[Term, ...]:
    """The five sides, in order."""
    start = MINUS_ONE / BETA * expectation(trained, reward(X, Y) - BETA * RATIO)
    divided = expectation(trained, RATIO - reward(X, Y) / BETA)
    folded = expectation(trained, log(trained(Y, X) / WEIGHT))
    normalised = expectation(trained, log(trained(Y, X) / (ONE / partition(X) * WEIGHT))) - log(partition(X))
    return start, divided, folded, normalised, divergence(trained, optimal) - log(partition(X))


REASONS = (
    "divided by -β",
    "r/β is the logarithm of its exponential",
    "divided by Z(x), whose logarithm leaves the mean",
    "the denominator is the optimal policy",
)


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    every = sides()
    steps = [
        c.result(name, c.because(reason, rules.equal, one, other, CHART))
        for name, reason, one, other in zip(GENERAL, REASONS, every, every[1:], strict=False)
    ]
    whole = steps[0]
    for step in steps[1:]:
        whole = c.because("one step further", rules.transitive, whole, step)
    c.result("altogether", whole)
    return c


def quantities() -> Mapping[str, Term]:
    """What is minimised."""
    return {"divergence": sides()[-1]}
