"""The assignment 'kalman': a subject that no code knows. Whole answers, and single lines by the hundred."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from grading import check_reference, grade, load_assignment

CASES = Path(__file__).parent.parent / "cases" / "grading"
VARIANTS = tomllib.loads((CASES / "kalman_variants.toml").read_text(encoding="utf-8"))
LAUNDERING = tomllib.loads((CASES / "kalman_laundering.toml").read_text(encoding="utf-8"))["case"]
EXPECTED = tomllib.loads((CASES / "kalman" / "expected.toml").read_text(encoding="utf-8"))
DESERVED = {"wrong": "wrong", "flawed": "flawed", "right": "correct"}


@pytest.fixture(scope="module")
def kalman():
    return load_assignment("kalman")


LINES = [
    pytest.param(part, kind, text, id=f"{part}-{kind}-{n}")
    for part, kinds in VARIANTS.items()
    for kind, texts in kinds.items()
    for n, text in enumerate(texts)
]


def test_the_reference_solution_holds(kalman):
    assert check_reference(kalman) == ()


def test_there_are_enough_variants():
    least = {"wrong": 10, "flawed": 5, "right": 10}
    assert len(VARIANTS) >= 4
    assert all(len(kinds[kind]) >= n for kinds in VARIANTS.values() for kind, n in least.items())


@pytest.mark.parametrize(("part", "kind", "text"), LINES)
def test_variant(part, kind, text, kalman):
    [found] = grade(f"({part[-1]})\n\n{text}", kalman, part=part).parts
    assert found.verdict == DESERVED[kind], found.why


@pytest.mark.parametrize(("part", "kind", "text"), [p for p in LINES if p.values[1] != "right"])
def test_nothing_false_is_called_correct(part, kind, text, kalman):
    [found] = grade(f"({part[-1]})\n\n{text}", kalman, part=part).parts
    assert found.verdict not in ("correct", "leading-order")
    assert found.first_error is not None


@pytest.mark.parametrize("name", EXPECTED)
def test_whole_answer(name, kalman):
    result = grade((CASES / "kalman" / name).read_text(encoding="utf-8"), kalman)
    usual = EXPECTED[name][""]
    assert {p.part: p.verdict for p in result.parts} == {p.id: EXPECTED[name].get(p.id, usual) for p in kalman.parts}
    assert not result.notices


def test_a_law_of_a_made_variable_is_no_premise_of_the_writers(kalman):
    text = r"(b) $y_1 \sim \mathcal N(m, s^2 r)$, so $\theta \mid y_1 \sim \mathcal N(m, s^2)$."
    [found] = grade(text, kalman, part="1b").parts
    assert (found.verdict, found.premises) == ("wrong", ())


@pytest.mark.parametrize("case", LAUNDERING, ids=lambda c: f"{c['part']}-{c['text'][:40]}")
def test_nothing_is_talked_into_being_correct(case, kalman):
    [found] = grade(f"({case['part'][-1]})\n\n{case['text']}", kalman, part=case["part"]).parts
    assert found.verdict == case["verdict"], found.why


def test_every_refutation_shows_its_point(kalman):
    for name in ("wrong.md", "flawed.md"):
        for part in grade((CASES / "kalman" / name).read_text(encoding="utf-8"), kalman).parts:
            refuted = [r for r in part.relations if r.status == "refuted"]
            assert all(r.counterexample is not None and r.counterexample.point for r in refuted), part.part
    [part] = grade(r"(a) $\frac{\partial p_1}{\partial z_1} = p_1$", kalman, part="3a").parts
    assert set(part.relations[0].counterexample.point) == {"z_1", "z_2", "z_3"}
