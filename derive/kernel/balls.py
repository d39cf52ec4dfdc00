r"""Instances: exact admissible points of a chart, at which terms are enclosed.

An instance gives every symbol a short rational (integers stay small, so that sums and products can be
added up), every label a different member of a finite set, and every abstract function a table of values.
It is handed out only when the bounds and conditions of the chart are verified at it; where that cannot
be done, there is no instance. Instances depend on the seed and on nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from fractions import Fraction
from hashlib import blake2b
from types import MappingProxyType
from typing import Final

from flint import arb, fmpq

from derive.kernel.chart import Bound, Chart, Condition, Domain
from derive.kernel.evaluate import Instance, enclose, evaluate, precision
from derive.kernel.functions import NotEnclosed, Number, as_arb
from derive.kernel.term import BINDERS, Term, free_symbols, plain

__all__ = ["Instance", "NotEnclosed", "content_seed", "enclose", "instances", "scalar_symbols"]

BITS: Final = 96
ATTEMPTS: Final = 60
"""Points that are tried for each instance that is asked for."""
SMALL_ATTEMPTS: Final = 12
"""How many of them are made of small numbers only."""

SHORT: Final = tuple(
    Fraction(*p)
    for p in ((2, 3), (3, 2), (1, 4), (5, 4), (2, 5), (7, 4), (3, 5), (5, 2), (3, 4), (1, 3), (7, 3), (4, 5))
)
WIDE: Final = tuple(
    Fraction(*p)
    for p in ((1, 20), (17, 2), (1, 7), (31, 3), (3, 50), (25, 4), (2, 9), (40, 3), (7, 8), (9, 5), (13, 6))
)
INSIDE: Final = tuple(
    Fraction(*p) for p in ((2, 5), (2, 3), (1, 4), (3, 5), (1, 3), (3, 4), (1, 7), (6, 7), (1, 40), (39, 40), (1, 2))
)


class _Stream:
    """A deterministic stream of small integers (splitmix64)."""

    def __init__(self, seed: int) -> None:
        self._state = seed & 0xFFFFFFFFFFFFFFFF

    def below(self, bound: int) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return (z ^ (z >> 31)) % bound


def content_seed(*terms: Term) -> int:
    """A seed that depends on what the terms say, the same in every process."""
    return int.from_bytes(blake2b("\n".join(map(plain, terms)).encode(), digest_size=8).digest(), "big")


def scalar_symbols(root: Term) -> frozenset[str]:
    """The free symbols of a term, without the sets that its sums run over."""
    if root.op == "sym":
        return frozenset({root.name})
    if root.op in BINDERS:
        body, variable, *rest = root.children
        inner = scalar_symbols(body) - {variable.name}
        for limit in rest:
            if root.op != "sumset" or limit.op != "sym":
                inner |= scalar_symbols(limit)
        return inner
    if root.op == "E":
        return free_symbols(root)
    found: frozenset[str] = frozenset()
    for child in root.children:
        found |= scalar_symbols(child)
    return found


def instances(chart: Chart, terms: Sequence[Term], seed: int = 0, limit: int = 8) -> Iterator[Instance]:
    """At most ``limit`` admissible points for these terms; the first are the most readable.

    Raises NotEnclosed where a closed chart does not declare a symbol. Yields nothing where no admissible
    point was found.
    """
    plan = _Plan(chart, terms)
    for number in range(limit):
        for attempt in range(ATTEMPTS if plan.restricted else 1):
            stream = _Stream(seed * 0x2545F491 + number * 1009 + attempt * 31)
            model = seed + number + attempt * 0x9E3779B1
            point = plan.point(stream, number, attempt, model)
            if point is not None:
                values, labels, universe = point
                yield Instance(MappingProxyType(values), MappingProxyType(labels), universe, model)
                break
        else:
            if number == 0:
                return


class _Plan:
    """What to draw for some terms over a chart, in which order, and what to verify."""

    def __init__(self, chart: Chart, terms: Sequence[Term]) -> None:
        self.chart = chart
        self.universe, self.seed = 3, 0
        terms = [chart.expand(t) for t in terms]
        self.conditions = tuple(
            Condition(c.order, chart.expand(c.left), chart.expand(c.right)) for c in chart.conditions
        )
        self.bounds: dict[str, tuple[Bound | None, Bound | None]] = {}
        needed = frozenset().union(*map(scalar_symbols, terms))
        for c in self.conditions:
            needed |= scalar_symbols(c.left) | scalar_symbols(c.right)
        for name in [n for n in chart.definitions if n in chart.domains]:
            needed |= scalar_symbols(chart.expand(chart.definitions[name]))
        names = self._close(needed)
        self.beside = self._beside(names)
        undeclared = sorted(n for n in names if n not in chart.domains)
        if undeclared and chart.closed:
            listed = ", ".join(f"'{n}'" for n in undeclared)
            raise NotEnclosed(f"{listed} is not declared; declare its domain.")
        self.sets = {plain(n.children[2]) for t in terms for n in _sumsets(t)}
        ordered = [n for n in chart.domains if n in names and n not in chart.definitions] + undeclared
        self.labels = [n for n in ordered if self._domain(n).kind == "label"]
        self.scalars = [n for n in ordered if self._domain(n).kind != "label"]
        self.defined = [n for n in chart.definitions if chart.domains.get(n, _REAL) != _REAL]
        self.solved = self._solved()
        self.restricted = bool(self.conditions or self.defined) or any(b != (None, None) for b in self.bounds.values())

    def _domain(self, name: str) -> Domain:
        return self.chart.domains.get(name, _REAL)

    def _close(self, needed: frozenset[str]) -> frozenset[str]:
        """The needed symbols with those that their bounds mention; records the expanded bounds."""
        todo = sorted(needed | {n for n in self.chart.definitions if n in self.chart.domains})
        names = set(needed)
        while todo:
            name = todo.pop()
            domain = self.chart.domains.get(name)
            if domain is None or name in self.bounds:
                continue
            expanded = tuple(
                None if b is None else Bound(self.chart.expand(b.value), b.strict) for b in (domain.lower, domain.upper)
            )
            self.bounds[name] = (expanded[0], expanded[1])
            for bound in expanded:
                if bound is not None:
                    more = scalar_symbols(bound.value)
                    todo.extend(sorted(more - names))
                    names |= more
        return frozenset(names)

    def _beside(self, names: frozenset[str]) -> list[str]:
        """Other symbols between two bounds: where there is no room for them, the point is not admissible."""
        found: set[str] = set()
        for name, domain in self.chart.domains.items():
            if domain.lower is not None and domain.upper is not None and name not in self.chart.definitions:
                found |= self._close(frozenset({name}))
        return [n for n in self.chart.domains if n in found - names and n not in self.chart.definitions]

    def _solved(self) -> dict[str, list[Condition]]:
        """For the last real symbol of each equation, the equations that are solved for it."""
        found: dict[str, list[Condition]] = {}
        for c in self.conditions:
            if c.order == "=":
                inside = scalar_symbols(c.left) | scalar_symbols(c.right)
                candidates = [
                    n for n in self.scalars if n in inside and n not in found and self._domain(n).kind == "real"
                ]
                if candidates:
                    found[candidates[-1]] = [c]
        return found

    def point(
        self, stream: _Stream, number: int, attempt: int, seed: int
    ) -> tuple[dict[str, Fraction], dict[str, int], int] | None:
        """Values, labels and number of labels, or None where this draw is not admissible."""
        universe = max(3, len(self.labels)) + (stream.below(2) if number else 0)
        members = list(range(universe))
        if len(self.sets) > 1:
            universe = 0
        # Bounds and conditions are verified in the very model that is handed out.
        self.universe, self.seed = universe, seed
        labels = {name: members.pop(stream.below(len(members))) for name in self.labels}
        values: dict[str, Fraction] = {}
        with precision(BITS):
            try:
                for name in self.scalars:
                    if name not in self.solved:
                        values[name] = self._draw(name, values, labels, stream, number, attempt)
                for name in self.scalars:
                    if name in self.solved:
                        values[name] = self._solve(name, values, labels)
                for name in self.beside:
                    values[name] = self._draw(name, values, labels, stream, number, attempt)
                admissible = self._admissible(values, labels)
            except (NotEnclosed, _NoValue):
                return None
        return ({n: values[n] for n in self.scalars}, labels, universe) if admissible else None

    def _value(self, term: Term, values: Mapping[str, Fraction], labels: Mapping[str, int]) -> Number:
        return evaluate(term, Instance(values, labels, self.universe, self.seed), self.chart)

    def _draw(
        self,
        name: str,
        values: dict[str, Fraction],
        labels: dict[str, int],
        stream: _Stream,
        number: int,
        attempt: int,
    ) -> Fraction:
        lower, upper = self.bounds.get(name, (None, None))
        low = None if lower is None else self._value(lower.value, values, labels)
        high = None if upper is None else self._value(upper.value, values, labels)
        for bound, below in self._stated(name, values.keys() | labels.keys()):
            edge = self._value(bound.value, values, labels)
            if below and (low is None or edge >= low):
                low, lower = edge, bound
            elif not below and (high is None or edge <= high):
                high, upper = edge, bound
        if self._domain(name).kind == "integer":
            return _integer(low, high, lower, upper, stream, number)
        taken = set(values.values())
        for _ in range(6):
            value = _real(low, high, stream, number, 0 if attempt < SMALL_ATTEMPTS else 5)
            if value not in taken:
                break
        return value

    def _stated(self, name: str, known: Set[str]) -> Iterator[tuple[Bound, bool]]:
        """Bounds of a symbol that conditions state in terms of known ones; True for a lower bound."""
        for c in self.conditions:
            if c.order in ("<", "<="):
                for side, other, below in ((c.right, c.left, True), (c.left, c.right, False)):
                    if side.op == "sym" and side.name == name and scalar_symbols(other) <= known:
                        yield Bound(other, c.order == "<"), below

    def _solve(self, name: str, values: dict[str, Fraction], labels: dict[str, int]) -> Fraction:
        """The root of a condition that is affine in the symbol; verified with the other conditions later."""
        (condition,) = self.solved[name]

        def gap(x: int) -> fmpq:
            point = {**values, name: Fraction(x)}
            difference = self._value(condition.left, point, labels) - self._value(condition.right, point, labels)
            if isinstance(difference, arb):
                raise _NoValue
            return difference

        try:
            at_one, at_two = gap(1), gap(2)
        except NotEnclosed:
            at_one, at_two = gap(3), gap(4)
            start = 3
        else:
            start = 1
        if at_one == at_two:
            raise _NoValue
        root = start - at_one / (at_two - at_one)
        return Fraction(int(root.p), int(root.q))

    def _admissible(self, values: Mapping[str, Fraction], labels: Mapping[str, int]) -> bool:
        for name in (*self.scalars, *self.beside, *self.defined):
            lower, upper = self.bounds.get(name, (None, None))
            if name in values:
                value: Number = fmpq(values[name].numerator, values[name].denominator)
            else:
                value = self._value(self.chart.expand(self.chart.definitions[name]), values, labels)
            if self._domain(name).kind == "integer" and not (isinstance(value, fmpq) and value.q == 1):
                return False
            if lower is not None and not _holds(
                "<" if lower.strict else "<=", self._value(lower.value, values, labels), value
            ):
                return False
            if upper is not None and not _holds(
                "<" if upper.strict else "<=", value, self._value(upper.value, values, labels)
            ):
                return False
        return all(
            _holds(c.order, self._value(c.left, values, labels), self._value(c.right, values, labels))
            for c in self.conditions
        )


class _NoValue(Exception):
    """No admissible value in this draw."""


_REAL: Final = Domain()


def _sumsets(root: Term) -> Iterator[Term]:
    if root.op == "sumset":
        yield root
    for child in root.children:
        yield from _sumsets(child)


def _holds(order: str, left: Number, right: Number) -> bool:
    """Whether the relation is certain."""
    if order == "=":
        return isinstance(left, fmpq) and isinstance(right, fmpq) and left == right
    if order == "!=":
        return not (as_arb(left) - as_arb(right)).contains(0)
    return bool(left < right) if order == "<" else bool(left <= right)


def _integer(
    low: Number | None, high: Number | None, lower: Bound | None, upper: Bound | None, stream: _Stream, number: int
) -> Fraction:
    first = None if low is None or lower is None else _ceiling(low, lower.strict)
    last = None if high is None or upper is None else -_ceiling(-high, upper.strict)
    if first is None and last is None:
        first, last = (-4, 7) if number > 3 else (2, 7)
    elif first is None:
        first = (last or 0) - 5
    elif last is None:
        first = max(first, 3) if number % 4 != 3 else first
        last = first + (4 if number < 4 else 8)
    if first is None or last is None or first > last:
        raise _NoValue
    if last - first >= 2 and number < 4:
        first, last = first + 1, last - 1
    return Fraction(first + stream.below(last - first + 1))


def _ceiling(value: Number, strict: bool) -> int:
    """The least integer that is certain to be at least (or above) the value."""
    if isinstance(value, fmpq):
        top = -((-value.p) // value.q)
        return int(top) + (1 if strict and value == top else 0)
    upper = value.upper().ceil().unique_fmpz()
    if upper is None:
        raise _NoValue
    return int(upper) + 1


def _real(low: Number | None, high: Number | None, stream: _Stream, number: int, stretch: int) -> Fraction:
    """A value between the bounds; with ``stretch`` up to 2 ** (stretch - 1) times as far from a lone bound."""
    if low is not None and high is not None:
        start, end = _rational(low, up=True), _rational(high, up=False)
        if start >= end:
            if start == end:
                return start
            raise _NoValue
        place = INSIDE[stream.below(5 if number < 3 else len(INSIDE))]
        width = (end - start) * min(place, 1 - place) / 4
        middle = start + (end - start) * place
        return simplest(middle - width, middle + width)
    value = _pick(stream, number)
    if stretch:
        value *= 2 ** stream.below(stretch)
    if low is not None:
        return _rational(low, up=True) + value
    if high is not None:
        return _rational(high, up=False) - value
    return -value if stream.below(2) else value


def _pick(stream: _Stream, number: int) -> Fraction:
    pool = SHORT[:5] if number == 0 else SHORT if number < 4 else SHORT + WIDE
    return pool[stream.below(len(pool))]


def _rational(value: Number, up: bool) -> Fraction:
    """The value, or a short rational just inside of it."""
    if isinstance(value, arb):
        end = value.upper() if up else value.lower()
        if not end.is_finite():
            raise _NoValue
        scaled = (end * 1024).ceil() if up else (end * 1024).floor()
        whole = scaled.unique_fmpz()
        if whole is None:
            raise _NoValue
        return Fraction(int(whole), 1024)
    return Fraction(int(value.p), int(value.q))


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of least denominator in the closed interval (Stern–Brocot)."""
    if low > high:
        raise ValueError(f"There is no fraction between {low} and {high}.")
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest(-high, -low)
    whole = low.numerator // low.denominator
    if whole == low:
        return Fraction(whole)
    if whole + 1 <= high:
        return Fraction(whole + 1)
    return whole + 1 / simplest(1 / (high - whole), 1 / (low - whole))
