r"""Real functions on exact rational numbers and balls.

A result is exact where that costs nothing, else a ball that contains the true value. Where a function is
undefined or complex, or a ball is too wide to tell, NotEnclosed is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

from flint import arb, fmpq, fmpz

MAX_EXACT_BITS: Final = 1 << 17
"""Rational numbers longer than this are rounded to balls."""

Trouble = Literal["undefined", "precision", "unsupported"]
Number: TypeAlias = fmpq | arb

ZERO: Final = fmpq(0)
ONE: Final = fmpq(1)


class NotEnclosed(Exception):
    """No enclosure: the value is undefined, needs more bits, or holds something that is not evaluated."""

    def __init__(self, reason: str, trouble: Trouble = "unsupported") -> None:
        super().__init__(reason)
        self.reason = reason
        self.trouble = trouble


def as_arb(value: Number) -> arb:
    """The value as a ball."""
    return value if isinstance(value, arb) else arb(value)


def certainly_zero(value: Number) -> bool:
    """Whether the value is proved to be 0."""
    return value == 0 if isinstance(value, fmpq) else bool(value.is_zero())


def certainly_nonzero(value: Number) -> bool:
    """Whether the value is proved not to be 0."""
    return value != 0 if isinstance(value, fmpq) else not value.contains(0)


def trim(value: Number) -> Number:
    """The value, rounded to a ball where it is a very long fraction."""
    if isinstance(value, fmpq) and max(value.p.bit_length(), value.q.bit_length()) > MAX_EXACT_BITS:
        return arb(value)
    return value


def power(base: Number, exponent: Number) -> Number:
    """base ** exponent for real numbers; NotEnclosed where that is undefined or not certain."""
    if isinstance(exponent, fmpq):
        if exponent.q == 1:
            return _integer_power(base, int(exponent.p))
        if isinstance(base, fmpq) and base > 0:
            root = _exact_root(base, int(exponent.q))
            if root is not None:
                return _integer_power(root, int(exponent.p))
    if certainly_zero(base) and exponent > 0:
        return ZERO
    if isinstance(exponent, arb) and base < 0 and exponent.contains_integer():
        raise NotEnclosed("an exponent is not certain to be, or not to be, an integer.", "precision")
    _require_positive(base, "a power with this base", strict=not (exponent > 0))
    if isinstance(exponent, fmpq) and exponent == fmpq(1, 2):
        return as_arb(base).sqrt()
    return as_arb(base) ** as_arb(exponent)


def _integer_power(base: Number, exponent: int) -> Number:
    if exponent <= 0 and not certainly_nonzero(base):
        if certainly_zero(base):
            raise NotEnclosed("0 is divided by, or raised to the power 0.", "undefined")
        raise NotEnclosed("a divisor is not certain to differ from 0.", "precision")
    if isinstance(base, fmpq):
        length = max(base.p.bit_length(), base.q.bit_length())
        if length > 1 and length * abs(exponent) > MAX_EXACT_BITS:
            return arb(base) ** fmpz(exponent)
        return base**exponent
    return base ** fmpz(exponent)


def _exact_root(base: fmpq, degree: int) -> fmpq | None:
    if degree > 64 or max(base.p.bit_length(), base.q.bit_length()) > 4096:
        return None
    top, bottom = base.p.root(degree), base.q.root(degree)
    root = fmpq(top, bottom)
    return root if root**degree == base else None


def _require_positive(value: Number, what: str, strict: bool = True) -> None:
    if value > 0 or (not strict and value >= 0):
        return
    if value < 0 or (strict and value <= 0):
        raise NotEnclosed(f"{what} is not real: it is not positive there.", "undefined")
    raise NotEnclosed(f"{what} is not certain to be positive.", "precision")


def _log(x: Number) -> Number:
    if isinstance(x, fmpq) and x == 1:
        return ZERO
    _require_positive(x, "the logarithm of an argument")
    if isinstance(x, fmpq):
        return as_arb(x).log() if min(x.p.bit_length(), x.q.bit_length()) < 64 else arb(x.p).log() - arb(x.q).log()
    return x.log()


def _exp(x: Number) -> Number:
    if isinstance(x, fmpq) and x == 0:
        return ONE
    return as_arb(x).exp()


def _logistic(x: Number) -> Number:
    if isinstance(x, fmpq) and x == 0:
        return fmpq(1, 2)
    y = as_arb(x)
    return (1 + (-y).exp()) ** -1 if not (y < 0) else y.exp() / (1 + y.exp())


def absolute(x: Number) -> Number:
    """The absolute value."""
    return -x if x < 0 else x if x >= 0 else as_arb(abs(as_arb(x)))


def _sign(x: Number) -> Number:
    if x > 0:
        return ONE
    if x < 0:
        return -ONE
    if certainly_zero(x):
        return ZERO
    raise NotEnclosed("the sign of an argument is not certain.", "precision")


def _maximum(*xs: Number) -> Number:
    best = xs[0]
    for x in xs[1:]:
        best = max(best, x) if isinstance(best, fmpq) and isinstance(x, fmpq) else as_arb(best).max(as_arb(x))
    return best


def _minimum(*xs: Number) -> Number:
    return -_maximum(*(-x for x in xs))


def _factorial(x: Number) -> Number:
    if isinstance(x, fmpq) and x.q == 1:
        if x < 0:
            raise NotEnclosed("the factorial of a negative integer is undefined.", "undefined")
        if x <= 3000:
            return fmpq(fmpz.fac_ui(x.p))
    return _gamma(x + 1)


def _gamma(x: Number) -> Number:
    if isinstance(x, fmpq) and x.q == 1:
        if x <= 0:
            raise NotEnclosed("the gamma function is undefined at this pole.", "undefined")
        if x <= 3000:
            return fmpq(fmpz.fac_ui(x.p - 1))
    y = as_arb(x)
    if not y > 0 and y.contains_integer():
        raise NotEnclosed("an argument of the gamma function may be a pole.", "precision")
    return y.gamma()


def _binomial(n: Number, k: Number) -> Number:
    if not (isinstance(n, fmpq) and isinstance(k, fmpq) and n.q == 1 and k.q == 1 and k >= 0 and 0 <= n <= 3000):
        raise NotEnclosed("a binomial coefficient is evaluated for nonnegative integers only.")
    return fmpq(fmpz.bin_uiui(int(n.p), int(k.p)))


def _floor(x: Number) -> Number:
    if isinstance(x, fmpq):
        return fmpq(x.p // x.q)
    whole = x.floor().unique_fmpz()
    if whole is None:
        raise NotEnclosed("the integer part of an argument is not certain.", "precision")
    return fmpq(whole)


def _remainder(x: Number, modulus: Number) -> Number:
    if not modulus > 0:
        raise NotEnclosed("a remainder is evaluated for a positive modulus only.")
    return x - modulus * _floor(x / modulus)


def _common(x: Number, y: Number) -> tuple[fmpz, fmpz]:
    if not (isinstance(x, fmpq) and isinstance(y, fmpq) and x.q == 1 and y.q == 1):
        raise NotEnclosed("common divisors and multiples are evaluated for integers only.")
    return x.p, y.p


def _quotient(top: str, bottom: str) -> Callable[[Number], Number]:
    def apply(x: Number) -> Number:
        y = as_arb(x)
        divisor = getattr(y, bottom)()
        if divisor.contains(0):
            raise NotEnclosed("an argument of a trigonometric function may be a pole.", "precision")
        value = getattr(y, top)() / divisor if top else 1 / divisor
        if not isinstance(value, arb):
            raise NotEnclosed("a trigonometric function gave no real number.")
        return value

    return apply


def _tan(x: Number) -> Number:
    y = as_arb(x)
    if y.cos().contains(0):
        raise NotEnclosed("an argument of the tangent may be a pole.", "precision")
    return y.tan()


def _artanh(x: Number) -> Number:
    _require_positive(1 - x * x, "the inverse hyperbolic tangent of an argument")
    return as_arb(x).atanh()


def _arcsine(name: str) -> Callable[[Number], Number]:
    def apply(x: Number) -> Number:
        _require_positive(1 - x * x, f"the function {name} of an argument", strict=False)
        return as_arb(x).asin() if name == "arcsin" else as_arb(x).acos()

    return apply


def _entire(name: str) -> Callable[[Number], Number]:
    def apply(x: Number) -> Number:
        value = getattr(as_arb(x), name)()
        if not isinstance(value, arb):
            raise NotEnclosed(f"{name} gave no real number.")
        return value

    return apply


BUILTIN: Final[Mapping[tuple[str, int], Callable[..., Number]]] = {
    ("log", 1): _log,
    ("exp", 1): _exp,
    ("logistic", 1): _logistic,
    ("abs", 1): absolute,
    ("sign", 1): _sign,
    ("max", 2): _maximum,
    ("max", 3): _maximum,
    ("min", 2): _minimum,
    ("min", 3): _minimum,
    ("factorial", 1): _factorial,
    ("Gamma", 1): _gamma,
    ("binomial", 2): _binomial,
    ("floor", 1): _floor,
    ("ceil", 1): lambda x: -_floor(-x),
    ("mod", 2): _remainder,
    ("gcd", 2): lambda x, y: fmpq(_common(x, y)[0].gcd(_common(x, y)[1])),
    ("lcm", 2): lambda x, y: fmpq(_common(x, y)[0].lcm(_common(x, y)[1])),
    ("cot", 1): _quotient("cos", "sin"),
    ("sec", 1): _quotient("", "cos"),
    ("csc", 1): _quotient("", "sin"),
    ("sin", 1): _entire("sin"),
    ("cos", 1): _entire("cos"),
    ("tan", 1): _tan,
    ("sinh", 1): _entire("sinh"),
    ("cosh", 1): _entire("cosh"),
    ("tanh", 1): _entire("tanh"),
    ("arctan", 1): _entire("atan"),
    ("arsinh", 1): _entire("asinh"),
    ("artanh", 1): _artanh,
    ("arcsin", 1): _arcsine("arcsin"),
    ("arccos", 1): _arcsine("arccos"),
    ("erf", 1): _entire("erf"),
    ("erfc", 1): _entire("erfc"),
}
"""What a function of this name and number of arguments means, unless the chart declares it."""
