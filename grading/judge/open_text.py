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
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from flint import arb

from derive.kernel.balls import content_seed
from derive.kernel.chart import RESERVED, Bound, Chart, Domain, Function
from derive.kernel.equality import short
from derive.kernel.evaluate import Evaluator, Instance, precision
from derive.kernel.functions import NotEnclosed, certainly_nonzero
from derive.kernel.term import Term, add, free_symbols, function_names, neg, num, substitute, walk
from derive.latex.notation import Notation
from grading.judge.congruence import congruence, divisions
from grading.judge.consequence import Equations, never, vanishes
from grading.judge.open_numbers import DEGREE, Rounded, decimals, difference, readings, units
from grading.judge.open_words import Words
from grading.judge.scalar import Outcome, Scalars
from grading.read.document import Answer, Relation
from grading.result import Counterexample, Judgement

EQUAL: Final = frozenset({"=", "≡", ":="})
POINTS: Final = 6
IMAGINARY: Final = "i"


@dataclass
class OpenText:
    """What a text has said so far."""

    words: Words
    notation: Notation
    chart: Chart
    named: dict[str, int]
    """How many relations set each lone symbol to a number of its own."""
    defined: dict[str, tuple[Relation, Term]] = field(default_factory=dict)
    rounded: Rounded = field(default_factory=Rounded)
    run: Equations = field(default_factory=lambda: Equations(Chart(closed=False)))
    premises: list[tuple[Term, Term]] = field(default_factory=list)
    last: Relation | None = None


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
            found.append(_judgement(relation, _judge(relation, state)))
        state.last = relation
    for division in spans:
        place = state.words.place(division.start)
        o = division.outcome
        found.append(
            Judgement(division.latex, place.line, place.column, "=", o.status, o.method, o.why, o.counterexample, -1)
        )
    for side, formula in lost:
        why = f"it cannot be read: {side.problem}"
        found.append(Judgement(side.latex, side.place.line, side.place.column, "", "unread", "none", why))
    return tuple(sorted(found, key=lambda j: (j.line, j.column)))


def _judgement(relation: Relation, outcome: Outcome) -> Judgement:
    return Judgement(
        relation.latex,
        relation.place.line,
        relation.place.column,
        relation.kind,
        outcome.status,
        outcome.method,
        outcome.why,
        outcome.counterexample,
        relation.chain,
    )


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
    joined = state.words.joined(state.last, relation)
    if not joined:
        state.run = Equations(state.chart)
    modular = congruence(relation, state.words.text, state.notation, state.chart)
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
        return outcome
    if relation.kind == "≈":
        return _approximation(relation, left, right, state)
    if relation.kind in ("<", "≤", ">", "≥"):
        return _order(relation, left, right, state)
    return Outcome("undecided", "none", f"relations of the kind '{relation.kind}' are not judged without a theory")


def _definition(relation: Relation, left: Term, right: Term, state: OpenText) -> Outcome | None:
    """``f(x) = ...`` where f is new, and ``let s = ...``."""
    if not relation.opens or state.words.supposed(relation):
        return None
    if left.op == "fn" and (left.name, len(left.children)) not in _BUILT_IN and left.name not in state.chart.functions:
        parameters = tuple(c.name for c in left.children if c.op == "sym")
        inner = function_names(right) - RESERVED
        if len(set(parameters)) == len(left.children) and parameters and set(parameters) & free_symbols(right):
            if left.name not in inner and not inner - set(state.chart.functions):
                state.chart = state.chart.extend(functions={left.name: Function(parameters, right)})
                return Outcome("definition", "none", "introduces a function")
    elif left.op == "sym" and relation.defining and left.name not in free_symbols(right) and free_symbols(right):
        if left.name not in state.chart.definitions and state.named.get(left.name, 0) == 0 and not _constrained(
            {left.name}, state
        ):
            state.chart = state.chart.extend(definitions={left.name: right})
            return Outcome("definition", "none", "introduces a symbol of the writer's")
    return None


_BUILT_IN: Final = {(name, n) for name in RESERVED for n in (1, 2)}


def _equation(relation: Relation, left: Term, right: Term, state: OpenText) -> Outcome:
    outcomes = [_holds(r.left, r.right, state) for r in readings(relation, left, right, state.notation)]
    for number, outcome in enumerate(outcomes):
        if outcome.holds:
            if number or units(relation.left) or units(relation.right):
                return Outcome(outcome.status, outcome.method, "the numbers agree; their units are not compared")
            return outcome
    literal = readings(relation, left, right, state.notation)[0]
    left, right = literal.left, literal.right
    symbols = _symbols(left, right, state)
    if not symbols:
        outcome = _numbers(relation, outcomes, left, right, state)
    else:
        outcome = _in_symbols(relation, outcomes[0], left, right, symbols, state)
    return _unless_rejected(outcome, relation, state)


