"""Every rule is documented as an inference, and tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derive.kernel import rules

HERE = Path(__file__).parent
TESTS = "".join(p.read_text(encoding="utf-8") for p in sorted(HERE.glob("test_*.py")) if p.name != Path(__file__).name)


@pytest.mark.parametrize("name", rules.__all__)
def test_every_rule_is_documented_as_an_inference(name: str) -> None:
    text = getattr(rules, name).__doc__
    assert "───" in text
    assert "Example:" in text
    assert name in {"given", "suppose"} or "ails" in text


@pytest.mark.parametrize("name", rules.__all__)
def test_every_rule_is_tried(name: str) -> None:
    assert re.search(rf"\b{name}\b", TESTS), "Add an example of the rule, and what it refuses."
