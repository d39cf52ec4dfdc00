r"""What is a number on a chart: by its shape, or by a declared table of numbers."""

from __future__ import annotations

from derive.errors import Refused
from derive.kernel.chart import Chart
from derive.kernel.rules.scope import deterministic
from derive.kernel.term import ONE, Term, plain, rebuild


def require_number(chart: Chart, *terms: Term) -> None:
    """Refused unless every term is a number: no random variable is in it.

    Functions that the chart declares as positive or as probabilities are tables of numbers (a schedule of
    variances, a policy), whatever numbers they are applied to; a family without a range may be random.
    """
    for term in terms:
        if not deterministic(_without_tables(chart.expand(term), chart)):
            raise Refused(f"'{plain(term)}' is not a number by its shape; a random variable may hide in it.")


def _without_tables(node: Term, chart: Chart) -> Term:
    """The term with every entry of a table replaced by a number."""
    node = rebuild(node, lambda child: _without_tables(child, chart))
    declared = chart.functions.get(node.name) if node.op == "fn" else None
    if declared is None or declared.range in ("real", "label") or len(declared.parameters) != len(node.children):
        return node
    return ONE if all(map(deterministic, node.children)) else node
