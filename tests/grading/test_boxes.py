r"""``\boxed{..}`` states the result, with or without marks around it, and nothing beside it can replace it."""

from __future__ import annotations

import pytest

from grading import compare, grade, load_assignment

RIGHT = r"We get $\hat X_0 \sim \mathcal N(0, \sigma^4/(1+\sigma^2)^2)$. "


@pytest.mark.parametrize(
    ("gold", "text", "equal"),
    [
        ("3", r"We have $x = 2$ first, so the answer is $\boxed{3}$.", True),
        ("3", r"We have $x = 2$ first, so the answer is \boxed{3}.", True),
        ("2", r"We have $x = 2$ first, so the answer is $\boxed{3}$.", False),
        ("2", r"We have $x = 2$ first, so the answer is \boxed{3}.", False),
        ("2", r"$\boxed{3}$, that is $x = 2$", False),
        ("0.5", r"the answer is \boxed{0.5}", True),
        ("3", r"\boxed{3}. I am sure that it is $\boxed{3}$.", True),
        ("3", r"\boxed{2} or \boxed{3}", False),
        ("3", r"$1 + 1 = \boxed{2}$ and $1 + 2 = \boxed{3}$", None),
        ("2", r"$x = \boxed{2}$ and \boxed{3}", None),
        ("3", r"$1 + 1 = \boxed{3}$", False),
        ("3", r"$3$, so \boxed{3", None),
        ("7", r"\(7\)", True),
    ],
)
def test_a_box_is_the_result(gold: str, text: str, equal: bool | None) -> None:
    assert compare(gold, text).equal is equal


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"\boxed{\hat X_0 \sim \mathcal N(0, \sigma^4/(1+\sigma^2)^2)}", "correct"),
        (RIGHT, "correct"),
        (RIGHT + r"So finally \boxed{\hat X_0 \sim \mathcal N(0, 1)}", "wrong"),
        (RIGHT + r"So finally \boxed{\hat X_0 \sim \mathcal N(0, 1)", "review"),
        (RIGHT + r"So finally $\boxed{\hat X_0 \sim \mathcal N(0, 1}$", "review"),
        (RIGHT + r"So finally $\hat X_0 \sim \mathcal N(0, 1$", "review"),
        (RIGHT + "So finally\n\n" + r"$$\hat X_0 \sim \mathcal N(0, 1)", "review"),
    ],
)
@pytest.mark.parametrize("head", ["", "(d) "])
def test_a_text_without_labels_answers_the_part_that_is_asked_for(head: str, text: str, verdict: str) -> None:
    (part,) = grade(head + text, load_assignment("hw13"), part="1d").parts
    assert part.verdict == verdict, part.why


def test_a_text_without_labels_is_no_answer_to_a_whole_problem() -> None:
    result = grade(RIGHT, load_assignment("hw13"), problem="1")
    assert {part.verdict for part in result.parts} == {"missing"}
