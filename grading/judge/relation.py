"""The verdict on one relation, in the context of its part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from flint import arb

from derive.kernel.evaluate import Instance, NotEnclosed, enclose
from derive.kernel.term import ONE, Term, add, free_symbols, function_names, neg, substitute, walk
from derive.latex.printer import latex
from grading.judge.context import BUILT_IN, Context, Defined, Reading
from grading.judge.match import match, same
from grading.judge.randomness import Randomness
from grading.judge.scalar import Outcome
from grading.read.document import Formula, Relation, Side
from grading.result import Judgement, Premise

TURNED: Final = {">": "<", "≥": "≤", "≫": "≪"}
EQUALITIES: Final = frozenset({"=", ":=", "≡"})

DECIMAL: Final = re.compile(r"\d\.(\d+)")
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


def judge_relation(relation: Relation, context: Context, *, mention: bool = False) -> Judged:
    """Judge one relation; ``mention`` is true in a chain that only says where an index runs."""
    judged = _judge(relation, context, mention)
    for side in (relation.left.term, relation.right.term):
        if side is not None:
            context.seen |= free_symbols(side) | function_names(side)
    return judged


def _judge(relation: Relation, context: Context, mention: bool) -> Judged:
    left, right = relation.left.term, relation.right.term
    if left is None or right is None:
        side = relation.left if left is None else relation.right
        return _judged(
            relation, Outcome("unread", "none", f"'{side.latex}' cannot be read: {side.problem}"), left, right
        )
    if mention or _mentions_index(relation, context):
        return _judged(relation, Outcome("condition", "none", INDEX_MENTION), left, right)
    if relation.kind == "→" and _is_parameter(left, context) and right.op in ("num", "const"):
        return _judged(relation, Outcome("condition", "none", "names a limit"), left, right)
    if relation.kind == "=" and left.op == "given" and relation.opens:
        return _judged(relation, Outcome("condition", "none", "names what is conditioned on"), left, right)
    if relation.kind in ("≪", "≫") and _is_parameter(left, context) and (right == ONE or _is_parameter(right, context)):
        small = outcome_under(context.problem, relation.kind, left, right, context)
        if not small.holds:
            return _judged(
                relation,
                Outcome("condition", "none", "an assumption of the writer's; nothing rests on it here"),
                left,
                right,
            )
        return _judged(relation, Outcome("given", small.method, f"restates the regime: {small.why}"), left, right)
    introduced = _definition(relation, left, right, context)
    if introduced is not None:
        context.define(introduced)
        return _judged(relation, Outcome("definition", "none", "introduces a symbol of the writer's"), left, right)
    unknown = sorted({*context.undeclared(left), *context.undeclared(right)})
    if unknown:
        names = ", ".join(f"${n}$" for n in unknown)
        return _judged(
            relation,
            Outcome("undecided", "none", f"{names}: declared neither by the problem nor by the writer"),
            left,
            right,
        )
    best = _best_reading(relation, left, right, context)
    if best.judgement.status == "refuted" and not context.universal:
        softened = _not_an_identity(relation, left, right, context)
        return best if softened is None else _judged(relation, softened, left, right)
    return best


def _best_reading(relation: Relation, left: Term, right: Term, context: Context) -> Judged:
    """The most favourable of the readings that the part declares; a changed premise is one in the first."""
    attempts: list[Judged] = []
    for reading in context.readings():
        attempts.append(_in_reading(relation, left, right, reading, context))
        if attempts[-1].judgement.status in ("given", "proved") or attempts[-1].judgement.method == "premise":
            return attempts[-1]
    return min(attempts, key=lambda j: FAVOUR.index(j.judgement.status))


def _not_an_identity(relation: Relation, left: Term, right: Term, context: Context) -> Outcome | None:
    """Why a relation that fails somewhere need not be false: a condition on unknowns, or a rounded decimal."""
    symbols = set(free_symbols(left) | free_symbols(right) | function_names(left) | function_names(right)) - BUILT_IN
    if symbols & context.unknowns:
        names = ", ".join(f"${n}$" for n in sorted(symbols & context.unknowns))
        return Outcome("undecided", "none", f"{names} is an unknown here, so that a point cannot refute this")
    if relation.opens and symbols:
        context.unknowns |= symbols
        return Outcome("condition", "none", "holds for some values only, as an equation for an unknown does")
    for side in (relation.left.latex, relation.right.latex):
        decimals = max((len(d) for d in DECIMAL.findall(side)), default=0)
        if decimals and not symbols and _differ_by_rounding(left, right, decimals, context):
            return Outcome("undecided", "none", "a decimal that may be rounded")
    return None


def _differ_by_rounding(left: Term, right: Term, decimals: int, context: Context) -> bool:
    try:
        gap = enclose(add(left, neg(right)), Instance({}), context.chart(), 128)
    except NotEnclosed:
        return False
    return bool(abs(gap) < arb(1) / 10**decimals)


def unread_expression(side: Side, formula: Formula) -> Judged:
    """A formula that states no relation and could not be read, so that what it says is unknown."""
    relation = Relation("", side, side, side.latex, side.place, UNREAD_CHAIN, True, formula)
    return _judged(relation, Outcome("unread", "none", f"it cannot be read: {side.problem}"), None, None)


def _in_reading(relation: Relation, left: Term, right: Term, reading: Reading, context: Context) -> Judged:
    left, right = reading(left), reading(right)
    stated = _given(relation.kind, left, right, context)
    if stated is not None:
        return _judged(relation, stated, left, right)
    outcome = outcome_under(context.problem, relation.kind, left, right, context)
    if outcome.holds:
        if relation.kind == "∼" and context.premise_for(left) is not None:
            context.restore_premises()
        return _judged(relation, outcome, left, right)
    if relation.kind == "∼" and outcome.status in ("refuted", "leading-order"):
        premise = context.premise_for(left)
        if premise is not None:
            context.assume(left, right, Premise(relation.latex, relation.place.line, premise.latex))
            why = f"the writer's own premise; the problem says ${premise.latex}$"
            return _judged(relation, Outcome("follows", "premise", why, outcome.counterexample), left, right)
    if context.writer is not None and outcome.status in ("refuted", "leading-order"):
        own = outcome_under(context.writer, relation.kind, left, right, context)
        if own.holds:
            why = f"right under the writer's premise ${context.premises[-1].latex}$; under the problem's: {outcome.why}"
            return _judged(relation, Outcome("follows", own.method, why, outcome.counterexample), left, right)
    return _judged(relation, outcome, left, right)


def outcome_under(known: Randomness, kind: str, left: Term, right: Term, context: Context) -> Outcome:
    """The outcome of a relation when this is what is known of the random variables."""
    scalars = context.scalars()
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
    open_moments = [t for t in (left, right) if _unreduced(t)]
    if len(known.atoms(left) | known.atoms(right)) > 1:
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
    if outcome.status not in ("proved", "undecided") and open_moments:
        # Unknown moments and several random variables are related in ways that are not declared here.
        return Outcome("undecided", "none", f"nothing is proved here about ${latex(open_moments[0])}$")
    return outcome


def _reduced_law(known: Randomness, law: Term) -> Term:
    return Term("law", (law.name, *(known.reduce(p) for p in law.children))) if law.op == "law" else law


def _unreduced(side: Term) -> bool:
    return any(n.op in ("E", "given") or (n.op == "fn" and n.name in ("Var", "Cov")) for n in _walk(side))


def _walk(side: Term) -> list[Term]:
    return list(walk(side))


def _mentions_index(relation: Relation, context: Context) -> bool:
    left, right = relation.left.term, relation.right.term
    return (
        relation.opens
        and not relation.formula.display
        and relation.kind in ("=", "∈", "→")
        and left is not None
        and right is not None
        and left.op == "sym"
        and left.name in context.theory.indices
        and right.op in ("num", "const", "sym")
    )


def _is_parameter(side: Term, context: Context) -> bool:
    chart = context.chart()
    if side.op == "pow" and side.children[1].op == "num":
        side = side.children[0]
    return side.op == "sym" and (side.name in chart.domains or side.name in chart.definitions)


def _definition(relation: Relation, left: Term, right: Term, context: Context) -> Defined | None:
    """A relation that introduces its left side: one new symbol or family, which the right side does not mention."""
    if relation.kind not in EQUALITIES or not relation.opens or left.op not in ("sym", "fn"):
        return None
    if left.name not in context.new(left) or left.name in context.new(right):
        return None
    parameters: tuple[str, ...] = ()
    if left.op == "fn":
        parameters = tuple(c.name for c in left.children if c.op == "sym")
        if len(set(parameters)) != len(left.children) or not parameters:
            return None
    if set(context.undeclared(right)) - set(parameters):
        return None
    return Defined(left.name, parameters, right)


def _given(kind: str, left: Term, right: Term, context: Context) -> Outcome | None:
    """Whether the relation restates the problem, or contradicts what the problem states."""
    chart = context.chart()
    kind = "=" if kind in EQUALITIES else kind
    for stated in context.spec.given:
        if stated.kind != kind:
            continue
        values = match(stated.left, left, context.theory.indices, chart)
        if values is None:
            continue
        expected = substitute(stated.right, values)
        if same(expected, right, chart):
            return Outcome("given", "none", "restates the problem")
        if kind == "=" and not any(n.op in ("given", "E", "law") for n in (*_walk(expected), *_walk(right))):
            atoms = context.problem.atoms(expected) | context.problem.atoms(right)
            if len(atoms) <= 1:
                outcome = context.scalars().equal(right, expected)
                if outcome.holds:
                    return Outcome("given", outcome.method, "restates the problem in another form")
                if outcome.status == "refuted" and context.problem.atoms(expected):
                    return Outcome(
                        "refuted",
                        outcome.method,
                        f"the problem says ${latex(expected)}$: {outcome.why}",
                        outcome.counterexample,
                    )
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
