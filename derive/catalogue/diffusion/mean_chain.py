r"""Denoising by conditional means alone loses the variance (homework 13, 1d).

$$\hat X_0 = \prod_{k=0}^{T-1} \frac{\sigma^2 + k\Delta t}{\sigma^2 + (k+1)\Delta t}\, \hat X_1
  = \frac{\sigma^2}{\sigma^2+1}\, \hat X_1
  \sim N\left(0, \left(\frac{\sigma^2}{\sigma^2+1}\right)^2\right)$$
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.catalogue.diffusion import CHART, COUNT, DT, S2, SIGMA, STEP, K, T, reverse
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, ZERO, Term, bind, normal, sym

ID = "diffusion/mean_chain"
ALIASES = ("hw13/1d",)
SOURCE = "homework 13, 1d"
TITLE = "Reverse chain of conditional means"
GENERAL = ("product", "scale", "variance, any start")

J = sym("j")


def factor(k: Term) -> Term:
    """What the step from time (k+1)Δt to kΔt multiplies by: the conditional mean's coefficient."""
    return (S2 + k * DT) / (S2 + (k + 1) * DT)


def factors(last: Term) -> Term:
    """The product of the factors of the steps that end at times 0 to last·Δt."""
    return bind("prod", factor(J), J, ZERO, last)


def contraction(c: Chain, step: Fact) -> Fact:
    """The end of the chain as a multiple of its state k steps earlier, by induction on k."""
    statement = Claim("=", reverse(ZERO), factors(K - 1) * reverse(K * DT), COUNT)
    place = sym("p")
    base = c.because("k = 0: no step, an empty product", rules.equal, reverse(ZERO), reverse(ZERO), CHART)

    known = c.because("induction hypothesis", rules.suppose, Claim("=", statement.left, statement.right, STEP))
    longer = c.because("one more step of the chain", rules.rewrite, known, step)
    last = c.because("the product with one more factor", rules.peel_last, factors(K), STEP)
    joined = c.because("times the state before", rules.congruent, place * reverse((K + 1) * DT), {place.name: last})
    joined = c.because("read from right to left", rules.symmetric, joined)
    following = c.because("k + 1", rules.transitive, longer, joined)
    return c.because("for every k up to T", rules.induction, base, following, statement, K.name)


def telescoped(c: Chain) -> Fact:
    """The product of all factors."""
    product = c.because("each numerator is the next denominator", rules.telescope, factors(T - 1), S2 + J * DT, CHART)
    return c.because("since TΔt = 1", rules.restate, product, right=S2 / (S2 + 1))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    step = c.given(
        Claim("=", reverse(K * DT), factor(K) * reverse((K + 1) * DT), STEP), "each step applies the conditional mean"
    )
    after_k = contraction(c, step)
    all_steps = c.because("all T steps", rules.instantiate, after_k, {K.name: T}, CHART)
    product = c.result("product", telescoped(c))
    closed = c.because("put in the product", rules.rewrite, all_steps, product)
    scale = c.because("since TΔt = 1", rules.restate, closed, right=S2 / (S2 + 1) * reverse(ONE))
    c.result("scale", scale)
    squared = c.because("a variance scales by the square", rules.scaled_variance, reverse(ONE), S2 / (S2 + 1), scale)
    c.result("variance, any start", squared)
    law(c, scale, normal(ZERO, ONE), (S2 / (S2 + 1)) ** 2, 2 * S2, "N(0,1)")
    law(c, scale, normal(ZERO, S2 + 1), SIGMA**4 / (S2 + 1), S2, "N(0,1+σ²)")
    return c


def law(c: Chain, scale: Fact, start: Term, end: Term, error: Term, name: str) -> None:
    """The law at the end of the chain from a given law at its start, and that its variance is about σ⁴."""
    premise = c.given(Claim("∼", reverse(ONE), start, CHART), f"the chain starts from {name}")
    scaled = c.because("a multiple of a Gaussian is Gaussian", rules.affine_law, premise, S2 / (S2 + 1))
    moved = c.because("that multiple is the end of the chain", rules.rewrite, scaled, rules.symmetric(scale))
    tidy = c.because("the variance, simplified", rules.restate, moved, right=normal(ZERO, end))
    c.result(f"law from {name}", tidy)
    c.result(f"variance from {name}", c.because("the law's variance", rules.variance_of_law, tidy))
    close = c.because("since σ² is small", rules.approximate, end, SIGMA**4, error, CHART)
    c.result(f"σ⁴ to leading order, from {name}", close)


def quantities() -> Mapping[str, Term]:
    """What a simulation of T steps from N(0, 1) estimates."""
    return {"variance": (S2 / (S2 + 1)) ** 2}
