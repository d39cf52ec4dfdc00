r"""The optimal policy moves mass toward a higher reward (lecture; homework 13, 2b).

With :math:`\lambda = 1/\beta` let :math:`Z_\lambda(x) = \sum_y \pi_{\text{ref}}(y|x) e^{\lambda r(x, y)}` and
:math:`\pi_\lambda(y|x) = \pi_{\text{ref}}(y|x) e^{\lambda r(x, y)} / Z_\lambda(x)`. Then

$$\frac{\partial \log Z_\lambda}{\partial\lambda} = \sum_y \pi_\lambda\, r, \qquad
  \frac{\partial \log\pi_\lambda(y|x)}{\partial\lambda} = r(x, y) - \sum_y \pi_\lambda\, r, \qquad
  \frac{\partial}{\partial\lambda} \sum_y \pi_\lambda\, r
  = \sum_y \pi_\lambda \Bigl(r - \sum_y \pi_\lambda\, r\Bigr)^2 \ge 0$$

An answer gains probability exactly where its reward is above the mean, and the mean reward never falls as
:math:`\beta` falls.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.preference import (
    ANSWERS,
    BETA,
    FUNCTIONS,
    LABEL,
    D,
    X,
    Y,
    expectation,
    optimal,
    reference,
    reward,
    total,
)
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Chart, Domain
from derive.kernel.term import ZERO, Term, exp, log, sym

ID = "preference/tilt"
ALIASES = ("lecture/mass-toward-reward",)
SOURCE = "lecture, KL regularisation; homework 13, 2b"
TITLE = "Mass moves toward the reward"
GENERAL = ("free energy", "score", "growth", "never falls", "at β")

LAMBDA: Final = sym(r"\lambda")
CHART: Final = Chart(
    {LAMBDA.name: Domain(), X.name: LABEL, ANSWERS.name: LABEL},
    {f.name: FUNCTIONS[f.name] for f in (reference(Y, X), reward(X, Y))},
)
MEMBER: Final = CHART.extend(domains={Y.name: LABEL})
AT_BETA: Final = Chart({BETA.name: D.chart.domains[BETA.name], X.name: LABEL, ANSWERS.name: LABEL}, FUNCTIONS)
WEIGHT: Final = reference(Y, X) * exp(LAMBDA * reward(X, Y))
NORMALISER: Final = total(WEIGHT)
POLICY: Final = WEIGHT / NORMALISER
MEAN: Final = total(WEIGHT * reward(X, Y)) / NORMALISER
SQUARE: Final = POLICY * (reward(X, Y) - MEAN) ** 2


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    energy = c.because("the chain rule", rules.gradient, log(NORMALISER), LAMBDA.name, [], CHART)
    c.result("free energy", c.because("the mean reward", rules.restate, energy, right=MEAN))
    score = c.because("the chain rule", rules.gradient, log(POLICY), LAMBDA.name, [], MEMBER)
    c.result("score", c.because("less the mean reward", rules.restate, score, right=reward(X, Y) - MEAN))
    growth = c.because("the quotient rule", rules.gradient, MEAN, LAMBDA.name, [], CHART)
    c.result("growth", c.because("the variance of the reward", rules.restate, growth, right=total(SQUARE)))
    square = c.because("a probability times a square", rules.at_most, ZERO, SQUARE, MEMBER)
    summed = c.because("summed over all answers", rules.set_termwise, square, total(ZERO), CHART)
    c.result("never falls", c.because("a sum of zeros", rules.restate, summed, left=ZERO))
    mean = expectation(optimal, reward(X, Y))
    drawn = expectation(optimal, reward(X, Y) ** 2) - mean**2
    at_beta = expectation(optimal, (reward(X, Y) - mean) ** 2)
    c.result("at β", c.because("the mean square less the squared mean", rules.equal, at_beta, drawn, AT_BETA))
    return c


def quantities() -> Mapping[str, Term]:
    """What answers drawn from the optimal policy estimate: the growth of the mean reward with 1/β."""
    mean = expectation(optimal, reward(X, Y))
    return {"growth": expectation(optimal, reward(X, Y) ** 2) - mean**2}
