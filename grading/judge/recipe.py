r"""Training recipes: a squared loss of a network, what the network is shown, and what it is trained toward.

The minimiser of :math:`E[(f(x_t, t) - s)^2]` is :math:`E[s \mid x_t, t]`; a target that holds a quantity that the
trainer does not know cannot be computed, whatever its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from derive.kernel.term import MINUS_ONE, Term, add, free_symbols, mul, neg, walk
from derive.latex.printer import latex
from grading.assignment import Recipe
from grading.judge.assertion import disowned
from grading.judge.context import Context
from grading.judge.introductions import is_network
from grading.judge.outcome import outcome_under
from grading.judge.relation import Judged
from grading.read.document import Formula, Side
from grading.result import Status

MAXIMISES: Final = re.compile(r"\b(?:maximi[sz]\w*|gradient ascent)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Loss:
    """A squared difference between a network's output and a target, with the line where it stands."""

    network: Term
    target: Term
    latex: str
    line: int
    written: Term
    """The side that holds it, as written."""
    formula: Formula


@dataclass(frozen=True)
class Found:
    """What is to be said of a recipe: ``proved`` (it does what is asked), ``refuted`` or ``undecided``."""

    status: Status
    why: str
    loss: Loss | None = None


def judge_recipe(
    recipe: Recipe, context: Context, judged: Sequence[Judged], lone: Sequence[tuple[Side, Formula]]
) -> Found:
    """Judge the last squared loss that is written in a part."""
    reading = context.readings()[0]
    recipe = replace(recipe, targets=tuple(map(reading, recipe.targets)), inputs=tuple(map(reading, recipe.inputs)))
    losses = list(_losses(context, judged, lone))
    if not losses:
        return Found("undecided", "no squared loss of a network was found among the formulas")
    loss = losses[-1]
    if _turned(loss):
        return Found("undecided", "whether this loss is made small or large could not be decided", loss)
    known = context.problem.reduce(context.chart().expand(loss.target))
    unknown = sorted(free_symbols(known) & recipe.unknown)
    if unknown:
        names = ", ".join(f"${n}$" for n in unknown)
        why = f"the target ${latex(loss.target)}$ holds {names}, which the trainer does not know"
        return Found("refuted", why, loss)
    if not any(loss.target == t for t in recipe.targets):
        wanted = " or ".join(f"${latex(t)}$" for t in recipe.targets)
        return Found("undecided", f"the network is trained toward ${latex(loss.target)}$, not toward {wanted}", loss)
    if any(context.readings()[0](a) in recipe.targets for a in loss.network.children):
        return Found("refuted", f"the network is shown the target ${latex(loss.target)}$ itself", loss)
    if _of_another_sample(loss, recipe, judged):
        return Found("undecided", "the target is another sample than the one that the inputs are made from", loss)
    missing = [i for i in recipe.inputs if not _shown(i, loss.network, recipe, context)]
    if missing:
        names = ", ".join(f"${latex(i)}$" for i in missing)
        return Found("refuted", f"the network is not shown {names}", loss)
    return _noisy_state(recipe, context, judged, loss)


def _losses(context: Context, judged: Sequence[Judged], lone: Sequence[tuple[Side, Formula]]) -> Iterator[Loss]:
    reading = context.readings()[0]
    sides = [
        (s, side.term, j.relation.latex, j.relation.place.line, j.relation.formula)
        for j in judged
        for s, side in ((j.left, j.relation.left), (j.right, j.relation.right))
        if s is not None and side.term is not None and disowned(j.relation) is None
    ]
    sides += [(s.term, s.term, s.latex, s.place.line, f) for s, f in lone if s.term is not None]
    for side, written, text, line, formula in sorted(sides, key=lambda s: s[3]):
        side = reading(side)
        for node in walk(side):
            if node.op != "pow" or node.children[1].op != "num" or node.children[1].value != 2:
                continue
            inside = node.children[0]
            if inside.op == "fn" and inside.name in ("norm", "abs"):
                inside = inside.children[0]
            parts = inside.children if inside.op == "add" else ()
            networks = [p for p in parts if is_network(_unsigned(p), context)]
            if len(networks) == 1:
                rest = [p for p in parts if p is not networks[0]]
                target = add(*(rest if _unsigned(networks[0]) != networks[0] else map(_negated, rest)))
                yield Loss(_unsigned(networks[0]), target, text, line, written, formula)


def _turned(loss: Loss) -> bool:
    """Whether the square stands with a minus sign, or words beside it make it large."""
    if MAXIMISES.search(f"{loss.formula.before} {loss.formula.after}"):
        return True
    side = loss.written
    while side.op == "E" or (side.op == "mul" and side.children[0].op != "num" and len(side.children) == 1):
        side = side.children[0]
    return side.op == "mul" and any(c.op == "num" and c.value < 0 for c in side.children)


def _of_another_sample(loss: Loss, recipe: Recipe, judged: Sequence[Judged]) -> bool:
    """Whether the loss holds samples with numbers, and what else the part writes holds only others."""
    names = {t.name for t in recipe.targets if t.op == "fn" and free_symbols(t)}

    def numbers(side: Term | None) -> set[Term]:
        return {n for n in walk(side) if n.op == "fn" and n.name in names} if side is not None else set()

    sides = [side.term for j in judged for side in (j.relation.left, j.relation.right) if side.term != loss.written]
    others = set().union(*map(numbers, sides))
    return bool(numbers(loss.written)) and bool(others) and not numbers(loss.written) & others


def _unsigned(term: Term) -> Term:
    return mul(*term.children[1:]) if term.op == "mul" and term.children[0] == MINUS_ONE else term


def _negated(term: Term) -> Term:
    inner = _unsigned(term)
    return inner if inner != term else neg(term)


def _shown(wanted: Term, network: Term, recipe: Recipe, context: Context) -> bool:
    """Whether a network's arguments hold an input: the quantity itself, or a target with noise added in its place."""
    reading = context.readings()[0]
    for argument in network.children:
        written = reading(context.unfolded(argument))
        noisy = written.op == "add" and any(t in walk(written) for t in recipe.targets)
        if written == wanted or (noisy and wanted.op == "fn"):
            return True
    return False


def _noisy_state(recipe: Recipe, context: Context, judged: Sequence[Judged], loss: Loss) -> Found:
    """Whether the noisy state that the network is shown is made as the process makes it."""
    states = [i for i in recipe.inputs if i.op == "fn"]
    for state in states:
        for argument in (context.readings()[0](context.unfolded(a)) for a in loss.network.children):
            if argument.op == "add" and any(t in walk(argument) for t in recipe.targets):
                outcome = outcome_under(context.problem, "=", state, argument, context)
                if not outcome.holds:
                    return Found("refuted" if outcome.status == "refuted" else "undecided", outcome.why, loss)
                return Found("proved", "the target is known to the trainer, and the inputs are made from it", loss)
        reading = context.readings()[0]
        made = [
            j.judgement
            for j in judged
            if j.left is not None and reading(j.left) == state and j.relation.kind in ("=", ":=", "≡", "∼")
        ]
        if not any(j.status in ("proved", "supported", "given", "definition") for j in made):
            return Found("undecided", f"how ${latex(state)}$ is made from a sample could not be decided", loss)
    return Found("proved", "the target is known to the trainer, and the inputs are made from it", loss)
