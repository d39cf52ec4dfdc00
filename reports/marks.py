"""The sign, colour and word of every status and verdict, the same in every report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log10
from typing import Final, get_args

from grading.result import GradeResult, PartResult, Passage, Simulation, Status, Verdict


@dataclass(frozen=True)
class Mark:
    """``sign`` on screen, ``tex`` the same in LaTeX, ``tone`` the name of a colour, ``meaning`` in words."""

    sign: str
    tex: str
    tone: str
    meaning: str


STATUS: Final[Mapping[Status, Mark]] = {
    "proved": Mark("✓", r"\checkmark", "good", "proved by the kernel"),
    "supported": Mark("○", r"$\circ$", "good", "agrees in every instance tried, no proof found"),
    "leading-order": Mark("≈", r"$\approx$", "near", "false as an equality, true to leading order in the regime"),
    "refuted": Mark("✗", r"$\times$", "bad", "false, with a counterexample"),
    "follows": Mark("↳", r"$\hookrightarrow$", "near", "right given an earlier error, an own premise, or as problems"),
    "definition": Mark("≔", r"$:=$", "plain", "introduces a symbol"),
    "given": Mark("·", r"$\cdot$", "plain", "restates the problem"),
    "condition": Mark("⊢", r"$\vdash$", "plain", "a premise of what follows"),
    "undecided": Mark("?", "?", "open", "read, not decided"),
    "unread": Mark("□", r"$\square$", "open", "not read"),
}

VERDICT: Final[Mapping[Verdict, Mark]] = {
    "correct": Mark("✓", r"\checkmark", "good", "the result is right and so is every relation on the way"),
    "leading-order": Mark("≈", r"$\approx$", "near", "right to leading order in the regime"),
    "flawed": Mark("!", r"\textbf{!}", "bad", "the result is right, a relation on the way is refuted"),
    "wrong": Mark("✗", r"$\times$", "bad", "the result is refuted"),
    "missing": Mark("–", "--", "bad", "there is no result"),
    "review": Mark("?", "?", "open", "a person must judge"),
}

WORST_FIRST: Final[tuple[Status, ...]] = (
    *("refuted", "unread", "undecided", "follows", "leading-order"),
    *("condition", "supported", "definition", "given", "proved"),
)
"""The order in which one status of several is the one to tell."""

if set(STATUS) != set(get_args(Status)) or set(WORST_FIRST) != set(STATUS) or set(VERDICT) != set(get_args(Verdict)):
    raise TypeError("Every status and verdict needs its mark; reports/marks.py lacks one or has one too many.")


def number(value: float) -> str:
    """Points as a person writes them: 2, 2.5, 0.75."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def points(value: float | None, of: float) -> str:
    """``1.5 / 2``, with a dash where a person must judge, or there are none to give."""
    if value is None and of == 0:
        return "–"
    return f"{'–' if value is None else number(value)} / {number(of)}"


def counted(value: float) -> str:
    """``1 point``, ``2.5 points``."""
    return f"{number(value)} {'point' if value == 1 else 'points'}"


def heading(part: str) -> str:
    """``Part 1e``; what is no part of the assignment (a summary) is named for what it is."""
    return f"Part {part}" if part[:1].isdigit() else part.capitalize()


def waiting(value: float) -> str:
    """``1 more point waits for a person``."""
    return f"{number(value)} more {'point waits' if value == 1 else 'points wait'} for a person"


@dataclass(frozen=True)
class Total:
    """Points given so far, those that were possible in decided parts, and those that wait for a person."""

    given: float
    decided: float
    waiting: float


def total(result: GradeResult) -> Total:
    """The sums over the parts of one answer."""
    decided = [p for p in result.parts if p.points is not None]
    return Total(
        given=sum(p.points or 0.0 for p in decided),
        decided=sum(p.of for p in decided),
        waiting=sum(p.of for p in result.parts if p.points is None),
    )


def simulated(simulation: Simulation) -> str:
    """``0.0410 ± 0.0002, exact 0.0411``: as many digits as the standard error leaves."""
    return f"{estimate(simulation.estimate, simulation.se)}, exact {simulation.expected:.5g}"


def estimate(value: float, se: float) -> str:
    """``0.0410 ± 0.0002``."""
    decimals = min(max(-floor(log10(se)), 0), 9) if se > 0 else 5
    return f"{value:.{decimals}f} ± {se:.{decimals}f}"


def is_relation(passage: Passage, part: PartResult) -> bool:
    """Whether a passage to judge is one of the relations of its part, and not prose."""
    return any(passage.line == relation.line and passage.text == relation.latex for relation in part.relations)
