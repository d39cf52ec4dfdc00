r"""The share of the signal after t steps is a product of t factors (homework 13, 4b).

With the noise variances :math:`\beta_i = \frac{1}{i+2}`,

$$\prod_{i=1}^{t}(1 - \beta_i) = \frac{2}{t+2}, \qquad \prod_{i=1}^{T}(1 - \beta_i) = \frac{2}{T+2}
  \ne \frac{2}{t+2}.$$
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.diffusion.variance_preserving import TIME, kept
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.term import ONE, Term, sym

ID = "errata/diffusion_product_index"
ALIASES = ("errata/hw13/4b",)
SOURCE = "homework 13, 4b"
TITLE = "How many factors the signal's share has"
GENERAL = ("after t steps", "as printed", "another number")
ERRATUM = (
    r"The solution recalls $\alpha_t$ as a product up to $T$, the number of all steps; after $t$ steps it has "
    r"$t$ factors, "
    "as in part (a) and as its own result needs."
)

T: Final = sym("T")
CHART: Final = Chart({T.name: Domain("integer", Bound(ONE)), TIME.name: Domain("integer", Bound(ONE), Bound(T))})


def schedule(index: Term) -> Term:
    """Noise variances that tell the two products apart."""
    return 1 / (index + 2)


def prove() -> Chain:
    """The refutation."""
    c = Chain(CHART)
    cancel = "neighbours cancel"
    index = kept(TIME, schedule).children[1]
    right = c.because(cancel, rules.telescope, kept(TIME, schedule), index + 1, CHART)
    c.result("after t steps", c.because("simplified", rules.restate, right, right=2 / (TIME + 2)))
    printed = c.because(cancel, rules.telescope, kept(T, schedule), index + 1, CHART)
    c.result("as printed", c.because("simplified", rules.restate, printed, right=2 / (T + 2)))
    differ = c.because("a counterexample", rules.unequal, kept(T, schedule), kept(TIME, schedule), CHART)
    c.result("another number", differ)
    return c


def quantities() -> Mapping[str, Term]:
    """The share after t steps with these noise variances."""
    return {"share": kept(TIME, schedule)}
