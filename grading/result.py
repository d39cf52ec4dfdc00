"""Judgements and their JSON: what every command, report and adapter is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Status = Literal[
    "proved",
    "supported",
    "leading-order",
    "refuted",
    "follows",
    "definition",
    "given",
    "condition",
    "undecided",
    "unread",
]
Verdict = Literal["correct", "leading-order", "flawed", "wrong", "missing", "review"]

DECIDED: Final = frozenset(
    {"proved", "supported", "leading-order", "refuted", "follows", "definition", "given", "condition"}
)


@dataclass(frozen=True)
class Counterexample:
    """A point where a relation fails: LaTeX symbol to value, and both sides there, few digits."""

    point: Mapping[str, str]
    lhs: str
    rhs: str

    def to_json(self) -> dict[str, str]:
        """The contract's flat object: symbols, then ``lhs`` and ``rhs``."""
        return {**self.point, "lhs": self.lhs, "rhs": self.rhs}


@dataclass(frozen=True)
class Judgement:
    """The verdict on one relation; ``chain`` numbers the chain of relations that it belongs to."""

    latex: str
    line: int
    column: int
    kind: str
    status: Status
    method: str
    why: str
    counterexample: Counterexample | None = None
    chain: int = 0

    def to_json(self) -> dict[str, Any]:
        """The contract's relation object."""
        return {
            "latex": self.latex,
            "line": self.line,
            "column": self.column,
            "kind": self.kind,
            "status": self.status,
            "method": self.method,
            "why": self.why,
            "counterexample": self.counterexample.to_json() if self.counterexample else None,
            "chain": self.chain,
        }


@dataclass(frozen=True)
class Comparison:
    """Whether an answer equals the gold; ``equal`` is None where undecided or unread."""

    equal: bool | None
    status: Status
    method: str
    why: str
    counterexample: Counterexample | None = None


@dataclass(frozen=True)
class PartFinding:
    """The result that was found for a part, compared with the reference."""

    latex: str
    line: int
    status: Status
    why: str


@dataclass(frozen=True)
class Premise:
    """A premise of the writer's own, and what the problem says instead."""

    latex: str
    line: int
    problem: str


@dataclass(frozen=True)
class Passage:
    """Text that a person must judge, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True)
class Simulation:
    """The twin's estimate of what the part asks, with the proved value beside it."""

    estimate: float
    se: float
    expected: float


@dataclass(frozen=True)
class PartResult:
    """The verdict on one part and everything that it rests on."""

    part: str
    verdict: Verdict
    why: str
    points: float | None
    of: float
    result: PartFinding | None = None
    relations: tuple[Judgement, ...] = ()
    first_error: int | None = None
    premises: tuple[Premise, ...] = ()
    to_review: tuple[Passage, ...] = ()
    simulation: Simulation | None = None

    @property
    def coverage(self) -> dict[str, int]:
        """How many relations there are, how many are decided, how many unread."""
        return {
            "relations": len(self.relations),
            "decided": sum(r.status in DECIDED for r in self.relations),
            "unread": sum(r.status == "unread" for r in self.relations),
        }

    def to_json(self) -> dict[str, Any]:
        """The contract's part object; ``points`` is null where a person must judge."""
        return {
            "part": self.part,
            "verdict": self.verdict,
            "why": self.why,
            "points": self.points,
            "of": self.of,
            "result": vars(self.result).copy() if self.result else None,
            "relations": [r.to_json() for r in self.relations],
            "first_error": self.first_error,
            "premises": [vars(p).copy() for p in self.premises],
            "to_review": [vars(p).copy() for p in self.to_review],
            "simulation": vars(self.simulation).copy() if self.simulation else None,
            "coverage": self.coverage,
        }


@dataclass(frozen=True)
class GradeResult:
    """One graded answer."""

    assignment: str
    answer: str
    parts: tuple[PartResult, ...]
    notices: tuple[str, ...] = field(default=())
    """Sentences about the answer as a whole: parts not found, text that could not be used."""

    def to_json(self) -> dict[str, Any]:
        """The contract's object, schema ``derive/grade/1``."""
        return {
            "schema": "derive/grade/1",
            "assignment": self.assignment,
            "answer": self.answer,
            "parts": [p.to_json() for p in self.parts],
            "notices": list(self.notices),
        }
