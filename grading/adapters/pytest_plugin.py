"""pytest collects graded answers and derivations.

``*.grade.toml`` names an answer, an assignment and the verdict expected of each part: one test a part. Python files
that match a pattern of the ini option ``derive_derivations`` are derivations: one test for the proof, and one for
each quantity that is simulated.

Nothing of derive is loaded before the first such file is collected, so that other test runs do not pay for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from grading.adapters.expectations import Expectations, Expected
    from grading.result import GradeResult, PartResult

SUFFIX = ".grade.toml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--derive-update`` states in each file what was found."""
    group = parser.getgroup("derive", "graded answers (*.grade.toml)")
    group.addoption(
        "--derive-update", action="store_true", help="Rewrite the expected verdicts of *.grade.toml to those found."
    )
    parser.addini("derive_derivations", "Python files that are derivations, as patterns such as proofs/*.py.", "args")


def pytest_configure(config: pytest.Config) -> None:
    """Several processes would overwrite each other's file."""
    if config.getoption("--derive-update") and getattr(config.option, "numprocesses", None):
        raise pytest.UsageError("--derive-update rewrites files in one process; leave out -n.")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A collector for each file of expectations, and for each derivation."""
    if file_path.name.endswith(SUFFIX):
        return ExpectationsFile.from_parent(parent, path=file_path)
    if file_path.suffix == ".py" and _is_derivation(file_path, parent.config):
        from grading.adapters.derivations import DerivationFile

        return DerivationFile.from_parent(parent, path=file_path)
    return None


def _is_derivation(path: Path, config: pytest.Config) -> bool:
    if path.name.startswith("_") or not path.is_relative_to(config.rootpath):
        return False
    place = path.relative_to(config.rootpath)
    return any(place.match(pattern) for pattern in config.getini("derive_derivations"))


class Disagreement(Exception):
    """A part did not get what was expected; the text is the report."""


class ExpectationsFile(pytest.File):
    """One ``*.grade.toml``; the answer is graded once, when its first part runs."""

    expectations: Expectations
    _result: GradeResult | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each part."""
        from derive.errors import DeriveError
        from grading.adapters.expectations import load

        try:
            self.expectations = load(self.path)
            possible = self.expectations.possible()
        except DeriveError as error:
            raise self.CollectError(str(error)) from error
        stated = self.expectations.parts
        unknown = [part for part in stated if part not in (*possible, "summary")]
        if unknown:
            raise self.CollectError(
                f"{self.path}: the assignment has no part '{unknown[0]}'; it has {', '.join(possible)}."
            )
        if self.config.getoption("--derive-update"):
            names = tuple(dict.fromkeys((*possible, *stated)))
        elif not stated:
            raise self.CollectError(f"{self.path}: it expects nothing; pytest --derive-update states what is found.")
        else:
            names = tuple(stated)
        for name in names:
            yield PartItem.from_parent(self, name=name, expected=stated.get(name))

    def part(self, name: str) -> PartResult | None:
        """The graded part of that name."""
        if self._result is None:
            self._result = self.expectations.graded()
        return next((part for part in self._result.parts if part.part == name), None)


class PartItem(pytest.Item):
    """One part of one answer."""

    parent: ExpectationsFile

    def __init__(self, *, expected: Expected | None, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.expected = expected

    def runtest(self) -> None:
        """Grade, compare, and under ``--derive-update`` state what was found."""
        from grading.adapters.expectations import agrees, difference, found, rewrite

        part = self.parent.part(self.name)
        if part is None:
            raise Disagreement(f"part {self.name}: expected {self.expected}, but the answer has no such part")
        points = "-" if part.points is None else f"{part.points:g}"
        self.user_properties += [("verdict", part.verdict), ("points", f"{points}/{part.of:g}")]
        if self.expected is not None and agrees(self.expected, part):
            return
        if self.config.getoption("--derive-update"):
            rewrite(self.path, part.part, found(part))
        elif self.expected is not None:
            raise Disagreement(difference(self.expected, part))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """The report instead of a traceback, which an unexpected error keeps."""
        from derive.errors import DeriveError

        if isinstance(excinfo.value, (Disagreement, DeriveError)):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The line that states the expectation."""
        return self.path, self.parent.expectations.line_of(self.name), f"{self.path.name}: part {self.name}"
