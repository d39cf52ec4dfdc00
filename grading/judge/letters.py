"""Relations in letters that nobody declared: true for every value of them, or not judged."""

from __future__ import annotations

from dataclasses import replace

from derive.kernel.chart import Bound, Chart, Domain, Regime
from derive.kernel.term import ONE, ZERO, Term, free_symbols, function_names, sym
from grading.judge.context import Context
from grading.judge.scalar import Outcome, Scalars


def for_any_letter(kind: str, left: Term, right: Term, unknown: list[str], context: Context) -> Outcome | None:
    """An equation that holds for every real value of undeclared letters, or a first-order expansion in a small one."""
    if (function_names(left) | function_names(right)) & {*unknown} or kind not in ("=", "≈"):
        return None
    of = context.meaning().of
    left, right = of(left), of(right)
    if kind == "=":
        chart = context.chart().extend(domains={n: Domain() for n in unknown})
        outcome = replace(context.scalars(), chart=chart).equal(left, right)
        letters = ", ".join(f"${n}$" for n in unknown)
        return replace(outcome, why=f"for every {letters}: {outcome.why}") if outcome.status == "proved" else None
    if len(unknown) != 1 or free_symbols(left) | free_symbols(right) != {*unknown}:
        return None
    [letter] = unknown
    small = Domain("real", Bound(ZERO, True), Bound(ONE, True))
    regime = Regime(((sym(letter), ONE),))
    outcome = Scalars(Chart({letter: small}), regime).approximate(left, right)
    return replace(outcome, why=f"for a small ${letter}$: {outcome.why}") if outcome.holds else None
