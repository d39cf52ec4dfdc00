r"""How terms that are no arithmetic are written: lists, matrices, cases, congruences, operations on sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from derive.kernel.term import Term

Write = Callable[[Term, int], str]
"""LaTeX of a term, in brackets where it binds less than the level given."""

LOOSE, SUM, TERM, FACTOR, CLOSED = 0, 1, 2, 3, 9
"""Binding: a list, a sum, one term of it, one factor, nothing can reach inside."""

_JOINED: Final = {
    "list": (", ", LOOSE, LOOSE),
    "row": (" & ", LOOSE, LOOSE),
    "case": (" & ", LOOSE, LOOSE),
    "ratio": (" : ", TERM, LOOSE),
    "divides": (" \\mid ", SUM, LOOSE),
    "∪": (" \\cup ", TERM, LOOSE),
    "∩": (" \\cap ", TERM, LOOSE),
    "∖": (" \\setminus ", TERM, LOOSE),
    "product": (" ", FACTOR, TERM),
    "dot product": (" \\cdot ", FACTOR, TERM),
    "cross product": (" \\times ", FACTOR, TERM),
}
"""Between the members; how strongly a member must bind; how strongly the whole binds."""
_ENVIRONMENTS: Final = {"matrix": "pmatrix", "cases": "cases"}
_SIGNS: Final = {"±": "\\pm", "∓": "\\mp"}
_CHAIN: Final = {"<": "<", "≤": "\\le", ">": ">", "≥": "\\ge"}


STRUCTURES: Final = frozenset(
    {
        *_JOINED,
        *_ENVIRONMENTS,
        *_SIGNS,
        "residue class",
        "mod",
        "angle brackets",
        "sequence",
        "lim +",
        "lim -",
        "and",
        "sum over",
    }
    | {"prod over", "tuple", "interval", "set", "given"}
)
"""Names of such terms, which nobody declares."""


def shaped(node: Term, write: Write) -> tuple[str, int] | None:
    """LaTeX and binding of such a term; None for the others."""
    name, arguments = node.name, node.children
    if name in _JOINED:
        sign, inner, outer = _JOINED[name]
        return sign.join(write(a, inner) for a in arguments), outer
    if name in _ENVIRONMENTS:
        rows = " \\\\ ".join(write(a, LOOSE) for a in arguments)
        return f"\\begin{{{_ENVIRONMENTS[name]}}} {rows} \\end{{{_ENVIRONMENTS[name]}}}", CLOSED
    if name in _SIGNS and len(arguments) == 1:
        return f"{_SIGNS[name]} {write(arguments[0], TERM)}", SUM
    if name == "residue class":
        return f"{write(arguments[0], SUM)} \\pmod{{{write(arguments[1], LOOSE)}}}", LOOSE
    if name == "mod":
        return f"{write(arguments[0], TERM)} \\bmod {{{write(arguments[1], LOOSE)}}}", LOOSE
    if name == "angle brackets":
        return f"\\langle {', '.join(write(a, LOOSE) for a in arguments)} \\rangle", CLOSED
    if name == "sequence":
        member, index, *bounds = arguments
        low = f" {'=' if len(bounds) == 2 else chr(92) + 'in'} {write(bounds[0], LOOSE)}" if bounds else ""
        high = f"^{{{write(bounds[1], LOOSE)}}}" if len(bounds) == 2 else ""
        return f"\\{{{write(member, LOOSE)}\\}}_{{{write(index, LOOSE)}{low}}}{high}", CLOSED
    if name in ("lim +", "lim -"):
        body, variable, point = arguments
        return f"\\lim_{{{variable.name} \\to {write(point, FACTOR)}^{name[-1]}}} {write(body, TERM)}", TERM
    if name == "and" and all(a.op == "fn" and a.name in _CHAIN for a in arguments):
        first = write(arguments[0].children[0], SUM)
        return first + "".join(f" {_CHAIN[a.name]} {write(a.children[1], SUM)}" for a in arguments), LOOSE
    return None
