"""Assignments: what can be wrong with a folder is said in a sentence that names the place."""

from __future__ import annotations

import pytest

from derive.errors import DeriveError
from grading import check_reference, grade, load_assignment

TOML = """
name = "small"
reference = "solution.md"

[problems.1]
theory = "diffusion"

[problems.1.parts.a]
points = 2
asks = [{ law = "X_1" }]
symbols = ["\\\\sigma"]
facts = ["diffusion/forward_marginal"]
"""
SOLUTION = "# Problem 1\n\n(a)\n\n$$X_1 \\sim \\mathcal N(0, \\sigma^2 + 1)$$\n"

BROKEN = {
    "no TOML": ("= 1", "not valid"),
    "an unknown key": (TOML.replace("points", "marks"), "marks"),
    "an unknown theory": (TOML.replace('"diffusion"', '"alchemy"', 1), "no theory"),
    "a formula that cannot be read": (TOML.replace("X_1", "X_{"), "cannot be read"),
    "an ask with two quantities": (TOML.replace("{ law =", '{ value = "1", law ='), "either"),
    "credit for no verdict": (TOML + "\n[credit]\nbrilliant = 2.0\n", "brilliant"),
    "a family that is not declared": (TOML + '\nalso = { "W" = "X" }\n', "no declared family"),
}


def folder(tmp_path, toml=TOML, solution=SOLUTION):
    (tmp_path / "assignment.toml").write_text(toml, encoding="utf-8")
    if solution is not None:
        (tmp_path / "solution.md").write_text(solution, encoding="utf-8")
    return tmp_path


def test_a_folder_is_an_assignment(tmp_path):
    small = load_assignment(folder(tmp_path))
    assert check_reference(small) == ()
    [part] = grade("(a) $X_1 \\sim \\mathcal N(0, 1 + \\sigma^2)$", small).parts
    assert (part.part, part.verdict, part.points) == ("1a", "correct", 2.0)


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_assignment_is_said_in_a_sentence(what, tmp_path):
    toml, part = BROKEN[what]
    with pytest.raises(DeriveError, match=part) as raised:
        load_assignment(folder(tmp_path, toml))
    assert str(raised.value).endswith(".")


def test_a_theory_of_its_own_lies_beside_the_assignment(tmp_path):
    theory = 'name = "own"\n[symbols.a]\nlatex = "a"\ndomain = "a > 0"\n[symbols.b]\nlatex = "b"\ndefinition = "a^2"\n'
    (tmp_path / "own.toml").write_text(theory, encoding="utf-8")
    toml = 'name = "own"\nreference = "solution.md"\n[problems.1]\ntheory = "own.toml"\n[problems.1.parts.a]\n'
    own = load_assignment(folder(tmp_path, toml + 'asks = [{ value = "b" }]\n', "# Problem 1\n\n(a) $b = a^2$\n"))
    values = ("a a", "a^3", r"\sqrt{a^4}", "b", "2b - b")
    verdicts = {t: grade(f"(a) $$b = {t}$$", own).parts[0].verdict for t in values}
    assert verdicts == {
        "a a": "correct",
        "a^3": "wrong",
        r"\sqrt{a^4}": "correct",
        "b": "missing",
        "2b - b": "missing",
    }


def test_a_missing_reference_is_named(tmp_path):
    with pytest.raises(DeriveError, match=r"solution\.md"):
        load_assignment(folder(tmp_path, solution=None))


def test_a_false_step_of_the_reference_is_reported_before_anybody_is_graded(tmp_path):
    wrong = SOLUTION.replace("\\sigma^2 + 1", "\\sigma^2 + 2")
    [fault] = check_reference(load_assignment(folder(tmp_path, solution=wrong)))
    assert (fault.part, fault.status, fault.line) == ("1a", "refuted", 5)


def test_a_right_answer_does_not_lose_to_a_wrong_reference(tmp_path):
    wrong = SOLUTION.replace("\\sigma^2 + 1", "\\sigma^2 + 2")
    small = load_assignment(folder(tmp_path, solution=wrong))
    [part] = grade("(a) $X_1 \\sim \\mathcal N(0, 1 + \\sigma^2)$", small).parts
    assert part.verdict == "review"


def test_a_reference_without_a_result_is_reported(tmp_path):
    faults = check_reference(load_assignment(folder(tmp_path, solution="# Problem 1\n\n(a)\n\nObvious.\n")))
    assert [f.status for f in faults] == ["missing"]


def test_unknown_parts_are_said_with_what_there_is(tmp_path):
    with pytest.raises(DeriveError, match="1a"):
        grade("(a) $x = 1$", load_assignment(folder(tmp_path)), part="9z")
    with pytest.raises(DeriveError, match="hw13"):
        load_assignment("hw99")
