"""Tokens: a formula cut into marks of known kind, its brackets matched and its bars told apart.

Linear in the length of the formula. Nothing is dropped but spaces and commands that only set type.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Final

from derive.latex.tables import tables

MAX_LENGTH: Final = 50_000
"""Characters in one formula; a page holds about 3,000."""
MAX_DEPTH: Final = 200
"""Brackets within brackets."""

MAX_DIGITS: Final = 2_000
"""Digits of one number."""


class Unread(ValueError):
    """A formula, or a part of it, that has no certain reading: why, and where it stops (offset from 0)."""

    def __init__(self, message: str, offset: int, token: str = "") -> None:
        super().__init__(message, offset, token)
        self.message = message
        self.offset = offset
        self.token = token

    def __str__(self) -> str:
        return f"{self.message} (at '{self.token}', position {self.offset})" if self.token else self.message


@dataclass(slots=True)
class Tokens:
    """Parallel lists: canonical text, kind, where it starts and stops in the source, the matching bracket."""

    source: str
    texts: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    match: dict[int, int] = field(default_factory=dict)
    problem: Unread | None = None
    """The first bracket without partner, if there is one."""

    def latex(self, first: int, last: int) -> str:
        """The source of the tokens first, ..., last - 1."""
        return self.source[self.starts[first] : self.stops[last - 1]] if first < last else ""


_TOKEN: Final = re.compile(
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
_ROW_JOINT: Final = re.compile(
    r"((?:\\right\s*\.\s*)+)\\\\(?:\s|&|~|\\q?quad(?![A-Za-z])|\\[,;!:])*((?:\\left\s*\.\s*)+)"
)
"""Brackets that a row break cuts: ``( a \\right. \\\\ & \\left. b )``."""
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
def _normalise(raw: str, products: bool) -> Marks:
    """The canonical tokens, text and kind, that a piece of source stands for."""
    data = tables()
    kinds = data.kinds
    if raw == "...":
        return (("\\dots", "dots"),)
    first = raw[0]
    if first.isspace() or first == "%":
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
        pieces = _TOKEN.findall(unicodedata.normalize("NFKC", raw))
        inner = tuple(mark for piece in pieces for mark in _normalise(piece, True))
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
    letter = _normalise(base, True)
    if len(letter) != 1 or letter[0][1] != "letter":
        return ()
    return (*((data.combining[a], "accent") for a in reversed(accents)), *letter)


def _lettered(raw: str) -> Marks:
    """A letter of the mathematical alphabets: italic ones are plain letters, the others have a command."""
    style, _, _ = unicodedata.name(raw[0], "").removeprefix("MATHEMATICAL ").rpartition(" ")
    font = next((f for words, f in tables().alphabets.items() if words in style.split()), None)
    if not unicodedata.decomposition(raw[0]).startswith("<font>") or len(raw) > 1:
        return ()
    plain = _normalise(unicodedata.normalize("NFKC", raw), True)
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


def lex(source: str) -> Tokens:
    """Cut a formula into tokens.

    Raises Unread where the formula is longer than MAX_LENGTH, nested deeper than MAX_DEPTH, or holds control
    characters.
    """
    if len(source) > MAX_LENGTH:
        raise Unread(f"A formula of {len(source):,} characters is not read; the limit is {MAX_LENGTH:,}.", 0)
    tokens = Tokens(source)
    if "\\right" in source and "\\\\" in source:
        source = _ROW_JOINT.sub(_blank, source)
    texts, kinds, starts, stops = tokens.texts, tokens.kinds, tokens.starts, tokens.stops
    products = "\\int" in source or "∫" in source
    rows = tables().row_environments
    stack: list[int] = []
    braces = 0
    position = 0
    for raw in _TOKEN.findall(source):
        stop = position + len(raw)
        marks = _normalise(raw, products)
        if len(marks) == 1:
            text, kind = marks[0]
            if kind == "open":
                stack.append(len(texts))
                braces += text == "{"
                if len(stack) > MAX_DEPTH:
                    raise Unread(f"Brackets are nested more than {MAX_DEPTH} deep.", position, text)
            elif kind == "close":
                if text == "}" and stack and stack[-1] == len(texts) - 2 and kinds[-1] in _BRACED and texts[-2] == "{":
                    stack.pop()
                    braces -= 1
                    for column in (texts, kinds, starts, stops):
                        del column[-2]
                    position = stop
                    continue
                braces -= _close(tokens, stack, text, position) == "{"
            elif kind == "begin" and text not in rows:
                stack.append(len(texts))
            elif kind == "end" and stack and (kinds[stack[-1]], texts[stack[-1]]) == ("begin", text):
                tokens.match[stack.pop()] = len(texts)
            elif kind == "number" and "," in raw and "{" not in raw and len(stack) > braces:
                offset = position
                for n, digits in enumerate(raw.split(",")):
                    if n:
                        _append(tokens, ",", "comma", offset, offset + 1)
                        offset += 1
                    _append(tokens, digits, "number", offset, offset + len(digits))
                    offset += len(digits)
                position = stop
                continue
            elif kind == "unknown" and text < " ":
                raise Unread("A control character stands in the formula.", position, repr(text))
            elif text == "\\perp" and kinds and kinds[-1] in ("sub", "sup"):
                kind = "letter"
            texts.append(text)
            kinds.append(kind)
            starts.append(position)
            stops.append(stop)
        elif marks:
            letters = len(marks) == len(raw) and raw.isascii()
            for n, (text, kind) in enumerate(marks):
                if kind == "open":
                    stack.append(len(texts))
                elif kind == "close":
                    _close(tokens, stack, text, position)
                _append(
                    tokens, text, kind, position + n if letters else position, position + n + 1 if letters else stop
                )
        position = stop
    if stack and tokens.problem is None:
        at = stack[-1]
        tokens.problem = Unread(f"The bracket '{texts[at]}' is never closed.", starts[at], tokens.latex(at, at + 1))
    if "bar" in kinds or "parallel" in kinds:
        _tell_bars_apart(tokens)
    return tokens


def _blank(found: re.Match[str]) -> str:
    same = found[1].count("\\right") == found[2].count("\\left")
    return " " * len(found[0]) if same else found[0]


def _append(tokens: Tokens, text: str, kind: str, start: int, stop: int) -> None:
    tokens.texts.append(text)
    tokens.kinds.append(kind)
    tokens.starts.append(start)
    tokens.stops.append(stop)


_BRACED: Final = frozenset({"function", "optimum"})
"""Kinds of tokens around which braces change nothing: ``{\\lcm}(a, b)``."""
_HALF_OPEN: Final = frozenset({("[", ")"), ("(", "]")})


def _close(tokens: Tokens, stack: list[int], text: str, position: int) -> str:
    """Match a closing bracket and return its partner; a half-open interval and an invisible ``\\left.`` are pairs."""
    if not stack:
        if tokens.problem is None:
            tokens.problem = Unread(f"The bracket '{text}' was never opened.", position, text)
        return ""
    opening = tokens.texts[stack[-1]]
    fits = (
        tables().close.get(opening) == text
        or (opening, text) in _HALF_OPEN
        or (opening == "\\{" and text == "\\right.")
        or (opening == "\\left." and text in ("\\rvert", ")", "]", "\\}"))
    )
    if not fits:
        if tokens.problem is None:
            tokens.problem = Unread(f"The bracket '{opening}' is closed by '{text}'.", position, text)
        return ""
    tokens.match[stack.pop()] = len(tokens.texts)
    return opening


_ENDS_OPERAND: Final = frozenset(
    {"number", "letter", "word", "close", "prime", "factorial", "percent", "bar close", "double close", "run", "dots"}
)
_BREAKS: Final = frozenset({"relation", "comma", "semicolon", "row", "tab", "implies", "wide"})


def _tell_bars_apart(tokens: Tokens) -> None:
    r"""Replace the kind ``bar`` by its role: ``mid`` (condition), ``bar open``, ``bar close``, ``evaluate``.

    Two bars side by side, or ``\|``, where an operator belongs are ``parallel``, else ``double open``/``double close``.
    A group of bars without a certain reading keeps the kind ``bar``, which no rule accepts.
    """
    kinds = tokens.kinds
    levels: list[list[int]] = [[]]
    for i, kind in enumerate(kinds):
        if kind in ("bar", "parallel"):
            levels[-1].append(i)
        elif kind == "open":
            levels.append([])
        elif kind == "close":
            if len(levels) > 1:
                _assign_bars(tokens, levels.pop())
        elif kind in _BREAKS and levels[-1]:
            _assign_bars(tokens, levels[-1])
            levels[-1] = []
    for level in levels:
        _assign_bars(tokens, level)


def _assign_bars(tokens: Tokens, bars: list[int]) -> None:
    kinds, texts = tokens.kinds, tokens.texts
    count = len(texts)
    single = [i for i in bars if kinds[i] == "bar"]
    plain = [i for i in single if not (i + 1 < count and kinds[i + 1] == "sub")]
    if len(plain) % 2 == 0 and len(single) > len(plain):
        for i in single:
            if i not in plain:
                kinds[i] = "evaluate"
        single = plain
    double = [i for i in bars if kinds[i] == "parallel"]
    if len(double) == 2:
        kinds[double[0]], kinds[double[1]] = "double open", "double close"
    if len(single) == 1:
        kinds[single[0]] = "mid"
        return
    if len(single) == 2 and single[1] == single[0] + 1 and _after_operand(kinds, single[0]):
        kinds[single[0]], kinds[single[1]] = "parallel", "parallel second"
        return
    opened: list[int] = []
    for i in single:
        if opened and _after_operand(kinds, i):
            kinds[i] = "bar close"
            tokens.match[opened.pop()] = i
        else:
            kinds[i] = "bar open"
            opened.append(i)
    if len(opened) == 1 and opened[0] == single[-1]:
        kinds[opened[0]] = "mid"
    elif opened:
        for i in single:
            kinds[i] = "bar"


def _after_operand(kinds: list[str], i: int) -> bool:
    return i > 0 and kinds[i - 1] in _ENDS_OPERAND
