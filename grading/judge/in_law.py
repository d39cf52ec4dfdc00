r"""Equations between random variables that hold in law, and densities written out.

:math:`x_t = \sqrt{1-\beta}\, x_{t-1} + \sqrt{\beta}\, \varepsilon` names a noise that the problem does not name: it
says that, given :math:`x_{t-1}`, both sides have one law. A density :math:`q(x_t | x_0)` is the number that its normal
law gives.
"""

from __future__ import annotations

from dataclasses import replace

from derive.kernel.chart import RESERVED, Domain, Function
from derive.kernel.term import (
    HALF,
    ONE,
    PI,
    ZERO,
    Term,
    add,
    div,
    exp,
    free_symbols,
    fresh_symbol,
    given,
    mul,
    neg,
    normal,
    num,
    power,
    rebuild,
    substitute,
    walk,
)
from derive.kernel.term import replace as swap
from derive.latex.printer import latex
from grading.judge.context import Context
from grading.judge.laws.randomness import Randomness
from grading.judge.scalar import Outcome, Scalars


def same_in_law(known: Randomness, left: Term, right: Term, scalars: Scalars) -> Outcome | None:
    """An equation in which noises of the writer's stand; None where that is not so, or no law is known."""
    if not known.joint or not _noises(known, left) | _noises(known, right):
        return None
    found: Outcome | None = None
    for side in (right, left):
        if not _noises(known, side):
            continue
        conditions = tuple(sorted(known.atoms(side) - _noises(known, side), key=repr))
        one, other = law_given(known, left, conditions), law_given(known, right, conditions)
        if one is None or other is None:
            continue
        outcome = scalars.laws(one, other, scalars.equal)
        names = ", ".join(f"${latex(c)}$" for c in conditions)
        told = f"given {names}, " if conditions else ""
        if outcome.holds:
            return Outcome("supported", "law", f"{told}both sides have one law")
        found = found or replace(outcome, why=f"{told}{outcome.why}")
    return found


def law_given(known: Randomness, side: Term, conditions: tuple[Term, ...]) -> Term | None:
    """The normal law of an affine side given some variables, of which its noises are independent; or None."""
    affine = known.affine(side)
    if affine is None:
        return None
    slopes, constant = affine
    rest, variance = constant, ZERO
    for atom, slope in slopes.items():
        if atom.name in known.noise:
            law = known.law_of_noise(atom)
            if law is None or law.name != "N" or law.children[0] != ZERO:
                return None
            size = mul(power(slope, num(2)), law.children[1])
            variance = size if variance == ZERO else add(variance, size)
        else:
            part = mul(slope, atom)
            rest = part if rest == ZERO else add(rest, part)
    if not known.atoms(rest) - {*conditions}:
        return normal(rest, variance)
    law = known.law_of(given(rest, *conditions) if conditions else rest)
    return None if law is None else normal(law.children[0], add(law.children[1], variance))


def _noises(known: Randomness, side: Term) -> frozenset[Term]:
    return frozenset(a for a in known.atoms(side) if a.name in known.noise)


# -- densities -------------------------------------------------------------------------------------------
def densities(root: Term, context: Context) -> Term:
    """A side with the densities that it applies written out, as far as their laws are known."""
    node = rebuild(root, lambda child: densities(child, context))
    if node.op != "fn" or len(node.children) != 1 or node.name in RESERVED or node.name in context.chart().functions:
        return node
    known, inside = context.problem, node.children[0]
    subject = inside.children[0] if inside.op == "given" else inside
    if node.name in known.families or not known.is_random(subject):
        return node
    law = known.law_of(inside)
    if law is None or law.name != "N":
        return node
    mean, variance = law.children
    gap = power(add(subject, neg(mean)), num(2))
    return mul(power(mul(2, PI, variance), neg(HALF)), exp(neg(div(gap, mul(2, variance)))))


def density_subject(root: Term, context: Context) -> Term | None:
    """The variable whose density a side states: x in q(x | y)."""
    if root.op != "fn" or len(root.children) != 1 or root.name in context.chart().functions:
        return None
    inside = root.children[0]
    subject = inside.children[0] if inside.op == "given" else inside
    return subject if context.problem.is_random(subject) and root.name not in context.problem.families else None


def proportional(left: Term, right: Term, variable: Term, context: Context) -> Outcome:
    """left ∝ right as functions of one random variable: their quotient does not change with it."""
    scalars = context.scalars()
    ratio = div(densities(left, context), densities(right, context))
    one = fresh_symbol("u", frozenset(scalars.chart.domains))
    other = fresh_symbol("v", frozenset(scalars.chart.domains) | {one.name})
    chart = scalars.chart.extend(domains={one.name: Domain(), other.name: Domain()})
    # A function of other variables that nobody defined is any number here.
    unknown = context.undeclared(ratio)
    chart = chart.extend(
        domains={n: Domain() for n in unknown if n in free_symbols(ratio)},
        functions={
            n.name: Function(("a",) * len(n.children)) for n in walk(ratio) if n.op == "fn" and n.name in unknown
        },
    )
    ratio = swap(ratio, variable, one)
    outcome = replace(scalars, chart=chart).equal(div(ratio, substitute(ratio, {one.name: other})), ONE)
    return replace(outcome, why=f"the quotient as a function of ${latex(variable)}$: {outcome.why}")
