"""Judging without an assignment: one relation or chain, a whole text, or two formulas against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from derive.errors import DeriveError
from derive.kernel.chart import Condition
from derive.kernel.equality import decide
from derive.kernel.term import Term, free_symbols
from derive.latex.tables import tables
from derive.theory.loader import RegimeEntry, empty, links, regime, theory
from derive.theory.model import Theory
from grading.assignment import PartSpec
from grading.judge.context import Context, open_context
from grading.judge.outcome import outcome_under
from grading.judge.steps import judge_in, judge_relations
from grading.read import read_answer
from grading.read.document import Part, Relation, Side
from grading.result import Comparison, Judgement

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
    spec = _spec(theory, define, regime)
    if not latex.strip():
        raise DeriveError("There is no formula to check.")
    wrapped = _displayed(latex)
    shift = len(OPEN) if wrapped is not latex else 0
    judged = _judged(wrapped, spec)
    if not judged:
        raise DeriveError(f"'{latex}' states no relation; write one such as 'a = b'.")
    return tuple(replace(j, column=j.column - shift) if j.line == 1 else j for j in judged)


def check_text(
    text: str,
    *,
    theory: str | Path | None = None,
    define: Sequence[str] = (),
    regime: str | Sequence[str] | None = None,
) -> tuple[Judgement, ...]:
    """Every relation of a whole text, judged in order; the writer's definitions hold from where they stand."""
    spec = _spec(theory, define, regime)
    if theory is None:
        from grading.judge.open_text import judge_text  # a bare formula does not need it

        return judge_text(text, read_answer(text, spec.theory.notation), spec.theory.notation, spec.theory.chart)
    return _judged(text, spec)


def compare(
    gold: str,
    answer: str,
    *,
    theory: str | Path | None = None,
    define: Sequence[str] = (),
    regime: str | Sequence[str] | None = None,
) -> Comparison:
    """Whether the answer's last side equals the gold's and both chains hold; never raises on a string."""
    spec = _spec(theory, define, regime)
    sides: list[Term] = []
    labels: list[Term | None] = []
    for role, latex in (("gold", gold), ("answer", answer)):
        part = _only(latex, spec)
        problem = _unread(part)
        if problem is not None:
            return Comparison(None, "unread", "none", f"the {role} cannot be read: {problem}")
        label, value, relations = _labelled(part, spec)
        for j in _chain(spec, relations):
            if j.status in ("undecided", "unread"):
                return Comparison(None, "undecided", "none", f"in the {role}, {j.latex}: {j.why}")
            if j.status in ("refuted", "leading-order"):
                return Comparison(False, j.status, j.method, f"in the {role}, {j.latex}: {j.why}", j.counterexample)
        sides.append(value)
        labels.append(label)
    context = open_context(spec)
    if labels[0] is not None and labels[1] is not None and not _alike(labels[0], labels[1], context):
        return Comparison(False, "refuted", "label", "the two sides are statements about different quantities")
    kind = "∼" if sides[0].op == "law" and sides[1].op == "law" else "="
    unknown = context.undeclared(sides[0]) + context.undeclared(sides[1])
    if unknown:
        names = ", ".join(f"${n}$" for n in dict.fromkeys(unknown))
        return Comparison(None, "undecided", "none", f"{names}: not declared in the theory")
    outcome = outcome_under(context.problem, kind, sides[0], sides[1], context)
    equal = {"proved": True, "supported": True, "refuted": False, "leading-order": False}.get(outcome.status)
    return Comparison(equal, outcome.status, outcome.method, outcome.why, outcome.counterexample)


# -- reading what is compared ------------------------------------------------------------------------------
def _displayed(latex: str) -> str:
    """A bare formula between display marks; what has marks of its own stays as it is."""
    marked = "$" in latex or "\\[" in latex or any(f"\\begin{{{name}}}" in latex for name in DISPLAYS)
    return latex if marked else f"{OPEN}{latex}{OPEN}"


def _only(latex: str, spec: PartSpec) -> Part:
    wrapped = _displayed(latex)
    parts = read_answer(wrapped, spec.theory.notation).parts
    joined = Part("", "", parts[0].place, latex, (), ()) if parts else None
    if joined is None:
        raise DeriveError("There is no formula to compare.")
    for p in parts:
        joined = replace(
            joined, relations=joined.relations + p.relations, expressions=joined.expressions + p.expressions
        )
    return joined


def _unread(part: Part) -> str | None:
    if not part.relations and not part.expressions:
        return "it holds no formula"
    sides: list[Side] = [s for r in part.relations for s in (r.left, r.right)]
    sides += [s for s, _ in part.expressions]
    return next((s.problem or "unknown reason" for s in sides if s.term is None), None)


def _labelled(part: Part, spec: PartSpec) -> tuple[Term | None, Term, tuple[Relation, ...]]:
    """A chain's label (a lone quantity on its left), its last side, and the relations that must hold."""
    if not part.relations:
        term = part.expressions[-1][0].term
        if term is None:
            raise DeriveError("The formula could not be read.")
        return None, term, ()
    last = part.relations[-1]
    chain = [r for r in part.relations if r.chain == last.chain]
    first, value = chain[0].left.term, last.right.term
    if first is None or value is None:
        raise DeriveError("The formula could not be read.")
    names_something = first.op == "sym" or (first.op == "fn" and first.name not in ("log", "exp", "logistic"))
    if names_something and chain[0].kind in ("=", "∼", ":=", "≡"):
        return first, value, part.relations
    return None, value, part.relations


def _chain(spec: PartSpec, relations: tuple[Relation, ...]) -> list[Judgement]:
    if not relations:
        return []
    part = Part("", "", relations[0].place, "", relations)
    judged = judge_relations(spec, part).judged
    kept: list[Judgement] = []
    for j in judged:
        # A label that nothing is known of names the value; it claims nothing that could fail.
        label = j.relation.opens and j.left is not None and j.left.op in ("sym", "fn")
        if label and (not spec.theory.chart.closed or j.judgement.status == "undecided"):
            continue
        kept.append(j.judgement)
    return kept


def _alike(left: Term, right: Term, context: Context) -> bool:
    from grading.judge.match import same

    return same(left, right, context.chart())


# -- the context of a free-standing formula ------------------------------------------------------------------
def _judged(text: str, spec: PartSpec) -> tuple[Judgement, ...]:
    context = open_context(spec)
    return tuple(
        j.judgement for part in read_answer(text, spec.theory.notation).parts for j in judge_in(context, part).judged
    )


def _spec(name: str | Path | None, define: Sequence[str], small: str | Sequence[str] | None) -> PartSpec:
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
