r"""Prediction under squared loss."""

from __future__ import annotations

from derive.errors import Refused
from derive.kernel.fact import Claim, Conclusion, Fact, rule
from derive.kernel.rules.scope import require_deterministic, require_regular, square_integrable
from derive.kernel.term import ZERO, Term, TermLike, given, plain, replace, term


@rule
def squared_loss(fact: Fact, guess: TermLike) -> Conclusion:
    r"""The expected square of an error is the variance and the square of the bias::

        X ∼ N(m, v)
        ──────────────────────────  squared loss
        E[(X - c)²] = v + (m - c)²

    ``guess`` is c. The variable may be one given the values of others, and then c may be computed from these.

    Fails unless the law is normal, the variable affine in random variables, and c defined and, but for such
    values, a number by its shape.

    Example: ``squared_loss(law_of_data_given_state, sym("c"))``.
    """
    claim, guess = fact.claim, term(guess)
    if claim.kind != "∼" or claim.right.name != "N" or len(claim.right.children) != 2:
        raise Refused(f"'{claim}' states no normal law.")
    mean, variance = claim.right.children
    variable = claim.left
    conditions: tuple[Term, ...] = ()
    if variable.op == "given":
        variable, *rest = claim.left.children
        conditions = tuple(rest)
    known = guess
    for condition in conditions:
        if condition.op == "eq":
            known = replace(known, condition.children[1], ZERO)
    require_deterministic(known)
    require_regular(fact.chart, guess)
    if not square_integrable(variable):
        raise Refused(f"'{plain(variable)}' is not affine in random variables, so its square may have no mean.")
    error: Term = (variable - guess) ** 2
    whole = given(error, *conditions) if conditions else error
    return Conclusion(Claim("=", Term("E", (whole,)), variance + (mean - guess) ** 2, fact.chart))
