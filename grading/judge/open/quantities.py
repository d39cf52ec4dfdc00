"""Arithmetic with quantities in prose: ``$15/meter × 40 meters = $600``, ``8 hours * 60 minutes/hour = 480 minutes``.

A stretch of numbers, signs and the names of units is read as arithmetic with the numbers. It is judged only where the
units cannot change the numbers: what is added has one unit, and the result has a unit that occurs, or none does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from derive.kernel.term import Term
from derive.latex.lexer import Unread
from derive.latex.parser import parse
from grading.judge.open.words import words

_TOKEN: Final = re.compile(
    r"""(?P<number>(?P<money>[$£€]\s?)?(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?![\d,]*\d|:\d|[A-Za-z]))
      | (?P<equals>=)
      | (?P<times>(?<=\s)x(?=\s+[$£€(]?\d))
      | (?P<per>/\s*(?=[A-Za-z])(?P<unit>[A-Za-z]+))
      | (?P<percent>%)
      | (?P<part>of(?=\s+[$£€]?\d))
      | (?P<operator>[-+*/\u2212\u2013\u00d7\u00b7\u00f7])
      | (?P<open>\()
      | (?P<close>\))
      | (?P<word>[A-Za-z]{2,}\.?(?=[\s)=,;.]|$))
      | (?P<space>[ \t]+)
      | (?P<other>.|\n)""",
    re.VERBOSE,
)
_SIGNS: Final = {"\u2212": "-", "\u2013": "-", "\u00d7": "*", "\u00b7": "*", "\u00f7": "/"}
_BOX: Final = re.compile(r"\\boxed\{([^{}\n]*)\}")
MAX_WORDS: Final = 3


@dataclass
class Side:
    """One side: its arithmetic in LaTeX, the units that occur, and where it stands."""

    start: int
    stop: int
    latex: str = ""
    units: set[str] = field(default_factory=set)
    operators: str = ""
    sums: bool = False
    words: int = 0
    percent: bool = False
    sound: bool = True


@dataclass(frozen=True)
class Statement:
    """``left = right`` in numbers; ``comparable`` where units cannot make a difference."""

    start: int
    stop: int
    left: Term
    right: Term
    comparable: bool


def statements(text: str) -> Iterator[Statement]:
    """Every equation between quantities of a text in which the formulas that were read are blanked."""
    text = _BOX.sub(lambda m: f"       {m[1]} ", text)  # as long as it was
    sides: list[Side] = []
    before = ""
    spoken = words()["quantities"]["spoken"]
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        kind = "word" if kind == "part" and not sides else kind
        kind = "number" if match["number"] else "per" if match["per"] else kind
        if kind == "space":
            continue
        if not sides:
            if kind in ("number", "open"):
                fresh = Side(match.start(), match.end())
                fresh.sound = before not in spoken
                sides.append(fresh)
                _take(fresh, kind, match)
            before = match[0].lower() if kind == "word" else "*" if kind in ("operator", "per") else ""
            if before == "*":
                before = "times"
            continue
        if kind == "equals":
            sides.append(Side(match.end(), match.end()))
        elif not _take(sides[-1], kind, match):
            if kind == "word" and match[0].lower().rstrip(".") in spoken and match[0] != "of":
                sides[-1].sound = False  # "= 3 times the number"; but "= 37 of them" is whole
            yield from _equations(sides)
            sides = []
            before = match[0].lower() if kind == "word" else ""
    yield from _equations(sides)


def in_latex(stated: str) -> str:
    """A statement as LaTeX, its words as text."""
    marked = re.sub(r"[A-Za-z]{2,}(?: [A-Za-z]{2,})*", lambda m: f"\\text{{ {m[0]} }}", stated)
    return marked.replace("$", "\\$").replace("*", "\\cdot ").replace("\u00d7", "\\times ")


def _take(side: Side, kind: str, match: re.Match[str]) -> bool:
    """Add a token to a side; False where it ends the stretch."""
    last = side.latex[-1:]
    if kind == "number":
        if last and last not in "+-*/(":
            return False
        side.latex += match["digits"].replace(",", "")
        if match["money"]:
            side.units.add("$")
        side.words = 0
    elif kind == "percent":
        if not last.isdigit():
            return False
        side.latex += r"\%"
        side.percent = True
    elif kind in ("operator", "times", "part"):
        if kind == "part" and not (side.latex.endswith("%") or re.search(r"\d/\d+\)?$", side.latex)):
            return False  # a share of something: '20% of 50', '1/3 of 27'
        sign = "*" if kind in ("times", "part") else _SIGNS.get(match[0], match[0])
        if not last or last in "+-*/(":
            return False
        side.latex += sign
        side.operators += sign
        side.sums |= sign in "+-"
    elif kind == "open":
        if last and last not in "+-*/(":
            return False
        side.latex += "("
    elif kind == "close":
        if side.latex.count("(") <= side.latex.count(")") or last in "+-*/(":
            return False
        side.latex += ")"
    elif kind == "per":
        if not last.isdigit():
            return False
        side.units.add("/")
    elif kind == "word":
        word = match[0].lower().rstrip(".")
        listed = words()["quantities"]
        if word in listed["prose"] or word in listed["spoken"] or last not in "0123456789)" or side.words >= MAX_WORDS:
            return False
        side.words += 1
        side.units.add(_stem(word))
        if match[0].endswith("."):
            side.stop = match.end() - 1
            return False
    else:
        return False
    side.stop = match.end()
    return True


def _stem(word: str) -> str:
    return word[:-2] if word.endswith("ies") else word.rstrip("s")


def _equations(sides: list[Side]) -> Iterator[Statement]:
    for left, right in zip(sides, sides[1:], strict=False):
        if not (left.sound and right.sound and left.operators):
            continue
        a, b = _term(left.latex), _term(right.latex)
        if a is not None and b is not None:
            yield Statement(left.start, right.stop, a, b, _comparable(left, right))


def _comparable(left: Side, right: Side) -> bool:
    if (right.percent and not left.percent) or (left.percent and not right.percent and "*" not in left.operators):
        return False  # 0.2 * 100 = 20%
    for side in (left, right):
        if side.sums and len(side.units - {"/"}) > 1:
            return False
    if not left.units or not right.units:
        return not left.units or left.units == {"$"}
    return bool(right.units & left.units)


def _term(latex: str) -> Term | None:
    try:
        return parse(latex)
    except Unread:
        return None
