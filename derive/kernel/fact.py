r"""The facts that only kernel rules make, each of a claim (see ``derive.kernel.claim``).

A fact is a handle without content. What it states, how it was made and what it rests on lie in a table
that only this module can write, and only functions marked with :func:`rule` in ``derive.kernel.rules``
can have it written. A handle that is not in the table states nothing, and one whose claim was changed in
place is no premise of a rule and no result.

Nothing in Python is out of reach of who overwrites the parts of a claim or the functions of the kernel by reflection;
:func:`replay` proves facts again from their certificates, and refuses those that state something else by then.
"""

from __future__ import annotations

import functools
import inspect
import sys
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType, NoneType
from typing import Any, Final, NamedTuple, NoReturn, ParamSpec, TypeAlias, TypeVar

from derive.errors import NotAFact, Refused
from derive.kernel.chart import Chart
from derive.kernel.claim import Claim as Claim
from derive.kernel.claim import Kind as Kind
from derive.kernel.claim import Limit as Limit
from derive.kernel.claim import Supposition as Supposition
from derive.kernel.fingerprint import fingerprint
from derive.kernel.term import Term, sealed

RULES_PACKAGE: Final = "derive.kernel.rules."
P = ParamSpec("P")
T = TypeVar("T")


@sealed
@dataclass(frozen=True)
class Conclusion:
    """What a rule hands to the mint: the claim, and what it rests on beyond its premises.

    ``certificate`` is evidence that the rule found itself (a counterexample, say); what the caller
    supplied is recorded anyway. ``discharges`` names the suppositions that the step uses up, and ``parameters``
    the symbols on which the random variables and functions of a premise may depend without showing it.
    """

    claim: Claim
    axioms: tuple[str, ...] = ()
    given: tuple[Claim, ...] = ()
    supposes: tuple[Supposition, ...] = ()
    discharges: tuple[Supposition, ...] = ()
    certificate: object = None
    parameters: frozenset[str] = frozenset()


class Record(NamedTuple):
    """How a fact was made: ``arguments`` are those of the rule, facts and certificates alike."""

    claim: Claim
    rule: str
    arguments: Mapping[str, Any]
    premises: tuple[Fact, ...]
    certificate: object
    axioms: frozenset[str]
    givens: tuple[Claim, ...]
    supposed: tuple[Supposition, ...]
    parameters: frozenset[str]


class _Sealed(type):
    """The type of Fact: its attributes cannot be replaced, so that no handle can be made to lie."""

    def __setattr__(cls, name: str, value: object) -> NoReturn:
        raise NotAFact("The class Fact cannot be changed.")

    def __delattr__(cls, name: str) -> NoReturn:
        raise NotAFact("The class Fact cannot be changed.")

    def __call__(cls, *args: object, **kwargs: object) -> NoReturn:
        raise NotAFact("Only a kernel rule makes a fact; apply one of derive.kernel.rules.")


class Fact(metaclass=_Sealed):
    """A claim that the kernel has accepted; a bare handle, compared by identity."""

    __slots__ = ("__weakref__",)

    def __init_subclass__(cls) -> NoReturn:
        raise NotAFact("There are no other facts than the kernel's; Fact has no subclasses.")

    def __reduce__(self) -> NoReturn:
        raise NotAFact("A fact cannot be copied or stored; store its derivation and prove it again.")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        self.__reduce__()

    def __copy__(self) -> NoReturn:
        self.__reduce__()

    def __deepcopy__(self, memo: object) -> NoReturn:
        self.__reduce__()

    @property
    def record(self) -> Record:
        """How this fact was made; NotAFact where no rule made it."""
        return _look_up(self)

    @property
    def claim(self) -> Claim:
        """What this fact states."""
        return _look_up(self).claim

    @property
    def left(self) -> Term:
        """The left side of the claim."""
        return _look_up(self).claim.left

    @property
    def right(self) -> Term:
        """The right side of the claim."""
        return _look_up(self).claim.right

    @property
    def chart(self) -> Chart:
        """The chart of the claim."""
        return _look_up(self).claim.chart

    @property
    def axioms(self) -> frozenset[str]:
        """The named axioms that it rests on."""
        return _look_up(self).axioms

    @property
    def givens(self) -> tuple[Claim, ...]:
        """The premises of the problem that it rests on."""
        return _look_up(self).givens

    @property
    def supposed(self) -> tuple[Supposition, ...]:
        """What is supposed at the same point and not yet discharged (an induction hypothesis)."""
        return _look_up(self).supposed

    @property
    def parameters(self) -> frozenset[str]:
        """Symbols on which what its premises speak of may depend without showing it; they get no values."""
        return _look_up(self).parameters

    def __repr__(self) -> str:
        return f"<Fact {_look_up(self).claim}>"


def _facts_in(value: object) -> Iterator[Fact]:
    if isinstance(value, Fact):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _facts_in(item)
    elif isinstance(value, (tuple, list, frozenset, set)):
        for item in value:
            yield from _facts_in(item)


def _distinct(items: Iterable[T]) -> tuple[T, ...]:
    found: list[T] = []
    for item in items:
        if item not in found:
            found.append(item)
    return tuple(found)


LEAVES: Final = frozenset({Fact, Term, Chart, Claim, Limit, Fraction, str, int, bool, NoneType})


def _arguments(value: object) -> object:
    """The value as the rule gets it: mappings and sequences copied, so that no premise hides in them."""
    if isinstance(value, Mapping):
        return MappingProxyType({_arguments(k): _arguments(v) for k, v in value.items()})
    if isinstance(value, (list, tuple)):
        return tuple(map(_arguments, value))
    if isinstance(value, (set, frozenset)):
        return frozenset(map(_arguments, value))
    kind = type(value)
    if kind not in LEAVES and not _of_the_kernel(kind):
        name = kind.__name__
        raise Refused(f"A rule takes no '{name}'; give it facts, terms, charts, names, numbers, or lists of them.")
    return value


