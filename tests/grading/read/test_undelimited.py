"""Formulas whose marks lost their backslashes: found where that is certain, with true places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.kernel.term import plain
from derive.latex.notation import Notation
from grading.read import read_answer
from grading.read.undelimited import undelimited

NOTATION = Notation.standard()


def formulas(text: str) -> list[str]:
    return [text[f.start : f.stop].strip() for f in undelimited(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("so\n\n[\na = \\frac{b}{c}\n]\n\nholds", ["a = \\frac{b}{c}"]),
        ("[\na = \\alpha\n],\nand\n  [\nb = c\n]", ["a = \\alpha", "b = c"]),
        ("[ a = \\alpha ]", ["a = \\alpha"]),
        ("> [\n> a = \\alpha\n> ]", ["> a = \\alpha"]),
        ("the rate (\\alpha + 1) is (\\beta).", ["\\alpha + 1", "\\beta"]),
        ("with (f(\\alpha) = (a+b)^2), so", ["f(\\alpha) = (a+b)^2"]),
        ("where (\\text{rate of change} = \\alpha)", ["\\text{rate of change} = \\alpha"]),
        # words in brackets are words, and a bracket that belongs to a formula in prose is no formula by itself
        ("(see part (a) for \\alpha and the rest)", []),
        ("f(\\alpha) and x^(\\beta) and (\\alpha)^2 and (\\alpha)(\\beta)", []),
        ("[1] a citation \\alpha\n\n[\nsome words\n]", []),
        ("[\na = \\alpha\n\nnever closed", []),
        ("[\n" * 3 + "\\alpha", []),
        # a text with marks of its own has lost none
        ("[\na = \\alpha\n]\n\nand $b = c$", []),
        ("(\\alpha) and \\(b\\)", []),
        ("no LaTeX (a = b)\n\n[\na = b\n]", []),
    ],
)
def test_found(text: str, found: list[str]) -> None:
    assert formulas(text) == found


def test_places_and_display() -> None:
    part = read_answer("Let (\\alpha = 2 b).\n\n[\n  c = \\alpha\n    = 2 b\n]\n", NOTATION).parts[0]
    assert [(r.place.line, r.place.column, r.formula.display, r.defining) for r in part.relations] == [
        (1, 6, False, True),
        (4, 3, True, False),
        (5, 7, True, False),
    ]
    assert [plain(r.right.term) for r in part.relations if r.right.term] == ["2*b", "\\alpha", "2*b"]


@given(st.lists(st.sampled_from([*"[]()\n a$=", "\\alpha", "[\n", "\n]\n", "word ", "\\["]), max_size=40).map("".join))
def test_any_text(text: str) -> None:
    position = 0
    for f in undelimited(text):
        assert position <= f.outer < f.start <= f.stop < f.end <= len(text)
        position = f.end
