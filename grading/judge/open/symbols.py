"""Equations in symbols of which nothing is declared: identities, conditions, definitions, consequences.

An equation is taken for a claim about all values of its symbols only where it rewrites an expression inside a chain in
the same symbols, none of which the text restricts, or spells out a value of a function that the text has defined.
Then it must fail at several points, all of them distinct integers above 1: such points are real, positive and
integers, whatever is silently understood of the symbols. Else it is a condition on unknowns, or follows from those
before it, or contradicts them.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from derive.kernel.balls import content_seed
from derive.kernel.chart import RESERVED, Bound, Chart, Domain
from derive.kernel.equality import short
from derive.kernel.evaluate import Evaluator, Instance, precision
from derive.kernel.functions import NotEnclosed, certainly_nonzero
from derive.kernel.term import Term, add, free_symbols, function_names, neg, num, substitute, walk
from derive.latex.tables import tables
from grading.judge.open.consequence import NEW, never, vanishes
from grading.judge.open.numbers import DEGREE, decimals
from grading.judge.open.state import OpenText
from grading.judge.scalar import Outcome
from grading.read.document import Relation
from grading.result import Counterexample

POINTS: Final = 6
IMAGINARY: Final = "i"


def symbols_of(left: Term, right: Term, chart: Chart) -> set[str]:
    """The symbols and unknown functions of two sides, definitions written out."""
    return _atoms(chart.expand(left)) | _atoms(chart.expand(right))


def in_symbols(relation: Relation, outcome: Outcome, left: Term, right: Term, state: OpenText) -> Outcome:
    """What may be said of an equation in symbols; ``outcome`` is whether it holds for all of their values."""
    finding = state.run.find(left, right) if state.link == "derived" else NEW
    rewritten = (
        relation.opens
        and state.link == "derived"
        and state.run.rewritten_wrongly(left, right)
        and state.words.rewrites(state.last, relation)
    )
    before = state.run.stated[-1] if state.run.stated else None
    if finding.kind != "contradicts" and _premise(relation, left, right, state):
        state.run.state(left, right)
    if outcome.status not in ("refuted", "undecided"):
        return outcome
    if _may_apply(relation, state):
        return Outcome("undecided", "none", "a letter before brackets may be a function or a factor")
    if outcome.status == "refuted":
        found = _refuted(relation, outcome, left, right, rewritten, state)
        if found is not None:
            return found
        if finding.kind == "follows":
            return Outcome("follows", "premises", finding.why)
    state.premises.append((left, right))
    contradicts = before is not None and finding.kind == "contradicts" and _exact(relation, left, right)
    if contradicts and (_evaluates(before, left, right) or not state.words.chosen(relation)):
        return Outcome("refuted", "premises", finding.why)
    if relation.opens:
        return Outcome("condition", "none", "holds for some values only, as an equation for an unknown does")
    return Outcome("undecided", "none", "its symbols may be related in ways that the text does not state")


def _may_apply(relation: Relation, state: OpenText) -> bool:
    """``\\sigma(-t) = 1 - \\sigma(t)``: a letter that stands before brackets only, and before several."""
    found: dict[str, set[str]] = {}
    for match in _LETTER.finditer(relation.latex):
        if match[1] not in state.chart.functions and tables().kinds.get(match[1], "letter") == "letter":
            found.setdefault(match[1], set()).add(match[2] or "")
    return any("" not in a and len(a) > 1 and not any(letter in x for x in a) for letter, a in found.items())


_LETTER: Final = re.compile(r"(\\[A-Za-z]+|[A-Za-z])(?:\s*(?:\\left\s*)?(\([^()]*\)))?")


def _refuted(
    relation: Relation, outcome: Outcome, left: Term, right: Term, rewritten: bool, state: OpenText
) -> Outcome | None:
    """A claim for all values of the symbols, with the point where it fails; None where it need not be one."""
    if not relation.opens and never(left, right, state.chart):
        return Outcome("refuted", "normal form", "the two sides differ by a constant", outcome.counterexample)
    if rewritten and _exact(relation, left, right):
        return Outcome("refuted", "premises", "it is not the equation before it in another form")
    if not relation.opens and _rewrites(left, right, state):
        why = "the two sides differ at the point shown, and at every other that was tried"
    elif relation.opens and _of_defined_function(left, right, state):
        why = "the function was defined otherwise; the two sides differ at the point shown"
    else:
        return None
    failure = _fails_everywhere(left, right, state)
    return None if failure is None else Outcome("refuted", "balls", why, failure)


def _exact(relation: Relation, left: Term, right: Term) -> bool:
    """Whether no decimal in an equation can be a rounded one."""
    return relation.kind == "=" and not (decimals(relation.left.latex, left) or decimals(relation.right.latex, right))


def _evaluates(before: Term | None, left: Term, right: Term) -> bool:
    """``42 \\cdot 56 = c`` and then ``c = 2352``: the same symbol, and its value worked out."""
    if before is None or left.op != "sym" or right.op != "num" or before.op != "add" or len(before.children) != 2:
        return False
    one, other = before.children
    return (one == left and not free_symbols(other)) or (other == neg(left) and not free_symbols(one))


def _premise(relation: Relation, left: Term, right: Term, state: OpenText) -> bool:
    """Whether an equation is one that the next lines are derived from: no value that is tried or one of several."""
    for a, b in ((left, right), (right, left)):
        if a.op == "sym" and b.op == "num" and state.named.get(a.name, 0) != 1:
            return False
    return relation.kind == "="


def _of_defined_function(left: Term, right: Term, state: OpenText) -> bool:
    """``f(2) = 7``, ``f(-x) = -x^3``: a value of a function that the text has defined, spelled out."""
    if left.op != "fn" or left.name not in state.chart.functions:
        return False
    declared = state.chart.functions[left.name]
    if declared.definition is None or all(c.op == "sym" for c in left.children):
        return False
    if left.name in function_names(right):
        return False
    return _atoms(state.chart.expand(left)) == _atoms(state.chart.expand(right))


def _rewrites(left: Term, right: Term, state: OpenText) -> bool:
    """Whether a link claims an identity: both sides in the same symbols, none of which anything is said about."""
    left, right = state.chart.expand(left), state.chart.expand(right)
    symbols = _atoms(left)
    if symbols != _atoms(right) or left.op == "sym" or right.op == "sym":
        return False
    if any(node.op in ("law", "given", "E", "lim") for side in (left, right) for node in walk(side)):
        return False
    return not constrained(symbols, state)


def _atoms(side: Term) -> set[str]:
    return set(free_symbols(side)) | set(function_names(side) - RESERVED)


def constrained(symbols: set[str], state: OpenText) -> bool:
    """Whether an equation of the text restricts these symbols, once those that only name something are used up."""
    equations = [(state.chart.expand(a), state.chart.expand(b)) for a, b in state.premises]
    while True:
        for n, (a, b) in enumerate(equations):
            names = [(x, y) for x, y in ((a, b), (b, a)) if x.op == "sym" and x.name not in _atoms(y) | symbols]
            if names:
                put = {names[0][0].name: names[0][1]}
                rest = [e for m, e in enumerate(equations) if m != n]
                moved = [(substitute(c, put), substitute(d, put)) for c, d in rest]
                equations = [(c, d) for c, d in moved if not vanishes(add(c, neg(d)))]
                break
        else:
            break
    return any((_atoms(a) | _atoms(b)) & symbols for a, b in _connected(equations, symbols))


def _connected(equations: list[tuple[Term, Term]], symbols: set[str]) -> list[tuple[Term, Term]]:
    """The equations that speak of these symbols, or of symbols that such an equation speaks of."""
    reached, found = set(symbols), []
    for _ in equations:
        found = [(a, b) for a, b in equations if (_atoms(a) | _atoms(b)) & reached]
        reached |= {x for a, b in found for x in _atoms(a) | _atoms(b)}
    return found


def _fails_everywhere(left: Term, right: Term, state: OpenText) -> Counterexample | None:
    """The first of several points, all of which refute; distinct integers above 1, in both parities."""
    left, right = state.chart.expand(left), state.chart.expand(right)
    names = sorted(free_symbols(left) | free_symbols(right))
    unknown = (function_names(left) | function_names(right)) - RESERVED
    if IMAGINARY in names or DEGREE in names or unknown:
        return None
    chart = state.chart.extend(domains={n: Domain("integer", Bound(num(2))) for n in names})
    first: Counterexample | None = None
    enclosed = 0
    for shift in range(POINTS):
        instance = Instance({n: _value(i, shift) for i, n in enumerate(names)}, seed=content_seed(left, right))
        evaluator = Evaluator(instance, chart, 20_000)
        with precision(128):
            try:
                a, b = evaluator.top_value(left), evaluator.top_value(right)
            except NotEnclosed:
                continue
            if not certainly_nonzero(a - b):
                return None
            enclosed += 1
            if first is None:
                first = Counterexample({n: str(v) for n, v in instance.values.items()}, short(a), short(b))
    return first if enclosed > POINTS // 2 or (not names and enclosed) else None


VALUES: Final = (3, 5, 2, 7, 11, 4, 13, 6, 17, 8, 19, 23)


def _value(i: int, shift: int) -> Fraction:
    return Fraction(VALUES[(i * 2 + shift) % len(VALUES)] + 30 * ((i * 2 + shift) // len(VALUES)))
