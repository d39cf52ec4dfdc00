r"""Arithmetic with matrices and vectors that are written out: sums, multiples, products, powers, determinants, norms.

.. math:: \begin{pmatrix} a & b \\ c & d \end{pmatrix} \begin{pmatrix} x \\ y \end{pmatrix}
   = \begin{pmatrix} ax + by \\ cx + dy \end{pmatrix}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from derive.kernel.term import HALF, MINUS_ONE, ONE, Term, add, div, fn, mul, neg, power, rebuild, walk

Rows: TypeAlias = tuple[tuple[Term, ...], ...]
MAX_SIZE: Final = 4
MAX_POWER: Final = 6
WRITTEN: Final = frozenset({"matrix", "tuple", "angle brackets"})


def worked_out(root: Term) -> Term:
    """A term in which everything that can be done with its matrices and vectors is done."""
    if not any(n.op == "fn" and n.name in WRITTEN for n in walk(root)):
        return root
    node = rebuild(root, worked_out)
    if node.op == "add":
        return _sum(node)
    if node.op == "mul":
        return _multiple(node)
    if node.op == "pow":
        return _power(node)
    if node.op == "fn":
        return _function(node)
    return node


def rows(value: Term) -> Rows | None:
    """The rows of a matrix; a vector is a column."""
    if value.op != "fn" or value.name not in WRITTEN:
        return None
    if value.name != "matrix":
        return tuple((c,) for c in value.children)
    found = tuple(r.children if r.op == "fn" and r.name == "row" else (r,) for r in value.children)
    return found if len({len(r) for r in found}) == 1 else None


def _like(value: Term, entries: Rows) -> Term:
    """Entries as a term of the kind of another."""
    if value.op == "fn" and value.name != "matrix" and all(len(r) == 1 for r in entries):
        return fn(value.name, *(r[0] for r in entries))
    return fn("matrix", *(fn("row", *r) for r in entries))


def _scalar(value: Term) -> bool:
    return not any(n.op == "fn" and n.name in WRITTEN for n in walk(value))


def _sum(node: Term) -> Term:
    parts = [rows(c) for c in node.children]
    shown = [p for p in parts if p is not None]
    if len(shown) < len(parts) or len({(len(p), len(p[0])) for p in shown}) != 1:
        return node
    height, width = len(shown[0]), len(shown[0][0])
    entries = tuple(tuple(add(*(p[i][j] for p in shown)) for j in range(width)) for i in range(height))
    return _like(node.children[0], entries)


def _multiple(node: Term) -> Term:
    factors = [c for c in node.children if _scalar(c)]
    others = [c for c in node.children if not _scalar(c)]
    entries = rows(others[0]) if len(others) == 1 else None
    if entries is None or any(c.op == "sym" and c.name.startswith("\\mathbf") for c in factors):
        return node
    return _like(others[0], tuple(tuple(mul(*factors, e) for e in r) for r in entries))


def _power(node: Term) -> Term:
    base, exponent = node.children
    entries = rows(base)
    if entries is None or len(entries) != len(entries[0]) or exponent.op != "num" or len(entries) > MAX_SIZE:
        return node
    number = exponent.value
    if number == -1:
        value = determinant(entries)
        return _like(base, tuple(tuple(div(e, value) for e in r) for r in _adjugate(entries)))
    if number.denominator != 1 or not 1 <= number <= MAX_POWER:
        return node
    result = entries
    for _ in range(int(number) - 1):
        result = _times(result, entries)
    return _like(base, result)


def _function(node: Term) -> Term:
    parts = [rows(c) for c in node.children]
    shown = [p for p in parts if p is not None]
    if not parts or len(shown) < len(parts):
        return node
    columns = [[r[0] for r in p] for p in shown if len(p[0]) == 1]
    alike = len(columns) == len(parts) and len({len(c) for c in columns}) == 1
    if node.name == "product":
        result = shown[0]
        for p in shown[1:]:
            if len(result[0]) != len(p):
                return node
            result = _times(result, p)
        return fn("matrix", *(fn("row", *r) for r in result))
    if node.name == "dot product" and alike and len(columns) == 2:
        return add(*(mul(a, b) for a, b in zip(*columns, strict=True)))
    if node.name == "cross product" and alike and len(columns) == 2 and len(columns[0]) == 3:
        (a, b, c), (x, y, z) = columns
        entries = (add(mul(b, z), neg(mul(c, y))), add(mul(c, x), neg(mul(a, z))), add(mul(a, y), neg(mul(b, x))))
        return _like(node.children[0], tuple((e,) for e in entries))
    if node.name == "det" and len(shown) == 1 and len(shown[0]) == len(shown[0][0]) <= MAX_SIZE:
        return determinant(shown[0])
    if node.name == "norm" and len(columns) == len(parts) == 1:
        return power(add(*(power(e, 2) for e in columns[0])), HALF)
    return node


def _times(left: Rows, right: Rows) -> Rows:
    columns = list(zip(*right, strict=True))
    return tuple(tuple(add(*(mul(a, b) for a, b in zip(r, c, strict=True))) for c in columns) for r in left)


def determinant(entries: Sequence[Sequence[Term]]) -> Term:
    """The determinant, along the first row."""
    if len(entries) == 1:
        return entries[0][0]
    return add(*(mul(_sign(j), e, determinant(_minor(entries, 0, j))) for j, e in enumerate(entries[0])))


def _adjugate(entries: Rows) -> Rows:
    size = range(len(entries))
    if len(entries) == 1:
        return ((ONE,),)
    return tuple(tuple(mul(_sign(i + j), determinant(_minor(entries, j, i))) for j in size) for i in size)


def _minor(entries: Sequence[Sequence[Term]], row: int, column: int) -> list[list[Term]]:
    return [[e for j, e in enumerate(r) if j != column] for i, r in enumerate(entries) if i != row]


def _sign(n: int) -> Term:
    return MINUS_ONE if n % 2 else ONE
