r"""Canonical spellings.

``\widehat{X}``, ``\hat X`` and ``\hat{X}`` are one name, and so are ``\pi_{\mathrm{ref}}`` and ``\pi_{ref}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from derive.latex.lexer import Tokens, lex
from derive.latex.tables import tables

Phrases = Mapping[str, tuple[tuple[str, ...], ...]]

BASES: Final = frozenset({"letter", "word", "accent", "function", "expectation", "big"})


@dataclass(frozen=True, slots=True)
class Base:
    r"""A name without its scripts, the token after it, and the brace that still has to close (``\hat{X_0}``)."""

    spelling: str
    after: int
    pending: int = -1


def accented(accent: str, base: str) -> str:
    r"""``\hat X``, ``\hat\varepsilon``, ``\hat{\mathbf x}``."""
    if len(base) == 1:
        return f"{accent} {base}"
    if base.startswith("\\") and base[1:].isalpha():
        return accent + base
    return f"{accent}{{{base}}}"


def joined(texts: Sequence[str]) -> str:
    """Tokens as source again, with a space only where a command would swallow a letter."""
    parts: list[str] = []
    for text in texts:
        if parts and text[:1].isalpha() and parts[-1][0] == "\\" and parts[-1][-1].isalpha():
            parts.append(" ")
        parts.append(text)
    return "".join(parts)


def braced(script: str) -> str:
    """A script as it is written after ``_`` or ``^``."""
    bare = len(script) == 1 or (script[0] == "\\" and script[1:].isalpha())
    return script if bare else f"{{{script}}}"


def word(tokens: Tokens, first: int, last: int) -> str | None:
    r"""The word that a script consists of (``\text{ref}``, ``KL``), canonical; None where it is no word.

    Letters side by side are a word where the list of words has them; a colon (``1:T``) makes a range a word too.
    """
    kinds, texts = tokens.kinds, tokens.texts
    if last - first == 1:
        if kinds[first] == "word":
            return texts[first]
        if kinds[first] == "run":
            return f"\\text{{{texts[first]}}}"
        if kinds[first] in ("function", "optimum") and texts[first] != "\\mathbb P":
            return texts[first] if texts[first].startswith("\\text") else f"\\text{{{texts[first][1:]}}}"
        return None
    span = texts[first:last]
    plain = "".join(span)
    if plain in tables().word_subscripts:
        return f"\\text{{{plain}}}"
    if "colon" in kinds[first:last]:
        return joined(span)
    return None


def base_at(tokens: Tokens, i: int, end: int, phrases: Phrases) -> Base | None:
    """The base of the name that starts at token i, or None where none starts."""
    texts, kinds = tokens.texts, tokens.kinds
    accents: list[str] = []
    closers: list[int] = []
    values = tables().values
    while i < end and (kinds[i] == "accent" or (texts[i] == "{" and (accents or closers))):
        if kinds[i] == "accent":
            accents.append(values[texts[i]])
        else:
            closers.append(tokens.match.get(i, end))
        i += 1
    if i >= end or kinds[i] not in BASES:
        return None
    spelling = texts[i]
    i += 1
    if spelling in tables().figures:
        return _figure(tokens, spelling, i, end, accents or closers)
    found = False
    if i < end and texts[i] == "{" and tokens.match.get(i) == i + 2 < end and kinds[i + 1] == "letter":
        pair = (spelling, texts[i + 1])  # \\Delta{t}: braces around a single mark change nothing
        known = phrases.get(spelling)
        if pair in known if known else spelling in tables().prefixes:
            spelling, i, found = f"{spelling} {texts[i + 1]}" if not known else joined(pair), i + 3, True
    for phrase in () if found else phrases.get(spelling, ()):
        if tuple(texts[i - 1 : i - 1 + len(phrase)]) == phrase and i - 1 + len(phrase) <= end:
            spelling, i, found = joined(phrase), i - 1 + len(phrase), True
            break
    if not found and spelling in tables().prefixes and i < end and kinds[i] == "letter" and not phrases.get(spelling):
        spelling, i = f"{spelling} {texts[i]}", i + 1
    while closers and closers[-1] == i:
        closers.pop()
        i += 1
    if closers and len(closers) == 1 and kinds[i] not in ("sub", "sup", "prime"):
        close = closers.pop()
        if all(kinds[n] == "letter" for n in range(i, close)):  # \overline{AB}
            spelling, i = joined([spelling, *texts[i:close]]), close + 1
        else:
            return None
    if len(closers) > 1:
        return None
    for accent in reversed(accents):
        spelling = accented(accent, spelling)
    return Base(spelling, i, closers[0] if closers else -1)


def _figure(tokens: Tokens, command: str, i: int, end: int, inside: object) -> Base | None:
    """``\\angle ABC``: the command with the letters of points right after it, in braces or not."""
    kinds, texts = tokens.kinds, tokens.texts
    braces = i < end and texts[i] == "{"
    if inside:
        return None
    first = stop = i + braces
    if stop < end and kinds[stop] == "number":
        stop += 1
    while stop < end and kinds[stop] == "letter" and (stop == first or braces or not _gap(tokens, stop)):
        stop += 1
        while stop < end and kinds[stop] == "prime":
            stop += 1
        if stop + 1 < end and kinds[stop] == "sub" and stop + 2 < end and kinds[stop + 2] == "letter":
            stop += 2  # the point O_2 with others after it
    if braces and tokens.match.get(i) != stop:
        return None
    points = "".join(texts[first:stop]) if all(len(t) == 1 for t in texts[first:stop]) else joined(texts[first:stop])
    return Base(f"{command} {points}".strip(), stop + braces)


def _gap(tokens: Tokens, i: int) -> bool:
    return tokens.stops[i - 1] != tokens.starts[i]


def spelling_of(latex: str) -> tuple[str, tuple[str, ...], str]:
    """The base, the tokens of the base where it is written with several, and the canonical spelling of a name.

    Raises ValueError where the text is no single name.
    """
    tokens = lex(latex)
    end = len(tokens.texts)
    base = base_at(tokens, 0, end, {}) if tokens.problem is None else None
    if base is None:
        raise ValueError(f"'{latex}' is no name; a name is a letter, a word or an accented letter, with scripts.")
    i = base.after
    stem = base.spelling
    if i < end and tokens.kinds[i] in ("letter", "word") and base.pending < 0:
        stop = i
        while stop < end and tokens.kinds[stop] in ("letter", "word"):
            stop += 1
        stem, i = joined(tokens.texts[:stop]), stop
    several = tuple(tokens.texts[:i]) if tokens.kinds[0] != "accent" else ()
    sub, sup = "", ""
    while i < end:
        kind = tokens.kinds[i]
        if i == base.pending:
            i += 1
            continue
        if kind == "prime":
            sup += "'"
            i += 1
            continue
        if kind not in ("sub", "sup") or i + 1 >= end:
            raise ValueError(f"'{latex}' is no name; '{tokens.texts[i]}' cannot be part of one.")
        first, last, i = script_range(tokens, i + 1)
        text = word(tokens, first, last) or canonical_script(tokens, first, last)
        if kind == "sub":
            sub = text
        else:
            sup = tables().marks.get(text, text)
    return stem, several if len(several) > 1 else (), with_scripts(stem, sub, sup)


def with_scripts(base: str, sub: str, sup: str) -> str:
    r"""``\pi_\theta^*``, ``X^{\text{new}}``, ``f'``."""
    text = base
    if sub:
        text += "_" + braced(sub)
    if sup:
        text += sup if sup.strip("'") == "" else "^" + braced(sup)
    return text


def script_range(tokens: Tokens, i: int) -> tuple[int, int, int]:
    """The tokens of the script that starts at i: first, last (exclusive), and the token after it."""
    if tokens.texts[i] == "{":
        close = tokens.match.get(i, len(tokens.texts))
        first, last = i + 1, close
        while last - first >= 2 and tokens.texts[first] == "{" and tokens.match.get(first) == last - 1:
            first, last = first + 1, last - 1
        return first, last, close + 1
    return i, i + 1, i + 1


def canonical_script(tokens: Tokens, first: int, last: int) -> str:
    """The source of a script with superfluous braces and spaces removed."""
    texts = tokens.texts
    out: list[str] = []
    skip: set[int] = set()
    for i in range(first, last):
        if i in skip:
            continue
        if texts[i] == "{" and tokens.match.get(i) == i + 2:
            skip.add(i + 2)
            continue
        text = texts[i]
        marks = tables().marks
        out.append(marks[text] if text in marks and i and tokens.kinds[i - 1] == "sup" else text)
    return joined(out)
