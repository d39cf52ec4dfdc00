r"""The weight of a pair in the gradient of the DPO loss: how often the model's own choices contradict the label."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from grading.witness import compare_twin
from numeric.catalogue.preference.dpo_gradient import Parameters
from reports.figures.canvas import BLUE, DARK, Figure, canvas, saved

ID: Final = "preference/dpo_gradient"
PATHS: Final = 10_000
"""Simulated choices at each margin; few, so that bars of two standard errors can be seen."""
MARGINS: Final = tuple(m / 2 for m in range(-12, 13, 2))
BETA: Final = 0.5


@dataclass(frozen=True)
class Point:
    """The weight at one margin: proved, and simulated with its standard error."""

    margin: float
    exact: float
    estimate: float
    se: float


def draw(derivations: Sequence[str], seed: int) -> tuple[Figure, ...]:
    """The weight against the margin, where the gradient is among the derivations."""
    return (_weight(seed),) if ID in derivations else ()


def points(seed: int) -> tuple[Point, ...]:
    """Two answers, equally probable under the reference policy, at policies of each margin."""
    found = []
    for index, margin in enumerate(MARGINS):
        win = 1 / (1 + math.exp(-margin / BETA))
        parameters = Parameters(
            beta=BETA, r=(0.0, 0.0), pi_ref=(0.5, 0.5), pi_theta=(win, 1 - win), y_l=1, dot_pi_theta=(win, -win)
        )
        report = compare_twin(ID, PATHS, seed + index, parameters=parameters)
        if report.expected is not None and report.estimate is not None and report.se is not None:
            found.append(Point(margin, report.expected, report.estimate, report.se))
    return tuple(found)


def _weight(seed: int) -> Figure:
    simulated = points(seed)
    u = np.linspace(MARGINS[0], MARGINS[-1], 301)
    with canvas() as (drawing, axes):
        axes.plot(u, 1 / (1 + np.exp(u)), color=DARK, linewidth=1.2)
        axes.errorbar(
            [p.margin for p in simulated],
            [p.estimate for p in simulated],
            yerr=[2 * p.se for p in simulated],
            fmt="o",
            color=BLUE,
            markersize=3,
            elinewidth=0.8,
            capsize=2,
        )
        axes.plot([0], [0.5], "+", color=DARK, markersize=9)
        axes.annotate("no margin: 1/2", (0, 0.5), (8, 4), textcoords="offset points")
        axes.set_ylim(0, 1)
        axes.set_xlim(MARGINS[0] - 0.2, MARGINS[-1] + 0.2)
        axes.set_xlabel(r"margin $\hat r(y_w) - \hat r(y_l)$")
        axes.set_ylabel("weight of the pair")
        caption = (
            r"The weight $\sigma(\hat r(y_l) - \hat r(y_w))$ of a pair in the gradient of the DPO loss, against its "
            rf"margin: proved (line), and how often {PATHS} choices drawn at the implicit rewards contradict the "
            r"label (marks, two standard errors)."
        )
        return saved(drawing, "weight", caption)
