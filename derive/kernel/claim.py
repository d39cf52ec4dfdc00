r"""Claims: relations between terms over a chart.

A claim is a relation over a chart, and says that it holds at every admissible point:

=====  ====================================================================================
``=``  both sides are defined and equal (for random variables: surely equal)
``≠``  denies ``=``: at some admissible point both sides are defined and differ
``<``  the left side is smaller; both sides are defined
``≤``  the left side is not larger; both sides are defined
``→``  with the other symbols fixed, left tends to right as ``limit.symbol`` goes to ``limit.point``;
       where the right side is a law, the law of the left side does, weakly
``∼``  the left side (a random variable, or one given others) has the law on the right
``≈``  :math:`|left - right| \le bound\cdot|right|` and :math:`right \ne 0`; ``bound`` is explicit
``⊥``  the random variables on both sides are independent
=====  ====================================================================================

Random variables are square integrable, so that their variances are real numbers. Definitions of the
chart are expanded without capture: in :math:`\lim_{T\to\infty}` of something with :math:`\Delta t := 1/T`,
the :math:`T` of the definition is the one outside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from derive.errors import Refused
from derive.kernel.chart import Chart
from derive.kernel.term import Term, free_symbols, plain, sealed

Kind = Literal["=", "≠", "<", "≤", "→", "∼", "≈", "⊥"]
KINDS: Final = frozenset({"=", "≠", "<", "≤", "→", "∼", "≈", "⊥"})


@sealed
@dataclass(frozen=True)
class Limit:
    """``symbol`` goes to ``point`` (``INFINITY`` where it grows without bound)."""

    symbol: str
    point: Term


@sealed
@dataclass(frozen=True)
class Claim:
    """``left kind right`` over ``chart``; ``limit`` belongs to ``→`` and ``bound`` to ``≈``.

    Raises Refused where a closed chart does not declare a symbol, or the relation makes no sense.
    """

    kind: Kind
    left: Term
    right: Term
    chart: Chart
    limit: Limit | None = None
    bound: Term | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise Refused(f"'{self.kind}' is no kind of claim; the kinds are {' '.join(sorted(KINDS))}.")
        if (self.kind == "→") != (self.limit is not None):
            raise Refused(f"A claim '→' names its limit, and no other does; this one is '{self}'.")
        if (self.kind == "≈") != (self.bound is not None):
            raise Refused(f"A claim '≈' carries its error bound, and no other does; this one is '{self}'.")
        if self.kind == "∼" and self.right.op != "law":
            raise Refused(f"On the right of '∼' stands a law; '{self}' has none.")
        self._check_symbols()
        if self.limit is not None:
            self._check_limit(self.limit)

    def _check_symbols(self) -> None:
        if not self.chart.closed:
            return
        known = self.chart.domains.keys() | self.chart.definitions.keys()
        for name in sorted(frozenset().union(*map(free_symbols, self.terms)) - known):
            raise Refused(f"The symbol '{name}' of '{self}' is not declared in its chart; declare its domain.")

    def _check_limit(self, limit: Limit) -> None:
        if limit.symbol in self.chart.definitions:
            raise Refused(f"'{limit.symbol}' is defined, so '{self}' must name the symbol that moves it.")
        if limit.symbol in free_symbols(self.chart.expand(self.right)):
            raise Refused(f"The limit '{plain(self.right)}' still contains '{limit.symbol}'.")

    @property
    def terms(self) -> tuple[Term, ...]:
        """Both sides and, where there is one, the bound."""
        return (self.left, self.right) if self.bound is None else (self.left, self.right, self.bound)

    def change(self, function: Callable[[Term], Term], chart: Chart | None = None) -> Claim:
        """The same relation between changed terms."""
        bound = None if self.bound is None else function(self.bound)
        chart = self.chart if chart is None else chart
        return Claim(self.kind, function(self.left), function(self.right), chart, self.limit, bound)

    def says_the_same(self, other: Claim) -> bool:
        """Whether kind, sides, limit and bound agree, whatever the charts."""
        return (self.kind, self.terms, self.limit) == (other.kind, other.terms, other.limit)

    def __str__(self) -> str:
        text = f"{plain(self.left)} {self.kind} {plain(self.right)}"
        if self.limit is not None:
            text += f" as {self.limit.symbol} → {plain(self.limit.point)}"
        return text if self.bound is None else f"{text} (relative error at most {plain(self.bound)})"


@sealed
@dataclass(frozen=True)
class Supposition:
    """A claim taken for true at one point of its chart, or there for every value of some of its symbols.

    What rests on it holds at every point at which it is true; that depends on the ``fixed`` symbols alone.
    """

    claim: Claim
    every: frozenset[str] = frozenset()

    @property
    def fixed(self) -> frozenset[str]:
        """The symbols that keep their values throughout the claim, declared or (on an open chart) not."""
        chart = self.claim.chart
        used = frozenset().union(*(free_symbols(chart.expand(t)) for t in self.claim.terms))
        return frozenset(chart.domains.keys() | used) - chart.definitions.keys() - self.every

    def __str__(self) -> str:
        return f"{self.claim}{' for every ' + ', '.join(sorted(self.every)) if self.every else ''}"
