r"""The gradient of a mean is the mean of the value times the score (lecture, the log-derivative trick).

For any differentiable policy over finitely many answers, in each coordinate of :math:`\theta`,

$$\frac{\partial}{\partial\theta} \sum_y \pi_\theta(y|x)\, f(y, x)
  = \sum_y \pi_\theta(y|x)\, f(y, x)\, \frac{\partial \log\pi_\theta(y|x)}{\partial\theta}, \qquad
  \sum_y \pi_\theta(y|x)\, \frac{\partial \log\pi_\theta(y|x)}{\partial\theta} = 0,$$

so that a baseline :math:`b(x)` changes nothing. Where the value depends on :math:`\theta` too, the mean of its own
derivative is added.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.policy import (
    ANY,
    BASE,
    CHART,
    THETA,
    by_score,
    differentiable,
    mean_of_score,
    own,
    own_slope,
    score,
    slope,
    value,
)
from derive.catalogue.preference import X, Y, expectation, total, trained
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, Term, sym

ID = "policy/score_function"
ALIASES = ("lecture/score-function",)
SOURCE = "lecture, the log-derivative trick"
TITLE = "The score-function identity"
GENERAL = ("gradient", "mean score", "baseline")

PLACE: Final = sym("v")
SLOPES: Final = total(value(Y, X) * slope(Y, X))


def shifted(c: Chain, slopes: Fact, still: Fact) -> Fact:
    """From left = Σ f · slope to left = Σ (f - b) · slope."""
    plain = total(value(Y, X) * slope(Y, X))
    less = c.because("b(x) times 0 taken off", rules.congruent, plain - BASE * PLACE, {PLACE.name: still})
    moved = total((value(Y, X) - BASE) * slope(Y, X))
    less = c.because("within the sum", rules.restate, less, moved, slopes.right)
    less = c.because("read from right to left", rules.symmetric, less)
    return c.because("so is the gradient", rules.transitive, slopes, less)


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    known = differentiable(c)
    scores = score(c, known)
    mean = expectation(trained, value(Y, X))
    slopes = c.because("the chain rule", rules.gradient, mean, THETA.name, [known], CHART)
    c.result("gradient by slopes", c.because("each value times its slope", rules.restate, slopes, right=SLOPES))
    c.result("gradient", by_score(c, slopes, value(Y, X), scores))

    whole = c.because("probabilities add up to 1", rules.equal, total(trained(Y, X)), ONE, CHART)
    still = c.because("for every θ", rules.differentiate, whole, THETA.name, [known])
    zero = c.because("read from right to left", rules.symmetric, still)
    nothing = by_score(c, zero, ONE, scores)
    c.result("mean score", c.because("read from right to left", rules.symmetric, nothing))
    c.result("baseline", by_score(c, shifted(c, slopes, still), value(Y, X) - BASE, scores))

    both = Claim("=", Term("diff", (own(ANY, X), THETA)), own_slope(ANY, X), CHART)
    moves = c.given(both, "a value that depends on θ, differentiable as well")
    mean = expectation(trained, own(Y, X))
    product = c.because("the product rule", rules.gradient, mean, THETA.name, [known, moves], CHART)
    c.result("value that depends on θ", split(c, product, scores))
    return c


def split(c: Chain, product: Fact, scores: Fact) -> Fact:
    """The mean of the value times the score, and the mean of the value's own derivative."""
    summed = mean_of_score(c, own(Y, X), scores)
    rest = expectation(trained, own_slope(Y, X))
    apart = c.because("term by term", rules.restate, product, right=summed.left + rest)
    joined = c.because("with the other part", rules.congruent, PLACE + rest, {PLACE.name: summed})
    return c.because("by the scores", rules.transitive, apart, joined)


def quantities() -> Mapping[str, Term]:
    """What drawn values, as differences and times their scores, estimate."""
    return dict.fromkeys(("gradient", "score estimate", "score estimate with baseline"), SLOPES)
