"""Answers in JSON and JSON Lines: what is taken from them, and what is said of those that hold none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.read.chat import UnusableChat, texts

USER = {"role": "user", "content": "q"}


def said(content: object) -> dict[str, object]:
    return {"role": "assistant", "content": content}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"messages": [USER, said("a")]}, ["a"]),
        ({"messages": [USER, said("a"), USER, said("b")]}, ["a\n\nb"]),
        ({"messages": [{"content": "a"}, {"content": "b"}]}, ["a\n\nb"]),
        ([USER, said("a")], ["a"]),
        (said([{"type": "text", "text": "a"}, {"type": "image"}, "b"]), ["a\n\nb"]),
        ({"choices": [{"message": said("a")}]}, ["a"]),
        ({"id": 1, "response": "a"}, ["a"]),
        ([{"answer": "a"}, {"answer": "b"}], ["a", "b"]),
        ("a", ["a"]),
        ([], []),
        (said("\ud800"), ["?"]),
    ],
)
def test_texts(value: object, expected: list[str]) -> None:
    assert texts(json.dumps(value)) == expected
    assert texts("\ufeff" + json.dumps(value, indent=2)) == expected


def test_json_lines() -> None:
    lines = [json.dumps(m) for m in (USER, said("a"), said("b"))]
    assert texts("\n".join(lines)) == ["a\n\nb"]
    records = [json.dumps({"messages": [USER, said(c)]}) for c in "abc"]
    assert texts("\n\n".join(records) + "\n") == ["a", "b", "c"]


def test_a_named_field() -> None:
    assert texts('{"x": "a", "text": "b"}\n{"x": "c"}', "x") == ["a", "c"]
    with pytest.raises(UnusableChat, match="line 2 has no field 'x'; it has 'text'"):
        texts('{"x": "a"}\n{"text": "b"}', "x")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ('{"a": 1,}', r"line 1, column \d+"),
        ('{\n "text": "a" "b"}', "line 2, column 14"),
        ('{"text": "a"}\n{"text": }', "line 2, column 10"),
        ("", "line 1, column 1"),
        ("[" * 100_000, "nested too deep|broken at line 1"),
        ("1" * 10_000, "too long|no object"),
        ("3", "no object"),
        ('{"a": "b"}', "which field holds the answer; it has 'a'"),
        ('{"text": "a", "answer": "b"}', "which field"),
        ('{"text": 3}', "is no text"),
        ('{"messages": 3}', "no objects"),
        ('{"messages": [{"role": "user", "content": "q"}]}', "no message of an assistant"),
    ],
)
def test_what_holds_no_answer(raw: str, message: str) -> None:
    with pytest.raises(UnusableChat, match=message) as caught:
        texts(raw)
    assert "\n" not in str(caught.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(st.sampled_from(["role", "content", "messages", "choices", "message", "text", "x"]), x)
        ),
    )
)
def test_any_json_is_answered(value: object) -> None:
    try:
        found = texts(json.dumps(value))
    except UnusableChat:
        return
    assert all(isinstance(t, str) for t in found)
