r"""The objective is differentiable (homework 13, introduction of problem 2).

The introduction says that the objective is not differentiable because language is discrete. A draw is not; the
objective is the mean over all answers, and has the derivative

$$\frac{\partial}{\partial\theta} \sum_y \pi_\theta(y|x)\, f(y, x)
  = \sum_y \pi_\theta(y|x)\, f(y, x)\, \frac{\partial \log\pi_\theta(y|x)}{\partial\theta},$$

for every policy that is differentiable in its parameters. For two answers with the probabilities
:math:`\sigma(\theta), \sigma(-\theta)` it is :math:`\sigma(\theta)\sigma(-\theta) (f_1 - f_2)`, at every
:math:`\theta`. Reinforcement learning is used because the sum over all answers is too long.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.policy import THETA
from derive.catalogue.policy.score_function import prove as score_function
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Chart, Domain
from derive.kernel.term import Term, logistic, sym

ID = "errata/preference_differentiable"
ALIASES = ("errata/hw13/2",)
SOURCE = "homework 13, introduction of problem 2"
TITLE = "A mean over discrete answers"
GENERAL = ("two answers",)
ERRATUM = (
    "The objective is a finite sum of probabilities times values, and differentiable wherever the policy is; what is "
    "not differentiable is a drawn answer."
)
TWIN_ABSENT = "Whether a derivative exists is no matter of chance; the gradient is simulated by policy/score_function."

ONE_VALUE, OTHER_VALUE = sym("f_1"), sym("f_2")
CHART: Final = Chart({s.name: Domain() for s in (THETA, ONE_VALUE, OTHER_VALUE)})
MEAN: Final = logistic(THETA) * ONE_VALUE + logistic(-THETA) * OTHER_VALUE
SLOPE: Final = logistic(THETA) * logistic(-THETA) * (ONE_VALUE - OTHER_VALUE)


def prove() -> Chain:
    """The derivative, in general and for two answers."""
    c = Chain(CHART)
    found = c.because("the chain rule", rules.gradient, MEAN, THETA.name, [], CHART)
    c.result("two answers", c.because("factored", rules.restate, found, right=SLOPE))
    general = score_function().results["gradient"]
    c.result("any policy", c.because("read both ways", rules.symmetric, rules.symmetric(general)))
    return c


def quantities() -> Mapping[str, Term]:
    """The derivative for two answers."""
    return {"slope": SLOPE}
