"""Capital letters side by side: names of figures in geometry, and open elsewhere."""

from __future__ import annotations

import pytest

from derive.kernel.term import plain
from derive.latex.notation import Name, Notation
from grading.read import read_answer


def read(text: str, notation: Notation | None = None) -> list[str]:
    found = [r for p in read_answer(text, notation or Notation.standard()).parts for r in p.relations]
    sides = [(r.left.term, r.kind, r.right.term) for r in found]
    return [f"{'?' if a is None else plain(a)} {kind} {'?' if b is None else plain(b)}" for a, kind, b in sides]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In triangle $ABC$ we have $AB = 2 BC^2$.", ["AB = 2*BC^2"]),
        ("The angle: $\\angle ABC = 60^\\circ$, $AB \\cdot CD = x$", ["\\angle ABC = 60*^\\circ", "AB*CD = x"]),
        ("The segment $AB$ with $A = (0, 1)$ and $AB = 3$", ["A = tuple(0, 1)", "AB = 3"]),
        ("A pentagon: $PQRST$ and $PQ = QR$", ["PQ = QR"]),
        ("In the triangle, $\\sin A = \\frac{BC}{AB}$", ["sin(A) = BC*AB^(-1)"]),
        # nothing says that there are figures
        ("We have $AB = 5$.", ["? = 5"]),
        # a letter is a quantity somewhere in the text
        ("The triangle has area $A = 3$ and $AB = 5$", ["A = 3", "? = 5"]),
        ("In the circle, $2A + B = 1$ and $AB = 5$ and $CD = 4$", ["2*A + B = 1", "? = 5", "CD = 4"]),
        # a digit twice, as in a number written with letters
        ("In the square, $AAB = 5$", ["? = 5"]),
    ],
)
def test_figures(text: str, expected: list[str]) -> None:
    assert read(text) == expected


def test_declared_letters_stay_what_they_are() -> None:
    notation = Notation.standard().declare([Name("A", "scalar"), Name("B", "scalar")])
    assert read("In triangle $ABC$ we have $AB = 5$.", notation) == ["A*B = 5"]
