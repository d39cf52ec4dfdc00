r"""Letters that an answer itself uses as functions.

``J(p) = ...`` with nothing else on the left is an application: nobody writes a product of two letters with
brackets around the second as a whole side. Such letters are functions in the whole answer, unless the subject
declares them as something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from derive.latex.lexer import Tokens, Unread, lex
from derive.latex.notation import Name, Notation
from derive.latex.spelling import base_at, canonical_script, script_range, with_scripts, word
from derive.latex.tables import tables

_LIKELY: Final = re.compile(r"\)\s*(?:\}\s*)?&?\s*(?:=|:=|\\sim|\\propto|\\approx|\\coloneqq|\\equiv|\\triangleq|\Z)")
_CALLED: Final = re.compile(
    r"(?<![A-Za-z\\])([A-Za-z])\s*(?:\\left)?\(\s*(?:\\[A-Za-z]+|[A-Za-z])(?:_(?:\w|\{\w+\}))?\s*(?:\\right)?\)"
)
"""A letter with a single name in brackets; of the letters that functions are called by this makes one of them."""


def applied_letters(formulas: Iterable[str], notation: Notation) -> list[Name]:
    """The names that stand applied as a whole left side of some formula."""
    found: dict[str, Name] = {}
    for latex in formulas:
        for letter in _CALLED.findall(latex):
            if letter in tables().function_like and letter != "E" and not notation.find(letter):
                found.setdefault(letter, Name(letter, "function", guessed=True))
        if len(latex) > 5_000 or _LIKELY.search(latex) is None:
            continue
        try:
            tokens = lex(latex)
        except Unread:
            continue
        if tokens.problem is not None:
            continue
        for start in _starts(tokens):
            name = _applied(tokens, start, notation)
            if name is not None:
                found.setdefault(name, Name(name, "function", guessed=True))
    return list(found.values())


_OWN: Final = re.compile(r"\s*([A-Za-z])\s*&?\s*(?::=|=|\\coloneqq|\\triangleq|\\equiv)")
_INTRODUCED: Final = re.compile(r"\b(?:let|define|write|where|with|set|put|denote|call)\b[^.;\n]*$", re.IGNORECASE)


def own_letters(formulas: Iterable[tuple[str, str]], notation: Notation) -> list[Name]:
    """Letters for constants (e) that an answer defines itself ("let $e = y - m$"); ``formulas`` with the words before.

    A letter that is also raised to powers stays the constant.
    """
    found: dict[str, Name] = {}
    raised: set[str] = set()
    for words, latex in formulas:
        raised |= {letter for letter in tables().constants if f"{letter}^" in latex.replace(" ", "")}
        own = _OWN.match(latex)
        letter = own[1] if own else ""
        if letter in tables().constants and not notation.find(letter) and (":=" in latex or _INTRODUCED.search(words)):
            found[letter] = Name(letter, "scalar")
    return [name for letter, name in found.items() if letter not in raised]


def _starts(tokens: Tokens) -> list[int]:
    """Where statements may start: the beginning, and after commas, rows, wide spaces and implications."""
    starts = [0]
    i = 0
    while i < len(tokens.kinds):
        if tokens.kinds[i] in ("comma", "row", "wide", "tab", "implies", "begin"):
            starts.append(i + 1)
        i = tokens.match.get(i, i) + 1
    return starts


def _applied(tokens: Tokens, start: int, notation: Notation) -> str | None:
    kinds, texts = tokens.kinds, tokens.texts
    end = len(kinds)
    if start >= end or kinds[start] not in ("letter", "accent"):
        return None
    base = base_at(tokens, start, end, notation.phrases)
    if base is None or base.pending >= 0:
        return None
    sub, mark, i = "", "", base.after
    while i + 1 < end and kinds[i] in ("sub", "sup"):
        first, last, after = script_range(tokens, i + 1)
        if first >= last:
            return None
        text = word(tokens, first, last) or canonical_script(tokens, first, last)
        if kinds[i] == "sub":
            sub = text
        elif text in tables().marks or text.startswith("\\text"):
            mark = tables().marks.get(text, text)
        else:
            return None
        i = after
    if i >= end or texts[i] != "(" or kinds[i] != "open":
        return None
    close = tokens.match.get(i, end)
    after_close = close + 1
    while after_close < end and kinds[after_close] == "tab":
        after_close += 1
    whole = start == 0 and after_close == end and kinds[base.after] == "open"  # $c(x)$ by itself
    if not whole and (after_close >= end or kinds[after_close] != "relation"):
        return None
    if not _names_only(tokens, i + 1, close, notation):
        return None
    name = with_scripts(base.spelling, sub, mark)
    if base.spelling == "E" or base.spelling in tables().constants:
        return None
    if notation.find(name) or notation.find(base.spelling):
        return None
    return name


def _names_only(tokens: Tokens, first: int, last: int, notation: Notation) -> bool:
    """Whether a bracket holds single names or numbers, separated by commas, semicolons or bars."""
    i = first
    while i < last:
        if tokens.kinds[i] == "number":
            i += 1
        else:
            base = base_at(tokens, i, last, notation.phrases)
            if base is None or base.pending >= 0:
                return False
            i = base.after
            while i + 1 < last and tokens.kinds[i] in ("sub", "sup"):
                i = script_range(tokens, i + 1)[2]
        if i < last:
            if tokens.kinds[i] not in ("comma", "semicolon", "mid"):
                return False
            i += 1
    return last > first
