"""What the reader hands to the judge: an answer in parts, its formulas and relations with their places."""

from __future__ import annotations

from dataclasses import dataclass

from derive.kernel.term import Term


@dataclass(frozen=True)
class Place:
    """Line and column in the file, both from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Formula:
    """One piece of mathematics as written (aligned rows are one formula), with the prose around it.

    ``before`` is the prose from the end of the previous display (or block) to this formula, inline
    mathematics kept as ``$...$``; ``after`` runs to the end of the sentence or block.
    """

    latex: str
    place: Place
    display: bool
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Side:
    """One side of a relation; ``term`` is None where it could not be read, and ``problem`` says why and where."""

    latex: str
    place: Place
    term: Term | None
    problem: str | None = None


@dataclass(frozen=True)
class Relation:
    """``left kind right``; consecutive relations of one chain share ``chain`` (the right side is the next left).

    ``kind`` is one of ``= ≠ ≈ → < ≤ > ≥ ≪ ≫ ∝ ∼ := ≡ ∈``, or another relation that is read and not judged.
    ``opens`` is true for a chain's first relation.
    ``defining`` is true where words (let, where, define, write ... for) or ``:=`` introduce the left side.
    ``boxed`` marks ``\\boxed`` formulas, ``labelled`` those that a line such as 'Answer (a):' announces.
    """

    kind: str
    left: Side
    right: Side
    latex: str
    place: Place
    chain: int
    opens: bool
    formula: Formula
    defining: bool = False
    boxed: bool = False
    labelled: bool = False
    quoted: bool = False


@dataclass(frozen=True)
class Part:
    """A part of an answer: its label ('a', '' before the first part, 'summary'), text, relations and lone sides."""

    label: str
    title: str
    place: Place
    text: str
    relations: tuple[Relation, ...]
    expressions: tuple[tuple[Side, Formula], ...] = ()
    problem: str | None = None
    """The problem number that the heading names, if it names one ('1' in '1(a)')."""


@dataclass(frozen=True)
class Answer:
    """A whole answer, read; ``notices`` are sentences on what of it could not be taken for a text with formulas."""

    parts: tuple[Part, ...]
    notices: tuple[str, ...] = ()
