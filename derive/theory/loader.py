"""Theories from TOML: every formula in them is LaTeX, read by the same parser as answers are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from derive.errors import DeriveError
from derive.kernel.chart import Bound, Chart, Condition, Domain, Function, Kind, Range, Regime
from derive.kernel.term import Term, sym
from derive.latex.lexer import Unread
from derive.latex.notation import Name, Notation
from derive.latex.parser import parse, parse_chain
from derive.theory.model import Theory

FOLDER: Final = Path(__file__).parent
FLIPPED: Final = {">": "<", "≥": "≤", "≫": "≪"}


class SymbolEntry(msgspec.Struct, forbid_unknown_fields=True):
    """A scalar: its LaTeX spelling, kind, domain (a chain such as ``0 < t \\le 1``) or definition.

    ``random`` where it is a random variable without an index.
    """

    latex: str
    kind: Kind = "real"
    domain: str | None = None
    definition: str | None = None
    also: list[str] = []
    index: bool = False
    random: bool = False
    meaning: str = ""


class FamilyEntry(msgspec.Struct, forbid_unknown_fields=True):
    """A family with an index subscript; ``random`` where its members are random variables.

    ``noise`` makes them independent of each other and of the start of every process, with a law that a writer
    may choose; ``domain`` bounds the index, as in ``0 \\le t \\le 1``. A ``definition`` is over the ``parameters``,
    the letters of its indices.
    """

    latex: str
    random: bool = False
    noise: bool = False
    domain: str | None = None
    parameters: list[str] = []
    definition: str | None = None
    range: Range = "real"
    also: list[str] = []
    meaning: str = ""


class FunctionEntry(msgspec.Struct, forbid_unknown_fields=True):
    """A function of named parameters; ``kernel`` names a built-in function that it is a spelling of."""

    latex: str
    parameters: list[str] = []
    definition: str | None = None
    range: Range = "real"
    also: list[str] = []
    meaning: str = ""
    kernel: Literal["logistic", "log", "exp"] | None = None


class SetEntry(msgspec.Struct, forbid_unknown_fields=True):
    """A finite set that sums run over."""

    latex: str
    meaning: str = ""


class RegimeEntry(msgspec.Struct, forbid_unknown_fields=True):
    r"""``orders``: chains such as ``\Delta t \ll \sigma^2 \ll 1``; ``limits``: such as ``\Delta t \to 0``."""

    orders: list[str] = []
    limits: list[str] = []


class Additions(msgspec.Struct, forbid_unknown_fields=True):
    """What a theory declares, and what a part of an assignment may add to one."""

    symbols: dict[str, SymbolEntry] = {}
    families: dict[str, FamilyEntry] = {}
    functions: dict[str, FunctionEntry] = {}
    sets: dict[str, SetEntry] = {}
    regime: RegimeEntry | None = None
    conditions: list[str] = []


class TheoryFile(Additions, forbid_unknown_fields=True, kw_only=True):
    """A theory file."""

    name: str
    title: str = ""
    facts: list[str] = []


def names() -> tuple[str, ...]:
    """The built-in theories."""
    return tuple(sorted(p.stem for p in FOLDER.glob("*.toml")))


def theory(name: str | Path) -> Theory:
    """A built-in theory by name, or one from a TOML file by path; DeriveError says what is wrong with it."""
    path = Path(name)
    if path.suffix == ".toml":
        return _load(path.resolve())
    if str(name) not in names():
        raise DeriveError(f"There is no theory '{name}'; built in are {', '.join(names())}, or give a path to a .toml.")
    return _load(FOLDER / f"{name}.toml")


@lru_cache(maxsize=32)
def _load(path: Path) -> Theory:
    try:
        entry = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), TheoryFile)
    except OSError as error:
        raise DeriveError(f"The theory file '{path}' cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise DeriveError(f"The theory file '{path}' is not valid: {error}.") from error
    return replace(extend(empty(entry.name, entry.title), entry, str(path)), facts=tuple(entry.facts))


def empty(name: str = "open", title: str = "", *, closed: bool = True) -> Theory:
    """A theory that declares nothing; with ``closed=False`` every undeclared symbol is a real scalar."""
    return Theory(
        name, title, Chart(closed=closed), Regime(), Notation.standard(), {}, {}, frozenset(), frozenset(), {}
    )


def additions(table: Mapping[str, Any], where: str) -> Additions:
    """Validate the declarations of a TOML table; DeriveError names the key that is wrong."""
    try:
        return msgspec.convert(table, Additions)
    except msgspec.ValidationError as error:
        raise DeriveError(f"In {where}: {error}.") from error


def extend(base: Theory, entry: Additions, where: str) -> Theory:
    """The theory with more declared; a letter that was declared before is declared anew."""
    spelled: list[Name] = []
    terms, families, meanings = dict(base.terms), dict(base.families), dict(base.meanings)
    random, indices = set(base.random), set(base.indices)
    for key, s in entry.symbols.items():
        spelled += [Name(latex=spelling, kind="scalar", name=s.latex) for spelling in (s.latex, *s.also)]
        terms[key] = terms[s.latex] = sym(s.latex)
        meanings[s.latex] = s.meaning
        indices.discard(s.latex)
        if s.index:
            indices.add(s.latex)
        random.discard(s.latex)
        if s.random:
            random.add(s.latex)
    for key, f in entry.families.items():
        spelled += [Name(latex=spelling, kind="family", name=f.latex) for spelling in (f.latex, *f.also)]
        families[key] = families[f.latex] = f.latex
        meanings[f.latex] = f.meaning
        random.discard(f.latex)
        if f.random:
            random.add(f.latex)
    for key, g in entry.functions.items():
        name = g.kernel or g.latex
        spelled += [Name(latex=spelling, kind="function", name=name) for spelling in (g.latex, *g.also)]
        families[key] = families[g.latex] = name
        meanings[name] = g.meaning
    for key, c in entry.sets.items():
        spelled.append(Name(latex=c.latex, kind="set", name=c.latex))
        terms[key] = terms[c.latex] = sym(c.latex)
        meanings[c.latex] = c.meaning
    try:
        notation = base.notation.declare(spelled)
    except ValueError as error:
        raise DeriveError(f"In {where}: {error}") from error

    def formula(latex: str, key: str) -> Term:
        try:
            return parse(latex, notation)
        except Unread as error:
            raise DeriveError(f"In {where}, {key}: the formula '{latex}' cannot be read: {error}.") from error

    ranges = dict(base.ranges)
    for key, f in entry.families.items():
        ranges.pop(f.latex, None)
        if f.domain is not None:
            ranges[f.latex] = _range(f.domain, notation, f"{where}, families.{key}")
    chart = base.chart.extend(
        domains={s.latex: _domain(s, notation, f"{where}, symbols.{k}") for k, s in entry.symbols.items()},
        definitions={
            s.latex: formula(s.definition, f"symbols.{k}") for k, s in entry.symbols.items() if s.definition is not None
        },
        functions={
            g.latex: Function(
                tuple(parse(p, notation).name for p in g.parameters),
                None if g.definition is None else formula(g.definition, f"functions.{k}"),
                g.range,
            )
            for k, g in entry.functions.items()
            if g.kernel is None
        }
        | {
            f.latex: Function(
                tuple(parse(p, notation).name for p in f.parameters) or ("i",),
                None if f.definition is None else formula(f.definition, f"families.{k}"),
                f.range,
            )
            for k, f in entry.families.items()
            if not f.random
        },
        conditions=tuple(c for text in entry.conditions for c in conditions(text, notation, where)),
    )
    for name in chart.definitions:
        try:
            chart.expand(sym(name))
        except ValueError as error:
            raise DeriveError(f"In {where}, the definition of {name}: {error}") from error
    new = Theory(
        base.name,
        base.title,
        chart,
        base.regime,
        notation,
        terms,
        families,
        frozenset(random),
        frozenset(indices),
        meanings,
        base.facts,
        ranges,
        (base.noise - frozenset(f.latex for f in entry.families.values()))
        | frozenset(f.latex for f in entry.families.values() if f.noise),
        next((terms[c.latex] for c in entry.sets.values()), base.members),
    )
    return (
        new if entry.regime is None else replace(new, regime=base.regime.extend(regime(entry.regime, notation, where)))
    )


def regime(entry: RegimeEntry, notation: Notation, where: str) -> Regime:
    """Read a regime; DeriveError names a chain that is none of ≪, ≫ (orders) or → (limits)."""
    orders: list[tuple[Term, Term]] = []
    limits: list[tuple[str, Term]] = []
    for latex in entry.orders:
        for kind, left, right in links(latex, notation, where):
            if kind != "≪":
                raise DeriveError(f"In {where}, the regime '{latex}' is no chain of \\ll.")
            orders.append((left, right))
    for latex in entry.limits:
        for kind, left, right in links(latex, notation, where):
            if kind != "→" or left.op != "sym":
                raise DeriveError(f"In {where}, the limit '{latex}' is not of the form 'symbol \\to value'.")
            limits.append((left.name, right))
    return Regime(tuple(orders), tuple(limits))


def links(latex: str, notation: Notation, where: str) -> list[tuple[str, Term, Term]]:
    """The relations of a chain as (kind, left, right), with > and ≫ turned round."""
    chain = parse_chain(latex, notation)
    found = []
    for kind, left, right in zip(chain.kinds, chain.sides, chain.sides[1:], strict=False):
        if left.term is None or right.term is None:
            raise DeriveError(f"In {where}, '{latex}' cannot be read: {left.problem or right.problem}.")
        if kind in FLIPPED:
            found.append((FLIPPED[kind], right.term, left.term))
        else:
            found.append((kind, left.term, right.term))
    if not found:
        raise DeriveError(f"In {where}, '{latex}' states no relation.")
    return found


def conditions(latex: str, notation: Notation, where: str) -> tuple[Condition, ...]:
    """Read a chain of =, <, ≤, > or ≥ as conditions that every admissible point satisfies."""
    found = []
    for kind, left, right in links(latex, notation, where):
        if kind == "=":
            found.append(Condition("=", left, right))
        elif kind == "<":
            found.append(Condition("<", left, right))
        elif kind == "≤":
            found.append(Condition("<=", left, right))
        else:
            raise DeriveError(f"In {where}, '{latex}' is no chain of =, <, \\le, > or \\ge.")
    return tuple(found)


def _range(latex: str, notation: Notation, where: str) -> tuple[Term, Term]:
    """The bounds of a family's index, from a chain such as ``0 \\le t \\le 1``."""
    chain = links(latex, notation, where)
    if [kind for kind, _, _ in chain] != ["≤", "≤"] or chain[0][2] != chain[1][1]:
        raise DeriveError(f"In {where}, the domain '{latex}' is not of the form 'low \\le index \\le high'.")
    return chain[0][1], chain[1][2]


def _domain(entry: SymbolEntry, notation: Notation, where: str) -> Domain:
    lower = upper = None
    symbol = sym(entry.latex)
    if entry.domain is not None:
        for kind, left, right in links(entry.domain, notation, where):
            if kind not in ("<", "≤") or symbol not in (left, right):
                raise DeriveError(f"In {where}, the domain '{entry.domain}' does not bound {entry.latex}.")
            if right == symbol:
                lower = Bound(left, kind == "<")
            else:
                upper = Bound(right, kind == "<")
    return Domain(entry.kind, lower, upper)
