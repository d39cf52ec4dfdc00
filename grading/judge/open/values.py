r"""Results that are no single number: tuples, sets, lists, intervals and their unions, matrices, ratios, both signs.

Sets of reals are compared by their points: at every end and between two neighbouring ends both contain the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from flint import arb

from derive.kernel.chart import Chart
from derive.kernel.evaluate import Instance, enclose
from derive.kernel.functions import NotEnclosed
from derive.kernel.term import INFINITY, MINUS_ONE, ZERO, Term, add, div, fn, free_symbols, mul, neg, rebuild, walk
from derive.latex.printer import latex
from grading.judge.scalar import Outcome
from grading.result import Status

Scalar = Callable[[Term, Term], Outcome]
LISTS: Final = frozenset({"tuple", "matrix", "row", "angle brackets"})
SETS: Final = frozenset({"set", "list"})
SIGNS: Final = frozenset({"±", "∓"})
EMPTY: Final = frozenset({"\\emptyset", "\\varnothing"})
REALS: Final = "\\mathbb R"
MAX_MEMBERS: Final = 40
NOT_COMPARED: Final = "these two kinds of results are not compared"


def structured(value: Term) -> bool:
    """Whether a value is no single number or expression."""
    if value.op == "fn" and (value.name in LISTS | SETS | {"∪", "ratio"} or value.name.startswith("interval")):
        return True
    return _infinite(value) is not None or value.op == "sym" and value.name in EMPTY | {REALS} or _signed(value)


def compare_values(left: Term, right: Term, scalar: Scalar, chart: Chart) -> Outcome:
    """Whether two values are the same; ``scalar`` compares numbers and expressions."""
    left, right = _plain(left), _plain(right)
    if not structured(left) and not structured(right):
        return scalar(left, right)
    if _is_real_set(left) or _is_real_set(right):
        return _real_sets(left, right, scalar, chart)
    ends = _infinite(left), _infinite(right)
    if ends != (None, None):
        if None not in ends:
            return _said(ends[0] == ends[1], "both are infinite", "the infinities have different signs")
        other = right if ends[0] is not None else left
        finite = not structured(other) and _value(other, chart) is not None
        return _said(False, "", "one is infinite") if finite else _open("whether one side is finite is not known")
    kinds = _kind(left), _kind(right)
    if kinds == ("set", "set"):
        return _same_set(left.children, right.children, scalar, chart)
    if kinds == ("list", "list"):
        return _same_list(_entries(left), _entries(right), scalar, chart)
    if kinds.count("set") == 1:
        members, one = (left.children, right) if kinds[0] == "set" else (right.children, left)
        return _same_set(members, (one,), scalar, chart)
    if "list" in kinds:
        return _said(False, "", "one is a list in order, the other is not")
    return _open(NOT_COMPARED)


def _plain(value: Term) -> Term:
    """Both signs as a set, ratios as quotients, one in brackets as itself."""
    if value.op == "sym" and value.name in EMPTY:
        return fn("set")
    if value.op == "fn" and value.name == "ratio" and len(value.children) == 2:
        return div(*value.children)
    if value.op == "fn" and value.name in SETS:
        members = [m for c in value.children for m in (_plain(c).children if _signed(c) else (c,))]
        return fn("set", *members)
    if _signed(value):
        return fn("set", _with_sign(value, 1), _with_sign(value, -1))
    return value


def _signed(value: Term) -> bool:
    return any(n.op == "fn" and n.name in SIGNS for n in walk(value))


def _with_sign(root: Term, sign: int) -> Term:
    if root.op == "fn" and root.name in SIGNS:
        inner = _with_sign(root.children[0], sign)
        return inner if (sign > 0) == (root.name == "±") else neg(inner)
    return rebuild(root, lambda child: _with_sign(child, sign))


def _kind(value: Term) -> str:
    if value.op == "fn" and value.name == "set":
        return "set"
    return "list" if value.op == "fn" and value.name in LISTS else "one"


def _entries(value: Term) -> tuple[tuple[int, ...], tuple[Term, ...]]:
    """The shape and the entries of a tuple or matrix; a matrix with one column or row is a vector."""
    if value.name != "matrix":
        return (len(value.children),), value.children
    rows = [r.children if r.op == "fn" and r.name == "row" else (r,) for r in value.children]
    entries = tuple(e for r in rows for e in r)
    widths = {len(r) for r in rows}
    if len(rows) == 1 or widths == {1}:
        return (len(entries),), entries
    return (len(rows), *sorted(widths)), entries


def _same_list(
    left: tuple[tuple[int, ...], tuple[Term, ...]],
    right: tuple[tuple[int, ...], tuple[Term, ...]],
    scalar: Scalar,
    chart: Chart,
) -> Outcome:
    if left[0] != right[0]:
        return _said(False, "", "they have different sizes")
    outcomes = [compare_values(a, b, scalar, chart) for a, b in zip(left[1], right[1], strict=True)]
    wrong = next((n for n, o in enumerate(outcomes) if o.status in ("refuted", "leading-order")), None)
    if wrong is not None:
        o = outcomes[wrong]
        return Outcome(o.status, o.method, f"entry {wrong + 1} differs: {o.why}", o.counterexample)
    unsettled = next((o for o in outcomes if not o.holds), None)
    return unsettled or Outcome(_weakest(outcomes), "entries", "all entries agree")


def _weakest(outcomes: Sequence[Outcome]) -> Status:
    return "supported" if any(o.status == "supported" for o in outcomes) else "proved"


def _same_set(left: Sequence[Term], right: Sequence[Term], scalar: Scalar, chart: Chart) -> Outcome:
    """Each member of one is a member of the other."""
    if len(left) > MAX_MEMBERS or len(right) > MAX_MEMBERS:
        return _open(f"sets of more than {MAX_MEMBERS} members are not compared")
    doubt: Outcome | None = None
    found: list[Outcome] = []
    table = {(a, b): compare_values(a, b, scalar, chart) for a in left for b in right}
    for members, others, swap in ((left, right, False), (right, left, True)):
        for a in members:
            outcomes = [table[(b, a) if swap else (a, b)] for b in others]
            holding = next((o for o in outcomes if o.holds), None)
            if holding is not None:
                found.append(holding)
            elif all(o.status == "refuted" for o in outcomes) and _apart(a, others, scalar):
                return _said(False, "", f"${latex(a)}$ is in one and not in the other")
            else:
                unsettled = _open(f"${latex(a)}$ may be another member for other values")
                doubt = next((o for o in outcomes if o.status != "refuted"), unsettled)
    return doubt or Outcome(_weakest(found), "members", "both have the same members")


def _apart(member: Term, others: Sequence[Term], scalar: Scalar) -> bool:
    """Whether at one point a member differs from all others; of numbers that is so where it differs from each."""
    if len(others) < 2 or not any(free_symbols(t) for t in (member, *others)):
        return True
    gaps = mul(*(add(member, neg(b)) for b in others))
    return not any(map(structured, (member, *others))) and scalar(gaps, ZERO).status == "refuted"


# -- sets of reals -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Piece:
    """An interval; an end that is None is infinite."""

    low: Term | None
    high: Term | None
    closed_low: bool
    closed_high: bool


def _is_real_set(value: Term) -> bool:
    if value.op == "sym":
        return value.name == REALS
    return value.op == "fn" and (value.name.startswith("interval") or value.name == "∪")


def pieces(value: Term) -> list[Piece] | None:
    """The intervals that a set of reals is the union of; None where it is none."""
    if value.op == "sym" and value.name == REALS:
        return [Piece(None, None, False, False)]
    if value.op != "fn":
        return None
    if value.name == "∪":
        # The reader takes the braces of a set with one member for brackets.
        parts = [pieces(_plain(c)) if structured(c) else [Piece(c, c, True, True)] for c in value.children]
        return None if None in parts else [p for part in parts if part is not None for p in part]
    if value.name == "set":
        return [Piece(m, m, True, True) for m in value.children]
    if len(value.children) != 2 or not (value.name == "tuple" or value.name.startswith("interval")):
        return None
    brackets = {"tuple": "()", "interval": "[]"}.get(value.name, value.name[-2:])
    low, high = value.children
    ends = _infinite(low), _infinite(high)
    if ends[0] == 1 or ends[1] == -1:
        return None
    return [
        Piece(
            None if ends[0] else low,
            None if ends[1] else high,
            brackets[0] == "[" and not ends[0],
            brackets[1] == "]" and not ends[1],
        )
    ]


def _real_sets(left: Term, right: Term, scalar: Scalar, chart: Chart) -> Outcome:
    one, other = pieces(left), pieces(right)
    if one is None or other is None:
        lost = left if one is None else right
        number = not structured(lost) and _value(lost, chart) is not None
        apart = number or (lost.op == "fn" and lost.name in LISTS)
        return _said(False, "", "one is a set of reals, the other is not") if apart else _open(NOT_COMPARED)
    places = _ordered([e for p in (*one, *other) for e in (p.low, p.high) if e is not None], scalar, chart)
    if isinstance(places, Outcome):
        return places if len(one) != 1 or len(other) != 1 else _same_ends(one[0], other[0], scalar, places)
    rank = {e: n for n, group in enumerate(places) for e in group}
    for half in range(-1, 2 * len(places)):  # even: a place, odd: between two places, or beyond all of them
        inside = [any(_holds(p, half, rank) for p in side) for side in (one, other)]
        if inside[0] != inside[1]:
            where = f"${latex(places[half // 2][0])}$ is" if half % 2 == 0 else "an interval of points is"
            return _said(False, "", f"{where} in one and not in the other")
    return _said(True, "both contain the same points", "")


def _same_ends(one: Piece, other: Piece, scalar: Scalar, doubt: Outcome) -> Outcome:
    """Two intervals whose ends hold symbols: equal when the ends are."""
    if (one.closed_low, one.closed_high) != (other.closed_low, other.closed_high):
        return doubt
    for a, b in ((one.low, other.low), (one.high, other.high)):
        if (a is None) != (b is None) or (a is not None and b is not None and not scalar(a, b).holds):
            return doubt
    return _said(True, "the ends agree", "")


def _holds(piece: Piece, half: int, rank: dict[Term, int]) -> bool:
    low = -2 if piece.low is None else 2 * rank[piece.low]
    high = 10**9 if piece.high is None else 2 * rank[piece.high]
    return (
        low < half < high
        or (half == low and piece.closed_low and half <= high)
        or (half == high and piece.closed_high and half >= low)
    )


def _ordered(ends: Sequence[Term], scalar: Scalar, chart: Chart) -> list[list[Term]] | Outcome:
    """The ends in groups of equal ones, in rising order; an outcome where that is not settled."""
    groups: list[list[Term]] = []
    for end in dict.fromkeys(ends):
        same = next((g for g in groups if scalar(g[0], end).holds), None)
        if same is not None:
            same.append(end)
        else:
            groups.append([end])
    values = [_value(g[0], chart) for g in groups]
    if any(v is None for v in values):
        return _open("the order of the ends is not known")
    keyed = sorted(zip(values, groups, strict=True), key=lambda pair: float((pair[0] or arb(0)).mid()))
    if any(not bool((a or arb(0)) < (b or arb(0))) for (a, _), (b, _) in pairwise(keyed)):
        return _open("the order of the ends is not known")
    return [g for _, g in keyed]


# -- words and numbers ---------------------------------------------------------------------------------------
def _infinite(value: Term) -> int | None:
    if value == INFINITY:
        return 1
    return -1 if value in (mul(MINUS_ONE, INFINITY), neg(INFINITY)) else None


def _value(term: Term, chart: Chart) -> arb | None:
    try:
        value = enclose(term, Instance({}), chart, 256)
    except (NotEnclosed, ValueError):
        return None
    return value if value.is_finite() else None


def _said(equal: bool, yes: str, no: str) -> Outcome:
    return Outcome("proved", "values", yes) if equal else Outcome("refuted", "values", no)


def _open(why: str) -> Outcome:
    return Outcome("undecided", "none", why)
