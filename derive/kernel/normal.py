r"""The normal form: a ratio of polynomials in atoms (see derive.kernel.atoms).

Terms are normalised side by side in one ring. That their difference is 0 there proves them equal
wherever both are defined; that it is not 0 proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import lcm
from typing import Final

from derive.kernel.atoms import MAX_ROOT, Restart
from derive.kernel.chart import Chart
from derive.kernel.normaliser import Normaliser
from derive.kernel.ratio import NotNormal, OutOfGenerators
from derive.kernel.term import Term, walk

__all__ = ["NotNormal", "Normaliser", "normalised", "same_normal_form"]

CAPACITIES: Final = (16, 48, 120)
MAX_RESTARTS: Final = 12


def same_normal_form(left: Term, right: Term, chart: Chart, monomials: int = 4000) -> bool:
    """Whether both terms (without definitions) have the same normal form; raises NotNormal."""

    def same(field: Normaliser) -> bool:
        field.read_ahead(left, right)
        a, b = field.of(left), field.of(right)
        if a == b:
            return True
        difference = field.sub(a, b).num
        return field.joined(difference).num.is_zero() or field.vanishes_in_parts(difference)

    def same_reversed(field: Normaliser) -> bool:
        field.reverse = True
        return same(field)

    roots = _roots_in_sight(left, right)
    if normalised(same, chart, monomials, roots):
        return True
    counted = any(node.op in ("sum", "prod") for side in (left, right) for node in walk(side))
    return counted and normalised(same_reversed, chart, monomials, roots)


def _roots_in_sight(*terms: Term) -> dict[str, int]:
    """The roots of symbols and constants that are written in the terms, which saves starting anew."""
    found: dict[str, int] = {}
    for root in terms:
        for node in walk(root):
            if node.op != "pow" or node.children[1].op != "num":
                continue
            degree = node.children[1].value.denominator
            base = node.children[0]
            for factor in base.children if base.op == "mul" else (base,):
                if degree > 1 and factor.op in ("sym", "const"):
                    key = f"{factor.op}:{factor.name}()"
                    found[key] = min(lcm(found.get(key, 1), degree), MAX_ROOT)
    return found


def normalised(
    compute: Callable[[Normaliser], bool], chart: Chart, monomials: int = 4000, hints: Mapping[str, int] | None = None
) -> bool:
    """Run a computation in a normaliser with enough generators and fine enough roots."""
    hints = hints or {}
    roots = dict(hints)
    size = 0
    for _ in range(MAX_RESTARTS + len(CAPACITIES)):
        try:
            return compute(Normaliser(chart, CAPACITIES[size], monomials, roots))
        except Restart as wish:
            roots[wish.key] = wish.root
        except OutOfGenerators:
            roots = dict(hints)
            size += 1
            if size == len(CAPACITIES):
                raise NotNormal("it holds too many different parts.") from None
        except RecursionError:
            raise NotNormal("it is nested too deeply.") from None
    raise NotNormal("its exponents have too many different denominators.")
