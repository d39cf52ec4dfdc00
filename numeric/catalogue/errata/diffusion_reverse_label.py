r"""The step back against what is printed, the step forward (twin of errata/diffusion_reverse_label).

Pairs :math:`(X_{t-\Delta t},X_t)` of the forward process and the regression of the first on the second: the simulation
of diffusion/reverse_conditional.
"""

from __future__ import annotations

from typing import Final

from numeric.catalogue.diffusion.reverse_conditional import simulate
from numeric.forward_process import Parameters
from numeric.power import NearMiss

__all__ = ["DEFAULT", "REJECTS", "simulate"]

DEFAULT: Final = Parameters()
REJECTS: Final = (
    NearMiss("slope", "as printed, the later state given the earlier one: 1", 1.0, paths=751),
    NearMiss("variance", "as printed, the noise of the step: dt", 0.05, paths=21_200),
)
