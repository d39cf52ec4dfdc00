"""The audit: what notes say of each part, beside the verdict and the relations of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from derive.errors import DeriveError
from grading.assignment import Assignment, PartSpec
from grading.audit.notes import Remark, Tone, plain, remarks, says_nothing_is_shown
from grading.audit.quotes import (
    Place,
    contradicts,
    expression_in,
    nearest,
    relation_in,
    with_ranges,
    worth_looking_for,
)
from grading.audit.result import AuditResult, Finding, Outcome, PartAudit, Quote
from grading.grader import Written, judged_reference
from grading.judge.context import Earlier
from grading.judge.part import judge_part
from grading.judge.recipe import judge_recipe
from grading.judge.steps import Judgeable, judge_in, judge_relations
from grading.read import read_answer
from grading.read.document import Part, Side
from grading.read.document import Place as TextPlace
from grading.result import Judgement, PartResult

WORST_FIRST: Final[tuple[Tone, ...]] = ("fault", "missing", "praise")
AT_START: Final = TextPlace(1, 1)
SOME_STEPS: Final = 3
"""Relations that hold, from which on an answer shows a derivation."""
OPEN: Final = frozenset({"undecided", "unread"})


@dataclass(frozen=True)
class _Judged:
    """A part of the answer with its verdict and its relations."""

    spec: PartSpec
    result: PartResult
    work: Judgeable


def audit(
    notes: str,
    answer: str,
    assignment: Assignment,
    *,
    problem: str | None = None,
    notes_name: str = "notes.md",
    answer_name: str = "answer.md",
) -> AuditResult:
    """Compare grading notes with the evidence; DeriveError where answer or notes cannot be assigned to a problem."""
    text = plain(notes)
    said = remarks(text)
    notices: list[str] = []
    audits: list[PartAudit] = []
    numbers = list(dict.fromkeys(s.problem for s in assignment.select(problem=problem)))
    named = {number for r in said for number, _ in r.parts if number is not None}
    if len(numbers) > 1 and not named:
        raise DeriveError(
            f"The notes do not say which problem they are about; name one of {', '.join(numbers)} (--problem)."
        )
    for number in numbers:
        if len(numbers) > 1 and number not in named:
            continue
        judged = _judged_parts(answer, assignment, number, alone=len(numbers) == 1)
        if not any(j.work.judged for j in judged):
            notices.append(f"The answer '{answer_name}' has no formulas for problem {number} that could be judged.")
        for one in judged:
            mine = [r for r in said if any(n in (None, number) and label == one.spec.label for n, label in r.parts)]
            if mine:
                audits.append(_part(one, judged, mine, text))
    if not audits:
        raise DeriveError(
            f"The notes '{notes_name}' speak of no part of '{assignment.name}'; head them '(a)' or 'Part 1a:'."
        )
    apart = [r for r in said if not r.parts and r.tone != "none"]
    if apart:
        lines = ", ".join(str(r.line) for r in apart[:6])
        notices.append(f"Remarks under no heading of a part are not compared with anything (line {lines}).")
    return AuditResult(assignment.name, notes_name, answer_name, tuple(audits), tuple(notices))


def _judged_parts(answer: str, assignment: Assignment, number: str, *, alone: bool) -> list[_Judged]:
    written, earlier = Written(answer, alone=alone), Earlier()
    found: list[_Judged] = []
    for spec in (s for s in assignment.parts if s.problem == number):
        part = written.parts(spec).get(spec.label)
        reference, _ = judged_reference(assignment, spec.id)
        before = replace(earlier, definitions=list(earlier.definitions), carried=list(earlier.carried))
        result = judge_part(spec, part, reference, earlier)
        written_part = part or Part(spec.label, "", AT_START, "", ())
        found.append(_Judged(spec, result, judge_relations(spec, written_part, before)))
    return found


# -- one part ------------------------------------------------------------------------------------------------
def _part(one: _Judged, every: Sequence[_Judged], mine: Sequence[Remark], text: str) -> PartAudit:
    says = overall(mine)
    noted = _with_ranges(_read(text, mine, one.spec), one.work)
    quotes, work = _quotes(noted, one, every, mine, text, says)
    line = next((r.line for r in mine if len(r.parts) == 1), mine[0].line)
    findings = [*_verdict(one, says, line), *_of_quotes(quotes, one)]
    findings += _recipe(one, work, noted, says)
    findings += _steps(one, says, mine)
    outcome: Outcome = "agrees"
    if any(f.contradicts for f in findings):
        outcome = "disagrees"
    elif one.result.verdict in ("review", "missing") or says in ("none", "missing"):
        outcome = "cannot tell"
    return PartAudit(
        one.spec.id, says, line, one.result.verdict, one.result.why, outcome, tuple(findings), tuple(quotes)
    )


def overall(mine: Sequence[Remark]) -> Tone:
    """The tone of the notes on a part: that of their heading, else the worst of their sentences."""
    heading = next((r.tone for r in mine if r.heading and r.tone != "none"), None)
    if heading is not None and len({p for r in mine if r.heading for p in r.parts}) == 1:
        return heading
    tones = {r.tone for r in mine if not r.heading} or {heading or "none"}
    return next((tone for tone in WORST_FIRST if tone in tones), "none")


def _read(text: str, mine: Sequence[Remark], spec: PartSpec) -> Part:
    """The notes on one part, everything else overwritten by spaces, as one part of an answer."""
    shown = ["\n" if c == "\n" else " " for c in text]
    for remark in mine:
        shown[remark.start : remark.stop] = text[remark.start : remark.stop]
    parts = read_answer("".join(shown), spec.theory.notation).parts
    first = parts[0]
    return replace(
        first,
        label=spec.label,
        relations=tuple(r for p in parts for r in p.relations),
        expressions=tuple(e for p in parts for e in p.expressions),
    )


def _with_ranges(noted: Part, work: Judgeable) -> Part:
    """Sums and products that do not say what they run over, with the range that the answer gives the letter."""

    def ranged(side: Side) -> Side:
        return side if side.term is None else replace(side, term=with_ranges(side.term, work.context.ranges))

    relations = tuple(replace(r, left=ranged(r.left), right=ranged(r.right)) for r in noted.relations)
    return replace(noted, relations=relations)


def _quotes(
    noted: Part, one: _Judged, every: Sequence[_Judged], mine: Sequence[Remark], text: str, says: Tone
) -> tuple[list[Quote], Judgeable]:
    """Every formula of the notes, judged where the answer's own definitions hold."""
    # What the answer goes on with after an error of its own is no excuse for a note.
    work = judge_in(replace(one.work.context, carried=[]), noted)
    answers = [one.work, *(o.work for o in every if o is not one)]
    found: list[Quote] = []
    for j in work.judged:
        remark, tone = _said_at(j.judgement.line, j.judgement.column, mine, text, says)
        place = near = None
        differs = False
        if j.left is not None and j.right is not None:
            place = next((p for p in (relation_in(j, a) for a in answers) if p), None)
            near = None if place else nearest(j, one.work)
            differs = near is not None and contradicts(j, one.work)
        found.append(_quote(j.judgement, tone, remark, place, near, differs))
    for side, _ in noted.expressions:
        if side.term is None or not worth_looking_for(side.term):
            continue
        term = one.work.context.readings()[0](side.term)
        place = next((p for p in (expression_in(term, a) for a in answers) if p), None)
        remark, tone = _said_at(side.place.line, side.place.column, mine, text, says)
        at = side.place
        alone = Judgement(side.latex, at.line, at.column, "", "undecided", "none", "states nothing by itself")
        found.append(_quote(alone, tone, remark, place, None, False))
    return sorted(found, key=lambda q: (q.line, q.column)), work


