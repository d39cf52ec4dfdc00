"""The exact formula of a derivation at the parameters of its twin.

A parameter has the name of the symbol or function that it gives values to: ``beta`` is :math:`\\beta`, ``pi_ref`` is
:math:`\\pi_{\\text{ref}}`. A number is the value of a symbol, or of a function of nothing; an integer for a label names
a member of the answer set, counted from 0; a sequence is the table of a function over that set, or over the places
1, 2, ... of a list. A parameter that the formula does not have (the start of a chain, say) is a premise of the problem
and has its default value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, Final

from derive.kernel.balls import Instance, NotEnclosed, enclose
from derive.kernel.chart import Chart
from derive.kernel.term import Term, add, function_names, mul, num, rebuild, substitute, walk

BITS: Final = 128


@dataclass(frozen=True)
class Point:
    """The parameters of a twin in the words of one formula."""

    chart: Chart
    values: Mapping[str, Term]
    labels: Mapping[str, int]
    tables: Mapping[str, tuple[Fraction, ...]]

    @staticmethod
    def of(chart: Chart, formula: Term, parameters: Any) -> Point:
        """The point for ``formula``, whose definitions are written out; ``parameters`` is a dataclass."""
        given = {field.name: getattr(parameters, field.name) for field in fields(parameters)}
        values, labels, tables = {}, {}, {}
        for symbol in {node.name for node in walk(formula) if node.op == "sym"}:
            value = given.get(identifier(symbol))
            domain = chart.domains.get(symbol)
            if domain is not None and domain.kind == "label":
                if isinstance(value, int):
                    labels[symbol] = value
            elif value is not None:
                values[symbol] = num(Fraction(value))
        for name in function_names(formula):
            table = given.get(identifier(name))
            if table is not None:
                tables[name] = tuple(map(Fraction, table if isinstance(table, tuple) else (table,)))
        return Point(chart, values, labels, tables)

    def written_out(self, node: Term, labels: Mapping[str, int]) -> Term:
        """Sums over the answer set, and over the places of a list, term by term, with the tables' values in them."""
        if node.op == "sumset":
            body, variable, _ = node.children
            answers = min((len(table) for table in self.tables.values()), default=0)
            if answers < 2:
                raise NotEnclosed("the twin has no answer set to sum over.")
            return add(*(self.written_out(body, {**labels, variable.name: i}) for i in range(answers)))
        if node.op in ("sum", "prod") and function_names(node) & self.tables.keys():
            body, variable, *ends = node.children
            if any(end.op != "num" for end in ends):
                raise NotEnclosed("the ends of a sum or product over a list are not numbers.")
            places = range(int(ends[0].value), int(ends[1].value) + 1)
            parts = (self.written_out(substitute(body, {variable.name: num(i)}), labels) for i in places)
            return add(*parts) if node.op == "sum" else mul(*parts)
        if node.op == "fn" and node.name in self.tables:
            return num(self._entry(node, labels))
        return rebuild(node, lambda child: self.written_out(child, labels))

    def _entry(self, node: Term, labels: Mapping[str, int]) -> Fraction:
        table = self.tables[node.name]
        named = (_place(argument, labels) for argument in node.children)
        found = [place for place in named if place is not None] if node.children else list(range(len(table)))
        if len(found) != 1 or not 0 <= found[0] < len(table):
            raise NotEnclosed(f"the twin's table of '{node.name}' has no such entry.")
        return table[found[0]]


def identifier(name: str) -> str:
    r"""The parameter of a symbol: ``pi_ref`` for ``\pi_{\text{ref}}``, ``dot_pi_theta`` for ``\dot\pi_\theta``."""
    bare = re.sub(r"\\text|[{}]", "", name)
    return re.sub(r"(?<=[A-Za-z0-9])[\\ ]+", "_", bare).replace("\\", "")


def exact_value(chart: Chart, quantity: Term, parameters: Any, width: float) -> float:
    """The quantity at the parameters, to within ``width``. Raises NotEnclosed."""
    formula = chart.expand(quantity)
    point = Point.of(chart, formula, parameters)
    numbers = point.written_out(substitute(formula, point.values), point.labels)
    unknown = function_names(numbers) & chart.functions.keys()
    if unknown:
        raise NotEnclosed(f"the twin has no values of '{min(unknown)}'.")
    ball = enclose(numbers, Instance({}), chart, BITS)
    if not float(ball.rad()) <= width:
        raise NotEnclosed(f"at {BITS} bits it is known to {float(ball.rad()):.1g} only.")
    return float(ball.mid())


def _place(argument: Term, labels: Mapping[str, int]) -> int | None:
    """Where in a table an argument points, counted from 0; None for one that does not, such as the prompt."""
    if argument.op == "sym":
        return labels.get(argument.name)
    if argument.op == "num" and argument.value.denominator == 1:
        return int(argument.value) - 1
    return None
