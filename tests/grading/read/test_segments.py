"""Where the parts of an answer begin."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from grading.read.source import formulas, masked, visible
from grading.segments import announcements, segments

CASES = tomllib.loads((Path(__file__).parents[2] / "cases" / "reading" / "segments.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[c["why"] for c in CASES])
def test_parts(case: dict[str, object]) -> None:
    text = visible(str(case["text"]))
    found = segments(masked(text, formulas(text)), text)
    assert [f"{s.problem or '-'} {s.label}".strip() for s in found] == case["parts"]
    for before, after in zip(found, found[1:], strict=False):
        assert before.stop == after.start


def test_titles_keep_their_formulas() -> None:
    text = "**(a) The law of $X_1$**\n\n$x$\n\n## (b) *Variance*:\n"
    found = segments(masked(text, formulas(text)), text)
    assert [s.title for s in found] == ["The law of $X_1$", "Variance"]


def test_announcements() -> None:
    text = "Answer (a): x\n\nThe answer is y.\n\n**Final answer:** z\n\nResult: w"
    assert [a.label for a in announcements(text)] == ["a", None, None]
