"""The shape of a TOML file against the entries that describe it: every wrong key and value, not only the first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

Path = tuple[str | int, ...]
DROPPED: Final = object()
"""Stands for a value that cannot be used."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\t](?=[A-Za-z])|[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What a single backslash makes of \theta, \beta, \frac and \rho within double quotes."""
_ADVICE: Final = "within double quotes a backslash is written twice, as in \\\\theta; within single quotes once"
_WORDS: Final = {str: "a text in quotes", float: "a number", int: "a whole number", bool: "true or false"}


@dataclass
class Shape:
    """Collects what is wrong; ``faults`` are paths with sentences."""

    faults: list[tuple[Path, str]] = field(default_factory=list)

    def clean(self, value: Any, kind: Any, path: Path = ()) -> Any:
        """The value without what cannot be used, or DROPPED; what was dropped is in ``faults``."""
        kinds = [k for k in get_args(kind) if k is not NoneType] if get_origin(kind) in (Union, UnionType) else [kind]
        if len(kinds) > 1:
            kinds = [k for k in kinds if isinstance(value, dict) == _is_table(k)] or kinds
        kind = kinds[0] if len(kinds) == 1 else kind
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self._struct(value, kind, path)
        if get_origin(kind) is dict:
            if not isinstance(value, dict):
                return self._wrong(value, "a table", path)
            table = {k: self.clean(v, get_args(kind)[1], (*path, k)) for k, v in value.items()}
            return {k: v for k, v in table.items() if v is not DROPPED}
        if get_origin(kind) is list:
            if not isinstance(value, list):
                return self._wrong(value, "a list in square brackets", path)
            items = []
            for n, item in enumerate(value):
                before = len(self.faults)
                cleaned = self.clean(item, get_args(kind)[0], (*path, n))
                if len(self.faults) == before:
                    items.append(cleaned)
            return items
        if isinstance(value, str) and _CONTROL.search(value):
            self.faults.append((path, f"'{repr(value)[1:-1]}' holds a control character; {_ADVICE}"))
            return DROPPED
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError:
            return self._wrong(value, _words(kind), path)
        return value

    def _struct(self, value: Any, kind: type[msgspec.Struct], path: Path) -> Any:
        if not isinstance(value, dict):
            return self._wrong(value, "a table", path)
        fields = {f.name: f for f in msgspec.structs.fields(kind)}
        hints = get_type_hints(kind)
        cleaned: dict[str, Any] = {}
        for key, inner in value.items():
            if key in fields:
                used = self.clean(inner, hints[key], (*path, key))
                if used is not DROPPED:
                    cleaned[key] = used
                continue
            near = get_close_matches(key, fields, 1)
            advice = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(sorted(fields))}."
            self.faults.append(((*path, key), f"there is no key '{key}' here; {advice}"))
        missing = [f.name for f in fields.values() if f.required and f.name not in value]
        for name in missing:
            self.faults.append((path, f"the key '{name}' is missing"))
        return DROPPED if any(f.required and f.name not in cleaned for f in fields.values()) else cleaned

    def clean_rest(self, table: Mapping[str, Any], kind: type[msgspec.Struct]) -> dict[str, Any]:
        """What can be used of a table that lacks something required; says nothing again."""
        quiet, hints = Shape(), get_type_hints(kind)
        cleaned = {k: quiet.clean(v, hints[k], (k,)) for k, v in table.items() if k in hints}
        return {k: v for k, v in cleaned.items() if v is not DROPPED}

    def _wrong(self, value: Any, wanted: str, path: Path) -> object:
        name = next((p for p in reversed(path) if isinstance(p, str)), "the file")
        self.faults.append((path, f"'{name}' must be {wanted}, not {_described(value)}"))
        return DROPPED


def _is_table(kind: Any) -> bool:
    return get_origin(kind) is dict or (isinstance(kind, type) and issubclass(kind, msgspec.Struct))


def _words(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(f"'{v}'" for v in get_args(kind))
    if get_origin(kind) in (Union, UnionType):
        return " or ".join(_words(k) for k in get_args(kind))
    if get_origin(kind) is list:
        return "a list in square brackets"
    return _WORDS.get(kind, "a table" if _is_table(kind) else "something else")


def _described(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
