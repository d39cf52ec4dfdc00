r"""Text that somebody else wrote, made safe for LaTeX; and prose taken apart at its dollar signs."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from reports.blocks import pieces
from reports.breaking import broken
from reports.formula import UnsettableError, parse, vocabulary
from reports.typeset import latex

_SPECIAL: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "[": "{[}",  # an optional argument after \\ or \item
    "]": "{]}",
    "–": r"\textendash{}",
    "—": r"\textemdash{}",
    "‘": r"\textquoteleft{}",
    "’": r"\textquoteright{}",
    "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}",
    "…": r"\ldots{}",
    "\u00a0": "~",
    "•": r"\textbullet{}",
    "§": r"\S{}",
    "€": r"\texteuro{}",
    "°": r"\textdegree{}",
}
_LIGATURES: Final = re.compile(r"-(?=-)|'(?=')|,(?=,)|[!?](?=\\textasciigrave)")
_LONG: Final = 28
"""Characters of a word without a place to break the line; longer ones get places."""


def text(value: str) -> str:
    """The text for LaTeX: nothing in it is a command, and every character is one that the fonts have."""
    return " ".join(_word(word) for word in value.split(" "))


def source(value: str) -> str:
    """Source in typewriter for LaTeX, on one line of meaning, breakable anywhere."""
    characters = [_character(c) for c in " ".join(value.split())]
    return r"\texttt{" + r"\allowbreak{}".join(_mended(c) for c in characters) + "}"


def prose(value: str) -> str:
    """Prose for LaTeX, with the formulas between its dollar signs set."""
    return "".join(mathematics(piece) if is_formula else text(piece) for is_formula, piece in pieces(value))


def mathematics(value: str) -> str:
    """A formula for LaTeX, in dollars; its source in typewriter where it cannot be set."""
    set_formula = formula(value)
    return source(value) if set_formula is None else f"${set_formula}$"


def quantity(value: str) -> str:
    """A value such as 1/4 or 2^-128 in LaTeX."""
    return mathematics(raised(value))


def raised(value: str) -> str:
    """An exponent such as that of 2^-128 in braces."""
    return re.sub(r"\^(-?\d+)", r"^{\1}", value)


def formula(value: str) -> str | None:
    """The formula in safe LaTeX, or None where it cannot be set."""
    try:
        return latex(parse(value), text).strip()
    except UnsettableError:
        return None


def displayed(value: str) -> str | None:
    """The same for a line of its own: in rows where it is wider than the line."""
    try:
        return latex(broken(parse(value)), text).strip()
    except UnsettableError:
        return None


def _word(word: str) -> str:
    characters = [_character(c) for c in word]
    if len(characters) <= _LONG:
        return _mended("".join(characters))
    chunks = [characters[i : i + 8] for i in range(0, len(characters), 8)]
    return r"\allowbreak{}".join(_mended("".join(chunk)) for chunk in chunks)


def _mended(value: str) -> str:
    return _LIGATURES.sub(lambda m: m[0] + "{}", value)


def _character(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character in "\n\r\t" or " " <= character <= "~":
        return character
    composed = vocabulary().characters.get(character)
    if composed is not None:
        return composed if len(composed) == 1 else rf"\ensuremath{{{composed.strip()}}}"
    for table, sign in ((vocabulary().superscripts, "^"), (vocabulary().subscripts, "_")):
        if character in table:
            return rf"\ensuremath{{{sign}{{{table[character]}}}}}"
    if "\u00c0" <= character <= "\u017f" and unicodedata.category(character) in ("Lu", "Ll"):
        return character if character not in _NOT_IN_T1 else f"{{[}}U+{ord(character):04X}{{]}}"
    return f"{{[}}U+{ord(character):04X}{{]}}"


_NOT_IN_T1: Final = frozenset("ĦħĿŀŉŦŧſĸĲĳ")
