"""``derive read``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reports.cli import DONE, UNUSABLE

if TYPE_CHECKING:
    from grading.read.document import Answer, Part, Relation


@click.command("read")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--assignment", help="Read in the notation of this assignment.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(file: Path, assignment: str | None, as_json: bool) -> int:
    """What is read of an answer, part by part, and what is not."""
    from derive.latex.notation import Notation
    from grading import load_assignment
    from grading.read import read_answer
    from reports.cli.inputs import read_text
    from reports.cli.output import print_json

    notation = load_assignment(assignment).parts[0].theory.notation if assignment else Notation.standard()
    answer = read_answer(read_text(file), notation)
    if as_json:
        print_json(
            {
                "schema": "derive/read/1",
                "answer": str(file),
                "parts": [_part(p) for p in answer.parts],
                "notices": list(answer.notices),
            }
        )
    else:
        _print(answer)
        for notice in answer.notices:
            click.echo(f"! {notice}")
    if not any(part.relations or part.expressions for part in answer.parts):
        click.echo(f"derive: {file}: no mathematics was found; put formulas between $ signs.", err=True)
        return UNUSABLE
    return DONE


def _problem(relation: Relation) -> str | None:
    return relation.left.problem or relation.right.problem


def _part(part: Part) -> dict[str, Any]:
    return {
        "part": part.label,
        "problem": part.problem,
        "title": part.title,
        "line": part.place.line,
        "relations": [
            {
                "latex": r.latex,
                "line": r.place.line,
                "column": r.place.column,
                "kind": r.kind,
                "chain": r.chain,
                "unread": _problem(r),
            }
            for r in part.relations
        ],
        "expressions": [
            {"latex": side.latex, "line": side.place.line, "column": side.place.column, "unread": side.problem}
            for side, _ in part.expressions
        ],
    }


def _print(answer: Answer) -> None:
    from rich.text import Text

    from reports.terminal import console, rows

    out = console()
    for part in answer.parts:
        name = part.label or "(before the first part)"
        out.print(Text.assemble((name, "bold"), f"  {part.title}" if part.title != part.label else ""))
        content = list(_lines(part))
        out.print(rows(("line", "", "formula"), content) if content else Text("  no formula", style="dim"))


def _lines(part: Part) -> Iterator[tuple[str, str, str]]:
    from reports import plain

    for relation in part.relations:
        place = f"{relation.place.line}:{relation.place.column}"
        problem = _problem(relation)
        text = plain.formula(relation.latex)
        yield (place, "□ unread" if problem else relation.kind, f"{text}  [{problem}]" if problem else text)
    for side, _ in part.expressions:
        text = plain.formula(side.latex)
        if side.problem:
            yield (f"{side.place.line}:{side.place.column}", "□ unread", f"{text}  [{side.problem}]")
