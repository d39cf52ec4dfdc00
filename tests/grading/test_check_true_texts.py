"""Correct texts of school and university mathematics in common habits of writing: nothing in them is refuted."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from grading import check_text

CASES = Path(__file__).parents[1] / "cases" / "texts" / "correct.toml"
TEXTS = tomllib.loads(CASES.read_text(encoding="utf-8"))["texts"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_correct_text_has_no_refuted_relation(text):
    assert [j.latex for j in check_text(text) if j.status == "refuted"] == []


def test_most_of_their_relations_are_read():
    judged = [j for text in TEXTS for j in check_text(text)]
    assert sum(j.status == "unread" for j in judged) < len(judged) / 10
