"""The reading position, shared by all parts of the grammar, and the stack that replaces recursion.

Every rule of the grammar is a generator that yields the rules it needs and is sent their results. ``drive``
keeps the waiting rules on a list, so that depth costs no interpreter stack.
"""

from __future__ import annotations

from collections.abc import Generator
from functools import lru_cache
from typing import Any, Final, TypeAlias, TypeVar

from derive.kernel.term import Term, num, sym
from derive.latex.lexer import Tokens, Unread
from derive.latex.notation import Notation
from derive.latex.tables import tables

T = TypeVar("T")
Step: TypeAlias = Generator[Any, Any, T]

MAX_WAITING: Final = 2_000
"""Rules waiting for each other; brackets alone cannot reach it, ``\\sqrt\\sqrt\\sqrt...`` can."""
MAX_HEIGHT: Final = 250
"""Operators within operators in a term that is handed on; later stages may recurse over it."""

symbol = lru_cache(maxsize=10_000)(sym)
integer = lru_cache(maxsize=10_000)(num)


def drive(step: Step[T]) -> T:
    """Run a rule, and the rules that it asks for, to the end."""
    stack: list[Step[Any]] = [step]
    value: Any = None
    while True:
        try:
            child = stack[-1].send(value)
        except StopIteration as done:
            stack.pop()
            value = done.value
            if not stack:
                result: T = value
                return result
        else:
            stack.append(child)
            value = None
            if len(stack) > MAX_WAITING:
                raise Unread("The formula is nested too deep to be read.", 0)


def check_height(root: Term) -> None:
    """Raise Unread where a term is higher than MAX_HEIGHT."""
    level = [root]
    for _ in range(MAX_HEIGHT):
        level = [child for node in level for child in node.children]
        if not level:
            return
    raise Unread(f"The formula has more than {MAX_HEIGHT} operators within each other.", 0)


class Cursor:
    """Tokens first to end of one side, and what the reading so far has shown."""

    def __init__(self, tokens: Tokens, notation: Notation, variables: tuple[str, ...] = ()) -> None:
        self.tokens = tokens
        self.texts = tokens.texts
        self.kinds = tokens.kinds
        self.match = tokens.match
        self.notation = notation
        self.data = tables()
        self.i = 0
        self.end = len(tokens.texts)
        self.integrals: list[Integral] = []
        self.variables: list[str] = list(variables)
        """Variables of the integrals read so far, for a bare ``[F]_0^1``."""
        self.open: frozenset[str] = frozenset()
        """Variables of a sum (or limit ...) without brackets that the product just read ends with."""
        self.evaluated = False
        """Whether the product just read ends with a bar ``|_a^b``."""
        self.powered = False
        """Whether the name just read carries its exponent already."""
        self.sum_start = -1
        """Where the sum that is being read starts: an optimum there reaches over the whole sum."""
        self.linear = any(k == "begin" or t.startswith(_LINEAR) for k, t in zip(self.kinds, self.texts, strict=True))
        """Whether vectors or matrices may stand in the formula, whose products keep their order."""
        self.indexing = False
        """Whether a subscript is being read."""
        self.term_start = -1
        """Where the term that is being read starts, if no minus stands before it."""

    def fail(self, message: str, at: int | None = None) -> Unread:
        """The error at a token, by default the current one."""
        at = self.i if at is None else at
        if at < len(self.texts) and at < max(self.end, at + 1):
            return Unread(message, self.tokens.starts[at], self.tokens.latex(at, at + 1))
        return Unread(message, len(self.tokens.source), "")

    def unexpected(self) -> Unread:
        """Why the current token cannot be read where it stands."""
        if self.i >= self.end:
            if self.i < len(self.texts):
                return self.fail(f"A quantity is missing before '{self.tokens.latex(self.i, self.i + 1)}'.")
            return self.fail("The formula ends where a quantity is missing.")
        text, kind = self.texts[self.i], self.kinds[self.i]
        reason = self.data.reasons.get(text)
        if reason:
            return self.fail(f"{reason[0].upper()}{reason[1:]}.")
        shown = text if text.isprintable() else " ".join(f"U+{ord(c):04X}" for c in text[:4])
        return self.fail(_REASONS.get(kind, "'{0}' cannot stand here.").format(shown))

    def kind(self) -> str:
        """Kind of the current token, '' at the end."""
        return self.kinds[self.i] if self.i < self.end else ""

    def text(self) -> str:
        """Canonical text of the current token, '' at the end."""
        return self.texts[self.i] if self.i < self.end else ""

    # -- rules that other parts of the grammar supply --------------------------------------------
    def sum(self, first: int = -1, last: int = -1) -> Step[Term]:
        """A sum of products, from the position on; where ``first`` is given, exactly those tokens."""
        raise NotImplementedError

    def run(self) -> Step[list[Term]]:
        """The factors of one product."""
        raise NotImplementedError

    def factor(self) -> Step[Term]:
        """One factor with its powers."""
        raise NotImplementedError

    def content(self) -> Step[list[tuple[str, Term]]]:
        """What stands in a bracket: (separator before it, term), ..."""
        raise NotImplementedError

    def single(self, first: int, last: int) -> Term | None:
        """The token first as a term where it is a plain number or letter and stands alone, else None."""
        if last - first != 1:
            return None
        text, kind = self.texts[first], self.kinds[first]
        if kind == "number":
            return integer(int(text)) if text.isdigit() else None
        if kind == "letter":
            known = self.notation.atoms.get(text)
            if known is not None:
                return known
            if text not in self.data.constants and text not in self.notation.names:
                return symbol(text)
        return None

    def within(self, first: int, last: int) -> Step[Term]:
        """The tokens first, ..., last - 1 as one sum; the position does not move."""
        if first >= last:
            raise self.fail("A quantity is missing here.", first)
        return self.sum(first, last)


_LINEAR: Final = ("\\mathbf", "\\vec", "\\bold", "\\bm", "\\pmb", "\\overrightarrow")


Span: TypeAlias = tuple[int, int]
"""Tokens first, ..., last - 1."""


class Integral:
    """An integral whose differential has not been read yet; it may stand at the ends listed."""

    def __init__(self, end: int) -> None:
        self.ends = {end}
        self.variable: Term | None = None


_REASONS: Final = {
    "unknown": "The command or character '{0}' is not known.",
    "run": "The letters '{0}' look like a word; write \\text{{{0}}}, or the product with spaces or dots.",
    "relation": "A second relation stands inside a quantity.",
    "row": "Rows inside brackets are not read.",
    "tab": "Rows inside brackets are not read.",
    "begin": "The environment '{0}' is not read.",
    "end": "The environment '{0}' is not read.",
    "bar": "Which of these bars belong together is not certain; write \\lvert ... \\rvert and \\mid.",
    "mid": "A bar '{0}' is not closed, or a condition stands outside brackets.",
    "colon": "A colon between formulas has no certain meaning.",
    "sub": "A subscript is not expected here.",
    "sup": "A superscript is not expected here; write (a^b)^c with brackets.",
    "comma": "A list of quantities is not one quantity.",
    "semicolon": "A list of quantities is not one quantity.",
    "number": "A number right after a quantity may be a factor or a slip; write the product with a dot.",
    "over": "This sign with something above it is not read here.",
}
