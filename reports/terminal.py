"""Results on a terminal: tables of at most 80 columns, signs as well as colours, plain text in a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grading.result import Comparison, Counterexample, GradeResult, Judgement, PartResult
from reports import plain
from reports.marks import STATUS, VERDICT, Mark, is_relation, number, points, simulated, total, waiting
from reports.summary import Summary

WIDTH: Final = 80
COLUMNS: Final = 8
"""Parts beside one another in the table of a class."""
COLOURS: Final = {"good": "green", "near": "yellow", "bad": "red", "open": "magenta", "plain": "dim"}


def console() -> Console:
    """Standard output, at most WIDTH columns; rich drops colours in a pipe and where NO_COLOR is set."""
    wide = Console(highlight=False)
    return _Console(highlight=False, width=min(wide.width, WIDTH), soft_wrap=False)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command line, for which a pipe that is closed early is no failure."""
        raise BrokenPipeError


def marked(mark: Mark, word: str) -> Text:
    """The sign and the word in the mark's colour."""
    return Text(f"{mark.sign} {word}", style=COLOURS[mark.tone])


def graded(result: GradeResult, details: bool = True) -> RenderableType:
    """The verdict table of one answer, then what is not simply right in each part."""
    sums = total(result)
    title = Text.assemble((result.answer, "bold"), f"  ({result.assignment})")
    table = _table()
    table.add_column("part", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("why", ratio=1)
    for part in result.parts:
        verdict = marked(VERDICT[part.verdict], part.verdict)
        table.add_row(part.part, verdict, points(part.points, part.of), Text(plain.prose(part.why)))
    rest = f"; {waiting(sums.waiting)}" if sums.waiting else ""
    score = Text(f"{points(sums.given, sums.decided)} points{rest}", style="bold")
    blocks: list[RenderableType] = [title, table, score]
    blocks += [Text(f"! {notice}", style=COLOURS["open"]) for notice in result.notices]
    if details:
        blocks += [block for part in result.parts for block in _part(part)]
    return Group(*blocks)


def _part(part: PartResult) -> Iterable[RenderableType]:
    remarkable = [
        (index, relation)
        for index, relation in enumerate(part.relations)
        if relation.status in ("refuted", "leading-order", "follows", "undecided", "unread")
    ]
    if not (remarkable or part.premises or part.to_review or part.simulation):
        return
    yield Text()
    yield Text.assemble((f"{part.part}  ", "bold"), marked(VERDICT[part.verdict], part.verdict))
    for premise in part.premises:
        yield _item(
            f"line {premise.line}", "premise", premise.latex, f"the problem says {plain.formula(premise.problem)}"
        )
    for index, relation in remarkable:
        yield judged(relation, first=index == part.first_error)
    for passage in part.to_review:
        if is_relation(passage, part):
            continue  # it stands above
        yield _item(f"line {passage.line}", "to review", "", f"{passage.why}: {_short(passage.text)}")
    if part.simulation:
        yield Padding(Text(f"simulated {simulated(part.simulation)}", style="dim"), (0, 0, 0, 4), expand=False)


def classroom(content: Summary) -> RenderableType:
    """Several graded answers at a glance, and the first errors that more than one of them makes."""
    title = Text.assemble((f"{len(content.answers)} answers", "bold"), f"  ({content.assignment}{_spent(content)})")
    blocks: list[RenderableType] = [Text(), title]
    for start in range(0, len(content.columns), COLUMNS):
        table = _table()
        table.add_column("answer", ratio=1, overflow="fold")
        for column in content.columns[start : start + COLUMNS]:
            table.add_column(column.part, no_wrap=True)
        table.add_column("points", justify="right", no_wrap=True)
        for answer in content.answers:
            cells = [_cell(part) for part in answer.parts[start : start + COLUMNS]]
            table.add_row(answer.name, *cells, points(answer.total.given, answer.total.decided))
        blocks.append(table)
    for error in content.errors:
        if len(error.places) > 1:
            blocks.append(_item(f"{len(error.places)}×", error.part, error.judgement.latex, ", ".join(error.places)))
    return Group(*blocks)


def _spent(content: Summary) -> str:
    return "" if content.seconds is None else f", graded in {content.seconds:.1f} s"


def _cell(part: PartResult | None) -> Text:
    if part is None:
        return Text()
    mark = VERDICT[part.verdict]
    return Text(f"{mark.sign} {'' if part.points is None else number(part.points)}".strip(), style=COLOURS[mark.tone])


def judged(relation: Judgement, first: bool = False) -> RenderableType:
    """One relation with its place, status and reason, and the point where it fails."""
    mark = STATUS[relation.status]
    head = Text.assemble(
        (f"line {relation.line}:{relation.column}  ", "dim"),
        marked(mark, relation.status),
        ("  ← first error", "bold red") if first else "",
    )
    body: list[RenderableType] = [head, Padding(Text(plain.formula(relation.latex)), (0, 0, 0, 4), expand=False)]
    why = plain.prose(relation.why)
    body.append(Padding(Text(why, style="dim"), (0, 0, 0, 4), expand=False))
    if relation.counterexample:
        body.append(Padding(Text(point(relation.counterexample), style=COLOURS[mark.tone]), (0, 0, 0, 4), expand=False))
    return Padding(Group(*body), (0, 0, 0, 2), expand=False)


def point(counterexample: Counterexample) -> str:
    """``at σ² = 1/4: left 0.2400, right 0.2500``."""
    values = ", ".join(
        f"{plain.formula(symbol)} = {plain.quantity(value)}" for symbol, value in counterexample.point.items()
    )
    at = f"at {values}: " if values else ""
    return f"{at}left {counterexample.lhs}, right {counterexample.rhs}"


def compared(result: Comparison) -> RenderableType:
    """Whether an answer equals the gold."""
    word = {True: "equal", False: "not equal", None: "undecided"}[result.equal]
    lines: list[RenderableType] = [
        Text.assemble(marked(STATUS[result.status], word), f"  ({result.status}, {result.method})"),
        Padding(Text(plain.prose(result.why)), (0, 0, 0, 2), expand=False),
    ]
    if result.counterexample:
        lines.append(Padding(Text(point(result.counterexample)), (0, 0, 0, 2), expand=False))
    return Group(*lines)


def rows(columns: Sequence[str], content: Iterable[Sequence[str]], title: str = "") -> Table:
    """A plain table; the last column takes what width is left."""
    table = _table(title)
    for index, name in enumerate(columns):
        table.add_column(name, no_wrap=index == 0, ratio=1 if index == len(columns) - 1 else None)
    for row in content:
        table.add_row(*(escape(cell) for cell in row))
    return table


def _table(title: str = "") -> Table:
    from rich.box import SIMPLE_HEAD

    return Table(box=SIMPLE_HEAD, expand=True, pad_edge=False, title=title or None, title_justify="left")


def _item(place: str, word: str, latex: str, why: str) -> RenderableType:
    head = Text.assemble((f"{place}  ", "dim"), (word, COLOURS["open"]))
    body = [
        Padding(Text(text), (0, 0, 0, 4), expand=False) for text in (plain.formula(latex), plain.prose(why)) if text
    ]
    return Padding(Group(head, *body), (0, 0, 0, 2), expand=False)


def _short(text: str, length: int = 200) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
