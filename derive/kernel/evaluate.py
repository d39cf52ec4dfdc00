r"""Rigorous enclosures of terms at exact rational points.

A term is evaluated with exact rational numbers for as long as it stays rational, and with arb balls
beyond that, so that what comes out always contains the true real value. Everything is real: a logarithm
or a fractional power of a negative number, a division by zero and :math:`0^0` are *undefined*.

An abstract function has, at an instance, values that depend on nothing but the seed of the instance, its
name and its exact arguments; a ``probability`` is normalised over the labels of the instance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import blake2b
from threading import RLock
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

import flint
from flint import arb, fmpq, fmpz

from derive.kernel.chart import Chart
from derive.kernel.differentiate import NotDifferentiable, derivative
from derive.kernel.term import Term, plain

MAX_EXACT_BITS: Final = 1 << 17
"""Rational numbers longer than this are rounded to balls."""

FLINT_LOCK: Final = RLock()
"""flint's precision belongs to the process, so whoever changes it holds this lock."""

Trouble = Literal["undefined", "precision", "unsupported"]


class NotEnclosed(Exception):
    """No enclosure: the value is undefined, needs more bits, or holds something that is not evaluated."""

    def __init__(self, reason: str, trouble: Trouble = "unsupported") -> None:
        super().__init__(reason)
        self.reason = reason
        self.trouble = trouble


@dataclass(frozen=True)
class Label:
    """A member of the finite set of an instance."""

    index: int


@dataclass(frozen=True)
class Instance:
    """An admissible point: exact values of symbols, distinct labels, and a seed for abstract functions.

    ``universe`` is the number of labels; every set that a sum runs over is the set of all of them.
    """

    values: Mapping[str, Fraction]
    labels: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    universe: int = 3
    seed: int = 0


Value: TypeAlias = fmpq | arb | Label
Number: TypeAlias = fmpq | arb
Environment: TypeAlias = dict[str, Value]

ZERO: Final = fmpq(0)
ONE: Final = fmpq(1)


def enclose(term: Term, instance: Instance, chart: Chart, bits: int = 64, work: int = 20_000) -> arb:
    """A ball that contains the value of the term at the instance, computed with ``bits`` bits.

    Raises NotEnclosed with the reason; ``work`` bounds the number of nodes that are visited.
    """
    with precision(bits):
        return as_arb(evaluate(chart.expand(term), instance, chart, work))


def precision(bits: int) -> AbstractContextManager[None]:
    """A block in which flint computes with this many bits, alone."""
    return _Precision(bits)


class _Precision(AbstractContextManager[None]):
    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._before = 53

    def __enter__(self) -> None:
        FLINT_LOCK.acquire()
        self._before = flint.ctx.prec
        flint.ctx.prec = self._bits

    def __exit__(self, *details: object) -> None:
        flint.ctx.prec = self._before
        FLINT_LOCK.release()


def evaluate(term: Term, instance: Instance, chart: Chart, work: int = 20_000) -> Number:
    """The value of a term without definitions: exact where it is a rational number, else a ball.

    Works at flint's present precision; raises NotEnclosed.
    """
    top: Environment = {n: fmpq(v.numerator, v.denominator) for n, v in instance.values.items()}
    top.update((n, Label(i)) for n, i in instance.labels.items())
    value = Evaluator(instance, chart, work).value(term, top)
    if isinstance(value, Label):
        raise NotEnclosed(f"'{plain(term)}' is a label, not a number.")
    return value


def as_arb(value: Number) -> arb:
    """The value as a ball."""
    return value if isinstance(value, arb) else arb(value)


def certainly_zero(value: Number) -> bool:
    """Whether the value is proved to be 0."""
    return value == 0 if isinstance(value, fmpq) else bool(value.is_zero())


def certainly_nonzero(value: Number) -> bool:
    """Whether the value is proved not to be 0."""
    return value != 0 if isinstance(value, fmpq) else not value.contains(0)


def table_value(seed: int, name: str, arguments: tuple[fmpq | Label, ...], sign: bool) -> fmpq:
    """The value of an abstract function: a short rational, positive unless ``sign``; never 0 or 1."""
    text = f"{seed}|{name}|" + ",".join(f"#{a.index}" if isinstance(a, Label) else str(a) for a in arguments)
    bits = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
    bottom = 2 + bits % 8
    bits //= 8
    top = 1 + bits % (3 * bottom)
    if top % bottom == 0:
        top += 1
    bits //= 64
    return fmpq(-top if sign and bits % 2 else top, bottom)


