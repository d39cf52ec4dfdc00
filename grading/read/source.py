r"""The source of an answer, Markdown or LaTeX: where its formulas are, and which macros it defines.

Nothing moves: what is no text (a preamble, comments, code) is overwritten by spaces, so that every offset
stays an offset into the file. All scans are linear.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from derive.latex.tables import tables
from grading.read.found import Found
from grading.read.undelimited import undelimited

HOLE: Final = "\ufffc"
"""Stands for every character of a formula in the text that headings are looked for in."""
MAX_INLINE: Final = 3_000
"""Characters of an inline formula; a dollar sign whose partner is farther away is none."""


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


_BEGIN_DOCUMENT: Final = re.compile(r"\\begin\s*\{document\}")
_END_DOCUMENT: Final = re.compile(r"\\end\s*\{document\}")
_COMMENT: Final = re.compile(r"(?<!\\)((?:\\\\)*+)%[^\n]*")
_FENCE: Final = re.compile(
    r"^[ \t]*(```+|~~~+)[ \t]*(\w*)[^\n]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)
_CODE: Final = re.compile(r"(?<!`)(`+)(?!`)([^\n]*?[^`\n])\1(?!`)")
_LATEX: Final = re.compile(r"\\(?:documentclass|begin\s*\{document\}|usepackage|section\*?\s*\{|subsection\*?\s*\{)")

# What a reader of the rendered page does not see, or sees struck out.
_HIDDEN: Final = (
    re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL),
    re.compile(
        r"<(\w+)\b[^<>]*?(?:\shidden\b|display\s*:\s*none|(?<![-\w])color\s*[:=]\s*[\"']?\s*(?:white|\#fff(?:fff)?)\b)[^<>]*>"
        r".*?(?:</\1\s*>|\Z)",
        re.DOTALL | re.IGNORECASE,
    ),
    re.compile(r"<(del|s|strike)\b[^<>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE),
    re.compile(r"(?<!~)~~(?=\S)[^\n]*?(?<=\S)~~(?!~)"),
)
_SKIPPED: Final = re.compile(
    r"\\iffalse\b.*?(?:\\fi\b|\Z)|\\begin\s*\{comment\}.*?(?:\\end\s*\{comment\}|\Z)", re.DOTALL
)


def is_latex(text: str) -> bool:
    """Whether the text is a LaTeX document or a piece of one, rather than Markdown."""
    return _LATEX.search(text) is not None


def uncommented(text: str) -> str:
    """The text with the comments of LaTeX overwritten by spaces; as long as the text."""
    text = text.replace("\ufeff", " ").replace("\r", " ")
    return _COMMENT.sub(lambda m: m[1] + " " * (len(m[0]) - len(m[1])), text) if is_latex(text) else text


def visible(text: str) -> str:
    """The text with preamble, comments and code overwritten by spaces; as long as the text."""
    text = uncommented(text)
    text = _SKIPPED.sub(lambda m: _blank(m[0]), text)
    if is_latex(text):
        begin = _BEGIN_DOCUMENT.search(text)
        if begin:
            end = _END_DOCUMENT.search(text, begin.end())
            stop = end.start() if end else len(text)
            text = _blank(text[: begin.end()]) + text[begin.end() : stop] + _blank(text[stop:])
        return text
    for hidden in _HIDDEN:
        text = hidden.sub(lambda m: _blank(m[0]), text)
    text = _FENCE.sub(_fence, text)
    return _CODE.sub(_span, text)


_LATEX_SPAN: Final = re.compile(r"(?=[^$]*\\[A-Za-z])[^$\"';]*")
_SHOWN_SPAN: Final = re.compile(
    r"(?=.*(?:[\u00b2\u00b3\u00b9\u0370-\u03ff\u2070-\u209c\u2200-\u22ff]|\b[A-Za-z][_^]))[^$\"';\\]*"
)


def _span(found: re.Match[str]) -> str:
    """A code span: LaTeX in it is a formula, Unicode mathematics is prose, everything else is code."""
    marks, content = found[1], found[2]
    if content.startswith("$") and content.endswith("$"):
        return found[0]
    if _LATEX_SPAN.fullmatch(content):
        pad = " " * (len(marks) - 1)
        return f"{pad}${content}${pad}"
    gap = " " * len(marks)
    return gap + content + gap if _SHOWN_SPAN.fullmatch(content) else " " * len(found[0])


def _fence(found: re.Match[str]) -> str:
    if found[2].lower() in ("latex", "tex", "markdown", "md", "math"):
        body = found[3]
        start = found.start(3) - found.start(0)
        rest = found[0][start + len(body) :]
        if found[2].lower() == "math" and body.strip():
            return _as_display(found[0][:start], body, rest)
        return _blank(found[0][:start]) + body + _blank(rest)
    return _blank(found[0])


def _as_display(head: str, body: str, rest: str) -> str:
    """A fence marked math as a display; its fence lines become the dollar signs."""
    opened = "$$" + " " * (len(head) - 3) + "\n"
    closed = "$$" + _blank(rest[2:]) if len(rest) >= 2 else rest
    return opened + body + closed


# -- formulas --------------------------------------------------------------------------------------
_OPENS: Final = re.compile(r"\\\\|\\\$|\$\$|\$|\\\(|\\\[|\\boxed\s*\{|\\begin\s*\{([A-Za-z]+\*?)\}")
_INNER: Final = frozenset({"aligned", "gathered", "split", "cases", "array"})
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n")
_WORDS: Final = re.compile(r"[A-Za-z]{2,}[,.]?\s+[A-Za-z]{2,}")


def formulas(text: str) -> list[Found]:
    """Every formula of a visible text, in order."""
    lost = undelimited(text)
    for f in lost:
        text = text[: f.outer] + _blank(text[f.outer : f.end]) + text[f.end :]
    found = _marked(text)
    return sorted([*found, *lost], key=lambda f: f.outer) if lost else found


def _marked(text: str, whole: bool = False) -> list[Found]:
    """The formulas between marks; displays are cut at text inside them unless they are wanted ``whole``."""
    found: list[Found] = []
    breaks = _Next(_PARAGRAPH, text)
    displays = _Next(re.compile(r"(?<!\\)\$\$"), text)
    dollars = _Next(re.compile(r"(?<!\\)\$"), text)
    rounds = _Next(re.compile(r"\\\)"), text)
    squares = _Next(re.compile(r"(?<!\\)\\\]"), text)
    position = 0
    while True:
        opening = _OPENS.search(text, position)
        if opening is None:
            return found
        mark, at = opening[0], opening.start()
        position = opening.end()
        if mark in ("\\\\", "\\$"):
            continue
        formula: Found | None
        if mark == "$$":
            formula = _delimited(text, at, position, displays.after(position), 2, breaks, "$$")
        elif mark == "$":
            formula = _inline(text, at, dollars.after(position), breaks)
        elif mark == "\\(":
            formula = _delimited(text, at, position, rounds.after(position), 2, breaks, "\\(")
        elif mark == "\\[":
            formula = _delimited(text, at, position, squares.after(position), 2, breaks, "\\[")
        elif mark.startswith("\\boxed"):
            formula = _boxed(text, at, position, breaks)
        else:
            formula = _environment(text, at, opening[1])
        if formula is not None:
            found += _pieces(text, formula) if opening[1] and not whole else [formula]
            position = max(formula.end, position)


class _Next:
    """The next match of a pattern after growing positions, each part of the text searched once."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self.pattern, self.text = pattern, text
        self.last = -1

    def after(self, position: int) -> int:
        """Where the next match starts, or the length of the text."""
        if self.last < position:
            found = self.pattern.search(self.text, position)
            self.last = found.start() if found else len(self.text)
        return self.last


