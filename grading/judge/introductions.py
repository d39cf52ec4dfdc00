"""What a writer introduces: definitions of new symbols, before or just after their use, and running indices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from derive.kernel.chart import RESERVED
from derive.kernel.term import Term, fn, free_symbols, fresh_symbol, function_names, num, walk
from derive.kernel.term import replace as swap
from grading.judge.context import Context, Defined
from grading.judge.match import same
from grading.read.document import Relation

EQUALITIES: Final = frozenset({"=", ":=", "≡"})
TWO: Final = num(2)
WORD: Final = re.compile(r"[a-z]+")
HYPOTHESES: Final = (["if"], ["iff"], ["when"], ["whenever"], ["only", "if"], ["exactly", "when"], ["unless"])
ONLY_IF: Final = (["iff"], ["if", "and", "only", "if"])
TO_ZERO: Final = ("to zero", "to $0$", "stationar", "first-order", "first order", "vanish", "kkt", "equal to 0", "to 0")
LOOK_AHEAD: Final = 3
"""How many relations further on a 'where v = ...' may still explain a symbol."""


def definition(relation: Relation, left: Term, right: Term, context: Context) -> Defined | None:
    """A relation that introduces its left side: one new symbol or family, which the right side does not mention."""
    if relation.kind not in EQUALITIES or not relation.opens or left.op not in ("sym", "fn"):
        return None
    if left.name not in context.new(left) or left.name in context.new(right):
        return None
    if left.op == "fn" and any(c.op == "given" for c in left.children):
        if any(context.problem.is_random(n) for n in walk(left)):
            return None  # a density, which is no function that a writer may choose
        left = fn(left.name, *(a for c in left.children for a in (c.children if c.op == "given" else (c,))))
    parameters: tuple[str, ...] = ()
    if left.op == "fn":
        parameters, right = _parameters(left.children, right)
        if len(set(parameters)) != len(left.children) or not parameters:
            return None
        if right.op == "num" and {*parameters} & {*context.chart().domains} - context.theory.indices:
            return None  # v_T = 1 says what one member is
    if set(context.undeclared(right)) - set(parameters) and not (context.spec.recipe and has_loss(right, context)):
        return None
    return Defined(left.name, parameters, right)


def lagrangian(relation: Relation, left: Term, right: Term, context: Context) -> bool:
    """Whether a new letter is put for a function of a policy that is optimised over, with a multiplier."""
    if relation.kind not in EQUALITIES or not relation.opens or left.op not in ("sym", "fn"):
        return False
    unknown = set(context.undeclared(right)) - {left.name}
    policies = function_names(context.meaning().of(right)) & context.spec.optimum.keys()
    new = left.name in context.new(left) and len(unknown) == 1 and not unknown & function_names(right)
    return new and bool(policies)


def _parameters(arguments: Sequence[Term], value: Term) -> tuple[tuple[str, ...], Term]:
    """The parameters that a function is defined over; arguments such as x_t get a letter each."""
    names: list[str] = []
    for argument in sorted(arguments, key=lambda a: a.op == "sym"):
        if argument.op == "sym":
            continue
        letter = fresh_symbol("z", free_symbols(value) | {*names})
        value = swap(value, argument, letter)
        names.append(letter.name)
    letters = iter(names)
    return tuple(a.name if a.op == "sym" else next(letters) for a in arguments), value


def has_loss(root: Term, context: Context) -> bool:
    """Whether a side holds the squared difference of a function that nobody declared: the loss of a network."""
    return any(
        n.op == "pow" and n.children[1] == TWO and any(is_network(c, context) for c in walk(n.children[0]))
        for n in walk(root)
    )


def is_network(node: Term, context: Context) -> bool:
    """Whether a node applies a function that nobody declared: what is trained."""
    if node.op != "fn" or not node.children or node.name in RESERVED | {"norm", "grad"}:
        return False
    return node.name not in context.problem.families and node.name not in context.chart().functions


def look_ahead(relation: Relation, later: Sequence[Relation], context: Context) -> None:
    """Put in force the definitions that words such as 'where' announce just after a relation that needs them."""
    sides = [s for s in (relation.left.term, relation.right.term) if s is not None]
    missing = {name for side in sides for name in context.undeclared(side)}
    if relation.left.term is not None and relation.right.term is not None:
        itself = definition(relation, relation.left.term, relation.right.term, context)
        missing -= {itself.name} if itself is not None else set()
    for other in later[:LOOK_AHEAD]:
        left, right = other.left.term, other.right.term
        if left is not None and right is not None and _uses(left, sides) and _own_law(other, context):
            context.redefine_noise(left, right)
        if not missing:
            continue
        beside = other.formula is relation.formula and context.theory.chart.closed
        if (other.defining or beside) and left is not None and right is not None:
            found = definition(other, left, right, context)
            if found is not None and found.name in missing:
                context.define(found)


def hypothetical(relation: Relation) -> bool:
    """Whether a formula within a sentence stands under an 'if', 'iff' or 'when', or before one."""
    if relation.formula.display or not relation.opens:
        return False
    before, after = (WORD.findall(t.lower()) for t in (relation.formula.before, relation.formula.after))
    return before[-1:] in HYPOTHESES or before[-3:] in HYPOTHESES or after[:1] in ONLY_IF or after[:4] in ONLY_IF


def sets_to_zero(relation: Relation) -> bool:
    """Whether the words before a formula set a derivative to zero."""
    words = relation.formula.before.lower() + relation.formula.after.lower()
    return any(sign in words for sign in TO_ZERO)


def own_noise(relation: Relation, context: Context) -> bool:
    """Whether a relation gives a noise a normal law of the writer's own, other than the problem's."""
    left, right = relation.left.term, relation.right.term
    if relation.kind != "∼" or left is None or right is None or left.op not in ("fn", "sym") or right.op != "law":
        return False
    if left.name not in context.theory.noise or right.name != "N" or context.undeclared(right):
        return False
    known = context.problem.law_of(left)
    return known is None or not same(known, right, context.chart())


def _own_law(relation: Relation, context: Context) -> bool:
    return own_variable(relation, context) or (own_noise(relation, context) and not misquoted_noise(relation, context))


def misquoted_noise(relation: Relation, context: Context) -> bool:
    """Whether a noise of the problem gets another law while it is used as the problem uses it, or not at all.

    A writer may scale the noise, as in sqrt(Δt) ε with ε ~ N(0, 1), where the problem has ε ~ N(0, Δt).
    """
    left = relation.left.term
    if left is None or context.problem.law_of(left) is None:
        return False
    used = [s for r in context.relations if r.kind != "∼" for s in (r.left.term, r.right.term) if s is not None]
    return not any(_scaled(left.name, side) for side in used)


def _scaled(name: str, root: Term) -> bool:
    """Whether a noise stands in a product: with a factor, or in a sum that has one."""
    if root.op == "mul" and any(n.op in ("fn", "sym") and n.name == name for n in walk(root)):
        return True
    return any(_scaled(name, child) for child in root.children)


def own_variable(relation: Relation, context: Context) -> bool:
    """Whether a relation introduces a random variable of the writer's own, such as z ~ N(0, 1)."""
    left, right = relation.left.term, relation.right.term
    if relation.kind != "∼" or left is None or right is None or not context.theory.random or right.op != "law":
        return False
    right = context.readings()[-1](right)
    if left.op not in ("sym", "fn") or left.name not in context.new(left) or right.name != "N":
        return False
    indices = {n.name for n in walk(left) if n.op == "sym"} if left.op == "fn" else set()
    return not set(context.undeclared(right)) - indices


def _uses(variable: Term, sides: Sequence[Term]) -> bool:
    if variable.op not in ("fn", "sym"):
        return False
    return any(n.op in ("fn", "sym") and n.name == variable.name for side in sides for n in walk(side))


def mentions_index(relation: Relation, context: Context) -> bool:
    """Whether a formula within a sentence says where an index or a time is or runs ('at $t = k\\Delta t$')."""
    left, right = relation.left.term, relation.right.term
    return (
        relation.opens
        and not relation.formula.display
        and relation.kind in ("=", "∈", "→", "∼")
        and left is not None
        and right is not None
        and left.op == "sym"
        and left.name in context.theory.indices
    )
