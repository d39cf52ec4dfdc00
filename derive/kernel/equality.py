r"""Deciding whether two terms are equal over a chart.

``True`` means: at every admissible point at which both sides are defined (as real numbers, with every
part of them defined) they are equal, and there is such a point among those tried, unless the terms hold
something that has no numerical value here. So :math:`x/x = 1` is true, although the left side is
undefined at 0. Where a generic point leaves just one side undefined (:math:`\log x^2` against
:math:`2\log x` at -1), nothing is decided.

``False`` means: at the admissible point of the witness both sides are enclosed, and their balls do not
meet. Between random variables, expectations and laws nothing is refuted by such a point, because they
have no value there.

The order is: same term; balls at exact points; normal form; more points with more bits. Everything is
deterministic: points depend on the terms only, and the budget counts work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from flint import arb, fmpq

from derive.kernel.balls import Instance, content_seed, instances
from derive.kernel.chart import Chart
from derive.kernel.evaluate import evaluate, precision
from derive.kernel.functions import NotEnclosed, Number, as_arb, certainly_nonzero, certainly_zero
from derive.kernel.normal import NotNormal, same_normal_form
from derive.kernel.term import Term

Method = Literal["structural", "balls", "normal form", "laws", "none"]


@dataclass(frozen=True)
class Budget:
    """How much work may be spent: instances and bits of the first and of the last round, nodes, monomials."""

    instances: int = 3
    more_instances: int = 6
    bits: int = 64
    more_bits: tuple[int, ...] = (256, 1000)
    nodes: int = 20_000
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


def decide(left: Term, right: Term, chart: Chart, budget: Budget = DEFAULT) -> Decision:
    """Decide left = right over the chart; never raises on terms that are well formed."""
    try:
        left, right = chart.expand(left), chart.expand(right)
    except ValueError as error:
        return Decision(None, "none", str(error))
    if left == right:
        return Decision(True, "structural", "Both sides are the same term once definitions are expanded.")
    return _Question(left, right, chart, budget).answer()


@dataclass
class _Question:
    left: Term
    right: Term
    chart: Chart
    budget: Budget
    enclosed: int = 0
    lopsided: str | None = None
    unsupported: str | None = None
    other: str | None = None
    points: int = 0
    exact: bool = True
    seen: list[Instance] = field(default_factory=list)

    def answer(self) -> Decision:
        try:
            self.seen = list(
                instances(
                    self.chart, (self.left, self.right), content_seed(self.left, self.right), self.budget.instances
                )
            )
        except NotEnclosed as error:
            return Decision(None, "none", _sentence(error.reason))
        if not self.seen:
            return Decision(None, "none", "No point was found that satisfies the declared domains and conditions.")
        for instance in self.seen:
            found = self._compare(instance, self.budget.bits)
            if found is not None:
                return found
        return self._normal_form()

    def _normal_form(self) -> Decision:
        try:
            same = same_normal_form(self.left, self.right, self.chart, self.budget.monomials)
            why = "Both sides differ in normal form, and no point tells them apart."
        except NotNormal as error:
            same, why = False, _sentence(error.reason)
        if same and self.lopsided is None and (self.enclosed or self.unsupported is not None):
            return Decision(True, "normal form", "Both sides have the same normal form.")
        later = self._more()
        if later is not None:
            return later
        if self.lopsided is not None:
            why = self.lopsided
        elif not self.enclosed:
            why = self.unsupported or self.other or why
        elif same:
            return Decision(True, "normal form", "Both sides have the same normal form.")
        return Decision(None, "none", why)

    def _more(self) -> Decision | None:
        """More points, then more bits."""
        count = self.budget.instances + self.budget.more_instances
        seed = content_seed(self.left, self.right)
        for instance in list(instances(self.chart, (self.left, self.right), seed, count))[len(self.seen) :]:
            found = self._compare(instance, self.budget.more_bits[0] if self.budget.more_bits else self.budget.bits)
            if found is not None:
                return found
        if not self.exact:
            for bits in self.budget.more_bits:
                found = self._compare(self.seen[0], bits)
                if found is not None:
                    return found
        return None

    def _compare(self, instance: Instance, bits: int) -> Decision | None:
        """A refutation at this point, or None; remembers what kept it from being one."""
        with precision(bits):
            values: list[Number | NotEnclosed] = []
            for side in (self.left, self.right):
                try:
                    values.append(evaluate(side, instance, self.chart, self.budget.nodes))
                except NotEnclosed as error:
                    values.append(error)
            a, b = values
            if isinstance(a, NotEnclosed) or isinstance(b, NotEnclosed):
                self._remember(a, b, instance)
                return None
            self.enclosed += 1
            difference = a - b
            if not certainly_nonzero(difference):
                self.exact = self.exact and certainly_zero(difference)
                return None
            return Decision(
                False, "balls", "Both sides are enclosed at a point, and differ there.", _witness(instance, a, b)
            )

    def _remember(self, a: Number | NotEnclosed, b: Number | NotEnclosed, instance: Instance) -> None:
        for value, other in ((a, b), (b, a)):
            if isinstance(value, NotEnclosed):
                if value.trouble == "unsupported":
                    self.unsupported = self.unsupported or _sentence(value.reason)
                    continue
                self.exact = self.exact and value.trouble != "precision"
                self.other = self.other or _sentence(value.reason)
                if value.trouble == "undefined" and not isinstance(other, NotEnclosed):
                    where = ", ".join(f"{n} = {v}" for n, v in instance.values.items())
                    self.lopsided = f"At {where} one side is defined and the other is not: {value.reason}"


def _sentence(reason: str) -> str:
    reason = reason[:1].upper() + reason[1:]
    return reason if reason.endswith(".") else reason + "."


def _witness(instance: Instance, left: Number, right: Number) -> Witness:
    point = {name: str(value) for name, value in instance.values.items()}
    for digits in (4, 8, 16, 30):
        a, b = short(left, digits), short(right, digits)
        if a != b:
            break
    return Witness(MappingProxyType(point), a, b)


def short(value: Number, digits: int = 4) -> str:
    """The value with a few significant digits; an integer in full where that is short."""
    if isinstance(value, fmpq) and value.q == 1 and abs(value.p) < 10**digits:
        return str(value.p)
    ball = as_arb(value)
    return str(arb(ball.mid()).str(digits, radius=False))
