"""What holds between two sides, given what is known of the random variables in them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from derive.kernel.chart import Bound, Domain
from derive.kernel.term import ZERO, Term, add, div, fn, free_symbols, fresh_symbol, neg, substitute, sym, walk
from derive.kernel.term import replace as swap
from derive.latex.printer import latex
from grading.judge.context import Context
from grading.judge.in_law import same_in_law
from grading.judge.introductions import EQUALITIES
from grading.judge.laws.randomness import Randomness
from grading.judge.meaning import ANY
from grading.judge.optima import compare_problems, is_problem, never_negative
from grading.judge.order import has_order, of_order, spelled
from grading.judge.scalar import SEVERITY, Outcome, Scalars

TURNED: Final = {">": "<", "≥": "≤", "≫": "≪"}


def outcome_under(known: Randomness, kind: str, left: Term, right: Term, context: Context) -> Outcome:
    """The outcome of a relation when this is what is known of the random variables.

    Only what the kernel proved is called proved: a law or moment that is put together here supports.
    """
    outcome = _outcome(known, kind, left, right, context)
    about_laws = kind in ("∼", "≗") or any(side.op == "law" for side in (left, right))
    stated = known.law_is_proved if about_laws else known.proved_of
    if outcome.status == "proved" and left != right and not all(map(stated, (left, right))):
        return replace(
            outcome, status="supported", why=f"{outcome.why}; laws and moments are put together by the judge"
        )
    return outcome


def _outcome(known: Randomness, kind: str, left: Term, right: Term, context: Context) -> Outcome:
    scalars, of = context.scalars(), context.meaning().of
    asked = {reading(ask.quantity) for ask in context.spec.asks for reading in context.readings()}
    about_asked = any(n in asked for side in (left, right) for n in walk(side))
    if kind in EQUALITIES and (is_problem(left) or is_problem(right)):
        return compare_problems(left, right, context)
    left, right = of(left), of(right)
    if context.theory.members is not None:
        left, right = _functions(left, right, context)
    if kind in TURNED:
        kind, left, right = TURNED[kind], right, left
    if kind in EQUALITIES:
        kind = "="
    if kind == "≗":
        one, other = known.law_of(left), known.law_of(right)
        if one is None or other is None:
            return Outcome("undecided", "none", "the law of one of the two sides is not known here")
        return scalars.laws(_reduced_law(known, one), _reduced_law(known, other), scalars.equal)
    if kind == "∼" or (kind == "≈" and right.op == "law" and left.op != "law"):
        law = known.law_of(left) if left.op != "law" else left
        if law is None or not (left.op in ("law", "given") or known.atoms(left)):
            return Outcome("undecided", "none", f"the law of ${latex(left)}$ is not known here")
        compare = scalars.equal if kind == "∼" else scalars.approximate
        return scalars.laws(_reduced_law(known, law), _reduced_law(known, right), compare)
    if left.op == "law" and right.op == "law":
        compare = scalars.approximate if kind == "≈" else scalars.equal
        if kind in ("=", "≈", "→"):
            return scalars.laws(_reduced_law(known, left), _reduced_law(known, right), compare)
    if kind == "=":
        in_law = same_in_law(known, left, right, scalars)
        if in_law is not None:
            return in_law
    left, right = known.reduce(left), known.reduce(right)
    free = known.free(known.atoms(left) | known.atoms(right))
    if known.joint and not free:
        left, right = known.written_out(left), known.written_out(right)
        free = known.free(known.atoms(left) | known.atoms(right))
    open_moments = [t for t in (left, right) if _unreduced(t)]
    atoms = known.atoms(left) | known.atoms(right)
    narrow = next((a for a in atoms if not known.spread(a)), None) if len(atoms) == 1 else None
    if len(atoms) == 1 and not open_moments:
        left, right, scalars = _one_variable(known, left, right, next(iter(atoms)), scalars)
    if len(known.atoms(left) | known.atoms(right)) > 1 and not free:
        open_moments.append(left)
    if has_order(left) or has_order(right):
        if kind in ("=", "≈") and has_order(right):
            return of_order(left, right, scalars)
        left, right = spelled(left), spelled(right)
    if kind == "∝":
        return _proportional(left, right, context)
    if kind == "=":
        # The discrete chain that the writer sets up for what is asked in a limit need only have that limit.
        outcome = scalars.equal(left, right, both_move=about_asked)
    elif kind == "≈":
        outcome = scalars.approximate(left, right)
    elif kind == "→":
        limits = context.spec.regime.limits
        if not limits:
            return Outcome("undecided", "none", "a limit means nothing without what tends to what; none is declared")
        outcome = scalars.tends(left, right, *limits[0])
    elif kind == "≪":
        outcome = scalars.much_smaller(left, right)
    elif kind in ("<", "≤"):
        outcome = scalars.less(left, right, kind == "<")
        if outcome.status == "undecided" and kind == "≤" and context.theory.members is not None:
            outcome = never_negative(context.chart().expand(add(right, neg(left))), context) or outcome
    else:
        return Outcome("undecided", "none", f"relations of the kind '{kind}' are not judged yet")
    if outcome.status != "proved" and kind == "=" and known.atoms(left) and known.atoms(right) and not free:
        by_law = _laws_agree(known, left, right, context)
        if by_law is not None:
            return by_law
    if outcome.status in ("refuted", "leading-order") and narrow is not None:
        return Outcome("undecided", "none", f"which values ${latex(narrow)}$ takes is not known here")
    if outcome.status not in ("proved", "undecided") and open_moments:
        # Unknown moments and several random variables are related in ways that are not declared here.
        return Outcome("undecided", "none", f"nothing is proved here about ${latex(open_moments[0])}$")
    return outcome


def _functions(left: Term, right: Term, context: Context) -> tuple[Term, Term]:
    r"""Two functions named without arguments, or at any (:math:`\cdot`), at one and the same arguments."""
    sides = [left, right]
    functions = context.chart().functions
    named = [s.op == "sym" and s.name in functions for s in sides]
    for n in (0, 1):
        side, other = sides[n], sides[1 - n]
        if side.op == "fn" and side.name in functions and any(a in ANY for a in side.children):
            parameters = functions[side.name].parameters
            sides[n] = fn(
                side.name, *(sym(p) if a in ANY else a for a, p in zip(side.children, parameters, strict=False))
            )
        elif named[n] and named[1 - n]:
            first = functions[left.name]
            if len(functions[side.name].parameters) == len(first.parameters):
                sides[n] = fn(side.name, *map(sym, first.parameters))
        elif (
            named[n]
            and other.op == "fn"
            and other.name in functions
            and len(functions[side.name].parameters) == len(other.children)
        ):
            sides[n] = fn(side.name, *other.children)
    return sides[0], sides[1]


def _proportional(left: Term, right: Term, context: Context) -> Outcome:
    """left ∝ right: their quotient is the same for all values of the labels that run."""
    chart = context.chart()
    ratio = div(left, right)
    running = [
        n
        for n in sorted((free_symbols(left) | free_symbols(right)) & context.theory.indices)
        if chart.domains[n].kind == "label"
    ]
    if not running:
        return Outcome("undecided", "none", "what this proportionality runs over is not declared")
    outcomes: list[Outcome] = []
    for name in running:
        other = fresh_symbol(name, frozenset(chart.domains))
        scalars = replace(context.scalars(), chart=chart.extend(domains={other.name: Domain("label")}))
        outcomes.append(scalars.equal(ratio, substitute(ratio, {name: other})))
    return max(outcomes, key=lambda o: SEVERITY.index(o.status))


def _one_variable(
    known: Randomness, left: Term, right: Term, variable: Term, scalars: Scalars
) -> tuple[Term, Term, Scalars]:
    """Two sides in one random variable: multiples of it are compared by their factors, else it is any number."""
    factors = [known.factor(side, variable) for side in (left, right)]
    if all(f is not None for f in factors):
        one, other = (f for f in factors if f is not None)
        return one, other, scalars
    letter = fresh_symbol(latex(variable), frozenset(scalars.chart.domains))
    inside = any(n.op == "fn" and n.name == "log" and variable in walk(n) for s in (left, right) for n in walk(s))
    domain = Domain("real", Bound(ZERO, True)) if inside else Domain()
    scalars = replace(scalars, chart=scalars.chart.extend(domains={letter.name: domain}))
    return swap(left, variable, letter), swap(right, variable, letter), scalars


def _laws_agree(known: Randomness, left: Term, right: Term, context: Context) -> Outcome | None:
    """Random variables that are equal have one law: laws that differ refute, one law supports."""
    one, other = known.law_of(left), known.law_of(right)
    if one is None or other is None:
        return None
    outcome = context.scalars().laws(_reduced_law(known, one), _reduced_law(known, other), context.scalars().equal)
    if outcome.holds and outcome.method != "limit":
        return Outcome("supported", "law", f"both sides have the law ${latex(one)}$")
    if outcome.status in ("refuted", "leading-order"):
        return Outcome("refuted", "law", f"the two sides have different laws: {outcome.why}", outcome.counterexample)
    return None


def _reduced_law(known: Randomness, law: Term) -> Term:
    return Term("law", (law.name, *(known.reduce(p) for p in law.children))) if law.op == "law" else law


def _unreduced(side: Term) -> bool:
    return any(n.op in ("E", "given") or (n.op == "fn" and n.name in ("Var", "Cov")) for n in _walk(side))


def _walk(side: Term) -> list[Term]:
    return list(walk(side))
