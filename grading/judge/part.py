"""The verdict on a part: its relations, the result it arrives at, and what a person must still judge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from derive.kernel.term import Term
from derive.kernel.term import replace as swap
from derive.latex.printer import latex, relation_sign
from grading.assignment import Ask, PartSpec, Recipe
from grading.judge.assertion import conditional_on, disowned, introduced
from grading.judge.candidates import Candidate, asked, candidates, choose, passes_through
from grading.judge.context import Context, Earlier
from grading.judge.outcome import outcome_under
from grading.judge.recipe import judge_recipe
from grading.judge.relation import HYPOTHESIS, Judged
from grading.judge.scalar import AT_THE_POINT, Outcome
from grading.judge.steps import Judgeable, judge_relations
from grading.read.document import Part
from grading.result import DECIDED, Judgement, PartFinding, PartResult, Passage, Status, Verdict


@dataclass(frozen=True)
class Reference:
    """The finished values that the reference solution gives for each of the part's ``asks``."""

    values: tuple[tuple[Term, ...], ...]


# -- the verdict ---------------------------------------------------------------------------------------
def judge_part(spec: PartSpec, part: Part | None, reference: Reference | None, earlier: Earlier) -> PartResult:
    """Judge a part against its reference; ``earlier`` is what the writer has left behind so far, and grows."""
    if part is None:
        return _result(spec, "missing", "the answer has no such part")
    work = judge_relations(spec, part, earlier)
    earlier.definitions[:], earlier.carried[:] = work.context.definitions, work.context.carried
    relations = tuple(j.judgement for j in work.judged)
    first = next((i for i, r in enumerate(relations) if r.status in ("refuted", "leading-order")), None)
    review = _passages(work)
    if spec.recipe is not None:
        return _recipe(spec, spec.recipe, part, work, relations, first, review)
    if spec.review is not None or not spec.asks:
        why = spec.review or "the assignment does not say what this part asks"
        review = (Passage(part.place.line, _passage(part), why), *review)
        return replace(
            _result(spec, "review", why), relations=relations, first_error=first, to_review=review, points=None
        )
    findings = [
        _finding(ask, work, () if reference is None else reference.values[i])
        for i, ask in enumerate(work.context.spec.asks)
    ]
    verdict, why = _verdict(spec, work, findings, relations, first)
    shown = max((f for f, _ in findings if f is not None), key=lambda f: RANK.index(f.status), default=None)
    carried = next((r for r in relations if r.method == "carried"), None)
    if (
        verdict == "wrong"
        and shown is not None
        and carried is not None
        and all(r.status != "refuted" for r in relations)
    ):
        shown = replace(shown, status="follows", why=carried.why)  # the error was made in an earlier part
    if verdict == "review" and not review:
        review = (Passage(part.place.line, _passage(part), why),)
    return replace(
        _result(spec, verdict, why),
        result=shown,
        relations=relations,
        first_error=first,
        premises=tuple(work.context.premises),
        to_review=review if verdict == "review" else (),
    )


RANK: tuple[Status, ...] = ("proved", "supported", "leading-order", "follows", "undecided", "unread", "refuted")
Finding = tuple[PartFinding | None, Candidate | None]


def _finding(ask: Ask, work: Judgeable, reference: tuple[Term, ...]) -> Finding:
    offered = [c for c in candidates(ask, work) if not _says_nothing(ask, c, work.context)]
    stated = [c for c in offered if _unasserted(c, work) is None]
    found = choose(stated or offered, work.context.spec.exact)
    if found is None:
        return None, None
    outcome = _against_problem(ask, found, work.context)
    if outcome.status in ("undecided", "unread"):
        outcome = compare_values(ask, found, reference, work.context)
    elif (
        outcome.holds
        and found.kind == "="
        and not ask.also
        and compare_values(ask, found, reference, work.context).status == "refuted"
    ):
        outcome = Outcome("undecided", "none", f"it holds, but the reference has ${latex(reference[-1])}$")
    first = found.links[0].relation
    text = " ".join(
        [
            first.left.latex,
            *(f"{relation_sign(j.relation.kind)} {j.relation.right.latex}" for j in found.links),
        ]
    )
    return PartFinding(text, found.last.place.line, outcome.status, _told(outcome)), found


