r"""Reports in Markdown with formulas between dollar signs, for issues, merge requests and notebooks."""

from __future__ import annotations

import re

from grading.result import Counterexample, GradeResult, PartResult, Passage
from reports import answer
from reports.answer import Note, Row, Run
from reports.blocks import blocks, pieces
from reports.escape import formula, raised
from reports.marks import STATUS, VERDICT, is_relation, number, points, simulated, total, waiting
from reports.summary import Summary


def graded(result: GradeResult, source: str | None = None) -> str:
    """One graded answer: the verdict table, then every relation of every part.

    With its source, the answer comes before them, each row with the judgements of its formulas below it.
    """
    sums = total(result)
    lines = [f"# Graded answer: {text(result.answer)}", ""]
    rest = f"; {waiting(sums.waiting)}" if sums.waiting else ""
    lines += [f"Assignment {text(result.assignment)}, {points(sums.given, sums.decided)} points{rest}.", ""]
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
            f"- **{part.part}**, line {passage.line}: {prose(passage.why)}: {_passage(passage, part)}"
            for part in waiting_parts
            for passage in part.to_review
        ]
    if source is not None:
        lines += ["", "## The answer", ""]
        lines += [line for row in answer.rows(source, result) for line in _row(row)]
    for part in result.parts:
        if part.relations or part.premises or part.simulation:
            lines += ["", f"## Part {part.part}: {part.verdict}", "", *_part(part)]
    return "\n".join(lines) + "\n"


def _passage(passage: Passage, part: PartResult) -> str:
    if is_relation(passage, part):
        return mathematics(passage.text)
    return " ".join(mathematics(b.text) if b.kind == "display" else prose(b.text) for b in blocks(passage.text))


def _row(row: Row) -> list[str]:
    """A row as it was written, and what was judged of it as a quotation."""
    words = "".join(map(_run, row.runs)).strip()
    match row.kind:
        case "heading":
            lines = [f"### {words}"]
        case "display":
            written = formula(row.runs[0].text)
            lines = [f"$${written}$$" if written is not None else mathematics(row.runs[0].text)]
        case "item":
            lines = [f"{'  ' * max(row.depth - 1, 0)}- {words}"]
        case _:
            lines = [words]
    notes = [_note(note) for note in row.notes]
    return [*lines, "", *(["> " + "\\\n> ".join(notes), ""] if notes else [])]


def _run(run: Run) -> str:
    match run.kind:
        case "formula":
            return mathematics(run.text)
        case "strong":
            return f"**{text(run.text.strip())}** " if run.text.strip() else run.text
        case "em":
            return f"*{text(run.text.strip())}* " if run.text.strip() else run.text
        case "code":
            return f"`{run.text}`" if "`" not in run.text else text(run.text)
        case _:
            return text(run.text)


def _note(note: Note) -> str:
    judged, mark = note.judgement, STATUS[note.judgement.status]
    said = f"{mark.sign} {judged.status} (line {judged.line})"
    if not note.first:
        return said
    fails = f", fails {failure(judged.counterexample)}" if judged.counterexample else ""
    return f"**{said}: first error of {text(note.part.part)}** {mathematics(judged.latex)}: {prose(judged.why)}{fails}"


def classroom(content: Summary) -> str:
    """Several graded answers at a glance: parts by answers, and the first errors they share."""
    lines = [f"# Graded answers: {text(content.assignment)}", ""]
    if content.seconds is not None:
        lines += [f"{len(content.answers)} answers, graded in {content.seconds:.1f} s.", ""]
    lines += ["| answer | " + " | ".join(text(c.part) for c in content.columns) + " | points |"]
    lines += ["|---" * (len(content.columns) + 2) + "|"]
    for row in content.answers:
        sums = points(row.total.given, row.total.decided)
        lines.append(f"| {text(row.name)} | " + " | ".join(map(_cell, row.parts)) + f" | {sums} |")
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
