r"""Reports in Markdown with formulas between dollar signs, for issues, merge requests and notebooks."""

from __future__ import annotations

import re

from grading.result import Counterexample, GradeResult, PartResult
from reports.blocks import pieces
from reports.escape import formula
from reports.marks import STATUS, VERDICT, number, points, simulated, total


def graded(result: GradeResult) -> str:
    """One graded answer: the verdict table, then every relation of every part."""
    sums = total(result)
    lines = [f"# Graded answer: {text(result.answer)}", ""]
    waiting = f"; {number(sums.waiting)} more wait for a person" if sums.waiting else ""
    lines += [f"Assignment {text(result.assignment)}, {points(sums.given, sums.decided)} points{waiting}.", ""]
    lines += ["| part | verdict | points | why |", "|---|---|---|---|"]
    for part in result.parts:
        mark = VERDICT[part.verdict]
        lines.append(
            f"| {part.part} | {mark.sign} {part.verdict} | {points(part.points, part.of)} | {prose(part.why)} |"
        )
    lines += [line for notice in result.notices for line in ("", prose(notice))]
    waiting_parts = [p for p in result.parts if p.to_review]
    if waiting_parts:
        lines += ["", "## For a person to judge", ""]
        lines += [
            f"- **{part.part}**, line {passage.line}: {prose(passage.why)}: {prose(' '.join(passage.text.split()))}"
            for part in waiting_parts
            for passage in part.to_review
        ]
    for part in result.parts:
        if part.relations or part.premises or part.simulation:
            lines += ["", f"## Part {part.part}: {part.verdict}", "", *_part(part)]
    return "\n".join(lines) + "\n"


def _part(part: PartResult) -> list[str]:
    lines = []
    if part.result:
        found = part.result
        lines.append(f"- Result, line {found.line}: {mathematics(found.latex)} ({prose(found.why)})")
    for premise in part.premises:
        said = f"{mathematics(premise.latex)}, where the problem says {mathematics(premise.problem)}"
        lines.append(f"- Own premise, line {premise.line}: {said}")
    if part.simulation:
        lines.append(f"- Simulated {simulated(part.simulation)}")
    for index, relation in enumerate(part.relations):
        first = " **First error.**" if index == part.first_error else ""
        fails = f"; fails {failure(relation.counterexample)}" if relation.counterexample else ""
        mark = STATUS[relation.status]
        lines.append(
            f"- {mark.sign} line {relation.line}: {mathematics(relation.latex)}: "
            f"*{relation.status}*, {prose(relation.why)}{fails}.{first}"
        )
    return lines


def failure(counterexample: Counterexample) -> str:
    """The point where a relation fails, and both sides there."""
    values = ", ".join(f"{mathematics(s)} = {mathematics(v)}" for s, v in counterexample.point.items())
    sides = f"left {text(counterexample.lhs)}, right {text(counterexample.rhs)}"
    return f"at {values}: {sides}" if values else sides


def mathematics(value: str) -> str:
    """A formula between dollar signs; its source as code where it cannot be set."""
    written = formula(value)
    if written is not None:
        bars = written.replace(r"\|", r"\Vert ").replace("|", r"\vert ")  # a bar would end a table's cell
        return f"${bars}$"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", value)), default=0))
    return f"{fence} {' '.join(value.split())} {fence}"


def prose(value: str) -> str:
    """Prose with its formulas, on one line."""
    joined = "".join(mathematics(piece) if is_formula else text(piece) for is_formula, piece in pieces(value))
    return " ".join(joined.split())


def text(value: str) -> str:
    """Text in which nothing is markup."""
    return re.sub(r"([\\`*_{}\[\]<>#|$~!&])", r"\\\1", value)