def _unasserted(found: Candidate, work: Judgeable) -> str | None:
    """Why the writer may not stand by a statement: words that deny or suppose it, or a condition that it is under."""
    first = found.links[0]
    relation = first.relation
    for j in (first, *work.judged):
        words = disowned(j.relation) if (j.left, j.right) == (first.left, first.right) else None
        if words is not None:
            return f"'{words}' stands beside it"
    if introduced(relation) and not work.context.spec.through:
        return "a 'let' introduces it"
    under = (j for j in work.judged if j.judgement.method == HYPOTHESIS and conditional_on(relation, j.relation))
    return next((f"it is said under the condition ${j.judgement.latex}$" for j in under), None)


def _says_nothing(ask: Ask, found: Candidate, context: Context) -> bool:
    """Whether an approximation of the quantity only states its leading term, from which nothing is learnt."""
    if ask.compare is None or found.kind == "=":
        return False
    reading = context.readings()[0]
    quantity, form = reading(ask.quantity), reading(ask.compare)
    if not outcome_under(context.problem, "≈", quantity, found.values[-1], context).holds:
        return False
    return not outcome_under(context.problem, "≈", form, swap(form, quantity, found.values[-1]), context).holds


def _against_problem(ask: Ask, found: Candidate, context: Context) -> Outcome:
    """The last value as a statement about the asked quantity, under the problem's premises, then the writer's."""
    quantity, value = context.readings()[0](ask.quantity), found.values[-1]
    if ask.also and found.links[0].left is not None:
        quantity = found.links[0].left
    kind = ("∼" if ask.law else "=") if found.kind == "=" else "≈"
    outcome = outcome_under(context.problem, kind, quantity, value, context)
    if outcome.holds or context.writer is None:
        return outcome
    own = outcome_under(context.writer, kind, quantity, value, context)
    if not own.holds:
        return outcome
    if outcome.status == "refuted":
        return replace(outcome, why=f"it follows from the writer's own premise only: {outcome.why}")
    return replace(own, status="follows", why=outcome.why)


def compare_values(ask: Ask, found: Candidate, reference: tuple[Term, ...], context: Context) -> Outcome:
    """The last value against those of the reference: equal to one of them, or (for ≈) close to one in the regime."""
    scalars = context.scalars()
    compare = scalars.equal if found.kind == "=" else scalars.approximate
    value = context.problem.reduce(found.values[-1])
    outcomes: list[Outcome] = []
    for right in map(context.problem.reduce, reference):
        outcomes.append(scalars.laws(right, value, compare) if ask.law else compare(right, value))
    if not outcomes:
        return Outcome("undecided", "none", "the reference gives no result to compare with")
    best = min(outcomes, key=lambda o: RANK.index(o.status))
    if best.status == "refuted":
        return replace(best, why=f"the reference has ${latex(reference[-1])}$")
    return best


