r"""Choices are not made in proportion to rewards (homework 13, 2g).

The problem says that a choice is preferred with a probability proportional to its latent reward. The formula that
follows has :math:`e^r`, and means it: rewards may be negative or 0, and adding the same to all of them changes no
choice,

$$\frac{r_1}{r_1 + r_2} \ne \frac{e^{r_1}}{e^{r_1} + e^{r_2}}, \qquad
  \frac{e^{r_1 + c}}{e^{r_1 + c} + e^{r_2 + c}} = \frac{e^{r_1}}{e^{r_1} + e^{r_2}}, \qquad
  \frac{r_1 + c}{r_1 + r_2 + 2c} \ne \frac{r_1}{r_1 + r_2}$$
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.term import ONE, ZERO, Term, exp, num, sym

ID = "errata/preference_proportional"
ALIASES = ("errata/hw13/2g-proportional",)
SOURCE = "homework 13, 2g, problem"
TITLE = "Proportional to what"
GENERAL = ("shares of exponentials",)
ERRATUM = (
    "A choice has a probability in proportion to the exponential of its reward, as the formula says, and not to the "
    "reward, which may be negative."
)

R1, R2, SHIFT = sym("r_1"), sym("r_2"), sym("c")
POSITIVE: Final = Domain("real", Bound(ZERO, True))
CHART: Final = Chart({R1.name: POSITIVE, R2.name: POSITIVE, SHIFT.name: POSITIVE})
ANY: Final = Chart({s.name: Domain() for s in (R1, R2, SHIFT)})


def share(one: Term, other: Term) -> Term:
    """What the first is of both."""
    return one / (one + other)


CHOICE: Final = share(exp(R1), exp(R2))


def prove() -> Chain:
    """The refutation, and what holds."""
    c = Chain(ANY)
    c.result("another share", c.because("a counterexample", rules.unequal, share(R1, R2), CHOICE, CHART))
    shifted = share(exp(R1 + SHIFT), exp(R2 + SHIFT))
    c.result("shares of exponentials", c.because("e^c cancels", rules.equal, shifted, CHOICE, ANY))
    moved = share(R1 + SHIFT, R2 + SHIFT)
    c.result("shares of rewards", c.because("a counterexample", rules.unequal, moved, share(R1, R2), CHART))
    negative = c.because("of the rewards -1 and 3", rules.equal, share(-ONE, num(3)), num(-1, 2), ANY)
    c.result("no probability", negative)
    return c


def quantities() -> Mapping[str, Term]:
    """How often the first is chosen."""
    return {"choice": CHOICE}
