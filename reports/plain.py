r"""Formulas as one line of Unicode text, for terminals: ``\frac{\sigma^2}{\sigma^2+1}`` reads σ²/(σ²+1)."""

from __future__ import annotations

import re
from typing import Final

from reports.blocks import pieces
from reports.formula import Formula, Node, UnsettableError, parse, vocabulary


def formula(source: str) -> str:
    """The formula in plain text; what cannot be set comes back as it was written, on one line."""
    try:
        written = re.sub(r"\s+", " ", _formula(parse(source), outermost=True)).strip()
    except UnsettableError:
        return " ".join(source.split())
    return written.replace(": =", " :=").replace("  :=", " :=")


def quantity(value: str) -> str:
    """A value such as 1/4 or 2^-128; what holds no command stays as it is."""
    return formula(value) if "\\" in value else value


def prose(text: str) -> str:
    """Text with the formulas between its dollar signs in plain text."""
    return "".join(formula(piece) if is_formula else piece for is_formula, piece in pieces(text))


def _formula(nodes: Formula, outermost: bool = False) -> str:
    """The signs in a row, with room after sums, products and names, and outermost around plus and minus."""
    out, wide, quotient = "", False, False
    for node in nodes:
        text = _node(node)
        script = node.kind in ("sup", "sub")
        if wide and text and not script and not text.startswith(("(", " ")):
            out += " "
        elif (quotient or _is_quotient(node)) and _touches(out, text) and not script:
            out += " "  # so that a/b c and c a/b are not read as one word
        if outermost and text in ("+", "−") and out.strip() and not re.search(r"[=<>≤≥≈∼→(,]\s*$", out):
            text = f" {text} "
        out += text
        wide = (wide and (script or not text)) or _is_wide(node)
        quotient = _is_quotient(node) if text else quotient
    return out


def _touches(left: str, right: str) -> bool:
    """Whether two factors would stand side by side without a sign between them."""
    return bool(left and right) and left[-1] not in _BETWEEN + "([" and right[0] not in _BETWEEN + ")]"


_BETWEEN: Final = " +−=<>≤≥≈∼→,;|/·"


_MATRICES: Final = {
    **dict.fromkeys(["matrix", "smallmatrix", "pmatrix", "bmatrix", "array"], "[{}]"),
    "vmatrix": "|{}|",
    "Vmatrix": "‖{}‖",
}
"""Environments whose cells are entries, and what stands around them."""


def _is_quotient(node: Node) -> bool:
    return node.kind == "command" and node.text.endswith("frac")


def _is_wide(node: Node) -> bool:
    words = vocabulary()
    return node.kind == "name" or (node.kind == "sign" and (node.text in words.large or node.text in words.names))


def _node(node: Node) -> str:
    words = vocabulary()
    match node.kind:
        case "char":
            spaced = {"=": " = ", "<": " < ", ">": " > ", ",": ", ", "-": "−"}
            return spaced.get(node.text, node.text.removeprefix("\\"))
        case "sign":
            if node.text in words.operators:
                return f" {words.signs[node.text]} "
            return words.signs.get(node.text, node.text)
        case "space":
            return "" if node.text == " " else words.space[node.text]
        case "name":
            return node.text
        case "text":
            return node.text
        case "size":
            return _fence(node.extra)
        case "group":
            return _formula(node.parts[0])
        case "sup":
            return _script(node, "^", _inverse(words.superscripts))
        case "sub":
            return _script(node, "_", _inverse(words.subscripts))
        case "fence":
            inner = [_formula(part).strip() for part in node.parts]
            middles = [*node.extra.split("\n")]
            return _fence(node.text) + "".join(i + _fence(m) for i, m in zip(inner, middles, strict=True))
        case "rows" if node.text in _MATRICES:
            rows = (", ".join(_formula(cell).strip() for cell in row[0].parts) for row in node.parts)
            return _MATRICES[node.text].format("; ".join(rows))
        case "rows":
            return "; ".join("".join(map(_formula, row[0].parts)).strip() for row in node.parts)
        case _:
            return _command(node)


def _command(node: Node) -> str:
    inner = [_formula(part).strip() for part in node.parts]
    accent = vocabulary().accents.get(node.text)
    if node.text.endswith("frac"):
        top, bottom = inner
        return f"{_wrapped(top, product=True)}/{_wrapped(bottom)}"
    if node.text.endswith("binom"):
        return f"C({inner[0]}, {inner[1]})"
    if node.text == "sqrt":
        return f"√{_wrapped(inner[0])}" if not node.extra else f"{_wrapped(inner[0])}^(1/{node.extra})"
    if accent and len(inner[0]) == 1:
        return inner[0] + accent
    if node.text in ("xrightarrow", "xleftarrow"):
        return f" —{inner[0]}→ " if node.text == "xrightarrow" else f" ←{inner[0]}— "
    if node.text in ("overset", "stackrel", "underset"):
        return inner[1]
    if node.text == "not":
        return inner[0] + "̸"
    if node.text == "phantom":
        return " "
    if node.text == "boxed":
        return f"[ {inner[0]} ]"
    return inner[0]


def _wrapped(text: str, product: bool = False) -> str:
    """Brackets around what is not one factor."""
    single = re.fullmatch(r"\w[\ŵ̃̄⁰-₟²³¹]*", text) or re.fullmatch(r"\([^()]*\)", text)
    if single or (product and not re.search(r"[-−+=/<>≈∼ ]", text)):
        return text
    return f"({text})"


def _script(node: Node, sign: str, table: dict[str, str]) -> str:
    text = _formula(node.parts[0]).replace(" ", "")
    if text and all(character in table for character in text):
        return "".join(table[character] for character in text)
    return sign + (text if len(text) <= 1 else f"({text})" if sign == "^" else f"{{{text}}}")


def _inverse(table: dict[str, str]) -> dict[str, str]:
    inverse = {meaning: sign for sign, meaning in table.items()}
    return {**inverse, "−": inverse["-"]}


def _fence(delimiter: str) -> str:
    if delimiter == ".":
        return ""
    if delimiter == r"\|":
        return "‖"
    return vocabulary().signs.get(delimiter[1:], delimiter.removeprefix("\\"))
