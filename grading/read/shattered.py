"""Mathematics that fell apart: text copied from a PDF, its formulas in single characters on lines of their own.

Such a stretch has no certain reading; it is recognised, so that what is lost is said and nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from grading.read.source import HOLE

LEAST: Final = 3
"""Lines of single characters that make a stretch."""
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff\u00ad]")
_LABEL: Final = re.compile(r"\(?[A-Za-z0-9]{1,2}[.):]|[-=_*~`]{3,}|[#>]+|\(?[ivx]+\)")
_GLYPH: Final = re.compile(r"[^\s]{1,2}|[^\s\w]?\w[^\s\w]|[^\s\w]{3}")
_WORD: Final = re.compile(r"[A-Za-z]{4,}|[A-Za-z]{2,}\s+[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class Shattered:
    """A stretch of text [start, stop), its first and last line from 1, and how many characters it holds."""

    start: int
    stop: int
    first: int
    last: int
    characters: int

    @property
    def notice(self) -> str:
        """What a person is told."""
        return (
            f"Lines {self.first} to {self.last}: {self.characters} characters of formulas that fell apart, one or two "
            "to a line, as copied from a PDF; they are not read. Write these formulas as LaTeX."
        )


def shattered(mask: str) -> list[Shattered]:
    """Every stretch of prose in which formulas fell apart; ``mask`` is the text with its whole formulas overwritten."""
    found: list[Shattered] = []
    lines: list[tuple[int, int, int, str]] = []  # number, start, stop, what it shows
    blank = position = 0
    for number, line in enumerate([*mask.split("\n"), HOLE], 1):
        shown = _INVISIBLE.sub("", line).strip()
        start, stop = position, position + len(line)
        position = stop + 1
        blank = blank + 1 if not shown else 0
        ends = HOLE in shown or _WORD.search(shown) is not None or _LABEL.fullmatch(shown) is not None
        if ends or blank > 1:
            found += _stretch(lines)
            lines = []
        elif shown:
            lines.append((number, start, stop, shown))
    return found


def _stretch(lines: list[tuple[int, int, int, str]]) -> list[Shattered]:
    """The lines from the first single character to the last, where they are enough."""
    glyphs = [n for n, (*_, shown) in enumerate(lines) if _GLYPH.fullmatch(shown)]
    telling = [n for n in glyphs if not lines[n][3].isdigit()]
    if len(glyphs) < LEAST or len(telling) < 2 or 2 * len(glyphs) < glyphs[-1] - glyphs[0] + 1:
        return []
    # what stands around the single characters lost them
    chosen = lines[max(glyphs[0] - 1, 0) : glyphs[-1] + 2]
    characters = sum(len("".join(shown.split())) for *_, shown in chosen)
    return [Shattered(chosen[0][1], chosen[-1][2], chosen[0][0], chosen[-1][0], characters)]


def stray_lines(mask: str) -> list[tuple[int, int]]:
    """In a text that fell apart: lines of one to three characters, with the line before and after, joined."""
    found: list[tuple[int, int]] = []
    spans: list[tuple[int, int, bool, bool]] = []
    position = 0
    for line in mask.split("\n"):
        shown = _INVISIBLE.sub("", line).strip()
        single = 0 < len(shown) <= 3 and HOLE not in shown and _LABEL.fullmatch(shown) is None
        spans.append((position, position + len(line), single, bool(shown)))
        position += len(line) + 1
    for n, (start, stop, _, shows) in enumerate(spans):
        if shows and any(single for _, _, single, _ in spans[max(n - 1, 0) : n + 2]):
            found.append((start, stop))
    return found
