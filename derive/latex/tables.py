"""The content of ``notation.toml``, arranged for the reader: which command is of which kind."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Tables:
    """The content of ``notation.toml``, arranged for the reader."""

    kinds: Mapping[str, str]
    """Token to kind of token."""
    values: Mapping[str, str]
    """Token to its value: the relation of a relation sign, the name of a function."""
    unicode: Mapping[str, tuple[str, ...]]
    combining: Mapping[str, str]
    """A combining character to the accent that it draws."""
    alphabets: Mapping[str, str]
    """A word in the name of a mathematical letter to the command for its alphabet."""
    greek: Mapping[str, str]
    """A Greek letter spelled out to its command."""
    close: Mapping[str, str]
    commands: Mapping[str, str]
    """A word (log, Var, max) to the command that it stands for."""
    built_in: tuple[tuple[str, str, str], ...]
    """Spelling, kind and name of the names that need no declaration."""
    words: frozenset[str]
    """Spellings of the built-in names that are words."""
    marks: Mapping[str, str]
    constants: Mapping[str, str]
    prefixes: frozenset[str]
    macros: Mapping[str, tuple[int, str]]
    """Macros that need no definition: how many arguments, and the body."""
    figures: frozenset[str]
    """Commands whose name goes on with the letters of points: ``\\angle ABC``."""
    matrices: Mapping[str, str]
    """Environment inside a formula to what it is: matrix, determinant, cases, array."""
    function_like: frozenset[str]
    orders: frozenset[str]
    ambiguous_before_power: frozenset[str]
    inverse: Mapping[str, str]
    word_subscripts: frozenset[str]
    prose: frozenset[str]
    joining: frozenset[str]
    spoken: frozenset[str]
    spoken_soon: frozenset[str]
    defining: frozenset[str]
    defining_first: frozenset[str]
    not_defining_after: frozenset[str]
    row_environments: frozenset[str]
    definition_marks: frozenset[str]
    equalities: Mapping[str, str]
    """What stands over an equality sign to the kind of relation that it makes of it."""
    bracket_functions: Mapping[str, str]
    reasons: Mapping[str, str]


_PUNCTUATION: Final = {
    "+": "plus",
    "-": "minus",
    "_": "sub",
    "^": "sup",
    "'": "prime",
    ",": "comma",
    ";": "semicolon",
    ":": "colon",
    "\\colon": "colon",
    "!": "factorial",
    "\\%": "percent",
    "\\$": "currency",
    "&": "tab",
    "\\\\": "row",
    "|": "bar",
    "\\vert": "bar",
    "\\mid": "mid",
    "\\|": "parallel",
    "\\Vert": "parallel",
    "\\parallel": "parallel",
    "\\sqrt": "root",
    "\u221a": "root",
    "\\nabla": "nabla",
    "\\partial": "partial",
    ".": "stop",
    "\\square": "stop",
    "\\Box": "stop",
    "\\blacksquare": "stop",
    "\\qed": "stop",
    "\\arg": "arg",
}


@cache
def tables() -> Tables:
    """The built-in data, read once."""
    with (Path(__file__).with_name("notation.toml")).open("rb") as file:
        data = tomllib.load(file)
    kinds: dict[str, str] = dict(_PUNCTUATION)
    values: dict[str, str] = {}

    def enter(kind: str, entries: Iterable[str] | Mapping[str, str]) -> None:
        for token in entries:
            kinds[token] = kind
            if isinstance(entries, Mapping):
                values[token] = entries[token]

    enter("unread", data["unread"])
    enter("dots", [t for t in data["unread"] if "dots" in t])
    enter("letter", data["letters"])
    enter("letter", data["constants"])
    enter("skip", data["skipped"])
    enter("skip group", data["skipped_with_argument"])
    enter("wide", data["wide"])
    enter("plus or minus", data["either_sign"])
    enter("set operator", data["set_operators"])
    enter("modulus", data["moduli"])
    enter("letter", data["figures"])
    enter("relation", data["relations"])
    enter("relation", data["other_relations"])
    enter("implies", data["implications"]["commands"])
    for token, sign in data["products"].items():
        kinds[token] = "times" if sign == "*" else "slash"
    enter("function", data["functions"])
    enter("big", data["big"])
    enter("optimum", data["optima"])
    enter("expectation", data["expectations"]["names"])
    enter("fraction", data["fractions"])
    commands = {t[1:]: t for t in kinds if kinds[t] in ("function", "big", "optimum") and t[1:].isalpha()}
    for word, name in data["named_functions"].items():
        kinds.setdefault(f"\\text{{{word}}}", "function")
        values.setdefault(f"\\text{{{word}}}", name)
        commands.setdefault(word, f"\\text{{{word}}}")
    enter("accent", data["accents"])
    wrappers: Mapping[str, Any] = data["wrappers"]
    enter("wrapper", wrappers["group"])
    enter("wrapper two", wrappers["two_arguments"])
    enter("over", wrappers["over"])
    enter("arrow", wrappers["arrows"])
    brackets: Mapping[str, str] = data["brackets"]
    enter("open", list(brackets))
    enter("close", list(brackets.values()))
    built_in = tuple((latex, e["kind"], e["name"]) for latex, e in data["built_in"].items())
    words = data["words"]
    return Tables(
        kinds=MappingProxyType(kinds),
        values=MappingProxyType(values),
        unicode=MappingProxyType({c: tuple(_pieces(t)) for c, t in data["unicode"].items()}),
        combining=MappingProxyType({chr(int(c, 16)): t for c, t in data["combining"].items()}),
        alphabets=MappingProxyType(data["alphabets"]),
        greek=MappingProxyType({t[1:]: t for t in data["letters"] if t[1:].lower() in data["spelled"]}),
        close=MappingProxyType(brackets),
        commands=MappingProxyType(commands),
        built_in=built_in,
        words=frozenset(spelling for spelling, _, _ in built_in),
        marks=MappingProxyType(data["marks"]),
        constants=MappingProxyType(data["constants"]),
        prefixes=frozenset(data["prefixes"]),
        macros=MappingProxyType({name: (count, body) for name, (count, body) in data["macros"].items()}),
        figures=frozenset(data["figures"]),
        matrices=MappingProxyType(data["matrices"]),
        function_like=frozenset(data["function_like"]["letters"]),
        orders=frozenset(data["function_like"]["orders"]),
        ambiguous_before_power=frozenset(data["ambiguous_before_power"]["names"]),
        inverse=MappingProxyType(data["inverse"]),
        word_subscripts=frozenset(words["subscripts"]),
        prose=frozenset(words["prose"]),
        joining=frozenset(words["joining"]),
        spoken=frozenset(words["spoken"]),
        spoken_soon=frozenset(words["spoken_soon"]),
        defining=frozenset(words["defining"]),
        defining_first=frozenset(words["defining_first"]),
        not_defining_after=frozenset(words["not_defining_after"]),
        row_environments=frozenset(data["row_environments"]),
        definition_marks=frozenset(wrappers["definitions"]),
        equalities=MappingProxyType(data["equalities"]),
        bracket_functions=MappingProxyType(data["bracket_functions"]),
        reasons=MappingProxyType(data["unread"]),
    )


def _pieces(text: str) -> list[str]:
    if text.startswith(("\\mathbb ", "\\mathcal ")):
        return [text]
    return text.split(" ")
