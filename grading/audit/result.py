"""What an audit of grading notes says, and its JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from grading.audit.notes import Tone
from grading.result import Counterexample, Status, Verdict

Outcome = Literal["agrees", "disagrees", "cannot tell"]
Kind = Literal[
    "verdict", "not in the answer", "false", "in the answer", "praised", "faulted", "recipe", "steps", "unread"
]


@dataclass(frozen=True)
class Quote:
    """A formula in the notes: whether it holds, and where the answer has it (line 0: it does not).

    ``attributed`` where the notes say that the answer has it; ``nearest`` is what the answer says of the same left
    side, and ``differs`` whether that is something else.
    """

    latex: str
    line: int
    column: int
    tone: Tone
    attributed: bool
    status: Status
    why: str
    counterexample: Counterexample | None
    in_answer: int
    nearest: str = ""
    nearest_line: int = 0
    differs: bool = False


@dataclass(frozen=True)
class Finding:
    """One thing to say about a note: ``line`` in the notes, ``answer_line`` in the answer, 0 where there is none.

    ``contradicts`` where the evidence speaks against the note; else it is a remark.
    """

    kind: Kind
    message: str
    line: int
    answer_line: int = 0
    latex: str = ""
    contradicts: bool = True


@dataclass(frozen=True)
class PartAudit:
    """The notes on one part beside the verdict on it; ``says`` is the tone of the notes as a whole."""

    part: str
    says: Tone
    line: int
    verdict: Verdict
    why: str
    outcome: Outcome
    findings: tuple[Finding, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class AuditResult:
    """All parts that the notes or the answer speak of."""

    assignment: str
    notes: str
    answer: str
    parts: tuple[PartAudit, ...]
    notices: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """An object of the schema ``derive/audit/1``."""
        return {
            "schema": "derive/audit/1",
            "assignment": self.assignment,
            "notes": self.notes,
            "answer": self.answer,
            "parts": [_part_json(p) for p in self.parts],
            "notices": list(self.notices),
        }


def _part_json(part: PartAudit) -> dict[str, Any]:
    return {
        **{k: getattr(part, k) for k in ("part", "says", "line", "verdict", "why", "outcome")},
        "findings": [vars(f).copy() for f in part.findings],
        "quotes": [
            {**vars(q), "counterexample": q.counterexample.to_json() if q.counterexample else None} for q in part.quotes
        ],
    }