def _holds(left: Term, right: Term, state: OpenText) -> Outcome:
    return Scalars(state.chart, None).equal(left, right)


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
    state.rounded.note(right)
    if _symbols(left, right, state):
        return Outcome("undecided", "none", "an approximation means nothing without a regime; none is declared")
    gap = difference(left, right, state.chart)
    if gap is None:
        return Outcome("undecided", "none", "one of the sides could not be evaluated")
    size = difference(left, num(0), state.chart)
    if size is not None and bool(abs(gap) <= abs(size) / 20):
        return Outcome("supported", "balls", f"the sides differ by ${_shown(gap)}$")
    return Outcome("undecided", "none", f"the sides differ by ${_shown(gap)}$; how much is allowed is not said")


def _order(relation: Relation, left: Term, right: Term, state: OpenText) -> Outcome:
    small, large = (left, right) if relation.kind in ("<", "≤") else (right, left)
    strict = relation.kind in ("<", ">")
    if _symbols(left, right, state):
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


# -- symbols -----------------------------------------------------------------------------------------------
def _symbols(left: Term, right: Term, state: OpenText) -> frozenset[str]:
    left, right = state.chart.expand(left), state.chart.expand(right)
    functions = (function_names(left) | function_names(right)) - RESERVED - set(_EVALUATED)
    return free_symbols(left) | free_symbols(right) | {f"{f}()" for f in functions}


_EVALUATED: Final = ("binomial", "factorial", "floor", "ceil", "gcd", "lcm", "abs", "max", "min", "sqrt")


def _in_symbols(
    relation: Relation, outcome: Outcome, left: Term, right: Term, symbols: frozenset[str], state: OpenText
) -> Outcome:
    finding, wrong = state.run.find(left, right), state.run.rewritten_wrongly(left, right)
    exact = not max(decimals(relation.left.latex, left), decimals(relation.right.latex, right)) and relation.kind == "="
    stated = list(state.run.stated)
    if finding != "contradicts":
        if _premise(relation, left, right, state):
            state.run.state(left, right)
    if outcome.status == "refuted" and not relation.opens and never(left, right, state.chart):
        return Outcome("refuted", "normal form", "the two sides differ by a constant", outcome.counterexample)
    if outcome.status == "refuted" and wrong and exact and state.words.rewrites(relation):
        return Outcome("refuted", "premises", "it is not the equation before in another form")
    if outcome.status == "refuted" and not relation.opens and _rewrites(left, right, state):
        failure = _fails_everywhere(left, right, state)
        if failure is not None:
            return Outcome("refuted", "balls", "the two sides differ at the point shown, and wherever else", failure)
    if outcome.status == "refuted" and relation.opens and _of_defined_function(left, right, state):
        failure = _fails_everywhere(left, right, state)
        if failure is not None:
            return Outcome("refuted", "balls", "the function was defined otherwise", failure)
    if outcome.status == "refuted" and finding == "follows":
        return Outcome("follows", "premises", "follows from the equations before it")
    if finding == "contradicts" and exact and stated and (
        _evaluates(stated[-1], left, right) or not state.words.chosen(relation)
    ):
        return Outcome("refuted", "premises", "it contradicts the equations from which it is derived")
    if outcome.status == "refuted" or outcome.status == "undecided":
        state.premises.append((left, right))
        if relation.opens:
            return Outcome("condition", "none", "holds for some values only, as an equation for an unknown does")
        return Outcome("undecided", "none", "its symbols may be related in ways that the text does not state")
    return outcome


def _evaluates(before: Term, left: Term, right: Term) -> bool:
    """``42 \\cdot 56 = c`` and then ``c = 2352``: the same symbol, and its value worked out."""
    if left.op != "sym" or right.op != "num" or before.op != "add" or len(before.children) != 2:
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
    return not _constrained(symbols, state)


def _atoms(side: Term) -> set[str]:
    return set(free_symbols(side)) | set(function_names(side) - RESERVED - set(_EVALUATED))


def _constrained(symbols: set[str], state: OpenText) -> bool:
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
    if IMAGINARY in names or DEGREE in names or (function_names(left) | function_names(right)) - RESERVED - set(
        _EVALUATED
    ):
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
