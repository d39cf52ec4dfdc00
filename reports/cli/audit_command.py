"""``derive audit``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from reports.cli import DONE

if TYPE_CHECKING:
    from rich.console import RenderableType

    from grading.audit import AuditResult
    from grading.audit.result import Finding, PartAudit

SAYS: Final = {"praise": "right", "fault": "wrong", "missing": "incomplete", "none": "–"}
"""What the tone of notes comes to."""
OUTCOMES: Final = {"agrees": ("✓", "good"), "disagrees": ("✗", "bad"), "cannot tell": ("?", "open")}


@click.command("audit")
@click.argument("notes", type=click.Path(path_type=Path))
@click.option("--answer", required=True, type=click.Path(path_type=Path), help="The answer that the notes are about.")
@click.option("--assignment", required=True, help="The name of a shipped assignment, or the folder of one.")
@click.option("--problem", help="The problem, where headings do not say which one it is.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(notes: Path, answer: Path, assignment: str, problem: str | None, as_json: bool) -> int:
    """Compare a person's grading NOTES with the evidence.

    Part by part: where the note finds an error and every relation holds, where it praises what is refuted, where it
    quotes a formula that the answer does not contain or that is false, and where it says that something is missing
    which the answer has.
    """
    from grading import load_assignment
    from grading.audit import audit
    from reports.cli.inputs import read_text
    from reports.cli.output import print_json
    from reports.terminal import console

    result = audit(
        read_text(notes),
        read_text(answer),
        load_assignment(assignment),
        problem=problem,
        notes_name=str(notes),
        answer_name=str(answer),
    )
    if as_json:
        print_json(result.to_json())
    else:
        out = console()
        for block in _shown(result):
            out.print(block)
    return DONE


def _shown(result: AuditResult) -> Iterator[RenderableType]:
    from rich.text import Text

    from reports.marks import VERDICT
    from reports.terminal import COLOURS, rows

    yield Text.assemble((result.notes, "bold"), " against ", (result.answer, "bold"), f"  ({result.assignment})")
    yield rows(
        ("part", "the note says", "the verdict is", "so it"),
        (
            (p.part, SAYS[p.says], f"{VERDICT[p.verdict].sign} {p.verdict}", f"{OUTCOMES[p.outcome][0]} {p.outcome}")
            for p in result.parts
        ),
    )
    for part in result.parts:
        if part.findings:
            yield Text()
            sign, tone = OUTCOMES[part.outcome]
            yield Text.assemble((f"{part.part}  ", "bold"), (f"{sign} {part.outcome}", COLOURS[tone]))
            yield from (_finding(f) for f in sorted(part.findings, key=lambda f: not f.contradicts))
    yield Text()
    yield Text(_count(result.parts), style="bold")
    yield from (Text(f"! {notice}", style=COLOURS["open"]) for notice in result.notices)


def _finding(finding: Finding) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    from reports import plain
    from reports.terminal import COLOURS

    places = [(finding.line, "note"), (finding.answer_line, "answer")]
    head = ", ".join(f"line {line} of the {name}" for line, name in places if line)
    mark = Text("✗ " if finding.contradicts else "· ", style=COLOURS["bad" if finding.contradicts else "plain"])
    lines = [plain.formula(finding.latex)] if finding.latex else []
    lines.append(plain.prose(finding.message))
    body = (Padding(Text(line), (0, 0, 0, 6), expand=False) for line in lines)
    return Padding(Group(Text.assemble(mark, (head, "dim")), *body), (0, 0, 0, 2), expand=False)


def _count(parts: tuple[PartAudit, ...]) -> str:
    counts = {name: sum(p.outcome == name for p in parts) for name in OUTCOMES}
    many = "part" if len(parts) == 1 else "parts"
    return (
        f"{len(parts)} {many}: the notes agree with the evidence in {counts['agrees']}, disagree in "
        f"{counts['disagrees']}; {counts['cannot tell']} cannot be told."
    )
