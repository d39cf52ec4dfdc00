r"""Congruences and divisions with remainder between numbers: ``7^2 \equiv 4 \pmod 5``, ``17 ÷ 5 = 3 remainder 2``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import gcd
from typing import Final

from flint import fmpq

from derive.kernel.chart import Chart
from derive.kernel.evaluate import Instance, evaluate
from derive.kernel.functions import NotEnclosed
from derive.kernel.term import Term, free_symbols
from derive.latex.lexer import Unread
from derive.latex.notation import Notation
from derive.latex.parser import parse
from grading.judge.scalar import Outcome
from grading.read.document import Relation
from grading.result import Counterexample

_NUMBER: Final = r"(\d{1,3}(?:(?:,|\{,\})\d{3})+|\d+)"
_MARKS: Final = r"[\s$]*(?:\\[()\[\],;])?[\s$]*"
MODULUS: Final = re.compile(
    rf"\(?{_MARKS}(?:\\pmod|\\bmod|\\mod|\\text\{{\s*\(?mod\s*\}}|\bmod(?:ulo)?\b|\\mathrm\{{mod\}})(?:\\[,;: ]|\s)*"
    rf"\{{?{_NUMBER}\}}?\s*(?:\\text\{{\)\}})?\)?"
)
DIVISION: Final = re.compile(
    rf"(?<![\d.,)}}!^])(?P<whole>(?:{_NUMBER}{_MARKS}(?:÷|\\div|/){_MARKS}{_NUMBER}|\\d?frac\{{{_NUMBER}\}}\{{{_NUMBER}\}})"
    rf"{_MARKS}={_MARKS}{_NUMBER}){_MARKS}(?:\\text\{{\s*)?(?:[a-z]+\s+){{0,3}}[,(]?\s*(?:with|and|leaving)?\s*(?:an?|the)?\s*"
    rf"(?:remainder|R)\b\s*(?:of|is|=)?\s*\}}?{_MARKS}{_NUMBER}(?!\d|\.\d|\s*[-+*/^]|\s*\\(?:cdot|times|div|d?frac))"
)
_FACTOR: Final = re.compile(r"(?:[-+*/^×·÷]|\\times|\\cdot|\\div)\s*$")


@dataclass(frozen=True)
class Division:
    """A division with remainder as a text states it, [start, stop) of the text, ``quotient`` without remainder."""

    start: int
    stop: int
    latex: str
    outcome: Outcome


def divisions(text: str) -> list[Division]:
    """Every ``a ÷ b = q with remainder r`` of a text, judged: it says that a = bq + r."""
    found: list[Division] = []
    for match in DIVISION.finditer(text):
        if _FACTOR.search(text, max(0, match.start() - 10), match.start()):
            continue
        a, b, q, r = (int(re.sub(r"\D", "", g)) for g in match.groups()[1:] if g)
        value = b * q + r
        shown = rf"{a} \div {b} = {q} \text{{ remainder }} {r}"
        if value == a and r < b:
            outcome = Outcome("proved", "division", f"${a} = {b} \\cdot {q} + {r}$")
        elif value == a:
            outcome = Outcome("undecided", "none", f"${a} = {b} \\cdot {q} + {r}$, but ${r}$ is not below ${b}$")
        else:
            why = f"${b} \\cdot {q} + {r} = {value}$, not ${a}$"
            outcome = Outcome("refuted", "division", why, Counterexample({}, str(a), str(value)))
        found.append(Division(match.start(), match.end(), shown, outcome))
    return found


def modulus(text: str) -> int | None:
    """The only modulus that a text mentions."""
    found = {re.sub(r"\D", "", m[1]) for m in MODULUS.finditer(text)}
    return int(found.pop()) if len(found) == 1 else None


def congruence(relation: Relation, around: str, notation: Notation, chart: Chart) -> Outcome | None:
    """A link between integers modulo the number that its formula (or else its text) names; None where it is none."""
    named = modulus(relation.formula.latex) or modulus(around)
    if relation.kind not in ("≡", "="):
        return None
    if named is None or named < 2:
        return _unknown_modulus(relation, chart)
    values: list[int] = []
    for side in (relation.left, relation.right):
        bare = MODULUS.sub("", side.latex)
        term = side.term if bare == side.latex else _parsed(bare, notation)
        value = None if term is None else _residue(term, named, chart)
        if value is None:
            return _unknown_modulus(relation, chart)
        values.append(value)
    left, right = values
    if (left - right) % named == 0:
        return Outcome("proved", "congruence", f"both sides leave the remainder ${left % named}$ modulo ${named}$")
    why = f"modulo ${named}$ the left side is ${left % named}$ and the right side ${right % named}$"
    return Outcome("refuted", "congruence", why, Counterexample({}, f"{left % named}", f"{right % named}"))


def _parsed(latex: str, notation: Notation) -> Term | None:
    try:
        return parse(latex, notation)
    except Unread:
        return None


def _unknown_modulus(relation: Relation, chart: Chart) -> Outcome | None:
    """Numbers that are said to be congruent, of which no modulus is known: only equal ones are so for certain."""
    left, right = relation.left.term, relation.right.term
    if relation.kind != "≡" or left is None or right is None or free_symbols(left) | free_symbols(right):
        return None
    if _rational(left, chart) is not None and _rational(left, chart) == _rational(right, chart):
        return None
    return Outcome("undecided", "none", "a congruence whose modulus is not known")


def _residue(term: Term, modulus: int, chart: Chart) -> int | None:
    """A number modulo another; a fraction where its denominator can be inverted."""
    value = _rational(term, chart)
    if value is None or gcd(int(value.q), modulus) != 1:
        return None
    return int(value.p) * pow(int(value.q), -1, modulus) % modulus


def _rational(term: Term, chart: Chart) -> fmpq | None:
    try:
        value = evaluate(chart.expand(term), Instance({}), chart)
    except (NotEnclosed, ValueError):
        return None
    return value if isinstance(value, fmpq) else None
