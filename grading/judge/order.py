r"""Order symbols: :math:`f = g + O(h)` says that :math:`|f - g| \le C|h|` as h goes to 0, the rest being fixed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import product
from typing import Final

from derive.kernel.balls import instances
from derive.kernel.evaluate import Instance, NotEnclosed, enclose
from derive.kernel.term import ZERO, Term, add, free_symbols, neg, rebuild, walk
from derive.latex.printer import latex
from grading.judge.scalar import Outcome, Scalars
from grading.judge.series import grows

STEPS: Final = ((12, 24, 48), (3, 4, 5))
"""Powers of two that what goes to 0 is set to; few where the number of steps is summed over."""
BITS: Final = 600
GROWS: Final = 4


def has_order(side: Term) -> bool:
    """Whether an order symbol stands in a side."""
    return any(n.op == "fn" and n.name == "O" for n in walk(side))


def spelled(side: Term) -> Term:
    """A side with the size of each order symbol in its place."""
    node = rebuild(side, spelled)
    return node.children[0] if node.op == "fn" and node.name == "O" and len(node.children) == 1 else node


def of_order(left: Term, right: Term, scalars: Scalars) -> Outcome:
    """left = rest + O(h), where the right side is such a sum."""
    summands = right.children if right.op == "add" else (right,)
    sizes = [s.children[0] for s in summands if s.op == "fn" and s.name == "O"]
    rest = [s for s in summands if not has_order(s)]
    if len(sizes) != 1 or len(rest) + 1 != len(summands):
        return Outcome("undecided", "none", "an order symbol is read where it is a summand of the right side")
    [size] = sizes
    error = scalars.in_limit(add(spelled(left), neg(add(*rest) if rest else ZERO)))
    ratios = _ratios(error, size, scalars)
    if ratios is None:
        return Outcome("undecided", "none", f"the error could not be compared with ${latex(size)}$")
    if ratios[-1] <= GROWS * ratios[0]:
        if _grows(error, size, scalars, any):
            return Outcome("undecided", "none", f"it is not said where the symbols of ${latex(size)}$ go")
        return Outcome("supported", "order", f"the error stays below a multiple of ${latex(size)}$")
    if ratios[-1] > GROWS * ratios[-2] > GROWS * GROWS * ratios[0] and _grows(error, size, scalars, all):
        return Outcome("refuted", "order", f"the error grows without bound against ${latex(size)}$")
    return Outcome("undecided", "none", f"the error could not be compared with ${latex(size)}$")


def _grows(error: Term, size: Term, scalars: Scalars, quantifier: Callable[[Iterable[bool]], bool]) -> bool:
    """Whether growth is proved, by power series in what goes to 0 around an admissible point of the others.

    A letter that nobody declared may go to 0 or grow; the quantifier says whether in all or in any of these ways.
    """
    chart = scalars.chart
    moving = free_symbols(chart.expand(size))
    base = next(iter(instances(chart, (error, size), 3, 1)), None)
    if base is None:
        return False
    ways = [
        (1, -1) if n not in chart.domains else (-1,) if chart.domains[n].kind == "integer" else (1,) for n in moving
    ]
    still = {n: (v, 0) for n, v in base.values.items()}
    one = Fraction(1)
    return quantifier(
        grows(error, size, {**still, **{n: (one, w) for n, w in zip(moving, way, strict=True)}}, chart)
        for way in product(*ways)
    )


def _ratios(error: Term, size: Term, scalars: Scalars) -> list[float] | None:
    """|error / size| as the symbols of the size go to their ends, the others staying where they are."""
    chart = scalars.chart
    moving = free_symbols(chart.expand(size))
    try:
        base = next(iter(instances(chart, (error, size), 3, 1)), None)
    except NotEnclosed:
        return None
    if base is None or not moving:
        return None
    for exponents in STEPS:
        found: list[float] = []
        for k in exponents:
            ends = {
                n: Fraction(2**k) if n in chart.domains and chart.domains[n].kind == "integer" else Fraction(1, 2**k)
                for n in moving
            }
            instance = Instance({**base.values, **ends}, base.labels, base.universe, base.seed)
            try:
                ratio = abs(enclose(error, instance, chart, BITS) / enclose(size, instance, chart, BITS))
            except NotEnclosed:
                break
            if not ratio.is_finite():
                break
            found.append(float(ratio.mid()))
        if len(found) == len(exponents):
            return found
    return None
