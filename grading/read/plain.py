r"""Mathematics written in prose without dollar signs: ``X₁ ~ N(0, σ² + 1)``.

A stretch of plain text becomes a formula only where that is certain: marks of mathematics or declared names
on both sides of a relation sign, up to the next word or the end of the sentence. A side that runs into words
(``σ² plus the noise``) is no side, and what stands next to it is not read as if it were whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from derive.latex.notation import Notation
from derive.latex.parser import parse_chains
from grading.read.found import Found
from grading.read.macros import Expanded
from grading.read.marks import Mark, marks
from grading.read.source import HOLE
from grading.read.stretches import ENDS, OPERAND, Stretch, stretches

_PREFIX: Final = re.compile(
    r"^(?:[ \t]*(?:>|\#+(?=[ \t])|[-*+\u2022](?=[ \t])|\d{1,2}[.)](?=[ \t])"
    r"|\(?\d{0,2}\(?[A-Za-z]\)(?=[ \t])|\([ivx]+\)(?=[ \t])))+",
    re.MULTILINE,
)
_RELATION: Final = re.compile(r"[=~<>\u2248\u2264\u2265\u223c\u221d\u2192\u2261\u2208\u226a\u226b]")
_ROW: Final = re.compile(r"^[ \t]*\|[^\n]*", re.MULTILINE)
_PAIRS: Final = {"(": ")]", "[": "])", "{": "}"}
_SCRIPT_OR_SUM: Final = "Whether what follows the subscript belongs to it is not certain; write braces around it."


def plain_formulas(found: Sequence[Found], mask: str, notation: Notation) -> list[tuple[Found, Expanded]]:
    """The formulas in prose, ``mask`` the visible text with the formulas ``found`` overwritten."""
    if _RELATION.search(mask) is None:
        return []
    prose = _without_prefixes(mask)
    result: list[tuple[Found, Expanded]] = []
    ends = {f.end for f in found}
    for stretch in stretches(marks(prose, notation)):
        for formula, expanded in _formulas_in(stretch, prose, ends, notation):
            result.append((formula, expanded))
            ends.add(formula.end)
    return result


def _without_prefixes(mask: str) -> str:
    """Bullets, quote marks, numbers and labels at the start of a line as spaces, the pipes of a table as stops."""

    def blank(found: re.Match[str]) -> str:
        at, stop = found.start(), mask.find("\n", found.end())
        sign, line = found[0].strip(), mask[found.end() : stop if stop >= 0 else len(mask)]
        previous = mask[mask.rfind("\n", 0, at - 1) + 1 : at - 1] if at else ""
        apart = not previous.strip() and (at == 0 or sign != "+")
        if sign in ("-", "+", "*") and not apart and not _RELATION.search(line) and not _PREFIX.match(previous):
            return found[0]  # an operator: the formula of the line before goes on
        return " " * len(found[0])

    prose = _PREFIX.sub(blank, mask)
    return _ROW.sub(lambda m: m[0].replace("|", ";"), prose)


# -- the statements of a stretch -------------------------------------------------------------------
def _formulas_in(stretch: Stretch, prose: str, ends: set[int], notation: Notation) -> Iterator[tuple[Found, Expanded]]:
    for segment in _segments(stretch):
        for first, last, doubt in _statements(segment, prose, ends):
            chosen = segment.marks[first:last]
            if not _certain(chosen, notation):
                continue
            start, stop = chosen[0].start, chosen[-1].stop
            display = _fills_lines(prose, start, stop)
            expanded = _as_latex(chosen)
            chains = parse_chains(expanded.text, notation)
            if doubt or any(s.term is not None for c in chains for s in c.sides):
                yield Found(start, stop, start, stop, display, doubt), expanded


def _segments(stretch: Stretch) -> Iterator[Stretch]:
    """Pieces between commas, arrows of implication and remarks in brackets; all their brackets match."""
    waiting = [stretch]
    while waiting:
        piece = waiting.pop()
        if not any(m.kind == "relation" for m in piece.marks):
            continue
        piece = _without_label(piece)
        depth: list[int] = []
        cut: list[Stretch] | None = None
        for n, mark in enumerate(piece.marks):
            if mark.kind == "open":
                depth.append(n)
            elif mark.kind == "close":
                if not depth or mark.latex not in _PAIRS[piece.marks[depth[-1]].latex]:
                    cut = [piece.part(0, n, after="stop"), piece.part(n + 1, len(piece.marks), before="break")]
                    break
                opened = depth.pop()
                if not depth and _is_remark(piece, opened, n):
                    cut = [
                        piece.part(0, opened, after="word"),
                        piece.part(opened + 1, n, "stop", "stop"),
                        piece.part(n + 1, len(piece.marks), before="break"),
                    ]
                    break
            elif not depth and mark.kind in ("comma", "implies"):
                rest = piece.part(n + 1, len(piece.marks), before="stop")
                after = "break" if mark.kind == "comma" and _goes_on_as_list(rest) else "stop"
                cut = [piece.part(0, n, after=after), rest]
                break
        if cut is None and depth:
            n = depth[0]
            aside = piece.gap(n) and n + 1 == len(piece.marks) and piece.after == "prose"
            cut = [
                piece.part(0, n, after="word" if aside else "break"),
                piece.part(n + 1, len(piece.marks), before="stop"),
            ]
        if cut is None:
            yield piece
        else:
            waiting += reversed(cut)


def _without_label(piece: Stretch) -> Stretch:
    """``(b) X = 1``: the label is no factor."""
    kinds = [m.kind for m in piece.marks[:3]]
    if kinds not in (["open", "letter", "close"], ["open", "number", "close"]) or len(piece.marks) == 3:
        return piece
    if not piece.marks[1].latex.isascii() or not piece.gap(3):
        return piece
    return piece.part(3, len(piece.marks), before="break" if piece.before in ("word", "break") else "stop")


def _is_remark(piece: Stretch, opened: int, closed: int) -> bool:
    """Whether a bracket holds a statement of its own: ``= σ² + 1 (T = 1/Δt)``."""
    if opened and not piece.gap(opened):
        return False
    inside = piece.marks[opened + 1 : closed]
    level = 0
    states = False
    for mark in inside:
        level += {"open": 1, "close": -1}.get(mark.kind, 0)
        states |= not level and mark.kind == "relation"
    return states and not any(m.kind == "bar" for m in inside)


def _goes_on_as_list(rest: Stretch) -> bool:
    """Whether a single number, letter or ellipsis follows a comma, as in ``k = 1, 2, ...``."""
    kinds = [m.kind for m in rest.marks[:2]]
    return bool(kinds) and kinds[0] in ("number", "dots", "letter") and (len(kinds) == 1 or kinds[1] == "comma")


def _statements(piece: Stretch, prose: str, ends: set[int]) -> Iterator[tuple[int, int, str | None]]:
    """Ranges of marks that are a chain of whole sides, with the doubt that there is about one, if there is."""
    sides: list[tuple[int, int]] = []
    start = depth = 0
    for n, mark in enumerate(piece.marks):
        depth += {"open": 1, "close": -1}.get(mark.kind, 0)
        if mark.kind == "relation" and not depth:
            sides.append((start, n))
            start = n + 1
    sides.append((start, len(piece.marks)))
    if len(sides) < 2:
        return
    whole = [_is_whole(piece, first, last) for first, last in sides]
    leading = sides[0] == (0, 0) and piece.before == "line" and _follows_formula(prose, piece.marks[0].start, ends)
    first = 0
    while first < len(sides):
        last = first
        while last < len(sides) and (whole[last] or (leading and last == 0)):
            last += 1
        if last - first >= 2:
            a, b = sides[first][0], sides[last - 1][1]
            if b == len(piece.marks):
                b -= _equation_number(piece)
            yield a, b, next((d for n in range(a, b) if (d := _doubt(piece, n))), None)
        first = max(last, first + 1)


def _follows_formula(prose: str, at: int, ends: set[int]) -> bool:
    """Whether the line before ends in a formula."""
    stop = at
    while stop and (prose[stop - 1].isspace() or prose[stop - 1] in ".,;"):
        stop -= 1
    return stop in ends or prose[stop - 1 : stop] == HOLE


def _is_whole(piece: Stretch, first: int, last: int) -> bool:
    """Whether these marks are a whole side: nothing beside them may belong to it."""
    if first >= last:
        return False
    begins, ends = piece.marks[first], piece.marks[last - 1]
    if ends.kind not in ENDS or begins.kind in ("close", "script", "bar", "prime", "dots"):
        return False
    signed = begins.kind == "operator"
    if signed and (begins.latex not in "+-\u2212" or first == 0 and piece.before not in ("stop", "line", "prose")):
        return False
    if first == 0 and (piece.before == "break" or piece.before in ("word", "prose") and _loose_start(piece)):
        return False
    if last == len(piece.marks):
        if piece.after == "break" or piece.after in ("word", "prose") and _loose_end(piece):
            return False
        if _equation_number(piece) < 0:
            return False
    return not any(_starred(piece, n, last) for n in range(first, last))


def _loose_start(piece: Stretch) -> bool:
    """After a word: whether the first letter or number may belong to it: ``step k X = 1``, ``day 3 = 5 + 6``."""
    if piece.before == "word" and piece.marks[0].kind == "number" and piece.marks[1].kind == "relation":
        return True
    loose = piece.marks[0].kind in ("letter", "number") and len(piece.marks) > 1
    return loose and piece.gap(1) and piece.marks[1].kind in OPERAND


def _loose_end(piece: Stretch) -> bool:
    """Before a word: whether the last letter or number may belong to it, as in ``X = σ² T steps``."""
    n = len(piece.marks) - 1
    loose = piece.marks[n].kind in ("letter", "number") and n > 0
    return loose and piece.gap(n) and piece.marks[n - 1].kind in ENDS


def _equation_number(piece: Stretch) -> int:
    """How many marks at the end number the equation; -1 where that is not certain."""
    n = len(piece.marks) - 3
    if n < 1 or [m.kind for m in piece.marks[n:]] != ["open", "number", "close"] or not piece.gap(n):
        return 0
    if piece.marks[n - 1].kind not in ENDS:
        return 0
    return 3 if piece.marks[n].start - piece.marks[n - 1].stop > 1 else -1


def _starred(piece: Stretch, n: int, last: int) -> bool:
    """``π*(y|x)``: a star that may be part of the name of a function."""
    if piece.marks[n].latex != "*" or n == 0 or piece.gap(n) or n + 1 >= last or piece.gap(n + 1):
        return False
    if piece.marks[n + 1].kind != "open":
        return False
    close = next((m for m in range(n + 2, last) if piece.marks[m].kind == "close"), last)
    inside = [m.kind for m in piece.marks[n + 2 : close]]
    return len(inside) <= 2 or "bar" in inside or "comma" in inside


def _doubt(piece: Stretch, n: int) -> str | None:
    """``X_t-s``: a subscript without braces that may go on."""
    mark = piece.marks[n]
    if mark.kind != "script" or mark.latex[0] != "_" or mark.latex[1] == "{" or n + 2 >= len(piece.marks):
        return None
    sign, then = piece.marks[n + 1], piece.marks[n + 2]
    if sign.latex not in ("+", "-", "\u2212", "\u2013") or piece.gap(n + 1) or piece.gap(n + 2):
        return None
    scripted = n + 3 < len(piece.marks) and piece.marks[n + 3].kind == "script"
    return _SCRIPT_OR_SUM if then.kind in ("letter", "number") and not scripted else None


def _certain(chosen: Sequence[Mark], notation: Notation) -> bool:
    """Whether these marks can only be mathematics: by a mark that prose has not, or as arithmetic with numbers."""
    kinds = [m.kind for m in chosen]
    if "letter" not in kinds and "operator" in kinds and kinds.count("number") > 2:
        return True
    return any(
        m.sure or (m.kind == "letter" and (m.latex in notation.names or m.latex.strip() in notation.names))
        for m in chosen
    )


def _fills_lines(prose: str, start: int, stop: int) -> bool:
    """Whether nothing but punctuation stands beside a formula on its lines."""
    while start and prose[start - 1] in " \t":
        start -= 1
    while stop < len(prose) and prose[stop] in " \t.,;":
        stop += 1
    return (start == 0 or prose[start - 1] == "\n") and (stop == len(prose) or prose[stop] == "\n")


def _as_latex(chosen: Sequence[Mark]) -> Expanded:
    """The LaTeX for marks, every character with its origin."""
    pieces: list[str] = []
    origins: list[int] = []
    position = chosen[0].start
    for mark in chosen:
        gap = " " * (mark.start - position)
        pieces += [gap, mark.latex]
        origins += range(position, mark.start)
        same = len(mark.latex) == mark.stop - mark.start
        origins += range(mark.start, mark.stop) if same else [mark.start] * len(mark.latex)
        position = mark.stop
    return Expanded("".join(pieces), tuple(origins), chosen[0].start)
