r"""Mathematics written in prose without dollar signs: ``X₁ ~ N(0, σ² + 1)``.

A stretch of plain text becomes a formula only where that is certain: marks of mathematics or declared names
on both sides of a relation sign, up to the next word or the end of the sentence. A side that runs into words
(``σ² plus the noise``) is no side, and what stands next to it is not read as if it were whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from derive.latex.notation import Notation
from derive.latex.parser import parse_chains
from derive.latex.tables import tables
from grading.read.found import Found
from grading.read.macros import Expanded
from grading.read.marks import SPACES, Mark, marks
from grading.read.source import HOLE

MAX_MARKS: Final = 400
"""Marks of one formula in prose; a long line has fifty."""
_FORMULA: Final = frozenset(
    ["number", "letter", "function", "operator", "relation", "implies", "open", "close", "bar", "comma", "dots"]
    + ["script", "prime"]
)
_OPERAND: Final = frozenset(["letter", "function", "number", "open"])
_ENDS: Final = frozenset(["letter", "number", "close", "script", "prime", "dots", "bar"])
_PREFIX: Final = re.compile(
    r"^(?:[ \t]*(?:>|\#+(?=[ \t])|[-*+\u2022](?=[ \t])|\d{1,2}[.)](?=[ \t])"
    r"|\(?\d{0,2}\(?[A-Za-z]\)(?=[ \t])|\([ivx]+\)(?=[ \t])))+",
    re.MULTILINE,
)
_RELATION: Final = re.compile(r"[=~<>\u2248\u2264\u2265\u223c\u221d\u2192\u2261\u2208\u226a\u226b]")
_ROW: Final = re.compile(r"^[ \t]*\|[^\n]*", re.MULTILINE)
_LISTS: Final = frozenset(["or", "and", "to", "through", "until"])
_SOON: Final = 5
"""Marks in which three words and the spaces between them lie."""
_PAIRS: Final = {"(": ")]", "[": "])", "{": "}"}
_SCRIPT_OR_SUM: Final = "Whether what follows the subscript belongs to it is not certain; write braces around it."


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Marks without spaces, which of them have a space before, and what stands before and after."""

    marks: tuple[Mark, ...]
    before: str
    after: str
    """``stop`` (the end of a sentence or line), ``word``, or ``break`` (what is there may belong to the formula)."""

    def gap(self, n: int) -> bool:
        """Whether there is a space before mark n."""
        return n > 0 and self.marks[n - 1].stop < self.marks[n].start

    def part(self, first: int, last: int, before: str = "", after: str = "") -> _Stretch:
        """Marks first, ..., last - 1."""
        return _Stretch(self.marks[first:last], before or self.before, after or self.after)


def plain_formulas(found: Sequence[Found], mask: str, notation: Notation) -> list[tuple[Found, Expanded]]:
    """The formulas in prose, ``mask`` the visible text with the formulas ``found`` overwritten."""
    if _RELATION.search(mask) is None:
        return []
    prose = _without_prefixes(mask)
    result: list[tuple[Found, Expanded]] = []
    ends = {f.end for f in found}
    for stretch in _stretches(marks(prose, notation)):
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


def _stretches(found: list[Mark]) -> Iterator[_Stretch]:
    """Marks that may stand in a formula, as long as they follow each other."""
    found = [_article(found, n) for n in range(len(found))]
    n = 0
    while n < len(found):
        if found[n].kind not in _FORMULA:
            n += 1
            continue
        first, run = n, [found[n]]
        n += 1
        while n < len(found):
            mark = found[n]
            if mark.kind in _FORMULA:
                run.append(mark)
            elif mark.kind != "space" and not (mark.kind == "newline" and _goes_on(found, n, run[-1])):
                break
            n += 1
        if len(run) <= MAX_MARKS and any(m.kind == "relation" for m in run):
            yield _Stretch(tuple(run), _before(found, first), _after(found, n, run[-1]))


def _article(found: list[Mark], n: int) -> Mark:
    """The words 'a' and 'I', which are letters too."""
    mark = found[n]
    if mark.kind != "letter" or mark.latex not in ("a", "A", "I") or n and found[n - 1].kind not in SPACES:
        return mark
    before = found[n - 2].kind if n > 1 else "stop"
    after = found[n + 2].kind if n + 2 < len(found) and found[n + 1].kind in SPACES else ""
    if before in ("operator", "relation", "open", "implies") or after not in _OPERAND | {"word"}:
        return mark
    return Mark("break" if before in _ENDS else "word", mark.start, mark.stop, mark.latex)


def _goes_on(found: list[Mark], n: int, last: Mark) -> bool:
    """Whether a formula goes on over the end of a line."""
    if found[n].stop - found[n].start > 1:
        return False
    after = _next(found, n + 1)
    return last.kind in ("operator", "relation", "open") or after is not None and after.kind in ("operator", "relation")


def _next(found: list[Mark], n: int) -> Mark | None:
    while n < len(found) and found[n].kind == "space":
        n += 1
    return found[n] if n < len(found) else None


def _before(found: list[Mark], first: int) -> str:
    """What stands before a stretch."""
    n = first - 1
    while n >= 0 and found[n].kind == "space":
        n -= 1
    if n < 0 or found[n].kind in ("stop", "newline"):
        return "line" if n < 0 or found[n].kind == "newline" else "stop"
    mark = found[n]
    attached = n == first - 1
    word = mark.latex.lower()
    if mark.kind != "word" or attached or word in tables().spoken or word in tables().commands:
        return "break"
    return "prose" if word in tables().prose else "word"


