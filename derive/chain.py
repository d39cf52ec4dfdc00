"""A derivation as it is told: steps in order, each a kernel fact with its reason, ending in results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ParamSpec, Protocol

from derive.errors import Refused
from derive.kernel.chart import Chart
from derive.kernel.fact import Claim, Fact, checked
from derive.kernel.rules.premises import given
from derive.kernel.term import Term

P = ParamSpec("P")


class HasChart(Protocol):
    """A theory, or whatever else carries a chart."""

    @property
    def chart(self) -> Chart:
        """The declared symbols."""


@dataclass(frozen=True)
class Step:
    """One step: the fact that it makes, by which rule, and why in a few words. ``name`` marks a result."""

    fact: Fact
    rule: str
    reason: str
    name: str | None = None


class Chain:
    """A derivation in the making; ``chart`` is where its rules work unless a step says otherwise."""

    def __init__(self, where: HasChart | Chart) -> None:
        self.chart: Chart = where if isinstance(where, Chart) else where.chart
        self._steps: list[Step] = []
        self._results: dict[str, Fact] = {}

    def step(self, rule: Callable[P, Fact], *args: P.args, **kwargs: P.kwargs) -> Fact:
        """Apply a kernel rule; Refused names the step that fails."""
        return self.because("", rule, *args, **kwargs)

    def because(self, reason: str, rule: Callable[P, Fact], *args: P.args, **kwargs: P.kwargs) -> Fact:
        """Apply a kernel rule, with the reason in a few words."""
        name = str(getattr(rule, "__name__", rule))
        try:
            fact = rule(*args, **kwargs)
        except Refused as error:
            raise Refused(f"Step {len(self._steps) + 1} ({name.replace('_', ' ')}) fails: {error}") from error
        self._steps.append(Step(fact, name, reason))
        return fact

    def given(self, claim: Claim, reason: str = "premise of the problem", varies: Sequence[Term] = ()) -> Fact:
        """A premise of the problem; the numbers that the chain declares are its parameters, except what ``varies``."""
        free = self.chart.domains.keys() - self.chart.definitions.keys() - {symbol.name for symbol in varies}
        shared = free & (claim.chart.domains.keys() - claim.chart.definitions.keys())
        return self.because(reason, given, claim, sorted(n for n in shared if self.chart.domains[n].kind != "label"))

    def result(self, name: str, fact: Fact) -> Fact:
        """Name a fact as a result; Refused where it still rests on a supposition or the name is taken."""
        if checked(fact).supposed:
            raise Refused(f"The result '{name}' still rests on the supposition '{fact.supposed[0]}'.")
        if name in self._results:
            raise Refused(f"There is a result '{name}' already.")
        self._results[name] = fact
        self._steps = [Step(s.fact, s.rule, s.reason, name) if s.fact is fact else s for s in self._steps]
        return fact

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps in order."""
        return tuple(self._steps)

    @property
    def results(self) -> Mapping[str, Fact]:
        """The named results, in order."""
        return dict(self._results)

    @property
    def axioms(self) -> tuple[str, ...]:
        """The named axioms that some result rests on."""
        return tuple(sorted(frozenset().union(*(f.axioms for f in self._results.values()))))

    @property
    def givens(self) -> tuple[Claim, ...]:
        """The premises of the problem that some result rests on."""
        found: list[Claim] = []
        for fact in self._results.values():
            found.extend(claim for claim in fact.givens if claim not in found)
        return tuple(found)
