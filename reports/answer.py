r"""An answer as it was written, row by row, with what was judged of each of its formulas beside it.

The text is read as Markdown without raw HTML, or as the LaTeX of an article; formulas are found as the grader
finds them, so that every judgement stands beside its formula.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from grading.read.found import Found, Lines
from grading.read.source import formulas, is_latex, visible
from grading.result import GradeResult, Judgement, PartResult

if TYPE_CHECKING:
    from markdown_it.token import Token

_HOLE: Final = re.compile("\ue000(\\d+)\ue001")
"""Stands for a formula, by its number, while the text around it is read."""

RunKind = Literal["text", "strong", "em", "code", "formula"]
RowKind = Literal["heading", "paragraph", "item", "display", "code"]


@dataclass(frozen=True)
class Run:
    """A piece of a line: words, or a formula without its dollar signs."""

    kind: RunKind
    text: str


@dataclass(frozen=True)
class Note:
    """A judgement to stand in the margin; ``first`` where it is the first error of its part."""

    judgement: Judgement
    part: PartResult
    first: bool


@dataclass(frozen=True)
class Row:
    """A paragraph, heading, item, piece of code or displayed formula; ``depth`` counts lists and quotations."""

    kind: RowKind
    runs: tuple[Run, ...]
    notes: tuple[Note, ...] = ()
    depth: int = 0

    @property
    def lines(self) -> tuple[tuple[int, tuple[Note, ...]], ...]:
        """The notes by their line in the file."""
        numbers = sorted({note.judgement.line for note in self.notes})
        return tuple((n, tuple(note for note in self.notes if note.judgement.line == n)) for n in numbers)

    @property
    def first_error(self) -> Note | None:
        """The first error of a part, where it is in this row."""
        return next((note for note in self.notes if note.first), None)


def rows(text: str, result: GradeResult) -> tuple[Row, ...]:
    """The answer in rows, each with the judgements of its formulas."""
    from markdown_it import MarkdownIt  # only reports that show the answer need it

    text = re.sub("[\ue000-\uf8ff]", "\ufffd", text)
    shown = visible(text)
    found = formulas(shown)
    latex = is_latex(text)
    source = _held(shown if latex else text, found)
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(_markdown(source) if latex else source)
    contents = [shown[f.start : f.stop].strip() for f in found]
    return tuple(_rows(tokens, found, contents, _notes(text, result, found)))


def _held(text: str, found: Sequence[Found]) -> str:
    pieces: list[str] = []
    position = 0
    for number, formula in enumerate(found):
        pieces += [text[position : formula.outer], f"\ue000{number}\ue001"]
        position = formula.end
    return "".join([*pieces, text[position:]])


def _notes(text: str, result: GradeResult, found: Sequence[Found]) -> dict[int, list[Note]]:
    """The judgements of each formula, by its number; one whose formula is not found goes to the formula before it."""
    starts = Lines(text).starts
    outers = [formula.outer for formula in found]
    notes: dict[int, list[Note]] = {}
    for part in result.parts:
        for index, judgement in enumerate(part.relations):
            if not 0 < judgement.line <= len(starts):
                continue
            number = bisect_right(outers, starts[judgement.line - 1] + judgement.column - 1) - 1
            notes.setdefault(max(number, 0), []).append(Note(judgement, part, index == part.first_error))
    return notes


def _rows(
    tokens: Sequence[Token], found: Sequence[Found], contents: Sequence[str], notes: dict[int, list[Note]]
) -> Iterator[Row]:
    depth = 0
    kind: RowKind = "paragraph"
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open", "blockquote_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close", "blockquote_close"):
            depth -= 1
        elif token.type == "heading_open":
            kind = "heading"
        elif token.type == "list_item_open":
            kind = "item"
        elif token.type == "inline":
            yield from _split(_runs(token.children or ()), kind, depth, found, contents, notes)
            kind = "paragraph"
        elif token.type in ("fence", "code_block"):
            for line in token.content.splitlines():
                yield from _split([Run("code", line)], "code", depth, found, contents, notes)


def _runs(children: Sequence[Token]) -> Iterator[Run]:
    style: list[RunKind] = ["text"]
    for child in children:
        match child.type:
            case "strong_open":
                style.append("strong")
            case "em_open":
                style.append("em")
            case "strong_close" | "em_close":
                style.pop()
            case "softbreak" | "hardbreak":
                yield Run("text", " ")
            case "code_inline":
                yield Run("code", child.content)
            case _ if child.content:
                yield Run(style[-1], child.content)


def _split(
    runs: Iterator[Run] | Sequence[Run],
    kind: RowKind,
    depth: int,
    found: Sequence[Found],
    contents: Sequence[str],
    notes: dict[int, list[Note]],
) -> Iterator[Row]:
    """One row for the words and the formulas among them, and one for each displayed formula."""
    line: list[Run] = []
    mine: list[Note] = []
    for run in runs:
        for index, piece in enumerate(_HOLE.split(run.text)):
            if index % 2 == 0:
                line += [Run(run.kind, piece)] if piece else []
                continue
            number = int(piece)
            if not found[number].display:
                line.append(Run("formula", contents[number]))
                mine += notes.get(number, [])
                continue
            yield from _row(kind, line, mine, depth)
            yield Row("display", (Run("formula", contents[number]),), tuple(notes.get(number, ())), depth)
            line, mine, kind = [], [], "code" if kind == "code" else "paragraph"
    yield from _row(kind, line, mine, depth)


def _row(kind: RowKind, line: list[Run], mine: list[Note], depth: int) -> Iterator[Row]:
    if any(run.text.strip() for run in line):
        yield Row(kind, tuple(line), tuple(mine), depth)


# -- the LaTeX of an article as Markdown; its formulas are held already ------------------------------------
_LATEX: Final[tuple[tuple[str, str], ...]] = (
    (r"\\(?:sub)*(?:section|paragraph)\*?\s*\{([^{}\n]*)\}", r"\n\n## \1\n\n"),
    (r"\\(?:label|vspace|hspace|title|author|date)\*?\s*\{[^{}\n]*\}", ""),
    (r"\\(?:begin|end)\s*\{[^{}\n]*\}(?:\[[^\]\n]*\])?", "\n\n"),
    (r"\\item\s*\[([^\]\n]*)\]", r"\n- \1 "),
    (r"\\item\b\s*", r"\n- "),
    (r"\\textbf\s*\{([^{}\n]*)\}", r"**\1**"),
    (r"\\(?:emph|textit)\s*\{([^{}\n]*)\}", r"*\1*"),
    (r"\\(?:text|textrm|textsf|underline|mbox)\s*\{([^{}\n]*)\}", r"\1"),
    (r"\\(?:maketitle|noindent|smallskip|medskip|bigskip|newpage|clearpage|par|qed|centering)\b", ""),
    (r"\\\\(?:\[[^\]\n]*\])?", " "),
    (r"\\([&%$#_{}])", r"\1"),
    (r"``|''", '"'),
    ("~", " "),
    (r"---", "—"),
    (r"--", "–"),
    (r"(?m)^[ \t]+", ""),
)


def _markdown(text: str) -> str:
    for pattern, replacement in _LATEX:
        text = re.sub(pattern, replacement, text)
    return text
