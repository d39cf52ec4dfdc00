"""Operators in front of their operand: functions, gradients, fractions, derivatives, roots."""

from __future__ import annotations

from typing import Final

from derive.kernel.term import MINUS_ONE, ONE, Term, add, div, fn, free_symbols, log, mul, neg, num, power, replace
from derive.latex.binders import BinderReader
from derive.latex.cursor import Span, Step
from derive.latex.names import DEGREE, UNKNOWN, split_condition
from derive.latex.spelling import base_at, script_range

ELEMENTARY: Final = frozenset(
    {"log", "exp", "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh"}
)
_RUN_ON: Final = frozenset({"letter", "accent", "number", "root", "word"})
_STOPS: Final = frozenset({"function", "expectation", "nabla", "big", "optimum", "arg"})


class OperatorReader(BinderReader):
    """The part of the grammar that reads operators written in front of their operand."""

    # -- functions ---------------------------------------------------------------------------------
    def function(self) -> Step[Term]:
        r"""``\log x``, ``\sin^2 x``, ``\operatorname{Var}(X \mid Y)``."""
        start = self.i
        text = self.texts[start]
        if self.notation.find(text):
            result: Term = yield self.name()
            return result
        called = self.data.values.get(text) or text.removeprefix("\\text{").removesuffix("}")
        self.i += 1
        sub, sup = self.two_scripts()
        divisor: Term | None = None
        if sub:
            if called != "log":
                raise self.fail(f"A subscript on '{text}' has no certain meaning.", start + 1)
            base: Term = yield self.within(*sub)
            divisor = log(base)
        exponent: Term | None = None
        if sup:
            exponent = yield self.within(*sup)
            if exponent == MINUS_ONE:
                if called not in self.data.inverse:
                    raise self.fail(f"'{text}^{{-1}}' may be an inverse or a reciprocal.", start + 1)
                called, exponent = self.data.inverse[called], None
        bracketed = self._bracket_follows()
        if bracketed:
            items: list[tuple[str, Term]] = yield self.content()
            arguments = [t for _, t in items] if called == "KL" else split_condition(items)
            if self.kind() == "sup" and called in self.data.ambiguous_before_power:
                if self._degrees_follow():
                    arguments[-1] = mul(arguments[-1], DEGREE)
                    return self._with_powers(fn(called, *arguments), divisor, exponent)
                raise self.fail(f"The power may belong to '{text}' or to its argument; write more brackets.")
        elif called in ELEMENTARY:
            arguments = [(yield self.unbracketed(text))]
        else:
            raise self.fail(f"'{text}' needs its argument in brackets.", start)
        if called in ELEMENTARY and len(arguments) != 1:
            raise self.fail(f"'{text}' takes one argument.", start)
        return self._with_powers(fn(called, *arguments), divisor, exponent)

    @staticmethod
    def _with_powers(value: Term, divisor: Term | None, exponent: Term | None) -> Term:
        """A function with the base that stands below its name and the power above it."""
        value = value if divisor is None else div(value, divisor)
        return value if exponent is None else power(value, exponent)

    def _degrees_follow(self) -> bool:
        r"""Whether ``^\circ`` follows, which is passed: ``\sin(x)^\circ``."""
        if self.i + 1 >= self.end:
            return False
        first, last, after = script_range(self.tokens, self.i + 1)
        degrees = last - first == 1 and self.data.marks.get(self.texts[first]) == "\\circ"
        self.i = after if degrees else self.i
        return degrees

    def unbracketed(self, of: str, single: bool = False) -> Step[Term]:
        r"""An argument without brackets: ``\sin 2x``; it runs on over letters and stops at another function.

        Raises Unread where a bracket, a slash or a fraction leaves open how far it runs.
        """
        negative = False
        while self.kind() == "minus":
            negative, self.i = not negative, self.i + 1
        start, tall = self.kind(), self.kind() == "fraction"
        first: Term = yield self.factor()
        factors = [first]
        tall = tall and first.op != "num"
        while start not in _STOPS:
            kind = self.kind()
            if kind in _STOPS or kind not in _RUN_ON and kind not in ("open", "bar open", "slash", "fraction"):
                break
            if self.integrals and self.at_differential():
                break
            if kind not in _RUN_ON or single or tall or factors[-1].op in ("fn", "E") and self._called_before():
                raise self.fail(f"How far the argument of '{of}' runs is not certain; write brackets.")
            factors.append((yield self.factor()))
            if factors[-1].op == "fn" and self._called_before():
                raise self.fail(f"How far the argument of '{of}' runs is not certain; write brackets.", self.i - 1)
        if start in _STOPS and self.kind() == "slash":
            raise self.fail(f"How far the argument of '{of}' runs is not certain; write brackets.")
        value = mul(*factors)
        return neg(value) if negative else value

    def _called_before(self) -> bool:
        """Whether the token before the position closes the brackets of a call."""
        return self.i > 0 and self.kinds[self.i - 1] == "close" and self.texts[self.i - 1] in (")", "]")

    def nabla(self) -> Step[Term]:
        r"""``\nabla_\theta L`` as fn("grad", theta, L)."""
        self.i += 1
        sub, sup = self.two_scripts()
        if sup:
            raise self.fail("A power of nabla is not read.")
        variable: Term = UNKNOWN
        if sub:
            variable = yield self.within(*sub)
        if self._bracket_follows():
            items: list[tuple[str, Term]] = yield self.content()
            if len(items) != 1:
                raise self.fail("A gradient is of one quantity.")
            return fn("grad", variable, items[0][1])
        body: Term = yield self.unbracketed("\\nabla", single=True)
        return fn("grad", variable, body)

    # -- fractions, roots ------------------------------------------------------------------------
    def fraction(self) -> Step[Term]:
        r"""``\frac ab``, ``\binom nk``, and derivatives written as fractions."""
        start = self.i
        what = self.data.values[self.texts[start]]
        self.i += 1
        if what == "frac" and self.text() == "{":
            top = (self.i + 1, self.match[self.i])
            below = top[1] + 1
            if below < self.end and self.texts[below] == "{":
                bottom = (below + 1, self.match[below])
                if self._is_derivative(top, bottom):
                    result: Term = yield self._derivative_of(top, bottom)
                    return result
        numerator: Term = yield self._numerator() if what == "frac" and self.integrals else self.argument()
        alone = self._single_argument()
        denominator: Term = alone if alone is not None else (yield self.argument())
        if what == "binomial":
            return fn("binomial", numerator, denominator)
        return quotient(numerator, denominator)

    def _numerator(self) -> Step[Term]:
        """A numerator, where the differential of the innermost integral may stand."""
        integral = self.integrals[-1]
        if self.text() != "{" or self.end not in integral.ends:
            result: Term = yield self.argument()
            return result
        close = self.match[self.i]
        integral.ends.add(close)
        end, self.end, self.i = self.end, close, self.i + 1
        value = ONE
        if not self.at_differential():
            value = yield self.sum()
        if self.at_differential():
            if integral.variable is not None:
                raise self.fail("A second differential stands here.")
            integral.variable = self.differential()
        if self.i != close:
            raise self.unexpected()
        integral.ends.discard(close)
        self.end, self.i = end, close + 1
        return value

    def _single_argument(self) -> Term | None:
        """A braced argument of a single mark, without the cost of a rule."""
        if self.text() != "{":
            return None
        close = self.match[self.i]
        value = self.single(self.i + 1, close)
        if value is not None:
            self.i = close + 1
        return value

    def argument(self) -> Step[Term]:
        r"""An argument of a command: a braced group or one mark, of a number one digit (``\frac12``)."""
        if self.i >= self.end:
            raise self.fail("An argument is missing at the end.")
        kind, text = self.kinds[self.i], self.texts[self.i]
        if text == "{":
            close = self.match[self.i]
            alone = self.single(self.i + 1, close)
            value: Term = alone if alone is not None else (yield self.within(self.i + 1, close))
            self.i = close + 1
            return value
        if kind == "number":
            if not text[0].isdigit() or "/" in text:
                raise self.fail("Write braces around this number.")
            if len(text) > 1:
                self.texts[self.i] = text[1:]
                self.tokens.starts[self.i] += 1
            else:
                self.i += 1
            return num(int(text[0]))
        if kind == "letter":
            value = yield self.within(self.i, self.i + 1)
            self.i += 1
            return value
        if kind in ("fraction", "root", "wrapper"):
            result: Term = yield self.factor()
            return result
        raise self.unexpected()

    def _is_derivative(self, top: Span, bottom: Span) -> bool:
        if top[0] >= top[1] or bottom[0] + 1 >= bottom[1]:
            return False
        mark = self.texts[top[0]]
        if mark != self.texts[bottom[0]] or mark not in ("d", "\\partial"):
            return False
        return mark != "d" or not self.notation.find("d")

    def _derivative_of(self, top: Span, bottom: Span) -> Step[Term]:
        order, first = yield self._order(top[0] + 1)
        self.i = bottom[1] + 1
        saved, here = self.end, self.i
        self.i, self.end = bottom[0] + 1, bottom[1]
        base = base_at(self.tokens, self.i, self.end, self.notation.phrases)
        if base is None:
            raise self.fail("The variable of this derivative is not read.")
        if "sup" in self.kinds[base.after : bottom[1]]:
            sup = self.kinds.index("sup", base.after, bottom[1])
            variable: Term = yield self.within(self.i, sup)
            below, after = yield self._order(sup)
            if after != bottom[1]:
                raise self.fail("Mixed derivatives are not read.", after)
        else:
            variable = yield self.within(self.i, bottom[1])
            below = 1
        if below != order:
            raise self.fail("The orders of this derivative do not agree.", bottom[0])
        self.i, self.end = here, saved
        if first < top[1]:
            body: Term = yield self.within(first, top[1])
        elif self._bracket_follows():
            items: list[tuple[str, Term]] = yield self.content()
            if len(items) != 1:
                raise self.fail("A derivative is of one quantity.")
            body = items[0][1]
        else:
            outer, self.evaluated = self.evaluated, False
            factors: list[Term] = yield self.run()
            if self.evaluated:
                return self._evaluated_slope(factors, variable, order)
            body, self.evaluated = mul(*factors), outer
            self.open |= free_symbols(variable)
        return _slope(body, variable, order)

    def _evaluated_slope(self, factors: list[Term], variable: Term, order: int) -> Term:
        r"""``\frac{d}{dx} x^2 \big|_{x=1}``: the derivative at the point, and not that of the value there."""
        parts = factors[0].children if factors[0].op == "add" else (factors[0],)
        ends = [p.children[-1] if p.op == "mul" else p for p in parts]
        if len(factors) != 1 or any(e.op != "at" for e in ends):
            raise self.fail("Write brackets around what is differentiated.")
        moved = {e: Term("at", (_slope(e.children[0], variable, order), *e.children[1:])) for e in ends}
        return add(*(replace(p, e, moved[e]) for p, e in zip(parts, ends, strict=True)))

    def inline_derivative(self) -> Step[Term]:
        r"""``\partial f/\partial x``, ``\partial^2 f/\partial x^2`` and ``\partial_x f``."""
        start = self.i
        self.i += 1
        variable: Term
        if self.kind() == "sub":
            first, last, self.i = self.script_here()
            variable = yield self.within(first, last)
            return Term("diff", ((yield self.unbracketed("\\partial", single=True)), variable))
        order, self.i = yield self._order(self.i)
        body: Term = yield self.factor()
        if self.kind() != "slash" or self.i + 1 >= self.end or self.kinds[self.i + 1] != "partial":
            raise self.fail("A derivative is written \\partial f/\\partial x or as a fraction.", start)
        self.i += 2
        base = base_at(self.tokens, self.i, self.end, self.notation.phrases)
        if base is None:
            raise self.fail("The variable of this derivative is not read.")
        variable = yield self.factor()
        if order > 1:
            if variable.op != "pow" or variable.children[1] != num(order):
                raise self.fail("The orders of this derivative do not agree.", start)
            variable = variable.children[0]
        return _slope(body, variable, order)

    def _order(self, i: int) -> Step[tuple[int, int]]:
        """The order of a derivative, written as a power of d, and the token after it."""
        if i < len(self.kinds) and self.kinds[i] == "sup":
            if i + 1 >= len(self.kinds):
                raise self.fail("A script is missing here.", i)
            first, last, after = script_range(self.tokens, i + 1)
            order: Term = yield self.within(first, last)
            if order.op != "num" or order.value.denominator != 1 or not 1 <= order.value <= 9:
                raise self.fail("A derivative of this order is not read.", first)
            return int(order.value), after
        return 1, i

    def root(self) -> Step[Term]:
        r"""``\sqrt x``, ``\sqrt[n]{x}``."""
        drawn = self.text() == "\u221a"
        self.i += 1
        degree: Term = num(2)
        if drawn:
            drawn_body: Term = yield self._under_sign()
            return power(drawn_body, quotient(num(1), degree))
        if self.text() == "[":
            close = self.match[self.i]
            degree = yield self.within(self.i + 1, close)
            self.i = close + 1
        if self.text() == "(":  # \sqrt(x)
            items: list[tuple[str, Term]] = yield self.content()
            if len(items) != 1:
                raise self.fail("A root is of one quantity.")
            body = items[0][1]
        else:
            body = yield self.argument()
        return power(body, quotient(num(1), degree))

    def _under_sign(self) -> Step[Term]:
        """What the root sign of plain text, which has no bar, stands before: a bracket, a number or a name."""
        kind, text = self.kind(), self.text()
        if text not in ("(", "{") and kind not in ("letter", "accent", "number"):
            raise self.unexpected()
        if text == "(":
            items: list[tuple[str, Term]] = yield self.content()
            if len(items) != 1:
                raise self.fail("A root is of one quantity.")
            value = items[0][1]
        elif text == "{":
            value = yield self.argument()
        else:
            value = yield self.factor()
        runs_on = self.kind() in _RUN_ON and not (self.integrals and self.at_differential())
        if self.kind() in ("sup", "factorial") or (text not in ("(", "{") and (value.op == "pow" or runs_on)):
            raise self.fail("How far this root reaches is not certain; write brackets.", self.i - 1)
        return value


def quotient(top: Term, bottom: Term) -> Term:
    """top / bottom; of two literal integers the number."""
    if top.op == bottom.op == "num" and bottom.value and top.value.denominator == bottom.value.denominator == 1:
        return num(top.value / bottom.value)
    return div(top, bottom)


def _slope(body: Term, variable: Term, order: int) -> Term:
    """The derivative of this order."""
    for _ in range(order):
        body = Term("diff", (body, variable))
    return body
