r"""One step back in the variance-preserving process, given where it started (homework 13, 4b).

From :math:`x_0 = z`, with :math:`\alpha_t = (1-\beta_t)\,\alpha_{t-1}`,

$$x_{t-1} \mid x_t = y \;\sim\; N\left(
    \frac{\sqrt{1-\beta_t}\,(1-\alpha_{t-1})}{1-\alpha_t}\, y + \frac{\beta_t\sqrt{\alpha_{t-1}}}{1-\alpha_t}\, z,\;
    \frac{1-\alpha_{t-1}}{1-\alpha_t}\,\beta_t\right).$$
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.diffusion.reverse_conditional import density
from derive.catalogue.diffusion.variance_preserving import TIME, Z, noise, state
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, ZERO, Term, normal, sqrt, sym

ID = "diffusion/posterior"
ALIASES = ("hw13/4b",)
SOURCE = "homework 13, 4b"
TITLE = "One step back, given the start"
GENERAL = ("law", "variance")

BETA, BEFORE, NOW, SEEN, PLACE, STEPS = map(sym, (r"\beta_t", r"\alpha_{t-1}", r"\alpha_t", "y", "a", "k"))


def _chart(last: bool) -> Chart:
    return Chart(
        {
            TIME.name: Domain("integer", Bound(ONE)),
            BETA.name: Domain("real", Bound(ZERO, True), Bound(ONE, True)),
            BEFORE.name: Domain("real", Bound(ZERO, True), Bound(ONE, last)),
            Z.name: Domain(),
            SEEN.name: Domain(),
        },
        definitions={NOW.name: (1 - BETA) * BEFORE},
    )


CHART: Final = _chart(last=False)
r"""One step, with :math:`0 < \beta_t < 1` and :math:`0 < \alpha_{t-1} \le 1` (1 before the first step)."""

EVERY: Final = (TIME, BETA, BEFORE, Z, SEEN)
"""The premises are those of a process with any schedule, at any step."""

POINTS: Final = _chart(last=True).extend(domains={PLACE.name: Domain()})
"""After the first step, where the state before has a density."""

MEAN = sqrt(1 - BETA) * (1 - BEFORE) / (1 - NOW) * SEEN + BETA * sqrt(BEFORE) / (1 - NOW) * Z
VARIANCE = (1 - BEFORE) / (1 - NOW) * BETA


def density_ratio() -> tuple[Term, Term]:
    """p(a) p(y|a) / p(y) for the state a before and y at t, all from z, and the density that is claimed."""
    joint = density(PLACE, sqrt(BEFORE) * Z, 1 - BEFORE) * density(SEEN, sqrt(1 - BETA) * PLACE, BETA)
    return joint / density(SEEN, sqrt(NOW) * Z, 1 - NOW), density(PLACE, MEAN, VARIANCE)


def simulated(c: Chain, law: Fact) -> None:
    r"""With :math:`\beta_i = \frac{1}{i+1}`, so that :math:`\alpha_{k-1} = \frac1k`."""
    values = {TIME.name: STEPS, BETA.name: 1 / (STEPS + 1), BEFORE.name: 1 / STEPS}
    where = Chart({STEPS.name: Domain("integer", Bound(ONE)), Z.name: Domain(), SEEN.name: Domain()})
    one = c.because("these noise variances", rules.instantiate, law, values, where)
    variance = c.because("the law's variance", rules.variance_of_law, one)
    exact = quantities()
    simple = c.because("simplified", rules.restate, variance, right=exact["variance"])
    c.result("variance, for a schedule", simple)
    slope = c.because("from 0, at 1", rules.instantiate, one, {Z.name: ZERO, SEEN.name: ONE}, where)
    slope = c.because("the law's mean", rules.mean_of_law, slope)
    c.result("slope, for a schedule", c.because("simplified", rules.restate, slope, right=exact["slope"]))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    past, now = state(TIME - 1), state(TIME)
    scale, spread = sqrt(1 - BETA), sqrt(BETA)
    before = c.given(
        Claim("∼", past, normal(sqrt(BEFORE) * Z, 1 - BEFORE), CHART), "the law one step before, from z", EVERY
    )
    fresh = c.given(Claim("∼", noise(TIME), normal(ZERO, ONE), CHART), "the noise of the step", EVERY)
    fresh = c.because("scaled", rules.affine_law, fresh, spread)
    fresh = c.because("simplified", rules.restate, fresh, right=normal(ZERO, BETA))
    new = c.given(Claim("⊥", noise(TIME), past, CHART), "independent of the process so far", EVERY)
    new = c.because("scaled too", rules.independent_image, new, spread)
    adds = c.given(
        Claim("=", now, scale * past + spread * noise(TIME), CHART), "the step shrinks, and adds noise", EVERY
    )

    joint = "past and present are jointly normal"
    law = c.because(joint, rules.condition_on_multiple, before, fresh, new, adds, scale, SEEN)
    law = c.result("law", c.because("simplified", rules.restate, law, right=normal(MEAN, VARIANCE)))
    c.result("variance", c.because("the law's variance", rules.variance_of_law, law))
    inverse = 1 / ((1 - BETA) / BETA + 1 / (1 - BEFORE))
    c.result("precisions add up", c.because("one quotient", rules.equal, inverse, VARIANCE, POINTS))
    c.result("density ratio", c.because("Bayes' rule says the same", rules.equal, *density_ratio(), POINTS))
    smaller = c.because("some noise is explained", rules.at_most, VARIANCE, BETA, CHART)
    c.result("variance at most", smaller)
    simulated(c, law)
    return c


def quantities() -> Mapping[str, Term]:
    """What a simulation of k steps with these noise variances estimates, by regression on the last state."""
    return {"slope": sqrt(STEPS / (STEPS + 1)) * (1 - 1 / STEPS**2), "variance": (STEPS - 1) / STEPS**2}
