r"""Sums of independent random variables: the start of a process and the noises added to it.

Noises are independent of each other and of the start, as the theory declares; nothing else is taken for
independent. So :math:`X_0 + \sum_k \varepsilon_k` has a law, and :math:`X_1 + \varepsilon_1` has none here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derive.kernel.term import ONE, ZERO, Term, add, free_symbols, mul, normal, power

LawOf = Callable[[Term], Term | None]


@dataclass(frozen=True)
class Independent:
    """What is independent: families of noise, and the first members of processes (by family, the first index)."""

    noise: frozenset[str]
    starts: dict[str, Term]


def sum_law(root: Term, declared: Independent, law: LawOf, is_random: Callable[[Term], bool]) -> Term | None:
    """The normal law of a sum of independent parts, or None; ``law`` gives that of single variables."""
    reader = _Sum(declared, law, is_random)
    if not reader.add(root, ONE) or reader.singles and reader.series or len(reader.series) > 1:
        return None
    return normal(_total(reader.means), _total(reader.variances))


def _total(parts: list[Term]) -> Term:
    return add(*parts) if parts else ZERO


class _Sum:
    """Collects the parts of a sum: at most one start, and noises that cannot be the same one twice."""

    def __init__(self, declared: Independent, law: LawOf, is_random: Callable[[Term], bool]) -> None:
        self.declared, self.law, self.is_random = declared, law, is_random
        self.means: list[Term] = []
        self.variances: list[Term] = []
        self.started = False
        self.singles: set[Term] = set()
        self.series: list[Term] = []

    def add(self, node: Term, scale: Term) -> bool:
        """Take in scale * node; False where it is no such part."""
        if self.is_random(node):
            return self._variable(node, scale)
        if not self._mentions(node):
            self.means.append(mul(scale, node))
            return True
        if node.op == "add":
            return all(self.add(child, scale) for child in node.children)
        if node.op == "mul":
            random = [c for c in node.children if self._mentions(c)]
            scalars = [c for c in node.children if not self._mentions(c)]
            return len(random) == 1 and self.add(random[0], mul(scale, *scalars) if scalars else scale)
        if node.op == "sum":
            return self._series(node, scale)
        return False

    def _variable(self, node: Term, scale: Term) -> bool:
        if node.name in self.declared.noise:
            if any(free_symbols(c) for c in node.children) and self.singles or node in self.singles:
                return False
            self.singles.add(node)
        elif node.children != (self.declared.starts.get(node.name),) or self.started:
            return False
        else:
            self.started = True
        return self._take(node, scale, lambda t: t)

    def _series(self, node: Term, scale: Term) -> bool:
        body, index, low, high = node.children
        factors = body.children if body.op == "mul" else (body,)
        noises = [f for f in factors if self.is_random(f)]
        rest = [f for f in factors if not self.is_random(f)]
        if len(noises) != 1 or noises[0].name not in self.declared.noise or any(map(self._mentions, rest)):
            return False
        # Different indices are different noises only if the index of the noise moves with that of the sum.
        if not any(index.name in free_symbols(c) for c in noises[0].children):
            return False
        self.series.append(node)
        inner = mul(*rest) if rest else ONE
        return self._take(noises[0], mul(scale, inner), lambda t: Term("sum", (t, index, low, high)))

    def _take(self, variable: Term, scale: Term, over: Callable[[Term], Term]) -> bool:
        law = self.law(variable)
        if law is None or law.name != "N":
            return False
        mean, variance = law.children
        if mean != ZERO:
            self.means.append(over(mul(scale, mean)))
        self.variances.append(over(variance if scale == ONE else mul(power(scale, 2), variance)))
        return True

    def _mentions(self, node: Term) -> bool:
        return self.is_random(node) or any(map(self._mentions, node.children))
