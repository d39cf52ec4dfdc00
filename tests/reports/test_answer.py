"""The answer as it was written, with every judgement beside its formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.result import Counterexample, GradeResult, Judgement, PartResult, Simulation
from reports import html, latex, markdown, tex
from reports.answer import Row, rows

MARKDOWN = """# Problem

Let *me* see **now**, with $a = b$ and `code`:

1. first $c = d$
   $$
   x = y
   $$
   after

> quoted $e=f$, <b>raw</b>

| t | u |
|---|---|
| 1 | $g=h$ |

```python
print("$n$")
```
"""


def judged(text: str, *formulas: str, first: int | None = None) -> GradeResult:
    relations = []
    for formula in formulas:
        before = text[: text.index(formula)]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        point = Counterexample({"x": "1/2"}, "1", "2")
        relations.append(Judgement(formula, line, column, "=", "refuted", "ball", "they differ", point))
    part = PartResult("1a", "flawed", "why", 1.0, 2.0, None, tuple(relations), first, simulation=Simulation(1, 0.1, 1))
    return GradeResult("hw", "a.md", (part,))


def words(row: Row) -> str:
    return "".join(run.text for run in row.runs)


def test_markdown_is_read_in_rows() -> None:
    found = rows(MARKDOWN, GradeResult("hw", "a.md", ()))
    assert [(row.kind, row.depth) for row in found] == [
        ("heading", 0),
        ("paragraph", 0),
        ("item", 1),
        ("display", 1),
        ("paragraph", 1),
        ("paragraph", 1),
        *[("paragraph", 0)] * 4,
        ("code", 0),
    ]
    kinds = [run.kind for run in found[1].runs]
    assert kinds == ["text", "em", "text", "strong", "text", "formula", "text", "code", "text"]
    assert words(found[3]) == "x = y"
    assert "<b>raw</b>" in words(found[5])
    assert words(found[-1]) == 'print("$n$")'


def test_latex_is_read_in_rows() -> None:
    text = (
        "\\documentclass{article}\n\\newcommand{\\x}{y}\n\\begin{document}\n\\section*{1(a)} % aside\n"
        "By \\emph{this} $a=b$, \\textbf{so}\n\\begin{itemize}\n  \\item one\n  \\item two \\[ c=d \\]\n"
        "\\end{itemize}\n"
        "\\begin{align*} e &= f \\\\ &= g \\end{align*}\nEnd.\n\\end{document}\n"
    )
    found = rows(text, GradeResult("hw", "a.tex", ()))
    kinds = [(row.kind, words(row).strip()) for row in found]
    assert kinds[0] == ("heading", "1(a)")
    assert kinds[1] == ("paragraph", "By this a=b, so")
    assert kinds[2:5] == [("item", "one"), ("item", "two"), ("display", "c=d")]
    assert kinds[5][0] == "display"
    assert kinds[6] == ("paragraph", "End.")
    assert not any("documentclass" in text or "aside" in text for _, text in kinds)


def test_a_judgement_stands_beside_its_formula() -> None:
    found = rows(MARKDOWN, judged(MARKDOWN, "a = b", "c = d", "x = y", "e=f", "g=h", first=2))
    beside = {note.judgement.latex: row for row in found for note in row.notes}
    for formula, row in beside.items():
        assert formula in words(row)
    assert len(beside) == 5
    assert [words(row) for row in found if row.first_error] == ["x = y"]


def test_both_pages_frame_the_first_error() -> None:
    result = judged(MARKDOWN, "a = b", "x = y", first=1)
    page = html.graded(result, MARKDOWN)
    assert page.count('class="row first"') == 1
    assert "&lt;b&gt;raw&lt;/b&gt;" in page
    assert "First error, Part 1a" in page
    written = latex.graded(result, MARKDOWN)
    assert written.count(r"\begin{firstfalse}") == 1
    assert "What the part asks, simulated: 1.0" in written
    assert "The answer" not in html.graded(result)


def test_markdown_shows_the_answer_with_its_judgements() -> None:
    written = markdown.graded(judged(MARKDOWN, "a = b", "x = y", first=1), MARKDOWN)
    shown = written[written.index("## The answer") :]
    assert shown.index("$a = b$") < shown.index("$$x = y$$") < shown.index("first error of 1a")
    assert "\\<b\\>raw" in shown
    assert "The answer" not in markdown.graded(judged(MARKDOWN, "a = b"))


@given(st.text(alphabet=st.sampled_from(list("ab$\\[]{}()*_`#>-|<&%\n 1=\ue000\ue001\u20ac")), max_size=120))
def test_no_text_is_refused_or_lets_markup_through(text: str) -> None:
    result = GradeResult("hw", "a.md", ())
    found = rows(text, result)
    assert all(row.runs for row in found)
    for row in found:
        if row.kind == "display":
            assert len(row.runs) == 1


@pytest.mark.skipif(not tex.available(), reason="pdflatex is not installed")
def test_a_nasty_answer_compiles() -> None:
    nasty = (
        "# <script>x</script> \\input{/etc/passwd}\n\n- **a_b^c** & # % $\\wibble{$ $x^2^3$ \\end{document}\n"
        "  - deeper\n    - and deeper $$\\begin{aligned} a &= b \\\\ &= c \\end{aligned}$$\n\n"
        + "w" * 300
        + "\n\n    code % \\x\n"
    )
    result = judged(nasty, "a &= b", first=0)
    made = tex.typeset(latex.graded(result, nasty))
    assert made.errors == ()
    assert max(made.overfull, default=0.0) <= 5.0
    assert "<script>x" not in html.graded(result, nasty)
