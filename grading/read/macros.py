r"""Macros: ``\newcommand`` and its relatives, expanded in formulas with every character's origin kept.

Expansion is bounded in steps and in length, so that no definition can make it run away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from derive.latex.tables import tables

MAX_STEPS: Final = 2_000
"""Expansions in one formula."""
MAX_LENGTH: Final = 60_000
"""Characters that a formula may grow to."""


@dataclass(frozen=True)
class Macro:
    """A command with a number of arguments, of which the first may have a default."""

    arguments: int
    body: str
    default: str | None = None


@dataclass(frozen=True)
class Expanded:
    """Text and, for each of its characters, the offset in the source that it stems from."""

    text: str
    origins: tuple[int, ...] | None
    """None where nothing was expanded: character n stems from start + n."""
    start: int
    problem: str | None = None

    def origin(self, n: int) -> int:
        """The source offset of character n."""
        if self.origins is None:
            return self.start + n
        if not self.origins:
            return self.start
        return self.origins[min(n, len(self.origins) - 1)]


_DEFINES: Final = re.compile(
    r"\\(?:(?:re|provide)?newcommand|providecommand)\*?\s*\{?\s*(\\[A-Za-z]+)\s*\}?\s*(?:\[(\d)\])?\s*(?:\[([^\]]*)\])?\s*(?=\{)"
    r"|\\def\s*(\\[A-Za-z]+)\s*((?:#\d)*)\s*(?=\{)"
    r"|\\DeclareMathOperator\*?\s*\{?\s*(\\[A-Za-z]+)\s*\}?\s*(?=\{)"
)


def definitions(text: str) -> tuple[dict[str, Macro], list[tuple[int, int]]]:
    """The macros that a text defines, and where their definitions stand."""
    macros = {n: Macro(count, body) for n, (count, body) in tables().macros.items() if n in text}
    spans: list[tuple[int, int]] = []
    if _DEFINES.search(text) is None:
        return macros, spans
    closing = _matched(text)
    position = 0
    while True:
        found = _DEFINES.search(text, position)
        if found is None:
            return macros, spans
        position = found.end()
        close = closing.get(found.end())
        if close is None:
            continue
        body, position = text[found.end() + 1 : close], close + 1
        if found[1]:
            macros[found[1]] = Macro(int(found[2] or 0), body, found[3])
        elif found[4]:
            macros[found[4]] = Macro(len(found[5]) // 2, body)
        else:
            macros[found[6]] = Macro(0, f"\\operatorname{{{body}}}")
        spans.append((found.start(), position))


def _matched(text: str) -> dict[int, int]:
    """Every opening brace with its partner."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for found in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}" and opened:
            closing[opened.pop()] = found.start()
    return closing


def _group(text: str, at: int) -> tuple[str, int] | None:
    """The content of the braced group at a place and the place after it, None where it is not closed nearby."""
    depth = 0
    for n in range(at, min(len(text), at + MAX_LENGTH)):
        c = text[n]
        if c in "{}" and text[n - 1] != "\\":
            depth += 1 if c == "{" else -1
            if depth == 0:
                return text[at + 1 : n], n + 1
    return None


_COMMAND: Final = re.compile(r"\\[A-Za-z]+")


def expand(source: str, start: int, macros: Mapping[str, Macro]) -> Expanded:
    """A formula with its macros expanded; ``start`` is where it stands in the file.

    A definition that would not end leaves the formula as it is, with the problem said.
    """
    if not macros or not any(m[0] in macros for m in _COMMAND.finditer(source)):
        return Expanded(source, None, start)
    pieces: list[tuple[str, int | None]] = [(source, start)]  # text still to scan, origin (None: fixed below)
    out: list[str] = []
    origins: list[int] = []
    here = start
    steps = length = 0
    while pieces:
        text, origin = pieces.pop()
        found = next((m for m in _COMMAND.finditer(text) if m[0] in macros), None)
        if found is None:
            out.append(text)
            origins.extend(range(origin, origin + len(text)) if origin is not None else [here] * len(text))
            length += len(text)
            if origin is not None:
                here = origin + len(text)
            continue
        steps += 1
        if steps > MAX_STEPS or length > MAX_LENGTH:
            return Expanded(source, None, start, f"The macro '{found[0]}' does not stop expanding.")
        before = text[: found.start()]
        out.append(before)
        length += len(before)
        if origin is not None:
            origins.extend(range(origin, origin + len(before)))
            here = origin + len(before)
        else:
            origins.extend([here] * len(before))
        macro = macros[found[0]]
        arguments, after = _arguments(text, found.end(), macro)
        body = macro.body
        if macro.arguments == 2 and found[0] in tables().macros and not _braced_twice(text, found.end()):
            return Expanded(source, None, start, f"The macro '{found[0]}' has two arguments in braces.")
        for n, argument in enumerate(arguments, 1):
            body = body.replace(f"#{n}", argument)
            if len(body) > MAX_LENGTH:
                return Expanded(source, None, start, f"The macro '{found[0]}' does not stop expanding.")
        rest = text[after:]
        if rest:
            pieces.append((rest, origin + after if origin is not None else None))
        if body and body[-1].isalpha() and rest[:1].isalpha() and re.search(r"\\[A-Za-z]+$", body):
            body += " "
        pieces.append((body, None))
    return Expanded("".join(out), tuple(origins), start)


def _braced_twice(text: str, at: int) -> bool:
    """Whether two braced groups follow."""
    for _ in range(2):
        while at < len(text) and text[at].isspace():
            at += 1
        group = _group(text, at) if text[at : at + 1] == "{" else None
        if group is None:
            return False
        at = group[1]
    return True


def _arguments(text: str, at: int, macro: Macro) -> tuple[list[str], int]:
    """The arguments that follow a command, and the place after them."""
    arguments: list[str] = []
    if macro.default is not None and macro.arguments:
        optional = re.match(r"\s*\[([^\]]*)\]", text[at:])
        arguments.append(optional[1] if optional else macro.default)
        at += optional.end() if optional else 0
    while len(arguments) < macro.arguments:
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text):
            arguments.append("")
        elif text[at] == "{":
            group = _group(text, at)
            if group is None:
                arguments.append(text[at + 1 :])
                at = len(text)
            else:
                arguments.append(group[0])
                at = group[1]
        else:
            command = _COMMAND.match(text, at)
            token = command[0] if command else text[at]
            arguments.append(token)
            at += len(token)
    return arguments, at
