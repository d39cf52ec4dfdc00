r"""The Kullback–Leibler divergence is nonnegative, and 0 only between equal policies (homework 13, 2a).

$$\operatorname{KL}(p \,\|\, q) = \sum_{y \in \mathcal Y} p(y|x) \log\frac{p(y|x)}{q(y|x)} \ge 0,$$

with equality exactly where :math:`p = q`: from :math:`\log u \le u - 1`, term by term, since both add up to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.preference import (
    ANSWERS,
    CHART,
    LABEL,
    Policy,
    X,
    Y,
    abstract,
    divergence,
    expectation,
    members,
    reference,
    trained,
)
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Chart, Condition
from derive.kernel.fact import Fact
from derive.kernel.term import MINUS_ONE, ONE, ZERO, Term, bind, fn, log, sym

ID = "preference/gibbs_inequality"
ALIASES = ("hw13/2a",)
SOURCE = "homework 13, 2a; DPO page, step 4"
TITLE = "Gibbs's inequality"
GENERAL = ("nonnegative", "zero at itself")

M: Final = sym("m")


def p(answer: Term, prompt: Term) -> Term:
    """One policy."""
    return fn("p", answer, prompt)


def q(answer: Term, prompt: Term) -> Term:
    """Another policy."""
    return fn("q", answer, prompt)


ANY: Final = Chart({X.name: LABEL, ANSWERS.name: LABEL}, abstract(p(Y, X), q(Y, X)))


def terms_compared(c: Chain, p: Policy, q: Policy, chart: Chart) -> Fact:
    """p log(q/p) ≤ q - p for every answer."""
    here = members(chart)
    ratio = q(Y, X) / p(Y, X)
    tangent = c.because("the logarithm lies below its tangent at 1", rules.log_tangent, ratio, here)
    times = c.because("times the probability", rules.affine_order, tangent, p(Y, X))
    return c.because("simplified", rules.restate, times, p(Y, X) * log(ratio), q(Y, X) - p(Y, X))


def turned(c: Chain, summed: Fact, p: Policy, q: Policy) -> Fact:
    """From Σ p log(q/p) against Σ (q - p) to 0 against KL(p‖q)."""
    vanishes = c.because("both policies add up to 1", rules.restate, summed, right=ZERO)
    negated = c.because("change the signs", rules.affine_order, vanishes, MINUS_ONE)
    return c.because("the divergence", rules.restate, negated, ZERO, divergence(p, q))


def divergence_nonnegative(c: Chain, p: Policy, q: Policy, chart: Chart) -> Fact:
    """0 ≤ KL(p‖q) for two policies that the chart shows to be positive and to add up to 1."""
    everywhere = terms_compared(c, p, q, chart)
    series = bind("sumset", everywhere.left, Y, ANSWERS)
    summed = c.because("summed over all answers", rules.set_termwise, everywhere, series, chart)
    return turned(c, summed, p, q)


def divergence_positive(c: Chain, p: Policy, q: Policy, chart: Chart) -> Fact:
    """0 < KL(p‖q) over a chart in which p and q differ at the answer m."""
    apart = chart.extend(domains={M.name: LABEL}, conditions=(Condition("!=", q(M, X), p(M, X)),))
    everywhere = terms_compared(c, p, q, apart)
    ratio = q(M, X) / p(M, X)
    tangent = c.because(
        "it touches the tangent at 1 only",
        rules.log_tangent_strict,
        ratio,
        ONE / p(M, X),
        apart.conditions[-1],
        apart,
    )
    times = c.because("times the probability", rules.affine_order, tangent, p(M, X))
    at_m = c.because("simplified", rules.restate, times, p(M, X) * log(ratio), q(M, X) - p(M, X))
    series = bind("sumset", everywhere.left, Y, ANSWERS)
    summed = c.because("one term is smaller", rules.set_strict, everywhere, at_m, M, series, apart)
    return turned(c, summed, p, q)


def prove() -> Chain:
    """The derivation."""
    c = Chain(ANY)
    c.result("nonnegative", divergence_nonnegative(c, p, q, ANY))
    c.result("zero at itself", c.because("log 1 = 0", rules.equal, divergence(p, p), ZERO, ANY))
    c.result("positive where they differ", divergence_positive(c, p, q, ANY))
    logs = expectation(trained, log(trained(Y, X)) - log(reference(Y, X)))
    ours = c.because("the mean of what is drawn", rules.equal, logs, divergence(trained, reference), CHART)
    c.result("of the trained policy", ours)
    return c


def quantities() -> Mapping[str, Term]:
    """What answers drawn from the trained policy estimate."""
    return {"divergence": divergence(trained, reference)}
