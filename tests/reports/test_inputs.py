"""Files of chat messages as answers on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reports.cli.inputs import UnusableFile, read_text

SAID = {"role": "assistant", "content": "so $a = b$"}


def test_a_chat_is_read(tmp_path: Path) -> None:
    file = tmp_path / "chat.json"
    file.write_text(json.dumps({"messages": [{"role": "user", "content": "q"}, SAID]}))
    assert read_text(file) == "so $a = b$"
    lines = tmp_path / "chat.jsonl"
    lines.write_text(json.dumps(SAID) + "\n" + json.dumps(SAID) + "\n")
    assert read_text(lines) == "so $a = b$\n\nso $a = b$"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("{", "line 1, column 2"),
        ('{"text": "a"}\n{"text": "b"}', "holds 2 answers"),
        ('{"text": " "}', "its answer is empty"),
    ],
)
def test_a_chat_that_is_no_answer(tmp_path: Path, raw: str, message: str) -> None:
    file = tmp_path / "chat.jsonl"
    file.write_text(raw)
    with pytest.raises(UnusableFile, match=message):
        read_text(file)
