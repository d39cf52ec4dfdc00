"""A part's relations, judged one after the other in a context that grows."""

from __future__ import annotations

from dataclasses import dataclass

from grading.assignment import Ask, PartSpec
from grading.judge.context import Context, Earlier, open_context
from grading.judge.introductions import look_ahead
from grading.judge.relation import INDEX_MENTION, Judged, judge_relation, unread_expression
from grading.read.document import Formula, Part, Relation, Side

Item = Relation | tuple[Side, Formula]


@dataclass(frozen=True)
class Judgeable:
    """A part after its relations are judged."""

    context: Context
    judged: tuple[Judged, ...]


def judge_relations(spec: PartSpec, part: Part, earlier: Earlier | None = None) -> Judgeable:
    """Judge every relation of a part in order."""
    return judge_in(open_context(spec, earlier), part)


def judge_in(context: Context, part: Part) -> Judgeable:
    """Judge every relation in order in a context, which grows."""
    spec = context.spec
    context.relations = part.relations
    judged: list[Judged] = []
    mentioned: int | None = None
    items: list[Item] = list(part.relations)
    items += [(side, formula) for side, formula in part.expressions if side.term is None]
    items.sort(key=_place)
    for number, item in enumerate(items):
        if not isinstance(item, Relation):
            judged.append(unread_expression(*item))
            continue
        look_ahead(item, [i for i in items[number + 1 :] if isinstance(i, Relation)], context)
        done = judge_relation(item, context, mention=mentioned == item.chain)
        if item.opens:
            mentioned = item.chain if done.judgement.why == INDEX_MENTION else None
        judged.append(done)
    if len(spec.asks) == 1:
        judged += [judge_relation(r, context) for r in _boxed_alone(spec.asks[0], part, spec.exact)]
    return Judgeable(context, tuple(judged))


def _place(item: Item) -> tuple[int, int]:
    place = item.place if isinstance(item, Relation) else item[0].place
    return place.line, place.column


def _boxed_alone(ask: Ask, part: Part, exact: bool) -> list[Relation]:
    """A boxed expression without a relation states the value of the only quantity that is asked."""
    found: list[Relation] = []
    for side, formula in part.expressions:
        if side.term is not None and r"\boxed" in formula.latex and (side.term.op == "law") == ask.law:
            kind = "∼" if ask.law else ("=" if exact else "≈")
            asked = Side(ask.latex, side.place, ask.quantity)
            found.append(
                Relation(kind, asked, side, side.latex, side.place, -1 - len(found), True, formula, boxed=True)
            )
    return found
