"""A TOML file of an assignment, and the faults found in it, each with its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from derive.errors import DeriveError
from derive.latex.lexer import Unread
from grading.inspection.places import Places
from grading.inspection.shape import Path as KeyPath

HERE: Final = "@"
_WHERE: Final = re.compile(rf"^In '?{HERE}'?[,:]? *")
_ENTRY: Final = re.compile(r"^(?:symbols|families|functions)\.\w+[:,] *")
T = TypeVar("T")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong; ``serious`` where it must be mended before anybody is graded. Line 0: the file."""

    file: str
    line: int
    column: int
    part: str
    message: str
    serious: bool = True
    latex: str = ""


@dataclass
class TomlFile:
    """A TOML file of the assignment and what was found in it."""

    name: str
    places: Places
    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: KeyPath, message: str, content: str | None = None, *, serious: bool = True) -> None:
        """Note what is wrong at a key, or in its value where ``content`` stands; once."""
        line, column = self.places.of(path, content)
        found = Fault(self.name, line, column, _part_of(path), sentence(message), serious)
        if found not in self.faults:
            self.faults.append(found)

    def attempt(self, path: KeyPath, make: Callable[[], T], content: str | None = None) -> T | None:
        """What is made, or None where it cannot be; why is said."""
        try:
            return make()
        except (DeriveError, Unread, ValueError) as error:
            self.fault(path, str(error), content)
            return None


def opened(path: Path) -> tuple[TomlFile, dict[str, Any]] | Fault:
    """A TOML file, or the one fault that keeps it from being read."""
    try:
        text = path.read_text(encoding="utf-8")
        return TomlFile(path.name, Places(text)), tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = (int(at[1]), int(at[2])) if at else (text.count("\n") + 1, 1)
        told = str(error).partition(" (at")[0]
        advice = "; a backslash in double quotes is written \\\\" if "escape" in told.lower() else ""
        return Fault(path.name, line, column, "", sentence(f"this is no TOML: {told[:1].lower()}{told[1:]}{advice}"))
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        return Fault(path.name, line, 1, "", "This is not UTF-8 text.")
    except OSError as error:
        return Fault(path.name, 0, 0, "", sentence(f"it cannot be read: {(error.strerror or '').lower()}"))


def _part_of(path: KeyPath) -> str:
    names = [str(p) for p in path]
    if len(names) >= 4 and names[0] == "problems" and names[2] == "parts":
        return names[1] + names[3]
    return ""


def sentence(message: str) -> str:
    """A message as a sentence, without what its place says already."""
    text = _ENTRY.sub("", _WHERE.sub("", " ".join(message.split())))
    text = text[:1].upper() + text[1:]
    if text.endswith(".."):
        return text[:-1]
    return text if text.endswith((".", "?", "!")) else text + "."
