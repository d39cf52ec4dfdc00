r"""Conditions for an optimum: what holds at the solution once a writer has set a derivative to zero.

With a multiplier, :math:`r - \beta(\log\frac{p}{q} + 1) + \lambda = 0`, the condition is solved for it at the solution
that the assignment declares. It can be met only if that value is the same for every answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from derive.kernel.chart import Domain
from derive.kernel.term import (
    ONE,
    ZERO,
    Term,
    add,
    div,
    free_symbols,
    fresh_symbol,
    function_names,
    neg,
    num,
    substitute,
)
from grading.judge.context import Context, Defined
from grading.judge.optima import with_policy
from grading.judge.outcome import outcome_under
from grading.judge.scalar import Outcome

TWO: Final = num(2)
SOLUTION: Final = "solution"
"""How a relation is judged that says what the policy optimised over is at the solution."""


def at_optimum(side: Term, context: Context) -> Term:
    """A side, the writer's definitions written out, with the solution in the place of each policy optimised over."""
    side = context.meaning().of(context.unfolded(side))
    for policy, best in context.spec.optimum.items():
        side = with_policy(side, policy, best)
    return side


def multiplier(left: Term, right: Term, unknown: list[str], context: Context) -> Outcome | None:
    """An equation with one new letter, which must be the same for every answer: a multiplier, or a constant."""
    if len(unknown) != 1 or not (context.stationary or concerns(left, right, context)):
        return None
    [letter] = unknown
    if letter in function_names(left) | function_names(right):
        return None
    gap = add(at_optimum(left, context), neg(at_optimum(right, context)))
    at = [substitute(gap, {letter: n}) for n in (ZERO, ONE, TWO)]
    scalars = context.scalars()
    slope = add(at[1], neg(at[0]))
    if not scalars.same(add(at[2], neg(at[1])), slope) or scalars.same(slope, ZERO):
        return None
    value = neg(div(at[0], slope))
    if not constant(value, context):
        why = f"no constant ${letter}$ makes this hold for every answer at the solution"
        return Outcome("refuted", "optimum", why)
    context.define(Defined(letter, (), value))
    context.stationary = True
    return Outcome("condition", "optimum", f"holds at the solution for one constant ${letter}$")


def constant(value: Term, context: Context) -> bool:
    """Whether a quantity is proved to be the same for all values of the labels that run."""
    chart = context.chart()
    running = [n for n in free_symbols(value) & context.theory.indices if chart.domains[n].kind == "label"]
    for name in running:
        other = fresh_symbol(name, frozenset(chart.domains) | free_symbols(value))
        wider = chart.extend(domains={other.name: Domain("label")})
        if not replace(context.scalars(), chart=wider).same(value, substitute(value, {name: other})):
            return False
    return True


def concerns(left: Term, right: Term, context: Context) -> bool:
    """Whether an equation speaks of a policy that this part optimises over."""
    sides = [context.meaning().of(context.unfolded(side)) for side in (left, right)]
    return any((function_names(side) | free_symbols(side)) & context.spec.optimum.keys() for side in sides)


def holds_there(kind: str, left: Term, right: Term, context: Context) -> Outcome | None:
    """The outcome of a relation at the solution, if it speaks of a policy that is optimised over and holds there."""
    if not concerns(left, right, context):
        return None
    outcome = outcome_under(context.problem, kind, at_optimum(left, context), at_optimum(right, context), context)
    return replace(outcome, why=f"at the solution: {outcome.why}") if outcome.holds else None
