"""Judging without an assignment: one relation or chain, or a whole text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from derive.errors import DeriveError
from derive.kernel.chart import Condition
from derive.kernel.equality import decide
from derive.kernel.term import free_symbols
from derive.latex.tables import tables
from derive.theory.loader import RegimeEntry, empty, links, regime, theory
from derive.theory.model import Theory
from grading.assignment import PartSpec
from grading.judge.context import open_context
from grading.judge.open.conventions import EQUAL, conventional, understood
from grading.judge.open.numbers import DEGREE
from grading.judge.relation import Judged
from grading.judge.scalar import Scalars
from grading.judge.steps import judge_in
from grading.read import read_answer
from grading.result import Judgement

OPEN = "$$"
DISPLAYS = tables().row_environments - {"aligned", "gathered", "split"}


def check(
    latex: str,
    *,
    theory: str | Path | None = None,
    define: Sequence[str] = (),
    regime: str | Sequence[str] | None = None,
) -> tuple[Judgement, ...]:
    """Every relation of one formula, judged; DeriveError where the theory or a definition is unusable."""
    spec = formula_spec(theory, define, regime)
    if not latex.strip():
        raise DeriveError("There is no formula to check.")
    wrapped = displayed(latex)
    shift = len(OPEN) if wrapped is not latex else 0
    judged = _judged(wrapped, spec)
    if theory is None:
        judged = tuple(_by_convention(j, spec.theory) for j in judged)
    if not judged:
        raise DeriveError(f"'{latex}' states no relation; write one such as 'a = b'.")
    found = (j.judgement for j in judged)
    return tuple(replace(j, column=j.column - shift) if j.line == 1 else j for j in found)


def check_text(
    text: str,
    *,
    theory: str | Path | None = None,
    define: Sequence[str] = (),
    regime: str | Sequence[str] | None = None,
) -> tuple[Judgement, ...]:
    """Every relation of a whole text, judged in order; the writer's definitions hold from where they stand.

    DeriveError where the theory or a definition is unusable.
    """
    spec = formula_spec(theory, define, regime)
    if theory is None:
        from grading.judge.open.text import judge_text  # a bare formula does not need it

        return judge_text(text, read_answer(text, spec.theory.notation), spec.theory.notation, spec.theory.chart)
    return tuple(j.judgement for j in _judged(text, spec))


def displayed(latex: str) -> str:
    """A bare formula between display marks; what has marks of its own stays as it is."""
    marked = (
        re.search(r"(?<!\\)\$", latex) is not None
        or "\\[" in latex
        or "\\(" in latex
        or any(f"\\begin{{{name}}}" in latex for name in DISPLAYS)
    )
    return latex if marked else f"{OPEN}{latex}{OPEN}"


# -- the context of a free-standing formula ------------------------------------------------------------------
def _judged(text: str, spec: PartSpec) -> tuple[Judged, ...]:
    context = open_context(spec)
    return tuple(j for part in read_answer(text, spec.theory.notation).parts for j in judge_in(context, part).judged)


def _by_convention(judged: Judged, declared: Theory) -> Judged:
    """The judgement of a relation of which nothing is declared, where common conventions decide it otherwise."""
    left, right, now = judged.relation.left.term, judged.relation.right.term, judged.judgement
    outcome = conventional(judged.relation, "", declared.notation, declared.chart)
    if outcome is None and left is not None and right is not None and now.status in ("refuted", "undecided"):
        chart = understood(declared.chart, left, right)
        if judged.relation.kind in EQUAL and (
            chart.domains.keys() != declared.chart.domains.keys() or DEGREE in free_symbols(left) | free_symbols(right)
        ):
            outcome = Scalars(chart, None).equal(left, right)
    if outcome is None:
        return judged
    shown = outcome.counterexample
    return replace(
        judged,
        judgement=replace(now, status=outcome.status, method=outcome.method, why=outcome.why, counterexample=shown),
    )


def formula_spec(name: str | Path | None, define: Sequence[str], small: str | Sequence[str] | None) -> PartSpec:
    """What a free-standing formula is judged with; DeriveError where the theory or a definition is unusable."""
    declared = empty(closed=False) if name is None else theory(name)
    for text in define:
        declared = _defined(declared, text)
    chains = [small] if isinstance(small, str) else list(small or ())
    entry = RegimeEntry(
        orders=[c for c in chains if "\\ll" in c or "≪" in c],
        limits=[c for c in chains if "\\ll" not in c and "≪" not in c],
    )
    return PartSpec(
        id="",
        problem="",
        label="",
        title="",
        points=0.0,
        theory=declared,
        regime=declared.regime.extend(regime(entry, declared.notation, "the regime")),
        asks=(),
        exact=False,
        symbols=None,
        without=frozenset(),
        facts=declared.facts,
        premises=(),
        given=(),
        also={},
        review=None,
    )


def _defined(declared: Theory, text: str) -> Theory:
    chart = declared.chart
    for kind, left, right in links(text, declared.notation, f"the definition '{text}'"):
        if kind not in ("=", ":=", "≡"):
            raise DeriveError(f"The definition '{text}' is no equation.")
        if decide(left, right, chart).verdict is True:
            continue
        if left.op == "sym" and left.name not in free_symbols(right):
            chart = chart.extend(definitions={left.name: right})
        else:
            chart = chart.extend(conditions=(Condition("=", left, right),))
    return replace(declared, chart=chart)
