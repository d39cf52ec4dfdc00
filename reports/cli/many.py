"""Grading many answers, one after another, in processes, or on a scheduler; none of them costs another its grade."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from derive.errors import DeriveError

if TYPE_CHECKING:
    from grading.result import GradeResult

Graded: TypeAlias = "tuple[GradeResult, float]"
"""One graded answer, and the seconds that it took."""


@dataclass(frozen=True)
class Task:
    """What to grade an answer against; ``debug`` lets unexpected errors through."""

    assignment: str
    problem: str | None
    part: str | None
    simulate: bool
    debug: bool = False

    def __call__(self, name: str, text: str) -> Graded | str:
        """The grades of one answer; a sentence where there are none."""
        from grading import grade, load_assignment

        start = time.perf_counter()
        try:
            assignment = load_assignment(self.assignment)
            result = grade(text, assignment, problem=self.problem, part=self.part, answer=name, simulate=self.simulate)
        except DeriveError as error:
            return f"{name}: {error}"
        except Exception as error:  # a fault of derive in one answer must not cost the others their grades
            if self.debug:
                raise
            return f"{name}: derive failed unexpectedly ({type(error).__name__}: {error}). Please report this."
        return result, time.perf_counter() - start


def outcomes(
    answers: Sequence[Path], task: Task, jobs: int = 1, scheduler: str | None = None
) -> Iterator[tuple[Path, Graded | str]]:
    """Each answer in order with its grades, or with the sentence that says why there are none."""
    if scheduler is not None:
        from grading.adapters.dask import executor

        with executor(scheduler) as workers:
            yield from _shared(answers, task, workers)
    elif jobs > 1 and len(answers) > 1:
        with ProcessPoolExecutor(jobs) as pool:  # the precision of ball arithmetic is global to a process
            yield from _shared(answers, task, pool)
    else:
        for path in answers:
            yield path, _read(path).then(task)


@dataclass(frozen=True)
class _Answer:
    """A file's name with its text, or with the sentence that says why it cannot be read."""

    name: str
    text: str
    refused: bool = False

    def then(self, task: Task) -> Graded | str:
        return self.text if self.refused else task(self.name, self.text)


def _read(path: Path) -> _Answer:
    from reports.cli.inputs import read_text

    try:
        return _Answer(str(path), read_text(path))
    except DeriveError as error:
        return _Answer(str(path), str(error), refused=True)


def _shared(answers: Sequence[Path], task: Task, workers: Executor) -> Iterator[tuple[Path, Graded | str]]:
    read = [_read(path) for path in answers]
    futures = [workers.submit(answer.then, task) for answer in read]
    for path, answer, future in zip(answers, read, futures, strict=True):
        try:
            yield path, future.result()
        except BrokenExecutor:  # some answer ended a worker: this one may be innocent
            yield path, _alone(answer, task)
        except Exception as error:  # a lost worker of a scheduler has an exception of its own
            if task.debug:
                raise
            yield path, f"{answer.name}: it could not be graded ({type(error).__name__}: {error})."


def _alone(answer: _Answer, task: Task) -> Graded | str:
    try:
        with ProcessPoolExecutor(1) as own:
            return own.submit(answer.then, task).result()
    except BrokenExecutor:
        return f"{answer.name}: the process that graded it was ended by the system, for want of memory perhaps."
