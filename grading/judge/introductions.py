"""What a writer introduces: definitions of new symbols, before or just after their use, and running indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from derive.kernel.term import Term, walk
from grading.judge.context import Context, Defined
from grading.judge.match import same
from grading.read.document import Relation

EQUALITIES: Final = frozenset({"=", ":=", "≡"})
LOOK_AHEAD: Final = 3
"""How many relations further on a 'where v = ...' may still explain a symbol."""


def definition(relation: Relation, left: Term, right: Term, context: Context) -> Defined | None:
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


def look_ahead(relation: Relation, later: Sequence[Relation], context: Context) -> None:
    """Put in force the definitions that words such as 'where' announce just after a relation that needs them."""
    sides = [s for s in (relation.left.term, relation.right.term) if s is not None]
    missing = {name for side in sides for name in context.undeclared(side)}
    for other in later[:LOOK_AHEAD]:
        left, right = other.left.term, other.right.term
        if own_noise(other, context) and left is not None and right is not None and _uses(left.name, sides):
            context.redefine_noise(left, right)
        if not missing:
            continue
        if other.defining and left is not None and right is not None:
            found = definition(other, left, right, context)
            if found is not None and found.name in missing:
                context.define(found)


def own_noise(relation: Relation, context: Context) -> bool:
    """Whether a relation gives a noise a normal law of the writer's own, other than the problem's."""
    left, right = relation.left.term, relation.right.term
    if relation.kind != "∼" or left is None or right is None or left.op != "fn" or right.op != "law":
        return False
    if left.name not in context.theory.noise or right.name != "N" or context.undeclared(right):
        return False
    known = context.problem.law_of(left)
    return known is None or not same(known, right, context.chart())


def _uses(name: str, sides: Sequence[Term]) -> bool:
    return any(n.op == "fn" and n.name == name for side in sides for n in walk(side))


def mentions_index(relation: Relation, context: Context) -> bool:
    """Whether a formula within a sentence says where an index or a time is or runs ('at $t = k\\Delta t$')."""
    left, right = relation.left.term, relation.right.term
    return (
        relation.opens
        and not relation.formula.display
        and relation.kind in ("=", "∈", "→")
        and left is not None
        and right is not None
        and left.op == "sym"
        and left.name in context.theory.indices
    )
