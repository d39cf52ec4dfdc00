"""Reading an answer: parts, formulas, chains and relations, each with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from derive.latex.notation import Notation
from derive.latex.parser import Chain, parse_chains
from derive.latex.parser import Side as ReadSide
from derive.latex.printer import relation_sign
from derive.latex.tables import tables
from grading.read.document import Answer, Formula, Part, Place, Relation, Side
from grading.read.found import Found, Lines
from grading.read.functions import applied_letters, own_letters
from grading.read.macros import Expanded, Macro, definitions, expand
from grading.read.mojibake import repaired
from grading.read.points import figure_names
from grading.read.prose import after, before, introduces
from grading.read.shattered import shattered, stray_lines
from grading.read.source import HOLE, formulas, is_latex, masked, struck_out, uncommented, visible
from grading.read.spoken import defined_in_words
from grading.segments import Segment, announcements, segments

_NOT_JUDGED: Final = {
    "≟": "Whether these are equal is asked, not said.",
}
FAR: Final = 15
"""Words of prose over which a display that begins with a relation still goes on with the one before."""
REACH: Final = 60
"""Characters of prose over which an inline formula that begins with a relation still goes on with the one before."""


def read_answer(text: str, notation: Notation) -> Answer:
    """An answer in Markdown or LaTeX, read with the notation of its subject.

    Never raises on any text; what cannot be read is in the result, with the reason and the place.
    """
    whole = repaired(text)
    text = whole.text
    shown = visible(text)
    macros, spans = definitions(uncommented(text))
    for start, stop in spans:
        shown = shown[:start] + re.sub(r"[^\n]", " ", shown[start:stop]) + shown[stop:]
    found = [f for f in formulas(shown) if not struck_out(shown[f.start : f.stop])]
    mask = masked(shown, found)
    expanded = [expand(_table_pipes(shown, f), f.start, macros) for f in found]
    apart = shattered(mask)
    if mask.strip(HOLE + " \n\t") and not is_latex(text):
        from grading.read.plain import plain_formulas  # formulas in prose: not needed for a bare formula

        lost = [(s.start, s.stop) for s in apart] + (stray_lines(mask) if apart else [])
        without = masked(mask, [Found(a, b, a, b, True) for a, b in sorted(lost)])
        pairs = [*zip(found, expanded, strict=True), *plain_formulas(found, without, notation)]
        pairs.sort(key=lambda pair: pair[0].outer)
        found, expanded = [f for f, _ in pairs], [e for _, e in pairs]
        mask = masked(shown, found)
    sources = [e.text for e in expanded]
    spoken = [(mask[max(f.outer - REACH, 0) : f.outer], e.text) for f, e in zip(found, expanded, strict=True)]
    own = [*applied_letters(sources, notation), *own_letters(spoken, notation)]
    notation = notation.declare([*own, *figure_names(sources, mask, notation)])
    reader = _Reader(text, shown, mask, notation, Lines(text, whole.columns), _announced(mask, found))
    parts: list[Part] = []
    position = 0
    for segment in segments(mask, shown):
        mine: list[tuple[Found, Expanded]] = []
        while position < len(found) and found[position].outer < segment.stop:
            mine.append((found[position], expanded[position]))
            position += 1
        parts.append(reader.part(segment, mine))
    return Answer(tuple(parts), (*whole.notices, *(lost.notice for lost in apart)))


def _table_pipes(text: str, f: Found) -> str:
    """The source of a formula; in a table of Markdown an escaped pipe is a pipe."""
    content = text[f.start : f.stop]
    if "\\|" in content and not f.display:
        line = text.rfind("\n", 0, f.outer) + 1
        if text[line : f.outer].lstrip().startswith("|"):
            return content.replace("\\|", " |")
    return content


def _announced(mask: str, found: Sequence[Found]) -> frozenset[int]:
    """Formulas (by where they start) that follow a line such as 'Answer (a):' with no prose between."""
    labelled: set[int] = set()
    announced = announcements(mask)
    n = -1
    position, alive, line_ended = 0, False, False
    for formula in found:
        while n + 1 < len(announced) and announced[n + 1].stop <= formula.outer:
            n += 1
            position, alive, line_ended = announced[n].stop, True, False
        if not alive:
            continue
        between = mask[position : formula.outer]
        if not line_ended:
            first_line, newline, between = between.partition("\n")
            line_ended = newline != ""
        if line_ended and re.search(r"[^\W_]", between):
            alive = False
        else:
            labelled.add(formula.outer)
        position = formula.end
    return frozenset(labelled)


@dataclass
class _State:
    """What the formulas of a part have left behind so far."""

    relations: list[Relation] = field(default_factory=list)
    expressions: list[tuple[Side, Formula]] = field(default_factory=list)
    chain: int = -1
    last: Side | None = None
    last_end: int = 0
    displayed: tuple[int, Side, int] | None = None
    """Chain and last side of the last display, and where it ends."""
    defined: bool = False
    alone: tuple[Side, Formula, int, str] | None = None
    """The formula before, where it is a single quantity: where it ends, and the words before it."""
    variables: tuple[str, ...] = ()


class _Reader:
    def __init__(
        self, text: str, shown: str, mask: str, notation: Notation, lines: Lines, labelled: frozenset[int]
    ) -> None:
        self.text, self.shown, self.mask = text, shown, mask
        self.notation, self.lines, self.labelled = notation, lines, labelled
        self.chains = 0
        self.previous_display = 0

    def part(self, segment: Segment, found: Sequence[tuple[Found, Expanded]]) -> Part:
        """One part with its relations in order."""
        state = _State()
        for formula, expanded in found:
            self._formula(state, segment, formula, expanded)
            if formula.display:
                self.previous_display = formula.end
        start = segment.start
        while start < segment.stop and self.text[start].isspace():
            start += 1
        return Part(
            label=segment.label,
            title=segment.title,
            place=self.lines.place(start),
            text=self.text[segment.start : segment.stop],
            relations=tuple(state.relations),
            expressions=tuple(state.expressions),
            problem=segment.problem,
        )

    def _formula(self, state: _State, segment: Segment, found: Found, expanded: Expanded) -> None:
        lead = before(self.shown, self.mask, found, max(segment.start, self.previous_display))
        formula = Formula(
            latex=self.text[found.start : found.stop].strip(),
            place=self.lines.place(found.start),
            display=found.display,
            before=lead,
            after=after(self.shown, self.mask, found, segment.stop),
        )
        problem = found.problem or expanded.problem
        if problem is not None:
            self._broken(state, formula, found, problem)
            return
        floor = max(segment.start, self.previous_display)
        defining = introduces(before(self.mask, self.mask, found, floor), state.defined)
        state.defined = defining
        quoted = self._quoted(found)
        chains = parse_chains(expanded.text, self.notation, variables=state.variables)
        for chain in chains:
            state.variables = chain.variables or state.variables
            self._chain(state, chain, formula, found, expanded, defining, quoted)
        self._in_words(state, chains, formula, found)
        state.last_end = found.end

    def _in_words(self, state: _State, chains: Sequence[Chain], formula: Formula, found: Found) -> None:
        """A definition in words that this formula completes; or it may begin one."""
        earlier, state.alone = state.alone, None
        if len(chains) != 1 or len(chains[0].sides) != 1 or chains[0].leading or chains[0].sides[0].term is None:
            return
        side = state.expressions[-1][0]
        state.alone = side, formula, found.end, self.mask[max(found.outer - REACH, 0) : found.outer].rpartition(HOLE)[2]
        if earlier is None or earlier[0].term is None or side.term is None:
            return
        between = self.mask[earlier[2] : found.outer]
        which = defined_in_words(earlier[3], between, earlier[0].term, side.term) if len(between) <= REACH else None
        if which is None:
            return
        left, right = (earlier[0], side) if which == "first" else (side, earlier[0])
        latex = f"{left.latex} {relation_sign(':=')} {right.latex}"
        self.chains += 1
        state.relations.append(
            Relation(":=", left, right, latex, left.place, self.chains - 1, True, formula, defining=True)
        )
        state.alone = None

    def _broken(self, state: _State, formula: Formula, found: Found, problem: str) -> None:
        place = self.lines.place(found.outer)
        at = f" (line {place.line}, column {place.column})"
        state.expressions.append((Side(formula.latex[:200], place, None, problem + at), formula))
        state.last_end = found.end

    def _quoted(self, found: Found) -> bool:
        line = self.text.rfind("\n", 0, found.outer) + 1
        return self.text[line : found.outer].lstrip().startswith(">")

    def _chain(
        self,
        state: _State,
        chain: Chain,
        formula: Formula,
        found: Found,
        expanded: Expanded,
        defining: bool,
        quoted: bool,
    ) -> None:
        sides = [self._side(side, expanded) for side in chain.sides]
        continues = chain.leading is not None and self._continues(state, found)
        if continues and state.last is not None and chain.leading is not None:
            kinds = (chain.leading, *chain.kinds)
            number, last = state.chain, state.last
            if found.display and state.displayed and re.search(r"[^\s:]", self.mask[state.last_end : found.outer]):
                number, last, _ = state.displayed  # what stands in the prose between is another statement
            sides = [last, *sides]
        else:
            kinds = chain.kinds
            number = self.chains
            self.chains += 1
        if not kinds:
            state.expressions += [(side, formula) for side in sides]
            if found.display and any(side.term is None for side in sides):
                state.last = sides[-1]  # a link of a chain is lost here; what follows does not go on before it
                state.displayed = number, sides[-1], found.end
            return
        words = chain.intro.lower().split()
        defines = defining or (bool(words) and words[-1].strip(".,:") in tables().defining)
        boxed = chain.boxed
        for n, kind in enumerate(kinds):
            opens = n == 0 and not continues
            left, right = sides[n], sides[n + 1]
            if kind in _NOT_JUDGED and right.term is not None:
                right = Side(right.latex, right.place, None, _NOT_JUDGED[kind])
            if kind == "=:":
                kind, left, right = ":=", right, left
            state.relations.append(
                Relation(
                    kind=kind,
                    left=left,
                    right=right,
                    latex=f"{left.latex} {relation_sign(kind)} {right.latex}",
                    place=left.place if opens else right.place,
                    chain=number,
                    opens=opens,
                    formula=formula,
                    defining=opens and (defines or kind == ":="),
                    boxed=boxed,
                    labelled=found.outer in self.labelled,
                    quoted=quoted,
                )
            )
        state.chain, state.last = number, sides[-1]
        if found.display:
            state.displayed = number, sides[-1], found.end

    def _continues(self, state: _State, found: Found) -> bool:
        """Whether a formula that begins with a relation goes on with the chain before it."""
        if state.last is None:
            return False
        if found.display:
            start = state.displayed[2] if state.displayed else state.last_end
            return len(re.findall(r"[^\W\d_]{2,}", self.mask[start : found.outer])) <= FAR
        if found.outer - state.last_end > REACH:
            return False
        between = self.mask[state.last_end : found.outer]
        if re.search(r"[.!?|\t]|\n\s*\n|\n\s*[-*+]", between):
            return False
        return tables().joining.issuperset(w.lower() for w in re.findall(r"[^\W_]+", between))

    def _side(self, side: ReadSide, expanded: Expanded) -> Side:
        latex = side.latex  # without the marks of rows and columns, unless they are those of a matrix
        if "\\begin" not in latex:
            latex = re.sub(r"\\\\(?:\[[^\]]*\])?|(?<!\\)&", " ", latex)
        latex = " ".join(latex.split())
        problem = side.problem
        if problem is not None and side.problem_at is not None:
            where = self.lines.place(expanded.origin(side.problem_at))
            problem = f"{problem} (line {where.line}, column {where.column})"
        return Side(latex, self.lines.place(expanded.origin(side.offset)), side.term, problem)


__all__ = ["Macro", "Place", "read_answer"]
