"""Wrongly decoded UTF-8: repaired where that is certain, with places that are true to the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.kernel.term import plain
from derive.latex.notation import Notation
from grading.read import read_answer
from grading.read.mojibake import repaired

UNDEFINED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)


def broken(text: str, codec: str = "cp1252") -> str:
    """The text as it looks when its UTF-8 is read in another encoding."""
    return "".join(chr(b) if b in UNDEFINED else bytes([b]).decode(codec) for b in text.encode())


@pytest.mark.parametrize("codec", ["cp1252", "latin-1"])
@pytest.mark.parametrize(
    "text", ["σ² + Δt ≈ 1", "X̂₀ = ∏ₖ √t", "“so” — it … · × ÷ ∫₀¹ dt ≪ 1", "é, ü and ñ", "𝒩(0, σ²)", "plain"]
)
def test_repaired(text: str, codec: str) -> None:
    found = repaired(broken(text, codec))
    assert found.text == text
    assert found.count == sum(c > "\x7f" for c in text)


@pytest.mark.parametrize("text", ["σ² ≈ 1", "Âge, Ã la carte, NAÏVE", "É", "Ï(x) = ƒ", "naïve “text”", "â"])
def test_what_is_right_stays(text: str) -> None:
    assert repaired(text).text == text
    assert repaired(text).notices == ()


def test_mixed_lines_are_repaired_where_they_are_broken() -> None:
    assert repaired("σ = " + broken("σ²")).text == "σ = σ²"


def test_places_are_those_of_the_file() -> None:
    text = "first\n" + broken("Var = σ² so T = σ² + 1 holds") + "\n$a = " + broken("σ") + " = b$\n"
    answer = read_answer(text, Notation.standard())
    lines = text.split("\n")
    relations = [r for p in answer.parts for r in p.relations]
    assert [plain(r.left.term) for r in relations if r.left.term] == ["T", "a", "\\sigma"]
    starts = [lines[r.left.place.line - 1][r.left.place.column - 1 :][:2] for r in relations]
    assert starts == ["T ", "a ", broken("σ")]
    [notice] = answer.notices
    assert notice.startswith("5 characters were UTF-8")


@given(st.text(alphabet="aσ²≈Ïâ‰ƒÂ\n 𝒩é", max_size=30))
def test_any_text(text: str) -> None:
    found = repaired(text)
    assert found.text.count("\n") == text.count("\n")
    for number, columns in found.columns.items():
        old, new = text.split("\n")[number], found.text.split("\n")[number]
        assert len(columns) == len(new) + 1 and columns[-1] == len(old)
        assert list(columns) == sorted(set(columns))


@given(st.text(alphabet="abc σ²≈Δt∏√∫₀¹−×·é\n", max_size=40))
def test_what_was_broken_comes_back(text: str) -> None:
    assert repaired(broken(text)).text == text
