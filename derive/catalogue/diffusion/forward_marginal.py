r"""The forward process stays Gaussian, and its variance grows with time (homework 13, 1a and 1b).

$$X_1 \sim N(0, \sigma^2 + 1), \qquad X_t \sim N(0, \sigma^2 + t), \qquad
  X_{t-\Delta t} \sim N(0, \sigma^2 + t - \Delta t), \qquad
  \operatorname{Cov}(X_{t-\Delta t}, X_t) = \sigma^2 + t - \Delta t$$
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.catalogue.diffusion import AT_TIME, CHART, COUNT, DT, S2, STEP, TIME, K, M, T, forward, noise
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, ZERO, Term, normal

ID = "diffusion/forward_marginal"
ALIASES = ("hw13/1a", "hw13/1b")
SOURCE = "homework 13, 1a and 1b"
TITLE = "Marginals of the forward process"
GENERAL = (
    "marginal",
    "end",
    "variance at the end",
    "now",
    "variance now",
    "before",
    "variance before",
    "covariance",
)


def step_premises(c: Chain) -> tuple[Fact, Fact, Fact]:
    """One step of the process: what it adds, the law of that, and its independence of the past."""
    adds = c.given(Claim("=", forward((K + 1) * DT), forward(K * DT) + noise(K * DT), STEP), "each step adds noise")
    law = c.given(Claim("∼", noise(K * DT), normal(ZERO, DT), STEP), "of variance Δt")
    new = c.given(Claim("⊥", forward(K * DT), noise(K * DT), STEP), "independent of the process so far")
    return adds, law, new


def marginals(c: Chain, adds: Fact, law: Fact, new: Fact) -> Fact:
    """The law after k steps, by induction on k."""
    statement = Claim("∼", forward(K * DT), normal(ZERO, S2 + K * DT), COUNT)
    start = c.given(Claim("∼", forward(ZERO), normal(ZERO, S2), CHART), "the data")
    known = c.because("induction hypothesis", rules.suppose, Claim("∼", statement.left, statement.right, STEP))
    added = c.because("independent Gaussians add up", rules.sum_law, known, law, new)
    following = c.because("that sum is the next state", rules.rewrite, added, rules.symmetric(adds))
    return c.because("for every k up to T", rules.induction, start, following, statement, K.name)


def at_time(c: Chain, adds: Fact, law: Fact, new: Fact) -> tuple[Fact, Fact, Fact]:
    """The premises of the step that ends at time t."""
    before, ends = {K.name: M - 1}, "the step that ends at t"
    adds = c.because(ends, rules.instantiate, adds, before, AT_TIME)
    adds = c.because("t = mΔt", rules.restate, adds, forward(TIME), forward(TIME - DT) + noise(TIME - DT))
    law = c.because(ends, rules.instantiate, law, before, AT_TIME)
    law = c.because("t = mΔt", rules.restate, law, noise(TIME - DT))
    new = c.because(ends, rules.instantiate, new, before, AT_TIME)
    new = c.because("t = mΔt", rules.restate, new, forward(TIME - DT), noise(TIME - DT))
    return adds, law, new


def before_time(c: Chain, after_k: Fact) -> Fact:
    """The law one step before time t."""
    past = c.because("one step before t", rules.instantiate, after_k, {K.name: M - 1}, AT_TIME)
    return c.because("t = mΔt", rules.restate, past, forward(TIME - DT), normal(ZERO, S2 + TIME - DT))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    adds, law, new = step_premises(c)
    after_k = c.result("marginal", marginals(c, adds, law, new))

    last = c.because("after all T steps", rules.instantiate, after_k, {K.name: T}, CHART)
    end = c.because("since TΔt = 1", rules.restate, last, forward(ONE), normal(ZERO, S2 + 1))
    c.result("end", end)
    c.result("variance at the end", c.because("the law's variance", rules.variance_of_law, end))
    close = c.because("since σ² is small", rules.approximate, S2 + 1, ONE, S2, CHART)
    c.result("about a standard normal", close)

    at_t = c.because("after m steps", rules.instantiate, after_k, {K.name: M}, AT_TIME)
    now = c.because("t = mΔt", rules.restate, at_t, forward(TIME), normal(ZERO, S2 + TIME))
    c.result("now", now)
    c.result("variance now", c.because("the law's variance", rules.variance_of_law, now))
    before = c.result("before", before_time(c, after_k))
    variance = c.result("variance before", c.because("the law's variance", rules.variance_of_law, before))

    adds_now, _, new_now = at_time(c, adds, law, new)
    shared = c.because("the noise shares nothing with the past", rules.sum_covariance, new_now)
    shared = c.because("that sum is the state at t", rules.rewrite, shared, rules.symmetric(adds_now))
    c.result("covariance", c.because("put in the variance", rules.rewrite, shared, variance))
    return c


def quantities() -> Mapping[str, Term]:
    """What a simulation of T steps estimates."""
    return {
        "Var(X_1)": S2 + 1,
        "Var(X_t)": S2 + TIME,
        "Var(X_{t-dt})": S2 + TIME - DT,
        "Cov(X_{t-dt}, X_t)": S2 + TIME - DT,
    }
