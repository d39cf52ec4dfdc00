"""What a part offers as its result: statements of the asked quantity that end in a finished value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from derive.kernel.term import Term, free_symbols, function_names, substitute, sym, walk
from grading.assignment import Ask, PartSpec
from grading.judge.context import Context
from grading.judge.in_law import law_given
from grading.judge.laws.randomness import fixed_condition
from grading.judge.match import same
from grading.judge.order import has_order
from grading.judge.relation import Judged
from grading.judge.stationary import SOLUTION, at_optimum
from grading.judge.steps import Judgeable
from grading.read.document import Relation

UNFINISHED = frozenset({"sum", "prod", "int", "sumset", "lim", "at", "diff", "E", "given"})
"""Operators that a finished result does not contain."""


OPEN = frozenset({"int", "lim", "at"})
"""Operators that even a result in sums and expectations does not contain."""

CARRYING = frozenset({"=", "≈", "→", "∼", ":=", "≡"})
"""Relations that carry a value on; an inequality does not."""
EXACT = frozenset({"=", "∼", ":=", "≡"})


@dataclass(frozen=True)
class Candidate:
    """A statement of what the part asks: the relations that lead from the quantity to the last finished value.

    ``values`` are all finished values on the way; ``kind`` is ``=`` where every relation is exact, else ``≈``.
    """

    values: tuple[Term, ...]
    links: tuple[Judged, ...]
    kind: str

    @property
    def last(self) -> Relation:
        """The relation that states the value."""
        return self.links[-1].relation


def candidates(ask: Ask, work: Judgeable) -> list[Candidate]:
    """Every finished statement of the asked quantity, in order of writing."""
    found: list[Candidate] = []
    stated = _stated(ask, work)
    unfold = partial(_unfolded, stated=stated, context=work.context)
    for start, first in enumerate(work.judged):
        if first.left is None or first.relation.quoted or not asked(ask, first, work.context):
            continue
        links: list[Judged] = []
        values: list[Term] = []
        best: Candidate | None = None
        for link in work.judged[start:]:
            if link.relation.chain != first.relation.chain or link.relation.kind not in CARRYING or link.right is None:
                break
            links.append(link)
            exact = all(j.relation.kind in EXACT for j in links)
            value = None if link.judgement.status == "given" else _value(ask, unfold(link.right), work.context)
            if (
                value is not None
                and not {ask.quantity, *ask.also} & {*walk(value)}
                and _finished(value, work.context.spec)
            ):
                values.append(value)
                # Where the exact result is asked, an approximation after it is a remark.
                if exact or best is None or not work.context.spec.exact:
                    best = Candidate(tuple(values), tuple(links), "=" if exact else "≈")
        if best is not None:
            found.append(best)
    return found


def _stated(ask: Ask, work: Judgeable) -> dict[str, Term]:
    """Symbols that the theory defines, other than what is asked, with what the writer rightly says they are."""
    defined = work.context.theory.chart.definitions
    return {
        j.left.name: j.right
        for j in work.judged
        if j.left is not None
        and j.right is not None
        and j.judgement.status == "proved"
        and j.relation.opens
        and j.relation.kind in EXACT
        and j.left.op == "sym"
        and j.left.name in defined
        and j.left != ask.quantity
        and j.left.name not in free_symbols(j.right)
    }


def _unfolded(value: Term, stated: dict[str, Term], context: Context) -> Term:
    """A value with what the writer defined, or repeated of the theory's definitions, written out."""
    return context.unfolded(substitute(context.unfolded(value), stated))


def asked(ask: Ask, link: Judged, context: Context) -> bool:
    """Whether a relation begins a statement of the asked quantity, in the reading in which it was judged."""
    key = ask.latex, link.relation.kind, link.left
    if key not in context.answers:
        context.answers[key] = _asked(ask, link, context)
    return context.answers[key]


def _asked(ask: Ask, link: Judged, context: Context) -> bool:
    left, kind = link.left, link.relation.kind
    if left is None:
        return False
    reading = context.readings()[0]
    quantity = reading(ask.quantity)
    chart = context.chart()
    alike = (_same_derivative(reading(q), left, context) for q in (ask.quantity, *ask.also))
    if ask.also and kind in CARRYING and any(alike):
        return True
    if ask.law:
        if kind in CARRYING and same(quantity, left, chart):
            return True
        return kind == "=" and quantity.op == "given" and same(quantity.children[0], left, chart)
    if left.op == "sym" and quantity.op == "fn" and left.name == quantity.name and context.theory.members is not None:
        return True
    if link.judgement.method == SOLUTION and at_optimum(left, context) == sym(quantity.name):
        return True
    solved = context.stationary or link.judgement.method == SOLUTION
    if solved and left.op == "fn" and same(quantity, at_optimum(left, context), chart):
        return True
    if any(_same_quantity(reading(q), left, context) for q in (ask.quantity, *ask.also)):
        return True
    if kind == "∼" or (link.right is not None and link.right.op == "law"):
        return any(_same_quantity(reading(q), m, context) for q in (ask.quantity, *ask.also) for m in _moments(left))
    # The writer may start from the expression that the problem gives for the quantity.
    known = context.problem.reduce(quantity)
    left = context.problem.reduce(left) if left.op == "E" else left
    return left.op not in ("sym", "num", "fn") and known != quantity and context.scalars().same(known, left)


