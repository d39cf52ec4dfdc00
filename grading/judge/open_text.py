"""Texts without an assignment: an equation may be a condition on unknowns, a decimal may be rounded."""

from __future__ import annotations

import re
from typing import Final

from flint import arb

from derive.kernel.chart import RESERVED
from derive.kernel.evaluate import Instance, NotEnclosed, enclose
from derive.kernel.term import Term, add, free_symbols, function_names, neg
from grading.judge.context import Context
from grading.judge.scalar import Outcome
from grading.read.document import Relation

DECIMAL: Final = re.compile(r"\d\.(\d+)")


def softened(relation: Relation, left: Term, right: Term, context: Context) -> Outcome | None:
    """Why a relation that fails somewhere need not be false: a condition on unknowns, or a rounded decimal."""
    symbols = set(free_symbols(left) | free_symbols(right) | function_names(left) | function_names(right)) - RESERVED
    if symbols & context.unknowns:
        names = ", ".join(f"${n}$" for n in sorted(symbols & context.unknowns))
        return Outcome("undecided", "none", f"{names} is an unknown here, so that a point cannot refute this")
    if relation.opens and symbols:
        context.unknowns |= symbols
        return Outcome("condition", "none", "holds for some values only, as an equation for an unknown does")
    for side in (relation.left.latex, relation.right.latex):
        decimals = max((len(d) for d in DECIMAL.findall(side)), default=0)
        if decimals and not symbols and _differ_by_rounding(left, right, decimals, context):
            return Outcome("undecided", "none", "a decimal that may be rounded")
    return None


def _differ_by_rounding(left: Term, right: Term, decimals: int, context: Context) -> bool:
    try:
        gap = enclose(add(left, neg(right)), Instance({}), context.chart(), 128)
    except NotEnclosed:
        return False
    return bool(abs(gap) < arb(1) / 10**decimals)
