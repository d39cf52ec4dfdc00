r"""Indices with only a few values, such as :math:`1 \le i \le 3`: what holds for each value holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Final

from derive.kernel.chart import Bound, Chart
from derive.kernel.term import Term, add, free_symbols, num, rebuild, substitute, walk

MAX_CASES: Final = 36
MAX_WRITTEN_OUT: Final = 16
"""Summands of a sum of derivatives."""


def finite_indices(left: Term, right: Term, chart: Chart) -> tuple[str, ...]:
    """The free integers of two sides whose bounds are numbers, none of them in a condition; () where too many cases."""
    bound = {s for c in chart.conditions for side in (c.left, c.right) for s in free_symbols(side)}
    names = sorted(n for n in (free_symbols(left) | free_symbols(right)) - bound if _values(n, chart))
    count = 1
    for name in names:
        count *= len(_values(name, chart))
    return tuple(names) if count <= MAX_CASES else ()


def finite_cases(left: Term, right: Term, chart: Chart) -> Iterator[Mapping[str, Fraction]]:
    """Every choice of values for the finite indices of two sides."""
    names = finite_indices(left, right, chart)
    for values in product(*(_values(n, chart) for n in names)):
        if names:
            yield dict(zip(names, map(Fraction, values), strict=True))


def written_out(root: Term) -> Term:
    """Sums over a few numbers written out where derivatives are summed, whose variable may be the index's."""
    node = rebuild(root, written_out)
    if node.op != "sum" or not any(n.op == "diff" for n in walk(node.children[0])):
        return node
    body, index, low, high = node.children
    if low.op != "num" or high.op != "num":
        return node
    terms = range(int(low.value), int(high.value) + 1)
    if not 0 < len(terms) <= MAX_WRITTEN_OUT:
        return node
    return add(*(substitute(body, {index.name: num(k)}) for k in terms))


def _values(name: str, chart: Chart) -> range:
    domain = chart.domains.get(name)
    if domain is None or domain.kind != "integer" or name in chart.definitions:
        return range(0)
    low, high = _end(domain.lower), _end(domain.upper)
    if low is None or high is None or domain.lower is None or domain.upper is None:
        return range(0)
    return range(low + domain.lower.strict, high + 1 - domain.upper.strict)


def _end(bound: Bound | None) -> int | None:
    if bound is None or bound.value.op != "num" or bound.value.value.denominator != 1:
        return None
    return int(bound.value.value)
