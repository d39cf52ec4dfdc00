r"""Proving equations: the kernel decides; where it cannot, sums, products and integrals are closed first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Chart
from derive.kernel.equality import DEFAULT, Budget, Witness, decide
from derive.kernel.fact import Fact
from derive.kernel.rules.scope import inside, names_in
from derive.kernel.term import BINDERS, ONE, Term, free_symbols, fresh_symbol, rebuild, substitute, walk
from derive.search.limit import limit_term, spelled_out
from derive.search.peeling import peeled
from derive.search.primitives import integrated
from derive.search.telescoping import telescoped_product

Proof = Literal["structural", "balls", "normal form", "laws", "rules", "none"]
CLOSABLE = frozenset({"sum", "prod", "int", "at"})
MAX_CLOSED = 16


@dataclass(frozen=True)
class Outcome:
    """The verdict on an equation (None: undecided), how it was found and why; ``fact`` where the kernel made one."""

    verdict: bool | None
    method: Proof
    why: str
    witness: Witness | None = None
    fact: Fact | None = None


def prove_equal(left: Term, right: Term, chart: Chart, budget: Budget = DEFAULT, *, sympy: bool = True) -> Outcome:
    """Decide left = right; where the kernel alone cannot, close both sides and let it decide again.

    ``sympy`` allows certificates to be looked for with SymPy (the kernel checks them all the same). A limit in a
    defined symbol, :math:`\\Delta t := 1/T` say, is read as the limit of what defines it.
    """
    left, right = spelled_out(left, chart), spelled_out(right, chart)
    decision = decide(left, right, chart, budget)
    if decision.verdict is not None:
        fact = _equal(left, right, chart) if decision.verdict else None
        return Outcome(decision.verdict, decision.method, decision.why, decision.witness, fact)
    if not any(node.op in CLOSABLE | {"lim"} for side in (left, right) for node in walk(chart.expand(side))):
        return Outcome(None, decision.method, decision.why)
    shorter = peeled(left, right, chart)
    if shorter is not None:
        found = _joined(*shorter, chart, budget)
        if found.verdict is not None:
            return found
    one, other = closed(left, chart, sympy=sympy), closed(right, chart, sympy=sympy)
    if one is None or other is None:
        return Outcome(None, decision.method, decision.why)
    return _joined(one, other, chart, budget)


def _joined(one: Fact, other: Fact, chart: Chart, budget: Budget) -> Outcome:
    """What follows for two sides from what they are equal to."""
    last = decide(one.right, other.right, chart, budget)
    if last.verdict is not True:
        return Outcome(last.verdict, last.method, last.why, last.witness)
    try:
        fact = rules.transitive(rules.restate(one, right=other.right), rules.symmetric(other))
    except Refused as error:
        return Outcome(None, "none", str(error))
    return Outcome(
        True, "rules", "Sums, products and integrals are closed, and the kernel decides the rest.", None, fact
    )


def _equal(left: Term, right: Term, chart: Chart) -> Fact | None:
    try:
        return rules.equal(left, right, chart)
    except Refused:
        return None


def closed(term: Term, chart: Chart, *, sympy: bool = True) -> Fact | None:
    """The fact ``term = closed form``, with every sum, product and integral in it closed that can be.

    None where the term is not shown to be defined; a term without any such thing equals itself.
    """
    fact = _itself(term, chart)
    if fact is None:
        return None
    failed: set[Term] = set()
    for _ in range(MAX_CLOSED):
        target = _innermost(fact.right, frozenset(), failed)
        if target is None:
            break
        equation = closed_binder(target, chart, sympy=sympy)
        if equation is None:
            failed.add(target)
            continue
        try:
            fact = rules.rewrite(fact, equation, "right")
        except Refused:
            failed.add(target)
    return fact


def _itself(term: Term, chart: Chart) -> Fact | None:
    """The fact ``term = term``, or with its limits, which exist only where they are found, replaced by their values."""
    fact = _equal(term, term, chart)
    if fact is not None or not any(node.op == "lim" for node in walk(term)):
        return fact
    equations: dict[str, Fact] = {}
    form = _with_places(term, chart, equations)
    try:
        return rules.congruent(form, equations)
    except Refused:
        return None


def _with_places(term: Term, chart: Chart, equations: dict[str, Fact]) -> Term:
    """The term with each limit that is found replaced by a new symbol, of which ``equations`` tells the value."""
    if term.op == "lim":
        equation = limit_term(term, chart)
        if equation is None:
            return term
        place = fresh_symbol("l", names_in(chart) | free_symbols(term) | equations.keys())
        equations[place.name] = equation
        return place
    if term.op in BINDERS:
        return term
    return rebuild(term, lambda child: _with_places(child, chart, equations))


def _innermost(term: Term, bound: frozenset[str], failed: set[Term]) -> Term | None:
    """The first closable subterm that depends on no bound symbol and holds no closable subterm of that kind."""
    within = bound
    if term.op in BINDERS:
        within = bound | {term.children[1].name}
    for i, child in enumerate(term.children):
        found = _innermost(child, within if i == 0 else bound, failed)
        if found is not None:
            return found
    if term.op in CLOSABLE and term not in failed and not free_symbols(term) & bound:
        return term
    return None


def closed_binder(term: Term, chart: Chart, *, sympy: bool = True) -> Fact | None:
    """The fact ``binder = closed form`` for one sum, product, integral or evaluation, or None."""
    if term.op == "prod":
        return telescoped_product(term, chart) or _constant_product(term, chart)
    if term.op == "int":
        return integrated(term, chart, sympy=sympy)
    if term.op == "sum":
        return _telescoped_sum(term, chart, sympy=sympy)
    if term.op == "at":
        try:
            return rules.evaluate_at(term, chart)
        except Refused:
            return None
    return None


def _constant_product(product: Term, chart: Chart) -> Fact | None:
    """A product of equal factors is a power: f(k) = c^(-k) telescopes."""
    body, variable = product.children[:2]
    if variable.name in free_symbols(body):
        return None
    try:
        return rules.telescope(product, (ONE / body) ** variable, chart)
    except Refused:
        return None


def _telescoped_sum(series: Term, chart: Chart, *, sympy: bool) -> Fact | None:
    body, variable = series.children[:2]
    if variable.name not in free_symbols(chart.expand(body)):
        guess: Term | None = body * variable
    elif sympy:
        from derive.search import sympy_bridge

        fresh, inner, _ = inside(series, chart)
        guess = sympy_bridge.telescoping_difference(chart.expand(inner), fresh)
        guess = guess and substitute(guess, {fresh.name: variable})
    else:
        guess = None
    if guess is None:
        return None
    try:
        return rules.telescope(series, guess, chart, rising=True)
    except Refused:
        return None