def _verdict(
    spec: PartSpec, work: Judgeable, findings: list[Finding], relations: tuple[Judgement, ...], first: int | None
) -> tuple[Verdict, str]:
    unread = [r for r in relations if r.status == "unread"]
    for ask, (finding, chosen) in zip(work.context.spec.asks, findings, strict=True):
        statements = [j.judgement for j in work.judged if asked(ask, j, work.context)]
        false = next((r for r in statements if r.status == "refuted"), None)
        if finding is None and false is not None:
            return "wrong", f"line {false.line}: {_told(false)}"
        contest = next((j for j in work.judged if chosen is not None and _contests(ask, j, chosen, work.context)), None)
        if contest is not None and finding is not None and finding.status != "refuted":
            line = contest.judgement.line
            return "review", f"line {line} states the result again and could not be decided: {contest.judgement.why}"
    if any(f is None for f, _ in findings):
        missing = ", ".join(f"${a.latex}$" for a, (f, _) in zip(spec.asks, findings, strict=True) if f is None)
        if unread:
            return "review", f"no finished result for {missing} was found, but line {unread[0].line} could not be read"
        return "missing", f"no finished result for {missing}"
    made = [f for f, _ in findings if f is not None]
    refuted = next((f for f in made if f.status == "refuted"), None)
    if refuted is not None:
        return "wrong", f"the result ${refuted.latex}$ is wrong: {refuted.why}"
    open_result = next((f for f in made if f.status in ("undecided", "unread")), None)
    if open_result is not None:
        return "review", f"the result ${open_result.latex}$ could not be decided: {open_result.why}"
    doubt = next((d for _, c in findings if c is not None and (d := _unasserted(c, work)) is not None), None)
    if doubt is not None:
        return "review", f"the result is right, but the text may not state it: {doubt}"
    wrong_step = next((r for r in relations if r.status == "refuted"), None)
    if wrong_step is not None:
        return "flawed", f"the result is right, but line {wrong_step.line} is not: {_told(wrong_step)}"
    carried = next((r for r in relations if r.method == "carried"), None)
    if carried is not None:
        return "flawed", f"the result is right, but line {carried.line} goes on with an error: {carried.why}"
    rests = any(r.status == "follows" and r.method not in ("premise", "optimum") for r in relations)
    if work.context.premises and (rests or any(c is not None and c.kind == "≈" for _, c in findings)):
        own = work.context.premises[-1]
        return "leading-order", f"starts from ${own.latex}$ where the problem says ${own.problem}$"
    loose = next((f for f in made if f.status in ("leading-order", "follows")), None)
    if loose is not None:
        return "leading-order", loose.why
    if first is not None:
        return "leading-order", f"line {relations[first].line}: {relations[first].why}"
    if spec.exact and any(c is not None and c.kind == "≈" for _, c in findings):
        return "leading-order", "the part asks for the exact result"
    if spec.through and not any(passes_through(j, spec.through, work.context) for j in work.judged):
        return "missing", "the problem states this result itself, and no derivation of it was found"
    open_links = [
        j.judgement
        for n, j in enumerate(work.judged)
        if j.judgement.status not in DECIDED and _carries(j, findings) and not _ends_apart(n, work.judged, findings)
    ]
    if open_links:
        return "review", f"line {open_links[0].line} could not be decided: {open_links[0].why}"
    return "correct", "the result is right and every relation that leads to it holds"


def _recipe(
    spec: PartSpec,
    recipe: Recipe,
    part: Part,
    work: Judgeable,
    relations: tuple[Judgement, ...],
    first: int | None,
    review: tuple[Passage, ...],
) -> PartResult:
    """The verdict on a training recipe: on its loss, and then on the relations beside it."""
    found = judge_recipe(recipe, work.context, work.judged, part.expressions)
    loss = found.loss
    finding = None if loss is None else PartFinding(loss.latex, loss.line, found.status, found.why)
    wrong = next((r for r in relations if r.status == "refuted" or r.method == "carried"), None)
    loose = next((r for r in relations if r.status == "leading-order"), None)
    verdict: Verdict = "correct"
    why = found.why
    if found.status == "refuted":
        verdict, why = "wrong", f"line {0 if loss is None else loss.line}: {found.why}"
    elif found.status == "undecided":
        verdict = "review"
    elif wrong is not None:
        verdict, why = "flawed", f"the recipe is right, but line {wrong.line} is not: {_told(wrong)}"
    elif loose is not None:
        verdict, why = "leading-order", f"line {loose.line}: {loose.why}"
    if verdict == "review":
        review = (Passage(part.place.line, _passage(part), why), *review)
    return replace(
        _result(spec, verdict, why),
        result=finding,
        relations=relations,
        first_error=first,
        to_review=review if verdict == "review" else (),
    )


def _contests(ask: Ask, link: Judged, chosen: Candidate, context: Context) -> bool:
    """Whether an open statement of the asked quantity stands after the result, or is marked as the result."""
    relation = link.relation
    if link.judgement.status not in ("undecided", "unread") or any(link is j for j in chosen.links):
        return False
    place, last = relation.place, chosen.last.place
    marked = relation.boxed or relation.labelled
    after = (place.line, place.column) > (last.line, last.column)
    if link.left is None:  # unread from its beginning on: only its letters tell what it speaks of
        opens = _letters(relation.formula.latex).startswith(_letters(ask.latex))
        return marked or "\\boxed" in relation.formula.latex or after and opens
    return (marked or after) and asked(ask, link, context)


def _letters(latex: str) -> str:
    return re.sub(r"\s+|\\[,;:!]", "", latex)