class Evaluator:
    """Values of terms at one instance."""

    def __init__(self, instance: Instance, chart: Chart, work: int) -> None:
        self.instance = instance
        self.chart = chart
        self.work = work
        self._memo: dict[Term, Value] = {}
        self._top: Environment | None = None
        self._derivatives: dict[Term, Term] = {}

    def value(self, node: Term, env: Environment) -> Value:
        """The value of any node."""
        self.work -= 1
        if self.work < 0:
            raise NotEnclosed("the budget for evaluating it is spent.")
        if self._top is None:
            self._top = env
        rule = _RULES.get(node.op)
        if rule is None:
            raise NotEnclosed(f"'{node.op}' has no numerical value here.")
        if env is self._top and node.op in _REMEMBERED:
            known = self._memo.get(node)
            if known is None:
                known = self._memo[node] = rule(self, node, env)
            return known
        return rule(self, node, env)

    def number(self, node: Term, env: Environment) -> Number:
        """The value of a node that must be a number."""
        value = self.value(node, env)
        if isinstance(value, Label):
            raise NotEnclosed(f"'{plain(node)}' is a label, not a number.")
        return value

    def integer(self, node: Term, env: Environment) -> int:
        """The value of a node that must be an exact integer, such as a limit of a sum."""
        value = self.number(node, env)
        if not isinstance(value, fmpq):
            raise NotEnclosed(f"'{plain(node)}' is not known to be an integer.")
        if value.q != 1:
            raise NotEnclosed(f"'{plain(node)}' is {value} there, not an integer.", "undefined")
        return int(value.p)

    # -- one method for each operator -----------------------------------------------------------
    def _num(self, node: Term, env: Environment) -> Value:
        value = node.value
        return fmpq(value.numerator, value.denominator)

    def _sym(self, node: Term, env: Environment) -> Value:
        found = env.get(node.name)
        if found is None:
            raise NotEnclosed(f"'{node.name}' has no value.")
        return found

    def _const(self, node: Term, env: Environment) -> Value:
        if node.name == "pi":
            return arb.pi()
        if node.name == "e":
            return arb.const_e()
        raise NotEnclosed("infinity is not a number.")

    def _add(self, node: Term, env: Environment) -> Value:
        total: Number = ZERO
        for child in node.children:
            total = total + self.number(child, env)
        return trim(total)

    def _mul(self, node: Term, env: Environment) -> Value:
        product: Number = ONE
        for child in node.children:
            product = product * self.number(child, env)
        return trim(product)

    def _pow(self, node: Term, env: Environment) -> Value:
        base, exponent = node.children
        return power(self.number(base, env), self.number(exponent, env))

    def _fn(self, node: Term, env: Environment) -> Value:
        name = node.name
        builtin = BUILTIN.get((name, len(node.children)))
        declared = self.chart.functions.get(name)
        if builtin is not None and declared is None:
            return trim(builtin(*(self.number(c, env) for c in node.children)))
        if declared is None and (self.chart.closed or not is_plain_family(name)):
            raise NotEnclosed(f"'{plain(node)}' has no value: '{name}' is no declared function.")
        arguments = tuple(self._exact(c, env, name) for c in node.children)
        if declared is None or declared.range == "real":
            return table_value(self.instance.seed, name, arguments, True)
        value = table_value(self.instance.seed, name, arguments, False)
        if declared.range == "positive" or not arguments:
            return value
        if not isinstance(arguments[0], Label):
            raise NotEnclosed(f"'{plain(node)}' is a probability over labels, and its first argument is none.")
        rest = arguments[1:]
        labels = range(self.instance.universe)
        return value / sum((table_value(self.instance.seed, name, (Label(i), *rest), False) for i in labels), ZERO)

    def _exact(self, node: Term, env: Environment, name: str) -> fmpq | Label:
        value = self.value(node, env)
        if isinstance(value, arb):
            raise NotEnclosed(f"the argument '{plain(node)}' of '{name}' is not a rational number.")
        return value

    def _range(self, node: Term, env: Environment) -> range:
        _, _, lower, upper = node.children
        first, last = self.integer(lower, env), self.integer(upper, env)
        if last - first > self.work:
            raise NotEnclosed(f"a sum or product has {last - first + 1} terms, more than the budget allows.")
        return range(first, last + 1)

    def _sum(self, node: Term, env: Environment) -> Value:
        body, variable = node.children[:2]
        inner, total = dict(env), ZERO
        for index in self._range(node, env):
            inner[variable.name] = fmpq(index)
            total = total + self.number(body, inner)
        return trim(total)

    def _prod(self, node: Term, env: Environment) -> Value:
        body, variable = node.children[:2]
        inner, product = dict(env), ONE
        for index in self._range(node, env):
            inner[variable.name] = fmpq(index)
            product = trim(product * self.number(body, inner))
        return product

    def _sumset(self, node: Term, env: Environment) -> Value:
        body, variable, members = node.children
        if members.op != "sym":
            raise NotEnclosed(f"the set '{plain(members)}' is not evaluated.")
        inner, total = dict(env), ZERO
        for index in range(self.instance.universe):
            inner[variable.name] = Label(index)
            total = total + self.number(body, inner)
        return trim(total)

    def _int(self, node: Term, env: Environment) -> Value:
        from derive.kernel.integrate import integral

        return integral(self, node, env)

    def _at(self, node: Term, env: Environment) -> Value:
        body, variable, value = node.children
        return self.value(body, {**env, variable.name: self.value(value, env)})

    def _diff(self, node: Term, env: Environment) -> Value:
        found = self._derivatives.get(node)
        if found is None:
            body, variable = node.children
            try:
                found = self.chart.expand(derivative(body, variable, self.chart))
            except NotDifferentiable as error:
                raise NotEnclosed(str(error)) from None
            if any(child == node for child in (found, *found.children)):
                raise NotEnclosed(f"the derivative '{plain(node)}' of an abstract function has no value.")
            self._derivatives[node] = found
        return self.value(found, env)


