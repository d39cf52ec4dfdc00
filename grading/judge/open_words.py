"""The words around a formula: does a line derive from the one before, and does the text itself doubt what it says?"""

from __future__ import annotations

import re
from typing import Final

from grading.read.document import Place, Relation
from grading.read.source import Lines

DERIVES: Final = frozenset(
    """so thus therefore hence then gives give giving yields yield get gets we us have has this that it is which means
    implies imply simplifies simplify simplifying simplified to into becomes become dividing divide multiplying multiply
    adding add subtracting subtract both sides side by from on solving solve for the a an equation equations expression
    obtain obtaining expand expanding expanded combine combining like terms term rearranging rearrange rearranged
    rearranges isolating isolate isolates moving equivalent equivalently equal equals or as can be rewrite rewritten
    written write further finally now next again in of left right hand all out our find value also follows know need
    variable factoring factor factored factors cancel canceling cancelling taking take root square cube squaring
    distributing distribute distributive property first second third step do perform performing operations common where possible let's lets""".split()
)
"""Words between two equations of which the second is derived from the first."""
REJECTS: Final = re.compile(
    r"\b(contradict\w*|impossible|false|incorrect\w*|not|cannot|can't|isn't|doesn't|aren't|never|wrong|absurd|invalid|"
    r"no solution\w*|mistake|error|inconsistent|extraneous|reject\w*|discard\w*|but|however|instead|actually|oops|wait|"
    r"should(?: be)?|correct(?:ion|ed|ing|ly)?|re-?evaluate|revisit|neither)\b",
    re.IGNORECASE,
)
SUPPOSES: Final = re.compile(
    r"\b(suppose|supposing|assume|assuming|whether|if|test|testing|try|trying|guess|check(?:ing)?|verify(?:ing)?|when|"
    r"case|unless|would|were|let|for example|e\.g\.|such as|consider|either|possible|possibilit\w+)\b|\?",
    re.IGNORECASE,
)
REWRITES: Final = re.compile(
    r"\b(?:equivalent(?:ly)?|re-?written|rewrite|written|simplif\w+|expand\w*|rearrang\w+|becomes|distribut\w+)\b",
    re.IGNORECASE,
)
ROUNDS: Final = re.compile(
    r"\b(round\w*|approximat\w*|about|roughly|nearly|nearest|almost|estimat\w*|whole|integer part|floor|ceiling|"
    r"remainder|quotient|full|complete|truncat\w*|at (?:least|most)|greatest integer|decimal places?)\b|≈|\\approx|\\lfloor",
    re.IGNORECASE,
)
CHOOSES: Final = re.compile(
    r"\b(integer|whole|round\w*|nearest|closest|smallest|largest|least|most|minimum|maximum|greatest|minimal|maximal|"
    r"approximat\w*|about|must be|or|either|another|other|alternativ\w*|similarly|suppose|assume|if|when|case|let|try|"
    r"set|choose|consider)\b|≈|\\approx|\\pm|\\ge|\\le|<|>",
    re.IGNORECASE,
)
RUNS_ON: Final = re.compile(
    r"(?:[-+*/^×·÷=]|\\times|\\cdot|\\div|\b(?:times|plus|minus|of|over|by|per|than|divided by|multiplied by|modulo|mod|base))"
    r"[\s$]*(?:\\[(\[])?[\s$]*$"
)
_MARKS: Final = re.compile(r"\\[()\[\]]|\\(?:quad|qquad|[,;:! ])|\$+|\\\\|\\text\s*\{|\\(?:Rightarrow|implies|Longrightarrow|iff|"
                           r"Leftrightarrow|therefore|to|rightarrow)\b|[{}.:&⇒→\s]|\\begin\{(?:align\*?|aligned|equation\*?|gather\*?)\}"
                           r"|\\end\{(?:align\*?|aligned|equation\*?|gather\*?)\}|\*\*|[-*](?=\s)|\d+[.)]|#+|,|\\left|\\right|\\boxed|\\displaystyle|\\tag\{\d+\}|\\qquad|\\hspace\{[^}]*\}")
