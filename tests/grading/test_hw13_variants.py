"""Single parts of homework 13 in many variants: nothing wrong is accepted, nothing right is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from grading import grade, load_assignment

CASES = Path(__file__).parent.parent / "cases" / "grading"
VARIANTS = tomllib.loads((CASES / "hw13_variants.toml").read_text(encoding="utf-8"))
DESERVED = {"wrong": "wrong", "flawed": "flawed", "right": "correct"}
LINES = [
    pytest.param(part, kind, text, id=f"{part}-{kind}-{n}")
    for part, kinds in VARIANTS.items()
    for kind, texts in kinds.items()
    for n, text in enumerate(texts)
]


@pytest.fixture(scope="module")
def hw13():
    return load_assignment("hw13")


def test_there_are_enough_variants():
    least = {"wrong": 10, "flawed": 5, "right": 10}
    assert set(VARIANTS) == {"1f", "1g", "1h", "2a", "2b", "2d", "2e", "2f", "2g", "4a", "4b"}
    assert all(len(kinds[kind]) >= n for kinds in VARIANTS.values() for kind, n in least.items())


@pytest.mark.parametrize(("part", "kind", "text"), LINES)
def test_variant(part, kind, text, hw13):
    [found] = grade(f"({part[-1]})\n\n{text}", hw13, part=part).parts
    assert found.verdict == DESERVED[kind], found.why
    if kind == "flawed":
        assert found.first_error is not None
        assert found.relations[found.first_error].status in ("refuted", "leading-order")


def test_a_part_is_judged_alike_alone_and_among_others(hw13):
    pieces = {part: kinds["flawed"][0] for part, kinds in VARIANTS.items() if part[0] == "2"}
    whole = "\n\n".join(f"({part[-1]})\n\n{text}" for part, text in pieces.items())
    together = {p.part: p for p in grade(whole, hw13, problem="2").parts}
    for part, text in pieces.items():
        [alone] = grade(f"({part[-1]})\n\n{text}", hw13, part=part).parts
        assert alone.verdict == together[part].verdict
        assert [(r.status, r.method, r.why) for r in alone.relations] == [
            (r.status, r.method, r.why) for r in together[part].relations
        ]


def test_verdicts_are_the_same_in_every_process(hw13):
    """Neither the seed of string hashes nor what was graded before changes anything."""
    text = "\n\n".join(f"({part[-1]})\n\n{kinds['flawed'][1]}" for part, kinds in VARIANTS.items() if part[0] == "2")
    code = (
        "import json, sys; from grading import grade, load_assignment; "
        "print(json.dumps(grade(sys.stdin.read(), load_assignment('hw13'), problem='2').to_json(), sort_keys=True))"
    )
    found = [
        subprocess.run(
            [sys.executable, "-c", code],
            input=text,
            text=True,
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    here = json.dumps(grade(text, hw13, problem="2").to_json(), sort_keys=True)
    assert found == [here, here]
