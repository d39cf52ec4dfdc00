r"""Charts: what is declared about the symbols that a claim speaks of, and regimes of smallness.

A chart is the hypothesis under which a fact holds: every symbol in its domain, every definition in
force, every condition true. A regime says which quantities are small against which; every curve of
admissible points along which they become so belongs to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Literal, TypeVar, get_args

from derive.errors import CircularDefinitions, Refused
from derive.kernel.functions import BUILTIN
from derive.kernel.term import Term, bind, bound_symbols, free_symbols, fresh_symbol, rebuild, sealed, substitute, walk

Kind = Literal["real", "integer", "label"]
Range = Literal["real", "positive", "probability", "label", "permutation"]
Order = Literal["=", "!=", "<", "<="]
V = TypeVar("V")

RESERVED: Final = frozenset(name for name, _ in BUILTIN) | {"Var", "Cov", "KL"}
"""Functions with a fixed meaning, which no chart may declare anew."""


@sealed
@dataclass(frozen=True)
class Bound:
    """One end of an interval; ``strict`` excludes the end itself."""

    value: Term
    strict: bool = False


@sealed
@dataclass(frozen=True)
class Domain:
    """Where a symbol lives; bounds may mention symbols that are declared before it.

    Labels are the members of one finite set. A symbol that sums run over (``sumset``) stands for that set, and so do
    all such symbols of a chart; what adds up to 1 does so over it.
    """

    kind: Kind = "real"
    lower: Bound | None = None
    upper: Bound | None = None

    def __post_init__(self) -> None:
        _require_one_of(self.kind, Kind, "kind of domain")


@sealed
@dataclass(frozen=True)
class Function:
    """A declared function or indexed family; ``definition`` is over ``parameters``, else it is arbitrary.

    A ``probability`` is positive and sums to 1 over its first argument; a ``label`` lists labels by number; a
    ``permutation`` is one of the integers between the bounds of its parameter's domain.
    """

    parameters: tuple[str, ...]
    definition: Term | None = None
    range: Range = "real"

    def __post_init__(self) -> None:
        _require_one_of(self.range, Range, "range of a function")


@sealed
@dataclass(frozen=True)
class Condition:
    """A relation that every admissible point satisfies."""

    order: Order
    left: Term
    right: Term

    def __post_init__(self) -> None:
        _require_one_of(self.order, Order, "order of a condition")


def _require_one_of(word: str, words: object, what: str) -> None:
    known = get_args(words)
    if type(word) is not str or word not in known:
        raise Refused(f"'{word}' is no {what}; write one of {', '.join(known)}.")


def _frozen(mapping: Mapping[str, V]) -> Mapping[str, V]:
    return MappingProxyType(dict(mapping))


@sealed
@dataclass(frozen=True)
class Chart:
    """Declared symbols (in order), functions, definitions (symbol := term, in order) and conditions.

    With ``closed=False`` a symbol that is not declared is an arbitrary real scalar.
    """

    domains: Mapping[str, Domain] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    definitions: Mapping[str, Term] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    closed: bool = True
    _defining: frozenset[str] = field(init=False, repr=False, compare=False, default=frozenset())

    def __post_init__(self) -> None:
        for name in ("domains", "functions", "definitions"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))
        taken = sorted(self.functions.keys() & RESERVED)
        if taken:
            raise Refused(f"'{taken[0]}' has a meaning of its own and cannot be declared; choose another name.")
        mentioned = {*self.definitions, *(n for d in self.definitions.values() for n in free_symbols(d))}
        for f in self.functions.values():
            if f.definition is not None:
                mentioned |= free_symbols(f.definition).difference(f.parameters)
        object.__setattr__(self, "_defining", frozenset(mentioned))

    def extend(
        self,
        domains: Mapping[str, Domain] | None = None,
        functions: Mapping[str, Function] | None = None,
        definitions: Mapping[str, Term] | None = None,
        conditions: tuple[Condition, ...] = (),
    ) -> Chart:
        """This chart with more declared; a later declaration of a name replaces the earlier one."""
        return replace(
            self,
            domains={**self.domains, **(domains or {})},
            functions={**self.functions, **(functions or {})},
            definitions={**self.definitions, **(definitions or {})},
            conditions=self.conditions + conditions,
        )

    def expand(self, root: Term) -> Term:
        r"""Eliminate every definition: defined symbols and applications of defined functions.

        No binder captures a symbol of a definition. A derivative is taken of what is written out:
        :math:`\partial v/\partial\sigma` is :math:`2\sigma` for :math:`v := \sigma^2`. Raises CircularDefinitions
        where definitions refer to each other in a circle.
        """
        if not self.definitions and all(f.definition is None for f in self.functions.values()):
            return root
        for _ in range(len(self.definitions) + len(self.functions) + 1):
            changed = self._expand_once(root)
            if changed == root:
                return root
            root = changed
        circle = sorted(n.name for n in walk(root) if n.op in ("sym", "fn") and self._is_defined(n))
        names = " and ".join(f"'{name}'" for name in dict.fromkeys(circle))
        raise CircularDefinitions(f"The definitions of {names} refer to each other in a circle; leave one of them out.")

    def _expand_once(self, node: Term) -> Term:
        if node.op == "sym":
            return self.definitions.get(node.name, node)
        for variable in bound_symbols(node):
            if variable.name in self._defining:  # it would capture a symbol of a definition
                if not any(map(self._is_defined, walk(node))):
                    return node
                node = _rename_bound(node, variable, self._defining)
        if node.op == "diff" and self._is_defined(node.children[1]):
            return self._expand_derivative(node)
        node = rebuild(node, self._expand_once)
        if node.op == "fn" and self._is_defined(node):
            declared = self.functions[node.name]
            if declared.definition is not None:
                return substitute(declared.definition, dict(zip(declared.parameters, node.children, strict=True)))
        return node

    def _is_defined(self, node: Term) -> bool:
        if node.op == "sym":
            return node.name in self.definitions
        if node.op != "fn":
            return False
        declared = self.functions.get(node.name)
        if declared is None or declared.definition is None:
            return False
        return len(node.children) == len(declared.parameters)

    def _expand_derivative(self, node: Term) -> Term:
        """A derivative by a defined symbol: that by a free one, taken at the definition."""
        variable = node.children[1]
        if variable.op != "sym":
            return rebuild(node, self._expand_once)
        fresh = fresh_symbol(variable.name, self._defining | free_symbols(node))
        moved = substitute(node, {variable.name: fresh})
        return bind("at", rebuild(moved, self._expand_once), fresh, self.definitions[variable.name])


def _rename_bound(node: Term, variable: Term, taken: frozenset[str]) -> Term:
    """The same node with another name for a symbol that it binds."""
    fresh = fresh_symbol(variable.name, taken | free_symbols(node).union(n.name for n in walk(node) if n.op == "sym"))
    if node.op == "E":
        return rebuild(node, lambda child: substitute(child, {variable.name: fresh}))
    body, _, *rest = node.children
    return bind(node.op, substitute(body, {variable.name: fresh}), fresh, *rest)


@sealed
@dataclass(frozen=True)
class Regime:
    r"""``orders``: pairs (small, large), as in :math:`\Delta t \ll \sigma^2 \ll 1`; ``limits``: symbol to point."""

    orders: tuple[tuple[Term, Term], ...] = ()
    limits: tuple[tuple[str, Term], ...] = ()

    def extend(self, other: Regime) -> Regime:
        """Both regimes at once."""
        return Regime(
            self.orders + tuple(o for o in other.orders if o not in self.orders),
            self.limits + tuple(p for p in other.limits if p not in self.limits),
        )
