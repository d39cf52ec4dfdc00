r"""The conditional mean's step goes exactly the share Δt/t of the way to the predictor (homework 13, 1f).

With :math:`\hat X_0^* = E[X_0 \mid X_t = x_t] = \frac{\sigma^2}{\sigma^2+t}\, x_t`,

$$E[X_{t-\Delta t} \mid X_t = x_t] = x_t + \frac{\Delta t}{t}\left(\hat X_0^* - x_t\right)
  = \left(1 - \frac{\Delta t}{\sigma^2+t}\right) x_t.$$
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.catalogue.diffusion import CHART, DT, S2, TIME
from derive.catalogue.diffusion.forward_marginal import at_time, before_time, marginals, step_premises
from derive.catalogue.diffusion.predictor import OBSERVED, conditional
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.fact import Fact
from derive.kernel.term import Term, normal, sym

ID = "diffusion/ddpm_update"
ALIASES = ("hw13/1f",)
SOURCE = "homework 13, 1f"
TITLE = "The conditional mean as a step toward the predictor"
GENERAL = ("toward the predictor", "toward the expected data", "as a factor")

SHARE = DT / TIME
PREDICTED = S2 / (S2 + TIME) * OBSERVED


def one_back(c: Chain) -> Fact:
    """The law of the state one step back, given the state."""
    adds, law, new = step_premises(c)
    past = before_time(c, marginals(c, adds, law, new))
    adds_now, law_now, new_now = at_time(c, adds, law, new)
    joint = "past and present are jointly normal"
    posterior = c.because(joint, rules.condition_on_sum, past, law_now, new_now, adds_now, OBSERVED)
    simple = normal((S2 + TIME - DT) / (S2 + TIME) * OBSERVED, (S2 + TIME - DT) * DT / (S2 + TIME))
    return c.because("simplified", rules.restate, posterior, right=simple)


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    mean = c.because("the law's mean", rules.mean_of_law, one_back(c))
    target = OBSERVED + SHARE * (PREDICTED - OBSERVED)
    step = c.because("the share Δt/t of the way", rules.restate, mean, right=target)
    c.result("toward the predictor", step)
    data = c.because("the predictor is the mean of the data", rules.mean_of_law, conditional(c))
    before, origin = sym("q"), sym("r")
    rest = c.because(
        "without its share", rules.congruent, before - SHARE * origin, {before.name: mean, origin.name: data}
    )
    rest = c.because("simplified", rules.restate, rest, right=(1 - SHARE) * OBSERVED)
    c.result("share of the state", rest)
    named = c.because("by its name", rules.rewrite, step, c.because("backwards", rules.symmetric, data), "right")
    c.result("toward the expected data", named)
    factor = (1 - DT / (S2 + TIME)) * OBSERVED
    c.result("as a factor", c.because("the state factored out", rules.restate, mean, right=factor))
    return c


def quantities() -> Mapping[str, Term]:
    """What a simulation estimates: the slope of the state one step back without its share of the data."""
    return {"share of the state": 1 - SHARE}
