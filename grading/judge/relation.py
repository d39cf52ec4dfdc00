"""The verdict on one relation, in the context of its part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from derive.kernel.differentiate import NotDifferentiable, derivative
from derive.kernel.term import ONE, Term, add, free_symbols, function_names, given, substitute, walk
from derive.latex.printer import latex
from grading.judge.context import Context
from grading.judge.introductions import EQUALITIES, definition, mentions_index, own_noise
from grading.judge.match import match, same
from grading.judge.randomness import Randomness
from grading.judge.scalar import Outcome
from grading.read.document import Formula, Relation, Side
from grading.result import Judgement, Premise

TURNED: Final = {">": "<", "≥": "≤", "≫": "≪"}

UNREAD_CHAIN: Final = -1000
FAVOUR: Final = ("given", "proved", "supported", "follows", "leading-order", "refuted", "undecided")
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
        left, right = calls(left), calls(right)
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
    kind, left, right = as_law(relation.kind, context.ranged(left), context.ranged(right))
    introduced = definition(relation, left, right, context) if kind == relation.kind else None
    if introduced is not None:
        context.define(introduced)
        return _judged(relation, Outcome("definition", "none", "introduces a symbol of the writer's"), left, right)
    if own_noise(relation, context):
        context.redefine_noise(left, right)
        return _judged(relation, Outcome("definition", "none", "gives the writer's own noise its law"), left, right)
    integral = _antiderivative(kind, left, right, context)
    if integral is not None:
        return _judged(relation, integral, left, right)
    of = context.meaning().of
    unknown = sorted({*context.undeclared(of(left)), *context.undeclared(of(right))})
    if unknown:
        names = ", ".join(f"${n}$" for n in unknown)
        return _judged(
            relation,
            Outcome("undecided", "none", f"{names}: declared neither by the problem nor by the writer"),
            left,
            right,
        )
    return _best_reading(relation, kind, left, right, context)


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
    return _judged(relation, outcome, left, right)


def outcome_under(known: Randomness, kind: str, left: Term, right: Term, context: Context) -> Outcome:
    """The outcome of a relation when this is what is known of the random variables."""
    scalars, of = context.scalars(), context.meaning().of
    left, right = of(left), of(right)
    if kind in TURNED:
        kind, left, right = TURNED[kind], right, left
    if kind in EQUALITIES:
        kind = "="
    if kind == "∼" or (kind == "≈" and right.op == "law" and left.op != "law"):
        law = known.law_of(left) if left.op != "law" else left
        if law is None:
            return Outcome("undecided", "none", f"the law of ${latex(left)}$ is not known here")
        compare = scalars.equal if kind == "∼" else scalars.approximate
        return scalars.laws(_reduced_law(known, law), _reduced_law(known, right), compare)
    if left.op == "law" and right.op == "law":
        compare = scalars.approximate if kind == "≈" else scalars.equal
        if kind in ("=", "≈", "→"):
            return scalars.laws(_reduced_law(known, left), _reduced_law(known, right), compare)
    left, right = known.reduce(left), known.reduce(right)
    free = known.free(known.atoms(left) | known.atoms(right))
    if known.joint and not free:
        left, right = known.written_out(left), known.written_out(right)
        free = known.free(known.atoms(left) | known.atoms(right))
    open_moments = [t for t in (left, right) if _unreduced(t)]
    if len(known.atoms(left) | known.atoms(right)) > 1 and not free:
        open_moments.append(left)
    if kind == "=":
        outcome = scalars.equal(left, right)
    elif kind == "≈":
        outcome = scalars.approximate(left, right)
    elif kind == "→":
        limits = context.spec.regime.limits
        if not limits:
            return Outcome("undecided", "none", "a limit means nothing without what tends to what; none is declared")
        outcome = scalars.tends(left, right, *limits[0])
    elif kind == "≪":
        outcome = scalars.much_smaller(left, right)
    elif kind in ("<", "≤"):
        outcome = scalars.less(left, right, kind == "<")
    else:
        return Outcome("undecided", "none", f"relations of the kind '{kind}' are not judged yet")
    if outcome.status != "proved" and kind == "=" and known.atoms(left) and known.atoms(right) and not free:
        by_law = _laws_agree(known, left, right, context)
        if by_law is not None:
            return by_law
    if outcome.status not in ("proved", "undecided") and open_moments:
        # Unknown moments and several random variables are related in ways that are not declared here.
        return Outcome("undecided", "none", f"nothing is proved here about ${latex(open_moments[0])}$")
    return outcome


def _laws_agree(known: Randomness, left: Term, right: Term, context: Context) -> Outcome | None:
    """Random variables that are equal have one law: laws that differ refute, one law supports."""
    one, other = known.law_of(left), known.law_of(right)
    if one is None or other is None:
        return None
    outcome = context.scalars().laws(_reduced_law(known, one), _reduced_law(known, other), context.scalars().equal)
    if outcome.holds and outcome.method != "limit":
        return Outcome("supported", "law", f"both sides have the law ${latex(one)}$")
    if outcome.status in ("refuted", "leading-order"):
        return Outcome("refuted", "law", f"the two sides have different laws: {outcome.why}", outcome.counterexample)
    return None


def _reduced_law(known: Randomness, law: Term) -> Term:
    return Term("law", (law.name, *(known.reduce(p) for p in law.children))) if law.op == "law" else law


def _unreduced(side: Term) -> bool:
    return any(n.op in ("E", "given") or (n.op == "fn" and n.name in ("Var", "Cov")) for n in _walk(side))


def _walk(side: Term) -> list[Term]:
    return list(walk(side))


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
    if outcome.status == "refuted" and context.problem.atoms(expected):
        why = f"the problem says ${latex(expected)}$: {outcome.why}"
        return Outcome("refuted", outcome.method, why, outcome.counterexample)
    return None


def _judged(relation: Relation, outcome: Outcome, left: Term | None, right: Term | None) -> Judged:
    return Judged(
        relation,
        Judgement(
            relation.latex,
            relation.place.line,
            relation.place.column,
            relation.kind,
            outcome.status,
            outcome.method,
            outcome.why,
            outcome.counterexample,
            relation.chain,
        ),
        left,
        right,
    )
