"""How much is read of texts from outside, where they are at hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from derive.latex.notation import Notation
from derive.theory.loader import theory
from grading.read import read_answer
from grading.read.document import Answer, Place, Relation

SHARED = Path(__file__).parents[4] / "shared"
SUBJECTS = {"1": "diffusion", "2": "preference", "4": "variance-preserving"}
"""The theory of each problem of the homework."""


def text(*names: str) -> str:
    path = SHARED.joinpath(*names)
    if not path.is_file():
        pytest.skip("no texts from outside here")
    return path.read_text("utf-8")


def share(relations: Iterable[Relation]) -> float:
    """The share of the relations that are read on both sides."""
    whole = [r.left.term is not None and r.right.term is not None for r in relations]
    assert whole
    return sum(whole) / len(whole)


def of(answer: Answer, problem: str | None = None) -> list[Relation]:
    return [r for p in answer.parts for r in p.relations if problem is None or p.problem == problem]


@pytest.mark.parametrize(
    ("names", "subject", "least"),
    [
        (("answers", "chatgpt", "problem1.md"), "diffusion", 1.0),
        (("answers", "chatgpt", "problem2.md"), "preference", 0.97),
        (("seeds", "dpo-page.md"), "preference", 0.97),
    ],
)
def test_answers(
    names: tuple[str, ...], subject: str, least: float, record_property: Callable[[str, object], None]
) -> None:
    found = share(of(read_answer(text(*names), theory(subject).notation)))
    record_property("read", found)
    assert found >= least


def test_homework_with_solutions(record_property: Callable[[str, object], None]) -> None:
    source = text("seeds", "hw13-with-solutions.md")
    relations = [r for n, name in SUBJECTS.items() for r in of(read_answer(source, theory(name).notation), n)]
    found = share(relations)
    record_property("read", found)
    assert len(relations) > 150 and found >= 0.97


def test_solutions_to_general_problems(record_property: Callable[[str, object], None]) -> None:
    records = [json.loads(line) for line in text("external", "solutions.jsonl").splitlines()[::4]]
    whole = total = 0
    for record in records:
        answer = read_answer("\n\n".join(record["steps"]), Notation.standard())
        formulas: dict[tuple[Place, str], bool] = {}
        sides = [(r.formula, s) for r in of(answer) for s in (r.left, r.right)]
        sides += [(formula, side) for p in answer.parts for side, formula in p.expressions]
        for formula, side in sides:
            key = formula.place, formula.latex
            formulas[key] = formulas.get(key, True) and side.term is not None
        whole += sum(formulas.values())
        total += len(formulas)
    record_property("read", whole / total)
    assert whole >= 0.95 * total
