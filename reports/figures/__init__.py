"""Figures of what the derivations prove, with what their twins simulate."""

from __future__ import annotations

from collections.abc import Sequence

from reports.figures import chains, histogram, rankings, weight
from reports.figures.canvas import Figure as Figure
from reports.figures.canvas import available as available


def figures(derivations: Sequence[str], seed: int = 1) -> tuple[Figure, ...]:
    """The figures that show something of these derivations, in order; none where there is none."""
    drawn = (draw(derivations, seed) for draw in (chains.draw, histogram.draw, weight.draw, rankings.draw))
    return tuple(figure for found in drawn for figure in found)
