r"""Reports in Markdown with formulas between dollar signs, for issues, merge requests and notebooks."""

from __future__ import annotations

import re

from grading.result import Counterexample, GradeResult, PartResult
from reports.blocks import pieces
from reports.escape import formula
from reports.marks import STATUS, VERDICT, number, points, simulated, total
from reports.summary import Summary


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


def classroom(content: Summary) -> str:
    """Several graded answers at a glance: parts by answers, and the first errors they share."""
    lines = [f"# Graded answers: {text(content.assignment)}", ""]
    if content.seconds is not None:
        lines += [f"{len(content.answers)} answers, graded in {content.seconds:.1f} s.", ""]
    lines += ["| answer | " + " | ".join(text(c.part) for c in content.columns) + " | points |"]
    lines += ["|---" * (len(content.columns) + 2) + "|"]
    for answer in content.answers:
        sums = points(answer.total.given, answer.total.decided)
        lines.append(f"| {text(answer.name)} | " + " | ".join(map(_cell, answer.parts)) + f" | {sums} |")
    means = ["–" if c.mean is None else f"{number(c.mean)} / {number(c.of)}" for c in content.columns]
    lines.append("| *mean* | " + " | ".join(means) + " | |")
    if content.errors:
        lines += ["", "## First errors, the most frequent first", ""]
    for error in content.errors:
        fails = f"; fails {failure(error.judgement.counterexample)}" if error.judgement.counterexample else ""
        lines.append(
            f"- {len(error.places)}×, {text(error.part)}: {mathematics(error.judgement.latex)}: "
            f"*{error.judgement.status}*, {prose(error.judgement.why)}{fails} ({text(', '.join(error.places))})"
        )
    return "\n".join(lines) + "\n"


def _cell(part: PartResult | None) -> str:
    if part is None:
        return ""
    return f"{VERDICT[part.verdict].sign} {'' if part.points is None else number(part.points)}".strip()


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
    values = ", ".join(f"{mathematics(s)} = {mathematics(raised(v))}" for s, v in counterexample.point.items())
    sides = f"left {text(counterexample.lhs)}, right {text(counterexample.rhs)}"
    return f"at {values}: {sides}" if values else sides


def raised(value: str) -> str:
    """A value such as 1/4 or 2^-128 as LaTeX."""
    return re.sub(r"\^(-?\d+)", r"^{\1}", value)


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
