"""Where LaTeX would read back as another term: factors side by side, bodies without an end, signs, bases of powers."""

from __future__ import annotations

from derive.kernel.term import ONE, Term, mul, neg, num
from derive.latex.tables import tables


def needs_dot(before: str, left: Term, after: str, right: Term) -> bool:
    """Whether two factors side by side would read as something else."""
    if left.op == "sym" and left.name == "\\$":
        return False
    if after[0].isdigit() or "\\text" in (after[:5], before[:5]):
        return True
    if left.op == "num" and after.startswith(("\\frac", "\\tfrac")):
        return True
    if before.endswith("!") or (left.op == "sym" and left.name in tables().prefixes and right.op == "sym"):
        return True
    if left.op == "sym" and after.startswith(("(", "\\left(")):
        stem = left.name.split("_")[0].split("^")[0].split(" ")[-1]
        return stem in tables().function_like or stem == "N" or any(mark in after for mark in ("|", ",", "\\mid"))
    return False


def open_ended(node: Term) -> bool:
    """Whether the LaTeX of a factor would swallow the factors after it."""
    if node.op in ("sum", "prod", "sumset", "lim", "int"):
        return True
    if node.op == "fn" and node.name.endswith(" over"):
        return True
    return (
        node.op == "fn"
        and node.name in ("log", "integral")
        and (node.name == "integral" or is_fraction(node.children[0]) or node.children[0].op == "fn")
    )


def open_variables(node: Term) -> frozenset[str]:
    """The indices of the sums, products and limits that a written factor leaves open at its end."""
    last = node.children[-1] if node.op == "mul" else node
    names: set[str] = set()
    while last.op in ("sum", "prod", "sumset", "lim"):
        names.add(last.children[1].name)
        body = last.children[0]
        last = body.children[-1] if body.op == "mul" else body
    return frozenset(names)


def ambiguous_base(base: Term) -> bool:
    """Whether a power after the written base would be read as one of its argument or its name."""
    if base.op == "fn":
        return base.name in tables().ambiguous_before_power or base.name == "log"
    return False


def split_sign(node: Term) -> tuple[bool, Term]:
    """Whether a minus sign stands in front, and the rest."""
    if node.op == "num" and node.value < 0:
        return True, num(-node.value)
    if node.op == "mul" and node.children[0].op == "num" and node.children[0].value < 0:
        first, *others = node.children
        if others[0].op == "num" and (len(others) == 1 or others[0].value < 0):
            return False, node  # (-1) \\cdot 3 is no number, and one sign is enough
        positive = neg(first)
        return True, mul(*others) if positive == ONE else mul(positive, *others)
    return False, node


def is_fraction(node: Term) -> bool:
    """Whether a term is written as one fraction."""
    return node.op == "mul" and len(node.children) == 2 and is_reciprocal(node.children[1]) and not split_sign(node)[0]


def is_reciprocal(node: Term) -> bool:
    """Whether a term is written 1/u."""
    return node.op == "pow" and node.children[1] == num(-1)
