r"""A text in Markdown or LaTeX taken apart into paragraphs, items and displayed formulas, for setting it anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

_DISPLAY: Final = re.compile(
    r"\$\$(?P<dollars>.+?)\$\$"
    r"|\\\[(?P<brackets>.+?)\\\]"
    r"|(?P<environment>\\begin\{(?P<name>equation|align|gather|multline|eqnarray)(?P<star>\*?)\}.+?\\end\{(?P=name)(?P=star)\})",
    re.DOTALL,
)
_FORMULA: Final = re.compile(r"(?<!\\)(?:\$\$(?P<display>.+?)\$\$|\$(?P<inline>(?:[^$\\]|\\.)+)\$)", re.DOTALL)
_DROPPED: Final = re.compile(
    r"(?<!\\)%.*|\\(?:documentclass|usepackage)(?:\[[^\]]*\])?\{[^}]*\}|\\(?:begin|end)\{(?:document|itemize|enumerate)\}"
    r"|\\(?:sub)*section\*?\{[^}]*\}|\\label\{[^}]*\}|^#+ .*$|\\maketitle|\\noindent|\\(?:small|med|big)skip",
    re.MULTILINE,
)
_UNWRAPPED: Final = re.compile(r"\\(?:emph|textbf|textit|text|textrm)\{([^{}]*)\}|\*\*([^*\n]+)\*\*")
_ITEM: Final = re.compile(r"^\s*(?:\\item\b|[-*] |\d+[.)] )\s*", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A paragraph or item of prose, with formulas between single dollar signs, or a displayed formula."""

    kind: Literal["paragraph", "item", "display"]
    text: str


def blocks(text: str) -> tuple[Block, ...]:
    """The text in order; what only lays it out (headings, environments of lists, comments) is left out."""
    found: list[Block] = []
    position = 0
    for match in _DISPLAY.finditer(text):
        found += _prose(text[position : match.start()])
        formula = match["dollars"] or match["brackets"] or match["environment"]
        found.append(Block("display", " ".join(formula.split())))
        position = match.end()
    return (*found, *_prose(text[position:]))


def pieces(value: str) -> list[tuple[bool, str]]:
    """Prose in pieces, each with whether it is a formula that stood between dollar signs."""
    found: list[tuple[bool, str]] = []
    position = 0
    for match in _FORMULA.finditer(value):
        found.append((False, value[position : match.start()]))
        found.append((True, match["display"] or match["inline"]))
        position = match.end()
    found.append((False, value[position:]))
    return [(is_formula, piece) for is_formula, piece in found if piece]


def _prose(text: str) -> list[Block]:
    text = _DROPPED.sub("", text)
    text = re.sub(r"\\\((.+?)\\\)", r"$\1$", text, flags=re.DOTALL)
    text = _UNWRAPPED.sub(lambda m: m[1] or m[2] or "", text)
    found: list[Block] = []
    for paragraph in re.split(r"\n\s*\n", text):
        pieces = _ITEM.split(paragraph)
        for index, piece in enumerate(pieces):
            words = " ".join(_outside_formulas(piece).split())
            if words:
                found.append(Block("item" if index else "paragraph", words))
    return found


def _outside_formulas(text: str) -> str:
    """Ties, quotes and dashes of LaTeX as the characters they print, but not within formulas."""
    pieces = re.split(r"(\$[^$]*\$)", text)
    for index in range(0, len(pieces), 2):
        words = pieces[index].replace("~", " ").replace("``", "“").replace("''", "”").replace(r"\\", " ")
        pieces[index] = re.sub(r"\\([&%$#_{}])", r"\1", words.replace("---", "—").replace("--", "–"))
    return "".join(pieces)