def _told(judged: Judgement | Outcome) -> str:
    """The reason, or where it is only a point, that point and both sides in one clause."""
    example = judged.counterexample
    if example is None or judged.status != "refuted":
        return judged.why
    where = ", ".join(f"${name} = {_braced(value)}$" for name, value in example.point.items())
    figures = f"left {example.lhs}, right {example.rhs}" + (f" at {where}" if where else "")
    return judged.why.replace(AT_THE_POINT, figures) if AT_THE_POINT in judged.why else f"{judged.why} ({figures})"


def _braced(value: str) -> str:
    return re.sub(r"\^(-?\d+)", r"^{\1}", value)


def _carries(link: Judged, findings: list[Finding]) -> bool:
    """Whether a relation belongs to a result's chain or is displayed before it, so that the result may rest on it."""
    chosen = [c for _, c in findings if c is not None]
    if any(link.relation.chain == j.relation.chain for c in chosen for j in c.links):
        return True
    return link.relation.formula.display and any(link.relation.place.line <= c.last.place.line for c in chosen)


def _ends_apart(number: int, judged: Sequence[Judged], findings: list[Finding]) -> bool:
    """Whether an unread side only ends a chain whose other relations are decided, apart from the result's own.

    Nothing can be derived from what stands at the end of another chain and is not taken up again.
    """
    link = judged[number]
    chain = [j for j in judged if j.relation.chain == link.relation.chain]
    if link.judgement.status != "unread" or link.left is None or len(chain) < 2 or chain[-1] is not link:
        return False
    if any(j.judgement.status not in DECIDED for j in chain[:-1]):
        return False
    return not any(link.relation.chain == j.relation.chain for _, c in findings if c is not None for j in c.links)


def _passages(work: Judgeable) -> tuple[Passage, ...]:
    return tuple(
        Passage(j.judgement.line, j.judgement.latex, j.judgement.why)
        for j in work.judged
        if j.judgement.status in ("undecided", "unread")
    )


MAX_PASSAGE = 4000


def _passage(part: Part) -> str:
    """The part's text without its heading, if there is more, and in whole paragraphs that a report can show."""
    lines = part.text.strip().splitlines()
    if len(lines) > 1 and part.title and part.title in lines[0]:
        lines = lines[1:]
    shown: list[str] = []
    length = 0
    for paragraph in "\n".join(lines).strip().split("\n\n"):
        length += len(paragraph) + 2
        if shown and length > MAX_PASSAGE:
            shown.append("…")
            break
        shown.append(paragraph)
    return "\n\n".join(shown)


def _result(spec: PartSpec, verdict: Verdict, why: str) -> PartResult:
    return PartResult(spec.id, verdict, why, None, spec.points)


def judge_summary(shared: PartSpec, last: PartSpec, part: Part, earlier: Earlier) -> PartResult:
    """A closing summary: judged with what holds throughout the problem and what its last part declares, no points."""
    facts = shared.theory.facts
    spec = replace(shared, id="summary", label="summary", points=0.0, asks=(), facts=facts, premises=())
    spec = replace(spec, theory=last.theory)
    work = judge_relations(spec, part, earlier)
    relations = tuple(j.judgement for j in work.judged)
    first = next((i for i, r in enumerate(relations) if r.status in ("refuted", "leading-order")), None)
    wrong = next((r for r in relations if r.status == "refuted"), None)
    verdict: Verdict = "wrong" if wrong is not None else "review"
    why = (
        f"line {wrong.line}: {_told(wrong)}"
        if wrong is not None
        else "a summary repeats results; compare it with the parts"
    )
    return replace(_result(spec, verdict, why), relations=relations, first_error=first, to_review=_passages(work))


def reference_values(spec: PartSpec, part: Part | None, earlier: Earlier) -> tuple[Reference, tuple[Judged, ...]]:
    """What the reference solution states for a part, and its relations, judged like an answer's."""
    if part is None:
        return Reference(tuple(() for _ in spec.asks)), ()
    work = judge_relations(spec, part, earlier)
    earlier.definitions[:], earlier.carried[:] = work.context.definitions, work.context.carried
    chosen = [choose(candidates(ask, work), work.context.spec.exact) for ask in work.context.spec.asks]
    return Reference(tuple(() if c is None else c.values for c in chosen)), work.judged
