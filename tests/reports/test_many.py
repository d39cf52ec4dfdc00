"""Many answers: the same grades however the work is shared, and no answer costs another its grade."""

from __future__ import annotations

import os
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from derive.errors import DeriveError
from grading.adapters.dask import executor
from reports.cli import many

TASK = many.Task("hw13", None, "1a", simulate=False)
ANSWER = "# Problem 1\n## (a)\n$$\\boxed{X_1 \\sim \\mathcal{N}(0, %s)}$$\n"


@pytest.fixture
def answers(tmp_path: Path) -> list[Path]:
    found = []
    for index, variance in enumerate(("\\sigma^2 + 1", "\\sigma^2", "1 + \\sigma^2")):
        found.append(tmp_path / f"{index}.md")
        found[-1].write_text(ANSWER % variance, encoding="utf-8")
    return [*found[:1], tmp_path / "none.md", *found[1:]]


def verdicts(outcomes: Any) -> list[str]:
    return [outcome if isinstance(outcome, str) else outcome[0].parts[0].verdict for _, outcome in outcomes]


def test_processes_change_nothing_and_a_missing_file_costs_nobody(answers: list[Path]) -> None:
    alone = verdicts(many.outcomes(answers, TASK))
    assert alone[::2] == ["correct", "wrong"] and alone[3] == "correct"
    assert "there is no such file" in alone[1]
    assert verdicts(many.outcomes(answers, TASK, jobs=2)) == alone


def test_a_fault_in_one_answer_is_told_and_the_others_are_graded(
    answers: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import grading

    real = grading.grade

    def grade(text: str, *arguments: Any, **options: Any) -> Any:
        if "(0, \\sigma^2)" in text:
            raise RecursionError("too deep")
        return real(text, *arguments, **options)

    monkeypatch.setattr(grading, "grade", grade)
    found = verdicts(many.outcomes(answers, TASK))
    assert found[0] == found[3] == "correct"
    assert "failed unexpectedly (RecursionError: too deep)" in found[2]
    with pytest.raises(RecursionError):
        list(many.outcomes(answers, replace(TASK, debug=True)))


class Deadly(many.Task):
    """Ends the process that grades the wrong answer."""

    def __call__(self, name: str, text: str) -> many.Graded | str:
        if "(0, \\sigma^2)" in text:
            os._exit(1)
        return super().__call__(name, text)


def test_a_process_that_dies_takes_one_answer_with_it(answers: list[Path]) -> None:
    found = verdicts(many.outcomes(answers, Deadly("hw13", None, "1a", False), jobs=2))
    assert found[0] == found[3] == "correct"
    assert "was ended by the system" in found[2]


def test_a_lost_worker_of_a_scheduler_is_told(answers: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    class Losing(Executor):
        def submit(self, fn: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(RuntimeError("worker lost"))
            return future

    found = verdicts(many._shared(answers[:1], TASK, Losing()))
    assert "could not be graded (RuntimeError: worker lost)" in found[0]


def test_grading_on_a_scheduler(answers: list[Path]) -> None:
    distributed = pytest.importorskip("distributed")
    with pytest.raises(DeriveError, match="No Dask scheduler answers"), executor("tcp://127.0.0.1:9"):
        pass
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        found = verdicts(many.outcomes(answers, TASK, scheduler=cluster.scheduler_address))
    assert found == verdicts(many.outcomes(answers, TASK))
