r"""Formulas written out again as LaTeX, from what :mod:`reports.formula` read."""

from __future__ import annotations

import re
from collections.abc import Callable

from reports.formula import Formula, Node


def latex(formula: Formula, escape: Callable[[str], str]) -> str:
    """The formula in LaTeX; ``escape`` makes the words inside \\text safe for what sets it."""
    return _join([_node(node, escape) for node in formula])


def _join(pieces: list[str]) -> str:
    out = ""
    for piece in pieces:
        if piece[:1].isalpha() and re.search(r"\\[A-Za-z]+$", out):
            out += " "
        out += piece
    return out


def _node(node: Node, escape: Callable[[str], str]) -> str:
    inner = [] if node.kind == "rows" else [latex(part, escape) for part in node.parts]
    match node.kind:
        case "char":
            return node.text
        case "sign":
            return f"\\{node.text}"
        case "space":
            return " " if node.text == " " else f"\\{node.text}"
        case "group":
            return f"{{{inner[0]}}}"
        case "sup" | "sub":
            body = inner[0] if re.fullmatch("[A-Za-z0-9]", inner[0]) else f"{{{inner[0]}}}"
            return ("^" if node.kind == "sup" else "_") + body
        case "size":
            return f"\\{node.text}{node.extra}" + (" " if node.extra[0] == "\\" else "")
        case "text":
            return f"\\text{{{escape(node.text)}}}"
        case "name":
            return f"\\{node.extra or 'operatorname'}{{" + re.sub(" +", r"\\,", node.text) + "}"
        case "fence":
            *middles, right = node.extra.split("\n")
            between = [*(f"\\middle{_spaced(m)}" for m in middles), f"\\right{_spaced(right)}"]
            return f"\\left{_spaced(node.text)}" + "".join(i + b for i, b in zip(inner, between, strict=True))
        case "command" if node.text == "not":
            return _join([r"\not", inner[0]])
        case "command":
            return f"\\{node.text}" + (f"[{node.extra}]" if node.extra else "") + "".join(f"{{{i}}}" for i in inner)
        case _:
            rows = [" & ".join(latex(cell, escape) for cell in row[0].parts) for row in node.parts]
            columns = f"{{{node.extra}}}" if node.text == "array" else ""
            return f"\\begin{{{node.text}}}{columns}" + " \\\\ ".join(map(_guarded, rows)) + f"\\end{{{node.text}}}"


def _guarded(row: str) -> str:
    """A row that begins with a bracket or star is no option of the line break before it."""
    return "{}" + row if row.lstrip().startswith(("[", "*")) else row


def _spaced(delimiter: str) -> str:
    return delimiter + (" " if delimiter[-1].isalpha() else "")
