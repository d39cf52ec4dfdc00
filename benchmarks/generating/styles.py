r"""A second way to write what the printer wrote: inline fractions, other brackets, ``\tfrac``, powers for roots."""

from __future__ import annotations

import re
from random import Random

from derive.kernel.term import Term
from derive.latex.notation import Notation
from derive.latex.printer import latex

POLICY = re.compile(r"(\\pi(?:_\\theta|\^\*|_\{\\text\{ref\}\}))(\(|\\left\( )([^,|]{1,20}), x( \\right\)|\))")


def written(term: Term, notation: Notation, random: Random) -> tuple[str, str]:
    """The term as LaTeX in a random style, and as the printer writes it."""
    plain = POLICY.sub(r"\1(\3|x)", latex(term, notation))
    styled = plain
    for style in STYLES:
        if random.random() < 0.4:
            styled = style(styled)
    return styled, plain


def _group(text: str, start: int) -> int:
    """Where the brace group that opens at ``start`` ends."""
    depth = 0
    for n in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[n], 0)
        if depth == 0:
            return n + 1
    return len(text)


def _inline(text: str) -> str:
    r"""The last innermost fraction as a quotient: ``\frac{a}{b}`` is ``(a)/(b)``."""
    at = text.rfind("\\frac{")
    if at < 0:
        return text
    middle = _group(text, at + 5)
    end = _group(text, middle)
    top, bottom = text[at + 6 : middle - 1], text[middle + 1 : end - 1]
    return f"{text[:at]}\\left({_closed(top)}/{_closed(bottom)}\\right){text[end:]}"


def _closed(text: str) -> str:
    return text if re.fullmatch(r"\d+|[a-zA-Z]|\\[a-zA-Z]+", text) else f"({text})"


def _small(text: str) -> str:
    return text.replace("\\frac", "\\tfrac", 1)


def _display(text: str) -> str:
    return text.replace("\\frac", "\\dfrac")


def _roots(text: str) -> str:
    at = text.rfind("\\sqrt{")
    if at < 0:
        return text
    end = _group(text, at + 5)
    return f"{text[:at]}\\left({text[at + 6 : end - 1]}\\right)^{{1/2}}{text[end:]}"


def _big(text: str) -> str:
    return text.replace("\\left(", "\\bigl(").replace("\\right)", "\\bigr)")


def _square(text: str) -> str:
    if text.count("\\left(") != 1 or text.count("\\right)") != 1 or re.search(r"\w\\left\(", text):
        return text
    return text.replace("\\left(", "\\left[").replace("\\right)", "\\right]")


def _letters(text: str) -> str:
    return text.replace("\\mathcal{N}", "\\mathcal N").replace("\\operatorname{Var}", "\\mathrm{Var}")


def _spaced(text: str) -> str:
    return text.replace(" \\cdot ", " \\times ").replace(" \\mid ", "|").replace(" + ", "+")


def _thin(text: str) -> str:
    return text.replace("\\right) ", "\\right)\\, ")


STYLES = (_inline, _small, _display, _roots, _square, _big, _letters, _spaced, _thin)
