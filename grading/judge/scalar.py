"""Judging a relation between two scalars or two laws: proof, refutation by a point, order in the regime."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from derive.kernel.balls import instances
from derive.kernel.chart import Chart, Regime
from derive.kernel.equality import Witness, decide
from derive.kernel.evaluate import NotEnclosed, enclose
from derive.kernel.positivity import nonnegative, positive
from derive.kernel.term import ZERO, Term, add, fn, free_symbols, mul, neg, num, substitute, sym
from derive.latex.printer import latex
from derive.search.limit import limit
from derive.search.prove import Outcome as Proof
from derive.search.prove import closed, prove_equal
from derive.search.regime import close
from grading.judge.cases import finite_cases
from grading.judge.curves import along_curves, vanishes_somewhere
from grading.read.document import Place
from grading.result import Counterexample, Judgement, Status


@dataclass(frozen=True)
class Outcome:
    """A status with its method, its reason and, where it is refuted, a counterexample."""

    status: Status
    method: str
    why: str
    counterexample: Counterexample | None = None

    @property
    def holds(self) -> bool:
        """Whether the relation was accepted as it stands."""
        return self.status in ("proved", "supported")

    def judgement(self, latex: str, place: Place, kind: str, chain: int = -1) -> Judgement:
        """This outcome as the judgement on a relation at a place of an answer."""
        return Judgement(
            latex, place.line, place.column, kind, self.status, self.method, self.why, self.counterexample, chain
        )


Compare = Callable[[Term, Term], Outcome]


@dataclass(frozen=True)
class Scalars:
    """The judge of scalar relations over a chart and a regime (None: nothing is small)."""

    chart: Chart
    regime: Regime | None
    sympy: bool = True
    """Whether certificates are looked for with SymPy, which may take seconds."""

    # -- equality -----------------------------------------------------------------------------------
    def equal(self, left: Term, right: Term, *, both_move: bool = False) -> Outcome:
        """left = right everywhere; where it fails, whether it holds in the limit or to leading order.

        In the limit one side is the limit of the other; with ``both_move`` two sides with one limit are equal too.
        """
        decision = prove_equal(left, right, self.chart, sympy=self.sympy)
        if decision.verdict is True:
            return Outcome("proved", decision.method, clause(decision.why))
        by_cases = self._by_cases(left, right)
        if by_cases is not None:
            return by_cases
        if decision.verdict is None:
            return self._undecided(left, right, decision)
        witness = self._witness(decision.witness, left, right)
        in_limit = self._in_limit(left, right, both_move)
        if in_limit is not None and in_limit.holds:
            return in_limit
        leading = self.approximate(left, right, strictly=True) if self.regime is not None else None
        if leading is not None and leading.holds:
            return Outcome(
                "leading-order", leading.method, f"not equal, but equal to leading order: {leading.why}", witness
            )
        return Outcome("refuted", decision.method, self._refutation(decision), witness)

    def _by_cases(self, left: Term, right: Term) -> Outcome | None:
        """left = right for each value of the indices that have only a few; None where there are none or a case is open.

        What holds for some values and not for others is left open: people say beside a formula which are meant.
        """
        held: list[str] = []
        failed: list[tuple[str, Proof, Term, Term]] = []
        for case in finite_cases(left, right, self.chart):
            values = {name: num(value) for name, value in case.items()}
            one, other = substitute(left, values), substitute(right, values)
            decision = prove_equal(one, other, self.chart)
            if decision.verdict is None:
                return None
            shown = ", ".join(f"{name} = {value}" for name, value in case.items())
            if decision.verdict:
                held.append(shown)
            else:
                failed.append((shown, decision, one, other))
        if not failed:
            return Outcome("proved", "cases", f"it holds at each of ${'$, $'.join(held)}$") if held else None
        if held:
            return Outcome("undecided", "cases", f"it holds at ${held[0]}$ and not at ${failed[0][0]}$")
        shown, decision, one, other = failed[0]
        witness = self._witness(decision.witness, one, other)
        return Outcome("refuted", decision.method, f"at ${shown}$, {AT_THE_POINT}", witness)

    def same(self, left: Term, right: Term) -> bool:
        """Whether left = right is proved as it stands, without a limit."""
        return prove_equal(left, right, self.chart).verdict is True

    def _in_limit(self, left: Term, right: Term, both_move: bool) -> Outcome | None:
        """Whether the right side is the limit of the left, if the part is read in a limit; two things that vanish
        are not equal by that."""
        for symbol, point in self.regime.limits if self.regime is not None else ():
            value, target = self.limit_of(left, symbol, point), self.limit_of(right, symbol, point)
            if value is None or target is None or value == left or not (both_move or self.same(target, right)):
                continue
            if prove_equal(value, ZERO, self.chart).verdict is False and self.same(value, target):
                return Outcome("proved", "limit", f"in the limit ${symbol} \\to {latex(point)}$ both sides are equal")
        return None

    def limit_of(self, side: Term, symbol: str, point: Term) -> Term | None:
        """The proved limit of a side, or None; a side that the symbol does not occur in is its own limit."""
        fact = limit(side, symbol, point, self.chart)
        return None if fact is None else fact.claim.right

    # -- approximation ------------------------------------------------------------------------------
    def approximate(self, left: Term, right: Term, *, strictly: bool = False) -> Outcome:
        r"""left ≈ right: the error is small against the right side and against every term that it displays.

        A summand such as t need not count where it is itself negligible, unless ``strictly``.
        """
        if self.regime is None:
            return Outcome("undecided", "none", "an approximation means nothing without a regime; none is declared")
        decision = prove_equal(left, right, self.chart)
        if decision.verdict is True:
            return Outcome("proved", decision.method, "the two sides are even equal")
        if prove_equal(right, ZERO, self.chart).verdict is not False:
            return Outcome("undecided", "none", "comparing a side with 0 does not say how small it is")
        low, high = self._limits(left, right)
        if (low, high) != (left, right) and self.same(low, high):
            return Outcome("proved", "limit", "both sides have the same limit")
        low, high = self._closed(low), self._closed(high)
        displayed = displayed_terms(high)
        if len(displayed) > 1:
            displayed = (*displayed, high)  # where large terms nearly cancel, the whole is smaller than each
        bounds = [self._bound(low if d == high else add(d, low, neg(high)), d) for d in displayed]
        if all(bounds):
            return Outcome("proved", "regime", f"the relative error is at most ${', '.join(_distinct(bounds))}$")
        whole = self._bound(low, high)
        if (
            whole is not None
            and not strictly
            and all(
                bound or vanishes_somewhere(low, high, d, self.chart, self.regime)
                for bound, d in zip(bounds, displayed, strict=True)
            )
        ):
            return Outcome("proved", "regime", f"the relative error is at most ${whole}$")
        return self._along_curves(low, high, displayed)

    def _limits(self, left: Term, right: Term) -> tuple[Term, Term]:
        """Both sides in the limit that the part is read in, where both are known and do not vanish."""
        for symbol, point in self.regime.limits if self.regime is not None else ():
            low, high = self.limit_of(left, symbol, point), self.limit_of(right, symbol, point)
            if low is not None and high is not None and prove_equal(high, ZERO, self.chart).verdict is False:
                left, right = low, high
        return left, right

    def in_limit(self, side: Term) -> Term:
        """The side in the limit that the part is read in, where it is known, in closed form."""
        for symbol, point in self.regime.limits if self.regime is not None else ():
            found = self.limit_of(side, symbol, point)
            side = side if found is None else found
        return self._closed(side)

    def _bound(self, left: Term, right: Term) -> str | None:
        """The proved bound on the relative error of left ≈ right in the regime, as LaTeX, or None."""
        fact = None if self.regime is None else close(left, right, self.chart, self.regime)
        return None if fact is None or fact.claim.bound is None else latex(fact.claim.bound)

    def _closed(self, side: Term) -> Term:
        """The side with its sums, products and integrals in closed form, as far as certificates were found."""
        fact = closed(side, self.chart)
        return side if fact is None else fact.claim.right

    def _along_curves(self, left: Term, right: Term, displayed: tuple[Term, ...]) -> Outcome:
        if self.regime is None:
            return Outcome("undecided", "none", "no regime is declared")
        found = along_curves(left, right, displayed, self.chart, self.regime)
        return Outcome(found.status, "curves", found.why, found.counterexample)

    def much_smaller(self, left: Term, right: Term) -> Outcome:
        """left ≪ right: the ratio tends to 0 in the regime."""
        if self.regime is None:
            return Outcome("undecided", "none", "'much smaller' means nothing without a regime; none is declared")
        found = self._bound(add(left, right), right)
        if found is not None:
            return Outcome("proved", "regime", f"the ratio is at most ${found}$")
        return self._along_curves(add(left, right), right, (right,))

    def tends(self, left: Term, right: Term, symbol: str, point: Term) -> Outcome:
        """left → right as the symbol tends to the point."""
        value = self.limit_of(left, symbol, point)
        if value is None:
            return Outcome("undecided", "none", "the limit of the left side is not known")
        target = self.limit_of(right, symbol, point) or right
        decision = prove_equal(value, target, self.chart)
        if decision.verdict is True:
            return Outcome("proved", "limit", f"the limit of the left side is ${latex(value)}$")
        if decision.verdict is None:
            return self._undecided(value, target, decision)
        return Outcome(
            "refuted",
            "limit",
            f"the limit of the left side is ${latex(value)}$",
            self._witness(decision.witness, value, target),
        )

    # -- order and laws -----------------------------------------------------------------------------
    def less(self, left: Term, right: Term, strict: bool) -> Outcome:
        """left < right or left ≤ right on the whole chart."""
        gap, back = add(right, neg(left)), add(left, neg(right))
        if positive(gap, self.chart) or (not strict and nonnegative(gap, self.chart)):
            return Outcome("proved", "positivity", "the difference is positive on the whole domain")
        if positive(back, self.chart) or (strict and nonnegative(back, self.chart)):
            return Outcome("refuted", "positivity", "the opposite holds on the whole domain")
        return Outcome("undecided", "none", "the sign of the difference could not be settled")

    def laws(self, left: Term, right: Term, compare: Compare) -> Outcome:
        """Two laws agree when they are of one family and their parameters agree pairwise."""
        if left.op != "law" or right.op != "law":
            return Outcome("undecided", "none", "one of the two sides is no known law")
        if left.name != right.name or len(left.args) != len(right.args):
            return Outcome("undecided", "none", "laws of different families are not compared")
        outcomes = [compare(a, b) for a, b in zip(left.children, right.children, strict=True)]
        worst = max(outcomes, key=lambda o: SEVERITY.index(o.status))
        if worst.holds:
            return Outcome(worst.status, worst.method, "mean and variance agree" if left.name == "N" else worst.why)
        at_a_point = worst.status == "refuted" and worst.method == "balls"
        if at_a_point and decide(left, right, self.chart).verdict is not False:
            if left.name == "N" and opposite_signs(left.children[1], right.children[1], self.chart):
                return Outcome("refuted", "balls", "no law has a negative variance", worst.counterexample)
            return Outcome("undecided", "none", "the parameters differ, but not where both laws are known to exist")
        place = ("mean", "variance")[outcomes.index(worst)] if left.name == "N" else "parameter"
        return Outcome(worst.status, worst.method, f"the {place}s differ: {worst.why}", worst.counterexample)

    # -- words --------------------------------------------------------------------------------------
    def _undecided(self, left: Term, right: Term, decision: Proof) -> Outcome:
        agreed = agreement(left, right, self.chart)
        if agreed >= ENOUGH:
            return Outcome("supported", "balls", f"both sides agree at {agreed} points; no proof was found")
        return Outcome("undecided", "none", clause(decision.why))

    def _refutation(self, decision: Proof) -> str:
        return clause(decision.why) if decision.witness is None else AT_THE_POINT

    def _witness(self, witness: Witness | None, left: Term, right: Term) -> Counterexample | None:
        if witness is None:
            return None
        names = free_symbols(self.chart.expand(left)) | free_symbols(self.chart.expand(right))
        point = {n: v for n, v in witness.point.items() if n in names}
        for application, value in witness.point.items():
            if application.endswith(")") and application not in names:
                point[_applied(application)] = value
        return Counterexample(point, witness.left, witness.right)


def _applied(application: str) -> str:
    """A value of an abstract function as LaTeX, from its plain text such as ``z(1)``."""
    at = application.rindex("(")
    arguments = (a for a in application[at + 1 : -1].split(", ") if a)
    return latex(fn(application[:at], *(num(Fraction(a)) if _NUMBER.fullmatch(a) else sym(a) for a in arguments)))


_NUMBER: Final = re.compile(r"-?\d+(?:/\d+)?")


def _distinct(texts: Sequence[str | None]) -> list[str]:
    return list(dict.fromkeys(t for t in texts if t is not None))


def clause(sentence: str) -> str:
    """A sentence as a clause, to stand beside others: without its full stop, and without its capital."""
    text = sentence.rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


ENOUGH = 5
"""Points at which two sides must agree before they count as supported."""


def agreement(left: Term, right: Term, chart: Chart) -> int:
    """At how many admissible points of eight both sides are enclosed tightly and overlap; 0 where they once do not."""
    agreed = 0
    try:
        for instance in instances(chart, (left, right), 1, 8):
            try:
                gap = enclose(add(left, neg(right)), instance, chart, 256)
            except NotEnclosed as error:
                if error.trouble == "unsupported":
                    return 0
                continue
            if not gap.contains(0) or gap.rad() > 1e-30:
                return 0
            agreed += 1
    except NotEnclosed:
        return 0
    return agreed


def opposite_signs(one: Term, other: Term, chart: Chart) -> bool:
    """Whether at an admissible point one of two quantities is positive and the other is negative."""
    try:
        for instance in instances(chart, (one, other), 1, 8):
            try:
                a, b = (enclose(term, instance, chart, 128) for term in (one, other))
            except NotEnclosed:
                continue
            if a > 0 > b or b > 0 > a:
                return True
    except NotEnclosed:
        return False
    return False


AT_THE_POINT = "the two sides differ at the point shown"
SEVERITY: tuple[Status, ...] = ("proved", "supported", "leading-order", "undecided", "refuted")


MAX_DISPLAYED = 64


def displayed_terms(side: Term) -> tuple[Term, ...]:
    """The summands that a side shows, with products and whole powers of sums multiplied out."""
    return _displayed(side) or (side,)


def _displayed(side: Term) -> tuple[Term, ...]:
    """The summands, or none where there would be too many."""
    if side.op == "add":
        parts = [_displayed(c) for c in side.children]
        terms = tuple(t for p in parts for t in p)
        return terms if all(parts) and len(terms) <= MAX_DISPLAYED else ()
    if side.op == "mul":
        return _expanded(side.children)
    if side.op == "pow" and side.children[1].op == "num" and side.children[0].op == "add":
        exponent = side.children[1].value
        if exponent.denominator == 1 and 1 < exponent <= MAX_DISPLAYED:
            return _expanded((side.children[0],) * int(exponent))
    return (side,)


def _expanded(factors: tuple[Term, ...]) -> tuple[Term, ...]:
    terms: tuple[Term, ...] = ()
    for factor in factors:
        shown = _displayed(factor)
        if not shown or len(terms) * len(shown) > MAX_DISPLAYED:
            return ()
        terms = shown if not terms else tuple(mul(a, b) for a in terms for b in shown)
    return terms
