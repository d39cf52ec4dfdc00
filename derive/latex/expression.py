"""Sums, products, powers and brackets: the grammar that the other parts hang on."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from derive.kernel.term import MINUS_ONE, ONE, Term, add, fn, free_symbols, mul, neg, num, power, sym, walk
from derive.latex.brackets import STARTS
from derive.latex.cursor import Step, integer, symbol
from derive.latex.ellipsis import written_out
from derive.latex.lexer import Unread
from derive.latex.loose import LOOSE, SIGNS, LooseReader
from derive.latex.names import DEGREE
from derive.latex.operators import quotient
from derive.latex.spelling import script_range

_CHANGES_ATOM: Final = frozenset(
    {"sub", "sup", "prime", "open", "factorial", "percent", "letter", "accent", "evaluate"}
)
_NAMES: Final = frozenset({"letter", "word", "accent"})
_CHANGES_NUMBER: Final = frozenset({"sup", "factorial", "percent", "sub"})
_POSTFIX: Final = frozenset({"sup", "factorial", "percent"})
_PERCENT: Final = num(1, 100)
MONEY: Final = sym("\\$")


class ExpressionReader(LooseReader):
    """The whole grammar of one side."""

    def starts_factor(self) -> bool:
        """Whether a factor may begin with the current token."""
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
        either = self.either_sign()
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
            value = fn(either, value) if either else value
            terms.append(neg(value) if negative else value)
            if self.i >= self.end or kinds[self.i] not in SIGNS:
                break
            either = self.either_sign()
            if either:
                negative = False
                continue
            negative, self.i = kinds[self.i] == "minus", self.i + 1
            if self.kind() == "dots" and not negative and dots is None:
                dots = (len(terms), self.i)
                self.i += 1
                if self.kind() != "plus":
                    raise self._open_ended(dots[1])
                self.i += 1
            while self.i < self.end and kinds[self.i] in ("plus", "minus"):
                negative, self.i = negative != (kinds[self.i] == "minus"), self.i + 1
        if dots is not None:
            terms = self._written_out("sum", terms, dots)
        whole = terms[0] if len(terms) == 1 else add(*terms)
        if self.i < self.end and kinds[self.i] in LOOSE:
            whole = yield self.loose(whole)
        if first >= 0:
            if self.i != last:
                raise self.unexpected()
            self.i, self.end = position, end
        self.sum_start, self.term_start = outer, outer_term
        self.open, self.evaluated = frozenset(), False
        return whole

    # -- products --------------------------------------------------------------------------------
    def run(self) -> Step[list[Term]]:
        """Factors joined by side-by-side writing, dots and slashes."""
        factors: list[Term] = []
        kinds = self.kinds
        operator = ""
        signs: list[str] = []
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
            if self.linear:
                signs += [self.texts[here - 1] if operator == "times" else ""] * (len(factors) - len(signs))
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
        if dots is not None:
            return self._written_out("prod", factors, dots)
        return self.in_order(factors, signs) if self.linear and len(factors) > 1 else factors

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
            if i + 1 < self.end and self.kinds[i + 1] in _CHANGES_NUMBER:
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
                or text in self.data.figures
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
            if self.kind() == "sub":
                value = self._in_base(self.texts[start])
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
        elif kind == "partial":
            value = yield self.inline_derivative()
        elif kind == "over":
            value = yield self.underset()
        elif kind == "begin":
            value = yield self.environment()
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
                first, last, after = self.script_here()
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

    def _in_base(self, digits: str) -> Term:
        """``201_3``: a number written to the base that stands below it."""
        first, last, after = self.script_here()
        base = self.texts[first]
        if last - first != 1 or not base.isdigit() or len(base) > 2 or not 2 <= int(base) <= 10:
            raise self.fail("A subscript is not expected here.")
        if not digits.isdigit() or any(int(d) >= int(base) for d in digits):
            raise self.fail(f"This is no number to the base {base}.")
        self.i = after
        return integer(int(digits, int(base)))

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
