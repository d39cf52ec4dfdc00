"""Pieces of LaTeX source and the tokens that each stands for: commands, words, numbers, characters of Unicode."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache
from typing import Final

from derive.latex.tables import tables

MAX_DIGITS: Final = 2_000
"""Digits of one number."""

TOKEN: Final = re.compile(
    r"""
      \\(?:text|textrm|textbf|textit|textsf|texttt|textnormal|textup|mathrm|mathit|mathsf|mathtt|mathnormal|mbox|hbox
         |operatorname\*?)\s*\{[^{}]*\}
    | \\(?:mathbf|mathcal|mathbb|mathfrak|mathscr|boldsymbol|bm|pmb)
         \s*(?:\{\s*[A-Za-z01]\s*\}|(?<=[a-z]\s)[A-Za-z01](?![A-Za-z\d]))
    | \\(?:left|right|middle|[bB]igg?[lrm]?)(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|[^\\\s])
    | \\(?:begin|end)\s*\{[^{}]*\}(?:\{\d+\}|\[[tcb]\])?
    | \\(?:tag|label|phantom|hphantom|vphantom|hspace|vspace|color|eqref|ref)\*?\s*\{[^{}]*\}
    | \\(?:mathrm|mathsf|mathtt|mathnormal)\s+(?=[A-Za-z](?![A-Za-z]{2}))
    | \\not\s*=
    | \\[A-Za-z]+
    | \\\\\*?(?:\s*\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in|\\baselineskip)\s*\])?
    | \\.
    | \d*\.\d*\\overline\s*\{\d{1,30}\}
    | \d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)? | \d+(?:\{,\}\d{3})*(?:\.\d+)? | \.\d+
    | m\s*\\angle(?![A-Za-z])
    | [A-Za-z\u0370-\u03ff][\u0300-\u036f\u20d7]+
    | [A-Za-z]+(?![\u0300-\u036f\u20d7])
    | [\u2070-\u207f\u00b9\u00b2\u00b3\u1d2c-\u1d61\u1d9c-\u1dbf\u02b0-\u02b8\u02e1-\u02e3\u2c7d]+
    | [\u2080-\u209c\u1d62-\u1d6a\u2c7c]+
    | \u221a\s*\d+(?:\.\d+)?
    | := | =: | \.\.\.
    | \s+
    | %[^\n]*
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD: Final = re.compile(r"\\(text\w*|math(?:rm|it|sf|tt|normal)|mbox|hbox|operatorname\*?)\s*\{([^{}]*)\}", re.DOTALL)
_THIN: Final = re.compile(r"\\[,;:!]|\\ (?=max|min)|(?<=^arg) (?=max$|min$)")
_FONT: Final = re.compile(r"(\\[A-Za-z]+)\s*\{?\s*([A-Za-z01])\s*\}?")
_DELIMITER: Final = re.compile(r"\\(left|right|middle|[bB]igg?[lrm]?)\s*(.*)", re.DOTALL)
_SETS_TYPE: Final = frozenset(
    {"tag", "label", "phantom", "hphantom", "vphantom", "hspace", "vspace", "color", "eqref", "ref"}
)
_UPRIGHT: Final = frozenset({"\\mathrm", "\\mathsf", "\\mathtt", "\\mathnormal"})
_UNSEEN: Final = frozenset("\u200b\u200c\u200d\u2060\u2061\u2062\u2063\ufeff\u00ad")
"""Characters without width that copying leaves behind; those that turn the direction of writing are refused."""
_SIDED: Final = {
    ("left", "|"): "\\lvert",
    ("right", "|"): "\\rvert",
    ("left", "\\|"): "\\lVert",
    ("right", "\\|"): "\\rVert",
    ("left", "."): "\\left.",
    ("right", "."): "\\right.",
    ("middle", "|"): "\\mid",
    ("left", "<"): "\\langle",
    ("right", ">"): "\\rangle",
}
_PLAIN_WORDS: Final = 3
"""Letters that a word set as plain letters (log, Var) has at least, except ln."""
_LONG_RUN: Final = 5
"""A run of this many letters is a word, not a product."""
_SHORT_WORD: Final = re.compile(r"[A-Za-z](?=[a-z]*[aeiou])[a-z]{3}|[A-Z](?=[a-z]*[aeiou])[a-z]{2}")
"""Three or four letters with a vowel after the first: ``cost``, ``Sum``."""
_LONG_NAME: Final = 8
"""A run of at most this many capitals may name a figure by its points."""