def _delimited(text: str, at: int, start: int, close: int, width: int, breaks: _Next, mark: str) -> Found:
    """A formula between marks; a paragraph ends one whose partner is missing."""
    first = start
    while first < len(text) and text[first].isspace():
        first += 1
    gap = breaks.after(first)
    if close >= len(text) or gap < close and text[gap:close].strip():
        stop = min(gap, len(text)) if first < len(text) else len(text)
        return Found(start, stop, at, stop, mark != "\\(", f"The formula that '{mark}' opens is never closed.")
    return Found(start, close, at, close + width, mark != "\\(")


def _inline(text: str, at: int, close: int, breaks: _Next) -> Found | None:
    """A formula between single dollars, unless the dollar is money."""
    start = at + 1
    money = re.match(r"\d", text[start : start + 1]) is not None
    if close >= len(text) or close - start > MAX_INLINE or breaks.after(start) < close:
        if money or not text[start : start + 1].strip():
            return None
        stop = min(breaks.after(start), text.find("\n", start) % (len(text) + 1), len(text))
        if re.search(r"[\\_^=(){}]", text[start:stop]) is None:
            return None
        return Found(start, stop, at, stop, False, "The formula that '$' opens is never closed.")
    content = text[start:close]
    if not content.strip():
        return None
    plain = "\\" not in content
    if plain and text[close + 1 : close + 2].isdigit():
        return None
    spaced = content[0].isspace(), content[-1].isspace()
    if money and plain and (spaced[1] or _WORDS.search(content)):
        return None
    if spaced[0] != spaced[1] and plain and _WORDS.search(content):
        return None
    return Found(start, close, at, close + 1, False)


