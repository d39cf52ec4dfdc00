"""Sums, products, powers and brackets: the grammar that the other parts hang on."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from derive.kernel.term import MINUS_ONE, ONE, Term, add, eq, fn, free_symbols, given, mul, neg, num, power, sym, walk
from derive.latex.cursor import Step, integer, symbol
from derive.latex.ellipsis import written_out
from derive.latex.lexer import Unread
from derive.latex.names import DEGREE
from derive.latex.operators import OperatorReader, quotient
from derive.latex.spelling import script_range

STARTS: Final = frozenset(
    {
        "letter", "word", "accent", "number", "open", "bar open", "double open", "fraction", "root", "function", "big",
        "optimum", "expectation", "nabla", "currency", "wrapper", "wrapper two", "run", "arg", "partial",
    }
)  # fmt: skip
_CHANGES_ATOM: Final = frozenset(
    {"sub", "sup", "prime", "open", "factorial", "percent", "letter", "accent", "evaluate"}
)
_NAMES: Final = frozenset({"letter", "word", "accent"})
_POSTFIX: Final = frozenset({"sup", "factorial", "percent"})
_SEPARATORS: Final = {"comma": ",", "semicolon": ";", "mid": "|", "parallel": "||"}
_RANKS: Final = frozenset({"≻", "≺"})
"""Relations that rank several: ``y_1 \\succ y_2 \\succ y_3``."""
_PERCENT: Final = num(1, 100)
MONEY: Final = sym("\\$")


class ExpressionReader(OperatorReader):
    """The whole grammar of one side."""

    def starts_factor(self) -> bool:
        return self.i < self.end and self.kinds[self.i] in STARTS

    # -- sums ------------------------------------------------------------------------------------
    def sum(self, first: int = -1, last: int = -1) -> Step[Term]:
        """Products joined by + and -."""
        terms: list[Term] = []
        dots: tuple[int, int] | None = None
        loose: frozenset[str] = frozenset()
        kinds = self.kinds
        position, end = self.i, self.end
        if first >= 0:
            self.i, self.end = first, last
        outer, self.sum_start = self.sum_start, self.i
        outer_term = self.term_start
        negative = False
        while self.i < self.end and kinds[self.i] in ("plus", "minus"):
            negative, self.i = negative != (kinds[self.i] == "minus"), self.i + 1
        while True:
            start = self.i
            self.term_start = -1 if negative else start
            self.open, self.evaluated = frozenset(), False
            factors: list[Term] = yield self.run()
            value = factors[0] if len(factors) == 1 else mul(*factors)
            if self.evaluated and terms:
                raise self.fail("What this bar evaluates, one term or the sum, is not certain; write brackets.", start)
            if loose and not loose.isdisjoint(free_symbols(value)):
                raise self.fail("Whether this term belongs to the sum before it is not certain; write brackets.", start)
            loose |= self.open
            terms.append(neg(value) if negative else value)
            if self.i >= self.end or kinds[self.i] not in ("plus", "minus"):
                break
            negative, self.i = kinds[self.i] == "minus", self.i + 1
            if self.kind() == "dots" and not negative and dots is None:
                dots = (len(terms), self.i)
                self.i += 1
                if self.kind() != "plus":
                    raise self._open_ended(dots[1])
                self.i += 1
            while self.i < self.end and kinds[self.i] in ("plus", "minus"):
                negative, self.i = negative != (kinds[self.i] == "minus"), self.i + 1
        if first >= 0:
            if self.i != last:
                raise self.unexpected()
            self.i, self.end = position, end
        if dots is not None:
            terms = self._written_out("sum", terms, dots)
        self.sum_start, self.term_start = outer, outer_term
        self.open, self.evaluated = frozenset(), False
        return terms[0] if len(terms) == 1 else add(*terms)

    # -- products --------------------------------------------------------------------------------
    def run(self) -> Step[list[Term]]:
        """Factors joined by side-by-side writing, dots and slashes."""
        factors: list[Term] = []
        kinds = self.kinds
        operator = ""
        divided = False
        dots: tuple[int, int] | None = None
        while True:
            if self.integrals and self.at_differential() and not operator:
                if not factors:
                    factors.append(ONE)
                break
            here = self.i
            value = self._atom()
            if value is None:
                if kinds[here] in _NAMES and self.texts[here] != "E":
                    value = yield self.name()
                    if self.i < self.end and kinds[self.i] in _POSTFIX:
                        value = yield self._postfix(value)
                else:
                    value = yield self.factor()
            if operator == "slash":
                self._divide(factors, value)
            else:
                factors.append(value)
            while self.kind() == "evaluate":
                self.i += 1
                factors = [(yield self.evaluation(mul(*factors)))]
                self.evaluated = True
            if self.i >= self.end:
                break
            kind = kinds[self.i]
            if kind == "times" and self.i + 1 < self.end and kinds[self.i + 1] == "dots":
                self.i, kind = self.i + 1, "dots"
            if kind == "dots" and dots is None:
                dots = (len(factors), self.i)
                self.i += 1
                self.i += self.kind() == "times"
                if not self.starts_factor() or operator == "slash":
                    raise self._open_ended(dots[1])
                operator, divided = "times", False
                continue
            divided = operator == "slash" or (divided and operator == "side")
            if kind == "times" or kind == "slash":
                operator, self.i = kind, self.i + 1
                if self.kind() == "minus":
                    raise self.fail("Write brackets around a negative factor.")
                if kind == "slash":
                    divided = False
            elif kind in STARTS:
                if self.integrals and self.at_differential():
                    break
                self._check_side_by_side(here, kind, divided)
                if self.texts[self.i] == "d" and factors[-1].op in ("int", "fn") and self._closed_integral():
                    raise self.fail("A second differential stands here.")
                if kind == "word" or kinds[here] == "word":
                    self._check_unit(factors[-1], kinds[here])
                operator = "side"
            else:
                break
        return factors if dots is None else self._written_out("prod", factors, dots)

    def _open_ended(self, at: int) -> Unread:
        reason = self.data.reasons["\\dots"]
        return self.fail(f"{reason[0].upper()}{reason[1:]}.", at)

    def _written_out(self, kind: str, members: list[Term], dots: tuple[int, int]) -> list[Term]:
        """Members with dots among them, as a sum or product over an index."""
        found = written_out(kind, members[: dots[0]], members[dots[0] :])
        if found is None:
            raise self._open_ended(dots[1])
        return found

    def _check_side_by_side(self, here: int, kind: str, divided: bool) -> None:
        """Refuse what may be read in two ways: a/bc, x3, 1\\frac12."""
        if kind == "number" and self.kinds[self.i - 1] != "factorial":
            raise self.unexpected()
        if kind == "letter" and self.kinds[here] == "letter" and self._initials(here):
            raise self.fail("Capital letters side by side may be the name of a segment; write a product with a dot.")
        if divided:
            raise self.fail("Whether this factor stands below the slash is not certain; write brackets.")
        if kind == "fraction" and self.i == here + 1 and self.kinds[here] == "number" and self._of_integers(self.i + 1):
            raise self.fail("A number before a fraction may be a mixed number or a factor; write a dot or a plus.")

    def _of_integers(self, i: int) -> bool:
        """Whether a fraction whose arguments start at i is one of two integers."""
        if i < self.end and self.kinds[i] == "number" and len(self.texts[i]) > 1:
            return True  # \\frac12
        for _ in range(2):
            if i >= self.end:
                return False
            first, last, i = script_range(self.tokens, i)
            if last - first != 1 or self.kinds[first] != "number":
                return False
        return True

    def _initials(self, here: int) -> bool:
        """Whether two capital letters that nothing declares stand side by side without a space: AB."""
        if self.i != here + 1 or self.tokens.stops[here] != self.tokens.starts[self.i]:
            return False
        pair = (self.texts[here], self.texts[self.i])
        return all(len(t) == 1 and t.isupper() and t not in self.notation.names for t in pair)

    def _closed_integral(self) -> bool:
        """Whether d and a letter stand right after the differential of an integral."""
        after = self.i + 1 < self.end and self.kinds[self.i + 1] in ("letter", "accent")
        return after and self.i >= 2 and self.texts[self.i - 2] == "d"

    def _check_unit(self, last: Term, before: str) -> None:
        """A word beside a quantity is read after a number only, as a unit."""
        numeric = all(n.op in ("num", "pow", "const", "mul") or n == MONEY for n in walk(last))
        if before == "word" or not numeric:
            raise self.fail("A word beside a quantity has no certain meaning.")

    @staticmethod
    def _divide(factors: list[Term], value: Term) -> None:
        last = factors[-1]
        if last.op == value.op == "num" and value.value:
            factors[-1] = quotient(last, value)
        elif last == ONE:
            factors[-1] = power(value, MINUS_ONE)
        else:
            factors.append(power(value, MINUS_ONE))

    def _atom(self) -> Term | None:
        """A number or a single letter with nothing attached, without the cost of a rule."""
        i = self.i
        if i >= self.end:
            raise self.unexpected()
        kind = self.kinds[i]
        if kind == "number":
            if i + 1 < self.end and self.kinds[i + 1] in ("sup", "factorial", "percent", "sub"):
                return None
            self.i = i + 1
            text = self.texts[i]
            return integer(int(text)) if text.isdigit() else num(Fraction(text))
        if kind == "letter":
            text = self.texts[i]
            if (
                i + 1 < self.end
                and self.kinds[i + 1] in _CHANGES_ATOM
                and (self.kinds[i + 1] != "letter" or text in self.data.prefixes or text in self.notation.phrases)
            ):
                return None
            known = self.notation.atoms.get(text)
            if known is None:
                if text in self.data.constants or text in self.notation.names:
                    return None
                known = symbol(text)
            self.i = i + 1
            return known
        return None

    # -- factors ---------------------------------------------------------------------------------
    def factor(self) -> Step[Term]:
        """One factor with the powers and factorials after it."""
        if self.i >= self.end:
            raise self.unexpected()
        start, kind = self.i, self.kinds[self.i]
        value: Term
        if kind in _NAMES:
            if self.texts[start] == "E" and self._is_expectation():
                value = yield self.expectation()
            else:
                value = yield self.name()
        elif kind == "number":
            self.i += 1
            value = num(Fraction(self.texts[start]))
        elif kind == "open":
            value = yield self._group()
        elif kind in ("bar open", "double open"):
            value = yield self._bars()
        elif kind == "fraction":
            value = yield self.fraction()
        elif kind == "root":
            value = yield self.root()
        elif kind == "function":
            value = yield self.function()
        elif kind == "big":
            value = yield self.big()
        elif kind in ("optimum", "arg"):
            value = yield self.optimum()
        elif kind == "expectation":
            value = yield self.expectation()
        elif kind == "nabla":
            value = yield self.nabla()
        elif kind in ("wrapper", "wrapper two"):
            value = yield self._wrapper()
        elif kind == "currency":
            value = yield self._money()
        elif self._placeholder():
            self.i += 1
            return symbol(self.texts[start])
        else:
            raise self.unexpected()
        if kind not in _NAMES:
            self.powered = False
        if self.i < self.end and self.kinds[self.i] in _POSTFIX:
            value = yield self._postfix(value)
        return value

    def _postfix(self, value: Term) -> Step[Term]:
        powered, self.powered = self.powered, False
        while self.i < self.end:
            kind = self.kinds[self.i]
            if kind == "sup":
                first, last, after = self._script_here()
                if self.data.marks.get(self.texts[first]) == "\\circ" and last - first == 1:
                    value = mul(value, DEGREE)
                elif powered:
                    raise self.fail("A second superscript stands here; write (a^b)^c with brackets.")
                else:
                    exponent = self.single(first, last)
                    value = power(value, exponent if exponent is not None else (yield self.within(first, last)))
                powered, self.i = True, after
            elif kind == "factorial":
                value, self.i = fn("factorial", value), self.i + 1
            elif kind == "percent":
                value, self.i = mul(value, _PERCENT), self.i + 1
            else:
                break
        return value

    def _script_here(self) -> tuple[int, int, int]:
        if self.i + 1 >= self.end:
            raise self.fail("A script is missing here.")
        first, last, after = script_range(self.tokens, self.i + 1)
        self._check_script(first, last)
        return first, last, after

    def _is_expectation(self) -> bool:
        """Whether a plain E stands before a square bracket, or before round ones that hold an argument."""
        if self.notation.find("E"):
            return False
        i = self.i + 1
        if i + 1 < self.end and self.kinds[i] == "sub":
            i = script_range(self.tokens, i + 1)[2]
        if i >= self.end or self.kinds[i] != "open":
            return False
        if self.texts[i] != "(":
            return self.texts[i] == "["
        here, self.i = self.i, i
        applies = self._applies("E", None, None)
        self.i = here
        return applies

    def _placeholder(self) -> bool:
        r"""A dot or an ellipsis that is a whole argument, as in ``\pi(\cdot \mid x)`` and ``y_1, \dots, y_K``."""
        if self.texts[self.i] != "\\cdot" and self.kinds[self.i] != "dots":
            return False
        before = self.kinds[self.i - 1] if self.i else ""
        after = self.kinds[self.i + 1] if self.i + 1 < len(self.kinds) else ""
        return before in ("open", "comma", "semicolon") and after in ("close", "comma", "semicolon", "mid", "parallel")

    def _money(self) -> Step[Term]:
        r"""``\$5`` as five times the unit ``\$``."""
        self.i += 1
        if self.kind() != "number":
            raise self.fail("A currency sign stands before a number.")
        amount: Term = yield self.factor()
        return mul(MONEY, amount)

    # -- brackets --------------------------------------------------------------------------------
    def content(self) -> Step[list[tuple[str, Term]]]:
        start = self.i
        close = self.match[start]
        end, self.end, self.i = self.end, close, start + 1
        items: list[tuple[str, Term]] = []
        separator = ""
        while True:
            item: Term = yield self.sum()
            if self.i < close and self.kinds[self.i] == "relation":
                item = yield self._related(item)
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

    def _related(self, left: Term) -> Step[Term]:
        """A relation between two quantities, inside a bracket."""
        sign = self.data.values.get(self.texts[self.i], "")
        related = [left]
        while self.kind() == "relation" and self.data.values.get(self.text(), "") == sign:
            if len(related) > 1 and sign not in _RANKS:
                break
            self.i += 1
            related.append((yield self.sum()))
        return eq(*related) if sign == "=" else fn(sign, *related)

    def _group(self) -> Step[Term]:
        start, opening = self.i, self.texts[self.i]
        close = self.match[start]
        closing = self.texts[close]
        if opening == "{":
            inner: Term = yield self.within(start + 1, close)
            self.i = close + 1
            self._check_loose_sum(inner, start)
            return inner
        if opening == "\\langle":
            raise self.fail("Inner products and averages in angle brackets are not read.", start)
        items: list[tuple[str, Term]] = yield self.content()
        terms = [t for _, t in items]
        if opening in self.data.bracket_functions:
            if len(terms) != 1:
                raise self.fail("One quantity belongs between these bars.", start)
            return fn(self.data.bracket_functions[opening], terms[0])
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
        return fn("norm" if double else "abs", inner)

    def _wrapper(self) -> Step[Term]:
        r"""``\boxed{a}``, ``\underbrace{a}_{\text{remark}}``: the group counts, the remark does not."""
        start = self.i
        command = self.texts[start]
        self.i += 1
        if self.kinds[start] == "wrapper two":
            if self.text() != "{":
                raise self.fail("An argument is missing.")
            self.i = self.match[self.i] + 1
        value: Term = yield self.argument()
        if command in ("\\underbrace", "\\overbrace"):
            remark = "sub" if command == "\\underbrace" else "sup"
            if self.kind() == remark and self.i + 1 < self.end:
                self.i = script_range(self.tokens, self.i + 1)[2]
        if command not in ("\\boxed", "\\fbox"):
            self._check_loose_sum(value, start)
        return value

    def _check_loose_sum(self, value: Term, start: int) -> None:
        """Refuse a sum in braces that do not show, where what stands beside it would take only a part of it."""
        if value.op == "add" and (start != self.term_start or self.kind() in STARTS | {"times", "slash", "sup"}):
            raise self.fail("Braces do not group what is seen; write brackets around a sum.", start)
