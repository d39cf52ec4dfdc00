r"""Cutting a formula into statements, and statements into sides.

Rows, wide spaces, arrows of implication, commas and text between formulas end a statement; relation signs
separate its sides. What stands inside brackets is never cut.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from derive.latex.lexer import Tokens
from derive.latex.spelling import joined
from derive.latex.tables import tables

_OPERATORS: Final = frozenset({"plus", "minus", "times", "slash", "relation", "over", "arrow"})
_BREAKS: Final = frozenset({"row", "wide", "tab", "implies", "semicolon"})
_TRAILING: Final = frozenset({"stop", "comma", "semicolon", "colon", "wide", "tab"})


@dataclass
class Statement:
    """Token ranges of the sides, and the relations between them."""

    sides: list[tuple[int, int]]
    kinds: tuple[str, ...]
    over: tuple[str, ...]
    leading: str | None
    intro: str
    boxed: bool
    row: int = 0


@dataclass
class _Open:
    """A statement being collected."""

    start: int
    sides: list[tuple[int, int]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    over: list[str] = field(default_factory=list)
    intro: str = ""


def statements(tokens: Tokens) -> tuple[Tokens, list[Statement]]:
    """The statements of a formula; the tokens come back without marks of alignment and boxes around statements."""
    tokens, boxes = _clean(tokens)
    kinds = tokens.kinds
    values = tables().values
    found: list[Statement] = []
    current = _Open(0)
    row = 0
    i, end = 0, len(kinds)
    while i < end:
        kind = kinds[i]
        if kind in ("open", "bar open", "begin"):
            i = tokens.match.get(i, i)
        elif kind == "relation" or kind == "parallel":
            _close_side(tokens, current, i, values[tokens.texts[i]] if kind == "relation" else "∥")
            current.start = i + 1
        elif kind in ("over", "arrow") and _annotated(tokens, i):
            sign, remark, after = _annotated(tokens, i) or ("", "", i + 1)
            _close_side(tokens, current, i, sign)
            current.over[-1] = remark
            current.start = i = after
            continue
        elif kind == "mid":
            i = _to_law(tokens, i)
            continue
        elif kind == "colon" and not current.kinds and _is_label(tokens, current.start, i):
            _finish(tokens, current, i, boxes, found, row)
            current = _Open(i + 1)
        elif kind in _BREAKS or (kind == "comma" and _comma_breaks(tokens, i, current)):
            _finish(tokens, current, i, boxes, found, row)
            row += kind == "row"
            current = _Open(i + 1)
        elif kind == "word" and _is_prose(tokens, i, current):
            _finish(tokens, current, i, boxes, found, row)
            current = _Open(i + 1, intro=tokens.texts[i].removeprefix("\\text{").removesuffix("}"))
        i += 1
    _finish(tokens, current, end, boxes, found, row)
    return tokens, _continued(found)


def _is_label(tokens: Tokens, first: int, last: int) -> bool:
    r"""Whether what stands before a colon names a relation: ``\frac{\partial L}{\partial p} : \; a = 0``."""
    if not any(t in ("\\partial", "\\nabla") or t.startswith("\\text{") for t in tokens.texts[first:last]):
        return False
    n = last + 1
    while n < len(tokens.kinds) and tokens.kinds[n] not in _BREAKS:
        if tokens.kinds[n] == "relation":
            return tables().values[tokens.texts[n]] != "→"
        n = tokens.match.get(n, n) + 1
    return False


def _continued(found: list[Statement]) -> list[Statement]:
    """A row that begins with a relation goes on with what began the row before, not with a remark beside it."""
    joined_up: list[Statement] = []
    heads: dict[int, Statement] = {}
    for statement in found:
        head = heads.get(statement.row - 1)
        if statement.leading and statement.row not in heads and head is not None:
            head.sides += statement.sides
            head.kinds += (statement.leading, *statement.kinds)
            head.over += ("", *statement.over)
            head.boxed |= statement.boxed
            heads[statement.row] = head
        else:
            heads.setdefault(statement.row, statement)
            joined_up.append(statement)
    return joined_up


def _close_side(tokens: Tokens, current: _Open, stop: int, sign: str) -> None:
    while stop > current.start and tokens.kinds[stop - 1] in _TRAILING:
        stop -= 1
    current.sides.append((current.start, stop))
    current.kinds.append(sign)
    current.over.append("")


def _finish(
    tokens: Tokens, current: _Open, stop: int, boxes: list[tuple[int, int]], found: list[Statement], row: int
) -> None:
    """End a statement before token ``stop``; what is empty or only prose leaves none."""
    kinds = tokens.kinds
    while stop > current.start and kinds[stop - 1] in _TRAILING:
        stop -= 1
    start = current.start
    while start < stop and kinds[start] in ("wide", "tab", "comma", "colon"):
        start += 1
    if not current.kinds:
        if start >= stop or current.intro or _equation_number(tokens, start, stop, found):
            return
        pieces = _listed(tokens, start, stop)
        found.extend(Statement([p], (), (), None, "", _boxed(tokens, *p, boxes), row) for p in pieces)
        return
    sides = [*current.sides, (start, stop)]
    first, last = sides[0]
    while first < last and kinds[first] in ("wide", "tab", "comma", "colon"):
        first += 1
    sides[0] = (first, last)
    leading = None
    kinds_list, over = current.kinds, current.over
    if first >= last:
        leading, kinds_list, over, sides = kinds_list[0], kinds_list[1:], over[1:], sides[1:]
    boxed = _boxed(tokens, sides[0][0], stop, boxes)
    found.append(Statement(sides, tuple(kinds_list), tuple(over), leading, current.intro, boxed, row))


def _listed(tokens: Tokens, start: int, stop: int) -> list[tuple[int, int]]:
    """An enumeration without relations, one by one."""
    pieces: list[tuple[int, int]] = []
    first = i = start
    while i < stop:
        if tokens.kinds[i] == "comma":
            pieces.append((first, i))
            first = i + 1
        i = tokens.match.get(i, i) + 1
    pieces.append((first, stop))
    return [p for p in pieces if p[0] < p[1] and not (p[1] - p[0] == 1 and tokens.kinds[p[0]] == "dots")]


def _equation_number(tokens: Tokens, start: int, stop: int, found: list[Statement]) -> bool:
    """Whether this is the number of an equation, as in ``\\quad (2)``."""
    return (
        bool(found)
        and stop - start == 3
        and tokens.texts[start] == "("
        and tokens.kinds[start + 1] == "number"
        and start > 0
        and tokens.kinds[start - 1] == "wide"
    )


def _boxed(tokens: Tokens, start: int, stop: int, boxes: list[tuple[int, int]]) -> bool:
    if any(a < stop and start < b for a, b in boxes):
        return True
    return any(tokens.texts[i] in ("\\boxed", "\\fbox") for i in range(start, stop))


def _annotated(tokens: Tokens, i: int) -> tuple[str, str, int] | None:
    r"""``\overset{remark}{=}`` or ``\xrightarrow{remark}``: the sign, the remark, and the token after it."""
    texts, match = tokens.texts, tokens.match
    arguments: list[tuple[int, int]] = []
    n = i + 1
    wanted = 1 if tokens.kinds[i] == "arrow" else 2
    while n < len(texts) and len(arguments) < wanted:
        if texts[n] == "[" and tokens.kinds[i] == "arrow" and not arguments and n in match:
            n = match[n] + 1
        elif texts[n] == "{" and n in match:
            arguments.append((n + 1, match[n]))
            n = match[n] + 1
        else:
            arguments.append((n, n + 1))
            n += 1
    if len(arguments) < wanted:
        return None
    remark = tokens.latex(*arguments[0])
    if wanted == 1:
        return "→", remark, n
    first, last = arguments[1]
    if last - first != 1 or tokens.kinds[first] != "relation":
        return None
    sign = tables().values[texts[first]]
    if sign == "=" and joined(texts[slice(*arguments[0])]) in tables().definition_marks:
        return ":=", "", n
    if sign == "=":
        sign = tables().equalities.get(joined(texts[slice(*arguments[0])]), sign)
    return sign, remark, n


def _to_law(tokens: Tokens, i: int) -> int:
    r"""After ``A |``: the place of the ``\sim`` that ends its conditions; without one, past ``B = b``."""
    n = i + 1
    equals: int | None = None
    while n < len(tokens.kinds):
        kind = tokens.kinds[n]
        if kind in _BREAKS:
            break
        if kind == "relation":
            sign = tables().values[tokens.texts[n]]
            if sign == "∼":
                return n
            if equals is None:
                equals = n if sign == "=" else -1
        n = tokens.match.get(n, n) + 1
    return equals + 1 if equals is not None and equals > 0 else i + 1


def _comma_breaks(tokens: Tokens, i: int, current: _Open) -> bool:
    """Whether a comma stands between two statements, each with a relation of its own, and not in a list."""
    if not current.kinds:
        return False
    n = i + 1
    while n < len(tokens.kinds):
        kind = tokens.kinds[n]
        if kind == "relation" or kind == "over":
            return True
        if kind in _BREAKS:
            return n == i + 1
        if kind == "comma":
            return False
        if kind == "word" and n == i + 1 and _first_word(tokens.texts[n]) in tables().prose:
            return True
        n = tokens.match.get(n, n) + 1
    return n == i + 1


def _first_word(text: str) -> str:
    found = re.match(r"\\text\{[\s(\[]*([A-Za-z.]+)", text)
    return found[1].lower() if found else ""


def _is_prose(tokens: Tokens, i: int, current: _Open) -> bool:
    """Whether text between formulas is prose; text in the place of a quantity (``+ \\text{noise}``) is not."""
    kinds = tokens.kinds
    before = kinds[i - 1] if i > current.start else ""
    after = kinds[i + 1] if i + 1 < len(kinds) else ""
    if before in _OPERATORS:
        return False
    if before in ("", "wide", "tab", "comma", "row"):
        if i > current.start or current.start == 0 or current.kinds:
            pass
        return (
            after not in _OPERATORS
            and after not in ("sub", "sup", "open")
            and (_first_word(tokens.texts[i]) in tables().prose or before == "wide" or kinds[max(i - 1, 0)] == "wide")
        )
    return _first_word(tokens.texts[i]) in tables().prose


# -- boxes, environments, alignment ----------------------------------------------------------------
def _clean(tokens: Tokens) -> tuple[Tokens, list[tuple[int, int]]]:
    """Remove environments, boxes around statements, and row breaks and spaces inside a side."""
    kinds = tokens.kinds
    if not any(k in ("row", "tab", "wide", "begin", "wrapper") for k in kinds):
        return tokens, []
    drop: set[int] = set()
    boxes: list[tuple[int, int]] = []
    _drop_wrappers(tokens, drop, boxes)
    aligned = "tab" in kinds
    top = [i for i in _top_level(tokens, drop) if i not in drop]
    previous = ""
    aside = False
    row_start: int | None = None
    for position, i in enumerate(top):
        kind = kinds[i]
        if kind not in ("row", "tab", "wide"):
            previous = kind
            row_start = None
            aside = aside or (kind == "word" and _first_word(tokens.texts[i]) in tables().prose)
            continue
        if kind == "row":
            row_start = i
        following = next((j for j in top[position + 1 :] if kinds[j] not in ("row", "tab", "wide")), None)
        after = kinds[following] if following is not None else ""
        joins = previous in _OPERATORS or after in ("relation", "over", "arrow", "times", "slash", "plus")
        if after == "minus" and row_start is None:
            joins = kind == "wide" or joins
            joins = joins or kind == "tab"
        elif after == "minus":
            empty_cell = (
                any(kinds[j] == "tab" for j in top[position + 1 :][: _gap(kinds, top, position)]) or kind != "row"
            )
            has_relation = following is not None and _row_has_relation(tokens, top, position)
            joins = joins or (empty_cell if aligned else not has_relation)
        if kind == "row" and not previous:
            joins = True
        if kind == "row" and aside and after in ("relation", "over"):
            joins = aside = False
        if joins or (kind == "wide" and not previous):
            drop.add(i)
        elif kind in ("wide", "tab") and following is not None:
            aside = True
        elif kind == "row":
            aside = False
    for i, kind in enumerate(kinds):
        if kind == "wide" and i not in drop and i not in top:
            drop.add(i)
    if not drop:
        return tokens, boxes
    cleaned, new_index = without(tokens, drop)
    return cleaned, [(new_index[a], new_index[b]) for a, b in boxes]


def _gap(kinds: list[str], top: list[int], position: int) -> int:
    """How many marks of alignment follow a place."""
    count = 0
    for j in top[position + 1 :]:
        if kinds[j] not in ("row", "tab", "wide"):
            break
        count += 1
    return count


def _row_has_relation(tokens: Tokens, top: list[int], position: int) -> bool:
    for j in top[position + 1 :]:
        if tokens.kinds[j] == "row":
            return False
        if tokens.kinds[j] in ("relation", "over"):
            return True
    return False


def _top_level(tokens: Tokens, drop: set[int]) -> list[int]:
    """Indices of the tokens in no bracket; the brackets of removed boxes do not count."""
    found: list[int] = []
    i = 0
    while i < len(tokens.kinds):
        found.append(i)
        i = i + 1 if i in drop else tokens.match.get(i, i) + 1
    return found


def _drop_wrappers(tokens: Tokens, drop: set[int], boxes: list[tuple[int, int]]) -> None:
    """Mark environments of rows, and boxes that hold a relation, for removal."""
    kinds, texts = tokens.kinds, tokens.texts
    i = 0
    while i < len(kinds):
        if kinds[i] in ("begin", "end") and texts[i] in tables().row_environments:
            drop.add(i)
        elif kinds[i] == "wrapper" and i + 1 < len(kinds) and texts[i + 1] == "{" and i + 1 in tokens.match:
            close = tokens.match[i + 1]
            n = i + 2
            while n < close and kinds[n] not in ("relation", "over", "begin"):
                n = tokens.match.get(n, n) + 1
            if n < close:
                drop.update((i, i + 1, close))
                boxes.append((i, close))
                i += 2
                continue
            i = close
        elif kinds[i] in ("open", "begin"):
            i = tokens.match.get(i, i)
        i += 1


def without(tokens: Tokens, drop: set[int]) -> tuple[Tokens, list[int]]:
    """The tokens with some removed, and for every old index the new one."""
    new_index: list[int] = []
    keep: list[int] = []
    for i in range(len(tokens.kinds)):
        new_index.append(len(keep))
        if i not in drop:
            keep.append(i)
    return (
        Tokens(
            tokens.source,
            [tokens.texts[i] for i in keep],
            [tokens.kinds[i] for i in keep],
            [tokens.starts[i] for i in keep],
            [tokens.stops[i] for i in keep],
            {new_index[a]: new_index[b] for a, b in tokens.match.items() if a not in drop and b not in drop},
            tokens.problem,
        ),
        new_index,
    )
