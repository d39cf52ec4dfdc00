"""``derive grade``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from reports.cli import DONE, FAILED, UNUSABLE

if TYPE_CHECKING:
    from grading.result import GradeResult

FAILING: Final = frozenset({"flawed", "wrong", "missing"})
"""Verdicts that fail an answer under --strict; what a person must judge does not."""


@click.command("grade")
@click.argument("answers", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--assignment", required=True, help="The name of a shipped assignment, or the folder of one.")
@click.option("--part", help="Grade one part only, such as 1d.")
@click.option("--problem", help="Grade one problem only, such as 1.")
@click.option("--json", "json_file", metavar="FILE", help="Write JSON, one object a line; - is standard output.")
@click.option("--report", "reports", multiple=True, type=click.Path(path_type=Path), help="A .pdf, .tex, .html or .md.")
@click.option("--simulate", is_flag=True, help="Simulate what each part asks; a report always does.")
@click.option("--strict", is_flag=True, help="Exit with 1 if a part is flawed, wrong or missing.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Answers graded at a time.")
@click.option("--scheduler", metavar="ADDRESS", help="Grade on the workers of a Dask scheduler.")
def command(
    answers: tuple[Path, ...],
    assignment: str,
    part: str | None,
    problem: str | None,
    json_file: str | None,
    reports: tuple[Path, ...],
    simulate: bool,
    strict: bool,
    jobs: int,
    scheduler: str | None,
) -> int:
    """Grade ANSWERS (Markdown, LaTeX or text) against an assignment.

    With several answers the name of a report gets each answer's name before its suffix, and a report of that
    name shows the class at a glance.
    """
    from grading import load_assignment
    from reports.cli.many import Task, outcomes
    from reports.cli.output import check_suffix

    if scheduler is not None and jobs > 1:
        raise click.UsageError("Give --jobs or --scheduler, not both.")
    for path in reports:
        check_suffix(path)
    load_assignment(assignment).select(problem=problem, part=part)  # refused once, not for every answer
    debug = bool(click.get_current_context().find_root().params.get("debug"))
    task = Task(str(assignment), problem, part, simulate or bool(reports), debug)
    sink = _Sink(json_file, reports, answers)
    status = DONE
    for path, outcome in outcomes(answers, task, jobs, scheduler):
        if isinstance(outcome, str):
            click.echo(f"derive: {outcome}", err=True)
            status = UNUSABLE
            continue
        result, seconds = outcome
        sink.take(path, result, seconds)
        if strict and status == DONE and any(p.verdict in FAILING for p in result.parts):
            status = FAILED
    sink.close()
    return UNUSABLE if sink.problems else status


def _names(answers: Sequence[Path]) -> dict[Path, str]:
    """What tells the reports of several answers apart: their stems, or their paths where two stems are the same."""
    distinct = len({path.stem for path in answers}) == len(answers)
    return {path: path.stem if distinct else re.sub(r"[^\w.]+", "-", str(path)).strip("-") for path in answers}


class _Sink:
    """Where the grades go: standard output, a JSON file, report files."""

    def __init__(self, json_file: str | None, reports: tuple[Path, ...], answers: Sequence[Path]) -> None:
        self.json_file = json_file
        self.reports = reports
        self.several = len(answers) > 1
        self.names = _names(answers)
        self.lines: list[str] = []
        self.results: list[GradeResult] = []
        self.seconds: list[float] = []
        self.problems = 0

    def take(self, path: Path, result: GradeResult, seconds: float) -> None:
        import json

        from reports.cli.inputs import read_text
        from reports.cli.output import write_report
        from reports.terminal import console, graded

        self.results.append(result)
        self.seconds.append(seconds)
        line = json.dumps(result.to_json(), ensure_ascii=False)
        if self.json_file == "-":
            click.echo(line)
        else:
            self.lines.append(line)
            console().print(graded(result))
        for report in self.reports:
            target = report.with_stem(f"{report.stem}-{self.names[path]}") if self.several else report
            self.tell(write_report(target, result, read_text(path)), f"written: {target}")

    def tell(self, problem: str | None, done: str) -> None:
        self.problems += problem is not None
        click.echo(f"derive: {problem}" if problem else done, err=True)

    def close(self) -> None:
        from reports.cli.output import write, write_summary

        if self.several and self.results:
            for report in self.reports:
                self.tell(write_summary(report, self.results, self.seconds), f"written: {report}")
            if self.json_file != "-":
                from reports.summary import summary
                from reports.terminal import classroom, console

                console().print(classroom(summary(self.results, self.seconds)))
        if self.json_file not in (None, "-"):
            target = Path(self.json_file or "")
            self.tell(write(target, lambda: "".join(line + "\n" for line in self.lines)), f"written: {target}")
