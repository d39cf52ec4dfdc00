"""Assignments: a folder with ``assignment.toml`` and a reference solution in ordinary LaTeX or Markdown."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from derive.errors import DeriveError
from derive.kernel.chart import Regime
from derive.kernel.term import Term
from derive.latex.lexer import Unread
from derive.latex.notation import Notation
from derive.latex.parser import parse
from derive.theory.loader import Additions, RegimeEntry, additions, extend, links, regime, theory
from derive.theory.model import Theory

FOLDERS: Final = (Path(__file__).parent / "assignments", Path(__file__).parent.parent / "assignments")
"""In an installed package the shipped assignments lie inside it, in a checkout beside it."""

CREDIT: Final = {"correct": 1.0, "leading-order": 0.75, "flawed": 0.5, "wrong": 0.0, "missing": 0.0, "follows": 0.0}


class AskEntry(msgspec.Struct, forbid_unknown_fields=True):
    """What a part asks for: the law of a random variable, or the value of a quantity.

    ``also`` are other quantities whose value is as good an answer; ``compare`` is what approximations of the
    quantity are compared in, where its leading term says nothing.
    """

    law: str | None = None
    value: str | None = None
    also: list[str] = []
    compare: str | None = None


class RecipeEntry(msgspec.Struct, forbid_unknown_fields=True):
    """A training recipe that a part asks for: a squared loss between a network and a target.

    ``targets`` are what the network may be trained toward (the name of a family stands for each member),
    ``inputs`` what it must be shown, ``unknown`` the symbols that the trainer does not know.
    """

    targets: list[str]
    inputs: list[str]
    unknown: list[str]


class TwinEntry(msgspec.Struct, forbid_unknown_fields=True):
    """The simulation that estimates what a part asks: a derivation of the catalogue, and its quantity's name."""

    derivation: str
    quantity: str


class PartEntry(msgspec.Struct, forbid_unknown_fields=True):
    """One part as the file declares it."""

    title: str = ""
    statement: str = ""
    points: float = 1.0
    asks: list[AskEntry] = []
    exact: bool = False
    symbols: list[str] | None = None
    without: list[str] = []
    closed: bool = True
    through: list[str] = []
    recipe: RecipeEntry | None = None
    optimum: dict[str, str] = {}
    facts: list[str] = []
    premises: list[str] = []
    independent: list[str] = []
    given: list[str] = []
    also: dict[str, str] = {}
    regime: RegimeEntry = msgspec.field(default_factory=RegimeEntry)
    theory: dict[str, Any] | str = {}
    twin: TwinEntry | None = None
    review: str | None = None


class ProblemEntry(msgspec.Struct, forbid_unknown_fields=True):
    """One problem: a theory that its parts share, and what the problem states."""

    parts: dict[str, PartEntry]
    theory: str
    title: str = ""
    premises: list[str] = []
    independent: list[str] = []
    given: list[str] = []


class AssignmentEntry(msgspec.Struct, forbid_unknown_fields=True):
    """The whole file."""

    name: str
    problems: dict[str, ProblemEntry]
    title: str = ""
    reference: str = "solution.tex"
    credit: dict[str, float] = {}
    errata: list[str] = []


@dataclass(frozen=True)
class Ask:
    """The quantity that a part asks for; ``law`` where its distribution is asked, else its value.

    The value of one of ``also`` is as good; ``compare`` is what approximations of the quantity are compared in.
    """

    quantity: Term
    law: bool
    latex: str
    also: tuple[Term, ...] = ()
    compare: Term | None = None


@dataclass(frozen=True)
class Recipe:
    """A training recipe: a squared loss of a network shown ``inputs``, trained toward one of ``targets``."""

    targets: tuple[Term, ...]
    inputs: tuple[Term, ...]
    unknown: frozenset[str]


@dataclass(frozen=True)
class Given:
    """A relation that the problem states (kinds ``=`` and ``∼``)."""

    kind: str
    left: Term
    right: Term
    latex: str


