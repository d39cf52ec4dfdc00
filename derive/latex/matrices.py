r"""Matrices, cases, and products of vectors, whose factors may not change places.

A matrix is ``fn("matrix", fn("row", ...), ...)``. Bold letters and arrows are vectors where no subject declares
them: two of them side by side, with a dot or a cross between, are a product that keeps its order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from derive.kernel.term import Term, fn, sym
from derive.latex.cursor import Span, Step
from derive.latex.operators import OperatorReader

_VECTORS: Final = ("\\mathbf", "\\vec")
_LINEAR: Final = frozenset({"matrix", "product", "cross product", "angle brackets"})
_PRODUCTS: Final = {"\\cdot": "dot product", "\\times": "cross product"}


class MatrixReader(OperatorReader):
    """The part of the grammar that reads environments inside a formula, and products of what is linear."""

    def environment(self) -> Step[Term]:
        """A matrix, a determinant, or cases."""
        start = self.i
        name = self.texts[start]
        kind = self.data.matrices.get(name)
        close = self.match.get(start, self.end)
        if kind is None or close >= self.end:
            raise self.unexpected()
        first = start + 1
        if kind == "array" and first < close and self.texts[first] == "{":
            first = self.match.get(first, first) + 1
        rows = self._cells(first, close)
        if kind == "cases":
            value: Term = yield self._cases(rows, start)
        else:
            value = yield self._matrix(rows, start)
            if kind == "determinant":
                value = fn("det", value)
        self.i = close + 1
        return value

    def _cells(self, first: int, last: int) -> list[list[Span]]:
        """The cells of every row."""
        rows: list[list[Span]] = [[]]
        start = n = first
        while n <= last:
            kind = "row" if n == last else self.kinds[n]
            if kind in ("tab", "row"):
                rows[-1].append((start, n))
                start = n + 1
                if kind == "row":
                    rows.append([])
            n = self.match.get(n, n) + 1 if n < last else n + 1
        return [row for row in rows if any(a < b for a, b in row)]

    def _matrix(self, rows: list[list[Span]], start: int) -> Step[Term]:
        if not rows or len({len(row) for row in rows}) != 1:
            raise self.fail("The rows of this matrix have different lengths.", start)
        terms: list[Term] = []
        for row in rows:
            cells: list[Term] = []
            for cell in row:
                dots = cell[1] - cell[0] == 1 and self.kinds[cell[0]] == "dots"
                cells.append(sym(self.texts[cell[0]]) if dots else (yield self.within(*cell)))
            terms.append(fn("row", *cells))
        return fn("matrix", *terms)

    def _cases(self, rows: list[list[Span]], start: int) -> Step[Term]:
        """Values with the conditions under which they hold."""
        terms: list[Term] = []
        for row in rows:
            if len(row) != 2:
                raise self.fail("A case has a value and a condition, with '&' between.", start)
            (first, last), condition = row
            while last > first and self.kinds[last - 1] in ("comma", "semicolon"):
                last -= 1
            value: Term = yield self.within(first, last)
            terms.append(fn("case", value, (yield self._condition(*condition))))
        return fn("cases", *terms)

    def _condition(self, first: int, last: int) -> Step[Term]:
        """A relation between two quantities, or words alone."""
        while last > first and self.kinds[last - 1] in ("comma", "semicolon", "stop"):
            last -= 1
        if last - first > 1 and self.kinds[first] == "word":
            first += 1  # \text{if } x > 0
        if last - first == 1 and self.kinds[first] == "word":
            return sym(self.texts[first])
        end, position = self.end, self.i
        self.i, self.end = first, last
        value: Term = yield self.sum()
        if self.kind() == "relation":
            value = yield self.related(value)
        if self.i != last:
            raise self.unexpected()
        self.i, self.end = position, end
        return value

    def in_order(self, factors: list[Term], signs: Sequence[str]) -> list[Term]:
        """The factors with two or more that are linear put together; ``signs`` stand before each."""
        linear = [n for n, f in enumerate(factors) if is_linear(f)]
        if len(linear) < 2:
            return factors
        between = set()
        for before, after in zip(linear, linear[1:], strict=False):
            sign = next((s for s in signs[before + 1 : after + 1] if s), "")
            between.add(_PRODUCTS.get(sign, "product"))
        if len(between) > 1 or (len(linear) > 2 and between != {"product"}):
            raise self.fail("In which order these vectors are multiplied is not certain; write brackets.")
        scalars = [f for n, f in enumerate(factors) if n not in linear]
        return [*scalars, fn(between.pop(), *(factors[n] for n in linear))]


def is_linear(term: Term) -> bool:
    """Whether a factor is a vector or a matrix, as far as its marks show."""
    if term.op in ("sym", "fn"):
        return term.name in _LINEAR or term.name.startswith(_VECTORS)
    if term.op in ("add", "mul"):
        return any(is_linear(c) for c in term.children)
    return term.op == "pow" and is_linear(term.children[0])