_SENTENCE: Final = re.compile(r"[.!?](?=\s|$)|\n\s*\n")
_CLOSING: Final = re.compile(r"^[\s.,;]*(?:\\boxed|\}|\$\$?|\\\)|\\\])")
_OPENING: Final = re.compile(r"(?:\$\$?|\\\(|\\\[)\s*$")
REACH: Final = 160


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

    def joined(self, last: Relation | None, relation: Relation) -> bool:
        """Whether nothing but words of derivation stands between a relation and the one before."""
        if last is None:
            return False
        if last.chain == relation.chain:
            return True
        start = self.offset(last.right.place) + len(last.right.latex)
        between = self.text[start : self.offset(relation.left.place)]
        if last.formula is not relation.formula:
            between = _CLOSING.sub("", _OPENING.sub("", between))
        return self._only_derivation(between, relation)

    def _only_derivation(self, between: str, relation: Relation) -> bool:
        if len(between) > REACH or "cases" in between:
            return False
        if re.fullmatch(r"\s*(?:,|;|,?\s*\\q?quad)\s*", between):
            return False
        words = [w.lower() for w in re.findall(r"[A-Za-z']+", _MARKS.sub(" ", _without_formulas(between)))]
        if "or" in words and not _lone(relation):
            return False
        return all(w in DERIVES for w in words)

    def continues(self, last: Relation | None, relation: Relation) -> bool:
        """Whether the left side of a link stands in its own formula, or right before it but for derivation."""
        inside = self.offset(relation.formula.place) <= self.offset(relation.left.place)
        return relation.opens or inside or (last is not None and self._derives(relation))

    def _derives(self, relation: Relation) -> bool:
        start = self.offset(relation.left.place) + len(relation.left.latex)
        between = self.text[start : self.offset(relation.formula.place)]
        return self._only_derivation(_CLOSING.sub("", _OPENING.sub("", between)), relation)

    def rewrites(self, relation: Relation) -> bool:
        """Whether an equation is announced as another form of the one before."""
        before, _ = self.around(relation)
        return not relation.opens or REWRITES.search(_without_formulas(before)[-60:]) is not None

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
            found = REJECTS.search(_without_formulas(where))
            if found:
                return found[0]
        found = re.search(r"\b(?:whether|suppose|guess|would)\b|\?", _without_formulas(before) + after[:2])
        return found[0] if found else None

    def supposed(self, relation: Relation) -> bool:
        """Whether a formula stands under a supposition."""
        return SUPPOSES.search(_without_formulas(self.around(relation)[0])) is not None and not relation.defining

    def rounding(self, relation: Relation) -> str | None:
        """A word that speaks of rounding."""
        before, after = self.around(relation)
        found = ROUNDS.search(before + " " + relation.formula.latex + " " + after)
        return found[0].lower() if found else None

    def chosen(self, relation: Relation) -> bool:
        """Whether a value is chosen, rounded or one of several, rather than derived."""
        before, after = self.around(relation)
        return CHOOSES.search(_without_formulas(before)) is not None or CHOOSES.match(after.lstrip(" $\\)],")) is not None

    def runs_on(self, relation: Relation) -> bool:
        """Whether what stands before a formula is part of its first side: 'three times $4 = 12$'."""
        if not relation.opens:
            return False
        start = self.offset(relation.left.place)
        return RUNS_ON.search(self.text, max(0, start - 30), start) is not None


def _without_formulas(text: str) -> str:
    return re.sub(r"\$[^$]*\$|\\\(.*?\\\)", " ", text)


def _lone(relation: Relation) -> bool:
    left, right = relation.left.term, relation.right.term
    return left is not None and right is not None and left.op == "sym" and right.op == "num"
