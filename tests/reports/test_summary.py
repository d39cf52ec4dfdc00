"""A class at a glance: every answer and part, and the errors that answers share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from grading.result import GradeResult
from reports import cli, html, latex, markdown, terminal, tex
from reports.summary import summary

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "docs" / "examples" / "diffusion-answer.md"


@pytest.fixture
def results(graded: GradeResult) -> list[GradeResult]:
    [*_, last] = graded.parts
    spaced = replace(
        last, relations=(replace(last.relations[0], latex=r"\hat X_0 \sim\mathcal N (0,\, 2\sigma^2).", line=7),)
    )
    second = replace(graded, answer="answers/b.md", parts=(*graded.parts[:1], spaced))
    return [graded, second, GradeResult("hw13", "answers/<c> & $.md", ())]


def test_points_and_means(results: list[GradeResult]) -> None:
    found = summary(results)
    assert [answer.name for answer in found.answers] == ["a_1", "b", "<c> & $"]
    assert [column.part for column in found.columns] == ["1a", "1d", "1e", "1f", "1g", "1h"]
    first, *_, review, _, last = found.columns
    assert (first.mean, first.full, first.decided) == (2.0, 2, 2)
    assert (review.mean, review.decided) == (None, 0)
    assert (last.mean, last.of, last.decided) == (0.0, 4.0, 2)
    assert found.answers[1].parts[1] is None


def test_the_same_error_set_otherwise_is_the_same(results: list[GradeResult]) -> None:
    found = summary(results)
    assert [(error.part, error.places) for error in found.errors] == [
        ("1h", ("a_1:140", "b:7")),
        ("1e", ("a_1:92",)),
    ]


def test_answers_of_one_name_keep_their_folders(graded: GradeResult) -> None:
    found = summary([replace(graded, answer="x/a.md"), replace(graded, answer="y/a.md")])
    assert [answer.name for answer in found.answers] == ["x/a.md", "y/a.md"]


def test_every_face_names_every_answer(results: list[GradeResult]) -> None:
    content = summary(results)
    console = Console(width=80, highlight=False, force_terminal=False)
    with console.capture() as captured:
        console.print(terminal.classroom(content))
    shown = captured.get()
    assert max(map(len, shown.splitlines())) <= 80
    page, written, plain = html.classroom(content), latex.classroom(content), markdown.classroom(content)
    assert "<c>" in shown and "&lt;c&gt; &amp; $" in page and r"\textless{}c\textgreater{} \& \$" in written
    for face in (shown, page, plain):
        assert "b:7" in face
    assert summary([]).answers == ()
    assert html.classroom(summary([])) and markdown.classroom(summary([]))


@pytest.mark.skipif(not tex.available(), reason="pdflatex is not installed")
def test_a_class_compiles(results: list[GradeResult]) -> None:
    many = [replace(result, answer=f"{n}/{result.answer}") for n in range(30) for result in results]
    made = tex.typeset(latex.classroom(summary(many)))
    assert made.errors == ()
    assert max(made.overfull, default=0.0) <= 5.0


def test_grading_several_writes_each_and_the_class(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    answers = [tmp_path / "x" / "a.md", tmp_path / "y" / "a.md"]
    for path in answers:
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    target = tmp_path / "out" / "r.md"
    arguments = ["grade", *map(str, answers), "--assignment", "hw13", "--part", "1a", "--report", str(target)]
    assert cli.run(arguments) == 0
    assert "2 answers" in capsys.readouterr().out
    assert target.exists()
    assert len(list(target.parent.iterdir())) == 3
