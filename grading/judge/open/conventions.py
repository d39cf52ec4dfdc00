"""What is understood of formulas of which nothing is declared.

An index or a factorial takes natural numbers, ``i`` is the imaginary unit, a degree is a part of the circle; tuples,
sets and matrices are compared by what they contain; congruences hold modulo their number. Of expectations,
variances and probabilities nothing is known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.term import ONE, Term, free_symbols, substitute, walk
from derive.latex.notation import Notation
from grading.judge.open.congruence import congruence
from grading.judge.open.imaginary import IMAGINARY, equal_complex
from grading.judge.open.linear import worked_out
from grading.judge.open.numbers import DEGREE, RIGHT_ANGLES, units
from grading.judge.open.values import compare_values, structured
from grading.judge.scalar import Outcome, Scalars
from grading.read.document import Relation

STATISTICS: Final = frozenset({"Var", "Cov", "P", "E", "KL"})
NATURAL: Final = Domain("integer", Bound(ONE))
UNITS: Final = "the numbers agree; their units are not compared"
EQUAL: Final = frozenset({"=", "≡", ":="})


def understood(chart: Chart, *sides: Term) -> Chart:
    """The chart with degrees, and with natural numbers for symbols that count."""
    counting: set[str] = set()
    for node in (n for side in sides for n in walk(side)):
        if node.op in ("sum", "prod"):
            counting |= free_symbols(node.children[2]) | free_symbols(node.children[3])
        elif node.op == "fn" and node.name in ("factorial", "binomial"):
            counting |= free_symbols(node)
    known = chart.domains.keys() | chart.definitions.keys()
    bound = {node.children[1].name for side in sides for node in walk(side) if node.op in ("sum", "prod")}
    return chart.extend(
        domains=dict.fromkeys(sorted(counting - known - bound), NATURAL),
        definitions={} if DEGREE in chart.definitions else {DEGREE: RIGHT_ANGLES},
    )


def conventional(relation: Relation, around: str, notation: Notation, chart: Chart) -> Outcome | None:
    """The outcome of a relation that needs one of these conventions; None for every other."""
    modular = congruence(relation, around, notation, chart)
    if modular is not None:
        return modular
    left, right = relation.left.term, relation.right.term
    if left is None or right is None or relation.kind not in EQUAL:
        return None
    left, right = worked_out(left), worked_out(right)
    nodes = [n for side in (left, right) for n in walk(side)]
    if any(n.op == "E" or (n.op == "fn" and n.name in STATISTICS) for n in nodes):
        return Outcome("undecided", "none", "nothing is declared of the random variables; name a theory")
    undeclared = IMAGINARY not in chart.definitions and IMAGINARY not in chart.domains
    if undeclared and IMAGINARY in free_symbols(left) | free_symbols(right):
        return equal_complex(left, right)

    def scalar(a: Term, b: Term) -> Outcome:
        if undeclared and IMAGINARY in free_symbols(a) | free_symbols(b):
            return equal_complex(a, b)
        return Scalars(understood(chart, a, b), None).equal(a, b)

    named = units(relation.left), units(relation.right)
    if named[0] | named[1]:
        put = dict.fromkeys(named[0] | named[1], ONE)
        outcome = scalar(substitute(left, put), substitute(right, put))
        if named[0] and named[1] and named[0] != named[1]:
            return Outcome("undecided", "none", "the sides have different units")
        return outcome if named[0] == named[1] or not outcome.holds else replace(outcome, why=UNITS)
    if (left, right) != (relation.left.term, relation.right.term) or structured(left) or structured(right):
        lone = any(side.op == "sym" for side in (left, right))
        return None if lone and structured(right) != structured(left) else compare_values(left, right, scalar, chart)
    return None
