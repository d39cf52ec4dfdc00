"""Texts that state a result without having earned it, or hide a wrong one: none of them is 'correct'."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from derive.errors import DeriveError
from grading import grade, load_assignment

CASES = tomllib.loads(
    (Path(__file__).parent.parent / "cases" / "grading" / "laundering.toml").read_text(encoding="utf-8")
)["case"]


def marked(case):
    marks = [pytest.mark.xfail(strict=True)] if case.get("known_failure") else []
    return pytest.param(case, id=f"{case['part']}-{case['why']}", marks=marks)


@pytest.fixture(scope="module")
def hw13():
    return load_assignment("hw13")


def answer(case):
    """The case's text under its part's heading; ``@`` stands for what is repeated many times."""
    if "raw" in case:
        return case["raw"]
    text = case["text"].replace("@", case["repeat"] * case["times"]) if "repeat" in case else case["text"]
    return f"({case['part'][-1]})\n\n{text}"


def test_no_case_allows_correct():
    assert all("correct" not in c["accept"] for c in CASES)


@pytest.mark.parametrize("case", [marked(c) for c in CASES])
def test_verdict(case, hw13):
    try:
        [part] = grade(answer(case), hw13, part=case["part"]).parts
    except DeriveError:
        assert "error" in case["accept"]
        return
    assert part.verdict in case["accept"], part.why
