"""Slips, false steps and other ways of writing in single parts of problem 1, each with the verdict it deserves."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from grading import grade, load_assignment

CASES = tomllib.loads(
    (Path(__file__).parent.parent / "cases" / "grading" / "variants.toml").read_text(encoding="utf-8")
)["case"]


def marked(case):
    name = f"{case['part']}-{case['verdict']}-{case['why']}"
    marks = [pytest.mark.xfail(strict=True)] if case.get("known_failure") else []
    return pytest.param(case, id=name, marks=marks)


@pytest.fixture(scope="module")
def hw13():
    return load_assignment("hw13")


def answer(case):
    return f"({case['part'][-1]})\n\n{case['text']}"


def test_no_two_cases_are_alike():
    assert len({(c["part"], c["why"]) for c in CASES}) == len({answer(c) for c in CASES}) == len(CASES)


@pytest.mark.parametrize("case", [marked(c) for c in CASES])
def test_verdict(case, hw13):
    [part] = grade(answer(case), hw13, part=case["part"]).parts
    assert part.verdict == case["verdict"], part.why


@pytest.mark.parametrize(
    "case", [marked({**c, "known_failure": c.get("crashes")}) for c in CASES if c["verdict"] == "wrong"]
)
def test_a_wrong_result_is_never_right(case, hw13):
    [part] = grade(answer(case), hw13, part=case["part"]).parts
    assert part.verdict not in ("correct", "flawed"), part.why


@pytest.mark.parametrize("case", [marked({**c, "known_failure": c.get("crashes")}) for c in CASES])
def test_a_second_grading_is_the_same(case, hw13):
    first, second = (grade(answer(case), hw13, part=case["part"]).to_json() for _ in range(2))
    assert first == second
