"""Displayed formulas that are wider than a line, broken at relations and at signs of sums and products."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reports.formula import Formula, Node, table, vocabulary

LINE: Final = 78.0
"""Letters of a formula that a line of the reports holds."""

_RELATIONS: Final = frozenset({"le", "ge", "leq", "geq", "ne", "neq", "approx", "sim", "to", "propto", "equiv", "iff"})
_FRACTIONS: Final = frozenset({"frac", "dfrac", "tfrac", "cfrac", "binom"})


def broken(formula: Formula, line: float = LINE) -> Formula:
    """The formula in rows where it is wider than a line; as it is where it fits or has rows already."""
    if width(formula) <= line or any(node.kind == "rows" for node in formula):
        return formula
    rows: list[Formula] = []
    indent: Formula = ()
    for piece in _pieces(formula):
        if rows and width((*rows[-1], *piece)) <= line:
            rows[-1] = (*rows[-1], *piece)
        else:
            rows.append((*indent, *piece))
        indent = (Node("space", "qquad"),)
    return (table("aligned", [[(), row] for row in rows]),) if len(rows) > 1 else formula


def width(formula: Formula) -> float:
    """About how wide a displayed formula is, in letters."""
    return sum(map(_width, formula))


def _width(node: Node) -> float:
    inner = [width(part) for part in node.parts]
    match node.kind:
        case "sup" | "sub":
            return 0.7 * inner[0]
        case "space":
            return {"quad": 2.0, "qquad": 4.0}.get(node.text, 0.3)
        case "sign":
            return 2.0 if node.text in vocabulary().operators or _relation(node) else 1.3
        case "char":
            return 2.0 if node.text in "+-=<>" else 1.0
        case "text" | "name":
            return 0.9 * len(node.text)
        case "fence":
            return sum(inner) + 1.6
        case "command" if node.text in _FRACTIONS:
            return max(inner) + 0.5
        case "rows":
            return max((width(row[0].parts[0]) for row in node.parts if row and row[0].parts), default=0.0)
        case _:
            return sum(inner) + 0.5 * (node.kind == "command")


def _pieces(formula: Formula) -> Iterator[Formula]:
    """The formula cut before each relation and each sign that joins two operands."""
    piece: list[Node] = []
    depth = 0
    for node in formula:
        depth += (node.text in ("(", "[")) - (node.text in (")", "]")) if node.kind == "char" else 0
        if depth == 0 and piece and _breaks(node, piece):
            yield tuple(piece)
            piece = []
        piece.append(node)
    yield tuple(piece)


def _breaks(node: Node, before: list[Node]) -> bool:
    if _relation(node):
        return True
    joins = node.text in ("+", "-") if node.kind == "char" else node.kind == "sign" and node.text in ("cdot", "times")
    last = next((n for n in reversed(before) if n.kind != "space"), None)
    return joins and last is not None and not _relation(last) and last.text not in ("+", "-", "cdot", "times", "(")


def _relation(node: Node) -> bool:
    return node.text in "=<>" if node.kind == "char" else node.kind == "sign" and node.text in _RELATIONS
