r"""Sums over a finite set: facts term by term. Labels are members of the set that sums run over."""

from __future__ import annotations

from derive.errors import Refused
from derive.kernel.chart import Chart, Domain
from derive.kernel.fact import Claim, Conclusion, Fact, rule
from derive.kernel.rules.scope import inside, no_suppositions, parameters_outside, regular, require_regular
from derive.kernel.term import Term, bind, plain, substitute


@rule
def set_termwise(fact: Fact, series: Term, chart: Chart) -> Conclusion:
    r"""What holds for every member holds for the sums::

        t(y) R u(y) for every y in Y
        ────────────────────────────  set termwise, R one of = and ≤
        Σ t(y) R Σ u(y)

    ``series`` is the left side; the premise is over the chart in which its variable is a member.

    Fails unless the premise's left side is the series' body there, and both sides are shown to be defined; of an
    equation one of them is enough.

    Example: ``set_termwise(log_bound, bind("sumset", p * log(q / p), y, Y), chart)``.
    """
    variable, right = _over_members(fact, series, chart, ("=", "≤"))
    return Conclusion(Claim(fact.claim.kind, series, bind("sumset", right, variable, series.children[2]), chart))


@rule
def set_strict(weak: Fact, strict: Fact, member: Term, series: Term, chart: Chart) -> Conclusion:
    r"""One term that is smaller makes the sum smaller::

        t(y) ≤ u(y) for every y in Y    t(m) < u(m)    m in Y
        ─────────────────────────────────────────────────────  set strict
        Σ t(y) < Σ u(y)

    ``series`` is the left side and ``member`` the label m; the first premise is over the chart in which the
    series' variable is a member.

    Fails unless the premises are as said, m is a label of the chart, and both sides are defined.

    Example: ``set_strict(everywhere, at_m, m, bind("sumset", p * log(q / p), y, Y), chart)``.
    """
    variable, right = _over_members(weak, series, chart, ("≤",))
    no_suppositions("set strict", strict)
    if member.op != "sym" or chart.domains.get(member.name) != Domain("label"):
        raise Refused(f"'{plain(member)}' is no label of the chart, so it is not shown to be a member.")
    left = weak.left
    wanted = Claim("<", substitute(left, {variable.name: member}), substitute(right, {variable.name: member}), chart)
    if strict.claim != wanted:
        raise Refused(f"'{strict.claim}' is not the comparison '{wanted}' at '{plain(member)}'.")
    return Conclusion(Claim("<", series, bind("sumset", right, variable, series.children[2]), chart))


def _over_members(fact: Fact, series: Term, chart: Chart, kinds: tuple[str, ...]) -> tuple[Term, Term]:
    """The variable of the sum, and the right side of the fact about its terms."""
    if series.op != "sumset" or series.children[2].op != "sym":
        raise Refused(f"'{plain(series)}' is no sum over a set.")
    no_suppositions("a sum over a set", fact)
    parameters_outside("a sum over a set", fact, chart)
    variable, body, within = inside(series, chart)
    claim = fact.claim
    if claim.kind not in kinds or claim.left != body or claim.chart != within:
        raise Refused(f"'{claim}' is not about the terms '{plain(body)}' over the members of '{plain(series)}'.")
    if not (claim.kind == "=" and regular(claim.left, within)):  # whereupon the right side is defined too
        require_regular(within, claim.right, *(() if claim.kind == "=" else (claim.left,)))
    return variable, claim.right
