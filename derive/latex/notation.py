r"""Notation: what the commands of LaTeX mean, and what the names of a subject are.

The commands are data, in ``notation.toml``. A subject declares its names on top of them, because
the same marks read differently in different subjects: ``T(\Delta t)`` is a product where :math:`T`
is a scalar, and ``\sigma(u)`` is the logistic function where ``\sigma`` is declared as that function.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Literal, cast

from derive.kernel.term import Term, sym
from derive.latex.spelling import spelling_of
from derive.latex.tables import tables

NameKind = Literal["scalar", "family", "function", "set", "law", "alias"]


@dataclass(frozen=True, slots=True)
class Name:
    r"""One declared name.

    ``scalar`` and ``set`` are single symbols, spelled with several marks or not (``\Delta t``); ``family``
    takes an index (``X_t``); ``function`` is applied with brackets; ``law`` is a distribution by name;
    ``alias`` is another spelling of the declared name ``name``. ``name`` is what the term is called, by
    default the canonical spelling of ``latex``. A ``guessed`` function is one that nobody declared: what its
    arguments mean is not known, so that a condition in them is kept as one.
    """

    latex: str
    kind: NameKind
    name: str = ""
    guessed: bool = False


@dataclass(frozen=True)
class Notation:
    """The built-in commands with the declared names of a subject."""

    names: Mapping[str, tuple[Name, ...]] = field(default_factory=dict)
    """Canonical spelling to what is declared under it (a scalar and a function may share a spelling)."""
    phrases: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """First token to the token sequences of declared names that have several, longest first."""
    scripted: frozenset[str] = frozenset()
    """Base names that are declared with some subscript or superscript."""
    atoms: Mapping[str, Term] = field(default_factory=dict)
    """Single marks that are nothing but a symbol, ready made."""

    @staticmethod
    def standard() -> Notation:
        """The built-in notation, without a subject."""
        return _standard()

    def declare(self, names: Iterable[Name]) -> Notation:
        r"""This notation with more names; a later declaration of a spelling and kind replaces the earlier one.

        Raises ValueError where a spelling is no name (``a+b``) or an alias of nothing.
        """
        known = dict(self.names)
        phrases = dict(self.phrases)
        scripted = set(self.scripted)
        for name in names:
            base, tokens, spelling = spelling_of(name.latex)
            entry = Name(spelling, name.kind, name.name or spelling, name.guessed)
            if name.kind == "alias":
                original = known.get(spelling_of(name.name)[2])
                if original is None:
                    raise ValueError(f"'{name.latex}' is to be another name of '{name.name}', which is not declared.")
                known[spelling] = tuple(Name(spelling, o.kind, o.name) for o in original)
            else:
                same = entry.kind == "function"
                known[spelling] = tuple(
                    n for n in known.get(spelling, ()) if (n.kind == "function") != same and n.kind != "law"
                ) + (entry,)
            if len(tokens) > 1:
                sequences = {*phrases.get(tokens[0], ()), tokens}
                phrases[tokens[0]] = tuple(sorted(sequences, key=len, reverse=True))
            if base != spelling:
                scripted.add(base)
        atoms = {
            spelling: sym(entries[0].name)
            for spelling, entries in known.items()
            if len(entries) == 1 and entries[0].kind in ("scalar", "set")
        }
        return Notation(
            MappingProxyType(known), MappingProxyType(phrases), frozenset(scripted), MappingProxyType(atoms)
        )

    def find(self, spelling: str) -> tuple[Name, ...]:
        """What is declared under a canonical spelling."""
        return self.names.get(spelling, ())


@cache
def _standard() -> Notation:
    return Notation().declare(Name(latex, cast(NameKind, kind), name) for latex, kind, name in tables().built_in)