def _quote(
    judgement: Judgement, tone: Tone, remark: Remark | None, place: Place | None, near: Place | None, differs: bool
) -> Quote:
    return Quote(
        judgement.latex,
        judgement.line,
        judgement.column,
        tone,
        remark is not None and remark.attributes,
        judgement.status,
        judgement.why,
        judgement.counterexample,
        place.line if place else 0,
        near.latex if near else "",
        near.line if near else 0,
        differs,
    )


def _said_at(line: int, column: int, mine: Sequence[Remark], text: str, says: Tone) -> tuple[Remark | None, Tone]:
    """The sentence at a place and its tone; where it has none, praise that holds for the whole."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    at = start + column - 1
    remark = next((r for r in mine if r.start <= at < r.stop), None)
    if remark is not None and remark.tone != "none":
        return remark, remark.tone
    return remark, "praise" if says == "praise" else "none"


# -- findings ------------------------------------------------------------------------------------------------
def _verdict(one: _Judged, says: Tone, line: int) -> list[Finding]:
    """The tone of the notes against the verdict."""
    result = one.result
    first = result.relations[result.first_error] if result.first_error is not None else None
    at = first.line if first else 0
    if result.verdict == "wrong" and result.result is not None:
        at = result.result.line
    if result.verdict == "missing":
        return [
            Finding(
                "verdict", f"nothing to compare with in the answer as it was read: {result.why}", line, 0, "", False
            )
        ]
    if result.verdict in ("wrong", "flawed"):
        if says == "praise":
            return [Finding("verdict", f"the note finds nothing wrong; {result.why}", line, at)]
        if says != "fault":
            return [Finding("verdict", f"the note names nothing false; {result.why}", line, at, "", False)]
    if result.verdict == "leading-order" and says == "praise":
        return [Finding("verdict", f"the note does not say how far it holds: {result.why}", line, at, "", False)]
    if result.verdict == "review" and says == "praise" and first is not None and first.status == "refuted":
        why = f"the note finds nothing wrong; line {first.line} is refuted"
        return [Finding("praised", why, line, first.line, first.latex)]
    if result.verdict == "correct" and says == "fault":
        why = f"the note finds an error; the result is right and so is each of its {len(result.relations)} relations"
        return [Finding("verdict", why, line)]
    if result.verdict == "review" and says == "fault":
        decided = [r for r in result.relations if r.status not in OPEN]
        if decided and not any(r.status in ("refuted", "leading-order") for r in decided):
            why = f"the note finds an error; none of the {len(decided)} relations that could be decided is false"
            return [Finding("verdict", why, line, 0, "", False)]
    return []


def _of_quotes(quotes: Sequence[Quote], one: _Judged) -> list[Finding]:
    found: list[Finding] = []
    absent: list[Quote] = []
    refuted = {r.line for r in one.result.relations if r.status == "refuted"}
    for q in quotes:
        has = f"; the answer has ${q.nearest}$ at line {q.nearest_line}" if q.nearest else ""
        if q.in_answer and q.status == "refuted" and q.tone == "praise" and q.in_answer in refuted:
            found.append(Finding("praised", f"praised, and false: {_told(q)}", q.line, q.in_answer, q.latex))
        elif q.in_answer and q.tone == "missing" and not q.attributed:
            why = f"said to be missing or not shown; line {q.in_answer} of the answer has it"
            found.append(Finding("in the answer", why, q.line, q.in_answer, q.latex))
        elif q.in_answer and q.tone == "fault" and q.status in ("proved", "supported"):
            found.append(Finding("faulted", f"faulted, and it holds: {q.why}", q.line, q.in_answer, q.latex))
        elif q.in_answer or q.status in ("given", "definition", "condition"):
            continue
        elif q.status == "refuted":
            why = f"the answer does not contain it, and it is false: {_told(q)}{has}"
            found.append(Finding("false", why, q.line, q.nearest_line, q.latex))
        elif q.status == "unread":
            why = f"not compared: {q.why.partition(' cannot be read: ')[2] or q.why}"
            found.append(Finding("unread", why, q.line, 0, q.latex, False))
        elif q.differs and (q.tone == "praise" or q.attributed):
            loose = "; it holds to leading order only" if q.status == "leading-order" else ""
            why = f"quoted as the answer's, which does not contain it{has}{loose}"
            found.append(Finding("not in the answer", why, q.line, q.nearest_line, q.latex))
        elif q.tone == "praise" or q.attributed:
            absent.append(q)
    if absent and any(r.status not in OPEN for r in one.result.relations):
        shown = ", ".join(f"${q.latex}$" for q in absent)
        why = "quoted, and not in the answer as it was read" + (": " + shown if len(absent) > 1 else "")
        latex = absent[0].latex if len(absent) == 1 else ""
        found.append(Finding("not in the answer", why, absent[0].line, 0, latex, False))
    return found


def _told(quote: Quote) -> str:
    example = quote.counterexample
    if example is None:
        return quote.why
    point = ", ".join(f"${name} = {value}$" for name, value in example.point.items())
    return f"left {example.lhs}, right {example.rhs}" + (f" at {point}" if point else "")


def _recipe(one: _Judged, work: Judgeable, noted: Part, says: Tone) -> list[Finding]:
    """A training recipe that the notes praise or ask for, judged as the answer's is."""
    if one.spec.recipe is None:
        return []
    found = judge_recipe(one.spec.recipe, work.context, work.judged, noted.expressions)
    if found.status != "refuted" or found.loss is None:
        return []
    word = "praise" if says == "praise" else "ask for"
    return [Finding("recipe", f"the notes {word} this, but {found.why}", found.loss.line, 0, found.loss.latex)]


def _steps(one: _Judged, says: Tone, mine: Sequence[Remark]) -> list[Finding]:
    """What the answer shows, where the notes say that something is missing, or everything."""
    remark = next((r for r in mine if r.tone == "missing"), None)
    relations = [r for r in one.result.relations if r.status not in ("given", "definition", "condition")]
    if remark is None or says == "praise" or not relations:
        return []
    lines = sorted({r.line for r in relations})
    held = sum(r.status in ("proved", "supported") for r in relations)
    where = f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]} to {lines[-1]}"
    count = f"{len(relations)} relations" if len(relations) > 1 else "1 relation"
    writes = f"the answer writes {count} ({where}), of which {held} hold"
    nothing = next((r for r in mine if says_nothing_is_shown(r.text)), None)
    if nothing is not None and held >= SOME_STEPS:
        return [Finding("steps", f"the note says that there is no derivation; {writes}", nothing.line, lines[0])]
    why = f"whether enough is shown is for a person; {writes}"
    return [Finding("steps", why, remark.line, lines[0], contradicts=False)]
