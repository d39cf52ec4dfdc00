"""Mathematics in plain text, mark by mark: which pieces of a line can stand in a formula, and their LaTeX.

Nothing is decided here about which marks make up a formula; that is for ``grading.read.plain``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from derive.latex.notation import Notation
from derive.latex.tables import tables
from grading.read.source import HOLE


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of plain text: its kind, where it stands, and the LaTeX for it.

    Kinds: ``number letter function operator relation implies open close bar comma dots script prime`` stand in
    formulas; ``word stop`` do not, and ``break`` is something unknown that a formula may hang on.
    """

    kind: str
    start: int
    stop: int
    latex: str
    sure: bool = False
    """Whether no prose has this mark: Greek, a script, a mathematical sign."""


_GAP: Final = "[ \t\u00a0\u2009\u202f]"
_MARK: Final = re.compile(
    rf"""
      (?P<space>{_GAP}+)
    | (?P<newline>\n(?:{_GAP}*\n)*)
    | (?P<tag></?[A-Za-z][^<>\n]*>)
    | (?P<stop>\*\*|__|--+|[;:?\u2014\u2022"\u201c\u201d\u2018](?!=)|\.(?!\d|\.\.))
    | (?P<ordinal>\d+(?:st|nd|rd|th)\b)
    | (?P<hyphened>[\w\u0370-\u03ff]{{1,30}}(?:[-\u2010\u2011'\u2019][A-Za-z]{{3,}})+)
    | (?P<script>[_^](?:
          \{{(?:[^{{}}\n]|\{{[^{{}}\n]*\}})*\}} | (?<=\^)\((?:[^()\n]|\([^()\n]*\))*\) | (?<=\^)[-\u2212]\d+
        | \d+ | [A-Za-z]+ | [\u0370-\u03ff] | (?<=\^)\* ))
    | (?P<raised>[\u00b2\u00b3\u00b9\u2070-\u209c\u1d2c-\u1d6a\u1d9c-\u1dbf\u02b0-\u02b8\u02e1-\u02e3\u2c7c\u2c7d]+)
    | (?P<number>\d{{1,3}}(?:,\d{{3}})+(?![\d,])|\d+(?:\.\d+)?|\.\d+)
    | (?P<accented>[A-Za-z\u0370-\u03ff][\u0300-\u036f\u20d7]+)
    | (?P<word>[A-Za-z]+(?![\u0300-\u036f\u20d7]))
    | (?P<relation>:=|<=|>=|!=|~=|[-=]>|==?|[<>~])
    | (?P<dots>\.\.\.|[\u2026\u22ef])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_RELATIONS: Final = {"<=": "≤", ">=": "≥", "!=": "≠", "~=": "≈", "->": "→", "=>": "⇒", "==": "=", "~": "∼"}
_SIGNS: Final = {
    "+": "operator", "-": "operator", "*": "operator", "/": "operator", "(": "open", "[": "open", "{": "open",
    ")": "close", "]": "close", "}": "close", "|": "bar", ",": "comma", "'": "prime", "%": "operand", "!": "break",
}  # fmt: skip
_KINDS: Final = {
    "plus": "operator", "minus": "operator", "times": "operator", "slash": "operator", "relation": "relation",
    "implies": "implies", "prime": "prime", "letter": "letter", "root": "function", "big": "function",
    "mid": "bar", "parallel": "bar", "expectation": "function", "nabla": "function", "partial": "letter",
    "dots": "dots", "number": "number", "sup": "script", "fraction": "number", "function": "function",
}  # fmt: skip
_NEEDS_BRACKETS: Final = re.compile(rf"{_GAP}*[(\[_^{{]")
_SEES_LETTERS: Final = re.compile(rf"{_GAP}*[(\[_^A-Za-z0-9\u0370-\u03ff\u220f\u2211\u221a\u222b]")
_UNBRACKETED: Final = frozenset(["log", "ln", "exp", "sin", "cos", "tan"])
_FACTORIAL: Final = re.compile(rf"{_GAP}*[-+*/=)\],|\u2212\u00b7\u00d7\u2248]")
_BASES: Final = frozenset(["letter", "function", "close", "number", "script"])
SPACES: Final = frozenset(["space", "newline"])


def marks(text: str, notation: Notation) -> list[Mark]:
    """The marks of a text, all of it, in order."""
    found: list[Mark] = []
    integral = emphasis = False
    for piece in _MARK.finditer(text):
        kind, raw, start, stop = piece.lastgroup or "other", piece[0], piece.start(), piece.end()
        attached = bool(found) and found[-1].stop == start and found[-1].kind not in SPACES
        if kind in SPACES:
            emphasis = emphasis and kind == "space"
            found.append(Mark(kind, start, stop, " "))
        elif raw == "*" and not emphasis and attached and _starred(found[-1], notation):
            found.append(Mark("script", start, stop, "^*", sure=True))
        elif raw == "*" and (opens := _opens_emphasis(text, start)) is not None:
            found.append(Mark("space" if opens or emphasis else "break", start, stop, " "))
            emphasis = opens
        elif kind == "stop":
            found.append(Mark("stop", start, stop, raw))
        elif kind == "tag":
            found.append(Mark("break", start, stop, raw))
        elif kind in ("ordinal", "hyphened"):
            found.append(Mark("word", start, stop, raw))
        elif kind == "number":
            found.append(Mark("number", start, stop, raw))
        elif kind == "script":
            latex = _script(raw)
            known = latex is not None and attached and found[-1].kind in _BASES
            found.append(Mark("script" if known else "break", start, stop, latex or raw, sure=True))
        elif kind == "raised":
            found.append(Mark("script" if attached else "break", start, stop, raw, sure=True))
        elif kind == "accented":
            found.append(Mark("letter", start, stop, raw, sure=True))
        elif kind == "word":
            integral = integral and not (found and found[-1].kind == "newline")
            found.append(_word(text, raw, start, stop, integral, notation))
        elif kind == "relation":
            latex = _RELATIONS.get(raw, raw)
            found.append(Mark("implies" if latex == "⇒" else "relation", start, stop, latex))
        elif kind == "dots":
            found.append(Mark("dots", start, stop, "\\dots "))
        else:
            mark = _other(text, raw, start, stop)
            integral = integral or raw == "∫"
            found.append(mark)
    return found


def _starred(letter: Mark, notation: Notation) -> bool:
    """Whether a letter with a star is a declared name, such as p* for p^*."""
    spelling = "".join("".join(tables().unicode.get(c, (c,))) for c in letter.latex.strip())
    return f"{spelling}^*" in notation.names


def _opens_emphasis(text: str, at: int) -> bool | None:
    """Whether the star at a place opens or closes emphasis in Markdown; None where it may be a product."""
    before = text[at - 1 : at].strip(' \t\n([*_\u201c"') if at else ""
    after = text[at + 1 : at + 2].strip(' \t\n.,;:!?)]*_\u201d"|')
    return None if bool(before) == bool(after) else bool(after)


def _script(raw: str) -> str | None:
    """A script as LaTeX; None where what it holds is not certain."""
    sign, body = raw[0], raw[1:]
    if body[0] == "{" or len(body) == 1:
        return raw
    if body[0] == "(":  # X^(i) may be a copy of X, x^(n-1) is a power
        return f"{sign}{{{body[1:-1]}}}" if len(body) > 3 else None
    if body in tables().greek:
        return f"{sign}{{{tables().greek[body]}}}"
    if body in tables().word_subscripts:
        return f"{sign}{{\\text{{{body}}}}}"
    if body.isdigit() or body[0] in "-\u2212" or set(body) <= set("ijklmn"):
        return f"{sign}{{{body}}}"
    return None


def _word(text: str, raw: str, start: int, stop: int, integral: bool, notation: Notation) -> Mark:
    data = tables()
    if len(raw) == 1:
        return Mark("letter", start, stop, raw)
    after = text[stop : stop + 3]
    if raw == "sqrt" and after[:1] == "(":
        return Mark("function", start, stop, "√", sure=True)
    called = raw in data.commands or f"\\text{{{raw}}}" in data.words or f"\\text{{{raw}}}" in notation.names
    if called and (_NEEDS_BRACKETS.match(after) or (raw in _UNBRACKETED and _SEES_LETTERS.match(after))):
        sure = not after[:1].isspace()
        return Mark("function", start, stop, raw if raw in data.commands else f"\\text{{{raw}}}", sure=sure)
    if raw in data.greek:
        return Mark("letter", start, stop, data.greek[raw] + " ", sure=after[:1] in ("^", "_"))
    if integral and len(raw) == 2 and raw[0] == "d":
        return Mark("letter", start, stop, raw)
    return Mark("word", start, stop, raw)


@cache
def _kind_of(character: str) -> str | None:
    """The kind of a character that is no ASCII; None where it is no mathematics."""
    data = tables()
    if character in data.unicode:
        first = data.unicode[character][0]
        return _KINDS.get(data.kinds.get(first, "letter"))
    if character == "√":
        return "function"
    split = unicodedata.normalize("NFD", character)
    if len(split) == 2 and split[0].isascii() and split[1] in data.combining:
        return "letter"
    if "MATHEMATICAL" in unicodedata.name(character, ""):
        return "letter"
    return None


def _other(text: str, raw: str, start: int, stop: int) -> Mark:
    if raw == HOLE:
        return Mark("break", start, stop, raw)
    if raw == "$" and text[stop : stop + 1].isdigit():
        return Mark("space", start, stop, " ")  # an amount of money
    if raw in _SIGNS:
        kind = _SIGNS[raw]
        if raw == "!" and _FACTORIAL.match(text, stop):
            kind = "operand"
        return Mark("script" if kind == "operand" else kind, start, stop, "\\%" if raw == "%" else raw)
    if raw == "\u2019":
        return Mark("prime", start, stop, "'")
    kind_of = _kind_of(raw)
    if kind_of is None:
        return Mark("word" if raw.isalpha() else "break", start, stop, raw)
    return Mark(kind_of, start, stop, raw, sure=raw not in "\u2013\u2192\u21d2\u27f9")
