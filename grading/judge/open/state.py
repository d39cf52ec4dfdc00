"""What a text without an assignment has said so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from derive.kernel.chart import Chart
from derive.kernel.term import Term, walk
from derive.latex.notation import Notation
from grading.judge.open.consequence import Equations
from grading.judge.open.conventions import understood
from grading.judge.open.numbers import Rounded
from grading.judge.open.words import Link, Words
from grading.judge.scalar import Outcome, Scalars
from grading.read.document import Relation


@dataclass
class OpenText:
    """What a text has said so far."""

    words: Words
    notation: Notation
    chart: Chart
    named: dict[str, int]
    """How many relations set each lone symbol to a number of its own."""
    rounded: Rounded = field(default_factory=Rounded)
    run: Equations = field(default_factory=lambda: Equations(Chart(closed=False)))
    """The equations from which the next line is derived."""
    premises: list[tuple[Term, Term]] = field(default_factory=list)
    """Every equation that may restrict its symbols."""
    last: Relation | None = None
    link: Link = None
    """How the relation at hand goes on from the last one."""

    def equal(self, left: Term, right: Term) -> Outcome:
        """Whether two terms are equal for all values of their symbols."""
        integral = any(n.op == "int" for side in (left, right) for n in walk(side))
        return Scalars(understood(self.chart, left, right), None, sympy=not integral).equal(left, right)
