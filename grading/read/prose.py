"""The prose around a formula: what stands before and after it, and whether it introduces a definition."""

from __future__ import annotations

import re
from typing import Final

from derive.latex.tables import tables
from grading.read.found import Found
from grading.read.source import HOLE

MAX_BEFORE: Final = 600
"""Characters of prose kept before a formula."""
MAX_AFTER: Final = 300
_BLOCK: Final = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*+\u2022]|\d{1,2}[.)])[ \t])")
_SENTENCE: Final = re.compile(r"[.!?](?=\s|$)")


def before(text: str, mask: str, formula: Found, floor: int) -> str:
    """The prose from the end of the previous display, or of the block before, to the formula."""
    floor = max(floor, formula.outer - MAX_BEFORE)
    chunk = mask[floor : formula.outer]
    end = len(chunk.rstrip())
    breaks = [m.end() for m in _BLOCK.finditer(chunk, 0, max(end - 1, 0))]
    # the block that the formula itself stands in, or the one before where it begins its own
    start = breaks[-1] if breaks else 0
    return text[floor + start : formula.outer].strip()


def after(text: str, mask: str, formula: Found, ceiling: int) -> str:
    """The prose from the formula to the end of the sentence or block."""
    ceiling = min(ceiling, formula.end + MAX_AFTER)
    chunk = mask[formula.end : ceiling]
    block = _BLOCK.search(chunk)
    stop = block.start() if block else len(chunk)
    sentence = _SENTENCE.search(chunk, 0, stop)
    if sentence:
        stop = sentence.end()
    return text[formula.end : formula.end + stop].strip()


_STRIP: Final = re.compile(r"[*_#>{}\\]")
_HOLES: Final = re.compile(HOLE + "+")
_LAST_SENTENCE: Final = re.compile(r"(?:[.;!?]\s|\n\s*(?:[-*+\u2022]\s)?)")


def introduces(lead: str, defined: bool) -> bool:
    """Whether the words right before a formula make it a definition.

    ``lead`` has its formulas overwritten; ``defined`` says whether the formula before it was a definition.
    """
    data = tables()
    sentence = _LAST_SENTENCE.split(lead.rstrip())[-1] if lead.strip() else ""
    bare = _HOLES.sub(f" {HOLE} ", _STRIP.sub(" ", sentence))
    raw = bare.split()
    words = [w for w in (w.strip(",.:()").lower() for w in raw) if w]
    if not words:
        return False
    tail = words[-1]
    goes_on = tail in ("and", "or") or tail == HOLE and bare.rstrip().endswith(",")
    if goes_on and defined and (HOLE in words or len(words) <= 2):
        return True
    if tail == HOLE:
        return False
    if tail == "with" and len(raw) > 1 and raw[-2] != HOLE and not raw[-2].endswith(","):
        return False  # "we start with" introduces nothing
    if len(words) > 1 and words[-2] in data.not_defining_after:
        return False
    if tail in data.defining or " ".join(words[-2:]) in data.defining:
        return True
    first = next((w for w in words if w not in ("now", "next", "also", "we", "first", "then", "so", "here")), "")
    return first in data.defining_first and HOLE not in words
