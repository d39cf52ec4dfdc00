r"""How far the end of the forward process is from a standard normal variable (homework 13, 1a).

With :math:`Z = X_1/\sqrt{1+\sigma^2}`,

$$Z \sim N(0, 1), \qquad X_1 - Z \sim N\left(0, \left(\sqrt{1+\sigma^2} - 1\right)^2\right), \qquad
  \sqrt{1+\sigma^2} - 1 \le \frac{\sigma^2}{2},$$

so that the two laws are at most :math:`\sigma^2/2` apart in mean square, a distance of second order in
:math:`\sigma`; their variances differ by :math:`\sigma^2`.
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.catalogue.diffusion import CHART, S2, SIGMA, K, T, forward
from derive.catalogue.diffusion.forward_marginal import marginals, step_premises
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.fact import Fact
from derive.kernel.term import ONE, ZERO, Term, normal, num, sqrt

ID = "diffusion/marginal_distance"
ALIASES = ("hw13/1a-distance",)
SOURCE = "homework 13, 1a"
TITLE = "From the end of the forward process to a standard normal variable"
GENERAL = ("a standard normal variable", "their difference", "distance at most")

ROOT = sqrt(S2 + 1)


def end(c: Chain) -> Fact:
    """The law at the end of the forward process."""
    after_k = marginals(c, *step_premises(c))
    last = c.because("after all T steps", rules.instantiate, after_k, {K.name: T}, CHART)
    return c.because("since TΔt = 1", rules.restate, last, forward(ONE), normal(ZERO, S2 + 1))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    law = end(c)
    shrunk = c.because("a multiple of a Gaussian is Gaussian", rules.affine_law, law, 1 / ROOT)
    shrunk = c.because("of variance 1", rules.restate, shrunk, right=normal(ZERO, ONE))
    c.result("a standard normal variable", shrunk)
    rest = c.because("and so is the difference", rules.affine_law, law, 1 - 1 / ROOT)
    rest = c.because("simplified", rules.restate, rest, right=normal(ZERO, (ROOT - 1) ** 2))
    c.result("their difference", rest)
    c.result("distance squared", c.because("its variance", rules.variance_of_law, rest))
    more = c.because("a square completed", rules.at_most, S2 + 1, (1 + S2 / 2) ** 2, CHART)
    more = c.because("roots keep the order", rules.sqrt_order, more)
    more = c.because("less 1", rules.affine_order, more, ONE, num(-1))
    c.result("distance at most", c.because("simplified", rules.restate, more, ROOT - 1, SIGMA**2 / 2))
    return c


def quantities() -> Mapping[str, Term]:
    """What a simulation of T steps estimates, by the standard deviation at the end."""
    return {"distance squared": (ROOT - 1) ** 2}
