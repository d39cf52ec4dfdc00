"""The words around a formula: does a line derive from the one before, and does the text itself doubt what it says?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from grading.read.document import Answer, Place, Relation
from grading.read.found import Lines
from grading.read.source import HOLE


@cache
def words() -> Mapping[str, Any]:
    """The lists of ``words.toml``."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


@cache
def _pattern(name: str, more: str = "") -> re.Pattern[str]:
    """One of the words of a list, or what ``more`` matches."""
    listed = "|".join(re.escape(w).replace(r"\*", r"\w*") for w in words()[name])
    return re.compile(rf"\b(?:{listed})(?!\w)" + (f"|{more}" if more else ""), re.IGNORECASE)


_APPROXIMATES: Final = r"≈|\\approx"
_ENVIRONMENT: Final = r"\\(?:begin|end)\{(?:align\*?|aligned|equation\*?|gather\*?)\}"
_MARKS: Final = re.compile(
    r"\\[()\[\],;:! ]|\\(?:quad|qquad|left|right|boxed|displaystyle)\b|\\hspace\{[^}]*\}|\\tag\{\d+\}|\$+|\\\\"
    r"|\\text\s*\{|\\(?:Rightarrow|implies|Longrightarrow|iff|Leftrightarrow|therefore|to|rightarrow)\b"
    rf"|{_ENVIRONMENT}|[{{}}.,:&⇒→\s]|\*\*|[-*](?=\s)|\d+[.)]|\#+"
)
_SENTENCE: Final = re.compile(r"[.!?](?=\s|$)|\n\s*\n")
_CLOSING: Final = re.compile(r"^[\s.,;]*(?:\\boxed|\}|\$\$?|\\\)|\\\])")
_OPENING: Final = re.compile(r"(?:\$\$?|\\\(|\\\[)\s*$")
REACH: Final = 160

Link = Literal["derived", "beside"] | None


