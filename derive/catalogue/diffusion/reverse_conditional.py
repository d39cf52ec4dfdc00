r"""One step back in time, given where the process is (homework 13, 1c).

$$X_{t-\Delta t} \mid X_t = x_t \sim N\left(\frac{\sigma^2+t-\Delta t}{\sigma^2+t}\, x_t,\;
  \frac{(\sigma^2+t-\Delta t)\,\Delta t}{\sigma^2+t}\right), \qquad
  0 \le \frac{\Delta t}{\operatorname{Var}(X_{t-\Delta t}\mid X_t)} - 1 \le \frac{\Delta t}{\sigma^2}$$
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.catalogue.diffusion import AT_TIME, CHART, DT, S2, TIME
from derive.catalogue.diffusion.forward_marginal import at_time, before_time, marginals, step_premises
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Domain
from derive.kernel.term import PI, ZERO, Term, exp, fn, normal, sqrt, sym

ID = "diffusion/reverse_conditional"
ALIASES = ("hw13/1c",)
SOURCE = "homework 13, 1c"
TITLE = "One reverse step"
GENERAL = ("law", "variance at a value", "variance", "mean")

MEAN = (S2 + TIME - DT) / (S2 + TIME)
VARIANCE = (S2 + TIME - DT) * DT / (S2 + TIME)
SHORT = DT * (1 - DT / (S2 + TIME))
OBSERVED = fn("x", TIME)
A, B = sym("a"), sym("b")

POINTS = AT_TIME.extend(domains={A.name: Domain(), B.name: Domain()})


def density(at: Term, mean: Term, variance: Term) -> Term:
    """The density of a normal law."""
    return exp(-((at - mean) ** 2) / (2 * variance)) / sqrt(2 * PI * variance)


def density_ratio() -> tuple[Term, Term]:
    """p(a) p(b|a) / p(b) for the state a before and b at time t, and the density that is claimed for a given b."""
    joint = density(A, ZERO, S2 + TIME - DT) * density(B, A, DT)
    return joint / density(B, ZERO, S2 + TIME), density(A, MEAN * B, VARIANCE)


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    adds, law, new = step_premises(c)
    after_k = marginals(c, adds, law, new)
    past = before_time(c, after_k)
    adds_now, law_now, new_now = at_time(c, adds, law, new)

    joint = "past and present are jointly normal"
    posterior = c.because(joint, rules.condition_on_sum, past, law_now, new_now, adds_now, OBSERVED)
    posterior = c.because("simplified", rules.restate, posterior, right=normal(MEAN * OBSERVED, VARIANCE))
    c.result("law", posterior)
    at_value = c.result("variance at a value", c.because("the law's variance", rules.variance_of_law, posterior))
    variance = c.result("variance", c.because("it does not depend on x_t", rules.constant_variance, at_value))
    c.result("mean", c.because("the law's mean", rules.mean_of_law, posterior))
    c.result("density ratio", c.because("Bayes' rule says the same", rules.equal, *density_ratio(), POINTS))
    short = c.because("divide out Δt", rules.restate, variance, right=SHORT)
    c.result("variance, simplified", short)

    named = rules.symmetric(variance)
    close = c.because("since σ² + t > σ²", rules.approximate, VARIANCE, DT, DT / S2, AT_TIME)
    c.result("variance is about Δt", c.because("by its name", rules.rewrite, close, named))
    below = c.because("the variance is below Δt", rules.at_most, ZERO, DT / VARIANCE - 1, AT_TIME)
    above = c.because("since t ≥ Δt", rules.at_most, DT / VARIANCE - 1, DT / S2, AT_TIME)
    c.result("ratio at least 1", c.because("by its name", rules.rewrite, below, named))
    c.result("ratio at most", c.because("by its name", rules.rewrite, above, named))
    return c


def quantities() -> Mapping[str, Term]:
    """What a simulation of the process around a time t estimates, by regression on X_t."""
    return {"slope": MEAN, "variance": VARIANCE}
