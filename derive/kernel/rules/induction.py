"""Induction on an integer symbol."""

from __future__ import annotations

from derive.errors import Refused
from derive.kernel.chart import Chart
from derive.kernel.fact import Claim, Conclusion, Fact, rule
from derive.kernel.rules.equality import require_same, same_statement
from derive.kernel.rules.scope import names_in, require_regular
from derive.kernel.term import ONE, free_symbols, hidden_in, plain, substitute, sym


@rule
def induction(base: Fact, step: Fact, claim: Claim, index: str) -> Conclusion:
    r"""Induction over the whole range of an integer symbol::

        P(a)    P(k) ⊢ P(k+1) for a ≤ k ≤ b - 1
        ────────────────────────────────────────  induction
        P(k) for a ≤ k ≤ b

    ``claim`` is P(k) over a chart that declares the integer ``index`` = k from a (to b, or without end).
    ``base`` states P(a) over the same chart without k; ``step`` states P(k + 1) over the same chart with
    k up to b - 1, and rests on P(k), made by ``suppose`` over that chart, and on no other supposition. It may be
    supposed for every value of other symbols than those that a depends on.

    Fails unless the charts match and the premises state P(a) and P(k + 1) with sides that are the same terms or
    decided to be equal; the supposition is P(k) exactly.

    Example: see ``derive/catalogue/diffusion/forward_marginal.py``.
    """
    whole = claim.chart
    domain = whole.domains.get(index)
    if domain is None or domain.kind != "integer" or domain.lower is None or domain.lower.strict:
        raise Refused(f"'{index}' is not declared as an integer with a smallest value, so there is no base.")
    if claim.kind == "≠" or claim.limit is not None:
        raise Refused(f"'{claim}' is not a claim about one point, so it has no induction.")
    if base.supposed:
        raise Refused(f"The base '{base.claim}' rests on the supposition '{base.supposed[0]}'.")
    if len(step.supposed) != 1 or not step.supposed[0].claim.says_the_same(claim):
        raise Refused(f"The step must rest on the supposition '{claim}' and on no other.")
    supposed = step.supposed[0]
    if supposed.claim.chart != step.chart or index in supposed.every:
        raise Refused(f"'{supposed}' must be supposed over the chart of the step, for the one '{index}' of it.")
    if free_symbols(whole.expand(domain.lower.value)) & supposed.every:
        start = plain(domain.lower.value)
        raise Refused(f"'{index}' starts at '{start}', which is not the same throughout '{supposed}'.")
    if index in base.parameters | step.parameters:
        raise Refused(f"'{index}' is a parameter of a premise, which therefore says nothing of the next '{index}'.")
    if any(hidden_in(index, whole.expand(t)) for t in claim.terms):
        raise Refused(f"A function in '{claim}' is named after '{index}' and may depend on it.")
    below = _without(whole, index)
    if base.chart != below:
        raise Refused(f"The base '{base.claim}' is not over the chart without '{index}'.")
    lower, k = domain.lower.value, sym(index)
    first = claim.change(lambda t: substitute(t, {index: lower}), below)
    _require_stated(base, first, "The base")
    _require_step_chart(step.chart, whole, below, index)
    following = claim.change(lambda t: substitute(t, {index: k + ONE}), step.chart)
    _require_stated(step, following, "The step")
    return Conclusion(claim, discharges=step.supposed)


def _require_stated(fact: Fact, wanted: Claim, what: str) -> None:
    """Refused unless the fact states what is wanted, up to equality of the sides."""
    claim = fact.claim
    if (claim.kind, claim.limit, len(claim.terms)) != (wanted.kind, wanted.limit, len(wanted.terms)):
        raise Refused(f"{what} states '{claim}' instead of '{wanted}'.")
    for stated, side in zip(claim.terms, wanted.terms, strict=True):
        if stated != side:
            require_regular(claim.chart, side)
            same_statement(stated, side, claim.chart, f"{what} states '{claim}' instead of '{wanted}'")


def _without(chart: Chart, index: str) -> Chart:
    domains = {n: d for n, d in chart.domains.items() if n != index}
    smaller = Chart(domains, chart.functions, chart.definitions, chart.conditions, chart.closed)
    if index in names_in(smaller):
        raise Refused(f"Other declarations of the chart mention '{index}', so it is not free to run.")
    return smaller


def _require_step_chart(chart: Chart, whole: Chart, below: Chart, index: str) -> None:
    if index not in chart.domains or _without(chart, index) != below:
        raise Refused(f"The step is not over the chart of the claim with '{index}' one less at the top.")
    here, there = chart.domains[index], whole.domains[index]
    if here.kind != "integer" or here.lower != there.lower or (here.upper is None) != (there.upper is None):
        raise Refused(f"In the step '{index}' must be an integer from the same start, and end one earlier.")
    if here.upper is not None and there.upper is not None:
        if here.upper.strict or there.upper.strict:
            raise Refused(f"State the last value of '{index}' itself, not a bound that it stays below.")
        require_same(here.upper.value + ONE, there.upper.value, below, "The step must reach one less than the claim")
