"""A theory: the declared symbols of a subject, how they are written, and the regime they are read in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import overload

from derive.errors import DeriveError
from derive.kernel.chart import Chart, Regime
from derive.kernel.term import Term, TermLike, fn
from derive.latex.notation import Notation


@dataclass(frozen=True)
class Theory:
    """Declared symbols with their chart, notation and regime.

    ``terms`` maps the ASCII identifier and the LaTeX spelling of each symbol to its term; ``families`` maps
    those of indexed families and functions to their canonical name. ``random`` names the families whose
    members are random variables, ``indices`` the symbols that count or time steps.
    """

    name: str
    title: str
    chart: Chart
    regime: Regime
    notation: Notation
    terms: Mapping[str, Term]
    families: Mapping[str, str]
    random: frozenset[str]
    indices: frozenset[str]
    meanings: Mapping[str, str]
    facts: tuple[str, ...] = ()
    """Derivations of the catalogue whose results hold throughout the theory."""
    ranges: Mapping[str, tuple[Term, Term]] = field(default_factory=dict)
    """The bounds of a family's index, where it has some."""
    noise: frozenset[str] = frozenset()
    """Random families whose members are independent of each other and of the start of every process."""
    members: Term | None = None
    """The finite set that sums over labels run over, where the theory declares one."""

    @overload
    def __getitem__(self, key: str) -> Term: ...
    @overload
    def __getitem__(self, key: tuple[str, ...]) -> tuple[Term, ...]: ...
    def __getitem__(self, key: str | tuple[str, ...]) -> Term | tuple[Term, ...]:
        """The symbol with this identifier or LaTeX spelling; several at once for several keys."""
        if isinstance(key, tuple):
            return tuple(self[k] for k in key)
        if key not in self.terms:
            known = ", ".join(k for k in self.terms if k.isidentifier())
            raise DeriveError(f"The theory '{self.name}' declares no symbol '{key}'; it declares {known}.")
        return self.terms[key]

    def family(self, key: str) -> Callable[..., Term]:
        """The indexed family or function with this identifier or LaTeX spelling, to be applied to terms."""
        if key not in self.families:
            known = ", ".join(k for k in self.families if k.isidentifier())
            raise DeriveError(f"The theory '{self.name}' declares no family '{key}'; it declares {known}.")
        name = self.families[key]

        def member(*arguments: TermLike) -> Term:
            return fn(name, *arguments)

        return member
