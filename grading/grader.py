"""Grading: an answer, read and judged part by part against an assignment whose reference was judged first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from derive.errors import DeriveError
from derive.latex.notation import Notation
from grading.assignment import Assignment, PartSpec
from grading.judge.context import Earlier
from grading.judge.part import Reference, judge_part, judge_summary, reference_values
from grading.judge.relation import Judged
from grading.read import read_answer
from grading.read.document import Part
from grading.result import GradeResult, PartResult, Simulation

PATHS: Final = 1 << 17
"""Simulated paths for a part: a tenth of a second, standard errors of half a per cent."""


@dataclass(frozen=True)
class ReferenceFault:
    """A relation of the reference solution that does not hold, or could not be read or decided."""

    part: str
    line: int
    latex: str
    status: str
    why: str


def grade(
    text: str,
    assignment: Assignment,
    *,
    problem: str | None = None,
    part: str | None = None,
    answer: str = "answer.md",
    simulate: bool = False,
) -> GradeResult:
    """Judge an answer's text; ``problem`` or ``part`` restrict what is graded; ``simulate`` runs the parts' twins.

    A text that names no parts at all is, where one part is asked for, the answer to it.
    Raises DeriveError where the assignment has no such problem or part, where the answer holds no mathematics,
    or where its headings do not tell which problem its parts belong to.
    """
    specs = assignment.select(problem=problem, part=part)
    problems = {s.problem for s in specs}
    read = read_answer(text, specs[0].theory.notation)
    if not any(p.relations or p.expressions for p in read.parts):
        reasons = "".join(f" {notice}" for notice in read.notices)
        raise DeriveError(f"The answer '{answer}' contains no mathematics that could be judged.{reasons}")
    named = {p.problem for p in read.parts if p.problem is not None}
    if len(problems) > 1 and not named & problems:
        raise DeriveError(
            f"The headings of '{answer}' do not say which problem its parts belong to; "
            f"name one of {', '.join(sorted(problems))} (--problem)."
        )
    results: list[PartResult] = []
    notices = list(read.notices)
    written = Written(text, alone=len(problems) == 1)
    for number in dict.fromkeys(s.problem for s in specs):
        every = [s for s in assignment.parts if s.problem == number]
        chosen = [s for s in every if s in specs]
        mine = written.parts(chosen[0])
        earlier = Earlier()
        for spec in every[: every.index(chosen[-1]) + 1]:
            # A part that is not asked for is judged all the same: later ones build on what it introduces.
            reference, _ = judged_reference(assignment, spec.id)
            given = written.parts(spec)
            whole = part is not None and spec in chosen and given.keys() == {""}
            result = judge_part(spec, given.get("" if whole else spec.label), reference, earlier)
            if spec in chosen:
                simulation = simulated(spec) if simulate and result.verdict != "missing" else None
                results.append(replace(result, points=_points(result, assignment), simulation=simulation))
        if part is None and "summary" in mine:
            results.append(judge_summary(chosen[0], chosen[-1], mine["summary"], earlier))
        known = {s.label for s in every}
        notices += [
            f"The part '({label})' at line {p.place.line} is none of the assignment's."
            for label, p in mine.items()
            if label not in known and label not in ("", "summary")
        ]
    return GradeResult(assignment.name, answer, tuple(results), tuple(notices))


class Written:
    """The parts of a text, read once with each notation: a part may declare letters of its own."""

    def __init__(self, text: str, *, alone: bool) -> None:
        self.text, self.alone = text, alone
        self.known: list[tuple[Notation, Sequence[Part]]] = []

    def parts(self, spec: PartSpec) -> dict[str, Part]:
        """The parts of the problem of ``spec`` by label, read with its notation."""
        notation = spec.theory.notation
        found = next((parts for known, parts in self.known if known == notation), None)
        if found is None:
            found = read_answer(self.text, notation).parts
            self.known.append((notation, found))
        return _parts_of(found, spec.problem, alone=self.alone)


def _parts_of(parts: Sequence[Part], number: str, *, alone: bool) -> dict[str, Part]:
    """The parts of one problem by label; a part that is written in several places is put together."""
    found: dict[str, Part] = {}
    for p in parts:
        if p.problem == number or (p.problem is None and alone):
            old = found.get(p.label)
            found[p.label] = p if old is None else _joined(old, p)
    return found


def _joined(first: Part, more: Part) -> Part:
    return replace(
        first,
        text=first.text + "\n" + more.text,
        relations=first.relations + more.relations,
        expressions=first.expressions + more.expressions,
    )


def _points(result: PartResult, assignment: Assignment) -> float | None:
    if result.verdict == "review":
        return None
    if result.verdict == "wrong" and result.result is not None and result.result.status == "follows":
        return round(result.of * assignment.credit["follows"], 2)
    return round(result.of * assignment.credit[result.verdict], 2)


@lru_cache(maxsize=64)
def _estimate(derivation: str, quantity: str) -> Simulation | None:
    from grading.witness import compare_twin  # loads NumPy

    for found in compare_twin(derivation, paths=PATHS).checks:
        if found.name == quantity:
            return Simulation(found.estimate, found.se, found.expected)
    return None


def simulated(spec: PartSpec) -> Simulation | None:
    """The twin's estimate of what a part asks, beside the proved value; None where the part names no twin."""
    return None if spec.twin is None else _estimate(spec.twin.derivation, spec.twin.quantity)


# -- the reference ---------------------------------------------------------------------------------------
def check_reference(assignment: Assignment) -> tuple[ReferenceFault, ...]:
    """Every relation of the reference that is refuted, loose, undecided or unread, and every part without a result."""
    faults: list[ReferenceFault] = []
    for spec in assignment.parts:
        reference, judged = judged_reference(assignment, spec.id)
        for r in (j.judgement for j in judged):
            if r.status in ("refuted", "leading-order", "undecided", "unread"):
                faults.append(ReferenceFault(spec.id, r.line, r.latex, r.status, r.why))
        for ask, values in zip(spec.asks, reference.values, strict=True):
            if not values:
                faults.append(
                    ReferenceFault(spec.id, 0, ask.latex, "missing", "the reference gives no finished result")
                )
    return tuple(faults)


def judged_reference(assignment: Assignment, part: str) -> tuple[Reference, tuple[Judged, ...]]:
    """The reference for one part and its relations, judged like an answer's, once for each assignment loaded."""
    [spec] = assignment.select(part=part)
    return _references(assignment, spec.problem).of(part)


class _References:
    """The reference for the parts of one problem, judged in their order and no further than is asked for."""

    def __init__(self, assignment: Assignment, problem: str) -> None:
        self.written, self.earlier = Written(assignment.reference, alone=False), Earlier()
        self.specs = iter(assignment.select(problem=problem))
        self.judged: dict[str, tuple[Reference, tuple[Judged, ...]]] = {}

    def of(self, part: str) -> tuple[Reference, tuple[Judged, ...]]:
        while part not in self.judged:
            spec = next(self.specs)
            self.judged[spec.id] = reference_values(spec, self.written.parts(spec).get(spec.label), self.earlier)
        return self.judged[part]


@lru_cache(maxsize=128)
def _references(assignment: Assignment, problem: str) -> _References:
    return _References(assignment, problem)
