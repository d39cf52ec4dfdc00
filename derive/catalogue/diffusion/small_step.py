r"""One small step back is nearly Gaussian, whatever the smooth law (lecture, the small-step reverse conditional).

Let :math:`X_t` have a density proportional to :math:`e^{-\varphi}` with :math:`|\varphi''| \le L`, and let
:math:`X_{t+1} = X_t + N(0, v)` with :math:`Lv < 1`. With :math:`c` the most probable earlier state, that is
:math:`z = c + v\,\varphi'(c)` for the later state z,

$$\frac{v}{1 + Lv} \le \operatorname{Var}(X_t \mid X_{t+1} = z) \le \frac{v}{1 - Lv}, \qquad
  \operatorname{KL}\bigl(X_t \mid X_{t+1} = z \,\big\|\, N(c, v)\bigr) \le \frac{(Lv)^2}{2(1 - Lv)},$$

so that the step back is approximately :math:`N(c, v)`, with the variance of the step forward: the relative error of
the variance is at most :math:`Lv/(1 - Lv)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Condition, Domain, Function
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, ZERO, Term, fn, gibbs, normal, sym

ID = "diffusion/small_step"
ALIASES = ("lecture/small-step",)
SOURCE = "lecture, the small-step reverse conditional"
TITLE = "A small step back is nearly Gaussian"
GENERAL = ("law", "variance at most", "variance at least", "variance", "divergence")
BOUNDS = {"variance at least": "≥", "variance at most": "≤"}

V, TIME, MODE, SEEN, PLACE = map(sym, ("v", "t", "c", "z", "u"))
LIPSCHITZ: Final = fn("L")
BEFORE, AFTER, NOISE = fn("X", TIME), fn("X", TIME + 1), fn(r"\varepsilon", TIME)


def potential(place: Term) -> Term:
    r"""What the density of the earlier state is the exponential of, up to the sign and a constant."""
    return fn(r"\varphi", place)


def slope(place: Term) -> Term:
    """Its derivative."""
    return fn(r"\varphi'", place)


def curvature(place: Term) -> Term:
    """Its second derivative."""
    return fn(r"\varphi''", place)


CHART: Final = Chart(
    {
        V.name: Domain("real", Bound(ZERO, True), Bound(ONE / LIPSCHITZ, True)),
        TIME.name: Domain("integer", Bound(ZERO)),
        MODE.name: Domain(),
        SEEN.name: Domain(),
    },
    {
        "L": Function((), None, "positive"),
        **{f(PLACE).name: Function(("s",)) for f in (potential, slope, curvature)},
    },
    conditions=(Condition("=", SEEN, MODE + V * slope(MODE)),),
)
r"""A step of variance :math:`0 < v < 1/L`, and a later state z that comes most probably from c."""
LINE: Final = CHART.extend(domains={PLACE.name: Domain()})


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    before = c.given(Claim("∼", BEFORE, gibbs(potential(PLACE), PLACE), CHART), "a law with a density")
    noise = c.given(Claim("∼", NOISE, normal(ZERO, V), CHART), "the noise of the step")
    apart = c.given(Claim("⊥", BEFORE, NOISE, CHART), "the noise is new")
    step = c.given(Claim("=", AFTER, BEFORE + NOISE, CHART), "the step forward")
    law = c.because("Bayes", rules.density_given_sum, before, noise, apart, step, SEEN)
    c.result("law", law)

    first, second, below, above = curved(c)
    most = c.because("concentrated", rules.curved_at_least, law, first, second, below)
    most = c.because("simplified", rules.restate, most, right=V / (1 - LIPSCHITZ * V))
    least = c.because("and spread out", rules.curved_at_most, law, first, second, above)
    least = c.because("simplified", rules.restate, least, left=V / (1 + LIPSCHITZ * V))
    c.result("variance at most", most)
    c.result("variance at least", least)
    enclosed(c, least, most)

    still = c.because("the slope vanishes at c", rules.equal, potential_slope(MODE), ZERO, CHART)
    near = c.because(
        "compared with the normal law", rules.nearly_normal, law, first, second, below, above, still, MODE, V
    )
    distance = (LIPSCHITZ * V) ** 2 / (2 * (1 - LIPSCHITZ * V))
    near = c.because("simplified", rules.restate, near, right=distance)
    c.result("divergence", near)
    return c


def potential_slope(place: Term) -> Term:
    """The derivative of the potential of the step back."""
    return slope(place) + (place - SEEN) / V


def curved(c: Chain) -> tuple[Fact, Fact, Fact, Fact]:
    """Both derivatives of the potential of the step back, and the bounds on the second."""
    known = c.given(Claim("=", Term("diff", (potential(PLACE), PLACE)), slope(PLACE), LINE), "a smooth density")
    again = c.given(Claim("=", Term("diff", (slope(PLACE), PLACE)), curvature(PLACE), LINE), "twice differentiable")
    low = c.given(Claim("≤", -LIPSCHITZ, curvature(PLACE), LINE), "its curvature is at least -L")
    high = c.given(Claim("≤", curvature(PLACE), LIPSCHITZ, LINE), "and at most L")
    whole = potential(PLACE) + (SEEN - PLACE) ** 2 / (2 * V)
    first = c.because("the potential once", rules.gradient, whole, PLACE.name, [known], LINE)
    first = c.because("simplified", rules.restate, first, right=potential_slope(PLACE))
    second = c.because("and twice", rules.gradient, first.right, PLACE.name, [again], LINE)
    second = c.because("simplified", rules.restate, second, right=curvature(PLACE) + ONE / V)
    below = c.because("1/v more", rules.affine_order, low, ONE, ONE / V)
    below = c.because("simplified", rules.restate, below, ONE / V - LIPSCHITZ, second.right)
    above = c.because("1/v more", rules.affine_order, high, ONE, ONE / V)
    above = c.because("simplified", rules.restate, above, second.right, ONE / V + LIPSCHITZ)
    return first, second, below, above


def enclosed(c: Chain, least: Fact, most: Fact) -> None:
    """The variance of the step forward, with a relative error."""
    error = LIPSCHITZ * V / (1 - LIPSCHITZ * V)
    below = c.because("a little lower", rules.at_most, V - error * V, least.left, CHART)
    below = c.because("so the variance", rules.transitive_order, below, least)
    above = c.because("the upper bound written so", rules.restate, most, right=V + error * V)
    c.result("variance", c.because("between both", rules.enclosed, below, above, V, error))


def quantities() -> Mapping[str, Term]:
    """The bounds on the variance of the step back, which a simulation estimates for one such law."""
    return {"variance at least": V / (1 + LIPSCHITZ * V), "variance at most": V / (1 - LIPSCHITZ * V)}
