r"""What the regularised objective is, and which policy maximises it (homework 13, 2b).

For every policy :math:`\pi_\theta`, with :math:`\pi^*(y|x) = \frac{1}{Z(x)}\pi_{\text{ref}}(y|x) e^{r(x, y)/\beta}`,

$$\sum_y \pi_\theta(y|x)\, r(x, y) - \beta \operatorname{KL}(\pi_\theta \,\|\, \pi_{\text{ref}})
  = -\beta \operatorname{KL}(\pi_\theta \,\|\, \pi^*) + \beta \log Z(x) \le \beta \log Z(x),$$

with equality exactly where :math:`\pi_\theta = \pi^*`: the maximum is :math:`\beta \log Z(x)`, at :math:`\pi^*` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.preference import (
    BETA,
    CHART,
    Policy,
    X,
    Y,
    divergence,
    expectation,
    members,
    optimal,
    partition,
    reference,
    reward,
    total,
    trained,
)
from derive.catalogue.preference.gibbs_inequality import divergence_nonnegative, divergence_positive
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.fact import Fact
from derive.kernel.term import MINUS_ONE, ONE, ZERO, Term, exp, log

ID = "preference/gibbs_policy"
ALIASES = ("hw13/2b", "lecture/kl-regularised-argmax", "dpo-page/1")
SOURCE = "homework 13, 2b; lecture, KL regularisation; DPO page, section 1"
TITLE = "The optimal policy of the KL-regularised objective"
GENERAL = ("positive", "normalised", "objective", "at most", "at the optimal policy")

BEST: Final = BETA * log(partition(X))
"""The maximum."""


def objective(policy: Policy) -> Term:
    """The mean reward less β times the divergence from the reference policy."""
    return expectation(policy, reward(X, Y)) - BETA * divergence(policy, reference)


def below_best(c: Chain, divergence_at_least: Fact) -> Fact:
    """From 0 ≤ KL(π‖π*), or 0 < it, to the bound of the objective."""
    scaled = c.because("times -β, and βlog Z(x) added", rules.affine_order, divergence_at_least, -BETA, BEST)
    return c.because("the objective, as found", rules.restate, scaled, objective(trained), BEST)


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    c.result("positive", c.because("a quotient of positive terms", rules.less, ZERO, optimal(Y, X), members(CHART)))
    whole = total(optimal(Y, X))
    c.result("normalised", c.because("Z(x) is the sum of the numerators", rules.equal, whole, ONE, CHART))
    single = objective(trained)
    folded = expectation(trained, reward(X, Y) - BETA * log(trained(Y, X) / reference(Y, X)))
    c.result("one sum", c.because("the means are of one policy", rules.equal, single, folded, CHART))
    found = -BETA * divergence(trained, optimal) + BEST
    c.result("objective", c.because("log π* is log π_ref + r/β - log Z(x)", rules.equal, single, found, CHART))
    shifted = divergence(trained, optimal) - log(partition(X))
    scaled = c.because("negated and divided by β", rules.equal, MINUS_ONE / BETA * single, shifted, CHART)
    c.result("as a minimisation", scaled)
    weights = expectation(reference, exp(reward(X, Y) / BETA))
    c.result("partition function", c.because("its definition", rules.equal, weights, partition(X), CHART))
    c.result("at most", below_best(c, divergence_nonnegative(c, trained, optimal, CHART)))
    c.result("at the optimal policy", c.because("KL(π*‖π*) = 0", rules.equal, objective(optimal), BEST, CHART))
    c.result("less for any other policy", below_best(c, divergence_positive(c, trained, optimal, CHART)))
    return c


def quantities() -> Mapping[str, Term]:
    """What answers drawn from the trained policy, from the reference policy, and from the best one found, estimate."""
    return {
        "objective": -BETA * divergence(trained, optimal) + BEST,
        "partition function": partition(X),
        "maximum": BEST,
    }
