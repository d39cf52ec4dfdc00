"""Verdicts on answers to problem 1: own cases in many habits, and an outside answer where it is present."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from grading import check_reference, grade, load_assignment

CASES = tomllib.loads(
    (Path(__file__).parent.parent / "cases" / "grading" / "hw13_problem1.toml").read_text(encoding="utf-8")
)["case"]
OUTSIDE = Path(__file__).parents[3] / "shared" / "answers" / "chatgpt"


@pytest.fixture(scope="module")
def hw13():
    return load_assignment("hw13")


def test_the_reference_solution_holds(hw13):
    assert check_reference(hw13) == ()


@pytest.mark.parametrize("case", CASES, ids=[f"{c['part']}-{c['verdict']}-{c['why']}" for c in CASES])
def test_verdict(case, hw13):
    text = f"({case['part'][-1]})\n\n{case['text']}"
    [part] = grade(text, hw13, part=case["part"]).parts
    assert part.verdict == case["verdict"], part.why


@pytest.mark.skipif(not OUTSIDE.exists(), reason="the outside answers are not here")
def test_outside_answer_part_by_part(hw13):
    text = (OUTSIDE / "problem1.md").read_text(encoding="utf-8")
    gold = [json.loads(line) for line in (OUTSIDE / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    expected = {g["part"]: g for g in gold if g["file"] == "problem1.md"}
    graded = {p.part: p for p in grade(text, hw13, problem="1").parts}
    for part in ("1a", "1b", "1c", "1d", "1e"):
        assert graded[part].verdict == expected[part]["verdict"], graded[part].why
        first = graded[part].first_error
        if expected[part]["first_error"] is None:
            assert first is None
        else:
            # The gold names the whole chain; the false relation is one of its links.
            assert first is not None
            assert graded[part].relations[first].latex.rstrip(".") in expected[part]["first_error"]
            assert graded[part].relations[first].counterexample is not None
    assert [p.problem for p in graded["1d"].premises] == [r"\hat X_1 \sim \mathcal N(0, 1)"]
    assert all(graded[p].verdict == "review" and graded[p].to_review for p in ("1f", "1g", "1h"))
