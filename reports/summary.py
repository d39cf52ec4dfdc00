"""A class at a glance: parts by answers, and the first errors that most answers share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from grading.result import GradeResult, Judgement, PartResult
from reports.marks import Total, total

MOST: Final = 12
"""First errors that are listed."""
_LAYOUT: Final = re.compile(r"\\(?:left|right|[bB]igg?[lr]?|quad|displaystyle)(?![A-Za-z])|\\[,;:!> ]|[\s~&]")


@dataclass(frozen=True)
class AnswerRow:
    """One answer: its name, its sums, and its parts in the order of the columns (None where it has none).

    ``seconds`` is what grading it took, where that was measured.
    """

    name: str
    total: Total
    parts: tuple[PartResult | None, ...]
    seconds: float | None = None


@dataclass(frozen=True)
class Column:
    """One part: its points, their mean over the answers that were decided, and how many of these have all points."""

    part: str
    of: float
    mean: float | None
    full: int
    decided: int


@dataclass(frozen=True)
class SharedError:
    """A first error, and every answer that makes it, with the line."""

    part: str
    judgement: Judgement
    places: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """The answers of a class to one assignment."""

    assignment: str
    columns: tuple[Column, ...]
    answers: tuple[AnswerRow, ...]
    errors: tuple[SharedError, ...]

    @property
    def seconds(self) -> float | None:
        """What grading took in all; None where no answer's time is known."""
        measured = [answer.seconds for answer in self.answers if answer.seconds is not None]
        return sum(measured) if measured else None


def summary(results: Sequence[GradeResult], seconds: Sequence[float] = ()) -> Summary:
    """The answers in the order given, with what grading each took if given; errors by how many answers make them."""
    names = _names([result.answer for result in results])
    columns = tuple(dict.fromkeys(part.part for result in results for part in result.parts if part.of))
    times: Sequence[float | None] = seconds or [None] * len(results)
    graded = [{part.part: part for part in result.parts} for result in results]
    return Summary(
        results[0].assignment if results else "",
        tuple(_column(name, [parts[name] for parts in graded if name in parts]) for name in columns),
        tuple(
            AnswerRow(name, total(result), tuple(parts.get(column) for column in columns), time)
            for name, result, parts, time in zip(names, results, graded, times, strict=True)
        ),
        _errors(names, results),
    )


def _names(answers: Sequence[str]) -> list[str]:
    """The names of the files, without folders where these say nothing."""
    short = [PurePath(answer).stem for answer in answers]
    return short if len(set(short)) == len(short) else list(answers)


def _column(name: str, parts: Sequence[PartResult]) -> Column:
    given = [part.points for part in parts if part.points is not None]
    of = max((part.of for part in parts), default=0.0)
    mean = sum(given) / len(given) if given else None
    return Column(name, of, mean, sum(points == of for points in given), len(given))


def _errors(names: Sequence[str], results: Sequence[GradeResult]) -> tuple[SharedError, ...]:
    found: dict[tuple[str, str], tuple[Judgement, list[str]]] = {}
    for name, result in zip(names, results, strict=True):
        for part in result.parts:
            if part.first_error is not None and part.of:
                judgement = part.relations[part.first_error]
                _, places = found.setdefault((part.part, _bare(judgement.latex)), (judgement, []))
                places.append(f"{name}:{judgement.line}")
    shared = [SharedError(part, judgement, tuple(places)) for (part, _), (judgement, places) in found.items()]
    return tuple(sorted(shared, key=lambda error: (-len(error.places), error.part))[:MOST])


def _bare(latex: str) -> str:
    """The formula without what only sets it: spaces, and the sizes of brackets."""
    return _LAYOUT.sub("", latex).rstrip(".,;")
