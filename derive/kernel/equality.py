r"""Deciding whether two terms are equal over a chart.

``True`` means: at every admissible point at which both sides are defined (as real numbers, with every
part of them defined) they are equal. It is said only where a point was found at which both are defined,
so that :math:`x/x = 1` is true, and nothing is said of :math:`\log(-1)`. Where a generic point leaves
just one side undefined (:math:`\log x^2` against :math:`2\log x` at -1), nothing is decided.

``False`` means: at the admissible point of the witness both sides are enclosed, and their balls do not
meet. Expectations, variances, limits and the like have no value at a point, so nothing is refuted
through them. A function or family that the chart declares without a definition is arbitrary: whoever
does not want equations between random variables to be refuted does not declare them as functions.

The order is: same term; balls at exact points; normal form; more points with more bits. Everything is
deterministic: points depend on the terms only, and the budget counts work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from flint import arb, fmpq

from derive.kernel.balls import content_seed, instances
from derive.kernel.chart import Chart
from derive.kernel.evaluate import Evaluator, Instance, precision
from derive.kernel.functions import BUILTIN, NotEnclosed, Number, as_arb, certainly_nonzero, certainly_zero
from derive.kernel.normal import NotNormal, same_normal_form
from derive.kernel.term import Term, walk

Method = Literal["structural", "balls", "normal form", "laws", "none"]


@dataclass(frozen=True)
class Budget:
    """How much work may be spent.

    ``instances`` points with ``bits`` bits come before the normal form and ``more_instances`` after it;
    ``more_bits`` are tried at one point. ``nodes`` bounds a single evaluation, ``total_nodes`` all of them,
    and ``monomials`` the length of every polynomial.
    """

    instances: int = 3
    more_instances: int = 6
    bits: int = 64
    more_bits: tuple[int, ...] = (256, 1000)
    nodes: int = 20_000
    total_nodes: int = 50_000
    monomials: int = 4_000


@dataclass(frozen=True)
class Witness:
    """An admissible point, by LaTeX spelling, and both sides there to a few digits."""

    point: Mapping[str, str]
    left: str
    right: str


@dataclass(frozen=True)
class Decision:
    """Whether two terms are equal (None: undecided), how that was found, and why, as a sentence."""

    verdict: bool | None
    method: Method
    why: str
    witness: Witness | None = None


DEFAULT: Final = Budget()
IDENTIFIED: Final = frozenset({"N", "Bernoulli", "Poisson", "Exponential"})
"""Families in which different parameters give different laws."""

MANY_NODES: Final = 2_000
SHOWN_FUNCTION_VALUES: Final = 6


def decide(left: Term, right: Term, chart: Chart, budget: Budget = DEFAULT) -> Decision:
    """Decide left = right over the chart; never raises on terms that are well formed."""
    try:
        left, right = chart.expand(left), chart.expand(right)
        if left == right:
            return Decision(True, "structural", "Both sides are the same term once definitions are expanded.")
        if left.op == "law" or right.op == "law":
            return _decide_laws(left, right, chart, budget)
        return _Question(left, right, chart, budget).answer()
    except ValueError as error:
        return Decision(None, "none", str(error))
    except RecursionError:
        return Decision(None, "none", "The terms are nested too deeply.")


@dataclass
class _Question:
    left: Term
    right: Term
    chart: Chart
    budget: Budget
    enclosed: int = 0
    exact: bool = True
    lopsided: str | None = None
    unsupported: str | None = None
    other: str | None = None
    spent: int = 0
    seen: list[Instance] = field(default_factory=list)

    def answer(self) -> Decision:
        try:
            found = self._first_points()
        except NotEnclosed as error:
            return _undecided(error.reason)
        if found is not None:
            return found
        if self.enclosed and self.exact and self._constant():
            return Decision(True, "balls", "Both sides are the same rational number.")
        if not self.seen:
            return _undecided("no point was found that satisfies the declared domains and conditions.")
        try:
            same = same_normal_form(self.left, self.right, self.chart, self.budget.monomials)
            why = "Both sides differ in normal form, and no point tells them apart."
        except NotNormal as error:
            same, why = False, f"There is no normal form: {error.reason}"
        if same and self._meaningful():
            return Decision(True, "normal form", "Both sides have the same normal form.")
        refuted = self._more()
        if refuted is not None:
            return refuted
        if same and self._meaningful():
            return Decision(True, "normal form", "Both sides have the same normal form.")
        if not self.enclosed:
            why = self.unsupported or self.other or why
        return _undecided(self.lopsided or why)

    def _constant(self) -> bool:
        """Whether nothing in the sides depends on the point: no symbols, only functions with a fixed meaning."""
        nodes = [n for side in (self.left, self.right) for n in walk(side)]
        if any(n.op not in ("num", "const", "add", "mul", "pow", "fn") for n in nodes):
            return False
        called = [(n.name, len(n.children)) for n in nodes if n.op == "fn"]
        return all(key in BUILTIN and key[0] not in self.chart.functions for key in called)

    def _points(self, number: int) -> list[Instance]:
        return list(instances(self.chart, (self.left, self.right), content_seed(self.left, self.right), number))

    def _first_points(self) -> Decision | None:
        integral = any(node.op == "int" for side in (self.left, self.right) for node in walk(side))
        for instance in self._points(1 if integral else self.budget.instances):
            if self.seen and self.spent > MANY_NODES:
                break
            self.seen.append(instance)
            found = self._compare(instance, self.budget.bits)
            if found is not None:
                return found
        return None

    def _meaningful(self) -> bool:
        """Whether both sides are known to be defined somewhere, and nowhere just one of them."""
        if self.lopsided is None and not self._defined() and self.unsupported is not None:
            for instance in self._points(self.budget.instances + self.budget.more_instances):
                self._compare(instance, self.budget.bits, stand_ins=True)
                if self._defined():
                    break
        return self.lopsided is None and self._defined()

    def _defined(self) -> bool:
        return self.enclosed > 0

    def _more(self) -> Decision | None:
        """More points, then more bits."""
        number = len(self.seen) + self.budget.more_instances
        bits = self.budget.more_bits[0] if self.budget.more_bits else self.budget.bits
        for instance in self._points(number)[len(self.seen) :]:
            if self.spent > self.budget.total_nodes:
                return None
            found = self._compare(instance, bits)
            if found is not None:
                return found
        for bits in () if self.exact else self.budget.more_bits:
            if self.spent > self.budget.total_nodes:
                return None
            found = self._compare(self.seen[0], bits)
            if found is not None:
                return found
        return None

    def _compare(self, instance: Instance, bits: int, stand_ins: bool = False) -> Decision | None:
        """A refutation at this point, or None; remembers what kept it from being one."""
        evaluator = Evaluator(instance, self.chart, self.budget.nodes, stand_ins)
        with precision(bits):
            values: list[Number | NotEnclosed] = []
            for side in (self.left, self.right):
                try:
                    values.append(evaluator.top_value(side))
                except NotEnclosed as error:
                    values.append(error)
            self.spent += self.budget.nodes - evaluator.work
            a, b = values
            if isinstance(a, NotEnclosed) or isinstance(b, NotEnclosed):
                self._remember(a, b, instance)
                return None
            difference = a - b
            if isinstance(difference, arb) and not difference.is_finite():
                self.exact = False
                return None
            self.enclosed += 1
            if stand_ins or not certainly_nonzero(difference):
                self.exact = self.exact and certainly_zero(difference)
                return None
            witness = _witness(instance, evaluator, a, b)
            return Decision(False, "balls", "Both sides are enclosed at a point, and differ there.", witness)

    def _remember(self, a: Number | NotEnclosed, b: Number | NotEnclosed, instance: Instance) -> None:
        for value, other in ((a, b), (b, a)):
            if not isinstance(value, NotEnclosed):
                continue
            if value.trouble == "unsupported":
                self.unsupported = self.unsupported or value.reason
                continue
            self.exact = self.exact and value.trouble != "precision"
            self.other = self.other or value.reason
            if value.trouble == "undefined" and not isinstance(other, NotEnclosed):
                where = ", ".join(f"{n} = {v}" for n, v in instance.values.items())
                where = f"at {where} " if where else ""
                self.lopsided = f"{where}one side is defined and the other is not: {value.reason}"


def _decide_laws(left: Term, right: Term, chart: Chart, budget: Budget) -> Decision:
    """Laws of one family are equal when their parameters are."""
    if left.op != right.op or left.name != right.name or len(left.children) != len(right.children):
        return _undecided("laws of different families are not compared.")
    pairs = list(zip(left.children, right.children, strict=True))
    parts = [decide(a, b, chart, budget) for a, b in pairs]
    if all(part.verdict for part in parts):
        return Decision(True, "laws", "Both laws are of one family, and their parameters are equal.")
    wrong = [pair for pair, part in zip(pairs, parts, strict=True) if part.verdict is False]
    if wrong and left.name in IDENTIFIED:
        return _refuted_law(left, right, wrong[0], chart, budget)
    return next((_undecided(part.why) for part in parts if part.verdict is None), _undecided("the laws may agree."))


def _refuted_law(left: Term, right: Term, wrong: tuple[Term, Term], chart: Chart, budget: Budget) -> Decision:
    """A point at which both laws exist and a parameter differs."""
    terms = (*left.children, *right.children)
    number = budget.instances + budget.more_instances
    for instance in instances(chart, terms, content_seed(left, right), number):
        evaluator = Evaluator(instance, chart, budget.nodes)
        with precision(budget.bits):
            try:
                values = [evaluator.top_value(t) for t in terms]
                a, b = map(evaluator.top_value, wrong)
            except NotEnclosed:
                continue
            positive = values[1::2] if left.name == "N" else values
            exist = all(v >= 0 for v in positive) and (left.name != "Bernoulli" or all(v <= 1 for v in positive))
            if exist and certainly_nonzero(a - b):
                why = "Both laws are of one family, and a parameter differs at a point."
                return Decision(False, "laws", why, _witness(instance, evaluator, a, b))
    return _undecided("the parameters differ, but at no point tried do both laws exist.")


def _undecided(reason: str) -> Decision:
    reason = reason[:1].upper() + reason[1:]
    return Decision(None, "none", reason if reason.endswith(".") else reason + ".")


def _witness(instance: Instance, evaluator: Evaluator, left: Number, right: Number) -> Witness:
    point = {name: str(value) for name, value in instance.values.items()}
    functions = evaluator.function_values()
    if len(functions) <= SHOWN_FUNCTION_VALUES:
        point |= functions
    for digits in (4, 8, 16):
        a, b = short(left, digits), short(right, digits)
        if a != b:
            break
    else:
        b = f"{a} + {short(right - left)}"
    return Witness(MappingProxyType(point), a, b)


def short(value: Number, digits: int = 4) -> str:
    """The value with a few significant digits; an integer in full where that is short."""
    if isinstance(value, fmpq) and value.q == 1 and abs(value.p) < 10**digits:
        return str(value.p)
    ball = as_arb(value)
    return str(arb(ball.mid()).str(digits, radius=False))
