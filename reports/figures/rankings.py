r"""Rankings of three answers: how often each is drawn, and how probable it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Final

from grading.witness import compare_twin
from numeric import catalogue as twins
from reports.figures.canvas import BLUE, GREY, Figure, canvas, saved

ID: Final = "preference/plackett_luce"
PATHS: Final = 10_000
"""Simulated rankings for each bar; few, so that bars of two standard errors can be seen."""


@dataclass(frozen=True)
class Ranking:
    """One order of three answers, best first: its probability, its frequency and the standard error of this."""

    order: tuple[int, int, int]
    exact: float
    estimate: float
    se: float


def draw(derivations: Sequence[str], seed: int) -> tuple[Figure, ...]:
    """Frequencies against probabilities, where rankings are among the derivations."""
    return (_rankings(seed),) if ID in derivations else ()


def rankings(seed: int) -> tuple[Ranking, ...]:
    """All orders of the first three answers of the twin's own example, each simulated by itself."""
    default = twins.load(ID).DEFAULT
    found = []
    for index, (first, second, third) in enumerate(permutations(range(3))):
        parameters = replace(default, y_1=first, y_2=second, y_3=third)
        report = compare_twin(ID, PATHS, seed + index, parameters=parameters)
        if report.expected is not None and report.estimate is not None and report.se is not None:
            found.append(Ranking((first, second, third), report.expected, report.estimate, report.se))
    return tuple(found)


def _rankings(seed: int) -> Figure:
    found = rankings(seed)
    places = list(range(len(found)))
    with canvas() as (drawing, axes):
        axes.bar(places, [r.exact for r in found], width=0.62, color=GREY)
        axes.errorbar(
            places,
            [r.estimate for r in found],
            yerr=[2 * r.se for r in found],
            fmt="o",
            color=BLUE,
            markersize=3.5,
            elinewidth=0.8,
            capsize=3,
        )
        axes.set_xticks(places, [r" \succ ".join(f"y_{i + 1}" for i in r.order).join("$$") for r in found])
        axes.tick_params(axis="x", length=0)
        axes.set_xlabel("ranking, best first")
        axes.set_ylabel("probability")
        caption = (
            r"The probabilities of the six rankings of three answers, from the policies alone (bars), and how often "
            rf"they came in {PATHS} simulated rankings each (marks, two standard errors)."
        )
        return saved(drawing, "rankings", caption)