@dataclass(frozen=True)
class PartSpec:
    """One part: its theory, what it asks and from which premises, and the facts that may be used.

    ``statement`` is the task in words, formulas between dollar signs, for people to read.
    ``symbols`` are the free symbols that a result may contain (None: any), ``without`` the functions and families
    that it may not; with ``closed`` it holds no sums, products, expectations or derivatives. A derivation must speak
    of one of ``through``, where the problem states the result itself. ``also`` renames families as this
    part writes them; ``review`` is the reason where only a person can judge the part.
    """

    id: str
    problem: str
    label: str
    title: str
    points: float
    theory: Theory
    regime: Regime
    asks: tuple[Ask, ...]
    exact: bool
    symbols: frozenset[str] | None
    without: frozenset[str]
    facts: tuple[str, ...]
    premises: tuple[Given, ...]
    given: tuple[Given, ...]
    also: Mapping[str, str]
    review: str | None
    twin: TwinEntry | None = None
    statement: str = ""
    closed: bool = True
    through: frozenset[str] = frozenset()
    recipe: Recipe | None = None
    optimum: Mapping[str, str] = field(default_factory=dict)
    """Policies that a part optimises over, with the solution of each."""
    independent: tuple[Term, ...] = ()
    """Random variables that the problem declares to be independent of each other."""


@dataclass(frozen=True, eq=False)
class Assignment:
    """A validated assignment; ``reference`` is the text of its solution. Two loads are two assignments.

    ``reference_name`` is the name of the file that the solution is in, ``titles`` are those of the problems.

    ``errata`` are the derivations of the catalogue that correct what the assignment's sources say.
    """

    name: str
    title: str
    folder: Path
    parts: tuple[PartSpec, ...]
    reference: str
    credit: Mapping[str, float]
    errata: tuple[str, ...] = ()
    reference_name: str = "solution.tex"
    titles: Mapping[str, str] = field(default_factory=dict)

    def select(self, *, problem: str | None = None, part: str | None = None) -> tuple[PartSpec, ...]:
        """The parts of one problem, or one part by its id; DeriveError if there are none."""
        chosen = tuple(
            p for p in self.parts if (problem is None or p.problem == problem) and (part is None or p.id == part)
        )
        if not chosen:
            what = f"part '{part}'" if part is not None else f"problem '{problem}'"
            known = ", ".join(p.id for p in self.parts)
            raise DeriveError(f"The assignment '{self.name}' has no {what}; it has {known}.")
        return chosen


def assignments() -> tuple[str, ...]:
    """The names of the shipped assignments."""
    return tuple(sorted({p.parent.name for folder in FOLDERS for p in folder.glob("*/assignment.toml")}))


