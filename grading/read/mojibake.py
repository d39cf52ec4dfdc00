"""Wrongly decoded UTF-8, such as Ïƒ² for σ²: repaired where that is certain, with places kept.

UTF-8 that somebody read as Windows-1252 or Latin-1 shows two to four odd characters for each character that is
no ASCII. Nobody writes such a sequence, so that one that decodes to a sign of mathematics, a Greek letter or
another character that people write was read wrongly; everything else stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_BYTES: Final = {bytes([n]).decode("cp1252", "replace"): n for n in range(0x80, 0x100)} | {
    chr(n): n for n in range(0x80, 0x100)
}
_SEQUENCE: Final = re.compile(
    "[\u00c2-\u00f4][" + re.escape("".join(c for c, n in _BYTES.items() if n < 0xC0)) + "]{1,3}"
)
_MEANT: Final = re.compile(
    "[\u00a0-\u00ff\u02b0-\u036f\u0370-\u03ff\u1d00-\u1dbf\u2000-\u22ff\u2300-\u23ff\u2500-\u27ff"
    "\u2900-\u2bff\u2c60-\u2c7f\U0001d400-\U0001d7ff\u1e00-\u1eff]"
)
"""Characters that people write: accents, Greek, scripts, signs of mathematics, punctuation, arrows, alphabets."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text, where its characters stood before, line by line, and how many were repaired."""

    text: str
    columns: dict[int, tuple[int, ...]]
    """For each repaired line (from 0) the old column (from 0) of every new one, with one more for its end."""
    count: int

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person is told."""
        if not self.count:
            return ()
        what = "1 character was" if self.count == 1 else f"{self.count} characters were"
        return (f"{what} UTF-8 that had been decoded wrongly (such as \u00cf\u0192 for \u03c3), and read as meant.",)


def repaired(text: str) -> Repaired:
    """The text with wrongly decoded lines repaired."""
    if _SEQUENCE.search(text) is None:
        return Repaired(text, {}, 0)
    lines = text.split("\n")
    columns: dict[int, tuple[int, ...]] = {}
    count = 0
    for number, line in enumerate(lines):
        if _SEQUENCE.search(line) is None:
            continue
        pieces: list[str] = []
        old: list[int] = []
        position = repairs = 0
        while position < len(line):
            found = _SEQUENCE.match(line, position)
            meant = None if found is None else _meant(found[0])
            if meant is not None:
                pieces.append(meant[0])
                old.append(position)
                position += meant[1]
                repairs += 1
            else:
                pieces.append(line[position])
                old.append(position)
                position += 1
        if repairs:
            count += repairs
            lines[number] = "".join(pieces)
            columns[number] = (*old, len(line))
    return Repaired("\n".join(lines), columns, count)


def _meant(sequence: str) -> tuple[str, int] | None:
    """The character that a sequence begins with, and how many characters show it; None where there is none."""
    raw = bytes(_BYTES[c] for c in sequence)
    length = 2 if raw[0] < 0xE0 else 3 if raw[0] < 0xF0 else 4
    try:
        character = raw[:length].decode("utf-8")
    except UnicodeDecodeError:
        return None
    return (character, length) if _MEANT.fullmatch(character) else None
