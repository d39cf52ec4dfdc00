r"""Definitions in words between two formulas: "write $v$ for $\sigma^2+t$", "denote $\sigma^2+t$ by $v$"."""

from __future__ import annotations

import re
from typing import Final, Literal

from derive.kernel.term import Term
from derive.latex.shapes import STRUCTURES

Defined = Literal["first", "second"]

_ADVERBS: Final = r"(?:\s+(?:simply|just|also|again|now|further|henceforth|briefly|here))*"
_VERBS: Final = rf"\b(?:write|writing|use|using|introduce|put|set){_ADVERBS}"
_FOR: Final = re.compile(rf"{_VERBS}\s*$", re.IGNORECASE)
_DENOTE: Final = re.compile(
    rf"\b(?:denote|denoting|abbreviate|abbreviating|call|calling|define|defining){_ADVERBS}(?:\s+the\s+\w+)?\s*$",
    re.IGNORECASE,
)
_DENOTE_BY: Final = re.compile(rf"\b(?:denote|denoting){_ADVERBS}\s+by\s*$", re.IGNORECASE)
_LET: Final = re.compile(rf"\b(?:let|where|with|here){_ADVERBS},?\s*$", re.IGNORECASE)
_BE: Final = re.compile(
    r"(?:be|denotes?|equals?|stands? for|is|is short for|be equal to|is defined (?:as|to be|by))", re.IGNORECASE
)
_NOUN: Final = re.compile(r"the(?: \w+){1,4}", re.IGNORECASE)
_CALLED: Final = re.compile(
    r",? ?(?:which|that) (?:we|I) (?:simply |again )?(?:call|denote by|denote|abbreviate (?:as|by)|write as|name)",
    re.IGNORECASE,
)


def defined_in_words(before: str, between: str, first: Term, second: Term) -> Defined | None:
    """Which of two lone formulas the words before the first and between them define as the other, if any.

    Only a single name is ever defined: a symbol, or a family or function at single symbols.
    """
    if first.op == "law" or second.op == "law" or second.op == "fn" and second.name in STRUCTURES:
        return None
    words = " ".join(between.split())
    if is_name(first) and (
        (_FOR.search(before) and words == "for")
        or (_DENOTE_BY.search(before) and _NOUN.fullmatch(words))
        or (_DENOTE.search(before) and words in ("as", "to be", "by") and not is_name(second))
        or (_LET.search(before) and _BE.fullmatch(words) and not is_name(second))
    ):
        return "first"
    if is_name(second) and (
        (_DENOTE.search(before) and words in ("by", "as", "for short by")) or _CALLED.fullmatch(words)
    ):
        return "second"
    return None


def is_name(term: Term) -> bool:
    """Whether a term is a symbol, or a family or function at single symbols."""
    return term.op == "sym" or (term.op == "fn" and all(c.op == "sym" for c in term.children))
