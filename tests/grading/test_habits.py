"""Whole answers to problem 1 in several habits of writing, with the verdict that each part deserves."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from grading import grade, load_assignment

FOLDER = Path(__file__).parent.parent / "cases" / "grading"
ANSWERS = tomllib.loads((FOLDER / "habits.toml").read_text(encoding="utf-8"))["answer"]


def cases():
    for entry in ANSWERS:
        for part, verdict in entry["parts"].items():
            marks = [pytest.mark.xfail(strict=True)] if part in entry.get("known_failure", ()) else []
            yield pytest.param(entry["file"], part, verdict, id=f"{entry['file']}-{part}", marks=marks)


@pytest.fixture(scope="module")
def hw13():
    return load_assignment("hw13")


@pytest.fixture(scope="module")
def graded(hw13):
    """Verdicts by file, each file graded once; what cannot be graded raises where it is asked for."""
    found = {}

    def verdicts(name):
        if name not in found:
            text = (FOLDER / "answers" / name).read_text(encoding="utf-8")
            found[name] = {p.part: p for p in grade(text, hw13, problem="1", answer=name).parts}
        return found[name]

    return verdicts


def test_every_answer_is_listed():
    assert {p.name for p in (FOLDER / "answers").iterdir()} == {e["file"] for e in ANSWERS}


@pytest.mark.parametrize(("name", "part", "verdict"), list(cases()))
def test_verdict(name, part, verdict, graded):
    result = graded(name)[part]
    assert result.verdict == verdict, result.why
