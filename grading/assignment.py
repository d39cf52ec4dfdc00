"""Assignments: a folder with ``assignment.toml`` and a reference solution in ordinary LaTeX or Markdown."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from derive.errors import DeriveError
from derive.kernel.chart import Regime
from derive.kernel.term import Term
from derive.latex.lexer import Unread
from derive.latex.notation import Notation
from derive.latex.parser import parse
from derive.theory.loader import RegimeEntry, additions, extend, links, regime, theory
from derive.theory.model import Theory

FOLDERS: Final = (Path(__file__).parent / "assignments", Path(__file__).parent.parent / "assignments")
"""In an installed package the shipped assignments lie inside it, in a checkout beside it."""

CREDIT: Final = {"correct": 1.0, "leading-order": 0.75, "flawed": 0.5, "wrong": 0.0, "missing": 0.0}


class AskEntry(msgspec.Struct, forbid_unknown_fields=True):
    """What a part asks for: the law of a random variable, or the value of a quantity."""

    law: str | None = None
    value: str | None = None


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
    facts: list[str] = []
    premises: list[str] = []
    given: list[str] = []
    also: dict[str, str] = {}
    regime: RegimeEntry = msgspec.field(default_factory=RegimeEntry)
    theory: dict[str, Any] = {}
    twin: TwinEntry | None = None
    review: str | None = None


class ProblemEntry(msgspec.Struct, forbid_unknown_fields=True):
    """One problem: a theory that its parts share, and what the problem states."""

    parts: dict[str, PartEntry]
    theory: str
    title: str = ""
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
    """The quantity that a part asks for; ``law`` where its distribution is asked, else its value."""

    quantity: Term
    law: bool
    latex: str


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
    that it may not; ``also`` renames families as this
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


@dataclass(frozen=True, eq=False)
class Assignment:
    """A validated assignment; ``reference`` is the text of its solution. Two loads are two assignments.

    ``errata`` are the derivations of the catalogue that correct what the assignment's sources say.
    """

    name: str
    title: str
    folder: Path
    parts: tuple[PartSpec, ...]
    reference: str
    credit: Mapping[str, float]
    errata: tuple[str, ...] = ()

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
    folder = _folder(name)
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
        _part(problem, label, entry.problems[problem], part, folder, f"'{path}', part {problem}{label}")
        for problem in entry.problems
        for label, part in entry.problems[problem].parts.items()
    )
    return Assignment(
        entry.name, entry.title, folder, parts, reference, {**CREDIT, **entry.credit}, tuple(entry.errata)
    )


def _folder(name: str | Path) -> Path:
    if Path(name).is_dir() and (Path(name) / "assignment.toml").exists():
        return Path(name)
    for folder in FOLDERS:
        if str(name) == Path(name).name and (folder / name / "assignment.toml").exists():
            return folder / name
    raise DeriveError(
        f"There is no assignment '{name}'; there are {', '.join(assignments())}, "
        "or give a folder that contains an assignment.toml."
    )


def _part(problem: str, label: str, shared: ProblemEntry, entry: PartEntry, folder: Path, where: str) -> PartSpec:
    # A theory of the assignment's own lies beside it.
    own = shared.theory.endswith(".toml")
    base = theory(folder / shared.theory if own else shared.theory)
    if entry.theory:
        base = extend(base, additions(entry.theory, where), where)
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
        symbols=None if entry.symbols is None else frozenset(_term(s, notation, where).name for s in entry.symbols),
        without=frozenset(_family(f, base, where) for f in entry.without),
        facts=tuple(entry.facts),
        premises=tuple(g for text in entry.premises for g in given(text, notation, where)),
        given=tuple(g for text in (*shared.given, *entry.given) for g in given(text, notation, where)),
        also={_family(k, base, where): _family(v, base, where) for k, v in entry.also.items()},
        review=entry.review,
        twin=entry.twin,
        statement=" ".join(entry.statement.split()),
    )


def given(latex: str, notation: Notation, where: str) -> list[Given]:
    """The relations that a problem states in one chain."""
    return [Given(kind, left, right, latex) for kind, left, right in links(latex, notation, where)]


def _ask(entry: AskEntry, notation: Notation, where: str) -> Ask:
    latex = entry.law if entry.law is not None else entry.value
    if latex is None or (entry.law is not None and entry.value is not None):
        raise DeriveError(f"In {where}, an entry of asks must have either 'law' or 'value'.")
    return Ask(_term(latex, notation, where), entry.law is not None, latex)


def _term(latex: str, notation: Notation, where: str) -> Term:
    try:
        return parse(latex, notation)
    except Unread as error:
        raise DeriveError(f"In {where}, the formula '{latex}' cannot be read: {error}.") from error


def _family(key: str, declared: Theory, where: str) -> str:
    if key not in declared.families:
        raise DeriveError(f"In {where}, '{key}' is no declared family.")
    return declared.families[key]
