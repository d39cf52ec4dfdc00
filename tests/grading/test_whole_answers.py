"""Whole answers to homework 13 in seven habits of writing, with the verdict that an expert would give to each part."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from grading import grade, load_assignment

FOLDER = Path(__file__).parent.parent / "cases" / "grading" / "whole"
ANSWERS = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))["answer"]
UNEARNED = ("wrong", "flawed", "missing")


def cases():
    for entry in ANSWERS:
        for problem, parts in entry["parts"].items():
            for letter, verdict in parts.items():
                part = problem + letter
                marks = [pytest.mark.xfail(strict=True)] if part in entry.get("known_failure", ()) else []
                yield pytest.param(entry["file"], part, verdict, id=f"{entry['file']}-{part}", marks=marks)


@pytest.fixture(scope="module")
def graded():
    """Results by file, each file graded once."""
    hw13, found = load_assignment("hw13"), {}

    def results(name):
        if name not in found:
            text = (FOLDER / name).read_text(encoding="utf-8")
            found[name] = {p.part: p for p in grade(text, hw13, answer=name).parts}
        return found[name]

    return results


def test_every_answer_is_listed():
    assert {p.name for p in FOLDER.iterdir()} - {"expected.toml"} == {e["file"] for e in ANSWERS}


@pytest.mark.parametrize(("name", "part", "verdict"), list(cases()))
def test_verdict(name, part, verdict, graded):
    result = graded(name)[part]
    assert result.verdict == verdict, result.why


@pytest.mark.parametrize("entry", ANSWERS, ids=[e["file"] for e in ANSWERS])
def test_nothing_unearned_is_correct(entry, graded):
    expected = {n + letter: v for n, parts in entry["parts"].items() for letter, v in parts.items()}
    found = graded(entry["file"])
    assert [p for p, v in expected.items() if v in UNEARNED and found[p].verdict == "correct"] == []


PLACES = [
    (e["file"], part, quote)
    for e in ANSWERS
    for part, quote in e.get("first_error", {}).items()
    if part not in e.get("known_failure", ())
]


@pytest.mark.parametrize(("name", "part", "quote"), PLACES, ids=[f"{n}-{p}" for n, p, _ in PLACES])
def test_the_first_error_is_named(name, part, quote, graded):
    result = graded(name)[part]
    assert result.first_error is not None
    line = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    start = result.relations[result.first_error].line - 1
    assert quote in "\n".join(line[start : start + 6])
