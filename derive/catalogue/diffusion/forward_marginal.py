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
    base = c.because("no step yet", rules.restate, start, forward(ZERO * DT), normal(ZERO, S2 + ZERO * DT))
    known = c.because("induction hypothesis", rules.suppose, Claim("∼", statement.left, statement.right, STEP))
    added = c.because("independent Gaussians add up", rules.sum_law, known, law, new)
    moved = c.because("that sum is the next state", rules.rewrite, added, rules.symmetric(adds))
    tidy = c.because("k steps and one more", rules.restate, moved, right=normal(ZERO, S2 + (K + 1) * DT))
    return c.because("for every k up to T", rules.induction, base, tidy, statement, K.name)


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    adds, law, new = step_premises(c)
    after_k = c.result("marginal", marginals(c, adds, law, new))

    last = c.because("after all T steps", rules.instantiate, after_k, {K.name: T}, CHART)
    end = c.result("end", c.because("TΔt = 1", rules.restate, last, forward(ONE), normal(ZERO, S2 + 1)))
    c.result("variance at the end", c.step(rules.variance_of_law, end))
    c.result("about a standard normal", c.step(rules.approximate, S2 + 1, ONE, S2, CHART))

    at_t = c.because("t = mΔt", rules.instantiate, after_k, {K.name: M}, AT_TIME)
    now = c.result("now", c.step(rules.restate, at_t, forward(TIME), normal(ZERO, S2 + TIME)))
    c.result("variance now", c.step(rules.variance_of_law, now))
    at_t_before = c.because("one step earlier", rules.instantiate, after_k, {K.name: M - 1}, AT_TIME)
    before = c.result("before", c.step(rules.restate, at_t_before, forward(TIME - DT), normal(ZERO, S2 + TIME - DT)))
    variance = c.result("variance before", c.step(rules.variance_of_law, before))

    adds_now, _, new_now = at_time(c, adds, law, new)
    shared = c.because("the noise shares nothing with it", rules.sum_covariance, new_now)
    shared = c.step(rules.rewrite, shared, rules.symmetric(adds_now))
    c.result("covariance", c.step(rules.rewrite, shared, variance))
    return c


def at_time(c: Chain, adds: Fact, law: Fact, new: Fact) -> tuple[Fact, Fact, Fact]:
    """The premises of the step that ends at time t."""
    before, now = {K.name: M - 1}, "the step that ends at t"
    adds = c.because(now, rules.instantiate, adds, before, AT_TIME)
    adds = c.step(rules.restate, adds, forward(TIME), forward(TIME - DT) + noise(TIME - DT))
    law = c.because(now, rules.instantiate, law, before, AT_TIME)
    law = c.step(rules.restate, law, noise(TIME - DT))
    new = c.because(now, rules.instantiate, new, before, AT_TIME)
    new = c.step(rules.restate, new, forward(TIME - DT), noise(TIME - DT))
    return adds, law, new


def quantities() -> Mapping[str, Term]:
    """What a simulation of T steps estimates."""
    return {
        "Var(X_1)": S2 + 1,
        "Var(X_t)": S2 + TIME,
        "Var(X_{t-dt})": S2 + TIME - DT,
        "Cov(X_{t-dt}, X_t)": S2 + TIME - DT,
    }
