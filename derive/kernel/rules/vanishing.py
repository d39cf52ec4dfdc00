r"""Powers of what vanishes."""

from __future__ import annotations

from fractions import Fraction

from derive.errors import Refused
from derive.kernel.fact import Claim, Conclusion, Fact, rule
from derive.kernel.positivity import positive
from derive.kernel.rules.equality import require_same
from derive.kernel.rules.numbers import require_number
from derive.kernel.rules.scope import no_suppositions
from derive.kernel.term import ZERO, num, plain, power


@rule
def vanishing_power(fact: Fact, exponent: Fraction | int) -> Conclusion:
    r"""Powers and roots are continuous at 0 from above::

        u → 0
        ─────────  u > 0, p > 0
        u^p → 0

    ``exponent`` is the rational number p. Fails unless the premise is a limit 0 of a number that is shown to be
    positive everywhere, and rests on no supposition.

    Example: ``vanishing_power(step_vanishes, Fraction(1, 2))``.
    """
    claim = fact.claim
    no_suppositions("vanishing power", fact)
    if claim.limit is None:
        raise Refused(f"'{claim}' is no limit.")
    require_same(claim.right, ZERO, fact.chart, "The limit is not 0")
    require_number(fact.chart, claim.left)
    if not exponent > 0:
        raise Refused(f"A power of '{plain(claim.left)}' with the exponent {exponent} does not vanish with it.")
    if not positive(claim.left, fact.chart):
        raise Refused(f"'{plain(claim.left)}' is not shown to be positive, so its powers may not exist.")
    return Conclusion(Claim("→", power(claim.left, num(exponent)), ZERO, fact.chart, claim.limit))