def _of_the_kernel(kind: type) -> bool:
    home = sys.modules.get(kind.__module__)
    return kind.__module__.startswith("derive.kernel.") and getattr(home, kind.__name__, None) is kind


Rule: TypeAlias = Callable[P, Conclusion]


def _kernel() -> tuple[
    Callable[[Fact], Record],
    Callable[[Fact], Record],
    Callable[[Rule[P]], Callable[P, Fact]],
    Callable[[Iterable[str]], None],
    Mapping[str, Callable[..., Fact]],
]:
    """The table of facts, shut in here with the only function that writes it."""
    table: weakref.WeakKeyDictionary[Fact, Record] = weakref.WeakKeyDictionary()
    fingerprints: weakref.WeakKeyDictionary[Fact, int] = weakref.WeakKeyDictionary()
    rules: dict[str, Callable[..., Fact]] = {}
    closed = False

    def look_up(fact: Fact) -> Record:
        found = table.get(fact) if type(fact) is Fact else None
        if found is None:
            raise NotAFact("This object is no fact: no kernel rule made it.")
        return found

    def checked(fact: Fact) -> Record:
        """The record, if the claim still says what it said; NotAFact where its parts were changed in place."""
        found = look_up(fact)
        if fingerprint(found.claim) != fingerprints[fact]:
            raise NotAFact(f"'{found.claim}' was changed after it was proved; terms and charts are never changed.")
        return found

    def mint(name: str, conclusion: Conclusion, arguments: Mapping[str, object], premises: tuple[Fact, ...]) -> Fact:
        records = [look_up(p) for p in premises]
        supposed = [s for r in records for s in r.supposed if s not in conclusion.discharges]
        fact: Fact = object.__new__(Fact)
        table[fact] = Record(
            conclusion.claim,
            name,
            MappingProxyType(dict(arguments)),
            premises,
            conclusion.certificate,
            frozenset(conclusion.axioms).union(*(r.axioms for r in records)),
            _distinct([g for r in records for g in r.givens] + list(conclusion.given)),
            _distinct([*supposed, *conclusion.supposes]),
            conclusion.parameters.union(*(r.parameters for r in records)),
        )
        fingerprints[fact] = fingerprint(conclusion.claim)
        return fact

    def rule(function: Rule[P]) -> Callable[P, Fact]:
        """Make a function of ``derive.kernel.rules`` a rule: what it concludes becomes a fact.

        Premises are every fact among the arguments; their axioms, givens and suppositions are carried over
        whether or not the rule thinks of them. Raises NotAFact for a function from elsewhere.
        """
        name, home = function.__name__, sys.modules.get(function.__module__)
        inside = home is not None and vars(home) is getattr(function, "__globals__", None)
        if not inside or not function.__module__.startswith(RULES_PACKAGE):
            raise NotAFact(f"'{function.__module__}.{name}' is outside derive.kernel.rules and cannot make facts.")
        if closed:
            raise NotAFact(f"The rules are loaded; '{name}' cannot be added to them.")
        if name in rules:
            raise Refused(f"There is a rule '{name}' already; choose another name.")
        signature = inspect.signature(function)

        @functools.wraps(function)
        def apply(*args: P.args, **kwargs: P.kwargs) -> Fact:
            bound = signature.bind(*args, **kwargs)
            arguments = {key: _arguments(value) for key, value in bound.arguments.items()}
            premises = tuple(_facts_in(arguments))
            for premise in premises:
                checked(premise)
            bound.arguments.update(arguments)
            return mint(name, function(*bound.args, **bound.kwargs), arguments, premises)

        rules[name] = apply
        return apply

    def close_rules(names: Iterable[str]) -> None:
        """No more rules from now on; NotAFact where there are others than these."""
        nonlocal closed
        closed = True
        for name in sorted(rules.keys() ^ set(names)):
            raise NotAFact(f"'{name}' is not both a rule and listed as one.")

    return look_up, checked, rule, close_rules, MappingProxyType(rules)


_look_up, checked, rule, close_rules, _RULES = _kernel()


def rule_names() -> tuple[str, ...]:
    """The names of all rules that are loaded."""
    return tuple(sorted(_RULES))


def ancestry(*facts: Fact) -> tuple[Fact, ...]:
    """The facts and every fact that they rest on, premises before conclusions."""
    done: dict[Fact, None] = {}
    stack: list[tuple[Fact, bool]] = [(fact, False) for fact in reversed(facts)]
    while stack:
        node, ready = stack.pop()
        if node in done:
            continue
        if ready:
            done[node] = None
            continue
        stack.append((node, True))
        stack.extend((p, False) for p in node.record.premises)
    return tuple(done)


def replay(*facts: Fact) -> tuple[Fact, ...]:
    """Prove facts again from their records, every rule with its certificates; Refused where a step fails."""
    again: dict[Fact, Fact] = {}

    def renew(value: object) -> object:
        if isinstance(value, Fact):
            return again[value]
        if isinstance(value, Mapping):
            return {k: renew(v) for k, v in value.items()}
        return tuple(map(renew, value)) if isinstance(value, tuple) else value

    for node in ancestry(*facts):
        record = node.record
        new = _RULES[record.rule](**{k: renew(v) for k, v in record.arguments.items()})
        made = new.record
        if (made.claim, made.axioms, made.givens, made.supposed) != (
            record.claim,
            record.axioms,
            record.givens,
            record.supposed,
        ):
            raise Refused(f"Proved again, the step '{record.rule}' states '{new.claim}' instead of '{record.claim}'.")
        again[node] = new
    return tuple(again[fact] for fact in facts)
