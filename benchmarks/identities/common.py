"""What the identities are made of."""

from __future__ import annotations

from typing import Final, NamedTuple

from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.term import PI, Term, TermLike, exp, num, sqrt, term


class Identity(NamedTuple):
    """left = right over a chart, true or false."""

    id: str
    left: Term
    right: Term
    chart: Chart


def named(row: Identity, module: str) -> Identity:
    """The row with its subject in its name."""
    return row._replace(id=f"{module.rpartition('.')[2]}: {row.id}")


Row = tuple[str, TermLike, TermLike]

POSITIVE: Final = Domain("real", Bound(num(0), True))
REAL: Final = Domain()
LABEL: Final = Domain("label")


def listed(chart: Chart, *rows: Row) -> list[Identity]:
    """The rows over a chart."""
    return [Identity(name, term(left), term(right), chart) for name, left, right in rows]


def gauss(value: TermLike, mean: TermLike, variance: TermLike) -> Term:
    """The normal density."""
    v = term(variance)
    return exp(-((term(value) - mean) ** 2) / (2 * v)) / sqrt(2 * PI * v)


def d(body: Term, variable: Term) -> Term:
    """The derivative."""
    return Term("diff", (body, variable))
