"""The reference solution, judged as an answer: its own false steps, and parts without a result."""

from __future__ import annotations

from derive.errors import DeriveError
from grading.assignment import Assignment, PartSpec
from grading.grader import grade, judged_reference
from grading.inspection.file import Fault, sentence
from grading.judge.scalar import AT_THE_POINT
from grading.read import read_answer
from grading.result import Judgement


def judged_faults(assignment: Assignment, file: str, *, whole: bool) -> list[Fault]:
    """What is wrong with the reference in ``file``; ``whole`` where the assignment has all of its parts."""
    found: list[Fault] = []
    told: set[str] = set()
    for spec in assignment.parts:
        mine = [] if spec.review is not None else _part(assignment, spec, file)
        if mine or spec.review is not None:
            told.add(spec.id)
        found += mine
    try:
        own = grade(assignment.reference, assignment, answer=file)
    except DeriveError as error:
        return found or [Fault(file, 0, 0, "", str(error))]
    specs = {s.id: s for s in assignment.parts}
    for part in own.parts:
        if part.part in specs and part.part not in told and part.verdict not in ("correct", "review"):
            why = f"The reference itself is graded '{part.verdict}': {part.why}."
            found.append(Fault(file, _heading(assignment, specs[part.part]), 0, part.part, why, False))
    return found + [Fault(file, 0, 0, "", notice, False) for notice in own.notices if whole]


def _part(assignment: Assignment, spec: PartSpec, file: str) -> list[Fault]:
    found: list[Fault] = []
    reference, relations = judged_reference(assignment, spec.id)
    for r in (j.judgement for j in relations):
        if r.status in ("refuted", "leading-order", "undecided", "unread"):
            serious = r.status in ("refuted", "unread")
            found.append(Fault(file, r.line, r.column, spec.id, sentence(_reason(r)), serious, r.latex))
    for ask, values in zip(spec.asks, reference.values, strict=True):
        if not values:
            line = _heading(assignment, spec)
            why = "the reference gives no finished result" if line else "the reference has no such part"
            found.append(Fault(file, line, 0, spec.id, f"Missing: {why}.", True, ask.latex))
    return found


def _reason(relation: Judgement) -> str:
    """Status and reason, with the point where it fails."""
    example = relation.counterexample
    if example is None:
        return f"{relation.status}: {relation.why}"
    point = ", ".join(f"${symbol} = {value}$" for symbol, value in example.point.items())
    figures = f"left {example.lhs}, right {example.rhs}" + (f" at {point}" if point else "")
    why = relation.why.replace(AT_THE_POINT, figures)
    return f"{relation.status}: {why}" if why != relation.why else f"{relation.status}: {why} ({figures})"


def _heading(assignment: Assignment, spec: PartSpec) -> int:
    """The line where the reference begins a part, 0 where it does not."""
    parts = read_answer(assignment.reference, spec.theory.notation).parts
    return next((p.place.line for p in parts if (p.problem, p.label) == (spec.problem, spec.label)), 0)
