r"""Names of segments and figures in geometry: ``AB``, ``ABC``, by the points at their ends.

Capital letters side by side are a product in algebra and one name in geometry. They are read as a name only
where the answer speaks of figures and none of the letters stands for a quantity anywhere in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from derive.latex.lexer import Tokens, Unread, lex
from derive.latex.notation import Name, Notation
from derive.latex.tables import tables

_RUN: Final = re.compile(r"(?<![A-Za-z\\])[A-Z]{2,8}(?![A-Za-z])")
_WORDS: Final = re.compile(r"\\[A-Za-z]+\*?\s*\{[^{}]*[a-z ][^{}]*\}|\\[A-Za-z]+")
_FIGURES: Final = re.compile(
    r"\\(?:triangle|angle)(?![A-Za-z])|\b(?:triangles?|angles?|quadrilateral|rectangle|trapezoid|parallelogram|rhombus"
    r"|pentagon|hexagon|octagon|polygon|tetrahedron|pyramid|prism|circles?|circumcircle|incircle|semicircle|chord"
    r"|segments?|midpoints?|vertex|vertices|diagonals?|perpendicular|bisectors?|hypotenuse|altitude|tangent|circumcenter"
    r"|incenter|orthocenter|centroid|collinear|squares?|cube|distance)\b",
    re.IGNORECASE,
)
_ARITHMETIC: Final = frozenset({"plus", "minus", "plus or minus", "times", "slash", "factorial"})
_ORDERS: Final = frozenset({"=", "<", ">", "≤", "≥", "≈", "≠"})
MAX_FORMULA: Final = 5_000
"""Characters of a formula that is looked through."""


def figure_names(formulas: Sequence[str], prose: str, notation: Notation) -> list[Name]:
    """The names made of points that an answer uses, longest first."""
    runs: set[str] = set()
    for latex in formulas:
        if len(latex) <= MAX_FORMULA:
            runs.update(_RUN.findall(_WORDS.sub(" ", latex)))
    if not runs or not (_FIGURES.search(prose) or any("\\angle" in f or "\\triangle" in f for f in formulas)):
        return []
    letters = {c for run in runs for c in run}
    quantities = {c for c in letters if notation.find(c)}
    for latex in formulas:
        if len(latex) <= MAX_FORMULA and any(c in latex for c in letters):
            quantities |= _quantities(latex)
    found = [run for run in runs if quantities.isdisjoint(run) and len(set(run)) == len(run)]
    return [Name(run, "scalar") for run in sorted(found, key=lambda r: (-len(r), r))]


def _quantities(latex: str) -> set[str]:
    """Capital letters that stand alone in arithmetic or in a relation, as no point does."""
    try:
        tokens = lex(latex)
    except Unread:
        return set()
    kinds, texts = tokens.kinds, tokens.texts
    found: set[str] = set()
    for n, text in enumerate(texts):
        if len(text) != 1 or not text.isupper() or kinds[n] != "letter" or _beside_a_letter(tokens, n):
            continue
        before = kinds[n - 1] if n else ""
        after = kinds[n + 1] if n + 1 < len(kinds) else ""
        if n and (texts[n - 1].startswith(("\\angle", "\\triangle")) or before == "function"):
            continue
        arithmetic = after in _ARITHMETIC or before in _ARITHMETIC | {"number"}
        powered = after == "sup" and texts[n + 2 : n + 3] and texts[n + 2] not in ("\\prime", "*", "\\circ")
        stated = after == "relation" and _is_order(texts[n + 1]) and texts[n + 2 : n + 3] != ["("]
        valued = before == "relation" and _is_order(texts[n - 1]) and after not in ("open", "letter")
        if arithmetic or powered or stated or valued:
            found.add(text)
    return found


def _is_order(sign: str) -> bool:
    return tables().values.get(sign) in _ORDERS


def _beside_a_letter(tokens: Tokens, n: int) -> bool:
    """Whether another capital letter is written right beside this one."""
    for left, right in ((n - 1, n), (n, n + 1)):
        if left < 0 or right >= len(tokens.texts) or tokens.stops[left] != tokens.starts[right]:
            continue
        other = tokens.texts[left if right == n else right]
        if len(other) == 1 and other.isupper():
            return True
    return False
