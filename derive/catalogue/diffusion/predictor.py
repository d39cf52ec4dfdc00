r"""The best prediction of the data from a noisy state (homework 13, 1f).

$$X_0 \mid X_t = x_t \sim N\left(\frac{\sigma^2}{\sigma^2+t}\, x_t,\; \frac{\sigma^2 t}{\sigma^2+t}\right), \qquad
  E\left[(X_0 - c)^2 \mid X_t = x_t\right]
  = \frac{\sigma^2 t}{\sigma^2+t} + \left(\frac{\sigma^2}{\sigma^2+t}\, x_t - c\right)^2,$$

so that whatever else is answered at :math:`x_t` has a larger squared loss than
:math:`g(x_t, t) = E[X_0 \mid X_t = x_t] = \frac{\sigma^2}{\sigma^2+t}\, x_t`.
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.catalogue.diffusion import AT_TIME, CHART, COUNT, DT, S2, STEP, TIME, K, M, forward, noise
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Domain
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ZERO, Term, TermLike, fn, normal, sym

ID = "diffusion/predictor"
ALIASES = ("hw13/1f-predictor",)
SOURCE = "homework 13, 1f"
TITLE = "The best prediction of the data"
GENERAL = ("law", "mean", "loss at the mean", "loss at least")

MEAN = S2 / (S2 + TIME)
VARIANCE = S2 * TIME / (S2 + TIME)
OBSERVED = fn("x", TIME)
ANSWER = sym("c")
ANSWERS = AT_TIME.extend(domains={ANSWER.name: Domain()})
"""A time, and any answer to the question for the data."""


def added(time: TermLike) -> Term:
    """All noise that the process has added up to a time."""
    return fn("W", time)


def all_noise(c: Chain) -> Fact:
    """The law of the noise up to a time, by induction over the steps."""
    start = c.given(Claim("∼", added(ZERO), normal(ZERO, ZERO), CHART), "none is there at the start")
    adds = c.given(Claim("=", added((K + 1) * DT), added(K * DT) + noise(K * DT), STEP), "each step adds noise")
    law = c.given(Claim("∼", noise(K * DT), normal(ZERO, DT), STEP), "of variance Δt")
    new = c.given(Claim("⊥", added(K * DT), noise(K * DT), STEP), "independent of the noise before")
    statement = Claim("∼", added(K * DT), normal(ZERO, K * DT), COUNT)
    known = c.because("induction hypothesis", rules.suppose, Claim("∼", statement.left, statement.right, STEP))
    longer = c.because("independent Gaussians add up", rules.sum_law, known, law, new)
    following = c.because("that sum is the noise so far", rules.rewrite, longer, rules.symmetric(adds))
    after_k = c.because("for every k up to T", rules.induction, start, following, statement, K.name)
    at_t = c.because("after m steps", rules.instantiate, after_k, {K.name: M}, AT_TIME)
    return c.because("t = mΔt", rules.restate, at_t, added(TIME), normal(ZERO, TIME))


def conditional(c: Chain) -> Fact:
    """The law of the data given the state at time t."""
    law = all_noise(c)
    data = c.given(Claim("∼", forward(ZERO), normal(ZERO, S2), AT_TIME), "the data")
    apart = c.given(Claim("⊥", forward(ZERO), added(TIME), AT_TIME), "the noise knows nothing of the data")
    whole = c.given(Claim("=", forward(TIME), forward(ZERO) + added(TIME), AT_TIME), "the state: data and noise")
    joint = "data and state are jointly normal"
    posterior = c.because(joint, rules.condition_on_sum, data, law, apart, whole, OBSERVED)
    return c.because("simplified", rules.restate, posterior, right=normal(MEAN * OBSERVED, VARIANCE))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    law = c.result("law", conditional(c))
    c.result("mean", c.because("the law's mean", rules.mean_of_law, law))
    anywhere = c.because("at any answer", rules.instantiate, law, {}, ANSWERS)
    loss = c.because("variance and bias", rules.squared_loss, anywhere, ANSWER)
    c.result("loss", loss)
    more = c.because("a square is not negative", rules.at_most, VARIANCE, loss.right, ANSWERS)
    backwards = c.because("read from right to left", rules.symmetric, loss)
    c.result("loss at least", c.because("so is the loss", rules.transitive_order, more, backwards))
    best = c.because("at the mean", rules.squared_loss, law, MEAN * OBSERVED)
    c.result("loss at the mean", c.because("no bias is left", rules.restate, best, right=VARIANCE))
    return c


def quantities() -> Mapping[str, Term]:
    """What a simulation of data and states estimates, by regression of the first on the second."""
    return {"slope": MEAN, "variance": VARIANCE}
