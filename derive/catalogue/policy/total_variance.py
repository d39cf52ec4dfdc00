r"""The law of total variance (homework 13, introduction of problem 2: rewards normalised for each prompt).

For any square integrable R, such as a reward, and any X, such as the prompt,

$$\operatorname{Var}(R) = E\bigl[\operatorname{Var}(R \mid X)\bigr] + \operatorname{Var}\bigl(E[R \mid X]\bigr),$$

so that taking the mean of each prompt away leaves the first part, which is the variance less the second:

$$E\bigl[\operatorname{Var}(R \mid X)\bigr] = \operatorname{Var}(R) - \operatorname{Var}\bigl(E[R \mid X]\bigr).$$
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Chart
from derive.kernel.fact import Fact
from derive.kernel.rules.moments import mean
from derive.kernel.term import Term, fn, given, sym, var

ID = "policy/total_variance"
ALIASES = ("hw13/2-normalised-rewards",)
SOURCE = "homework 13, introduction of problem 2"
TITLE = "The law of total variance"
GENERAL = ("total variance", "what is left")
TWIN_ABSENT = "Both variables are arbitrary, so that there is no one process to simulate."

CHART: Final = Chart()
REWARD, PROMPT = fn("R"), fn("X")
EXPECTED: Final = mean(given(REWARD, PROMPT))
WITHIN: Final = mean(var(given(REWARD, PROMPT)))
BETWEEN: Final = var(EXPECTED)
ONE, OTHER = sym("u"), sym("w")


def within(c: Chain) -> Fact:
    """The mean of the variance given the prompt, by second moments."""
    known = c.because("given the prompt", rules.variance_by_moments, given(REWARD, PROMPT), CHART)
    averaged = c.because("on average", rules.congruent, mean(ONE), {ONE.name: known})
    parts = [mean(given(REWARD**2, PROMPT)), EXPECTED**2]
    split = c.because("means are linear", rules.mean_of_sum, [1, -1], parts, CHART)
    averaged = c.because("term by term", rules.transitive, averaged, split)
    square = c.because("the tower property", rules.tower, REWARD**2, PROMPT, CHART)
    return c.because("of the square", rules.rewrite, averaged, square)


def between(c: Chain) -> Fact:
    """The variance of the mean given the prompt, by second moments."""
    known = c.because("what a variance is", rules.variance_by_moments, EXPECTED, CHART)
    whole = c.because("the tower property", rules.tower, REWARD, PROMPT, CHART)
    return c.because("of the reward", rules.rewrite, known, whole)


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    parts = {ONE.name: within(c), OTHER.name: between(c)}
    added = c.because("both added", rules.congruent, ONE + OTHER, parts)
    variance = c.because("what a variance is", rules.variance_by_moments, REWARD, CHART)
    added = c.because("E[E[R|X]²] cancels", rules.restate, added, right=variance.right)
    back = c.because("read from right to left", rules.symmetric, added)
    total = c.result("total variance", c.because("the same moments", rules.transitive, variance, back))
    turned = c.because("less the variance of the means", rules.congruent, ONE - BETWEEN, {ONE.name: total})
    turned = c.because("read from right to left", rules.symmetric, turned)
    c.result("what is left", c.because("which cancels", rules.restate, turned, left=WITHIN))
    return c


def quantities() -> Mapping[str, Term]:
    """Both parts."""
    return {"within": WITHIN, "between": BETWEEN}
