"""Stretches of plain text that may hold formulas: marks that follow each other, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from derive.latex.tables import tables
from grading.read.marks import SPACES, Mark

MAX_MARKS: Final = 400
"""Marks of one formula in prose; a long line has fifty."""
FORMULA: Final = frozenset(
    ["number", "letter", "function", "operator", "relation", "implies", "open", "close", "bar", "comma", "dots"]
    + ["script", "prime"]
)
_LISTS: Final = frozenset(["or", "and", "to", "through", "until"])
_SOON: Final = 5
"""Marks in which three words and the spaces between them lie."""
OPERAND: Final = frozenset(["letter", "function", "number", "open"])
ENDS: Final = frozenset(["letter", "number", "close", "script", "prime", "dots", "bar"])


@dataclass(frozen=True, slots=True)
class Stretch:
    """Marks without spaces, which of them have a space before, and what stands before and after."""

    marks: tuple[Mark, ...]
    before: str
    after: str
    """``stop`` (the end of a sentence or line), ``word``, or ``break`` (what is there may belong to the formula)."""

    def gap(self, n: int) -> bool:
        """Whether there is a space before mark n."""
        return n > 0 and self.marks[n - 1].stop < self.marks[n].start

    def part(self, first: int, last: int, before: str = "", after: str = "") -> Stretch:
        """Marks first, ..., last - 1."""
        return Stretch(self.marks[first:last], before or self.before, after or self.after)


def stretches(found: list[Mark]) -> Iterator[Stretch]:
    """Marks that may stand in a formula, as long as they follow each other."""
    found = [_article(found, n) for n in range(len(found))]
    n = 0
    while n < len(found):
        if found[n].kind not in FORMULA:
            n += 1
            continue
        first, run = n, [found[n]]
        n += 1
        while n < len(found):
            mark = found[n]
            if mark.kind in FORMULA:
                run.append(mark)
            elif mark.kind != "space" and not (mark.kind == "newline" and _goes_on(found, n, run[-1])):
                break
            n += 1
        if len(run) <= MAX_MARKS and any(m.kind == "relation" for m in run):
            yield Stretch(tuple(run), _before(found, first), _after(found, n, run[-1]))


def _article(found: list[Mark], n: int) -> Mark:
    """The words 'a' and 'I', which are letters too."""
    mark = found[n]
    if mark.kind != "letter" or mark.latex not in ("a", "A", "I") or n and found[n - 1].kind not in SPACES:
        return mark
    before = found[n - 2].kind if n > 1 else "stop"
    after = found[n + 2].kind if n + 2 < len(found) and found[n + 1].kind in SPACES else ""
    if before in ("operator", "relation", "open", "implies") or after not in OPERAND | {"word"}:
        return mark
    return Mark("break" if before in ENDS else "word", mark.start, mark.stop, mark.latex)


def _goes_on(found: list[Mark], n: int, last: Mark) -> bool:
    """Whether a formula goes on over the end of a line."""
    if found[n].stop - found[n].start > 1:
        return False
    after = _next(found, n + 1)
    return last.kind in ("operator", "relation", "open") or after is not None and after.kind in ("operator", "relation")


def _next(found: list[Mark], n: int) -> Mark | None:
    while n < len(found) and found[n].kind == "space":
        n += 1
    return found[n] if n < len(found) else None


def _before(found: list[Mark], first: int) -> str:
    """What stands before a stretch."""
    n = first - 1
    while n >= 0 and found[n].kind == "space":
        n -= 1
    if n < 0 or found[n].kind in ("stop", "newline"):
        return "line" if n < 0 or found[n].kind == "newline" else "stop"
    mark = found[n]
    attached = n == first - 1
    word = mark.latex.lower()
    if mark.kind != "word" or attached or word in tables().spoken or word in tables().commands:
        return "break"
    return "prose" if word in tables().prose else "word"


def _after(found: list[Mark], n: int, last: Mark) -> str:
    """What stands after a stretch that ends before mark n."""
    if n >= len(found) or found[n].kind in ("stop", "newline"):
        following = _next(found, n + 1) if n < len(found) and found[n].kind == "newline" else None
        return "break" if following is not None and following.kind == "operator" else "stop"
    mark = found[n]
    if mark.kind != "word" or mark.start == last.stop:
        return "break"
    word = mark.latex.lower()
    after = _next(found, n + 1)
    soon = {m.latex.lower() for m in found[n : n + _SOON] if m.kind == "word"}
    bare = word == "of" and after is not None and after.kind == "word"  # "T = 2 of the data", not "1/2 of T"
    if word in tables().spoken and not bare or soon & tables().spoken_soon:
        return "break"
    if after is None:
        return "word"
    attached = after.start == mark.stop
    if after.kind in ("operator", "relation", "script") or attached and after.kind in ("open", "break"):
        return "break"
    if word in _LISTS and after.kind in ("number", "dots", "letter") and not _states(found, n + 1):
        return "break"
    return "prose" if word in tables().prose else "word"


def _states(found: list[Mark], n: int) -> bool:
    """Whether the marks from n on hold a relation before the next word or stop."""
    while n < len(found) and (found[n].kind in FORMULA or found[n].kind == "space"):
        if found[n].kind == "relation":
            return True
        n += 1
    return False
