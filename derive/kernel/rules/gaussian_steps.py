r"""One step of a Gaussian process, a multiple of the state and of new noise: forward, and backward."""

from __future__ import annotations

from derive.errors import Refused
from derive.kernel.fact import Claim, Conclusion, Fact, rule
from derive.kernel.positivity import positive
from derive.kernel.rules.numbers import require_number
from derive.kernel.rules.scope import common_chart, require_regular
from derive.kernel.term import Term, TermLike, eq, function_names, given, normal, plain, term


@rule
def linear_step(
    first: Fact, noise: Fact, independent: Fact, whole: Fact, scale: TermLike, spread: TermLike
) -> Conclusion:
    r"""Multiples of independent normal variables add up::

        X ∼ N(m, v)    Y ∼ N(n, w)    X ⊥ Y    Z = a X + b Y
        ────────────────────────────────────────────────────  linear step
        Z ∼ N(a m + b n, a² v + b² w)

    ``scale`` is a and ``spread`` is b. Fails unless these are numbers and defined, and the premises are about the
    same variables. Rests on ``gaussian-sum``.

    Example: ``linear_step(law_before, law_of_noise, noise_is_new, step, sqrt(1 - b), sqrt(b))``.
    """
    chart = common_chart(first, noise, independent, whole)
    (x, m, v), (y, n, w) = _normal(first), _normal(noise)
    claim, a, b = whole.claim, term(scale), term(spread)
    require_number(chart, a, b)
    require_regular(chart, a, b)
    _require_independent(independent, x, y)
    if claim.kind != "=" or claim.right != a * x + b * y:
        raise Refused(f"'{claim}' does not state that its left side is '{plain(a * x + b * y)}'.")
    return Conclusion(Claim("∼", claim.left, normal(a * m + b * n, a**2 * v + b**2 * w), chart), ("gaussian-sum",))


@rule
def condition_on_multiple(
    first: Fact, noise: Fact, independent: Fact, whole: Fact, scale: TermLike, value: Term
) -> Conclusion:
    r"""What observing a noisy multiple says of what was multiplied::

        X ∼ N(m, v)    Y ∼ N(n, w)    X ⊥ Y    Z = a X + Y
        ─────────────────────────────────────────────────────────────────────────────────  condition on multiple
        X | Z = z ∼ N(m + a v (z - a m - n)/(a² v + w), v - (a v)²/(a² v + w))

    ``scale`` is a number a, and ``value`` is z, a symbol or a member of a family that is not random. Fails unless
    a² v + w is shown to be positive and the premises are about the same variables. Rests on
    ``gaussian-conditioning``.

    Example: ``condition_on_multiple(law_before, law_of_noise, noise_is_new, step, sqrt(1 - b), fn("y", t))``.
    """
    chart = common_chart(first, noise, independent, whole)
    (x, m, v), (y, n, w) = _normal(first), _normal(noise)
    claim, a = whole.claim, term(scale)
    require_number(chart, a)
    _require_independent(independent, x, y)
    if claim.kind != "=" or claim.right not in (a * x + y, y + a * x):
        raise Refused(f"'{claim}' does not state that its left side is '{plain(a * x + y)}'.")
    require_regular(chart, a, m, n, v, w, value)
    spread = a**2 * v + w
    if not positive(spread, chart):
        raise Refused(
            f"The variance '{plain(spread)}' is not shown to be positive, so nothing can be conditioned on it."
        )
    if function_names(value) & (function_names(x) | function_names(y) | function_names(claim.left)):
        raise Refused(f"'{plain(value)}' is itself random; name the observed value otherwise.")
    mean = m + a * v * (value - a * m - n) / spread
    variance = v - (a * v) ** 2 / spread
    law = normal(mean, variance)
    return Conclusion(Claim("∼", given(x, eq(claim.left, value)), law, chart), ("gaussian-conditioning",))


def _require_independent(fact: Fact, x: Term, y: Term) -> None:
    claim = fact.claim
    if claim.kind != "⊥" or (claim.left, claim.right) not in ((x, y), (y, x)):
        raise Refused(f"'{claim}' does not state that '{plain(x)}' and '{plain(y)}' are independent.")


def _normal(fact: Fact) -> tuple[Term, Term, Term]:
    """The random variable, mean and variance of a fact that states a normal law, not a conditional one."""
    claim = fact.claim
    if claim.kind != "∼" or claim.right.name != "N" or len(claim.right.children) != 2 or claim.left.op == "given":
        raise Refused(f"'{claim}' states no normal law of a variable as it is.")
    mean, variance = claim.right.children
    return claim.left, mean, variance
