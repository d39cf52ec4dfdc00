r"""Which conditional law has to be learned (lecture, diffusion).

The step forward needs no learning: its mean is the state. The step back has another mean and another variance,

$$E[X_{t-\Delta t} \mid X_t = x] = \frac{\sigma^2 + t - \Delta t}{\sigma^2 + t}\, x \ne x, \qquad
  \operatorname{Var}(X_{t-\Delta t} \mid X_t) = \frac{(\sigma^2 + t - \Delta t)\,\Delta t}{\sigma^2 + t}
  < \Delta t.$$
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.catalogue.diffusion import AT_TIME, CHART, DT
from derive.catalogue.diffusion.forward_marginal import at_time, before_time, marginals, step_premises
from derive.catalogue.diffusion.reverse_conditional import MEAN, OBSERVED, VARIANCE
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.term import ONE, Term, normal

ID = "errata/diffusion_reverse_label"
ALIASES = ("errata/lecture/reverse",)
SOURCE = "lecture, diffusion"
TITLE = "The conditional law that is learned"
GENERAL = ("step back", "another mean", "smaller variance")
ERRATUM = (
    "The law to be learned is printed as that of the later state given the earlier one, which is Gaussian by "
    "construction with the state as its mean; what is learned is the law of the earlier given the later."
)


def prove() -> Chain:
    """The step back against the step forward."""
    c = Chain(CHART)
    adds, law, new = step_premises(c)
    past = before_time(c, marginals(c, adds, law, new))
    adds_now, law_now, new_now = at_time(c, adds, law, new)
    joint = "past and present are jointly normal"
    back = c.because(joint, rules.condition_on_sum, past, law_now, new_now, adds_now, OBSERVED)
    back = c.because("simplified", rules.restate, back, right=normal(MEAN * OBSERVED, VARIANCE))
    c.result("step back", back)
    c.result("another mean", c.because("a counterexample", rules.unequal, MEAN, ONE, AT_TIME))
    c.result("smaller variance", c.because("a part of it is known", rules.less, VARIANCE, DT, AT_TIME))
    return c


def quantities() -> Mapping[str, Term]:
    """The slope and the variance of the step back."""
    return {"slope": MEAN, "variance": VARIANCE}
