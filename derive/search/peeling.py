r"""Sums and products that run to neighbouring bounds, :math:`\prod_{i=1}^{t} a_i` beside :math:`\prod_{i=1}^{t-1} a_i`.

The longer ones lose their last terms, one by one, until all of a kind run equally far.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Chart
from derive.kernel.equality import decide
from derive.kernel.fact import Fact
from derive.kernel.term import Term, add, bind, neg, num, substitute, sym, walk

MAX_PEELED: Final = 4
"""Terms that are taken from one sum or product."""


def peeled(left: Term, right: Term, chart: Chart) -> tuple[Fact, Fact] | None:
    """Both sides with sums and products of one kind run to the least of their bounds; None where all do already."""
    left, right = chart.expand(left), chart.expand(right)
    targets = list(_longer(left, right, chart))
    if not targets:
        return None
    try:
        one, other = rules.equal(left, left, chart), rules.equal(right, right, chart)
        for target, steps in targets:
            for _ in range(steps):
                equation = rules.peel_last(target, chart)
                one, other = (_rewritten(fact, target, equation) for fact in (one, other))
                body, variable, low, high = target.children
                target = next(n for n in walk(equation.right) if n.op == target.op)
    except (Refused, StopIteration):
        return None
    return one, other


def _rewritten(fact: Fact, target: Term, equation: Fact) -> Fact:
    return rules.rewrite(fact, equation, "right") if target in walk(fact.right) else fact


def _longer(left: Term, right: Term, chart: Chart) -> Iterator[tuple[Term, int]]:
    """The sums and products that run further than another one of their kind, and by how many terms."""
    found = list(dict.fromkeys(n for side in (left, right) for n in walk(side) if n.op in ("sum", "prod")))
    for node in found:
        least = 0
        for other in found:
            if other is not node and _kind(other) == _kind(node):
                least = max(least, _further(node.children[3], other.children[3], chart))
        if least:
            yield node, least


def _kind(node: Term) -> Term:
    body, variable, low, _ = node.children
    return bind(node.op, substitute(body, {variable.name: sym("?")}), sym("?"), low, low)


def _further(one: Term, other: Term, chart: Chart) -> int:
    """By how many terms one bound is above another, if that is a small number."""
    gap = add(one, neg(other))
    return next((n for n in range(1, MAX_PEELED + 1) if decide(gap, num(n), chart).verdict is True), 0)
