r"""Formulas whose marks lost their backslashes on the way: ``[ ... ]`` on lines of their own, ``( ... )`` in prose.

Copying a chat as plain text turns ``\[`` into ``[`` and ``\(`` into ``(``. That is taken for certain only in a text
without any other marks around formulas; a bracket in prose is one only where it holds LaTeX and no words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from grading.read.found import Found

MAX_LINES: Final = 60
"""Lines of one display."""
MAX_INLINE: Final = 400
"""Characters of one formula in brackets."""
_MARKED: Final = re.compile(r"\$|\\\(|\\\[")
_OPENS: Final = re.compile(r"^[ \t>]*\[[ \t]*$", re.MULTILINE)
_CLOSES: Final = re.compile(r"^[ \t>]*\][ \t]*[.,;]?[ \t]*$", re.MULTILINE)
_ONE_LINE: Final = re.compile(r"^[ \t>]*\[[ \t](?P<content>[^\n]+)[ \t]\][ \t]*[.,;]?[ \t]*$", re.MULTILINE)
_COMMAND: Final = re.compile(r"\\[A-Za-z]+")
_MATHEMATICS: Final = re.compile(r"\\[A-Za-z]+|[=<>^_]|[\u2200-\u22ff]")
_ROUND: Final = re.compile(r"(?<![\w)\]}\\^])\((?=\S)")
_WORDED: Final = re.compile(r"\\(?:text\w*|mathrm|operatorname\*?|mbox)\s*\{[^{}]*\}|\\[A-Za-z]+|[_^]\{?[A-Za-z]+\}?")
_WORD: Final = re.compile(r"[A-Za-z]{3,}|[A-Za-z]{2,}\s+[A-Za-z]+")


def undelimited(text: str) -> list[Found]:
    """The formulas of a text that has no marks around formulas; nothing where it has some."""
    if _COMMAND.search(text) is None or _MARKED.search(text):
        return []
    found = list(_displays(text))
    rest = list(text)
    for f in found:
        rest[f.outer : f.end] = " " * (f.end - f.outer)
    return sorted([*found, *_inline("".join(rest))], key=lambda f: f.outer)


def _displays(text: str) -> Iterator[Found]:
    lines = list(_ONE_LINE.finditer(text))
    closings = [m.start() for m in _CLOSES.finditer(text)]
    openings = list(_OPENS.finditer(text))
    for line in lines:
        if _MATHEMATICS.search(line["content"]):
            start, stop = line.span("content")
            yield Found(start, stop, start - 2, stop + 2, True)
    for number, opening in enumerate(openings, 1):
        start = opening.end()
        n = bisect_left(closings, start)
        if n == len(closings) or number < len(openings) and openings[number].start() < closings[n]:
            continue  # never closed, or another one opens before
        content = text[start : closings[n]]
        if content.count("\n") <= MAX_LINES and _MATHEMATICS.search(content):
            outer = text.rindex("[", 0, start)
            yield Found(start, closings[n], outer, text.index("]", closings[n]) + 1, True)


def _inline(text: str) -> Iterator[Found]:
    partners = _partners(text)
    position = 0
    for opening in _ROUND.finditer(text):
        start = opening.end()
        stop = partners.get(opening.start(), -1)
        if start < position or not 0 < stop - start <= MAX_INLINE:
            continue
        content, after = text[start:stop], text[stop + 1 : stop + 2]
        goes_on = after.isalnum() or after in ("_", "^", "(")
        if _COMMAND.search(content) and not _WORD.search(_WORDED.sub(" ", content)) and not goes_on:
            yield Found(start, stop, start - 1, stop + 1, False)
            position = stop + 1


def _partners(text: str) -> dict[int, int]:
    """Every opening bracket with the one that closes it, in one paragraph."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for mark in re.finditer(r"[()]|\n[ \t]*\n", text):
        if mark[0] == "(":
            opened.append(mark.start())
        elif mark[0] != ")":
            opened = []
        elif opened:
            found[opened.pop()] = mark.start()
    return found
