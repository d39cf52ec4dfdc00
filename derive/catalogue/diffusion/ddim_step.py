r"""One deterministic (DDIM) step, and what it is for a small step (homework 13, 1g).

With :math:`v = \sigma^2 + t` and the ideal predictor :math:`g = \frac{\sigma^2}{v} x_t`, for :math:`t \ge \Delta t`,

$$\eta = \frac{\sqrt t}{\sqrt{t-\Delta t}+\sqrt t} = \frac12 + \frac{\Delta t}{2t}\,\eta^2, \qquad
  \frac12 + \frac{\Delta t}{8t} \le \eta
  \le \left(\frac12 + \frac{\Delta t}{8t}\right)\left(1 + \frac{3\Delta t^2}{4t^2}\right),$$

$$x_{t-\Delta t} = x_t + \eta\,\frac{\Delta t}{t}\,(g - x_t) = \left(1 - \frac{\eta\,\Delta t}{v}\right) x_t, \qquad
  1 - \frac{\eta\,\Delta t}{v} \approx 1 - \frac{\Delta t}{2v}
  \text{ with relative error at most } \frac{\Delta t^2}{t\,v}.$$

At :math:`t = \Delta t` it is :math:`\eta = 1`, and the step is that of the conditional mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from derive.catalogue.diffusion import CHART, DT, S2, TIME
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Domain
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import HALF, ONE, ZERO, Term, fn, num, sqrt

ID = "diffusion/ddim_step"
ALIASES = ("hw13/1g",)
SOURCE = "homework 13, 1g"
TITLE = "One deterministic step"
GENERAL = ("η by itself", "η at least", "η at most", "step")

LATER = CHART.extend(domains={TIME.name: Domain("real", Bound(DT))})
r"""A time from which there is a step back, :math:`t \ge \Delta t`."""


def eta(time: Term) -> Term:
    """The share of the conditional mean's step that the step to the time before takes."""
    return sqrt(time) / (sqrt(time - DT) + sqrt(time))


def small(time: Term) -> Term:
    """The conditional mean's step, relative to the state."""
    return DT / (S2 + time)


ETA, V, D = eta(TIME), small(TIME), DT / TIME
NEXT = HALF + D / 8


def bounds(c: Chain) -> tuple[Fact, Fact]:
    """1/2 ≤ η ≤ 1/2 + Δt/(2t)."""
    roots = sqrt(TIME - DT) + sqrt(TIME)
    past = c.because("the step goes back", rules.at_most, TIME - DT, TIME, LATER)
    past = c.because("and roots keep that", rules.sqrt_order, past)
    share = c.because("over twice both roots", rules.affine_order, past, 1 / (2 * roots), sqrt(TIME) / (2 * roots))
    low = c.because("the left side is one half", rules.restate, share, HALF, ETA)
    fixed = c.because("since √t² - √(t-Δt)² = Δt", rules.equal, ETA, HALF + D / 2 * ETA**2, LATER)
    c.result("η by itself", fixed)
    one = c.because("a part of the whole", rules.at_most, ETA, ONE, LATER)
    square = c.because("times η", rules.affine_order, one, ETA, ZERO)
    square = c.because("η² ≤ η", rules.restate, square, ETA**2, ETA)
    square = c.because("η² ≤ 1", rules.transitive_order, square, one)
    high = c.because("put into that equation", rules.affine_order, square, D / 2, HALF)
    return low, c.because("which is η", rules.restate, high, ETA, HALF + D / 2)


def sharper(c: Chain, low: Fact, high: Fact) -> tuple[Fact, Fact]:
    """The same once more: 1/2 + Δt/(8t) ≤ η ≤ 1/2 + Δt/(2t) (1/2 + Δt/(2t))²."""
    q = HALF + D / 2
    at_least = c.because("times 1/2", rules.affine_order, low, HALF, ZERO)
    at_least = c.because("1/4 ≤ η/2", rules.restate, at_least, num(1, 4), HALF * ETA)
    squared = c.because("times η", rules.affine_order, low, ETA, ZERO)
    squared = c.because("η/2 ≤ η²", rules.restate, squared, HALF * ETA, ETA**2)
    squared = c.because("1/4 ≤ η²", rules.transitive_order, at_least, squared)
    below = c.because("put into the equation of η", rules.affine_order, squared, D / 2, HALF)
    below = c.because("which is η", rules.restate, below, NEXT, ETA)

    first = c.because("times η", rules.affine_order, high, ETA, ZERO)
    first = c.because("η² below", rules.restate, first, ETA**2, q * ETA)
    second = c.because("times the bound", rules.affine_order, high, q, ZERO)
    second = c.because("the bound squared", rules.restate, second, q * ETA, q**2)
    squared = c.because("η² below that square", rules.transitive_order, first, second)
    above = c.because("put into the equation of η", rules.affine_order, squared, D / 2, HALF)
    return below, c.because("which is η", rules.restate, above, ETA, HALF + D / 2 * q**2)


def close(c: Chain, below: Fact, above: Fact, value: Term, bound: Term, reason: str) -> Fact:
    """Approximately the value: what encloses it lies within the bound."""
    start = c.because("within the error", rules.at_most, value - bound * value, below.left, LATER)
    end = c.because("within the error", rules.at_most, above.right, value + bound * value, LATER)
    below = c.because("so below it", rules.transitive_order, start, below)
    above = c.because("so above it", rules.transitive_order, above, end)
    return c.because(reason, rules.enclosed, below, above, value, bound)


def step(c: Chain) -> Fact:
    """The step as a multiple of the state."""
    now = fn("x", TIME)
    ideal = S2 / (S2 + TIME) * now
    step = c.given(
        Claim("=", fn("x", TIME - DT), now + ETA * (DT / TIME) * (ideal - now), LATER),
        "the part η of the conditional mean's step, without noise",
    )
    return c.because("the state factored out", rules.restate, step, right=(1 - ETA * V) * now)


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    low, high = bounds(c)
    c.result("η at least 1/2", low)
    c.result("η at most", high)
    c.result("η about 1/2", close(c, low, high, HALF, D, "η is about one half"))
    below, above = sharper(c, low, high)
    c.result("η at least", below)
    c.result("η about", close(c, below, above, NEXT, Fraction(3, 4) * D**2, "η to the next order"))

    c.result("step", step(c))
    top = c.because("1 less η times the step", rules.affine_order, low, -V, ONE)
    bottom = c.because("likewise", rules.affine_order, high, -V, ONE)
    bottom = c.because("η last", rules.restate, bottom, right=1 - ETA * V)
    top = c.because("η first", rules.restate, top, 1 - ETA * V, 1 - V / 2)
    c.result("step about", close(c, bottom, top, 1 - V / 2, D * V, "so is the step"))
    top = c.because("1 less η times the step", rules.affine_order, below, -V, ONE)
    bottom = c.because("likewise", rules.affine_order, above, -V, ONE)
    bottom = c.because("η last", rules.restate, bottom, right=1 - ETA * V)
    top = c.because("η first", rules.restate, top, 1 - ETA * V, 1 - V / 2 - D * V / 8)
    c.result("step to the next order", close(c, bottom, top, 1 - V / 2 - D * V / 8, D**2 * V, "so is the step"))

    whole = c.because("√0 = 0", rules.equal, sqrt(DT) / (ZERO + sqrt(DT)), ONE, CHART)
    c.result("η at the first time", whole)
    return c


def quantities() -> Mapping[str, Term]:
    """What a simulation of the process around a time t estimates, with the predictor by regression."""
    return {"factor": 1 - ETA * V}
