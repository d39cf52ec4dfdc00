"""``derive read``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reports.cli import DONE, UNUSABLE

if TYPE_CHECKING:
    from rich.console import Console

    from derive.latex.notation import Notation
    from grading.assignment import PartSpec
    from grading.read.document import Answer, Part, Relation, Side

CAUSES = 8
"""Causes that are listed for several answers."""


@click.command("read")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--assignment", help="Read every part in the notation that this assignment has for it.")
@click.option("--problem", help="The problem that parts without a number belong to.")
@click.option("--field", help="The field that holds the answer in a .json or .jsonl file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one line for each answer.")
def command(file: Path, assignment: str | None, problem: str | None, field: str | None, as_json: bool) -> int:
    """What is read of an answer, part by part, and what is not.

    A file of several answers (.jsonl) is summed up, with the causes of what was not read.
    """
    from grading import load_assignment
    from reports.cli.inputs import read_texts
    from reports.cli.output import print_json

    specs = load_assignment(assignment).select(problem=problem) if assignment else ()
    readings = [_read(text, specs) for text in read_texts(file, field)]
    answers = [reading.answer for reading in readings]
    if as_json:
        for number, reading in enumerate(readings, 1):
            print_json(_object(reading, f"{file}" if len(readings) == 1 else f"{file}:{number}"))
    elif len(readings) == 1:
        _print(readings[0], str(file))
    else:
        _sum_up(answers, str(file))
    if not any(part.relations or part.expressions for answer in answers for part in answer.parts):
        click.echo(f"derive: {file}: no mathematics was found; put formulas between $ signs.", err=True)
        return UNUSABLE
    return DONE


@dataclass(frozen=True)
class Reading:
    """An answer and the notation that each of its parts was read with."""

    answer: Answer
    notations: tuple[Notation, ...]

    @property
    def parts(self) -> list[tuple[Part, Notation]]:
        """The parts with their notations."""
        return list(zip(self.answer.parts, self.notations, strict=True))


def _read(text: str, specs: Sequence[PartSpec]) -> Reading:
    """The answer, each of its parts read with the notation of the part of the assignment that it is."""
    from derive.latex.notation import Notation
    from grading.read import read_answer

    usual = specs[0].theory.notation if specs else Notation.standard()
    answer = read_answer(text, usual)
    first = specs[0].problem if specs else ""
    parts: list[Part] = []
    notations: list[Notation] = []
    for part in answer.parts:
        number = part.problem or first
        spec = next((s for s in specs if s.problem == number and s.label == part.label), None)
        spec = spec or next((s for s in specs if s.problem == number), None)
        notation = usual if spec is None else spec.theory.notation
        if notation is not usual:
            again = read_answer(text, notation).parts
            part = next((p for p in again if (p.label, p.place) == (part.label, part.place)), part)
        parts.append(part)
        notations.append(notation)
    return Reading(replace(answer, parts=tuple(parts)), tuple(notations))


def _problem(relation: Relation) -> str | None:
    return relation.left.problem or relation.right.problem


def _object(reading: Reading, name: str) -> dict[str, Any]:
    return {
        "schema": "derive/read/1",
        "answer": name,
        "parts": [_part(*p) for p in reading.parts],
        "notices": list(reading.answer.notices),
    }


def _part(part: Part, notation: Notation) -> dict[str, Any]:
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
                "defines": r.defining,
                "read": None if _problem(r) else _understood(r, notation),
                "unread": _problem(r),
            }
            for r in part.relations
        ],
        "expressions": [
            {"latex": side.latex, "line": side.place.line, "column": side.place.column, "unread": side.problem}
            for side, _ in part.expressions
        ],
    }


def _understood(relation: Relation, notation: Notation) -> str:
    """The relation as LaTeX printed from the trees, so that a misreading shows."""
    from derive.latex.printer import latex, relation_sign

    left, right = relation.left.term, relation.right.term
    if left is None or right is None:
        return relation.latex
    return f"{latex(left, notation)} {relation_sign(relation.kind)} {latex(right, notation)}"


# -- on a terminal -----------------------------------------------------------------------------------
def _print(reading: Reading, name: str) -> None:
    from rich.text import Text

    from reports import plain
    from reports.terminal import console, rows

    out, answer = console(), reading.answer
    out.print(Text(_count([answer], name), style="bold"))
    for part, notation in reading.parts:
        content = list(_lines(part, notation))
        if not content:
            continue
        label = f"{part.problem or ''}{part.label}" or "before the first part"
        title = plain.prose(part.title) if part.title != part.label else ""
        out.print()
        out.print(Text.assemble((label, "bold"), f"  {title}"), no_wrap=True, overflow="ellipsis")
        out.print(rows(("line", "", "what was read"), content))
    _print_unread([answer], out)
    for notice in answer.notices:
        out.print(Text(f"! {notice}"))


def _count(answers: list[Answer], name: str) -> str:
    relations = [r for a in answers for p in a.parts for r in p.relations]
    lost = sum(_problem(r) is not None for r in relations)
    lone = sum(side.problem is not None for a in answers for p in a.parts for side, _ in p.expressions)
    texts = f" in {len(answers)} answers" if len(answers) > 1 else ""
    words = [f"{name}: {len(relations) - lost} of {len(relations)} relations read{texts}"]
    words += [f"{lone} other formula{'s' * (lone != 1)} not read"] if lone else []
    return "; ".join(words)


def _lines(part: Part, notation: Notation) -> Iterator[tuple[str, str, str]]:
    from reports import plain

    for relation in part.relations:
        place = f"{relation.place.line}:{relation.place.column}"
        if _problem(relation):
            yield (place, "□", plain.formula(relation.latex))
        else:
            sign = ":=" if relation.defining else relation.kind
            yield (place, sign, plain.formula(_understood(relation, notation)))


def _print_unread(answers: list[Answer], out: Console) -> None:
    """What was not read, each side once, with the reason."""
    from rich.text import Text

    from reports import plain
    from reports.terminal import rows

    sides: dict[tuple[int, int, str], Side] = {}
    for part in (p for a in answers for p in a.parts):
        for side in (s for r in part.relations for s in (r.left, r.right)):
            sides.setdefault((side.place.line, side.place.column, side.latex), side)
        for side, _ in part.expressions:
            sides.setdefault((side.place.line, side.place.column, side.latex), side)
    lost = [s for s in sides.values() if s.problem]
    if not lost:
        return
    content = [(f"{s.place.line}:{s.place.column}", "□", f"{plain.formula(s.latex)}\n{s.problem}") for s in lost]
    out.print()
    out.print(Text("not read", style="bold magenta"))
    out.print(rows(("line", "", "why"), content))


def _sum_up(answers: list[Answer], name: str) -> None:
    """Several answers: how much was read, and the most frequent causes of what was not."""
    from reports.terminal import console, rows

    out = console()
    out.print(_count(answers, name))
    causes: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for part in (p for a in answers for p in a.parts):
        sides = {(s.place, s.latex): s for r in part.relations for s in (r.left, r.right)}
        sides |= {(s.place, s.latex): s for s, _ in part.expressions}
        for side in sides.values():
            if side.problem:
                cause = side.problem.partition(" (line ")[0].partition(" ('")[0]
                causes[cause] += 1
                examples.setdefault(cause, side.latex[:60])
    if causes:
        content = [(str(n), f"{cause}\n{examples[cause]}") for cause, n in causes.most_common(CAUSES)]
        out.print(rows(("sides", "not read, with an example"), content))
