"""Tokens: a formula cut into marks of known kind, its brackets matched and its bars told apart.

Linear in the length of the formula. Nothing is dropped but spaces and commands that only set type.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from derive.latex.pieces import TOKEN, normalise
from derive.latex.tables import tables

MAX_LENGTH: Final = 50_000
"""Characters in one formula; a page holds about 3,000."""
MAX_DEPTH: Final = 200
"""Brackets within brackets."""


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


_ROW_JOINT: Final = re.compile(
    r"((?:\\right\s*\.\s*)+)\\\\(?:\s|&|~|\\q?quad(?![A-Za-z])|\\[,;!:])*((?:\\left\s*\.\s*)+)"
)
"""Brackets that a row break cuts: ``( a \\right. \\\\ & \\left. b )``."""


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
    for raw in TOKEN.findall(source):
        stop = position + len(raw)
        marks = normalise(raw, products)
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
                    starts[-1], stops[-1] = starts[-2], stop  # the braces belong to what stands in them
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
