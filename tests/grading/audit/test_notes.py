"""Notes cut into remarks: headings in many habits, mentions, and the tone of sentences in two languages."""

from __future__ import annotations

import pytest

from grading.audit.notes import attributes, plain, remarks, tone

TONES = {
    "The result is correct.": "praise",
    "Correctly identified the law.": "praise",
    "This is not correct.": "fault",
    "There are no errors here.": "praise",
    "No issues observed.": "praise",
    "The sign is wrong, the rest is right.": "fault",
    "Everything right except for a sign error.": "fault",
    "It was handled without mistakes.": "praise",
    "The derivation is incomplete.": "missing",
    "He simply asserted the result.": "missing",
    "The steps were not shown.": "missing",
    "A good result, but without proof.": "missing",
    "We discuss this in class.": "none",
    "Use the copyright line.": "none",
    "Das Ergebnis stimmt.": "praise",
    "Das ist falsch.": "fault",
    "Kein Fehler zu finden.": "praise",
    "Nicht richtig.": "fault",
    "Der Zwischenschritt fehlt.": "missing",
    "✓": "praise",
    "✗ see line 3": "fault",
}


@pytest.mark.parametrize("sentence", TONES)
def test_tone(sentence):
    assert tone(sentence) == TONES[sentence]


def test_what_is_told_of_the_answer():
    assert attributes("The student claims that it is so")
    assert attributes("Der Student behauptet das")
    assert not attributes("It never claims that")
    assert not attributes("One should use the hint")


HEADINGS = {
    "(a) Correct": [("a",)],
    "**(a)** Correct": [("a",)],
    "a) Correct": [("a",)],
    "Part (a): fine": [("a",)],
    "## Part 1a. fine": [("1a",)],
    "1a: ok\n1b: ok": [("1a",), ("1b",)],
    "1(a) fine": [("1a",)],
    "Teil b: gut": [("b",)],
    "Problem 2\n(a) good\n(b) good": [("2a",), ("2b",)],
    "Question 1:\n(a) good\nQuestions 2:\n(b) good": [("1a",), ("2b",)],
    "Aufgabe 3\nb) gut": [("3b",)],
    "Parts (a)-(c): good": [("a", "b", "c")],
    "Parts (a) and (c): good": [("a", "c")],
    "| 1d | wrong |": [("1d",)],
    "(a) good\n\nSummary\n\nAll good.": [("a",), ()],
    "Overall good.": [()],
    "A good answer (in part).": [()],
    "(k+1) is right": [()],
}


@pytest.mark.parametrize("text", HEADINGS)
def test_what_a_remark_is_about(text):
    found = [
        tuple((n or "") + label for n, label in r.parts) for r in remarks(plain(text)) if r.tone != "none" or r.text
    ]
    distinct = [p for n, p in enumerate(found) if n == 0 or found[n - 1] != p]
    assert [p for p in distinct if p or HEADINGS[text][-1] == ()] == HEADINGS[text]


def test_mentions_under_a_heading_of_several_parts():
    text = "Parts (a)-(c): Solid\n\nAll good. In part (b) the sign is wrong. So is the rest. Part (c) is right."
    about = {r.text: "".join(label for _, label in r.parts) for r in remarks(plain(text))}
    assert about == {
        "Solid": "abc",
        "All good.": "abc",
        "In part (b) the sign is wrong.": "b",
        "So is the rest.": "b",
        "Part (c) is right.": "c",
    }


def test_nothing_in_a_formula_is_a_heading_or_a_word():
    found = remarks(plain("(a) $f(b) = \\text{wrong}$\n$(c) = 1$"))
    assert {(r.parts, r.tone) for r in found} == {(((None, "a"),), "none")}


def test_text_that_was_decoded_wrongly_is_mended():
    assert plain("\u00cf\u0192\u00c2\u00b2").strip() == "σ²"
    assert plain("X\u00e2\u201a ~ 1").strip() == "X₁ ~ 1"  # the last byte of the subscript is lost
    assert plain("a b") == "a b"
