"""Audits: what notes get right and wrong about an answer, on own notes, and on outside ones where they are present."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derive.errors import DeriveError
from grading import load_assignment
from grading.audit import audit

CASES = Path(__file__).parents[2] / "cases" / "grading"
SHARED = Path(__file__).parents[4] / "shared"


@pytest.fixture(scope="module")
def found():
    notes = (CASES / "audit" / "kalman-flawed.notes.md").read_text(encoding="utf-8")
    answer = (CASES / "kalman" / "flawed.md").read_text(encoding="utf-8")
    result = audit(notes, answer, load_assignment("kalman"))
    return {p.part: p for p in result.parts}


def kinds(part):
    return {f.kind for f in part.findings if f.contradicts}


OUTCOMES = {
    "1a": ("praise", "agrees", set()),
    "1b": ("praise", "disagrees", {"verdict", "praised"}),
    "1c": ("fault", "disagrees", {"faulted"}),
    "1d": ("fault", "disagrees", {"verdict"}),
    "2a": ("praise", "disagrees", {"verdict"}),
    "2b": ("praise", "disagrees", {"verdict", "false"}),
    "2c": ("missing", "disagrees", {"in the answer"}),
    "2d": ("fault", "agrees", set()),
    "2e": ("none", "cannot tell", set()),
    "3a": ("praise", "disagrees", {"verdict"}),
    "3b": ("fault", "agrees", set()),
    "3c": ("missing", "disagrees", {"in the answer"}),
}


@pytest.mark.parametrize("part", OUTCOMES)
def test_each_part(part, found):
    says, outcome, contradictions = OUTCOMES[part]
    assert (found[part].says, found[part].outcome, kinds(found[part])) == (says, outcome, contradictions)


def test_places_in_the_notes_and_in_the_answer(found):
    [praised] = [f for f in found["1b"].findings if f.kind == "praised"]
    assert (praised.line, praised.answer_line) == (7, 5)
    [false] = [f for f in found["2b"].findings if f.kind == "false"]
    assert (false.line, false.answer_line) == (17, 17)
    assert "K = \\frac{S}{S + R}" in false.message


def test_right_notes_on_right_answers_are_left_alone():
    answer = (CASES / "kalman" / "right.md").read_text(encoding="utf-8")
    letters = {"1": "abcd", "2": "abcde", "3": "abc"}
    notes = "\n".join(f"# Problem {n}\n" + "\n".join(f"({c}) Correct." for c in letters[n]) for n in letters)
    result = audit(notes, answer, load_assignment("kalman"))
    assert len(result.parts) == 12
    assert all(p.outcome == "agrees" and not p.findings for p in result.parts)


def test_wrong_notes_on_right_answers_are_contradicted():
    answer = (CASES / "kalman" / "precisions.tex").read_text(encoding="utf-8")
    notes = "# Problem 2\n(a) Wrong.\n(c) There is a mistake in the variance.\n(d) Falsch."
    result = audit(notes, answer, load_assignment("kalman"))
    assert [(p.part, p.outcome) for p in result.parts] == [(p, "disagrees") for p in ("2a", "2c", "2d")]


def test_a_derivation_that_is_said_not_to_be_there():
    answer = (CASES / "kalman" / "precisions.tex").read_text(encoding="utf-8")
    result = audit("# Problem 2\n(d) Only the result, no derivation.", answer, load_assignment("kalman"))
    [finding] = result.parts[0].findings
    assert (finding.kind, finding.contradicts, result.parts[0].outcome) == ("steps", True, "disagrees")
    result = audit("# Problem 2\n(d) A step is missing.", answer, load_assignment("kalman"))
    [finding] = result.parts[0].findings
    assert (finding.kind, finding.contradicts, result.parts[0].outcome) == ("steps", False, "cannot tell")


def test_the_object_has_what_the_terminal_shows(found):
    text = "(a) Correct: $y_1 \\sim \\mathcal N(m, s^2)$."
    result = audit(text, "(a) $y_1 \\sim \\mathcal N(m, s^2 + r)$", load_assignment("kalman"), problem="1")
    value = result.to_json()
    assert value["schema"] == "derive/audit/1"
    [part] = value["parts"]
    assert (part["part"], part["says"], part["verdict"], part["outcome"]) == ("1a", "praise", "correct", "disagrees")
    [quote] = part["quotes"]
    assert (quote["status"], quote["in_answer"], quote["differs"], quote["nearest_line"]) == ("refuted", 0, True, 1)
    assert quote["counterexample"]["lhs"] != quote["counterexample"]["rhs"]
    [finding] = part["findings"]
    assert (finding["kind"], finding["line"], finding["contradicts"]) == ("false", 1, True)


def test_what_cannot_be_assigned_is_said_in_a_sentence():
    kalman = load_assignment("kalman")
    with pytest.raises(DeriveError, match="which problem"):
        audit("(a) Correct.", "(a) $y_1 = 1$", kalman)
    with pytest.raises(DeriveError, match="speak of no part"):
        audit("All fine.", "(a) $y_1 = 1$", kalman, problem="1")
    result = audit("General remark: good.\n\n(a) Good.\n\nSummary\n\nVery good.", "(a) $y_1 = 1$", kalman, problem="1")
    assert any("under no heading" in n for n in result.notices)


@pytest.mark.skipif(not SHARED.exists(), reason="the outside answers are not here")
def test_outside_notes_on_problem_1():
    folder = SHARED / "answers" / "chatgpt"
    notes, answer = ((folder / f"problem1{s}.md").read_text(encoding="utf-8") for s in (".notes", ""))
    found = {p.part: p for p in audit(notes, answer, load_assignment("hw13"), problem="1").parts}
    assert list(found) == [f"1{c}" for c in "abcdefgh"]
    assert {found[p].outcome for p in ("1a", "1b", "1c")} == {"agrees"}
    # 1d: the product is quoted wrongly; 1e: so is the sum; 1g: the note praises 1/2, the answer says otherwise.
    assert any(f.kind == "false" and "\\prod" in f.latex for f in found["1d"].findings)
    assert any("\\sigma^4 + \\int" in f.latex and f.contradicts for f in found["1e"].findings)
    assert any("\\approx 1/2" in f.latex and f.contradicts and f.answer_line == 214 for f in found["1g"].findings)
    # 1h: the hint that is said not to be applied is applied.
    assert any(f.kind == "in the answer" and "\\ln(1-x)" in f.latex for f in found["1h"].findings)


@pytest.mark.skipif(not SHARED.exists(), reason="the outside answers are not here")
def test_outside_notes_that_praise_a_target_which_cannot_be_computed():
    text = (SHARED / "seeds" / "claude-answers-with-notes.txt").read_text(encoding="utf-8")
    at = re.search(r"--- Page 19", text).start()
    found = {p.part: p for p in audit(text[at:], text[:at], load_assignment("hw13"), problem="1").parts}
    assert {p.says for p in found.values()} == {"praise"}
    assert any(f.kind == "recipe" and f.contradicts for f in found["1f"].findings)
    # The antiderivative is quoted without its sign.
    assert any(f.kind == "false" and f.line == 21 for f in found["1e"].findings)
