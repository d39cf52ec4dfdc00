"""Samples by number: what is said of the i-th sample of a batch is said of any sample."""

from __future__ import annotations

from typing import Final

from derive.kernel.term import Term, fn, free_symbols, rebuild, sym
from grading.assignment import Recipe

COPY: Final = r"^{(\cdot)}"
"""How the name of a family ends whose members carry the number of a sample above."""


def samples(root: Term, recipe: Recipe, indices: frozenset[str]) -> Term:
    """The quantities of one sample without its number: t_i as t, s_j as s_i, x_0^{(i)} as x_0."""
    node = rebuild(root, lambda child: samples(child, recipe, indices))
    if node.op != "fn":
        return node
    if node.name.endswith(COPY) and len(node.children) > 1:
        return samples(fn(node.name.removesuffix(COPY), *node.children[:-1]), recipe, indices)
    if node.name in indices and len(node.children) == 1:
        return sym(node.name)
    for target in recipe.targets:
        if target.op == "fn" and target.name == node.name and free_symbols(target) & indices:
            return target
    return node