Marks = tuple[tuple[str, str], ...]


@lru_cache(maxsize=20_000)
def normalise(raw: str, products: bool) -> Marks:
    """The canonical tokens, text and kind, that a piece of source stands for."""
    data = tables()
    kinds = data.kinds
    if raw == "...":
        return (("\\dots", "dots"),)
    first = raw[0]
    if first.isspace() or first == "%" or first in _UNSEEN:
        return ()
    if first.isdigit() and first.isascii() or (first == "." and len(raw) > 1):
        if len(raw) > MAX_DIGITS:
            return ((raw, "unknown"),)
        if raw[-1] == "}":
            return ((_recurring(raw), "number"),)
        return ((raw.replace("{,}", "").replace(",", ""), "number"),)
    if first.isascii() and first.isalpha():
        if raw.endswith("angle") and "\\" in raw:
            return (("\\angle", "letter"),)  # the measure of an angle
        if not raw.isascii():
            return _accented(raw) or ((raw, "unknown"),)
        if raw in data.commands and (len(raw) >= _PLAIN_WORDS or raw == "ln"):
            return ((data.commands[raw], kinds[data.commands[raw]]),)
        if len(raw) >= _PLAIN_WORDS and f"\\text{{{raw}}}" in data.words:
            return ((f"\\text{{{raw}}}", "word"),)
        long = len(raw) >= _LONG_RUN and not (raw.isupper() and len(raw) <= _LONG_NAME)
        if not products and (long or _SHORT_WORD.fullmatch(raw) and not _neighbours(raw)):
            return ((raw, "run"),)
        return tuple((c, kinds.get(c, "letter")) for c in raw)
    if first == "\\":
        return _command(raw)
    if first in data.unicode and len(raw) == 1:
        return tuple((t, kinds.get(t, "number" if t.isdigit() else "letter")) for t in data.unicode[first])
    if not first.isascii():
        return _drawn(raw)
    return ((raw, kinds.get(raw, "unknown")),)


def _neighbours(letters: str) -> bool:
    """Whether letters are neighbours in the alphabet, as in ``abc`` or ``uvwx``, which is no word."""
    places = sorted(ord(c) for c in letters)
    return all(1 <= b - a <= 2 for a, b in zip(places, places[1:], strict=False))


def _recurring(raw: str) -> str:
    r"""``0.1\overline{6}`` as the fraction that it is."""
    whole, _, rest = raw.partition(".")
    fixed, _, cycle = rest.partition("\\overline")
    cycle = cycle.strip(" {}")
    value = Fraction(int(whole or "0") * 10 ** len(fixed) + int(fixed or "0"), 10 ** len(fixed))
    return str(value + Fraction(int(cycle), (10 ** len(cycle) - 1) * 10 ** len(fixed)))


def _drawn(raw: str) -> Marks:
    """Characters that show what LaTeX says by a command: scripts, accents, alphabets, roots of numbers."""
    data = tables()
    if raw[0] == "\u221a" and len(raw) > 1:
        return (("\u221a", "root"), ("{", "open"), (raw[1:].strip(), "number"), ("}", "close"))
    split = unicodedata.decomposition(raw[0])
    if split.startswith(("<super>", "<sub>")):
        pieces = TOKEN.findall(unicodedata.normalize("NFKC", raw))
        inner = tuple(mark for piece in pieces for mark in normalise(piece, True))
        script = ("^", "sup") if split.startswith("<super>") else ("_", "sub")
        return (script, *inner) if len(inner) == 1 == len(raw) else (script, ("{", "open"), *inner, ("}", "close"))
    return _accented(raw) or _lettered(raw) or ((raw, data.kinds.get(raw, "unknown")),)


