"""Where the tables, keys and texts of a TOML file stand, which the parser of the standard library does not say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_SPACE: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_QUOTES: Final = ('"""', "'''", '"', "'")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}

Path = Sequence[str | int]


class Places:
    """Line and column (from 1) of what a path of keys leads to; the text must be valid TOML."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.keys: dict[tuple[str, ...], int] = {}
        self.values: dict[tuple[str, ...], tuple[int, int]] = {}
        self._scan()

    def of(self, path: Path, content: str | None = None) -> tuple[int, int]:
        """The place of a key, or of a text within its value; that of the nearest table where there is no such key."""
        names = tuple(p for p in path if isinstance(p, str))
        while names and names not in self.keys:
            names = names[:-1]
        at = self.keys.get(names, 0)
        if content is not None and names in self.values:
            start, stop = self.values[names]
            escaped = "".join(_ESCAPES.get(c, c) for c in content)
            found = [n for n in (self.text.find(t, start, stop) for t in (escaped, content)) if n >= 0]
            at = found[0] if found else at
        line = self.text.count("\n", 0, at) + 1
        return line, at - (self.text.rfind("\n", 0, at) + 1) + 1

    def _scan(self) -> None:
        table: tuple[str, ...] = ()
        at = self._skip(0)
        while at < len(self.text):
            start = at
            if self.text[at] == "[":
                at += len(self.text[at:]) - len(self.text[at:].lstrip("["))
                table, at = self._names(at)
                self.keys.setdefault(table, start)
                end = self.text.find("\n", at)
                at = len(self.text) if end < 0 else end
            else:
                names, at = self._names(at)
                at = self._skip(at + 1)  # the equals sign
                stop = self._value(at)
                self.keys[table + names] = start
                for n in range(1, len(names)):
                    self.keys.setdefault(table + names[:n], start)
                self.values[table + names] = (at, stop)
                at = max(stop, start + 1)
            at = self._skip(at)

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _names(self, at: int) -> tuple[tuple[str, ...], int]:
        """Keys with dots between them."""
        names: list[str] = []
        while at < len(self.text):
            while self.text[at : at + 1] in (" ", "\t", "."):
                at += 1
            quote = next((q for q in _QUOTES[2:] if self.text.startswith(q, at)), None)
            bare = _BARE.match(self.text, at)
            if quote:
                stop = self._string(at)
                names.append(self.text[at + 1 : stop - 1])
                at = stop
            elif bare:
                names.append(bare[0])
                at = bare.end()
            else:
                break
        return tuple(names), at

    def _string(self, at: int) -> int:
        """The end of the string that begins here."""
        quote = next(q for q in _QUOTES if self.text.startswith(q, at))
        at += len(quote)
        while at < len(self.text) and not self.text.startswith(quote, at):
            at += 2 if self.text[at] == "\\" and quote[0] == '"' else 1
        return min(at + len(quote), len(self.text))

    def _value(self, at: int) -> int:
        """The end of the value that begins here: the end of the line outside all brackets."""
        depth = 0
        while at < len(self.text):
            sign = self.text[at]
            if sign in "\"'":
                at = self._string(at)
                continue
            if sign == "#":
                end = self.text.find("\n", at)
                at = len(self.text) if end < 0 else end
                continue
            if sign == "\n" and depth == 0:
                return at
            depth += (sign in "[{") - (sign in "]}")
            at += 1
        return at
