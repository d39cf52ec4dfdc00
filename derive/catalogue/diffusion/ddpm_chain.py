r"""Noise added back at every reverse step restores the variance, to leading order (homework 13, 1e).

$$\operatorname{Var}(\hat X_0) = \left(\frac{\sigma^2}{\sigma^2+1}\right)^2 \operatorname{Var}(\hat X_1)
    + \Delta t \sum_{k=0}^{T-1} \left(\frac{\sigma^2}{\sigma^2 + k\Delta t}\right)^2
  \;\xrightarrow{T\to\infty}\; \sigma^2 - \frac{\sigma^6}{(1+\sigma^2)^2} \quad\text{from } N(0,1),
  \qquad \sigma^2 \quad\text{from } N(0, 1+\sigma^2)$$
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.catalogue.diffusion import CHART, COUNT, DT, S2, SIGMA, STEP, TIME, K, T, reverse
from derive.catalogue.diffusion.mean_chain import J, factor
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, ZERO, Term, bind, fn, normal, sym, var

ID = "diffusion/ddpm_chain"
ALIASES = ("hw13/1e",)
SOURCE = "homework 13, 1e"
TITLE = "Reverse chain with noise"
GENERAL = ("variance", "integral", "noise limit")

LIMIT = S2 - SIGMA**6 / (1 + S2) ** 2


def noise(time: Term) -> Term:
    """What the reverse step to this time adds."""
    return fn(r"\hat \varepsilon", time)


def weight(time: Term) -> Term:
    """How much of a variance at this time is left at time 0."""
    return (S2 / (S2 + time)) ** 2


def noises(last: Term) -> Term:
    """What the noise of the steps that end at times 0 to last·Δt contributes."""
    return DT * bind("sum", weight(J * DT), J, ZERO, last)


def recursion(c: Chain) -> Fact:
    """The variance of one state by that of the one before it in the chain."""
    step = c.given(
        Claim("=", reverse(K * DT), factor(K) * reverse((K + 1) * DT) + noise(K * DT), STEP),
        "conditional mean, and noise",
    )
    law = c.given(Claim("∼", noise(K * DT), normal(ZERO, DT), STEP), "of variance Δt")
    new = c.given(Claim("⊥", reverse((K + 1) * DT), noise(K * DT), STEP), "independent of the chain so far")
    total = c.because("variances of independent parts add up", rules.sum_variance, new, factor(K))
    total = c.because("that sum is the next state", rules.rewrite, total, rules.symmetric(step))
    return c.because("the noise has variance Δt", rules.rewrite, total, rules.variance_of_law(law))


def unrolled(c: Chain, one_step: Fact) -> Fact:
    """The variance at time 0 by that k steps earlier in the chain, by induction on k."""
    right = weight(K * DT) * var(reverse(K * DT)) + noises(K - 1)
    statement = Claim("=", var(reverse(ZERO)), right, COUNT)
    place = sym("s")
    end = var(reverse(ZERO))
    base = c.because("k = 0: no step, no noise", rules.equal, end, end, CHART)

    known = c.because("induction hypothesis", rules.suppose, Claim("=", statement.left, statement.right, STEP))
    longer = c.because("one more step of the recursion", rules.rewrite, known, one_step)
    last = c.because("the sum with the noise of that step", rules.peel_last, noises(K).children[1], STEP)
    rest = weight((K + 1) * DT) * var(reverse((K + 1) * DT))
    joined = c.because("with the state before", rules.congruent, rest + DT * place, {place.name: last})
    joined = c.because("read from right to left", rules.symmetric, joined)
    same = c.because("the weights multiply", rules.restate, longer, right=joined.left)
    following = c.because("k + 1", rules.transitive, same, joined)
    return c.because("for every k up to T", rules.induction, base, following, statement, K.name)


def riemann_limit(c: Chain) -> Fact:
    """The noise sum tends to an integral: it lies between it and it plus a multiple of Δt."""
    integral = bind("int", weight(TIME), TIME, ZERO, ONE)
    primitive = -(SIGMA**4) / (S2 + TIME)
    value = c.because("by the antiderivative", rules.antiderivative, integral, primitive, CHART)
    value = c.result("integral", c.because("simplified", rules.restate, value, right=S2 / (S2 + 1)))
    error = DT * (1 - weight(ONE))

    falls = "the integrand falls"
    below = c.because(falls, rules.monotone_riemann, integral, T, CHART, trend="falling", side="below")
    below = c.because("in steps of Δt", rules.restate, below, right=noises(T - 1))
    above = c.because(falls, rules.monotone_riemann, integral, T, CHART, trend="falling", side="above")
    above = c.because("in steps of Δt", rules.restate, above, noises(T - 1), integral + error)
    c.result("noise at least", below)
    c.result("noise at most", above)
    h = sym("h")
    constant = c.because("it does not move", rules.limit_of_form, integral, integral, CHART, symbol=T.name, step=h.name)
    slack = integral + h * (1 - weight(ONE))
    upper = c.because("the error shrinks", rules.limit_of_form, above.right, slack, CHART, symbol=T.name, step=h.name)
    upper = c.because("to nothing", rules.restate, upper, right=integral)
    squeezed = c.because("the sum is in between", rules.squeeze, constant, upper, below, above)
    return c.result("noise limit", c.because("put in the integral", rules.rewrite, squeezed, value))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    after_k = unrolled(c, recursion(c))
    all_steps = c.because("all T steps", rules.instantiate, after_k, {K.name: T}, CHART)
    exact = weight(ONE) * var(reverse(ONE)) + noises(T - 1)
    total = c.result("variance", c.because("since TΔt = 1", rules.restate, all_steps, right=exact))
    noise_limit = riemann_limit(c)
    from_start(c, total, noise_limit, ONE, LIMIT, "N(0,1)")
    from_start(c, total, noise_limit, S2 + 1, S2, "N(0,1+σ²)")
    c.result("not the data's variance", c.because("a counterexample", rules.unequal, LIMIT, S2, CHART))
    close = c.because("since 1 + σ² ≥ 1", rules.approximate, LIMIT, S2, SIGMA**4, CHART)
    c.result("to leading order", close)
    return c


def from_start(c: Chain, total: Fact, noise_limit: Fact, variance: Term, limit: Term, name: str) -> None:
    """The variance from a given start, for T steps and in the limit."""
    law = c.given(Claim("∼", reverse(ONE), normal(ZERO, variance), CHART), f"the chain starts from {name}")
    first = c.because("the start's variance", rules.variance_of_law, law)
    exact = c.because("put in the start's variance", rules.rewrite, total, first)
    exact = c.result(f"variance from {name}", exact)
    tends = c.because(
        "the sum becomes an integral",
        rules.limit_of_form,
        exact.right,
        weight(ONE) * variance + sym("s"),
        CHART,
        symbol=T.name,
        step="h",
        parts={"s": noise_limit},
    )
    tends = c.because("that is the variance at the end", rules.rewrite, tends, rules.symmetric(exact))
    c.result(f"limit from {name}", c.because("simplified", rules.restate, tends, right=limit))


def quantities() -> Mapping[str, Term]:
    """What a simulation of T steps from N(0, 1) estimates, and how much more it is from N(0, 1 + σ²)."""
    return {"variance": weight(ONE) + noises(T - 1), "gain from N(0, 1 + sigma^2)": weight(ONE) * S2}
