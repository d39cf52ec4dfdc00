"""Complex numbers: an undeclared ``i`` is the imaginary unit.

Equality is proved by polynomials modulo i² + 1; a ball around the difference that excludes 0 refutes it, powers and
logarithms on their principal branches.
"""

from __future__ import annotations

from typing import Final

from flint import acb, arb, fmpq

from derive.kernel.evaluate import precision
from derive.kernel.term import Term, add, free_symbols, neg
from grading.judge.open.consequence import vanishes
from grading.judge.scalar import Outcome
from grading.result import Counterexample

IMAGINARY: Final = "i"
BITS: Final = 192
_FUNCTIONS: Final = {"exp": acb.exp, "log": acb.log, "sin": acb.sin, "cos": acb.cos, "tan": acb.tan}


class NotComplex(Exception):
    """The term has no complex value here."""


def equal_complex(left: Term, right: Term) -> Outcome:
    """Whether two terms in the imaginary unit are equal."""
    difference = add(left, neg(right))
    if vanishes(difference, imaginary=True):
        return Outcome("proved", "normal form", "both sides agree because $i^2 = -1$")
    if free_symbols(difference) - {IMAGINARY}:
        return Outcome("undecided", "none", "complex expressions in symbols are not refuted")
    try:
        with precision(BITS):
            one, other = value(left), value(right)
            if not (one - other).contains(acb(0)):
                shown = Counterexample({}, _shown(one), _shown(other))
                return Outcome("refuted", "balls", "the two sides are different complex numbers", shown)
    except NotComplex as error:
        return Outcome("undecided", "none", str(error))
    return Outcome("undecided", "none", "the two sides agree to many digits; no proof was found")


def value(term: Term) -> acb:
    """An enclosure at flint's precision; NotComplex where there is none."""
    if term.op == "num":
        return acb(fmpq(term.value.numerator, term.value.denominator))
    if term.op == "sym" and term.name == IMAGINARY:
        return acb(0, 1)
    if term.op == "const" and term.name in ("pi", "e"):
        return acb(arb.pi() if term.name == "pi" else arb.const_e())
    if term.op == "add":
        total = acb(0)
        for child in term.children:
            total += value(child)
        return total
    if term.op == "mul":
        product = acb(1)
        for child in term.children:
            product *= value(child)
        return product
    if term.op == "pow":
        base, exponent = map(value, term.children)
        times = term.children[1].value if term.children[1].op == "num" else None
        if times is not None and times.denominator == 1 and times > 0:
            return base ** int(times)
        if base.contains(acb(0)):
            raise NotComplex("a power of 0 is not evaluated")
        return base**exponent
    if term.op == "fn" and term.name in _FUNCTIONS and len(term.children) == 1:
        result = _FUNCTIONS[term.name](value(term.children[0]))
        if not result.is_finite():
            raise NotComplex("a function has no value there")
        return result
    raise NotComplex("one of the sides has no complex value")


def _shown(number: acb) -> str:
    real, imag = (str(arb(p.mid()).str(4, radius=False)) for p in (number.real, number.imag))
    return f"{real} + {imag}i"
