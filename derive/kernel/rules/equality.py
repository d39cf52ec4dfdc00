"""Equality: decided by the kernel, passed on, and used to rewrite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as with_fields
from typing import Literal

from derive.errors import Refused
from derive.kernel.chart import Chart
from derive.kernel.equality import decide
from derive.kernel.fact import Claim, Conclusion, Fact, rule
from derive.kernel.rules.scope import arithmetic, common_chart, names_in, regular, require_regular
from derive.kernel.term import BINDERS, Term, free_symbols, hidden_in, plain, rebuild, substitute


def require_same(left: Term, right: Term, chart: Chart, what: str) -> None:
    """Refused unless the two terms are decided to be equal; ``what`` says what they should be."""
    if left == right:
        return
    decision = decide(left, right, chart)
    if decision.verdict is not True:
        raise Refused(f"{what}: '{plain(left)}' is not shown to equal '{plain(right)}' ({decision.why}).")


def same_statement(left: Term, right: Term, chart: Chart, what: str) -> None:
    """Like ``require_same``, and for laws parameter by parameter."""
    if left.op == right.op == "law" and left.name == right.name and len(left.args) == len(right.args):
        for one, other in zip(left.children, right.children, strict=True):
            require_same(one, other, chart, what)
    else:
        require_same(left, right, chart, what)


@rule
def equal(left: Term, right: Term, chart: Chart) -> Conclusion:
    r"""The kernel's decision of equality::

        ─────────────  decide(left, right) is True
        left = right

    Fails unless both sides are shown to be defined at every admissible point and decided to be equal.

    Example: ``equal(T*dt, ONE, chart)`` where the chart defines ``dt`` as ``1/T``.
    """
    require_regular(chart, left, right)
    require_same(left, right, chart, "No equality")
    return Conclusion(Claim("=", left, right, chart))


@rule
def unequal(left: Term, right: Term, chart: Chart) -> Conclusion:
    r"""A counterexample, found again by rigorous arithmetic::

        ─────────────  the enclosures at an admissible point are disjoint
        left ≠ right

    Fails unless both sides can be computed (no variances, no abstract functions but those of labels) and the
    decision is False; its witness is the certificate.

    Example: ``unequal(s2 - s2**3/(1 + s2)**2, s2, chart)``.
    """
    for side in (left, right):
        if not arithmetic(side, chart, labelled=True):
            raise Refused(f"'{plain(side)}' cannot be computed at a point, so no point refutes with it.")
    decision = decide(left, right, chart)
    if decision.verdict is not False or decision.witness is None:
        raise Refused(f"'{plain(left)}' is not shown to differ from '{plain(right)}' ({decision.why}).")
    return Conclusion(Claim("≠", left, right, chart), certificate=decision.witness)


@rule
def symmetric(equation: Fact) -> Conclusion:
    r"""Equations read both ways::

        left = right
        ─────────────  symmetric
        right = left

    Fails unless the premise is ``=``, ``≠`` or ``⊥``.

    Example: ``symmetric(equal(a, b, chart))``.
    """
    claim = equation.claim
    if claim.kind not in ("=", "≠", "⊥"):
        raise Refused(f"'{claim}' cannot be read from right to left; only =, ≠ and ⊥ can.")
    return Conclusion(Claim(claim.kind, claim.right, claim.left, claim.chart))


@rule
def transitive(first: Fact, second: Fact) -> Conclusion:
    r"""Two equations that share a side::

        a = b    b = c
        ──────────────  transitive
        a = c

    Fails unless both are equations over one chart and the middle terms are the same.

    Example: ``transitive(telescoped, equal(telescoped.right, closed, chart))``.
    """
    chart = common_chart(first, second)
    for claim in (first.claim, second.claim):
        if claim.kind != "=":
            raise Refused(f"'{claim}' is no equation.")
    if first.right != second.left:
        raise Refused(f"'{first.claim}' ends in '{plain(first.right)}', but '{second.claim}' begins otherwise.")
    return Conclusion(Claim("=", first.left, second.right, chart))


@rule
def congruent(form: Term, equations: Mapping[str, Fact]) -> Conclusion:
    r"""The same function of equal things; ``form`` is a term in the symbols that ``equations`` has facts for::

        a = b    c = d
        ───────────────────────  congruent
        form(a, c) = form(b, d)

    Fails unless all are equations over one chart, the symbols occur nowhere else, and one of the sides is shown
    to be defined, whereupon the other is.

    Example: ``congruent(exp(sym("z")), {"z": x_is_y})``.
    """
    if not equations:
        raise Refused("There is no equation to put into the form.")
    chart = common_chart(*equations.values())
    taken = names_in(chart).union(*(free_symbols(t) for e in equations.values() for t in e.claim.terms))
    left = right = form
    for place, equation in equations.items():
        if equation.claim.kind != "=":
            raise Refused(f"'{equation.claim}' is no equation.")
        if place in taken:
            raise Refused(f"The place '{place}' is used already; choose a symbol that occurs nowhere.")
        mark = Term("sym", (place,))
        left, right = _rewritten(left, mark, equation.left), _rewritten(right, mark, equation.right)
        if place in free_symbols(left) | free_symbols(right):
            raise Refused(f"The place '{place}' stands where '{equation.claim}' cannot be put in.")
    if not regular(left, chart):
        require_regular(chart, right)
    return Conclusion(Claim("=", left, right, chart))


@rule
def rewrite(fact: Fact, equation: Fact, side: Literal["both", "left", "right"] = "both") -> Conclusion:
    r"""Equals for equals, everywhere in a claim, or on one ``side`` of it::

        P(a)    a = b
        ─────────────  rewrite
        P(b)

    Fails unless ``a`` occurs, both hold over one chart, and the equation is ``=``. Nothing is changed inside
    a binder of one of its symbols, a derivative, a limit or an expectation over draws.

    Example: ``rewrite(limit_with_integral, integral_closed)``.
    """
    common_chart(fact, equation)
    old, new = equation.left, equation.right
    if equation.claim.kind != "=":
        raise Refused(f"'{equation.claim}' is no equation to rewrite with.")
    claim = fact.claim
    if side not in ("both", "left", "right"):
        raise Refused(f"A claim has a left and a right side, and no '{side}'.")
    changed = with_fields(
        claim,
        left=claim.left if side == "right" else _rewritten(claim.left, old, new),
        right=claim.right if side == "left" else _rewritten(claim.right, old, new),
        bound=claim.bound if claim.bound is None or side != "both" else _rewritten(claim.bound, old, new),
    )
    if changed.says_the_same(claim):
        raise Refused(f"'{plain(old)}' does not occur in '{claim}'.")
    return Conclusion(changed)


@rule
def evaluate_at(evaluation: Term, chart: Chart) -> Conclusion:
    r"""What it means to put in a value::

        ─────────────────────
        f(x)|_{x=a} = f(a)

    Fails unless the term is such an evaluation and f(a) is defined.

    Example: ``evaluate_at(bind("at", x**2, x, 3), chart)``.
    """
    if evaluation.op != "at":
        raise Refused(f"'{plain(evaluation)}' is no evaluation of a term at a value.")
    body, variable, value = evaluation.children
    if hidden_in(variable.name, body):
        raise Refused(f"A function in '{plain(body)}' is named after '{variable.name}' and may depend on it.")
    placed = substitute(body, {variable.name: value})
    require_regular(chart, value, placed)
    return Conclusion(Claim("=", evaluation, placed, chart))


def _meets(symbol: str, term: Term) -> bool:
    return symbol in free_symbols(term) or hidden_in(symbol, term)


def _rewritten(root: Term, old: Term, new: Term) -> Term:
    if root == old:
        return new
    if root.op in ("diff", "lim", "draw") or (root.op == "E" and len(root.args) > 1):
        return root
    if root.op in BINDERS and any(_meets(root.children[1].name, t) for t in (old, new)):
        body, variable, *rest = root.children
        return Term(root.op, (body, variable, *(_rewritten(r, old, new) for r in rest)))
    return rebuild(root, lambda child: _rewritten(child, old, new))


@rule
def restate(fact: Fact, left: Term | None = None, right: Term | None = None, bound: Term | None = None) -> Conclusion:
    r"""The same claim with sides that the kernel decides to be equal to the old ones::

        a R b
        ─────────────  a = a', b = b'
        a' R b'

    A side that is left out stays. Fails unless the new sides are defined and equal to the old.

    Example: ``restate(law_of_X1, right=normal(0, s2 + 1))``.
    """
    claim = fact.claim
    chart = claim.chart
    new = with_fields(
        claim,
        left=claim.left if left is None else left,
        right=claim.right if right is None else right,
        bound=claim.bound if bound is None else bound,
    )
    for one, other in zip(claim.terms, new.terms, strict=True):
        if one == other:
            continue
        require_regular(chart, other)
        same_statement(one, other, chart, "Not the same claim")
    return Conclusion(new)
