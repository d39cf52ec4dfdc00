"""Answers kept as JSON or JSON Lines: the messages of a chat, or a field of records."""

from __future__ import annotations

import json
from typing import Any, Final

from derive.errors import DeriveError

ANSWER_FIELDS: Final = ("content", "text", "answer", "response", "output", "completion", "solution")
"""Fields in which a record without messages may keep its answer."""
_ANSWERING: Final = frozenset({"assistant", "model", "ai", "gpt"})


class UnusableChat(DeriveError):
    """JSON that is broken, or that holds no answer where one is expected."""


def texts(raw: str, field: str | None = None) -> list[str]:
    """The answers in JSON or JSON Lines, one for each conversation or record.

    The answer of a conversation is what the assistant says in it, or all of it where no roles are named;
    ``field`` names the field of every record that holds the answer, else ``messages``, ``choices`` or one of
    ANSWER_FIELDS does. Raises UnusableChat, with line and column where the JSON is broken.
    """
    records = _records(raw)
    if field is None and records and all(_is_message(r) for _, r in records):
        return [_conversation([r for _, r in records], "The file")]
    return [_answer(record, field, f"The record at line {line}") for line, record in records]


def _records(raw: str) -> list[tuple[int, Any]]:
    """The values of the file with the lines on which they begin: one value, the items of a list, or one a line."""
    try:
        whole = _value(raw, 1)
    except UnusableChat as error:
        first = raw.lstrip("\ufeff \t\r\n").partition("\n")[0].rstrip()
        if not (first.startswith("{") and first.endswith("}")):
            raise error
        lines = [(n, line) for n, line in enumerate(raw.lstrip("\ufeff").split("\n"), 1) if line.strip()]
        return [(n, _value(line, n)) for n, line in lines]
    return [(1, item) for item in whole] if isinstance(whole, list) else [(1, whole)]


def _value(raw: str, line: int) -> Any:
    try:
        return json.loads(raw.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        at = f"line {line + error.lineno - 1}, column {error.colno}"
        raise UnusableChat(f"The JSON is broken at {at}: {error.msg[0].lower()}{error.msg[1:]}.") from None
    except (ValueError, RecursionError):
        raise UnusableChat(f"The JSON at line {line} is nested too deep or holds a number that is too long.") from None


def _is_message(record: Any) -> bool:
    return isinstance(record, dict) and isinstance(record.get("role"), str) and "content" in record


def _answer(record: Any, field: str | None, where: str) -> str:
    if isinstance(record, str) and field is None:
        return _clean(record)
    if isinstance(record, list) and field is None:
        return _conversation(record, where)
    if not isinstance(record, dict):
        raise UnusableChat(f"{where} is no object with fields.")
    if field is not None:
        if field not in record:
            raise UnusableChat(f"{where} has no field '{field}'; it has {_listed(record)}.")
        if field == "messages":
            return _conversation(record[field], where)
        return _content(record[field], f"{where}, field '{field}',")
    if "messages" in record:
        return _conversation(record["messages"], where)
    if isinstance(record.get("choices"), list) and record["choices"]:
        choice = record["choices"][0]
        return _conversation([choice.get("message")] if isinstance(choice, dict) else None, where)
    present = [name for name in ANSWER_FIELDS if name in record]
    if len(present) != 1:
        raise UnusableChat(f"{where} does not say which field holds the answer; it has {_listed(record)}.")
    return _content(record[present[0]], f"{where}, field '{present[0]}',")


def _conversation(messages: Any, where: str) -> str:
    """What the assistant says, message after message."""
    if not isinstance(messages, list) or not all(isinstance(m, dict) and "content" in m for m in messages):
        raise UnusableChat(f"{where} holds messages that are no objects with a content.")
    spoken = [m for m in messages if str(m.get("role", "")).lower() in _ANSWERING]
    if not spoken and any("role" in m for m in messages):
        raise UnusableChat(f"{where} holds no message of an assistant.")
    parts = (_content(m["content"], where) for m in spoken or messages)
    return "\n\n".join(p for p in parts if p.strip())


def _content(content: Any, where: str) -> str:
    """A text, or a list of parts of which some are texts."""
    if content is None:
        return ""
    if isinstance(content, str):
        return _clean(content)
    if isinstance(content, list):
        shown = [p if isinstance(p, str) else p.get("text") for p in content if isinstance(p, (str, dict))]
        return "\n\n".join(_clean(p) for p in shown if isinstance(p, str))
    raise UnusableChat(f"{where} is no text.")


def _clean(text: str) -> str:
    """Text without halves of characters, which JSON can hold and no file can."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")


def _listed(record: dict[str, Any]) -> str:
    names = [f"'{str(name)[:40]}'" for name in list(record)[:8]]
    return ", ".join(names) if names else "no fields"
