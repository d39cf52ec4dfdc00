"""Two results against each other: formulas, laws, labelled results, chains, sets, intervals, equations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from derive.errors import DeriveError
from derive.kernel.term import INFINITY, MINUS_ONE, ONE, Term, fn, free_symbols, mul, substitute
from derive.latex.tables import tables
from grading.assignment import PartSpec
from grading.checker import displayed, formula_spec
from grading.judge.context import Context, open_context
from grading.judge.match import same
from grading.judge.open.consequence import Equations
from grading.judge.open.imaginary import IMAGINARY, equal_complex
from grading.judge.open.numbers import DEGREE, RIGHT_ANGLES, units
from grading.judge.open.values import compare_values
from grading.judge.outcome import outcome_under
from grading.judge.scalar import Outcome
from grading.judge.steps import judge_relations
from grading.read import read_answer
from grading.read.document import Part, Relation, Side
from grading.result import Comparison, Judgement

ORDERS: Final = frozenset({"<", "≤", ">", "≥"})
BOX: Final = r"\boxed"
_AND: Final = re.compile(r",?\s*\\text\s*\{\s*,?\s*(?:and|or)\s*\}")
_PROSE: Final = re.compile(r"\\text\s*\{[\s(]*([A-Za-z.]+)[^{}]*\}\s*(?=[^\s.,;$\\}]|\\(?!\]|\)|end|quad|text))")


@dataclass(frozen=True)
class Result:
    """What one side states: a value, whose it is, and the relations that must hold for that."""

    value: Term
    label: Term | None = None
    claims: tuple[Relation, ...] = ()
    equation: tuple[Term, Term] | None = None
    named: frozenset[str] = frozenset()
    """Units beside the numbers."""


class Unusable(Exception):
    """The side states no result that could be compared; the message says why."""


def compare(
    gold: str,
    answer: str,
    *,
    theory: str | Path | None = None,
    define: Sequence[str] = (),
    regime: str | Sequence[str] | None = None,
) -> Comparison:
    """Whether the answer states the same result as the gold, and both chains hold; never raises on a string.

    Lists and sets are compared as sets, tuples and matrices by their entries, intervals and inequalities in one
    symbol by their points, equations by their solutions; a unit that only one side names does not count.
    Of a text only what it boxes is its result; where it boxes nothing, what its formulas state.
    """
    spec = formula_spec(theory, define, regime)
    results: list[Result] = []
    for role, latex in (("gold", gold), ("answer", answer)):
        try:
            result = _result(latex, spec)
        except Unusable as error:
            return Comparison(None, "unread", "none", f"the {role} cannot be read: {error}")
        for j in _chain(spec, result.claims):
            if j.status in ("undecided", "unread"):
                return Comparison(None, "undecided", "none", f"in the {role}, {j.latex}: {j.why}")
            if j.status in ("refuted", "leading-order"):
                return Comparison(False, j.status, j.method, f"in the {role}, {j.latex}: {j.why}", j.counterexample)
        results.append(result)
    outcome = _compared(results[0], results[1], open_context(spec))
    equal = {"proved": True, "supported": True, "refuted": False, "leading-order": False}.get(outcome.status)
    return Comparison(equal, outcome.status, outcome.method, outcome.why, outcome.counterexample)


def _compared(gold: Result, answer: Result, context: Context) -> Outcome:
    if gold.equation is not None and answer.equation is not None:
        if None in (gold.label, answer.label):
            return _equations(gold.equation, answer.equation, context)
        if gold.label != answer.label and free_symbols(gold.value) | free_symbols(answer.value):
            solved = _equations(gold.equation, answer.equation, context)  # for one symbol or for the other
            if solved.holds:
                return solved
    elif (gold.equation is None) != (answer.equation is None) and None in (gold.label, answer.label):
        lone = gold if gold.equation is not None else answer
        if lone.label is None:
            return Outcome("undecided", "none", "an equation is not compared with a value")
    if gold.label is not None and answer.label is not None and not same(gold.label, answer.label, context.chart()):
        return Outcome("refuted", "label", "the two sides are statements about different quantities")
    if gold.named and answer.named and gold.named != answer.named:
        return Outcome("undecided", "none", "the two sides have different units")
    names = (gold.named | answer.named) - {DEGREE}
    left, right = (substitute(r.value, dict.fromkeys(names, ONE)) for r in (gold, answer))
    unknown = context.undeclared(left) + context.undeclared(right)
    if unknown:
        listed = ", ".join(f"${n}$" for n in dict.fromkeys(unknown))
        return Outcome("undecided", "none", f"{listed}: not declared in the theory")
    outcomes = [_values(a, b, context) for a, b in _in_degrees(left, right)]
    return next((o for o in outcomes if o.holds), outcomes[0])


def _in_degrees(left: Term, right: Term) -> list[tuple[Term, Term]]:
    """Degrees as parts of a circle, and where just one side writes the sign also left out."""
    signs = DEGREE in free_symbols(left), DEGREE in free_symbols(right)
    if not any(signs):
        return [(left, right)]
    readings = [{DEGREE: RIGHT_ANGLES}] if all(signs) else [{DEGREE: RIGHT_ANGLES}, {DEGREE: ONE}]
    return [(substitute(left, r), substitute(right, r)) for r in readings]


def _values(left: Term, right: Term, context: Context) -> Outcome:
    def scalar(a: Term, b: Term) -> Outcome:
        open_chart = not context.chart().closed
        if open_chart and IMAGINARY in free_symbols(a) | free_symbols(b):
            return equal_complex(a, b)
        kind = "∼" if a.op == "law" and b.op == "law" else "="
        return outcome_under(context.problem, kind, a, b, context)

    return compare_values(left, right, scalar, context.chart())


def _equations(gold: tuple[Term, Term], answer: tuple[Term, Term], context: Context) -> Outcome:
    """Two equations: each follows from the other, or (as polynomials) they have other solutions."""
    chart = context.chart()
    ways = []
    for stated, claim in ((gold, answer), (answer, gold)):
        known = Equations(chart)
        known.state(*stated)
        ways.append(known.find(*claim).kind)
        if ways[-1] == "contradicts" or known.rewritten_wrongly(*claim):
            return Outcome("refuted", "equations", "the two equations have different solutions")
    if ways == ["follows", "follows"]:
        return Outcome("proved", "equations", "each equation follows from the other")
    return Outcome("undecided", "none", "whether the equations have the same solutions is not known")


# -- what a side states --------------------------------------------------------------------------------------
def _result(latex: str, spec: PartSpec) -> Result:
    latex = _AND.sub(", ", latex)
    part = _only(displayed(latex), spec)
    problem = _unread(part)
    if problem is not None and BOX in latex:
        part = _only(latex, spec)  # prose around a box
        problem = _unread(part)
    if problem is not None:
        raise Unusable(problem)
    found = _stated(part)
    sides = [s for r in part.relations for s in (r.left, r.right)] + [s for s, _ in part.expressions]
    degrees = {DEGREE} if DEGREE in free_symbols(found.value) else set()
    return replace(found, named=frozenset().union(*map(units, sides)) | degrees)


def _only(latex: str, spec: PartSpec) -> Part:
    if any(m[1].lower() in tables().prose for m in _PROSE.finditer(latex)):
        raise Unusable("words stand inside the formula; write the result alone")
    parts = read_answer(latex, spec.theory.notation).parts
    if not parts:
        raise Unusable("there is no formula")
    joined = Part("", "", parts[0].place, latex, (), ())
    for p in parts:
        joined = replace(
            joined, relations=joined.relations + p.relations, expressions=joined.expressions + p.expressions
        )
    return _boxed(joined) if BOX in latex else joined


def _boxed(part: Part) -> Part:
    """The chains and formulas that hold a box, each once; a text may repeat its result."""
    chains: dict[int, list[Relation]] = {}
    for r in part.relations:
        chains.setdefault(r.chain, []).append(r)
    stated = {tuple(r.latex for r in c): c for c in chains.values() if any(BOX in r.formula.latex for r in c)}
    alone = {side.latex: (side, formula) for side, formula in part.expressions if BOX in formula.latex}
    if alone and stated:
        raise Unusable("several results are boxed, of which some are equations")
    return replace(part, relations=tuple(r for c in stated.values() for r in c), expressions=tuple(alone.values()))


def _unread(part: Part) -> str | None:
    if not part.relations and not part.expressions:
        return "it holds no formula"
    sides: list[Side] = [s for r in part.relations for s in (r.left, r.right)]
    sides += [s for s, _ in part.expressions]
    return next((s.problem or "unknown reason" for s in sides if s.term is None), None)


def _stated(part: Part) -> Result:
    if not part.relations:
        terms = [s.term for s, _ in part.expressions if s.term is not None]
        return Result(terms[0] if len(terms) == 1 else fn("list", *terms))
    chains: dict[int, list[Relation]] = {}
    for r in part.relations:
        chains.setdefault(r.chain, []).append(r)
    ranges = [_range(c) for c in chains.values()]
    if all(r is not None for r in ranges):
        pieces = [r for r in ranges if r is not None]
        if len({label for label, _ in pieces}) == 1:
            return Result(pieces[0][1] if len(pieces) == 1 else fn("∪", *(p for _, p in pieces)), pieces[0][0])
    results = [_chain_result(c, part.relations) for c in chains.values()]
    labels = [r.label for r in results]
    if len(results) > 1 and None not in labels and all(r.equation is not None for r in results):
        if len(set(labels)) == 1:
            return Result(fn("set", *(r.value for r in results)), labels[0])
        if len(set(labels)) == len(labels):
            pairs = sorted(((r.label, r.value) for r in results), key=lambda pair: str(pair[0]))
            names = fn("tuple", *(a for a, _ in pairs if a is not None))
            return Result(fn("tuple", *(b for _, b in pairs)), names)
    if len({r.value for r in results}) > 1 and any(BOX in r.formula.latex for r in part.relations):
        raise Unusable("several different results are boxed")
    return results[-1]


def _chain_result(chain: Sequence[Relation], relations: tuple[Relation, ...]) -> Result:
    """A chain's label (a lone quantity on its left), and its last side."""
    first, value = chain[0].left.term, chain[-1].right.term
    if first is None or value is None:
        raise DeriveError("A side without a term has no result.")
    names_something = first.op == "sym" or (first.op == "fn" and first.name not in ("log", "exp", "logistic"))
    equation = (first, value) if len(chain) == 1 and chain[0].kind == "=" else None
    if chain[0].kind == "∈" and len(chain) == 1:
        return Result(value, first)
    if names_something and chain[0].kind in ("=", "∼", ":=", "≡"):
        return Result(value, first, relations, equation if first.op == "sym" else None)
    if equation is not None and free_symbols(first):
        return Result(value, None, (), equation)
    return Result(value, None, relations)


