r"""A maximum is not the minimum of what is negated and scaled (homework 13, 2b).

The solution joins by = the maximum of the objective and the minimum of the objective divided by :math:`-\beta`. The
values differ; what holds is, for every policy,

$$-\frac1\beta\Bigl(\sum_y \pi_\theta(y|x)\, r(x, y) - \beta \operatorname{KL}(\pi_\theta \,\|\, \pi_{\text{ref}})\Bigr)
  = \operatorname{KL}(\pi_\theta \,\|\, \pi^*) - \log Z(x),$$

so that both have the same optimiser, with the values :math:`\beta \log Z(x)` and :math:`-\log Z(x)`.
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.catalogue.preference import BETA, CHART, X, divergence, optimal, partition, trained
from derive.catalogue.preference.gibbs_policy import BEST, objective
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.term import MINUS_ONE, Term, log

ID = "errata/preference_max_min"
ALIASES = ("errata/hw13/2b",)
SOURCE = "homework 13, 2b, solution"
TITLE = "Maximum and minimum joined by an equality sign"
GENERAL = ("objective negated and divided by β", "least value")
ERRATUM = (
    r"The solution writes $\max \dots = \min \dots$ between the objective and itself divided by $-\beta$. The "
    r"values differ; only "
    r"the optimisers agree: the maximum is $\beta \log Z(x)$, the minimum is $-\log Z(x)$, both at the optimal policy."
)

MINIMISED = divergence(trained, optimal) - log(partition(X))


def prove() -> Chain:
    """The refutation, and what holds."""
    c = Chain(CHART)
    values = c.because("a policy and a reward tell them apart", rules.unequal, objective(trained), MINIMISED, CHART)
    c.result("values of a policy differ", values)
    ends = c.because("so do the values at the optimum", rules.unequal, BEST, -log(partition(X)), CHART)
    c.result("optimal values differ", ends)
    right = c.because("negated and divided", rules.equal, MINUS_ONE / BETA * objective(trained), MINIMISED, CHART)
    c.result("objective negated and divided by β", right)
    at_best = divergence(optimal, optimal) - log(partition(X))
    c.result("least value", c.because("at π*", rules.equal, at_best, MINUS_ONE / BETA * BEST, CHART))
    return c


def quantities() -> Mapping[str, Term]:
    """Both optimal values."""
    return {"maximum": BEST, "minimum": -log(partition(X))}
