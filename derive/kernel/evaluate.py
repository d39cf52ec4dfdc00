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
from typing import Final, TypeAlias

import flint
from flint import arb, fmpq

from derive.kernel.chart import Chart, Function
from derive.kernel.differentiate import NotDifferentiable, derivative
from derive.kernel.functions import BUILTIN, ONE, ZERO, NotEnclosed, Number, absolute, as_arb, power, trim
from derive.kernel.term import BINDERS, Term, hidden_in, plain

__all__ = ["BUILTIN", "Evaluator", "Instance", "Label", "NotEnclosed", "enclose", "evaluate", "precision"]

FLINT_LOCK: Final = RLock()
"""flint's precision belongs to the process, so whoever changes it holds this lock."""


@dataclass(frozen=True)
class Label:
    """A member of the finite set of an instance."""

    index: int


@dataclass(frozen=True)
class Instance:
    """An admissible point: exact values of symbols, distinct labels, and a seed for abstract functions.

    ``universe`` is the number of labels; the set that sums run over is the set of all of them. It is 0
    where sums run over several sets, whose relation to each other is not declared; they have no value then.
    """

    values: Mapping[str, Fraction]
    labels: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    universe: int = 3
    seed: int = 0


Value: TypeAlias = fmpq | arb | Label
Environment: TypeAlias = dict[str, Value]


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
    return Evaluator(instance, chart, work).top_value(term)


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
    """Values of terms at one instance.

    With ``stand_ins`` whatever has no value here (a variance, a limit, ...) stands for some positive number,
    the same wherever it is written in the same way. Such values say whether the rest is defined, no more.
    """

    def __init__(self, instance: Instance, chart: Chart, work: int, stand_ins: bool = False) -> None:
        self.instance = instance
        self.chart = chart
        self.work = work
        self.stand_ins = stand_ins
        self._memo: dict[Term, Value] = {}
        self._top: Environment | None = None
        self._derivatives: dict[Term, Term] = {}
        self._tables: dict[tuple[object, ...], fmpq] = {}

    def top_value(self, term: Term) -> Number:
        """The value of a term at the instance; NotEnclosed where it is not a number."""
        if self._top is None:
            self._top = {n: fmpq(v.numerator, v.denominator) for n, v in self.instance.values.items()}
            self._top.update((n, Label(i)) for n, i in self.instance.labels.items())
        return self.number(term, self._top)

    def function_values(self) -> dict[str, str]:
        """The values of abstract functions that were used, as text."""
        names = {i: n for n, i in self.instance.labels.items()}
        found: dict[str, str] = {}
        for name, *arguments in list(self._tables):
            if isinstance(name, str) and not (arguments and isinstance(arguments[0], str)):
                told = [names.get(a.index, f"label {a.index}") if isinstance(a, Label) else str(a) for a in arguments]
                value = self._tables[(name, *arguments)]
                declared = self.chart.functions.get(name)
                if declared is not None and declared.range == "probability" and arguments:
                    value = value / self._tables[("total", name, *arguments[1:])]
                found[f"{name}({', '.join(told)})"] = str(value)
        return found

    def value(self, node: Term, env: Environment) -> Value:
        """The value of any node."""
        self.work -= 1
        if self.work < 0:
            raise NotEnclosed("the budget for evaluating it is spent.")
        if self._top is None:
            self._top = env
        if not self.stand_ins:
            return self._value(node, env)
        try:
            return self._value(node, env)
        except NotEnclosed as error:
            if error.trouble != "unsupported" or self.work < 0:
                raise
            return table_value(self.instance.seed, plain(node), (), False)

    def _value(self, node: Term, env: Environment) -> Value:
        rule = _RULES.get(node.op)
        if rule is None:
            raise NotEnclosed(f"'{plain(node)}' has no numerical value here.")
        if node.op in BINDERS and hidden_in(node.children[1].name, node.children[0]):
            raise NotEnclosed(f"a function in '{plain(node)}' is named after '{node.children[1].name}'.")
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
        outer = self.number(exponent, env)
        if base.op == "pow" and isinstance(outer, fmpq) and outer > 0 and outer.q > 1:
            inner = self.number(base.children[1], env)
            if isinstance(inner, fmpq) and inner > 0 and inner.q == 1 and inner.p % 2 == 0:
                return power(absolute(self.number(base.children[0], env)), inner * outer)  # real for any sign
        return power(self.number(base, env), outer)

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
            return self._table(name, arguments, True)
        if declared.range in ("label", "permutation"):
            return self._listed(name, declared, arguments, env)
        value = self._table(name, arguments, False)
        if declared.range == "positive" or not arguments:
            return value
        if not isinstance(arguments[0], Label):
            raise NotEnclosed(f"'{plain(node)}' is a probability over labels, and its first argument is none.")
        return value / self._mass(name, arguments[1:])

    def _listed(self, name: str, declared: Function, arguments: tuple[fmpq | Label, ...], env: Environment) -> Value:
        """A label by number, all different as far as there are enough; or the value of a permutation."""
        [place] = arguments if len(arguments) == 1 else (None,)
        if not isinstance(place, fmpq) or place.q != 1:
            raise NotEnclosed(f"'{name}' is not applied to one integer.")
        first = int(table_value(self.instance.seed, name, (), False).p)
        if declared.range == "label":
            if not self.instance.universe:
                raise NotEnclosed(f"the set that '{name}' lists members of is not declared.")
            return Label((int(place.p) + first) % self.instance.universe)
        domain = self.chart.domains.get(declared.parameters[0])
        if domain is None or domain.lower is None or domain.upper is None:
            raise NotEnclosed(f"what '{name}' permutes is not declared: its parameter has no bounds.")
        known = self._top if self._top is not None else env
        low = self.integer(self.chart.expand(domain.lower.value), known)
        size = self.integer(self.chart.expand(domain.upper.value), known) - low + 1
        if not 0 <= int(place.p) - low < size:
            raise NotEnclosed(f"'{name}' is defined between the bounds of its parameter only.", "undefined")
        # A rotation after a reflection: no fixed order, and never the identity where there are three or more.
        return fmpq(low + (first - (int(place.p) - low)) % size)

    def _table(self, name: str, arguments: tuple[fmpq | Label, ...], sign: bool) -> fmpq:
        key = (name, *arguments)
        found = self._tables.get(key)
        if found is None:
            found = self._tables[key] = table_value(self.instance.seed, name, arguments, sign)
        return found

    def _mass(self, name: str, rest: tuple[fmpq | Label, ...]) -> fmpq:
        """What the values of a probability are divided by, so that they add up to 1."""
        if not self.instance.universe:
            raise NotEnclosed(f"the set over which '{name}' adds up to 1 is not declared.")
        key = ("total", name, *rest)
        found = self._tables.get(key)
        if found is None:
            found = ZERO
            for i in range(self.instance.universe):
                found += self._table(name, (Label(i), *rest), False)
            self._tables[key] = found
        return found

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
        inner = dict(env)
        total: Number = ZERO
        for index in self._range(node, env):
            inner[variable.name] = fmpq(index)
            total = total + self.number(body, inner)
        return trim(total)

    def _prod(self, node: Term, env: Environment) -> Value:
        body, variable = node.children[:2]
        inner = dict(env)
        product: Number = ONE
        for index in self._range(node, env):
            inner[variable.name] = fmpq(index)
            product = trim(product * self.number(body, inner))
        return product

    def _sumset(self, node: Term, env: Environment) -> Value:
        body, variable, members = node.children
        if members.op != "sym" or not self.instance.universe:
            raise NotEnclosed(f"the set '{plain(members)}' is not evaluated.")
        inner = dict(env)
        total: Number = ZERO
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