class Words:
    """A text, and what stands where in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)

    def offset(self, place: Place) -> int:
        """The offset of a place."""
        return self.lines.starts[place.line - 1] + place.column - 1

    def place(self, offset: int) -> Place:
        """The place of an offset."""
        return self.lines.place(offset)

    def link(self, last: Relation | None, relation: Relation) -> Link:
        """How a relation goes on from the one before: derived from it, beside it, or (None) not at all."""
        if last is None:
            return None
        if last.chain == relation.chain:
            return "derived"
        start = self.offset(last.right.place) + len(last.right.latex)
        between = self.text[start : self.offset(relation.left.place)]
        if last.formula is not relation.formula:
            between = _CLOSING.sub("", _OPENING.sub("", between))
        return self._link(between, relation)

    def _link(self, between: str, relation: Relation) -> Link:
        if len(between) > REACH or "cases" in between:
            return None
        said = [w.lower() for w in re.findall(r"[A-Za-z']+", _MARKS.sub(" ", _without_formulas(between)))]
        if not all(w in words()["derives"] or w == "and" for w in said) or ("or" in said and not _lone(relation)):
            return None
        if said and said[-1] in words()["cases"]:
            return None
        apart = said == ["and"] or re.fullmatch(r"\s*(?:[,;]|,?\s*\\q?quad)\s*", between)
        return "beside" if apart else "derived"

    def continues(self, last: Relation | None, relation: Relation) -> bool:
        """Whether the left side of a link stands in its own formula, or right before it but for derivation."""
        inside = self.offset(relation.formula.place) <= self.offset(relation.left.place)
        return relation.opens or inside or (last is not None and self._derives(relation))

    def _derives(self, relation: Relation) -> bool:
        start = self.offset(relation.left.place) + len(relation.left.latex)
        between = self.text[start : self.offset(relation.formula.place)]
        return self._link(_CLOSING.sub("", _OPENING.sub("", between)), relation) == "derived"

    def rewrites(self, last: Relation | None, relation: Relation) -> bool:
        """Whether an equation is announced as another form of the one right before it."""
        if last is None or not relation.opens:
            return False
        start = self.offset(last.right.place) + len(last.right.latex)
        between = self.text[start : self.offset(relation.left.place)]
        return _pattern("rewrites").search(_without_formulas(_CLOSING.sub("", between))) is not None

    def without(self, answer: Answer) -> str:
        """The text with every formula that was read overwritten by a sign that is no mathematics."""
        formulas = [r.formula for part in answer.parts for r in part.relations]
        formulas += [f for part in answer.parts for _, f in part.expressions]
        text = self.text
        for f in formulas:
            start = self.offset(f.place)
            stop = start + len(f.latex)
            text = text[:start] + re.sub(r"[^\n]", HOLE, text[start:stop]) + text[stop:]
        return text

    def doubt(self, start: int, stop: int) -> str | None:
        """A word beside a stretch by which the text doubts it, or speaks of rounding."""
        before = _SENTENCE.split(self.text[max(0, start - REACH) : start])[-1]
        after = _SENTENCE.split(self.text[stop : stop + REACH])[0]
        rejects, rounds = _pattern("rejects"), _pattern("rounds", _APPROXIMATES)
        found = rejects.search(before) or rejects.search(after) or rounds.search(before) or rounds.search(after)
        return found[0] if found else None

    def around(self, relation: Relation) -> tuple[str, str]:
        """The sentence before and after the formula of a relation, as far as it reaches."""
        start = self.offset(relation.formula.place)
        stop = start + len(relation.formula.latex)
        before = self.text[max(0, start - REACH) : start]
        cuts = [m.end() for m in _SENTENCE.finditer(before)]
        before = before[cuts[-1] :] if cuts else before
        after = self.text[stop : stop + REACH]
        end = _SENTENCE.search(after)
        return before, after[: end.end()] if end else after

    def rejected(self, relation: Relation) -> str | None:
        """A word by which the text itself doubts, asks or rejects what a formula says."""
        before, after = self.around(relation)
        for where in (before, after, relation.formula.latex):
            found = _pattern("rejects").search(_without_formulas(where))
            if found:
                return found[0]
        found = _pattern("asks", r"\?").search(_without_formulas(before) + after[:2])
        return found[0] if found else None

    def supposed(self, relation: Relation) -> bool:
        """Whether a formula stands under a supposition."""
        return (
            _pattern("supposes", r"\?").search(_without_formulas(self.around(relation)[0])) is not None
            and not relation.defining
        )

    def rounding(self, relation: Relation) -> str | None:
        """A word that speaks of rounding."""
        before, after = self.around(relation)
        found = _pattern("rounds", rf"{_APPROXIMATES}|\\lfloor").search(
            before + " " + relation.formula.latex + " " + after
        )
        return found[0].lower() if found else None

    def chosen(self, relation: Relation) -> bool:
        """Whether a value is chosen, rounded or one of several, rather than derived."""
        before, after = self.around(relation)
        pattern = _pattern("chooses", rf"{_APPROXIMATES}|\\pm|\\[gl]e|<|>")
        return bool(pattern.search(_without_formulas(before)) or pattern.match(after.lstrip(" $\\)],")))

    def runs_on(self, relation: Relation) -> bool:
        """Whether what stands before a formula is part of its first side: 'three times $4 = 12$'."""
        if not relation.opens:
            return False
        start = self.offset(relation.left.place)
        before = _OPENING.sub("", self.text[max(0, start - 30) : start]).rstrip()
        last = max((m.end() for m in _pattern("operators").finditer(before)), default=-1)
        return last == len(before) or re.search(r"(?:[-+*/^×·÷=]|\\times|\\cdot|\\div)$", before) is not None


def _without_formulas(text: str) -> str:
    return re.sub(r"\$[^$]*\$|\\\(.*?\\\)", " ", text)


def _lone(relation: Relation) -> bool:
    left, right = relation.left.term, relation.right.term
    return left is not None and right is not None and left.op == "sym" and right.op == "num"
