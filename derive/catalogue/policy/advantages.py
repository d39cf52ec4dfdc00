r"""Normalised advantages of verified answers (lecture, ScaleRL).

Of G answers to one prompt let :math:`r_i` be 1 where the answer is right and 0 where it is wrong, :math:`m` their mean,
and :math:`s^2 = \frac1G\sum_i (r_i - m)^2`. Then

$$s^2 = m(1 - m), \qquad \sum_{i=1}^{G} \frac{r_i - m}{s} = 0, \qquad
  \frac1G \sum_{i=1}^{G} \Bigl(\frac{r_i - m}{s}\Bigr)^2 = 1,$$

the last two where :math:`0 < m < 1`: a prompt whose answers are all right or all wrong has no normalised advantages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, ZERO, Term, bind, fn, sqrt, sym

ID = "policy/advantages"
ALIASES = ("lecture/advantages",)
SOURCE = "lecture, ScaleRL objective"
TITLE = "Normalised advantages"
GENERAL = ("spread", "sum of deviations")

COUNT, INDEX, MEAN = sym("G"), sym("i"), sym("m")


def reward(index: Term) -> Term:
    """1 for a right answer, 0 for a wrong one."""
    return fn("r", index)


def total(body: Term) -> Term:
    """The sum over all answers to the prompt."""
    return bind("sum", body, INDEX, ONE, COUNT)


CHART: Final = Chart({COUNT.name: Domain("integer", Bound(ONE)), MEAN.name: Domain()}, {"r": Function(("j",))})
AT_ANSWER: Final = CHART.extend(domains={INDEX.name: Domain("integer", Bound(ONE), Bound(COUNT))})
MIXED: Final = CHART.extend(domains={MEAN.name: Domain("real", Bound(ZERO, True), Bound(ONE, True))})
DEVIATION: Final = reward(INDEX) - MEAN
SCALE: Final = sqrt(MEAN * (1 - MEAN))


def spread(c: Chain, averaged: Fact) -> Fact:
    """The variance of rewards that are 0 or 1."""
    binary = Claim("=", reward(INDEX) ** 2, reward(INDEX), AT_ANSWER)
    known = c.given(binary, "a reward is 0 or 1")
    squares = c.because("for every answer", rules.termwise, known, total(reward(INDEX) ** 2), CHART)
    squares = c.because("the mean once more", rules.transitive, squares, averaged)
    one, two = sym("u"), sym("v")
    form = (one - 2 * MEAN * two) / COUNT + MEAN**2
    filled = c.because("the squares written out", rules.congruent, form, {one.name: squares, two.name: averaged})
    return c.because("the variance", rules.restate, filled, total(DEVIATION**2) / COUNT, MEAN * (1 - MEAN))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    mean = Claim("=", total(reward(INDEX)), COUNT * MEAN, CHART)
    averaged = c.given(mean, "m is the mean reward")
    found = c.result("spread", spread(c, averaged))
    place = sym("u")
    zero = c.because("G times the mean taken off", rules.congruent, place - COUNT * MEAN, {place.name: averaged})
    zero = c.because("term by term", rules.restate, zero, total(DEVIATION), ZERO)
    c.result("sum of deviations", zero)

    here = c.because("answers that are not all alike", rules.instantiate, found, {}, MIXED)
    c.result("positive spread", c.because("both factors are positive", rules.less, ZERO, here.right, MIXED))
    none = c.because("answers that are not all alike", rules.instantiate, zero, {}, MIXED)
    scaled = c.because("divided by the spread's root", rules.congruent, place / SCALE, {place.name: none})
    c.result("sum", c.because("term by term", rules.restate, scaled, total(DEVIATION / SCALE), ZERO))
    one = c.because("divided by the spread", rules.congruent, place / here.right, {place.name: here})
    squares = total((DEVIATION / SCALE) ** 2) / COUNT
    c.result("mean square", c.because("term by term", rules.restate, one, squares, ONE))
    return c


def quantities() -> Mapping[str, Term]:
    """What answers drawn from the group estimate."""
    return {"spread": MEAN * (1 - MEAN), "mean square": ONE}
