"""Answers in clearly different habits, each read whole: every relation as it was checked by eye."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from derive.kernel.term import plain
from derive.latex.notation import Name, Notation
from grading.read import read_answer
from grading.read.document import Answer

NOTATIONS = {
    "diffusion": Notation.standard().declare(
        [Name(s, "scalar") for s in (r"\Delta t", r"\sigma", "T", "t", "k", r"\eta")]
        + [Name(s, "family") for s in ("X", r"\hat X", "x")]
    ),
    "preference": Notation.standard().declare(
        [Name(s, "scalar") for s in (r"\beta", "x", "y", "y_w", "y_l", "y_1", "y_2", r"\theta", r"\pi^*", r"\pi")]
        + [Name(s, "function") for s in (r"\pi_\theta", r"\pi_{\text{ref}}", r"\pi_{\theta^*}", r"\pi^*", r"\pi")]
        + [Name(s, "function") for s in (r"r_\phi", r"\hat r_\theta", "Z", r"\tau", "p", "q")]
        + [Name(r"\sigma", "function", "logistic"), Name("p", "scalar"), Name("q", "scalar")]
    ),
}
CASES = Path(__file__).parents[2] / "cases" / "reading"
ANSWERS: dict[str, dict[str, Any]] = tomllib.loads((CASES / "answers.toml").read_text("utf-8"))


def read(name: str) -> Answer:
    text = (CASES / "answers" / name).read_text("utf-8")
    return read_answer(text, NOTATIONS[ANSWERS[name]["notation"]])


def shown(answer: Answer, problem: str | None) -> list[str]:
    """Part, line and trees of every relation."""
    found = []
    for part in answer.parts:
        for r in part.relations if problem is None or part.problem == problem else ():
            left = "?" if r.left.term is None else plain(r.left.term)
            right = "?" if r.right.term is None else plain(r.right.term)
            sign = f"{r.kind} (defines)" if r.defining else r.kind
            found.append(f"{part.label} {r.place.line}: {left} {sign} {right}".strip())
    return found


def test_every_answer_is_listed() -> None:
    assert {p.name for p in (CASES / "answers").iterdir()} == set(ANSWERS)


@pytest.mark.parametrize("name", ANSWERS)
def test_relations(name: str) -> None:
    assert shown(read(name), ANSWERS[name].get("problem")) == ANSWERS[name]["relations"]


@pytest.mark.parametrize("name", ANSWERS)
def test_parts(name: str) -> None:
    found = [p.label for p in read(name).parts if p.relations]
    assert found == ANSWERS[name]["parts"]


@pytest.mark.parametrize("name", ANSWERS)
def test_nearly_all_is_read(name: str) -> None:
    relations = [r for p in read(name).parts for r in p.relations]
    whole = [r for r in relations if r.left.term is not None and r.right.term is not None]
    assert len(whole) >= 0.95 * len(relations) > 15


@pytest.mark.parametrize("name", ANSWERS)
def test_places(name: str) -> None:
    lines = (CASES / "answers" / name).read_text("utf-8").split("\n")
    for relation in (r for p in read(name).parts for r in p.relations):
        for side in (relation.left, relation.right):
            rest = lines[side.place.line - 1][side.place.column - 1 :]
            assert rest and not rest[0].isspace()
