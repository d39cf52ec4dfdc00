"""Formulas that fell apart into single characters: recognised, said, and not read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.latex.notation import Name, Notation
from grading.read import read_answer
from grading.read.shattered import shattered

NOTATION = Notation.standard().declare([Name("\\sigma", "scalar"), Name("T", "scalar"), Name("X", "family")])
APART = [
    "X\n1\n∼N(0,σ\n2\n+1)",
    "σ\n2\n=\nT\n\u200b",
    "X\n1\n=σ\n\n2\n+T\n",
    "X\n^\n0\n\n=\nσ\n2\n+1\nσ\n2\n\nX\n1\n",
    "t\n=\n1\n∑\nT\n",
]
WHOLE = [
    "one\n\ntwo\n\nthree",
    "1\n2\n3\n4",
    "(a)\n\n(b)\n\n(c)\n",
    "- a\n- b\n- c\n",
    "a) so\nb) no\nc) it",
    "$$\n\\sigma\n2\n=\nT\n$$",
    "T = σ²\n= 1\n= X_1",
    "---\n\n***\n\n===\n",
    "x\n\n\ny\n\n\nz",
]


@pytest.mark.parametrize("text", APART)
def test_what_fell_apart_is_said_and_not_read(text: str) -> None:
    answer = read_answer(f"We find the following law.\n\n{text}\n\nThat is all there is to say.", NOTATION)
    [notice] = answer.notices
    assert notice.startswith("Lines 3 to ") and "LaTeX" in notice
    assert all(not p.relations for p in answer.parts)


@pytest.mark.parametrize("text", WHOLE)
def test_what_is_whole_is_left_alone(text: str) -> None:
    assert read_answer(text, NOTATION).notices == ()


def test_the_rest_is_read() -> None:
    answer = read_answer("T = 1/σ holds.\n\nX\n1\n=σ\n2\n\nso then $T = 2$ and T = σ here", NOTATION)
    assert len(answer.notices) == 1
    assert [r.latex for p in answer.parts for r in p.relations] == ["T = 1/σ", "T = 2", "T = σ"]


def test_how_much_is_lost() -> None:
    [found] = shattered("words before\nX\n1\n=\nσ\nwords after\n")
    assert (found.first, found.last, found.characters) == (2, 5, 4)


@given(st.text(alphabet="σ2=+ \nab\u200b-(", max_size=60))
def test_stretches_are_apart_and_in_order(text: str) -> None:
    position = 0
    for found in shattered(text):
        assert position <= found.start < found.stop <= len(text)
        assert text.count("\n", 0, found.start) + 1 == found.first
        assert text.count("\n", 0, found.stop) + 1 == found.last
        position = found.stop