def _moments(variable: Term) -> tuple[Term, Term]:
    """What the parameters of a normal law are: the mean and the variance."""
    return Term("E", (variable,)), Term("fn", ("Var", variable))


def _same_derivative(quantity: Term, written: Term, context: Context) -> bool:
    """Whether two gradients are alike, whatever the functions are called that they are of."""
    if any(side.op != "fn" or side.name != "grad" for side in (quantity, written)):
        return False
    of = context.meaning().of
    known, other = of(quantity), of(written)
    return not context.undeclared(other) and context.scalars().same(known, other)


def _same_quantity(quantity: Term, written: Term, context: Context) -> bool:
    return same(fixed_condition(quantity), fixed_condition(written), context.chart())


def _value(ask: Ask, side: Term, context: Context) -> Term | None:
    """What a side states: a law, also as a variable with noise, or a number, also as a parameter of a normal law."""
    if ask.law and side.op != "law" and ask.quantity.op == "given":
        return law_given(context.problem, side, ask.quantity.children[1:])
    if ask.law:
        return side if side.op == "law" else None
    if side.op != "law" or side.name != "N":
        return side
    mean = any(q.op == "E" for q in (ask.quantity, *ask.also))
    return side.children[0 if mean else 1]


def _finished(value: Term, spec: PartSpec) -> bool:
    unfinished = UNFINISHED if spec.closed else OPEN
    if any(n.op in unfinished or (n.op == "fn" and n.name in ("Var", "Cov")) for n in walk(value)):
        return False
    if has_order(value) or any(_left_to_do(n, spec) for n in walk(value)):
        return False
    if function_names(value) & spec.without:
        return False
    named = {"?"} if spec.theory.members is None else {"?", *spec.theory.chart.functions}
    return spec.symbols is None or free_symbols(value) - named <= spec.symbols


def _left_to_do(node: Term, spec: PartSpec) -> bool:
    """Whether a node is a derivative that is not carried out: of something else than a policy or its logarithm."""
    if node.op != "diff" and not (node.op == "fn" and node.name == "grad"):
        return False
    if spec.closed:
        return True
    return not _of_policies(node.children[1] if node.op == "fn" else node.children[0], spec)


def _of_policies(body: Term, spec: PartSpec) -> bool:
    """Whether this is an undefined function, or made of logarithms, products and sums of such."""
    if body.op in ("add", "mul", "pow") or (body.op == "fn" and body.name == "log"):
        parts = [c for c in body.children if c.op != "num"]
        return bool(parts) and all(_of_policies(c, spec) for c in parts)
    declared = spec.theory.chart.functions.get(body.name) if body.op == "fn" else None
    return declared is not None and declared.definition is None


def passes_through(link: Judged, names: frozenset[str], context: Context) -> bool:
    """Whether a relation that holds speaks of all these names, and leads from some functions to others."""
    if link.left is None or link.right is None or link.relation.quoted or link.judgement.method == SOLUTION:
        return False
    if link.judgement.status not in ("proved", "supported", "follows", "leading-order", "condition"):
        return False
    sides = [context.unfolded(side) for side in (link.left, link.right)]
    declared = context.chart().functions.keys()
    spoken = [function_names(side) | {n.name for n in walk(side) if n.op == "sym"} & declared for side in sides]
    if link.judgement.status == "condition" and link.judgement.method == "optimum":
        names -= context.spec.optimum.keys()  # the condition for the optimum, written at the solution
    return names <= spoken[0] | spoken[1] and spoken[0] != spoken[1]


def choose(found: Sequence[Candidate], exact: bool) -> Candidate | None:
    """The result among the candidates: boxed before labelled before the last; exact ones first where that is asked."""
    if exact:
        found = [c for c in found if c.kind == "="] or found
    for mark in ("boxed", "labelled"):
        marked = [c for c in found if any(getattr(j.relation, mark) for j in c.links)]
        if marked:
            return marked[-1]
    return found[-1] if found else None
