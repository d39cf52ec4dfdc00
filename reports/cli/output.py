"""Writing results: to standard output, and to report files by their suffix."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from derive.errors import DeriveError
from grading.result import GradeResult, Judgement, Status
from reports.marks import WORST_FIRST

SUFFIXES: Final = (".pdf", ".tex", ".html", ".md")


def print_json(value: Mapping[str, Any]) -> None:
    """One object on one line."""
    click.echo(json.dumps(value, ensure_ascii=False))


def worst(judgements: Iterable[Judgement]) -> Status:
    """The one status that tells most of several."""
    found = {judgement.status for judgement in judgements}
    return next((status for status in WORST_FIRST if status in found), "unread")


def check_suffix(path: Path) -> None:
    """Refuse a report whose format the suffix does not name."""
    if path.suffix not in SUFFIXES:
        raise DeriveError(f"{path}: a report ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}.")


def write_report(path: Path, result: GradeResult, text: str | None = None) -> str | None:
    """Write one graded answer, with its text where the format shows it; what comes back says what could not be done."""
    if path.suffix == ".md":
        from reports.markdown import graded as markdown

        return write(path, lambda: markdown(result, text))
    if path.suffix == ".html":
        from reports.html import graded as html

        return write(path, lambda: html(result, text))
    from reports.latex import graded as latex

    return write(path, lambda: latex(result, text)) if path.suffix == ".tex" else write_pdf(path, latex(result, text))


def write_summary(path: Path, results: Sequence[GradeResult], seconds: Sequence[float] = ()) -> str | None:
    """Write several graded answers at a glance; what comes back says what could not be done."""
    from reports.summary import summary

    content = summary(results, seconds)
    if path.suffix == ".md":
        from reports.markdown import classroom as markdown

        return write(path, lambda: markdown(content))
    if path.suffix == ".html":
        from reports.html import classroom as html

        return write(path, lambda: html(content))
    from reports.latex import classroom as latex

    return write(path, lambda: latex(content)) if path.suffix == ".tex" else write_pdf(path, latex(content))


def write(path: Path, content: Callable[[], str]) -> str | None:
    """Write text; the sentence that comes back says why the file could not be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content(), encoding="utf-8")
    except OSError as error:
        return f"{path}: it cannot be written ({(error.strerror or 'unknown').lower()})."
    return None


def write_pdf(path: Path, source: str, drawings: Mapping[str, bytes] | None = None) -> str | None:
    """Set LaTeX and write the PDF; where that fails the source is left beside it."""
    from reports.tex import TexError, pdf

    try:
        data = pdf(source, drawings)
    except TexError as error:
        kept = path.with_suffix(".tex")
        problem = write(kept, lambda: source)
        return f"{path}: {error}" + ("" if problem else f" The source is in {kept}.")
    return write_bytes(path, data)


def write_bytes(path: Path, data: bytes) -> str | None:
    """Write a file; the sentence that comes back says why it could not be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        return f"{path}: it cannot be written ({(error.strerror or 'unknown').lower()})."
    return None