def _range(chain: Sequence[Relation]) -> tuple[Term, Term] | None:
    """``0 \\le x < 1`` as its symbol and the interval."""
    sides = [chain[0].left.term, *(r.right.term for r in chain)]
    kinds = [r.kind for r in chain]
    if not set(kinds) <= ORDERS or len(chain) > 2 or None in sides:
        return None
    if len(chain) == 2 and (kinds[0] in "<≤") != (kinds[1] in "<≤"):
        return None
    terms = [s for s in sides if s is not None]
    if kinds[0] in ">≥":
        terms, kinds = terms[::-1], [{">": "<", "≥": "≤"}[k] for k in reversed(kinds)]
    at = next((n for n, t in enumerate(terms) if t.op == "sym"), None)
    if at is None or (len(terms) == 3 and at != 1):
        return None
    if any(terms[at].name in free_symbols(t) for n, t in enumerate(terms) if n != at):
        return None
    low = terms[at - 1] if at > 0 else mul(MINUS_ONE, INFINITY)
    high = terms[at + 1] if at + 1 < len(terms) else INFINITY
    opening = "[" if at > 0 and kinds[at - 1] == "≤" else "("
    closing = "]" if at + 1 < len(terms) and kinds[at] == "≤" else ")"
    return terms[at], fn(f"interval {opening}{closing}", low, high)


def _chain(spec: PartSpec, relations: tuple[Relation, ...]) -> list[Judgement]:
    if not relations:
        return []
    part = Part("", "", relations[0].place, "", relations)
    kept: list[Judgement] = []
    for j in judge_relations(spec, part).judged:
        # A label that nothing is known of names the value; it claims nothing that could fail.
        label = j.relation.opens and j.left is not None and j.left.op in ("sym", "fn")
        if label and (not spec.theory.chart.closed or j.judgement.status == "undecided"):
            continue
        kept.append(j.judgement)
    return kept
