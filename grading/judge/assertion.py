"""Whether a writer stands by a formula: what is denied, asked, guessed or supposed is no result."""

from __future__ import annotations

import re
from typing import Final

from grading.read.document import Relation

_SENTENCE: Final = re.compile(r"[.!?](?=\s|$)|\n\s*\n")
_FORMULA: Final = re.compile(r"\$[^$]*\$|\\\(.*?\\\)")
_CLAUSE: Final = re.compile(
    r"[;:,]|\b(?:so|hence|thus|therefore|but|however|instead|rather|then|gives?|yields?|get|obtain|have)\b",
    re.IGNORECASE,
)
_DENIES: Final = re.compile(
    r"\b(?:wrong|incorrect|false|mistaken|untrue|nonsense)\b"
    r"|\bnot (?:true|the case|correct|right|that|hold)\b|\bneither\b"
    r"|\b(?:(?:do|does|did|can) ?not|can't|don't|doesn't|didn't) (?:\w+ )?"
    r"(?:believe|think|claim|say|mean|hold|agree)\b"
    r"|\b(?:may|might|could|would) (?:\w+ )?(?:think|believe|guess|expect|hope|claim)\b",
    re.IGNORECASE,
)
_SUPPOSES: Final = re.compile(
    r"\b(?:(?<!only )if|whether|suppose|supposing|assume|assuming|guess|maybe|perhaps|possibly|either|imagine|unless"
    r"|is it(?: true)?)(?: (?:that|it is|also))?[\s,:]*$",
    re.IGNORECASE,
)
_INTRODUCES: Final = re.compile(r"\b(?:let|denote|call)(?: us)?(?: (?:define|write|set))?[\s,:]*$", re.IGNORECASE)
_CONCLUDES: Final = re.compile(r"[;:]|\b(?:so|hence|thus|therefore)\b", re.IGNORECASE)
_BICONDITIONAL: Final = re.compile(
    r"\b(?:iff|only (?:if|when|for)|(?:exactly|precisely) (?:if|when))[\s$]*$", re.IGNORECASE
)
_ASKED: Final = re.compile(r"^\s*\?")
_REJECTED: Final = re.compile(
    r"^[\s,]*(?:(?:but|and|which|this|that|it)\s+)*(?:is|was|are|were|would be|must be|cannot be|seems)\s+"
    r"(?:\w+ly )?(?:wrong|false|incorrect|not (?:true|correct|right|the case)|untrue|nonsense|a mistake|an error)\b"
    r"|^[\s,]*(?:does not|cannot|doesn't|can't) (?:hold|be (?:true|right|correct))\b",
    re.IGNORECASE,
)


def disowned(relation: Relation) -> str | None:
    """The words by which the text denies, asks or supposes what a formula says; None where it states it."""
    formula = relation.formula
    sentence = _FORMULA.sub("#", _SENTENCE.split(formula.before)[-1])
    clause = _CLAUSE.split(sentence)[-1]
    found = _DENIES.search(clause) or (relation.opens and _SUPPOSES.search(sentence)) or _REJECTED.search(formula.after)
    if found:
        return str(found[0]).strip(" ,:")
    return "?" if _ASKED.search(formula.after) and not formula.display else None


def conditional_on(relation: Relation, hypothesis: Relation) -> bool:
    """Whether another formula after an 'if' stands before this one in its sentence, and nothing is concluded yet."""
    before, found, between = _SENTENCE.split(relation.formula.before)[-1].rpartition(hypothesis.formula.latex)
    return bool(found) and _CONCLUDES.search(between) is None and _BICONDITIONAL.search(before) is None


def introduced(relation: Relation) -> bool:
    """Whether 'let' stands right before a formula: it says what a letter is to mean, and derives nothing."""
    return relation.opens and _INTRODUCES.search(relation.formula.before) is not None