def _after(found: list[Mark], n: int, last: Mark) -> str:
    """What stands after a stretch that ends before mark n."""
    if n >= len(found) or found[n].kind in ("stop", "newline"):
        following = _next(found, n + 1) if n < len(found) and found[n].kind == "newline" else None
        return "break" if following is not None and following.kind == "operator" else "stop"
    mark = found[n]
    if mark.kind != "word" or mark.start == last.stop:
        return "break"
    word = mark.latex.lower()
    after = _next(found, n + 1)
    soon = {m.latex.lower() for m in found[n : n + _SOON] if m.kind == "word"}
    bare = word == "of" and after is not None and after.kind == "word"  # "T = 2 of the data", not "1/2 of T"
    if word in tables().spoken and not bare or soon & tables().spoken_soon:
        return "break"
    if after is None:
        return "word"
    attached = after.start == mark.stop
    if after.kind in ("operator", "relation", "script") or attached and after.kind in ("open", "break"):
        return "break"
    if word in _LISTS and after.kind in ("number", "dots", "letter") and not _states(found, n + 1):
        return "break"
    return "prose" if word in tables().prose else "word"


def _states(found: list[Mark], n: int) -> bool:
    """Whether the marks from n on hold a relation before the next word or stop."""
    while n < len(found) and (found[n].kind in _FORMULA or found[n].kind == "space"):
        if found[n].kind == "relation":
            return True
        n += 1
    return False


# -- the statements of a stretch -------------------------------------------------------------------
def _formulas_in(stretch: _Stretch, prose: str, ends: set[int], notation: Notation) -> Iterator[tuple[Found, Expanded]]:
    for segment in _segments(stretch):
        for first, last, doubt in _statements(segment, prose, ends):
            chosen = segment.marks[first:last]
            if not _certain(chosen, notation):
                continue
            start, stop = chosen[0].start, chosen[-1].stop
            display = _fills_lines(prose, start, stop)
            expanded = _as_latex(prose, chosen)
            chains = parse_chains(expanded.text, notation)
            if doubt or any(s.term is not None for c in chains for s in c.sides):
                yield Found(start, stop, start, stop, display, doubt), expanded


def _segments(stretch: _Stretch) -> Iterator[_Stretch]:
    """Pieces between commas, arrows of implication and remarks in brackets; all their brackets match."""
    waiting = [stretch]
    while waiting:
        piece = waiting.pop()
        if not any(m.kind == "relation" for m in piece.marks):
            continue
        piece = _without_label(piece)
        depth: list[int] = []
        cut: list[_Stretch] | None = None
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


def _without_label(piece: _Stretch) -> _Stretch:
    """``(b) X = 1``: the label is no factor."""
    kinds = [m.kind for m in piece.marks[:3]]
    if kinds not in (["open", "letter", "close"], ["open", "number", "close"]) or len(piece.marks) == 3:
        return piece
    if not piece.marks[1].latex.isascii() or not piece.gap(3):
        return piece
    return piece.part(3, len(piece.marks), before="break" if piece.before in ("word", "break") else "stop")


def _is_remark(piece: _Stretch, opened: int, closed: int) -> bool:
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


def _goes_on_as_list(rest: _Stretch) -> bool:
    """Whether a single number, letter or ellipsis follows a comma, as in ``k = 1, 2, ...``."""
    kinds = [m.kind for m in rest.marks[:2]]
    return bool(kinds) and kinds[0] in ("number", "dots", "letter") and (len(kinds) == 1 or kinds[1] == "comma")


def _statements(piece: _Stretch, prose: str, ends: set[int]) -> Iterator[tuple[int, int, str | None]]:
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


def _is_whole(piece: _Stretch, first: int, last: int) -> bool:
    """Whether these marks are a whole side: nothing beside them may belong to it."""
    if first >= last:
        return False
    begins, ends = piece.marks[first], piece.marks[last - 1]
    if ends.kind not in _ENDS or begins.kind in ("close", "script", "bar", "prime", "dots"):
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


def _loose_start(piece: _Stretch) -> bool:
    """After a word: whether the first letter or number may belong to it: ``step k X = 1``, ``day 3 = 5 + 6``."""
    if piece.before == "word" and piece.marks[0].kind == "number" and piece.marks[1].kind == "relation":
        return True
    loose = piece.marks[0].kind in ("letter", "number") and len(piece.marks) > 1
    return loose and piece.gap(1) and piece.marks[1].kind in _OPERAND


def _loose_end(piece: _Stretch) -> bool:
    """Before a word: whether the last letter or number may belong to it, as in ``X = σ² T steps``."""
    n = len(piece.marks) - 1
    loose = piece.marks[n].kind in ("letter", "number") and n > 0
    return loose and piece.gap(n) and piece.marks[n - 1].kind in _ENDS


def _equation_number(piece: _Stretch) -> int:
    """How many marks at the end number the equation; -1 where that is not certain."""
    n = len(piece.marks) - 3
    if n < 1 or [m.kind for m in piece.marks[n:]] != ["open", "number", "close"] or not piece.gap(n):
        return 0
    if piece.marks[n - 1].kind not in _ENDS:
        return 0
    return 3 if piece.marks[n].start - piece.marks[n - 1].stop > 1 else -1


def _starred(piece: _Stretch, n: int, last: int) -> bool:
    """``π*(y|x)``: a star that may be part of the name of a function."""
    if piece.marks[n].latex != "*" or n == 0 or piece.gap(n) or n + 1 >= last or piece.gap(n + 1):
        return False
    if piece.marks[n + 1].kind != "open":
        return False
    close = next((m for m in range(n + 2, last) if piece.marks[m].kind == "close"), last)
    inside = [m.kind for m in piece.marks[n + 2 : close]]
    return len(inside) <= 2 or "bar" in inside or "comma" in inside


def _doubt(piece: _Stretch, n: int) -> str | None:
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


def _as_latex(prose: str, chosen: Sequence[Mark]) -> Expanded:
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