def _accented(raw: str) -> Marks:
    """A letter with accents above it, in one character or several; nothing where it is none that is known."""
    data = tables()
    split = unicodedata.normalize("NFD", raw)
    base, accents = split[0], split[1:]
    if not accents or not all(a in data.combining for a in accents):
        return ()
    letter = normalise(base, True)
    if len(letter) != 1 or letter[0][1] != "letter":
        return ()
    return (*((data.combining[a], "accent") for a in reversed(accents)), *letter)


def _lettered(raw: str) -> Marks:
    """A letter of the mathematical alphabets: italic ones are plain letters, the others have a command."""
    style, _, _ = unicodedata.name(raw[0], "").removeprefix("MATHEMATICAL ").rpartition(" ")
    font = next((f for words, f in tables().alphabets.items() if words in style.split()), None)
    if not unicodedata.decomposition(raw[0]).startswith("<font>") or len(raw) > 1:
        return ()
    plain = normalise(unicodedata.normalize("NFKC", raw), True)
    if len(plain) != 1 or plain[0][1] != "letter" or font is None or font == "":
        return plain if plain[0][1] in ("letter", "number") else ()
    text = f"{font} {plain[0][0]}"
    return ((text, tables().kinds.get(text, "letter")),) if len(plain[0][0]) == 1 else ()


def _command(raw: str) -> Marks:
    data = tables()
    kinds = data.kinds
    if raw[-1].isspace() and raw.strip() in _UPRIGHT:
        return ()
    if raw in data.unicode:  # escaped for Markdown: \\_ and \\*
        return tuple((t, kinds[t]) for t in data.unicode[raw])
    kind = kinds.get(raw)
    if kind == "skip":
        return ()
    if kind is not None and kind != "accent":
        return ((raw, kind),)
    if raw.startswith("\\\\"):
        return (("\\\\", "row"),)
    if raw.startswith("\\not"):
        return (("\\ne", "relation"),) if raw.endswith("=") else ((raw, "unknown"),)
    if raw.startswith(("\\begin", "\\end")) and "{" in raw:
        name = raw[raw.index("{") + 1 : raw.index("}")].strip()
        return ((name, "begin" if raw[1] == "b" else "end"),)
    delimiter = _DELIMITER.fullmatch(raw)
    if delimiter:
        side, mark = delimiter.groups()
        mark = {"\\lbrace": "\\{", "\\rbrace": "\\}", "\\vert": "|", "\\Vert": "\\|"}.get(mark, mark)
        text = _SIDED.get((side, mark), mark)
        return ((text, kinds.get(text, "unknown")),)
    head = re.match(r"\\([A-Za-z]+)", raw)
    if head and head[1] in _SETS_TYPE:
        return ((raw, "wide"),) if head[1] == "hspace" else ()
    word = _WORD.fullmatch(raw)
    if word:
        return _word(word[1], " ".join(_THIN.sub("", word[2]).replace("~", " ").split()))
    if "{" in raw or " " in raw or (kind == "accent" and len(raw) > 1 and raw[-1].isupper()):
        font = _FONT.fullmatch(raw)
        if font:
            text = f"{data.values[font[1]]} {font[2]}"
            return ((text, kinds.get(text, "letter")),)
    return ((raw, kind or "unknown"),)


def _word(command: str, content: str) -> Marks:
    """``\\text{..}`` and its relatives: an operator, a mark of punctuation, or a word."""
    data = tables()
    if not content:
        return ()
    if content in data.commands:
        return ((data.commands[content], data.kinds[data.commands[content]]),)
    if content == "d" or (len(content) == 1 and command in ("mathit", "textit", "mathnormal")):
        return ((content, "letter"),)
    if content.isdigit():
        return ((content, "number"),)
    if content in ".,;:":
        return ((content, data.kinds[content]),)
    text = f"\\text{{{content}}}"
    kind = data.kinds.get(text, "function" if command.startswith("operatorname") else "word")
    return ((text, kind),)
