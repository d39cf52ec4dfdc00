"""One result, five faces: each tells every part, every status and the counterexample."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from rich.console import Console

from grading.result import GradeResult, PartResult
from reports import html, latex, markdown, terminal, tex
from reports.marks import STATUS, VERDICT, estimate, number, points, total


def on_terminal(result: GradeResult, width: int = 80) -> str:
    console = Console(width=width, highlight=False, force_terminal=False)
    with console.capture() as captured:
        console.print(terminal.graded(result))
    return captured.get()


def test_points_that_wait_for_a_person_are_not_counted(graded: GradeResult) -> None:
    sums = total(graded)
    assert (sums.given, sums.decided, sums.waiting) == (7.0, 16.0, 3.0)
    assert points(None, 3.0) == "– / 3"
    assert points(1.5, 2.0) == "1.5 / 2"
    assert [number(v) for v in (0.0, 10.0, 0.75, 2.5)] == ["0", "10", "0.75", "2.5"]
    assert estimate(0.041023, 0.00018) == "0.0410 ± 0.0002"
    assert estimate(1.0, 0.0) == "1.00000 ± 0.00000"


def test_the_terminal_fits_80_columns_and_is_plain_in_a_pipe(graded: GradeResult) -> None:
    written = on_terminal(graded)
    assert max(map(len, written.splitlines())) <= 80
    assert "\x1b" not in written
    for part in graded.parts:
        assert part.part in written
        assert f"{VERDICT[part.verdict].sign} {part.verdict}" in written
    for expected in ("first error", "at σ = 1/2: left 0.2, right 0.3", r"\wibble", "line 96:3", "own premise", "150"):
        assert expected in written


def test_a_narrow_terminal_loses_nothing_of_the_verdicts(graded: GradeResult) -> None:
    written = on_terminal(graded, 50)
    assert max(map(len, written.splitlines())) <= 50
    assert all(part.verdict in written for part in graded.parts)


def test_markdown_tells_everything(graded: GradeResult) -> None:
    written = markdown.graded(graded)
    table = [line for line in written.splitlines() if line.startswith("|")]
    assert len(table) == 2 + len(graded.parts)
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 5 for line in table)
    assert r"a\_1.md" in written
    assert r"I train \<it\> \& stop." in written
    assert written.count("**First error.**") == 2


class Page(HTMLParser):
    """Collects the tags and addresses of a page, and checks that what is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "link", "br", "mspace"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> Page:
    parser = Page()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


def test_html_is_one_file_that_fetches_nothing(graded: GradeResult) -> None:
    written = html.graded(graded)
    page = read(written)
    assert "math" in page.tags
    assert all(address.startswith(("#", "data:")) for address in page.addresses)
    assert "http" not in re.sub(r"http-equiv", "", written)
    assert "default-src &#39;none&#39;" in written
    assert "prefers-color-scheme: dark" in written
    assert "@media print" in written
    assert 'name="viewport"' in written


def test_html_tells_everything_and_can_be_filtered(graded: GradeResult) -> None:
    page = read(html.graded(graded))
    for part in graded.parts:
        assert part.verdict in page.text
        for relation in part.relations:
            assert relation.status in page.text
    assert "I train <it> & stop." in page.text
    assert "First error" in page.text
    assert {"button", "nav", "main", "table"} <= page.tags


def test_html_holds_no_markup_of_the_answer() -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    part = PartResult("1a", "review", nasty, None, 1.0)
    page = read(html.graded(GradeResult(nasty, nasty, (part,), (nasty,))))
    assert "img" not in page.tags
    assert nasty in page.text


def test_latex_source_escapes_the_answer(graded: GradeResult) -> None:
    written = latex.graded(graded)
    assert r"answers/a\_1.md" in written
    assert r"I train \textless{}it\textgreater{} \& stop." in written
    assert r"\wibble" not in written
    assert written.count(r"\begin{firsterror}") == 2
    for name in STATUS:
        assert name in written


@pytest.mark.skipif(not tex.available(), reason="pdflatex is not installed")
def test_latex_compiles_and_nothing_sticks_out(graded: GradeResult) -> None:
    made = tex.typeset(latex.graded(graded))
    assert made.errors == ()
    assert max(made.overfull, default=0.0) <= 5.0
    assert made.data.startswith(b"%PDF")


@pytest.mark.skipif(not tex.available(), reason="pdflatex is not installed")
def test_latex_compiles_where_everything_is_nasty() -> None:
    nasty = "\\input{/etc/passwd} % # & _ ^^ ~ $x^2^3$ $\\frac$ {{{ \\end{document} " + "w" * 300 + " 🙂 <<``--''"
    part = PartResult("1_a%", "review", nasty, None, 1.0)
    made = tex.typeset(latex.graded(GradeResult(nasty, nasty, (part,), (nasty,))))
    assert made.errors == ()
    assert max(made.overfull, default=0.0) <= 5.0


def test_an_empty_result_has_every_face() -> None:
    empty = GradeResult("none", "a.md", ())
    assert "0 / 0" in on_terminal(empty)
    assert "0 / 0" in markdown.graded(empty)
    assert "0 / 0" in html.graded(empty)
    assert "0 / 0" in latex.graded(empty)


def test_json_has_the_keys_of_the_contract(graded: GradeResult) -> None:
    written = json.loads(json.dumps(graded.to_json()))
    assert {"schema", "assignment", "answer", "parts"} <= written.keys()
    assert written["schema"] == "derive/grade/1"
    keys = {"part", "verdict", "points", "of", "result", "relations", "first_error", "premises", "to_review"}
    for part in written["parts"]:
        assert keys | {"simulation", "coverage"} <= part.keys()
        for relation in part["relations"]:
            contract = {"latex", "line", "column", "kind", "status", "method", "why", "counterexample"}
            assert contract <= relation.keys()