def _boxed(text: str, at: int, start: int, breaks: _Next) -> Found | None:
    r"""``\boxed{..}`` in prose, which is a formula without marks; not where marks are inside."""
    stop = min(breaks.after(start), start + MAX_INLINE)
    close = _closing(text, start, stop)
    if re.search(r"\$|\\\(|\\\[", text[start:close]):
        return None
    if close >= stop:
        return Found(at, stop, at, stop, False, "The brace that '\\boxed' opens is never closed.")
    return Found(at, close + 1, at, close + 1, False)


def _environment(text: str, at: int, name: str) -> Found | None:
    """A display written as an environment."""
    if name not in tables().row_environments or name in _INNER - {"aligned", "gathered", "split"}:
        return None
    opening, closing = f"\\begin{{{name}}}", f"\\end{{{name}}}"
    stop = text.find(closing, at)
    inner = text.find(opening, at + len(opening))
    while inner >= 0 and inner < stop:  # the same environment inside itself
        stop = text.find(closing, stop + 1)
        inner = text.find(opening, inner + 1)
    if stop < 0:
        gap = _PARAGRAPH.search(text, at)
        stop = gap.start() if gap else len(text)
        return Found(at, stop, at, stop, True, f"The environment '{name}' is never closed.")
    return Found(at, stop + len(closing), at, stop + len(closing), True)


_INTERTEXT: Final = re.compile(r"\\(?:short)?intertext\s*\{")


def _pieces(text: str, formula: Found) -> list[Found]:
    r"""A display cut at ``\intertext{..}``, with the formulas in that text."""
    if "intertext" not in text[formula.start : formula.stop]:
        return [formula]
    found: list[Found] = []
    start = formula.start
    for remark in _INTERTEXT.finditer(text, formula.start, formula.stop):
        if remark.start() < start:
            continue
        close = _closing(text, remark.end(), formula.stop)
        found.append(Found(start, remark.start(), start, remark.start(), True, formula.problem))
        inside = _marked(text[remark.end() : close], whole=True)
        shift = remark.end()
        found += [
            replace(f, start=f.start + shift, stop=f.stop + shift, outer=f.outer + shift, end=f.end + shift)
            for f in inside
        ]
        start = min(close + 1, formula.stop)
    last = text.rfind("\\end", start, formula.stop)
    stop = last if last >= 0 and formula.problem is None else formula.stop
    if text[start:stop].strip():
        found.append(Found(start, stop, start, formula.end, True, formula.problem))
    return found


def _closing(text: str, start: int, stop: int) -> int:
    """Where the brace that is opened right before ``start`` closes, at the latest ``stop``."""
    depth = 1
    for brace in re.finditer(r"\\.|[{}]", text[start:stop]):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0:
            return start + brace.start()
    return stop


_STRUCK: Final = re.compile(r"\s*\\(?:[bx]?cancel|st|sout)\s*\{")


def struck_out(latex: str) -> bool:
    """Whether a whole formula stands in one \\cancel."""
    opening = _STRUCK.match(latex)
    if opening is None:
        return False
    depth = 1
    for at in range(opening.end(), len(latex)):
        depth += {"{": 1, "}": -1}.get(latex[at], 0) if latex[at - 1] != "\\" else 0
        if depth == 0:
            return not latex[at + 1 :].strip(" .,;\n")
    return False


def masked(text: str, found: list[Found]) -> str:
    """The text with every formula overwritten by HOLE."""
    parts: list[str] = []
    position = 0
    for f in found:
        parts += [text[position : f.outer], re.sub(r"[^\n]", HOLE, text[f.outer : f.end])]
        position = f.end
    parts.append(text[position:])
    return "".join(parts)
