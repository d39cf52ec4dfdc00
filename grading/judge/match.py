r"""One-way matching of a fact's left side against what somebody wrote.

A fact such as :math:`Var(X_t) = \sigma^2 + t` holds for every admissible :math:`t`; matching finds the
:math:`t` for which its left side is the quantity at hand.
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.kernel.chart import Chart
from derive.kernel.equality import decide
from derive.kernel.term import ZERO, Term, add, free_symbols, neg, substitute


def match(pattern: Term, target: Term, universal: frozenset[str], chart: Chart) -> Mapping[str, Term] | None:
    """The values of the universal symbols that make ``pattern`` equal to ``target``, or None."""
    found: dict[str, Term] = {}
    if not _bind(pattern, target, universal, found):
        return None
    if free_symbols(pattern) & universal - found.keys():
        return None
    instance = substitute(pattern, found)
    return found if same(instance, target, chart) else None


def same(left: Term, right: Term, chart: Chart) -> bool:
    """Whether two terms are alike node by node, with equal scalars inside."""
    if left == right:
        return True
    if left.op == right.op and left.op in ("fn", "given", "eq", "law", "E") and len(left.args) == len(right.args):
        heads = [a for a in left.args if isinstance(a, str)] == [a for a in right.args if isinstance(a, str)]
        if heads and all(same(a, b, chart) for a, b in zip(left.children, right.children, strict=True)):
            return True
    if _holds_random(left) or _holds_random(right):
        return False
    return decide(left, right, chart).verdict is True


def _less(whole: Term, parts: list[Term]) -> Term:
    """whole - sum of parts, where parts that the whole shows are taken away."""
    left = list(whole.children) if whole.op == "add" else [whole]
    missing: list[Term] = []
    for part in parts:
        if part in left:
            left.remove(part)
        else:
            missing.append(neg(part))
    return add(*left, *missing) if left or missing else ZERO


def _holds_random(node: Term) -> bool:
    return node.op in ("given", "eq", "law", "E")


def _bind(pattern: Term, target: Term, universal: frozenset[str], found: dict[str, Term]) -> bool:
    """Collect bindings from positions where a universal symbol stands alone or with a constant added."""
    if pattern.op == "sym" and pattern.name in universal:
        found.setdefault(pattern.name, target)
        return True
    if pattern.op in ("fn", "given", "eq", "law", "E"):
        if pattern.op != target.op or len(pattern.args) != len(target.args):
            return False
        for a, b in zip(pattern.args, target.args, strict=True):
            if isinstance(a, Term) and isinstance(b, Term):
                if not _bind(a, b, universal, found):
                    return False
            elif a != b:
                return False
        return True
    if pattern.op == "add":
        alone = [c for c in pattern.children if c.op == "sym" and c.name in universal]
        rest = [c for c in pattern.children if c not in alone]
        if len(alone) == 1 and not any(free_symbols(c) & universal for c in rest):
            found.setdefault(alone[0].name, _less(target, rest))
    return True
