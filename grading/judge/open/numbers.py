r"""When are two numbers that differ said to be equal? Units, percent signs, degrees and rounding in open texts.

``50 \times 2 = 100 \text{ cm}`` speaks of numbers with a unit, ``3/8 = 37.5\%`` of a hundredth or of a unit, and
``2/3 = 0.67`` of a rounded value. A link is false only where it is so in every one of these readings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Final

from flint import arb

from derive.kernel.chart import Chart
from derive.kernel.evaluate import Instance, enclose
from derive.kernel.functions import NotEnclosed
from derive.kernel.term import E_NUMBER, ONE, PI, Term, add, fn, free_symbols, mul, neg, num, rebuild, substitute, walk
from derive.latex.lexer import Unread
from derive.latex.notation import Notation
from derive.latex.parser import parse
from grading.read.document import Relation, Side

DEGREE: Final = "^\\circ"
RIGHT_ANGLES: Final = PI * num(1, 180)
DECIMAL: Final = re.compile(r"(?<![\d.])(\d[\d,]*|)\.(\d+)(?!\d)")
_TRIGONOMETRIC: Final = frozenset({"sin", "cos", "tan", "cot", "sec", "csc"})
_PERCENT: Final = re.compile(r"\\?%|\\text\s*\{\s*(?:percent|\\%)\s*\}")
_UNIT: Final = re.compile(r"(?<=[\d)}])(?:\\[,;: ]|~|\s)*\\(?:text|mathrm|textrm|mbox)\s*\{\s*([^{}]*?)\s*\}|(\\\$)")
_REMARK: Final = re.compile(r"(?<=[\d}])\s*(?:\\[,;: ])?\(\s*\\text\s*\{\s*([^{}]*?)\s*\}\s*\)")
"""``100 (\\text{first day})``: a remark in brackets says what a number counts."""


@dataclass(frozen=True)
class Reading:
    """Both sides as numbers or expressions, in one convention."""

    left: Term
    right: Term


@dataclass
class Rounded:
    """Decimals that were got by rounding, and are therefore not exact when they are used again."""

    values: set[Fraction] = field(default_factory=set)

    def note(self, side: Term) -> None:
        """Remember the decimals of a side."""
        for node in walk(side):
            if node.op == "num" and node.value.denominator != 1:
                self.values.add(abs(node.value))

    def within(self, left: Term, right: Term, chart: Chart, slack: arb) -> bool:
        """Whether some choice of the exact values behind rounded decimals may make left and right agree."""
        used = sorted({abs(n.value) for n in walk(left) if n.op == "num" and abs(n.value) in self.values})[:3]
        if not used:
            return False
        signs: set[bool] = set()
        for shifts in product((-1, 1), repeat=len(used)):
            moved = left
            for value, shift in zip(used, shifts, strict=True):
                moved = _moved(moved, value, value + shift * _unit_in_last_place(value))
            gap = difference(moved, right, chart)
            if gap is None or bool(abs(gap) <= slack) or gap.contains(0):
                return True
            signs.add(bool(gap > 0))
        return len(signs) > 1


def difference(left: Term, right: Term, chart: Chart) -> arb | None:
    """left - right for sides without symbols."""
    try:
        return enclose(add(left, neg(right)), Instance({}), chart, 128)
    except (NotEnclosed, ValueError):
        return None


def decimals(latex: str, term: Term) -> int:
    """The most digits after a decimal point in a sum or product of numbers; arguments of functions do not count."""
    shown = {Fraction(f"{m[1].replace(',', '') or 0}.{m[2]}"): len(m[2]) for m in DECIMAL.finditer(latex)}
    return max((shown.get(abs(n), 0) for n in _summands(term)), default=0) if shown else 0


def _summands(term: Term) -> list[Fraction]:
    if term.op in ("add", "mul"):
        return [n for c in term.children for n in _summands(c)]
    return [term.value] if term.op == "num" else []


def readings(relation: Relation, left: Term, right: Term, notation: Notation) -> list[Reading]:
    """The conventions in which a relation may be meant, the literal one first."""
    found = [Reading(left, right)]
    if "%" in relation.latex:
        plain = [_without_percent(s, t, notation) for s, t in ((relation.left, left), (relation.right, right))]
        found += [Reading(plain[0], right), Reading(left, plain[1]), Reading(plain[0], plain[1])]
    if DEGREE in _symbols(left) | _symbols(right):
        found = [Reading(_put(r.left, DEGREE, v), _put(r.right, DEGREE, v)) for r in found for v in (RIGHT_ANGLES, ONE)]
    if any(_bare_angle(n) for r in found for side in (r.left, r.right) for n in walk(side)):
        found += [Reading(_angles_in_degrees(r.left), _angles_in_degrees(r.right)) for r in found]
    named = units(relation.left) | units(relation.right)
    named |= {f"\\text{{{m[1]}}}" for m in _REMARK.finditer(relation.latex)}
    return [Reading(without_units(r.left, named), without_units(r.right, named)) for r in found]


def _bare_angle(node: Term) -> bool:
    """``\\sin 45``: a number that may be meant in degrees."""
    if node.op != "fn" or node.name not in _TRIGONOMETRIC or free_symbols(node):
        return False
    return not any(n.op == "const" for n in walk(node)) and any(n.op == "num" and n.value != 0 for n in walk(node))


def _angles_in_degrees(root: Term) -> Term:
    node = rebuild(root, _angles_in_degrees)
    return fn(node.name, mul(*node.children, RIGHT_ANGLES)) if _bare_angle(root) else node


def euler_or_a_letter(side: Term) -> bool:
    """``9 + e``: an e that is no base of a power may be a letter like any other."""
    children = ((node, n, child) for node in walk(side) for n, child in enumerate(node.children))
    return any(child == E_NUMBER and not (node.op == "pow" and n == 0) for node, n, child in children)


def units(side: Side) -> frozenset[str]:
    """The words and signs that stand as units: right after a number, or for money before it."""
    return frozenset(m[2] or f"\\text{{{m[1]}}}" for m in _UNIT.finditer(side.latex))


def without_units(side: Term, named: frozenset[str]) -> Term:
    """A side with every unit left out."""
    return substitute(side, dict.fromkeys(named, ONE)) if named else side


def _put(side: Term, name: str, value: Term) -> Term:
    return substitute(side, {name: value})


def _symbols(side: Term) -> set[str]:
    return {n.name for n in walk(side) if n.op == "sym"}


def _without_percent(side: Side, term: Term, notation: Notation) -> Term:
    if "%" not in side.latex:
        return term
    try:
        return parse(_PERCENT.sub(" ", side.latex), notation)
    except Unread:
        return term


def _unit_in_last_place(value: Fraction) -> Fraction:
    places = 0
    while (value * 10**places).denominator != 1 and places < 12:
        places += 1
    return Fraction(1, 10**places)


def _moved(root: Term, old: Fraction, new: Fraction) -> Term:
    if root.op == "num" and abs(root.value) == old:
        return num(new if root.value > 0 else -new)
    return rebuild(root, lambda child: _moved(child, old, new))
