r"""Denoising by conditional means alone loses the variance (homework 13, 1d).

$$\hat X_0 = \prod_{k=0}^{T-1} \frac{\sigma^2 + k\Delta t}{\sigma^2 + (k+1)\Delta t}\, \hat X_1
  = \frac{\sigma^2}{\sigma^2+1}\, \hat X_1
  \sim N\left(0, \left(\frac{\sigma^2}{\sigma^2+1}\right)^2\right)$$
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.catalogue.diffusion import CHART, COUNT, DT, S2, STEP, K, T, reverse
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


def unrolled(k: Term) -> Term:
    """The product of the last k steps' factors."""
    return bind("prod", factor(J), J, ZERO, k - 1)


def contraction(c: Chain, step: Fact) -> Fact:
    """The start of the chain as a multiple of its state k steps earlier, by induction on k."""
    statement = Claim("=", reverse(ZERO), unrolled(K) * reverse(K * DT), COUNT)
    nothing = c.because("no step: an empty product", rules.empty, unrolled(ZERO), CHART)
    alone = c.step(rules.equal, reverse(ZERO), ONE * reverse(ZERO * DT), CHART)
    product = c.step(rules.congruent, sym("p") * reverse(ZERO * DT), {"p": rules.symmetric(nothing)})
    base = c.because("k = 0", rules.transitive, alone, product)

    known = c.because("induction hypothesis", rules.suppose, Claim("=", statement.left, statement.right, STEP))
    longer = c.because("one step of the chain", rules.rewrite, known, step)
    last = c.because("the last factor of the longer product", rules.peel_last, unrolled(K + 1), STEP)
    whole = c.step(rules.congruent, sym("p") * reverse((K + 1) * DT), {"p": rules.symmetric(last)})
    joined = c.because("the two products are the same", rules.restate, longer, right=whole.left)
    following = c.because("k + 1", rules.transitive, joined, whole)
    return c.because("for every k up to T", rules.induction, base, following, statement, K.name)


def telescoped(c: Chain) -> Fact:
    """The product of all factors."""
    product = c.because("each numerator is the next denominator", rules.telescope, unrolled(T), S2 + J * DT, CHART)
    return c.because("TΔt = 1", rules.restate, product, right=S2 / (S2 + 1))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    step = c.given(
        Claim("=", reverse(K * DT), factor(K) * reverse((K + 1) * DT), STEP), "each step applies the conditional mean"
    )
    after_k = contraction(c, step)
    all_steps = c.because("all T steps", rules.instantiate, after_k, {K.name: T}, CHART)
    product = c.result("product", telescoped(c))
    closed = c.step(rules.rewrite, all_steps, product)
    scale = c.result("scale", c.because("TΔt = 1", rules.restate, closed, right=S2 / (S2 + 1) * reverse(ONE)))

    c.result(
        "variance, any start",
        c.because("variances scale with the square", rules.scaled_variance, reverse(ONE), S2 / (S2 + 1), scale),
    )
    law(c, scale, normal(ZERO, ONE), (S2 / (S2 + 1)) ** 2, 2 * S2, "N(0,1)")
    law(c, scale, normal(ZERO, S2 + 1), S2**2 / (S2 + 1), S2, "N(0,1+σ²)")
    return c


def law(c: Chain, scale: Fact, start: Term, end: Term, error: Term, name: str) -> None:
    """The law at the end of the chain from a given law at its start, and that its variance is about σ⁴."""
    premise = c.given(Claim("∼", reverse(ONE), start, CHART), f"the chain starts from {name}")
    scaled = c.because("a multiple of a Gaussian", rules.affine_law, premise, S2 / (S2 + 1))
    moved = c.step(rules.rewrite, scaled, rules.symmetric(scale))
    tidy = c.result(f"law from {name}", c.step(rules.restate, moved, right=normal(ZERO, end)))
    c.result(f"variance from {name}", c.step(rules.variance_of_law, tidy))
    c.result(f"σ⁴ to leading order, from {name}", c.step(rules.approximate, end, S2**2, error, CHART))


def quantities() -> Mapping[str, Term]:
    """What a simulation of T steps from N(0, 1) estimates."""
    return {"variance": (S2 / (S2 + 1)) ** 2}