_REMEMBERED: Final = frozenset({"fn", "sum", "prod", "sumset", "int"})
_RULES: Final[Mapping[str, Callable[[Evaluator, Term, Environment], Value]]] = {
    "num": Evaluator._num,
    "sym": Evaluator._sym,
    "const": Evaluator._const,
    "add": Evaluator._add,
    "mul": Evaluator._mul,
    "pow": Evaluator._pow,
    "fn": Evaluator._fn,
    "sum": Evaluator._sum,
    "prod": Evaluator._prod,
    "sumset": Evaluator._sumset,
    "int": Evaluator._int,
    "at": Evaluator._at,
    "diff": Evaluator._diff,
}


def is_plain_family(name: str) -> bool:
    """Whether an undeclared function of an open chart may be taken for arbitrary: a small Latin letter."""
    return len(name) == 1 and name.isascii() and name.islower()


# -- real functions ---------------------------------------------------------------------------------
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


def _abs(x: Number) -> Number:
    return abs(x)


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
            return fmpq(fmpz.fac_ui(int(x.p)))
    return _gamma(x + 1)


def _gamma(x: Number) -> Number:
    if isinstance(x, fmpq) and x.q == 1:
        if x <= 0:
            raise NotEnclosed("the gamma function is undefined at this pole.", "undefined")
        if x <= 3000:
            return fmpq(fmpz.fac_ui(int(x.p) - 1))
    y = as_arb(x)
    if not y > 0 and y.contains_integer():
        raise NotEnclosed("an argument of the gamma function may be a pole.", "precision")
    return y.gamma()


def _binomial(n: Number, k: Number) -> Number:
    if not (isinstance(n, fmpq) and isinstance(k, fmpq) and n.q == 1 and k.q == 1 and 0 <= k and 0 <= n <= 3000):
        raise NotEnclosed("a binomial coefficient is evaluated for nonnegative integers only.")
    return fmpq(fmpz.bin_uiui(int(n.p), int(k.p)))


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
    ("abs", 1): _abs,
    ("sign", 1): _sign,
    ("max", 2): _maximum,
    ("max", 3): _maximum,
    ("min", 2): _minimum,
    ("min", 3): _minimum,
    ("factorial", 1): _factorial,
    ("Gamma", 1): _gamma,
    ("binomial", 2): _binomial,
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
