"""Mathematics in prose without dollar signs: what becomes a formula, what does not, and where it stands."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.kernel.term import plain
from derive.latex.notation import Name, Notation
from grading.read import read_answer
from grading.read.document import Answer, Relation

CASES = tomllib.loads((Path(__file__).parents[2] / "cases" / "reading" / "prose.toml").read_text(encoding="utf-8"))[
    "cases"
]
NOTATION = Notation.standard().declare(
    [Name(s, "scalar") for s in (r"\Delta t", r"\sigma", "T", "t", "k")]
    + [Name(s, "family") for s in ("X", r"\hat X")]
    + [Name(r"\pi_\theta", "function")]
)


def read(text: str) -> Answer:
    return read_answer(text, NOTATION)


def relations(text: str) -> list[Relation]:
    return [r for p in read(text).parts for r in p.relations]


def shown(r: Relation) -> str:
    left = "?" if r.left.term is None else plain(r.left.term)
    right = "?" if r.right.term is None else plain(r.right.term)
    return f"{left} {r.kind} {right}"


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[c[0] for c in CASES])
def test_prose(text: str, expected: list[str]) -> None:
    assert [shown(r) for r in relations(text)] == expected


@pytest.mark.parametrize("text", [c[0] for c in CASES])
def test_places_are_true(text: str) -> None:
    lines = f"First line.\n\n{text}".split("\n")
    for r in relations("\n".join(lines)):
        for side in (r.left, r.right):
            written = lines[side.place.line - 1][side.place.column - 1 :]
            assert written[:1] == side.latex[:1] or side.latex.startswith("\\") or side.latex[:1] in "√"


def test_a_formula_on_its_own_line_is_displayed() -> None:
    found = relations("Hence T = σ² holds.\n\nT = σ².\n\n- T = σ²,")
    assert [r.formula.display for r in found] == [False, True, True]
    assert [r.formula.latex for r in found] == ["T = σ²"] * 3


def test_a_chain_goes_on_in_the_next_line() -> None:
    found = relations("T = σ²\n\n= t\n\nThus t = 1")
    assert [(r.chain, r.opens) for r in found] == [(0, True), (0, False), (1, True)]


def test_a_subscript_without_braces_that_may_go_on_is_said() -> None:
    part = read("So X_t−Δt ~ N(0, t).").parts[0]
    assert part.relations == ()
    [(side, _)] = part.expressions
    assert side.problem is not None and "braces" in side.problem and "line 1, column 4" in side.problem
    assert [shown(r) for r in relations("X_t − Δt = σ")] == ["X(t) + (-1)*\\Delta t = \\sigma"]
    assert [shown(r) for r in relations("X_1+X_2 = σ")] == ["X(1) + X(2) = \\sigma"]


def test_prose_of_a_latex_document_is_prose() -> None:
    text = "\\documentclass{article}\n\\begin{document}\nso T = σ² and $T = t$\n\\end{document}\n"
    assert [shown(r) for r in relations(text)] == ["T = t"]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*"()[|+−=~→⇒,.*_!}&'² T1ka\n√∫"]
            + ["σ²", "Δt", "X_t", "X̂₀", "noise", "so", "of", "...", "**", "$a=b$", "Var(", "dt", "^2", "_{t", "<b>"]
            + [" ", "\n\n", "- ", "(a) "]
        ),
        max_size=25,
    ).map("".join)
)
def test_any_prose_is_read(text: str) -> None:
    for part in read(text).parts:
        for r in part.relations:
            for side in (r.left, r.right):
                assert (side.term is None) == (side.problem is not None)
