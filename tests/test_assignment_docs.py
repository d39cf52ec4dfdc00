"""The page on assignments names every key that the loaders accept, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from derive.theory.loader import Additions, FamilyEntry, FunctionEntry, SetEntry, SymbolEntry, TheoryFile
from grading.assignment import AssignmentEntry, PartEntry, ProblemEntry

TEXT = (Path(__file__).parent.parent / "docs" / "assignments.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"[A-Za-z_]+", " ".join(re.findall(r"`([^`]*)`", TEXT))))


@pytest.mark.parametrize(
    "entry",
    [
        AssignmentEntry,
        ProblemEntry,
        PartEntry,
        TheoryFile,
        Additions,
        SymbolEntry,
        FamilyEntry,
        FunctionEntry,
        SetEntry,
    ],
    ids=lambda e: e.__name__,
)
def test_every_key_is_documented(entry):
    keys = {field.name for field in msgspec.structs.fields(entry)}
    assert keys <= WORDS, keys - WORDS
