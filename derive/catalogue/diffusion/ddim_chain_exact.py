r"""The deterministic chain with the exact share of each step (homework 13, 1g and 1h).

With :math:`\eta_k = \frac{\sqrt{k}}{\sqrt{k-1}+\sqrt{k}}`, which is 1 at :math:`k = 1`,

$$\hat X_0 = \prod_{k=1}^{T}\left(1 - \frac{\eta_k\,\Delta t}{\sigma^2 + k\Delta t}\right) \hat X_1
  = \frac{\sigma^2}{\sigma^2+\Delta t}\,
  \prod_{k=2}^{T}\left(1 - \frac{\eta_k\,\Delta t}{\sigma^2 + k\Delta t}\right) \hat X_1,$$

$$-\frac{\Delta t}{2\sigma^2}\left(\sqrt T - 1\right) \le
  \sum_{k=2}^{T}\log\frac{1 - \frac{\eta_k\Delta t}{\sigma^2+k\Delta t}}
    {1 - \frac{\Delta t}{2(\sigma^2+k\Delta t)}} \le 0, \qquad
  \operatorname{Var}(\hat X_0) \xrightarrow{T\to\infty} \frac{\sigma^2}{\sigma^2+1} \quad\text{from } N(0,1).$$
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from derive.catalogue.diffusion import CHART, DT, S2, T, counting, reverse
from derive.catalogue.diffusion.ddim_chain import (
    LOG,
    LOGS,
    J,
    contraction,
    factor,
    from_start,
    log_bounds,
    over_steps,
    tends,
)
from derive.catalogue.diffusion.ddim_step import eta, small
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.fact import Fact
from derive.kernel.term import HALF, ONE, ZERO, Term, exp, log, sqrt, sym

ID = "diffusion/ddim_chain_exact"
ALIASES = ("hw13/1h-exact",)
SOURCE = "homework 13, 1g and 1h"
TITLE = "Deterministic reverse chain with the exact share"
GENERAL = ("scale", "log at least", "log at most", "product limit")

LATER = counting(J, 1, T - 1)
"""The steps but the last one: j stands for the step from time (j+1)Δt to jΔt."""

TIME = (J + 1) * DT
"""Where that step starts."""


def step(k: Term) -> Term:
    """What the step from time kΔt multiplies by; at k = 1 the share is 1."""
    return 1 - eta(k * DT) * small(k * DT)


def exact(j: Term) -> Term:
    """What the step from time (j+1)Δt multiplies by."""
    return step(j + 1)


EXACT = over_steps("prod", exact(J), last=T - 1)
EXACT_LOGS = over_steps("sum", log(exact(J)), last=T - 1)
NEAR_LOGS = over_steps("sum", log(factor(J + 1)), last=T - 1)
FIRST = S2 / (S2 + DT)
ROOTS = sqrt(J) + sqrt(J + 1)


def first_apart(c: Chain, scale: Fact) -> Fact:
    """The last step, to time 0, stands before the product of the others."""
    product = over_steps("prod", step(J))
    apart = c.because("the step to time 0 apart", rules.peel_first, product, CHART)
    apart = c.because("whose share is 1", rules.restate, apart, right=FIRST * EXACT)
    place = sym("p")
    multiple = c.because("times the start", rules.congruent, place * reverse(ONE), {place.name: apart})
    return c.because("so", rules.transitive, scale, multiple)


def share(c: Chain) -> tuple[Fact, Fact]:
    """1/2 ≤ η, and 1 ≤ √k + √(k+1), for the step from (k+1)Δt."""
    roots = sqrt(TIME - DT) + sqrt(TIME)
    past = c.because("the step goes back", rules.at_most, TIME - DT, TIME, LATER)
    past = c.because("and roots keep that", rules.sqrt_order, past)
    half = c.because("over twice both roots", rules.affine_order, past, 1 / (2 * roots), sqrt(TIME) / (2 * roots))
    half = c.because("the left side is one half", rules.restate, half, HALF, eta(TIME))
    one = c.because("k is at least 1", rules.at_most, ONE, J, LATER)
    one = c.because("and so is its root", rules.sqrt_order, one)
    more = c.because("and both roots more so", rules.at_most, sqrt(J), ROOTS, LATER)
    one = c.because("together", rules.transitive_order, one, more)
    return half, c.because("√1 = 1", rules.restate, one, ONE)


def term_bounds(c: Chain) -> tuple[Fact, Fact]:
    """The logarithm of one factor between that with one half and it less a multiple of √(k+1) - √k."""
    half, roots = share(c)
    v = small(TIME)
    top = c.because("1 less η times the step", rules.affine_order, half, -v, ONE)
    top = c.because("in that order", rules.restate, top, exact(J), factor(J + 1))
    above = c.because("logarithms keep that", rules.monotone_image, top, "log")

    rest = (eta(TIME) - HALF) * v / (1 - v / 2)
    inverse = c.because("below the tangent", rules.log_tangent, 1 / (1 - rest), LATER)
    larger = c.because("η Δt ≤ (k+1) Δt", rules.at_most, inverse.right, DT / (2 * S2 * ROOTS**2), LATER)
    inverse = c.because("so", rules.transitive_order, inverse, larger)
    wide = c.because("times what is positive", rules.affine_order, roots, DT / (2 * S2 * ROOTS**2), ZERO)
    error = DT / (2 * S2) * (sqrt(J + 1) - sqrt(J))
    wide = c.because("the difference of the roots", rules.restate, wide, inverse.right, error)
    inverse = c.because("so", rules.transitive_order, inverse, wide)
    below = c.because("the other way round", rules.affine_order, inverse, -ONE, log(factor(J + 1)))
    return c.because("the factor", rules.restate, below, log(factor(J + 1)) - error, log(exact(J))), above


def compared(c: Chain) -> tuple[Fact, Fact]:
    """The sum of the logarithms against that with one half."""
    below, above = term_bounds(c)
    above = c.because("term by term", rules.sum_order, above, EXACT_LOGS, CHART)
    lower = c.because("term by term", rules.sum_order, below, over_steps("sum", below.left, last=T - 1), CHART)
    roots = over_steps("sum", sqrt(J + 1) - sqrt(J), last=T - 1)
    split = c.because("sum by sum", rules.restate, lower, NEAR_LOGS - DT / (2 * S2) * roots)
    closed = c.because("the roots telescope", rules.telescope, roots, sqrt(J), CHART, rising=True)
    split = c.because("put in the roots", rules.rewrite, split, closed)
    return c.because("since TΔt = 1", rules.restate, split, NEAR_LOGS - (sqrt(DT) - DT) / (2 * S2)), above


def near_limit(c: Chain) -> Fact:
    """The limit of the logarithms with one half, without the last step."""
    logs = tends(c, *log_bounds(c), -HALF * LOG)
    first = c.because("the last step apart", rules.peel_first, LOGS, CHART)
    away = c.because("take it away", rules.equal, -log(factor(ONE)), -log(factor(ONE)), CHART)
    rest = c.because("on both sides", rules.add_order, first, away)
    rest = c.because("the others", rules.restate, rest, right=NEAR_LOGS)
    s, h = sym("s"), sym("h")
    form = s - log(1 - h / (2 * (S2 + h)))
    parts = {s.name: logs}
    limit = c.because(
        "the last step vanishes", rules.limit_of_form, rest.left, form, CHART, symbol=T.name, step=h.name, parts=parts
    )
    limit = c.because("the others", rules.rewrite, limit, rest)
    return c.because("log 1 = 0", rules.restate, limit, right=-HALF * LOG)


def exact_limit(c: Chain, below: Fact, above: Fact) -> Fact:
    """The limit of the product through its logarithms."""
    near = near_limit(c)
    h, r, s = sym("h"), sym("r"), sym("s")
    step = c.because("Δt vanishes", rules.limit_of_form, DT, h, CHART, symbol=T.name, step=h.name)
    root = c.because("and so does its root", rules.vanishing_power, step, Fraction(1, 2))
    form = s - (r - h) / (2 * S2)
    parts = {s.name: near, r.name: root}
    low = c.because(
        "the error shrinks", rules.limit_of_form, below.left, form, CHART, symbol=T.name, step=h.name, parts=parts
    )
    low = c.because("to nothing", rules.restate, low, right=-HALF * LOG)
    logs = c.because("squeezed in between", rules.squeeze, low, near, below, above)
    as_sum = c.because("the product through its logarithm", rules.product_as_exponential, EXACT, CHART)
    parts = {s.name: logs}
    whole, form = FIRST * exp(EXACT_LOGS), S2 / (S2 + h) * exp(s)
    limit = c.because(
        "exp is continuous", rules.limit_of_form, whole, form, CHART, symbol=T.name, step=h.name, parts=parts
    )
    limit = c.because("the product", rules.rewrite, limit, c.because("backwards", rules.symmetric, as_sum))
    return c.because("simplified", rules.restate, limit, right=sqrt(S2 / (S2 + 1)))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    scale = c.result("scale", contraction(c, step))
    scale = c.result("first step apart", first_apart(c, scale))
    below, above = compared(c)
    c.result("log at least", below)
    c.result("log at most", above)
    limit = c.result("product limit", exact_limit(c, below, above))
    from_start(c, scale, limit, ONE, S2 / (S2 + 1), "N(0,1)")
    from_start(c, scale, limit, S2 + 1, S2, "N(0,1+σ²)")
    return c


def quantities() -> Mapping[str, Term]:
    """What a simulation of T steps from N(0, 1) estimates."""
    return {"variance": (FIRST * EXACT) ** 2}
