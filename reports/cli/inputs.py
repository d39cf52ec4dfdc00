"""Files that a person names on the command line, read or refused in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from derive.errors import DeriveError

LARGEST: Final = 5_000_000
"""Bytes; a long homework has thirty thousand."""


class UnusableFile(DeriveError):
    """A file is missing, empty, too large or no text."""


def read_text(path: str | Path) -> str:
    """The text of a file in UTF-8; UnusableFile says what is wrong with it."""
    path = Path(path)
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except FileNotFoundError:
        raise UnusableFile(f"{path}: there is no such file.") from None
    except IsADirectoryError:
        raise UnusableFile(f"{path}: this is a folder; name the file in it.") from None
    except OSError as error:
        raise UnusableFile(f"{path}: it cannot be read ({(error.strerror or 'unknown').lower()}).") from error
    if data is None:
        raise UnusableFile(f"{path}: it is larger than {LARGEST // 1_000_000} MB, which no answer is.")
    text = decode(data, str(path))
    return _chat(text, path) if path.suffix.lower() in (".json", ".jsonl") else text


def _chat(raw: str, path: Path) -> str:
    """The one answer in a file of JSON or JSON Lines."""
    from grading.read.chat import texts

    try:
        found = texts(raw)
    except DeriveError as error:
        raise UnusableFile(f"{path}: {error}") from None
    if len(found) != 1:
        raise UnusableFile(f"{path}: it holds {len(found)} answers; give each in a file of its own.")
    if not found[0].strip():
        raise UnusableFile(f"{path}: its answer is empty.")
    return found[0]


def decode(data: bytes, name: str) -> str:
    """Bytes as UTF-8 text; UnusableFile where they are binary, in another encoding, or blank."""
    if b"\x00" in data:
        raise UnusableFile(f"{name}: it is a binary file; give the answer as Markdown, LaTeX or plain text.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnusableFile(f"{name}, line {line}: it is not UTF-8 text; convert it to UTF-8 first.") from None
    if not text.strip():
        raise UnusableFile(f"{name}: it is empty.")
    return text.replace("\r\n", "\n")
