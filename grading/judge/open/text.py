"""Texts of general mathematics, without an assignment: how much may be said of each relation.

Nothing is declared, so that most equations are conditions on unknowns. What can be refuted:

- a link between two numbers that is false in every convention (units, percent, degrees, rounding);
- a link inside a chain that rewrites an expression in the same free symbols, and fails at every point tried, all of
  them distinct integers above 1: such points are real, positive and integers, whatever the symbols silently are;
- the value of a function that the text defines;
- an equation that contradicts those from which the text derives it, with a certificate;
- a congruence and a division with remainder between numbers.

Where the words around say that something is supposed, tried, rounded or rejected, nothing is refuted.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from flint import arb

from derive.kernel.chart import RESERVED, Chart, Function
from derive.kernel.equality import short
from derive.kernel.term import Term, free_symbols, function_names, num, walk
from derive.latex.notation import Notation
from derive.latex.shapes import STRUCTURES
from grading.judge.open.congruence import congruence, divisions
from grading.judge.open.consequence import Equations
from grading.judge.open.linear import worked_out
from grading.judge.open.numbers import decimals, difference, euler_or_a_letter, readings, units
from grading.judge.open.quantities import Statement, in_latex, statements
from grading.judge.open.state import OpenText
from grading.judge.open.symbols import constrained, in_symbols, symbols_of
from grading.judge.open.values import SIGNS, compare_values, structured
from grading.judge.open.words import Words
from grading.judge.scalar import Outcome, Scalars
from grading.read.document import Answer, Relation
from grading.result import Counterexample, Judgement

EQUAL: Final = frozenset({"=", "≡", ":="})


def judge_text(text: str, answer: Answer, notation: Notation, chart: Chart) -> tuple[Judgement, ...]:
    """Every relation of a text, in order."""
    relations = [r for part in answer.parts for r in part.relations]
    relations.sort(key=lambda r: (r.place.line, r.place.column))
    lost = [(side, f) for part in answer.parts for side, f in part.expressions if side.term is None]
    state = OpenText(Words(text), notation, chart, _named(relations))
    spans = divisions(text)
    found: list[Judgement] = []
    for relation in relations:
        at = state.words.offset(relation.place)
        inside = next((d for d in spans if d.start <= at < d.stop), None)
        if inside is None:
            outcome = _judge(relation, state)
            found.append(outcome.judgement(relation.latex, relation.place, relation.kind, relation.chain))
        state.last = relation
    found += [d.outcome.judgement(d.latex, state.words.place(d.start), "=") for d in spans]
    quantities = statements(state.words.without(answer))
    found += [_quantity(q, state) for q in quantities if not any(d.start <= q.start < d.stop for d in spans)]
    for side, _ in lost:
        why = f"it cannot be read: {side.problem}"
        found.append(Judgement(side.latex, side.place.line, side.place.column, "", "unread", "none", why))
    return tuple(sorted(found, key=lambda j: (j.line, j.column)))


def _quantity(stated: Statement, state: OpenText) -> Judgement:
    """An equation between quantities in prose."""
    place = state.words.place(stated.start)
    outcome = state.equal(stated.left, stated.right)
    shown = " ".join(state.words.text[stated.start : stated.stop].split())
    if outcome.status == "refuted":
        gap = difference(stated.left, stated.right, state.chart)
        text = (decimals(shown, stated.left), decimals(shown, stated.right))
        word = state.words.doubt(stated.start, stated.stop)
        if not stated.comparable:
            outcome = Outcome("undecided", "none", "the sides have different units")
        elif gap is not None and bool(abs(gap) <= arb(1) / 10 ** max(text)) and max(text):
            outcome = Outcome("undecided", "none", "a decimal that may be rounded")
        elif word is not None:
            outcome = Outcome("undecided", "none", f"false, but '{word}' stands beside it")
        elif state.rounded.within(stated.left, stated.right, state.chart, arb(1) / 10 ** max(text)):
            outcome = Outcome("undecided", "none", "a decimal that was rounded before is used")
        if outcome.status == "undecided":
            state.rounded.note(stated.right)
    return outcome.judgement(in_latex(shown), place, "=")


def _named(relations: Sequence[Relation]) -> dict[str, int]:
    values: dict[str, set[Term]] = {}
    for r in relations:
        for a, b in ((r.left.term, r.right.term), (r.right.term, r.left.term)):
            if r.kind == "=" and a is not None and b is not None and a.op == "sym" and not free_symbols(b):
                values.setdefault(a.name, set()).add(b)
    return {name: len(v) for name, v in values.items()}


# -- one relation ------------------------------------------------------------------------------------------
def _judge(relation: Relation, state: OpenText) -> Outcome:
    left, right = relation.left.term, relation.right.term
    state.link = state.words.link(state.last, relation)
    if state.link is None:
        state.run = Equations(state.chart)
    around = state.words.text if relation.kind == "≡" else " ".join(state.words.around(relation))
    modular = congruence(relation, around, state.notation, state.chart)
    vectors = None if modular is not None else _vectors(relation, state)
    if vectors is not None:
        return _unless_rejected(vectors, relation, state)
    if left is None or right is None:
        if modular is not None:
            return _unless_rejected(modular, relation, state)
        side = relation.left if left is None else relation.right
        return Outcome("unread", "none", f"'{side.latex}' cannot be read: {side.problem}")
    if not state.words.continues(state.last, relation):
        return Outcome("undecided", "none", "it is not certain which left side this goes on from")
    if relation.kind in EQUAL:
        defined = _definition(relation, left, right, state)
        if defined is not None:
            return defined
        outcome = _equation(relation, left, right, state)
        if modular is not None and (relation.kind == "≡" or outcome.status == "refuted"):
            return _unless_rejected(modular, relation, state)
        if outcome.status == "refuted":
            whole = congruence(relation, state.words.text, state.notation, state.chart)
            if whole is not None and whole.status == "proved":
                return Outcome("undecided", "none", f"a remainder may be meant: {whole.why}")
        return outcome
    if relation.kind == "≈":
        return _approximation(relation, left, right, state)
    if relation.kind in ("<", "≤", ">", "≥"):
        return _order(relation, left, right, state)
    return Outcome("undecided", "none", f"relations of the kind '{relation.kind}' are not judged without a theory")


def _vectors(relation: Relation, state: OpenText) -> Outcome | None:
    """A link between lists, sets or matrices of numbers; None for every other."""
    left, right = relation.left.term, relation.right.term
    if left is None or right is None or relation.kind not in EQUAL:
        return None
    left, right = worked_out(left), worked_out(right)
    if not (structured(left) and structured(right)) or symbols_of(left, right, state.chart) - STRUCTURES:
        return None
    both_signs = any(n.op == "fn" and n.name in SIGNS for side in (left, right) for n in walk(side))
    if both_signs or not state.words.continues(state.last, relation):
        return None
    outcome = compare_values(left, right, state.equal, state.chart)
    numbers = [n.value for side in (left, right) for n in walk(side) if n.op == "num"]
    rounded = outcome.status == "refuted" and "." in relation.latex and any(n.denominator > 1 for n in numbers)
    return Outcome("undecided", "none", "a decimal that may be rounded") if rounded else outcome


def _definition(relation: Relation, left: Term, right: Term, state: OpenText) -> Outcome | None:
    """``f(x) = ...`` where f is new, and ``let s = ...``."""
    if not relation.opens or state.words.supposed(relation):
        return None
    if left.op == "fn" and (left.name, len(left.children)) not in _BUILT_IN and left.name not in state.chart.functions:
        parameters = tuple(c.name for c in left.children if c.op == "sym")
        inner = function_names(right) - RESERVED
        plain = len(set(parameters)) == len(left.children) and set(parameters) & free_symbols(right)
        if plain and left.name not in inner and not inner - set(state.chart.functions):
            state.chart = state.chart.extend(functions={left.name: Function(parameters, right)})
            return Outcome("definition", "none", "introduces a function")
    elif left.op == "sym" and relation.defining and left.name not in free_symbols(right) and free_symbols(right):
        fresh = left.name not in state.chart.definitions and not state.named.get(left.name)
        if fresh and not constrained({left.name}, state):
            state.chart = state.chart.extend(definitions={left.name: right})
            return Outcome("definition", "none", "introduces a symbol of the writer's")
    return None


_BUILT_IN: Final = {(name, n) for name in RESERVED for n in (1, 2)}


def _equation(relation: Relation, left: Term, right: Term, state: OpenText) -> Outcome:
    outcomes = [state.equal(r.left, r.right) for r in readings(relation, left, right, state.notation)]
    for number, outcome in enumerate(outcomes):
        if outcome.holds:
            if number or units(relation.left) or units(relation.right):
                return Outcome(outcome.status, outcome.method, "the numbers agree; their units are not compared")
            return outcome
    literal = readings(relation, left, right, state.notation)[0]
    left, right = literal.left, literal.right
    if not symbols_of(left, right, state.chart):
        outcome = _numbers(relation, outcomes, left, right, state)
    else:
        outcome = in_symbols(relation, outcomes[0], left, right, state)
    return _unless_rejected(outcome, relation, state)


def _unless_rejected(outcome: Outcome, relation: Relation, state: OpenText) -> Outcome:
    """Nothing is refuted that the text itself supposes, asks or rejects."""
    if outcome.status != "refuted":
        return outcome
    word = state.words.rejected(relation)
    return outcome if word is None else Outcome("undecided", "none", f"false, but '{word}' stands beside it")


# -- numbers -----------------------------------------------------------------------------------------------
def _numbers(relation: Relation, outcomes: Sequence[Outcome], left: Term, right: Term, state: OpenText) -> Outcome:
    if any(o.status != "refuted" for o in outcomes):
        return next(o for o in outcomes if o.status != "refuted")
    if euler_or_a_letter(left) or euler_or_a_letter(right):
        return Outcome("undecided", "none", "the letter e may be a quantity of its own here")
    if units(relation.left) and units(relation.left) != units(relation.right):
        return Outcome("undecided", "none", "the sides have different units")
    if state.words.runs_on(relation):
        return Outcome("undecided", "none", "what stands before the formula may belong to its left side")
    gap = difference(left, right, state.chart)
    if gap is not None:
        reason = _rounding(relation, left, right, gap, state)
        if reason is not None:
            state.rounded.note(right)
            return Outcome("undecided", "none", reason)
    return outcomes[0]


def _rounding(relation: Relation, left: Term, right: Term, gap: arb, state: OpenText) -> str | None:
    """Why two numbers that differ may still be meant to be equal."""
    places = max(decimals(relation.left.latex, left), decimals(relation.right.latex, right))
    slack = arb(1) / 10**places
    if places and bool(abs(gap) <= slack):
        return "a decimal that may be rounded"
    if state.rounded.within(left, right, state.chart, slack) or state.rounded.within(right, left, state.chart, slack):
        return "a decimal that was rounded before is used"
    word = state.words.rounding(relation)
    size = abs(gap) if places == 0 else abs(gap) * 10 ** min(places, 1)
    if word is not None and (bool(size < 1) or word in ("about", "approximately", "roughly", "estimate", "≈")):
        return f"a value that may be rounded: '{word}' stands beside it"
    return None


def _approximation(relation: Relation, left: Term, right: Term, state: OpenText) -> Outcome:
    used = state.rounded.values & _decimals_of(left)
    state.rounded.note(right)
    if symbols_of(left, right, state.chart):
        return Outcome("undecided", "none", "an approximation means nothing without a regime; none is declared")
    gap = difference(left, right, state.chart)
    if gap is None:
        return Outcome("undecided", "none", "one of the sides could not be evaluated")
    size = difference(left, num(0), state.chart)
    if size is None:
        return Outcome("undecided", "none", "one of the sides could not be evaluated")
    if _beyond(relation, right, gap, size) and not used:
        shown = Counterexample({}, _number(left, state), _number(right, state))
        outcome = Outcome(
            "refuted", "balls", f"the sides differ by ${_shown(gap)}$, more than rounding explains", shown
        )
        return _unless_rejected(outcome, relation, state)
    if bool(abs(gap) <= abs(size) / 20):
        return Outcome("supported", "balls", f"the sides differ by ${_shown(gap)}$")
    return Outcome("undecided", "none", f"the sides differ by ${_shown(gap)}$; how much is allowed is not said")


def _beyond(relation: Relation, right: Term, gap: arb, size: arb) -> bool:
    """Whether a number written out after ≈ is off by more than ten units of its last digit, and not just roughly.

    A number with two decimals or more claims three digits at least; one with fewer may be rough, to a tenth.
    """
    places = decimals(relation.right.latex, right)
    if right.op != "num" or units(relation.left) != units(relation.right) or "%" in relation.latex:
        return False
    if not bool(abs(gap) > arb(10) / 10**places):
        return False
    return bool(abs(gap) > abs(size) / (1000 if places > 1 else 10))


def _decimals_of(side: Term) -> set[Fraction]:
    return {abs(n.value) for n in walk(side) if n.op == "num" and n.value.denominator != 1}


def _order(relation: Relation, left: Term, right: Term, state: OpenText) -> Outcome:
    small, large = (left, right) if relation.kind in ("<", "≤") else (right, left)
    strict = relation.kind in ("<", ">")
    if symbols_of(left, right, state.chart):
        outcome = Scalars(state.chart, None).less(small, large, strict)
        if outcome.status == "refuted":
            return Outcome("condition", "none", "holds for no real numbers")
        if outcome.status == "undecided":
            return Outcome("condition", "none", "holds for some values only")
        return outcome
    if units(relation.left) != units(relation.right):
        return Outcome("undecided", "none", "the sides have different units")
    gap = difference(large, small, state.chart)
    if gap is None:
        return Outcome("undecided", "none", "one of the sides could not be evaluated")
    if bool(gap > 0) or (not strict and bool(gap >= 0)):
        return Outcome("proved", "balls", "both sides are numbers in this order")
    if bool(gap < 0) or (strict and bool(gap <= 0)):
        shown = Counterexample({}, _number(left, state), _number(right, state))
        outcome = Outcome("refuted", "balls", "both sides are numbers, in the other order", shown)
        return _unless_rejected(outcome, relation, state)
    return Outcome("undecided", "none", "the sides are too close to tell")


def _number(side: Term, state: OpenText) -> str:
    value = difference(side, num(0), state.chart)
    return "?" if value is None else short(value)


def _shown(value: arb) -> str:
    return str(arb(value.mid()).str(3, radius=False))
