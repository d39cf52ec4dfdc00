"""The declarations of a theory, or of a part, one after the other: every one that cannot be used is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar

import msgspec

from derive.theory.loader import Additions, FamilyEntry, FunctionEntry, RegimeEntry, SymbolEntry, extend
from derive.theory.model import Theory
from grading.inspection.file import HERE, TomlFile
from grading.inspection.shape import DROPPED, Shape
from grading.inspection.shape import Path as KeyPath

E = TypeVar("E", SymbolEntry, FamilyEntry, FunctionEntry)
_FORMULAS: Final[Mapping[str, Any]] = {"definition": None, "domain": None, "parameters": []}


def declared(
    base: Theory, table: Mapping[str, Any], file: TomlFile, path: KeyPath, kind: type[Additions]
) -> Theory | None:
    """The theory with a table's declarations; None where some are wrong, each of which is said."""
    shape = Shape()
    cleaned = shape.clean(table, kind, path)
    for at, message in shape.faults:
        file.fault(at, message)
    if cleaned is DROPPED:
        cleaned = shape.clean_rest(table, kind)
    entry = msgspec.convert({k: v for k, v in cleaned.items() if k not in ("name", "title", "facts")}, Additions)
    spellings = _spellings(entry)
    bare = file.attempt(path, lambda: extend(base, spellings, HERE))
    sound = bare is not None and not shape.faults
    for at, one, content in _single(entry) if bare is not None else ():
        grown = bare or base
        made = file.attempt((*path, *at), lambda one=one, grown=grown: extend(grown, one, HERE), content)  # type: ignore[misc]
        sound = sound and made is not None
    return file.attempt(path, lambda: extend(base, entry, HERE)) if sound else None


def _spellings(entry: Additions) -> Additions:
    """The same declarations without the formulas in them."""

    def bare(entry: E) -> E:
        fields = {f.name for f in msgspec.structs.fields(entry)}
        return msgspec.structs.replace(entry, **{k: v for k, v in _FORMULAS.items() if k in fields})

    return Additions(
        symbols={k: bare(s) for k, s in entry.symbols.items()},
        families={k: bare(f) for k, f in entry.families.items()},
        functions={k: bare(g) for k, g in entry.functions.items()},
        sets=entry.sets,
    )


def _single(entry: Additions) -> Iterator[tuple[KeyPath, Additions, str | None]]:
    """One declaration after the other."""
    for key, s in entry.symbols.items():
        yield ("symbols", key), Additions(symbols={key: s}), None
    for key, f in entry.families.items():
        yield ("families", key), Additions(families={key: f}), None
    for key, g in entry.functions.items():
        yield ("functions", key), Additions(functions={key: g}), None
    for text in entry.conditions:
        yield ("conditions",), Additions(conditions=[text]), text
    for text in entry.regime.orders if entry.regime else ():
        yield ("regime", "orders"), Additions(regime=RegimeEntry(orders=[text])), text
    for text in entry.regime.limits if entry.regime else ():
        yield ("regime", "limits"), Additions(regime=RegimeEntry(limits=[text])), text
