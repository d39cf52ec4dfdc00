r"""Many steps alone do not make the state an isotropic Gaussian (homework 13, 4).

With :math:`\beta_i = \frac{1}{(i+1)^2}`, from :math:`x_0 = z`,

$$\alpha_T = \prod_{i=1}^{T}(1 - \beta_i) = \frac{T+2}{2(T+1)} \xrightarrow{T\to\infty} \frac12, \qquad
  E[x_T] \to \frac{z}{\sqrt2} \ne 0.$$

What is needed is :math:`\alpha_T \to 0`; see diffusion/variance_preserving for that half.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.diffusion.variance_preserving import Z, kept
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.term import HALF, ONE, ZERO, Term, sqrt, sym

ID = "errata/diffusion_forgetting"
ALIASES = ("errata/hw13/4",)
SOURCE = "homework 13, 4"
TITLE = "When the start is forgotten"
GENERAL = ("share", "limit of the share", "limit of the mean", "not forgotten")
ERRATUM = (
    "It is said that the state becomes an isotropic Gaussian as $T$ grows; it does where the product of all "
    r"$1 - \beta_t$ tends to 0, and need not where the noise variances fall fast."
)

T: Final = sym("T")
CHART: Final = Chart({T.name: Domain("integer", Bound(ONE)), Z.name: Domain()})


def schedule(index: Term) -> Term:
    """Noise variances with a finite sum."""
    return 1 / (index + 1) ** 2


def prove() -> Chain:
    """The refutation."""
    c = Chain(CHART)
    product = kept(T, schedule)
    index, h = product.children[1], sym("h")
    share = c.because("neighbours cancel", rules.telescope, product, 1 - 1 / (index + 1), CHART)
    share = c.result("share", c.because("simplified", rules.restate, share, right=(T + 2) / (2 * (T + 1))))
    form = (1 + 2 * h) / (2 * (1 + h))
    limit = c.because("by continuity", rules.limit_of_form, share.right, form, CHART, symbol=T.name, step=h.name)
    limit = c.because("of the product", rules.rewrite, limit, c.because("backwards", rules.symmetric, share))
    limit = c.result("limit of the share", c.because("simplified", rules.restate, limit, right=HALF))
    s = sym("s")
    mean = c.because(
        "the root is continuous there",
        rules.limit_of_form,
        sqrt(product) * Z,
        sqrt(s) * Z,
        CHART,
        symbol=T.name,
        step=h.name,
        parts={s.name: limit},
    )
    mean = c.result("limit of the mean", c.because("simplified", rules.restate, mean, right=sqrt(HALF) * Z))
    c.result("not forgotten", c.because("a counterexample", rules.unequal, mean.right, ZERO, CHART))
    return c


def quantities() -> Mapping[str, Term]:
    """The share after T steps with these noise variances."""
    return {"share": kept(T, schedule)}
