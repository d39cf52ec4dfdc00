r"""One half is not the share of the last steps (homework 13, 1h).

The solution puts :math:`\eta \approx \frac12` into all T steps, which is an approximation for
:math:`\Delta t \ll t`. The last steps have :math:`t = k\Delta t` for small k, and there

$$\eta(k\Delta t, \Delta t) = \frac{\sqrt k}{\sqrt{k-1} + \sqrt k}, \qquad \eta(\Delta t, \Delta t) = 1, \qquad
  \frac12 < \eta \le 1,$$

so that the last step is all of the conditional mean's, and not smaller. The limit is right all the same: the product
with the exact shares has it too (diffusion/ddim_chain_exact), because the logarithms differ by at most
:math:`(\sqrt{\Delta t} - \Delta t)/(2\sigma^2)` and a last step that tends to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.diffusion import CHART, DT, S2, K, T, counting
from derive.catalogue.diffusion.ddim_chain_exact import compared
from derive.catalogue.diffusion.ddim_step import eta
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.term import HALF, ONE, Term, sqrt

ID = "errata/diffusion_half_steps"
ALIASES = ("errata/hw13/1h",)
SOURCE = "homework 13, 1g and 1h, solution"
TITLE = "One half of every step"
GENERAL = ("the last step", "log at least", "log at most")
ERRATUM = (
    r"The solution takes half of the conditional mean's step in every step, which holds where $\Delta t \ll t$. "
    r"The last steps "
    r"have $t = \Delta t, 2\Delta t, \dots$, and the very last is a whole step ($\eta = 1$), not a smaller one. "
    r"The limit is the same."
)
TWIN_ABSENT = "The share of a step is a number; both chains are simulated by diffusion/ddim_chain and ddim_chain_exact."

STEPS: Final = counting(K, ONE, T)
SHARE: Final = eta(K * DT)
ERROR: Final = (sqrt(DT) - DT) / (2 * S2)


def prove() -> Chain:
    """The refutation, and the bound."""
    c = Chain(CHART)
    c.result("not one half", c.because("at the last step", rules.unequal, SHARE, HALF, STEPS))
    c.result("the last step", c.because("√0 = 0", rules.equal, eta(DT), ONE, CHART))
    c.result("at most a whole step", c.because("a part of the whole", rules.at_most, SHARE, ONE, STEPS))
    below, above = compared(c)
    c.result("log at least", below)
    c.result("log at most", above)
    return c


def quantities() -> Mapping[str, Term]:
    """The share of a step, and the bound."""
    return {"share": SHARE, "error": ERROR}
