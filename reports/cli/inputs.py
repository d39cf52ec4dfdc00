"""Files that a person names on the command line, read or refused in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from derive.errors import DeriveError

LARGEST: Final = 5_000_000
"""Bytes; a long homework has thirty thousand."""


CHATS: Final = (".json", ".jsonl")
"""Endings of files that hold answers as messages or records."""


class UnusableFile(DeriveError):
    """A file is missing, empty, too large or no text."""


def read_text(path: str | Path) -> str:
    """The text of a file in UTF-8; UnusableFile says what is wrong with it."""
    path = Path(path)
    data = _bytes(path)
    text = decode(data, str(path))
    if path.suffix.lower() not in CHATS:
        return text
    found = _answers(text, path, None)
    if len(found) != 1:
        raise UnusableFile(f"{path}: it holds {len(found)} answers; give each in a file of its own.")
    if not found[0].strip():
        raise UnusableFile(f"{path}: its answer is empty.")
    return found[0]


def read_texts(path: str | Path, field: str | None = None) -> list[str]:
    """The answers in a file: one of a text, every one of JSON or JSON Lines; ``field`` as in ``chat.texts``."""
    path = Path(path)
    if path.suffix.lower() not in CHATS:
        if field is not None:
            raise UnusableFile(f"{path}: it has no fields; --field is for .json and .jsonl files.")
        return [read_text(path)]
    return _answers(decode(_bytes(path), str(path)), path, field)


def _answers(raw: str, path: Path, field: str | None) -> list[str]:
    """The answers in a file of JSON or JSON Lines."""
    from grading.read.chat import texts

    try:
        return texts(raw, field)
    except DeriveError as error:
        raise UnusableFile(f"{path}: {error}") from None


def _bytes(path: Path) -> bytes:
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
    return data


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
