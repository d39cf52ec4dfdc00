r"""The score-function identity is not the reparameterization trick (lecture).

The lecture calls the identity :math:`\nabla E f = E f \nabla\log\pi_\theta` by that name. Reparameterization writes
the draw as a function of :math:`\theta` and of noise, and differentiates f. For :math:`z = \theta + \varepsilon` with
:math:`\varepsilon = \pm 1`, each with probability 1/2, and :math:`f(z) = z^2` the gradient of the mean is

$$\frac{\partial}{\partial\theta} \frac{(\theta + 1)^2 + (\theta - 1)^2}{2} = 2\theta = E[2z],$$

by reparameterization, although the probabilities 1/2 do not depend on :math:`\theta` and have the score 0. For the
probabilities :math:`\sigma(\theta), \sigma(-\theta)` of two fixed values it is the other way round: the values do not
move, and the score gives the whole gradient.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Chart, Domain
from derive.kernel.term import HALF, ZERO, Term, log, logistic, sym

ID = "errata/preference_reparameterization"
ALIASES = ("errata/lecture/reparameterization",)
SOURCE = "lecture, the log-derivative trick"
TITLE = "The name of the score-function identity"
GENERAL = ("gradient of moving values", "gradient of moving probabilities")
ERRATUM = (
    "The lecture labels the score-function identity as the reparameterization trick. These are two estimators: one "
    "differentiates the probabilities, the other the drawn value, and each is 0 where the other is the whole gradient."
)

THETA, FIRST, SECOND = sym(r"\theta"), sym("f_1"), sym("f_2")
CHART: Final = Chart({s.name: Domain() for s in (THETA, FIRST, SECOND)})
MOVING: Final = HALF * (THETA + 1) ** 2 + HALF * (THETA - 1) ** 2
BY_VALUES: Final = HALF * 2 * (THETA + 1) + HALF * 2 * (THETA - 1)
BY_SCORES: Final = HALF * (THETA + 1) ** 2 * ZERO + HALF * (THETA - 1) ** 2 * ZERO
WIN, LOSE = logistic(THETA), logistic(-THETA)


def prove() -> Chain:
    """The refutation, and what holds."""
    c = Chain(CHART)
    values = c.because("the values move", rules.gradient, MOVING, THETA.name, [], CHART)
    c.result("gradient of moving values", c.because("E[2z]", rules.restate, values, right=BY_VALUES))
    c.result("not by scores", c.because("the scores are 0", rules.unequal, values.right, BY_SCORES, CHART))
    mean = WIN * FIRST + LOSE * SECOND
    chances = c.because("the probabilities move", rules.gradient, mean, THETA.name, [], CHART)
    one = c.because("the score of the first", rules.gradient, log(WIN), THETA.name, [], CHART)
    two = c.because("the score of the second", rules.gradient, log(LOSE), THETA.name, [], CHART)
    scored = WIN * FIRST * one.right + LOSE * SECOND * two.right
    found = c.because("each value times its score", rules.restate, chances, right=scored)
    c.result("gradient of moving probabilities", found)
    c.result("not by values", c.because("the values do not move", rules.unequal, chances.right, ZERO, CHART))
    return c


def quantities() -> Mapping[str, Term]:
    """What a drawn value's slope, and a drawn value times its score, estimate."""
    return {
        "gradient of moving values": BY_VALUES,
        "gradient of moving probabilities": WIN * LOSE * (FIRST - SECOND),
    }
