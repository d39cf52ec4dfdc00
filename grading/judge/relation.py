"""The verdict on one relation, in the context of its part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from derive.kernel.differentiate import NotDifferentiable, derivative
from derive.kernel.term import ONE, ZERO, Term, add, free_symbols, function_names, given, substitute, walk
from derive.latex.printer import latex
from grading.judge.carried import carry, with_carried
from grading.judge.context import Context
from grading.judge.in_law import densities, density_subject, proportional
from grading.judge.introductions import (
    EQUALITIES,
    definition,
    hypothetical,
    lagrangian,
    mentions_index,
    misquoted_noise,
    own_noise,
    own_variable,
    sets_to_zero,
)
from grading.judge.letters import for_any_letter
from grading.judge.match import match, same
from grading.judge.outcome import outcome_under
from grading.judge.scalar import Outcome
from grading.judge.stationary import SOLUTION, holds_there, multiplier
from grading.read.document import Formula, Relation, Side
from grading.result import Judgement, Premise

UNREAD_CHAIN: Final = -1000
FAVOUR: Final = ("given", "proved", "supported", "follows", "leading-order", "refuted", "undecided")
HYPOTHESIS: Final = "hypothesis"
"""How a relation is judged that stands under an 'if' and is no identity."""
INDEX_MENTION: Final = "says where an index or a time runs"


@dataclass(frozen=True)
class Judged:
    """A relation with its verdict; ``left`` and ``right`` are its sides in the reading that was judged."""

    relation: Relation
    judgement: Judgement
    left: Term | None
    right: Term | None


def as_law(kind: str, left: Term, right: Term) -> tuple[str, Term, Term]:
    """``X = N(m, v)`` and ``p(x | y) = N(x; m, v)`` as the statements about laws that they are."""
    if right.op == "fn" and right.name == "density" and kind in ("=", "∼", ":=", "≡", "≈"):
        value, law = right.children
        arguments = left.children if left.op == "fn" else ()
        if arguments and (arguments[0] == value or (arguments[0].op == "given" and arguments[0].children[0] == value)):
            subject = arguments[0] if len(arguments) == 1 else given(arguments[0], *arguments[1:])
            return "≈" if kind == "≈" else "∼", subject, law
    if right.op == "law" and left.op == "fn" and len(left.children) == 1 and left.children[0].op == "given":
        return "≈" if kind == "≈" else "∼", left.children[0], right
    if right.op == "law" and left.op in ("fn", "given") and kind in ("=", ":=", "≡"):
        return "∼", left, right
    return kind, left, right


def judge_relation(relation: Relation, context: Context, *, mention: bool = False) -> Judged:
    """Judge one relation; ``mention`` is true in a chain that only says where an index runs."""
    judged = _judge(relation, context, mention)
    for side in (relation.left.term, relation.right.term):
        if side is not None:
            context.seen |= free_symbols(side) | function_names(side)
            context.note_ranges(side)
    return judged


def _judge(relation: Relation, context: Context, mention: bool) -> Judged:
    left, right = relation.left.term, relation.right.term
    if left is not None and right is not None:
        calls = context.meaning().calls
        plain = context.readings()[-1]
        left, right = context.spelled(plain(calls(left))), context.spelled(plain(calls(right)))
    if left is None or right is None:
        side = relation.left if left is None else relation.right
        return _judged(
            relation, Outcome("unread", "none", f"'{side.latex}' cannot be read: {side.problem}"), left, right
        )
    if mention or mentions_index(relation, context):
        return _judged(relation, Outcome("condition", "none", INDEX_MENTION), left, right)
    if relation.kind == "→" and _is_parameter(left, context) and right.op in ("num", "const"):
        return _judged(relation, Outcome("condition", "none", "names a limit"), left, right)
    if relation.kind in ("≪", "≫") and _is_parameter(left, context) and _is_parameter(right, context):
        return _judged(relation, _assumed_order(relation.kind, left, right, context), left, right)
    left, right = context.valued(left), context.valued(right)
    kind, left, right = as_law(relation.kind, context.ranged(left), context.ranged(right))
    if context.problem.joint and kind in ("=", "∝"):
        variable = density_subject(left, context) if relation.opens else context.varies
        context.varies = variable
        if kind == "∝" and variable is not None:
            return _judged(relation, proportional(left, right, variable, context), left, right)
        left, right = densities(left, context), densities(right, context)
    introduced = definition(relation, left, right, context) if kind == relation.kind else None
    if introduced is not None:
        context.define(introduced)
        return _judged(relation, Outcome("definition", "none", "introduces a symbol of the writer's"), left, right)
    if lagrangian(relation, left, right, context):
        why = "introduces a function with a multiplier of the writer's"
        return _judged(relation, Outcome("definition", "none", why), left, right)
    if own_variable(relation, context):
        context.redefine_noise(left, context.readings()[-1](right))
        return _judged(relation, Outcome("definition", "none", "introduces a random variable"), left, right)
    if own_noise(relation, context):
        if misquoted_noise(relation, context):
            why = f"the problem says ${latex(left)} \\sim {latex(context.problem.law_of(left) or right)}$"
            return _judged(relation, Outcome("refuted", "none", why), left, right)
        context.redefine_noise(left, right)
        return _judged(relation, Outcome("definition", "none", "gives the writer's own noise its law"), left, right)
    integral = _antiderivative(kind, left, right, context)
    if integral is not None:
        return _judged(relation, integral, left, right)
    of = context.meaning().of
    unknown = sorted({*context.undeclared(of(left)), *context.undeclared(of(right))})
    if kind == "≈":
        # The name of a family without an index is a letter whose size nothing is said about.
        unknown += sorted(
            (free_symbols(left) | free_symbols(right)) & context.problem.families - {*context.chart().domains}
        )
    if unknown:
        generic = for_any_letter(kind, left, right, unknown, context)
        if generic is None and kind in EQUALITIES and context.spec.optimum:
            context.stationary |= right == ZERO and sets_to_zero(relation)
            generic = multiplier(left, right, unknown, context)
        if generic is not None:
            return _judged(relation, generic, left, right)
        names = ", ".join(f"${n}$" for n in unknown)
        return _judged(
            relation,
            Outcome("undecided", "none", f"{names}: declared neither by the problem nor by the writer"),
            left,
            right,
        )
    best = _best_reading(relation, kind, left, right, context)
    if best.judgement.status == "refuted" and (context.spec.optimum or hypothetical(relation)):
        milder = _under_condition(relation, kind, left, right, context)
        if milder is not None:
            return _judged(relation, milder, left, right)
    if best.judgement.status == "refuted" and best.left is not None and best.right is not None:
        carry(kind, best.left, best.right, relation, context)
    return best


def _under_condition(relation: Relation, kind: str, left: Term, right: Term, context: Context) -> Outcome | None:
    """A relation that holds at the solution, once a derivative is set to zero, or one that is itself an 'if'."""
    if hypothetical(relation):
        return Outcome("condition", HYPOTHESIS, "stands under an 'if': it need not hold by itself")
    zero = right == ZERO and sets_to_zero(relation)
    names = kind in EQUALITIES and relation.opens and left.op in ("sym", "fn") and left.name in context.spec.optimum
    if not (zero or context.stationary or names):
        return None
    outcome = holds_there(kind, left, right, context)
    if outcome is not None and names:
        return Outcome("condition", SOLUTION, f"names the solution; {outcome.why}")
    if outcome is not None and zero:
        context.stationary = True
        return Outcome("condition", "optimum", f"the condition for the optimum; {outcome.why}")
    return outcome


def _antiderivative(kind: str, left: Term, right: Term, context: Context) -> Outcome | None:
    """An indefinite integral against an antiderivative: the derivatives agree; a new letter added is the constant."""
    if kind not in EQUALITIES or left.op != "fn" or left.name != "integral":
        return None
    body, variable = left.children
    summands = right.children if right.op == "add" else (right,)
    shown = [s for s in summands if not (s.op == "sym" and s.name in context.undeclared(s))]
    if len(shown) < len(summands) - 1 or not shown or context.undeclared(add(*shown)) or context.undeclared(body):
        return None
    chart = context.chart()
    if right.op == "fn" and right.name == "integral":
        return None
    try:
        slope = derivative(add(*shown), variable, chart)
    except NotDifferentiable:
        return None
    outcome = context.scalars().equal(slope, body)
    if outcome.holds and outcome.method != "limit":
        return Outcome(outcome.status, "derivative", "the derivative of the right side is what is integrated")
    if outcome.status in ("refuted", "leading-order"):
        why = f"the derivative of the right side is ${latex(slope)}$, not what is integrated"
        return Outcome("refuted", "derivative", why, outcome.counterexample)
    return None


def _assumed_order(kind: str, left: Term, right: Term, context: Context) -> Outcome:
    """What a writer assumes of sizes: it restates the regime, contradicts it, or stands beside it unused."""
    stated = outcome_under(context.problem, kind, left, right, context)
    if stated.holds:
        return Outcome("given", stated.method, f"restates the regime: {stated.why}")
    opposite = outcome_under(context.problem, kind, right, left, context)
    if opposite.holds:
        return Outcome("refuted", opposite.method, f"the regime says the opposite: {opposite.why}")
    return Outcome("condition", "none", "an assumption of the writer's; nothing rests on it here")


def _best_reading(relation: Relation, kind: str, left: Term, right: Term, context: Context) -> Judged:
    """The most favourable of the readings that the part declares; a changed premise is one in the first."""
    attempts: list[Judged] = []
    for reading in context.readings():
        attempts.append(_in_reading(relation, kind, reading(left), reading(right), context))
        if attempts[-1].judgement.status in ("given", "proved") or attempts[-1].judgement.method == "premise":
            return attempts[-1]
    return min(attempts, key=lambda j: FAVOUR.index(j.judgement.status))


def unread_expression(side: Side, formula: Formula) -> Judged:
    """A formula that states no relation and could not be read, so that what it says is unknown."""
    relation = Relation("", side, side, side.latex, side.place, UNREAD_CHAIN, True, formula)
    return _judged(relation, Outcome("unread", "none", f"it cannot be read: {side.problem}"), None, None)


def _in_reading(relation: Relation, kind: str, left: Term, right: Term, context: Context) -> Judged:
    stated = _given(kind, left, right, context)
    if stated is not None:
        return _judged(relation, stated, left, right)
    outcome = outcome_under(context.problem, kind, left, right, context)
    if outcome.holds:
        if kind == "∼" and context.premise_for(left) is not None:
            context.restore_premises()
        return _judged(relation, outcome, left, right)
    if kind == "∼" and outcome.status in ("refuted", "leading-order"):
        premise = context.premise_for(left)
        if premise is not None:
            context.assume(left, right, Premise(relation.latex, relation.place.line, premise.latex))
            why = f"the writer's own premise; the problem says ${premise.latex}$"
            return _judged(relation, Outcome("follows", "premise", why, outcome.counterexample), left, right)
    if context.writer is not None and outcome.status in ("refuted", "leading-order"):
        own = outcome_under(context.writer, kind, left, right, context)
        if own.holds:
            why = f"right under the writer's premise ${context.premises[-1].latex}$; under the problem's: {outcome.why}"
            return _judged(relation, Outcome("follows", own.method, why, outcome.counterexample), left, right)
    if kind in ("=", "≈", "∼") and outcome.status in ("refuted", "leading-order"):
        for carried in reversed(context.carried):
            own = with_carried(carried, kind, left, right, context)
            if own.holds:
                why = f"right with line {carried.line}, ${carried.latex}$, which is false; in itself: {outcome.why}"
                return _judged(relation, Outcome("follows", "carried", why, outcome.counterexample), left, right)
    return _judged(relation, outcome, left, right)


def _is_parameter(side: Term, context: Context) -> bool:
    chart = context.chart()
    if side == ONE:
        return True
    if side.op == "pow" and side.children[1].op == "num":
        side = side.children[0]
    return side.op == "sym" and (side.name in chart.domains or side.name in chart.definitions)


def _given(kind: str, left: Term, right: Term, context: Context) -> Outcome | None:
    """Whether the relation restates the problem, contradicts it, or approximates what the problem states."""
    chart = context.chart()
    kind = "=" if kind in EQUALITIES else kind
    for stated in context.spec.given:
        if stated.kind != ("=" if kind == "≈" else kind):
            continue
        values = match(stated.left, left, context.theory.indices, chart)
        if values is None:
            continue
        expected = substitute(stated.right, values)
        if same(expected, right, chart):
            return Outcome("given", "none", "restates the problem")
        found = _against_given(kind, expected, right, context)
        if found is not None:
            return found
    return None


def _against_given(kind: str, expected: Term, right: Term, context: Context) -> Outcome | None:
    """A right side against the one that the problem states, where at most one random variable is in both."""
    if kind not in ("=", "≈") or any(n.op in ("given", "E", "law") for side in (expected, right) for n in walk(side)):
        return None
    if len(context.problem.atoms(expected) | context.problem.atoms(right)) > 1:
        return None
    if kind == "≈":
        outcome = context.scalars().approximate(expected, right)
        return None if outcome.status == "undecided" else outcome
    outcome = context.scalars().equal(right, expected)
    if outcome.holds and outcome.method != "limit":
        return Outcome("given", outcome.method, "restates the problem in another form")
    if outcome.status == "leading-order":
        return outcome
    if outcome.status == "refuted" and context.problem.atoms(expected):
        why = f"the problem says ${latex(expected)}$: {outcome.why}"
        return Outcome("refuted", outcome.method, why, outcome.counterexample)
    return None


def _judged(relation: Relation, outcome: Outcome, left: Term | None, right: Term | None) -> Judged:
    judgement = outcome.judgement(relation.latex, relation.place, relation.kind, relation.chain)
    return Judged(relation, judgement, left, right)
