"""What a claim says, as one number computed anew from its parts: Python cannot keep an object from being changed."""

from __future__ import annotations

from collections.abc import Mapping

from derive.kernel.chart import Bound, Chart, Condition, Domain, Function
from derive.kernel.claim import Claim
from derive.kernel.term import Term


def fingerprint(claim: Claim) -> int:
    """A number that changes when any part of the claim or of its chart is changed in place."""
    limit = claim.limit and (claim.limit.symbol, _term(claim.limit.point))
    bound = claim.bound and _term(claim.bound)
    return hash((claim.kind, _term(claim.left), _term(claim.right), limit, bound, _chart(claim.chart)))


def _term(node: Term) -> int:
    return hash((node.op, *[_term(a) if type(a) is Term else a for a in node.args]))


def _chart(chart: Chart) -> int:
    return hash(
        (
            chart.closed,
            _mapping(chart.domains),
            _mapping(chart.functions),
            _mapping(chart.definitions),
            *map(_part, chart.conditions),
        )
    )


def _mapping(mapping: Mapping[str, Domain] | Mapping[str, Function] | Mapping[str, Term]) -> int:
    return hash(tuple((name, _part(value)) for name, value in mapping.items()))


def _part(value: Term | Domain | Function | Condition | Bound | None) -> int:
    if isinstance(value, Term):
        return _term(value)
    if isinstance(value, Domain):
        return hash((value.kind, _part(value.lower), _part(value.upper)))
    if isinstance(value, Bound):
        return hash((value.strict, _term(value.value)))
    if isinstance(value, Function):
        return hash((value.parameters, value.range, _part(value.definition)))
    if isinstance(value, Condition):
        return hash((value.order, _term(value.left), _term(value.right)))
    return hash(value)