def load_assignment(name: str | Path) -> Assignment:
    """A shipped assignment by name, or one from a folder; DeriveError says what is wrong and where."""
    folder = assignment_folder(name)
    path = folder / "assignment.toml"
    try:
        entry = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), AssignmentEntry)
        reference = (folder / entry.reference).read_text(encoding="utf-8")
    except OSError as error:
        raise DeriveError(f"The file '{error.filename}' cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise DeriveError(f"The assignment file '{path}' is not valid: {error}.") from error
    unknown = set(entry.credit) - set(CREDIT)
    if unknown:
        raise DeriveError(f"In '{path}', credit names no verdict: {', '.join(sorted(unknown))}.")
    parts = tuple(
        part_spec(problem, label, entry.problems[problem], part, folder, f"'{path}', part {problem}{label}")
        for problem in entry.problems
        for label, part in entry.problems[problem].parts.items()
    )
    return Assignment(
        entry.name,
        entry.title,
        folder,
        parts,
        reference,
        {**CREDIT, **entry.credit},
        tuple(entry.errata),
        entry.reference,
        {number: problem.title for number, problem in entry.problems.items()},
    )


def assignment_folder(name: str | Path) -> Path:
    """The folder of an assignment, shipped or given as a path; DeriveError where there is none."""
    if Path(name).is_dir() and (Path(name) / "assignment.toml").exists():
        return Path(name)
    for folder in FOLDERS:
        if str(name) == Path(name).name and (folder / name / "assignment.toml").exists():
            return folder / name
    raise DeriveError(
        f"There is no assignment '{name}'; there are {', '.join(assignments())}, "
        "or give a folder that contains an assignment.toml."
    )


def part_spec(problem: str, label: str, shared: ProblemEntry, entry: PartEntry, folder: Path, where: str) -> PartSpec:
    """One part from its entry and its problem's; DeriveError says what is wrong, ``where`` names the place."""
    # A theory of the assignment's own lies beside it.
    own = shared.theory.endswith(".toml")
    base = theory(folder / shared.theory if own else shared.theory)
    if entry.theory:
        base = extend(base, _additions(entry.theory, folder, where), where)
    notation = base.notation
    return PartSpec(
        id=f"{problem}{label}",
        problem=problem,
        label=label,
        title=entry.title,
        points=entry.points,
        theory=base,
        regime=base.regime.extend(regime(entry.regime, notation, where)),
        asks=tuple(_ask(a, notation, where) for a in entry.asks),
        exact=entry.exact,
        symbols=None if entry.symbols is None else frozenset(_symbol(s, notation, where) for s in entry.symbols),
        without=frozenset(_family(f, base, where) for f in entry.without),
        facts=tuple(entry.facts),
        premises=tuple(g for text in (*shared.premises, *entry.premises) for g in given(text, notation, where)),
        given=tuple(g for text in (*shared.given, *entry.given) for g in given(text, notation, where)),
        also={_family(k, base, where): _family(v, base, where) for k, v in entry.also.items()},
        review=entry.review,
        twin=entry.twin,
        statement=" ".join(entry.statement.split()),
        independent=tuple(_term(v, notation, where) for v in (*shared.independent, *entry.independent)),
        closed=entry.closed,
        through=frozenset(_name(n, base, where) for n in entry.through),
        recipe=None if entry.recipe is None else _recipe(entry.recipe, notation, where),
        optimum={_family(k, base, where): _family(v, base, where) for k, v in entry.optimum.items()},
    )


def _additions(table: dict[str, Any] | str, folder: Path, where: str) -> Additions:
    """What a part declares: a table of its own, or a file beside the assignment that several parts share."""
    if not isinstance(table, str):
        return additions(table, where)
    path = folder / table
    try:
        return additions(tomllib.loads(path.read_text(encoding="utf-8")), f"'{path}'")
    except OSError as error:
        raise DeriveError(f"In {where}, the file '{path}' cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DeriveError(f"In {where}, the file '{path}' is not valid: {error}.") from error


def _recipe(entry: RecipeEntry, notation: Notation, where: str) -> Recipe:
    return Recipe(
        tuple(_term(t, notation, where) for t in entry.targets),
        tuple(_term(t, notation, where) for t in entry.inputs),
        frozenset(_symbol(t, notation, where) for t in entry.unknown),
    )


def _name(key: str, declared: Theory, where: str) -> str:
    """The canonical name of a declared symbol, family or function."""
    if key in declared.families:
        return declared.families[key]
    if key in declared.terms:
        return declared.terms[key].name
    raise DeriveError(f"In {where}, '{key}' is not declared.")


def given(latex: str, notation: Notation, where: str) -> list[Given]:
    """The relations that a problem states in one chain."""
    return [Given(kind, left, right, latex) for kind, left, right in links(latex, notation, where)]


def _ask(entry: AskEntry, notation: Notation, where: str) -> Ask:
    latex = entry.law if entry.law is not None else entry.value
    if latex is None or (entry.law is not None and entry.value is not None):
        raise DeriveError(f"In {where}, an entry of asks must have either 'law' or 'value'.")
    return Ask(
        _term(latex, notation, where),
        entry.law is not None,
        latex,
        tuple(_term(t, notation, where) for t in entry.also),
        None if entry.compare is None else _term(entry.compare, notation, where),
    )


def _term(latex: str, notation: Notation, where: str) -> Term:
    try:
        return parse(latex, notation)
    except Unread as error:
        raise DeriveError(f"In {where}, the formula '{latex}' cannot be read: {error}.") from error


def _symbol(latex: str, notation: Notation, where: str) -> str:
    term = _term(latex, notation, where)
    if term.op != "sym":
        raise DeriveError(f"In {where}, '{latex}' is not one symbol.")
    return term.name


def _family(key: str, declared: Theory, where: str) -> str:
    if key not in declared.families:
        raise DeriveError(f"In {where}, '{key}' is no declared family.")
    return declared.families[key]
