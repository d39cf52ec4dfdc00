r"""Brackets: groups, lists, intervals, conditions, absolute values, boxes."""

from __future__ import annotations

from typing import Final

from derive.kernel.term import Term, eq, fn, given
from derive.latex.cursor import Step
from derive.latex.matrices import MatrixReader
from derive.latex.spelling import script_range

STARTS: Final = frozenset(
    {
        "letter", "word", "accent", "number", "open", "bar open", "double open", "fraction", "root", "function", "big",
        "optimum", "expectation", "nabla", "currency", "wrapper", "wrapper two", "run", "arg", "partial", "begin",
        "over",
    }
)  # fmt: skip
"""Kinds of the tokens that a factor starts with."""
_SEPARATORS: Final = {"comma": ",", "semicolon": ";", "mid": "|", "parallel": "||"}
_RANKS: Final = frozenset({"≻", "≺"})
"""Relations that rank several: ``y_1 \\succ y_2 \\succ y_3``."""
_ORDERS: Final = frozenset({"<", "≤", ">", "≥"})


class BracketReader(MatrixReader):
    """The part of the grammar that reads what stands in brackets."""

    def content(self) -> Step[list[tuple[str, Term]]]:
        """What stands between the bracket here and its match, each item with the separator before it."""
        start = self.i
        close = self.match[start]
        end, self.end, self.i = self.end, close, start + 1
        items: list[tuple[str, Term]] = []
        separator = ""
        while True:
            item: Term = yield self.sum()
            if self.i < close and self.kinds[self.i] == "relation":
                item = yield self.related(item)
            items.append((separator, item))
            if self.i == close:
                break
            kind = self.kinds[self.i]
            if kind not in _SEPARATORS:
                raise self.unexpected()
            separator = _SEPARATORS[kind]
            self.i += 1
            if self.kind() == "parallel second":
                self.i += 1
        self.end, self.i = end, close + 1
        return items

    def related(self, left: Term) -> Step[Term]:
        """A relation between two quantities, or a chain of inequalities ``0 \\le x < 1``, inside a bracket."""
        signs: list[str] = []
        related = [left]
        while self.kind() == "relation":
            sign = self.data.values.get(self.text(), "")
            if signs and not (sign == signs[0] and sign in _RANKS or {*signs, sign} <= _ORDERS):
                break
            self.i += 1
            signs.append(sign)
            related.append((yield self.sum()))
        if len(signs) > 1 and signs[0] in _ORDERS:
            return fn("and", *(fn(s, *related[n : n + 2]) for n, s in enumerate(signs)))
        return eq(*related) if signs[0] == "=" else fn(signs[0], *related)

    def _group(self) -> Step[Term]:
        start, opening = self.i, self.texts[self.i]
        close = self.match[start]
        closing = self.texts[close]
        if opening == "{":
            inner: Term = yield self.within(start + 1, close)
            self.i = close + 1
            self._check_loose_sum(inner, start)
            return inner
        items: list[tuple[str, Term]] = yield self.content()
        terms = [t for _, t in items]
        if opening == "\\langle":
            return fn("angle brackets", *terms)
        if opening in self.data.bracket_functions:
            if len(terms) != 1:
                raise self.fail("One quantity belongs between these bars.", start)
            return _between_bars(self.data.bracket_functions[opening], terms[0])
        if opening in ("\\{", "(") and self.kind() == "sub" and self._runs_over():
            sequence: Term = yield self._sequence(terms)
            return sequence
        if len(terms) == 1:
            if self.data.close[opening] != closing and opening != "\\left.":
                raise self.fail(f"The bracket '{opening}' is closed by '{closing}'.", close)
            if terms[0].op == "eq":
                raise self.fail("A relation stands inside brackets.", start)
            if (opening == "[" or opening == "\\left.") and self.kind() == "sub":
                result: Term = yield self.evaluation(terms[0])
                return result
            if opening == "\\left.":
                raise self.fail("A bracket without its left half is not read.", start)
            return terms[0]
        separators = [s for s, _ in items]
        if "|" in separators:
            bar = separators.index("|")
            head = terms[0] if bar == 1 else fn("tuple", *terms[:bar])
            return given(head, *terms[bar:])
        if any(s != "," for s in separators[1:]):
            raise self.fail("What stands in these brackets is not read.", start)
        kind = {"()": "tuple", "[]": "interval", "\\{\\}": "set"}.get(opening + closing, f"interval {opening}{closing}")
        return fn(kind, *terms)

    def _runs_over(self) -> bool:
        """Whether the subscript at the position says where an index runs, after a bracket."""
        if self.i + 1 >= self.end:
            return False
        first, last, _ = script_range(self.tokens, self.i + 1)
        signs = [self.data.values.get(self.texts[n]) for n in range(first, last) if self.kinds[n] == "relation"]
        return len(signs) == 1 and signs[0] in ("=", "∈", "≥") or self.texts[self.i - 1] == "\\}"

    def _sequence(self, members: list[Term]) -> Step[Term]:
        r"""``\{x_i\}_{i=1}^n`` as fn("sequence", x_i, i, 1, n)."""
        sub, sup = self.two_scripts()
        if sub is None:
            raise self.unexpected()
        sign = next((n for n in range(*sub) if self.kinds[n] == "relation"), None)
        index: Term = yield self.within(sub[0], sub[1] if sign is None else sign)
        bounds: list[Term] = []
        if sign is not None:
            bounds.append((yield self.within(sign + 1, sub[1])))
        if sup is not None:
            bounds.append((yield self.within(*sup)))
        return fn("sequence", members[0] if len(members) == 1 else fn("tuple", *members), index, *bounds)

    def _bars(self) -> Step[Term]:
        """|x| and ||x||."""
        start = self.i
        double = self.kinds[start] == "double open"
        if double:
            close = next((n for n in range(start + 1, self.end) if self.kinds[n] == "double close"), -1)
        else:
            close = self.match.get(start, -1)
        if close < 0 or close >= self.end:
            raise self.fail("This bar is never closed.")
        inner: Term = yield self.within(start + 1, close)
        self.i = close + 1
        return _between_bars("norm" if double else "abs", inner)

    def _wrapper(self) -> Step[Term]:
        r"""``\boxed{a}``, ``\underbrace{a}_{\text{remark}}``: the group counts, the remark does not."""
        start = self.i
        command = self.texts[start]
        self.i += 1
        if self.kinds[start] == "wrapper two":
            if self.text() != "{":
                raise self.fail("An argument is missing.")
            self.i = self.match[self.i] + 1
        value: Term = yield self._boxed() if command in ("\\boxed", "\\fbox") else self.argument()
        if command in ("\\underbrace", "\\overbrace"):
            remark = "sub" if command == "\\underbrace" else "sup"
            if self.kind() == remark and self.i + 1 < self.end:
                self.i = script_range(self.tokens, self.i + 1)[2]
        if command not in ("\\boxed", "\\fbox"):
            self._check_loose_sum(value, start)
        return value

    def _boxed(self) -> Step[Term]:
        """What stands in a box: a quantity, or a list of them."""
        if self.text() != "{" or "comma" not in self.top_kinds(self.i + 1, self.match[self.i]):
            value: Term = yield self.argument()
            return value
        items: list[tuple[str, Term]] = yield self.content()
        if any(s not in ("", ",") for s, _ in items):
            raise self.fail("What stands in this box is not read.")
        return fn("list", *(t for _, t in items))

    def _check_loose_sum(self, value: Term, start: int) -> None:
        """Refuse a sum in braces that do not show, where what stands beside it would take only a part of it."""
        if value.op == "add" and (start != self.term_start or self.kind() in STARTS | {"times", "slash", "sup"}):
            raise self.fail("Braces do not group what is seen; write brackets around a sum.", start)


def _between_bars(name: str, inner: Term) -> Term:
    """The absolute value of a number, the determinant of a matrix."""
    return fn("det" if name == "abs" and inner.op == "fn" and inner.name == "matrix" else name, inner)
