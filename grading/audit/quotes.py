"""Formulas that notes quote: whether the answer has them, and whether they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from derive.kernel.chart import Chart
from derive.kernel.term import Term, bind, free_symbols, rebuild, sym, walk
from grading.judge.match import same
from grading.judge.relation import Judged
from grading.judge.steps import Judgeable

_UNRANGED: Final = {"prod over": "prod", "sum over": "sum"}
CARRYING: Final = frozenset({"=", "≈", "→", "∼", ":=", "≡"})


@dataclass(frozen=True)
class Place:
    """Where the answer has a formula."""

    line: int
    latex: str


def relation_in(quoted: Judged, work: Judgeable) -> Place | None:
    """Where the answer states a relation: as a link of a chain, or as two sides of one."""
    left, right = quoted.left, quoted.right
    if left is None or right is None:
        return None
    chart = work.context.chart()
    for sides in _chains(work):
        for n, (first, _) in enumerate(sides):
            if not _alike(left, first, chart):
                continue
            for second, link in sides[n + 1 :]:
                if _alike(right, second, chart):
                    return Place(link.judgement.line, link.judgement.latex)
    return None


def nearest(quoted: Judged, work: Judgeable) -> Place | None:
    """What the answer says of the same left side."""
    if quoted.left is None:
        return None
    chart = work.context.chart()
    for sides in _chains(work):
        if _alike(quoted.left, sides[0][0], chart):
            link = sides[-1][1]
            shown = sides[1][1] if len(sides) == 2 else link
            return Place(shown.judgement.line, shown.judgement.latex)
    return None


def contradicts(quoted: Judged, work: Judgeable) -> bool:
    """Whether the answer's chains from the same left side lead to other values only."""
    left, right = quoted.left, quoted.right
    if left is None or right is None:
        return False
    context = work.context
    scalars, chart = context.scalars(), context.chart()
    said = [side for sides in _chains(work) if _alike(left, sides[0][0], chart) for side, _ in sides[1:]]

    def other(side: Term) -> bool:
        if (side.op == "law") != (right.op == "law"):
            return False
        one, two = context.problem.reduce(side), context.problem.reduce(right)
        outcome = scalars.laws(one, two, scalars.equal) if side.op == "law" else scalars.equal(one, two)
        return outcome.status in ("refuted", "leading-order")

    return bool(said) and all(other(side) for side in said)


def with_ranges(root: Term, ranges: Mapping[str, tuple[Term, Term]]) -> Term:
    """A sum or product without limits over the one letter in it that the answer sums over, with those limits."""
    node = rebuild(root, lambda child: with_ranges(child, ranges))
    if node.op == "fn" and node.name in _UNRANGED and len(node.children) == 1:
        letters = sorted(free_symbols(node) & ranges.keys())
        if len(letters) == 1:
            return bind(_UNRANGED[node.name], node.children[0], sym(letters[0]), *ranges[letters[0]])
    return node


def expression_in(term: Term, work: Judgeable) -> Place | None:
    """Where the answer holds an expression: as a whole side, or within one as it is written."""
    chart = work.context.chart()
    for sides in _chains(work):
        for side, link in sides:
            if term in walk(side) or _alike(term, side, chart):
                return Place(link.judgement.line, link.judgement.latex)
    return None


def worth_looking_for(term: Term) -> bool:
    """Whether an expression says something: not a letter, a number, or a function of letters alone."""
    if term.op in ("sym", "num", "const", "given"):
        return False
    if term.op in ("fn", "E"):
        return any(worth_looking_for(c) for c in term.children)
    return sum(1 for n in walk(term) if n.op in ("sym", "fn")) >= 2


def _chains(work: Judgeable) -> Iterator[Sequence[tuple[Term, Judged]]]:
    """The sides of each chain of the answer, each with the link that it ends (the first with the one it begins)."""
    chains: dict[int, list[tuple[Term, Judged]]] = {}
    for j in work.judged:
        if j.left is None or j.right is None or j.relation.kind not in CARRYING:
            continue
        sides = chains.setdefault(j.relation.chain, [])
        if not sides:
            sides.append((j.left, j))
        sides.append((j.right, j))
    yield from chains.values()


def _alike(one: Term, other: Term, chart: Chart) -> bool:
    return one == other or same(one, other, chart)
