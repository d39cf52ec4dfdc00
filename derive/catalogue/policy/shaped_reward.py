r"""The penalty as a part of the reward (homework 13, introduction; lecture).

For a policy over finitely many answers, with the shaped reward
:math:`\tilde f(y, x) = f(y, x) - \beta\bigl(\log\pi_\theta(y|x) - \log\pi_{\text{ref}}(y|x)\bigr)`,

$$\sum_y \pi_\theta(y|x) f(y, x) - \beta \operatorname{KL}(\pi_\theta \,\|\, \pi_{\text{ref}})
  = \sum_y \pi_\theta(y|x)\, \tilde f(y, x), \qquad
  \frac{\partial}{\partial\theta} \sum_y \pi_\theta(y|x)\, \tilde f(y, x)
  = \sum_y \pi_\theta(y|x)\, \tilde f(y, x)\, \frac{\partial \log\pi_\theta(y|x)}{\partial\theta}$$

That the shaped reward depends on :math:`\theta` too adds nothing, because the mean score is 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.policy import BETA, CHART, THETA, by_score, differentiable, score, slope, value
from derive.catalogue.preference import X, Y, divergence, expectation, reference, total, trained
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.term import ONE, Term, log, sym

ID = "policy/shaped_reward"
ALIASES = ("lecture/shaped-reward",)
SOURCE = "homework 13, introduction of problem 2; lecture"
TITLE = "The KL-shaped reward"
GENERAL = ("objective", "gradient")

SHAPED: Final = value(Y, X) - BETA * (log(trained(Y, X)) - log(reference(Y, X)))
SLOPES: Final = total(SHAPED * slope(Y, X))
PLACE: Final = sym("v")


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    mean = expectation(trained, SHAPED)
    objective = expectation(trained, value(Y, X)) - BETA * divergence(trained, reference)
    c.result("objective", c.because("one mean", rules.equal, objective, mean, CHART))

    known = differentiable(c)
    scores = score(c, known)
    whole = c.because("probabilities add up to 1", rules.equal, total(trained(Y, X)), ONE, CHART)
    still = c.because("for every θ", rules.differentiate, whole, THETA.name, [known])
    slopes = c.because("the product rule", rules.gradient, mean, THETA.name, [known], CHART)
    split = c.because("the reward's own derivative apart", rules.restate, slopes, right=SLOPES - BETA * still.left)
    nothing = c.because("the slopes add up to 0", rules.congruent, SLOPES - BETA * PLACE, {PLACE.name: still})
    left = c.because("so nothing of it is left", rules.transitive, split, nothing)
    left = c.because("each reward times its slope", rules.restate, left, right=SLOPES)
    c.result("gradient by slopes", left)
    c.result("gradient", by_score(c, left, SHAPED, scores))
    return c


def quantities() -> Mapping[str, Term]:
    """What drawn rewards, as they are, as differences, and times their scores, estimate."""
    return {"objective": expectation(trained, SHAPED), "gradient": SLOPES, "score estimate": SLOPES}
