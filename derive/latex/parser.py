r"""Reading LaTeX: one side with :func:`parse`, a formula with relations with :func:`parse_chains`.

The whole input is used, or the side is unread, with the reason and the position; nothing is ever guessed
from a part of it. A formula is cut at its relations, into one chain for each statement: ``X \sim N(0, 1),
\quad Y = 2X`` is two chains, aligned rows that begin with a relation are one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from derive.kernel.term import Term, eq, fn, given, sym
from derive.latex.cursor import Step, check_height, drive
from derive.latex.expression import ExpressionReader
from derive.latex.lexer import Tokens, Unread, lex
from derive.latex.notation import Notation
from derive.latex.statements import Statement, statements

_MENTIONED: Final = frozenset({"function", "optimum", "big", "expectation", "nabla"})
"""Kinds of operators that a text may mention by themselves: the $\\log$ is concave."""
HIGH: Final = 40
"""Nesting from which on the height of the term is checked."""


class Side(NamedTuple):
    """One side of a chain: its source, where it starts, and the term, or the problem and where that lies."""

    latex: str
    offset: int
    term: Term | None
    problem: str | None = None
    problem_at: int | None = None


@dataclass(frozen=True)
class Chain:
    """``sides[0] kinds[0] sides[1] kinds[1] ...``; a lone expression has one side.

    ``leading`` is the relation that the chain begins with, where it continues an earlier one; ``over`` is what
    stands over the relation signs; ``intro`` is text inside the formula before it (``\\text{where}``).
    """

    sides: tuple[Side, ...]
    kinds: tuple[str, ...]
    leading: str | None = None
    over: tuple[str, ...] = ()
    intro: str = ""
    boxed: bool = False
    variables: tuple[str, ...] = ()
    """Variables of the integrals read up to the end of this chain, last last."""


class _SideReader(ExpressionReader):
    def side(self) -> Step[Term]:
        """One side: a quantity, perhaps under conditions ``A | B = b, C``."""
        value: Term = yield self.sum()
        if self.kind() == "comma":
            members: Term = yield self._list(value)
            return members
        if self.kind() != "mid":
            return value
        if value.op == "num":
            self.i += 1
            return fn("divides", value, (yield self.sum()))
        conditions: list[Term] = []
        while self.kind() in ("mid", "comma"):
            self.i += 1
            left: Term = yield self.sum()
            if self.kind() == "relation" and self.data.values[self.text()] == "=":
                self.i += 1
                right: Term = yield self.sum()
                left = eq(left, right)
            conditions.append(left)
        return given(value, *conditions)

    def _list(self, first: Term) -> Step[Term]:
        r"""Several quantities in one side: ``x = 1, 2`` and ``k = 1, \dots, n``."""
        members = [first]
        while self.kind() == "comma":
            self.i += 1
            if self.kind() == "dots":
                members.append(sym("\\dots"))
                self.i += 1
            else:
                members.append((yield self.sum()))
        return fn("list", *members)

    def read(self, first: int, last: int) -> Term:
        """The tokens first, ..., last - 1 as one side; raises Unread."""
        if last - first == 1 and self.kinds[first] in _MENTIONED:
            return sym(self.texts[first])
        self.i, self.end = first, last
        self.integrals.clear()
        self.sum_start = -1
        value = drive(self.side())
        if self.i != last:
            raise self.unexpected()
        if last - first > HIGH:
            check_height(value)
        return value


def parse(latex: str, notation: Notation | None = None, *, variables: tuple[str, ...] = ()) -> Term:
    """The term that one side of LaTeX stands for.

    ``variables`` are the variables of integrals before it, for a bare ``[F]_0^1``. Raises Unread where the
    input is not one quantity, read to its end.
    """
    tokens = lex(latex)
    if tokens.problem is not None:
        raise tokens.problem
    last = len(tokens.kinds)
    while last and tokens.kinds[last - 1] in ("stop", "comma", "semicolon", "wide"):
        last -= 1
    first = 0
    while first < last and tokens.kinds[first] == "wide":
        first += 1
    if first == last:
        raise Unread("There is no formula.", 0)
    return _SideReader(tokens, notation or Notation.standard(), variables).read(first, last)


def parse_chains(latex: str, notation: Notation | None = None, *, variables: tuple[str, ...] = ()) -> tuple[Chain, ...]:
    """Every statement of a formula as a chain; sides that cannot be read carry their problem.

    ``variables`` as in :func:`parse`. Never raises Unread.
    """
    notation = notation or Notation.standard()
    try:
        tokens = lex(latex)
    except Unread as error:
        return (Chain((Side(latex[:200], 0, None, error.message, error.offset),), ()),)
    if tokens.problem is not None:
        return _rows_apart(tokens, notation, variables)
    tokens, found = statements(tokens)
    reader = _SideReader(tokens, notation, variables)
    return tuple(_chain(reader, statement) for statement in found)


def parse_chain(latex: str, notation: Notation | None = None, *, variables: tuple[str, ...] = ()) -> Chain:
    """The only statement of a formula; raises Unread where there are none or several."""
    chains = parse_chains(latex, notation, variables=variables)
    if len(chains) != 1:
        where = chains[1].sides[0] if len(chains) > 1 and chains[1].sides else None
        what = (
            f"The formula holds {len(chains)} statements where one is expected." if chains else "There is no formula."
        )
        raise Unread(what, where.offset if where else 0, where.latex if where else "")
    return chains[0]


def _chain(reader: _SideReader, statement: Statement) -> Chain:
    sides: list[Side] = []
    tokens = reader.tokens
    for first, last in statement.sides:
        latex = tokens.latex(first, last)
        offset = tokens.starts[first] if first < len(tokens.starts) else len(tokens.source)
        try:
            if first >= last:
                raise Unread("A side of this relation is empty.", offset)
            sides.append(Side(latex, offset, reader.read(first, last)))
        except Unread as error:
            at = f" ('{error.token}')" if error.token and error.token not in error.message else ""
            sides.append(Side(latex, offset, None, error.message + at, error.offset))
    return Chain(
        tuple(sides),
        statement.kinds,
        statement.leading,
        statement.over,
        statement.intro,
        statement.boxed,
        tuple(reader.variables),
    )


def _matched(source: str) -> bool:
    """Whether the brackets of a piece of source match."""
    try:
        return lex(source).problem is None
    except Unread:
        return False


def _rows_apart(tokens: Tokens, notation: Notation, variables: tuple[str, ...]) -> tuple[Chain, ...]:
    """Brackets do not match: rows that are sound by themselves are still read."""
    problem = tokens.problem
    breaks = [i for i, k in enumerate(tokens.kinds) if k == "row"]
    if not breaks or problem is None:
        message, at = ("", 0) if problem is None else (problem.message, problem.offset)
        return (Chain((Side(tokens.source, 0, None, message, at),), ()),)
    chains: list[Chain] = []
    start = 0
    for i in [*breaks, None]:
        stop = len(tokens.source) if i is None else tokens.starts[i]
        row = tokens.source[start:stop]
        if "&&" in row and not _matched(row) and _matched(row.partition("&&")[0]):
            row = row.partition("&&")[0]  # the remark beside the formula is broken, not the formula
        if row.strip():
            for chain in parse_chains(row, notation, variables=variables):
                sides = tuple(
                    s._replace(
                        offset=s.offset + start, problem_at=None if s.problem_at is None else s.problem_at + start
                    )
                    for s in chain.sides
                )
                chains.append(
                    Chain(sides, chain.kinds, chain.leading, chain.over, chain.intro, chain.boxed, chain.variables)
                )
        start = stop if i is None else tokens.stops[i]
    return tuple(chains)
