"""Expected verdicts of an answer, in a file ``*.grade.toml`` beside it.

The file names an answer, an assignment, and the verdict that each part must get::

    answer = "homework.md"
    assignment = "hw13"
    problem = "1"            # may be left out

    [expected]
    1a = "correct"
    1e = { verdict = "flawed", line = 59 }     # and the line of the first error
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

import msgspec

from derive.errors import DeriveError
from grading.assignment import Assignment, load_assignment
from grading.grader import grade
from grading.result import GradeResult, Judgement, PartResult, Verdict

VERDICTS: Final = frozenset(get_args(Verdict))


class ExpectedEntry(msgspec.Struct, forbid_unknown_fields=True):
    """A verdict with the line of the first error."""

    verdict: str
    line: int | None = None


class FileEntry(msgspec.Struct, forbid_unknown_fields=True):
    """The whole file."""

    answer: str
    assignment: str
    problem: str | None = None
    expected: dict[str, str | ExpectedEntry] = {}


@dataclass(frozen=True)
class Expected:
    """The verdict that a part must get; ``line`` is that of its first error, where that is expected too."""

    verdict: str
    line: int | None = None

    def toml(self) -> str:
        """The value as the file states it."""
        if self.line is None:
            return f'"{self.verdict}"'
        return f'{{ verdict = "{self.verdict}", line = {self.line} }}'

    def __str__(self) -> str:
        return self.verdict if self.line is None else f"{self.verdict} with its first error in line {self.line}"


@dataclass(frozen=True)
class Expectations:
    """One file: ``parts`` maps a part of the assignment to what is expected of it."""

    path: Path
    answer: Path
    assignment: str
    problem: str | None
    parts: Mapping[str, Expected]

    def graded(self) -> GradeResult:
        """The answer's grades; DeriveError where answer or assignment cannot be used."""
        try:
            text = self.answer.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise DeriveError(f"{self.path}: the answer '{self.answer}' cannot be read: {reason}.") from error
        return grade(text, self._assignment(), problem=self.problem, answer=self.answer.name)

    def possible(self) -> tuple[str, ...]:
        """The parts that the assignment, or the problem named, has."""
        return tuple(spec.id for spec in self._assignment().select(problem=self.problem))

    def line_of(self, part: str) -> int:
        """The line of the file that names a part, from 0; 0 where none does."""
        for number, line in enumerate(self.path.read_text(encoding="utf-8").splitlines()):
            if _entry(part).match(line):
                return number
        return 0

    def _assignment(self) -> Assignment:
        beside = self.path.parent / self.assignment
        return load_assignment(beside if (beside / "assignment.toml").exists() else self.assignment)


def load(path: Path) -> Expectations:
    """A file of expectations; DeriveError says what is wrong with it."""
    try:
        entry = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), FileEntry)
    except OSError as error:
        raise DeriveError(f"{path}: it cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise DeriveError(f"{path}: it is not valid: {error}.") from error
    parts = {
        part: Expected(value) if isinstance(value, str) else Expected(value.verdict, value.line)
        for part, value in entry.expected.items()
    }
    for part, expected in parts.items():
        if expected.verdict not in VERDICTS:
            known = ", ".join(sorted(VERDICTS))
            raise DeriveError(
                f"{path}: '{expected.verdict}', expected of part {part}, is no verdict; they are {known}."
            )
    return Expectations(path, path.parent / entry.answer, entry.assignment, entry.problem, parts)


def found(part: PartResult) -> Expected:
    """What a part did get, as a file would state it."""
    error = first_error(part)
    return Expected(part.verdict, error.line if error else None)


def first_error(part: PartResult) -> Judgement | None:
    """The relation that is the first error of a part."""
    return None if part.first_error is None else part.relations[part.first_error]


def agrees(expected: Expected, part: PartResult) -> bool:
    """Whether a part got what is expected; a line counts only where one is expected."""
    got = found(part)
    return expected.verdict == got.verdict and expected.line in (None, got.line)


def difference(expected: Expected, part: PartResult) -> str:
    """What was expected, what was found, and the formula and point behind it, for a person to read."""
    got = found(part)
    lines = [f"part {part.part}: expected {expected}, found {got}", f"  {part.why}"]
    if part.result:
        lines += [
            f"  result, line {part.result.line}, {part.result.status}: {part.result.why}",
            f"    {part.result.latex}",
        ]
    error = first_error(part)
    for relation in [error] if error else [r for r in part.relations if r.status in ("undecided", "unread")]:
        lines += [
            f"  line {relation.line}:{relation.column}, {relation.status}: {relation.why}",
            f"    {relation.latex}",
        ]
        if relation.counterexample:
            point = ", ".join(f"{symbol} = {value}" for symbol, value in relation.counterexample.point.items())
            sides = f"left {relation.counterexample.lhs}, right {relation.counterexample.rhs}"
            lines.append(f"    at {point}: {sides}" if point else f"    {sides}")
    lines += [f"  line {premise.line}, own premise: {premise.latex}" for premise in part.premises]
    return "\n".join(lines)


def rewrite(path: Path, part: str, expected: Expected) -> None:
    """State another expectation of one part; comments and everything else in the file stay as they are."""
    lines = path.read_text(encoding="utf-8").splitlines()
    entry = _entry(part)
    for number, line in enumerate(lines):
        match = entry.match(line)
        if match:
            lines[number] = f"{match['key']}{expected.toml()}{match['comment'] or ''}"
            break
    else:
        header = next((n for n, line in enumerate(lines) if line.strip() == "[expected]"), None)
        if header is None:
            lines += ["", "[expected]"]
            header = len(lines) - 1
        stop = header + 1
        while stop < len(lines) and lines[stop].strip() and not lines[stop].startswith("["):
            stop += 1
        lines.insert(stop, f"{part} = {expected.toml()}")
    fresh = path.with_name(path.name + ".new")
    fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
    os.replace(fresh, path)


def _entry(part: str) -> re.Pattern[str]:
    value = r"""(?:"[^"\n]*"|'[^'\n]*'|\{[^}\n]*\})"""
    return re.compile(rf"""(?P<key>\s*["']?{re.escape(part)}["']?\s*=\s*){value}(?P<comment>\s*(?:#.*)?)$""")
