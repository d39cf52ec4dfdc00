"""Verdicts on answers to homework 13: own cases in many habits, and an outside answer where it is present."""

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


GOLD = (
    [json.loads(line) for line in (OUTSIDE / "gold.jsonl").read_text("utf-8").splitlines()] if OUTSIDE.exists() else []
)


@pytest.fixture(scope="module")
def outside(hw13):
    graded = {}
    for number in ("1", "2"):
        text = (OUTSIDE / f"problem{number}.md").read_text(encoding="utf-8")
        graded |= {(number, p.part): p for p in grade(text, hw13, problem=number).parts}
    return graded


@pytest.mark.parametrize("gold", GOLD, ids=[g["part"] for g in GOLD])
def test_outside_answer(gold, outside):
    found = outside[gold["file"].removeprefix("problem")[0], gold["part"]]
    assert found.verdict == gold["verdict"], found.why
    if gold["first_error"] is None:
        assert found.first_error is None
    else:
        # The gold names the whole chain; the false relation is one of its links.
        assert found.first_error is not None
        assert found.relations[found.first_error].latex.rstrip(".") in gold["first_error"]
        assert found.relations[found.first_error].counterexample is not None


@pytest.mark.skipif(not OUTSIDE.exists(), reason="the outside answers are not here")
def test_outside_answer_for_the_right_reasons(outside):
    assert [p.problem for p in outside["1", "1d"].premises] == [r"\hat X_1 \sim \mathcal N(0, 1)"]
    assert [p.problem for p in outside["1", "1h"].premises] == [r"\hat X_1 \sim \mathcal N(0, 1)"]
    assert "which the trainer does not know" in outside["1", "1f"].why
    assert "carried" in {r.method for r in outside["1", "1g"].relations}
    printed = [r for r in outside["2", "2g"].relations if "DPO" in r.latex]
    assert [r.status for r in printed] == ["given"]
