"""False values that a writer goes on with: what is right given them is no new error."""

from __future__ import annotations

from dataclasses import replace

from derive.kernel.term import Term, walk
from derive.kernel.term import replace as swap
from grading.judge.context import Carried, Context
from grading.judge.laws.randomness import Rule, fixed_condition
from grading.judge.outcome import outcome_under
from grading.judge.scalar import Outcome
from grading.read.document import Relation


def carry(kind: str, left: Term, right: Term, relation: Relation, context: Context) -> None:
    """Remember a refuted relation as a new value, or law, of the single quantity on its left side."""
    moment = left.op == "E" and len(left.args) == 1
    if kind not in ("=", "≈", ":=", "∼") or not (left.op in ("sym", "fn") or moment) or left in walk(right):
        return
    rule = Rule(fixed_condition(left), right, frozenset(), "the writer's false value")
    context.carried.append(Carried(rule, relation.latex, relation.place.line, kind == "∼"))


def with_carried(carried: Carried, kind: str, left: Term, right: Term, context: Context) -> Outcome:
    """The outcome where a false value from before is taken for the quantity's own."""
    reading, known = context.readings()[0], context.problem
    rule = replace(carried.rule, left=reading(carried.rule.left), right=reading(carried.rule.right))
    if rule.left.op == "sym":
        left, right = (swap(side, rule.left, rule.right) for side in (left, right))
    elif carried.law:
        known = known.assume(rule.left, rule.right, rule.source)
    else:
        known = replace(known, equalities=(rule, *known.equalities))
    return outcome_under(known, kind, left, right, context)
