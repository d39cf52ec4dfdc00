r"""Formulas that somebody else wrote, made safe to be set: read whole, written anew from a closed vocabulary.

A formula reaches TeX or a browser only as what :mod:`reports.typeset` writes, and that contains nothing but the
commands of ``mathematics.toml``, every brace, fence and environment closed, every argument present.
Anything else (a macro, a file name, a stray ``$``) makes the formula unsettable, and reports then show
its source as text.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, TypeAlias

MAX_LENGTH: Final = 4000
"""Characters; a longer formula would fill more than a page."""
MAX_DEPTH: Final = 40
"""Nested groups; converters to MathML fail at a few thousand, people stop reading at ten."""


class UnsettableError(ValueError):
    """The formula contains something that is not set as mathematics; the message says what."""


@dataclass(frozen=True)
class Node:
    """One element; ``kind`` is char, sign, space, group, command, sup, sub, fence, size, text, name or rows."""

    kind: str
    text: str = ""
    parts: tuple[Formula, ...] = ()
    extra: str = ""


Formula: TypeAlias = tuple[Node, ...]


@dataclass(frozen=True)
class Vocabulary:
    """``mathematics.toml``, looked up by command."""

    signs: dict[str, str]
    operators: frozenset[str]
    large: frozenset[str]
    names: frozenset[str]
    operator_names: dict[str, str]
    space: dict[str, str]
    arguments: dict[str, int]
    prose: frozenset[str]
    ignored: dict[str, int]
    sizes: frozenset[str]
    environments: dict[str, str]
    accents: dict[str, str]
    characters: dict[str, str]
    superscripts: dict[str, str]
    subscripts: dict[str, str]


@cache
def vocabulary() -> Vocabulary:
    """The closed vocabulary of mathematics that reports set."""
    data: dict[str, Any] = tomllib.loads(files("reports").joinpath("mathematics.toml").read_text(encoding="utf-8"))
    signs: dict[str, str] = {**data["letters"], **data["operators"], **data["large"]}
    characters = {sign: f"\\{name} " for name, sign in reversed(signs.items()) if len(sign) == 1 and ord(sign) > 127}
    return Vocabulary(
        signs=signs,
        operators=frozenset(data["operators"]),
        large=frozenset(data["large"]),
        names=frozenset(data["names"]["words"]),
        operator_names=data["operator_names"],
        space=data["space"],
        arguments=data["arguments"],
        prose=frozenset(data["prose"]["words"]),
        ignored=data["ignored"],
        sizes=frozenset(data["sizes"]["words"]),
        environments=data["environments"],
        accents=data["accents"],
        characters={**characters, **data["plain"]},
        superscripts=_pairs(data["superscripts"]),
        subscripts=_pairs(data["subscripts"]),
    )


def _pairs(table: dict[str, str]) -> dict[str, str]:
    return dict(zip(table["characters"], table["meanings"], strict=True))


# -- reading ----------------------------------------------------------------------------------------
_TOKEN: Final = re.compile(r"\\(?:operatorname|tag|hspace|vspace)\*|\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_ASCII: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-=<>()[]|/*,.;:!?'@")
_COLUMNS: Final = {"cases": 2, "gathered": 1}
_FENCES: Final = frozenset(
    {"(", ")", "[", "]", "|", "/", ".", "<", ">", r"\{", r"\}", r"\|", r"\langle", r"\rangle", r"\lfloor", r"\rfloor"}
    | {r"\lceil", r"\rceil", r"\lvert", r"\rvert", r"\lVert", r"\rVert", r"\vert", r"\Vert", r"\lbrace", r"\rbrace"}
    | {r"\lbrack", r"\rbrack", r"\uparrow", r"\downarrow"}
)


def parse(source: str) -> Formula:
    """Read a formula of LaTeX or Unicode mathematics; raises UnsettableError at the first thing unknown."""
    if len(source) > MAX_LENGTH:
        raise UnsettableError(f"it has {len(source)} characters, more than {MAX_LENGTH}")
    reader = _Reader(_TOKEN.findall(_ascii_mathematics(source)))
    rows = reader.rows(frozenset(), 0)
    if reader.position < len(reader.tokens):
        raise UnsettableError(f"'{reader.tokens[reader.position]}' closes nothing")
    if all(node.kind == "space" for row in rows for cell in row for node in cell):
        raise UnsettableError("it is empty")
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    return (table("aligned", rows),)


def _ascii_mathematics(source: str) -> str:
    """Unicode mathematics as the LaTeX that sets it; what is not mathematics stays and is refused later."""
    words = vocabulary()
    for command, mark in (("hat", "\u0302"), ("tilde", "\u0303"), ("bar", "\u0304")):
        source = re.sub(f"([A-Za-z]){mark}", rf"\\{command}{{\1}}", source)
    for sign, table in (("^", words.superscripts), ("_", words.subscripts)):
        run = re.compile(f"[{''.join(table)}]+")
        source = run.sub(lambda m, s=sign, t=table: f"{s}{{{''.join(t[c] for c in m[0])}}}", source)  # type: ignore[misc]
    return "".join(words.characters.get(character, character) for character in source)


def table(name: str, rows: list[list[Formula]], columns: str = "") -> Node:
    """Rows of cells in an environment such as ``aligned``."""
    return Node("rows", name, tuple((Node("group", "", tuple(row)),) for row in rows), columns)


def _has_option(formula: Formula) -> bool:
    return any(n.kind == "command" and n.extra or any(map(_has_option, n.parts)) for n in formula)


class _Reader:
    """Recursive descent over the tokens; ``depth`` counts what is open and is bounded."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.position = 0
        self.words = vocabulary()

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        if not token:
            raise UnsettableError("it ends in the middle of a command")
        self.position += 1
        return token

    def skip_space(self) -> None:
        while self.peek().isspace():
            self.position += 1

    def rows(self, stop: frozenset[str], depth: int) -> list[list[Formula]]:
        """Rows of cells up to, not including, a token of ``stop`` (or the end)."""
        rows: list[list[Formula]] = [[]]
        while True:
            rows[-1].append(self.sequence(stop | {"&", "\\\\"}, depth))
            if self.peek() == "&":
                self.take()
            elif self.peek() == "\\\\":
                self.take()
                if self.peek() == "[":  # the space between rows, \\[2pt]
                    self.until("]")
                rows.append([])
            else:
                return [row for row in rows if any(cell for cell in row)] or [[()]]

    def until(self, end: str) -> str:
        taken = ""
        while (token := self.take()) != end:
            taken += token
        return taken + end

    def sequence(self, stop: frozenset[str], depth: int) -> Formula:
        if depth > MAX_DEPTH:
            raise UnsettableError(f"it nests deeper than {MAX_DEPTH} groups")
        nodes: list[Node] = []
        scripts: set[str] = set()  # those that the last nucleus already has
        while (token := self.peek()) and token not in stop and token not in ("}", r"\right", r"\end"):
            if token.isspace() or token == "~":
                self.take()
                nodes.append(Node("space", " "))
                continue
            if token in ("^", "_"):
                self.take()
                kind = "sup" if token == "^" else "sub"
                primed = kind == "sup" and "prime" in scripts and nodes[-1].text != "'"
                if kind in scripts or primed:
                    raise UnsettableError(f"it has two '{token}' in a row")
                scripts.add(kind)
                while nodes and nodes[-1] == Node("space", " "):
                    nodes.pop()
                nodes.append(Node(kind, "", (self.argument(depth),)))
                continue
            if token == "'":
                if "sup" in scripts or ("prime" in scripts and nodes[-1].text != "'"):
                    raise UnsettableError("it has a prime after '^'")
                self.take()
                scripts.add("prime")
                nodes.append(Node("char", "'"))
                continue
            ignored = self.words.ignored.get(token[1:].rstrip("*")) if token[0] == "\\" else None
            if ignored is not None:
                self.take()
                for _ in range(ignored):
                    self.text()
                continue
            node = self.element(depth)
            scripts = set()
            nodes.append(node)
        return tuple(nodes)

    def argument(self, depth: int) -> Formula:
        self.skip_space()
        token = self.peek()
        if not token or token in ("}", "^", "_", "&", "\\\\", r"\right", r"\end"):
            raise UnsettableError("an argument is missing")
        if token == "{":
            return self.group(depth)
        return (self.element(depth + 1),)

    def group(self, depth: int) -> Formula:
        self.take()
        inner = self.sequence(frozenset(), depth + 1)
        if self.take() != "}":
            raise UnsettableError("a brace is not closed")
        return inner

    def text(self) -> str:
        """The balanced braces that follow, as they stand, without the outer pair."""
        self.skip_space()
        if self.take() != "{":
            raise UnsettableError("the braces of a text are missing")
        taken, level = "", 1
        while level:
            token = self.take()
            level += (token == "{") - (token == "}")
            taken += token if level else ""
        return taken

    def element(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise UnsettableError(f"it nests deeper than {MAX_DEPTH} groups")
        token = self.take()
        if token == "{":
            self.position -= 1
            return Node("group", "", (self.group(depth),))
        if token[0] != "\\":
            if token in _ASCII:
                return Node("char", token)
            raise UnsettableError(f"it contains '{token}'")
        return self.command(token[1:].rstrip("*"), depth)

    def command(self, name: str, depth: int) -> Node:
        words = self.words
        if name in words.signs or name in words.names:
            return Node("sign", name)
        if name in words.operator_names:
            return Node("name", words.operator_names[name])
        if name in words.space:
            return Node("space", name)
        if name in ("{", "}", "|", "%", "&", "#", "$", "_"):
            return Node("char", "\\" + name)
        if name in words.sizes:
            self.skip_space()
            return Node("size", name, extra=self.fence())
        if name == "left":
            return self.fenced(depth)
        if name == "begin":
            return self.environment(depth)
        if name in ("operatorname", "mathrm"):
            return self.named(name)
        if name in words.prose:
            return self.prose()
        if name == "substack":
            return self.substack(depth)
        if name in words.arguments:
            option = self.option() if name in ("sqrt", "xrightarrow", "xleftarrow") else ""
            parts = tuple(self.argument(depth) for _ in range(words.arguments[name]))
            if name in words.accents and any(map(_has_option, parts)):  # the accents of amsmath stumble over these
                raise UnsettableError("an accent stands over a root with an index")
            if name == "not" and not all(len(p) == 1 and (p[0].kind == "sign" or p[0].text in "=<>|") for p in parts):
                raise UnsettableError(r"'\not' strikes out more than one sign")
            return Node("command", name, parts, option)
        raise UnsettableError(f"it uses '\\{name}'")

    def option(self) -> str:
        """The index of a root or the words under an arrow, in their brackets: simple, or refused."""
        if self.peek() != "[":
            return ""
        self.take()
        option = self.until("]")[:-1]
        if not re.fullmatch(r"[A-Za-z0-9 +<>=-]{1,20}", option):
            raise UnsettableError(f"it has the option '[{option}]'")
        return option

    def named(self, command: str) -> Node:
        self.skip_space()
        name = self.text() if self.peek() == "{" else self.take()
        name = re.sub(r"\\[,;: ]|~", " ", name).strip()
        if not re.fullmatch(r"[A-Za-z0-9 -]*", name):
            raise UnsettableError(f"the name '{name}' contains more than letters")
        return Node("name", name, extra=command)

    def prose(self) -> Node:
        """Words within a formula, which may themselves hold formulas between dollar signs."""
        nodes: list[Node] = []
        for index, piece in enumerate(re.split(r"(?<!\\)\$", self.text())):
            if index % 2:
                nodes.extend(parse(piece))
                continue
            words = re.sub(r"\\([&%$#_{} ,])", r"\1", piece)
            if "\\" in words:
                raise UnsettableError("a text contains a command")
            nodes.append(Node("text", words))
        return Node("group", "", (tuple(nodes),))

    def fence(self) -> str:
        delimiter = self.take()
        if delimiter not in _FENCES:
            raise UnsettableError(f"'{delimiter}' is no delimiter")
        return delimiter

    def fenced(self, depth: int) -> Node:
        self.skip_space()
        left = self.fence()
        inner: list[Formula] = [self.sequence(frozenset({r"\middle"}), depth + 1)]
        middles: list[str] = []
        while self.peek() == r"\middle":
            self.take()
            middles.append(self.fence())
            inner.append(self.sequence(frozenset({r"\middle"}), depth + 1))
        if self.take() != r"\right":
            raise UnsettableError(r"a \left has no \right")
        self.skip_space()
        return Node("fence", left, tuple(inner), "\n".join([*middles, self.fence()]))

    def environment(self, depth: int) -> Node:
        name = self.text()
        target = self.words.environments.get(name)
        if target is None:
            raise UnsettableError(f"it uses the environment '{name}'")
        columns = self.text() if target == "array" else ""
        if not re.fullmatch(r"[lcr|\s]*", columns):
            raise UnsettableError(f"the array has the columns '{columns}'")
        rows = self.rows(frozenset(), depth + 1)
        if self.take() != r"\end" or self.text() != name:
            raise UnsettableError(f"the environment '{name}' is not closed")
        most = len(re.findall("[lcr]", columns)) if target == "array" else _COLUMNS.get(target, 10)
        if max(map(len, rows)) > most:
            raise UnsettableError(f"a row of '{name}' has more than {most} cells")
        return table(target, rows, columns)

    def substack(self, depth: int) -> Node:
        self.skip_space()
        if self.take() != "{":
            raise UnsettableError("an argument is missing")
        rows = self.rows(frozenset(), depth + 1)
        if self.take() != "}":
            raise UnsettableError("a brace is not closed")
        joined: list[Node] = []
        for row in rows:
            joined += [*([Node("char", ","), Node("space", ",")] if joined else []), *(n for cell in row for n in cell)]
        return Node("group", "", (tuple(joined),))
