r"""Formulas whose marks lost their backslashes on the way: ``[ ... ]`` on lines of their own, ``( ... )`` in prose.

Copying a chat as plain text turns ``\[`` into ``[`` and ``\(`` into ``(``. That is taken for certain only in a text
without any other marks around formulas; a bracket in prose is one only where it holds LaTeX and no words.
"""

from __future__ import annotations

import re
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
    position = 0
    while True:
        opening = _OPENS.search(text, position)
        line = _ONE_LINE.search(text, position)
        if line is not None and (opening is None or line.start() < opening.start()):
            position = line.end()
            if _MATHEMATICS.search(line["content"]):
                start, stop = line.span("content")
                yield Found(start, stop, start - 2, stop + 2, True)
            continue
        if opening is None:
            return
        position = opening.end()
        closing = _CLOSES.search(text, position)
        if closing is None or text.count("\n", position, closing.start()) > MAX_LINES:
            continue
        content = text[position : closing.start()]
        if _MATHEMATICS.search(content) and _OPENS.search(content) is None:
            outer = text.rindex("[", 0, position)
            yield Found(position, closing.start(), outer, text.index("]", closing.start()) + 1, True)
            position = closing.end()


def _inline(text: str) -> Iterator[Found]:
    position = 0
    while True:
        opening = _ROUND.search(text, position)
        if opening is None:
            return
        start = position = opening.end()
        stop = _closing(text, start)
        if stop is None:
            continue
        content = text[start:stop]
        after = text[stop + 1 : stop + 2]
        plain = _WORDED.sub(" ", content)
        if _COMMAND.search(content) and not _WORD.search(plain) and not (after.isalnum() or after in "_^(" and after):
            yield Found(start, stop, start - 1, stop + 1, False)
            position = stop + 1


def _closing(text: str, start: int) -> int | None:
    """Where the bracket that is opened right before ``start`` closes, in its paragraph."""
    depth = 1
    for n in range(start, min(len(text), start + MAX_INLINE)):
        c = text[n]
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return n
        if c == "\n" and text[n + 1 : n + 2] in ("\n", ""):
            return None
    return None
