"""What a solution manual says, gathered from an assignment, its reference solution and the catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from derive import catalogue
from grading.assignment import Assignment, PartSpec
from grading.grader import ReferenceFault, check_reference
from grading.read import read_answer
from grading.witness import verify
from reports import claims, figures
from reports.blocks import Block, blocks
from reports.derivation import DerivationPage, derivation
from reports.figures import Figure

PATHS: Final = 1 << 18
"""Simulated paths for each derivation: a second in all, standard errors near 0.3 per cent."""


@dataclass(frozen=True)
class PartPage:
    """One part: what is asked, the reference solution, and the IDs of the derivations behind it."""

    spec: PartSpec
    derivations: tuple[str, ...]
    solution: tuple[Block, ...]
    faults: tuple[ReferenceFault, ...]
    regime: tuple[str, ...]


@dataclass(frozen=True)
class ProblemPages:
    """The parts of one problem, with what it states for all of them."""

    number: str
    title: str
    given: tuple[str, ...]
    parts: tuple[PartPage, ...]


@dataclass(frozen=True)
class Manual:
    """A solution manual: the problems in order, and every derivation that one of their parts rests on.

    ``errata`` are the derivations that correct the assignment's sources.
    """

    assignment: Assignment
    problems: tuple[ProblemPages, ...]
    derivations: tuple[DerivationPage, ...]
    seed: int
    figures: tuple[Figure, ...] = ()
    errata: tuple[DerivationPage, ...] = ()

    def drawing(self, figure: Figure) -> str:
        """The name of a drawing's file, without its suffix."""
        return re.sub(r"[^A-Za-z0-9]+", "-", f"{self.assignment.name}-{figure.name}")


def manual(assignment: Assignment, paths: int = PATHS, seed: int = 1) -> Manual:
    """The manual of an assignment; DeriveError where its reference cannot be read at all.

    Where matplotlib is not installed it has no figures.
    """
    behind = {spec.id: _derivations(assignment, spec) for spec in assignment.parts}
    facts = tuple(dict.fromkeys(name for spec in assignment.parts for name in behind[spec.id]))
    names = (*facts, *assignment.errata)
    reports = {report.id: report for report in verify(names, paths, seed=seed).derivations} if names else {}
    faults = check_reference(assignment)
    problems = tuple(
        _problem(assignment, number, faults, behind)
        for number in dict.fromkeys(spec.problem for spec in assignment.parts)
    )
    pages = [derivation(name, reports.get(catalogue.load(name).id)) for name in names]
    drawn = figures.figures(facts, seed) if figures.available() else ()
    return Manual(assignment, problems, tuple(pages[: len(facts)]), seed, drawn, tuple(pages[len(facts) :]))


def _derivations(assignment: Assignment, spec: PartSpec) -> tuple[str, ...]:
    """The derivations that a part rests on, and those that are told under its name (``hw13/1h``, ``hw13/1h-exact``)."""
    name = re.compile(rf"{re.escape(assignment.name)}/{re.escape(spec.id)}(?![0-9A-Za-z])")
    known = map(catalogue.load, catalogue.ids())
    told = (derivation.id for derivation in known if any(map(name.match, derivation.aliases)))
    return tuple(dict.fromkeys((*(catalogue.load(fact).id for fact in spec.facts), *told)))


def _problem(
    assignment: Assignment, number: str, faults: Sequence[ReferenceFault], behind: Mapping[str, tuple[str, ...]]
) -> ProblemPages:
    specs = assignment.select(problem=number)
    texts = _texts(assignment, specs)
    shared = [g.latex for g in specs[0].given if all(g in spec.given for spec in specs)]
    parts = tuple(
        PartPage(
            spec,
            behind[spec.id],
            blocks(texts.get(spec.label, "")),
            tuple(fault for fault in faults if fault.part == spec.id and spec.review is None),
            claims.regime(spec.regime),
        )
        for spec in specs
    )
    return ProblemPages(number, assignment.titles.get(number, ""), tuple(dict.fromkeys(shared)), parts)


def _texts(assignment: Assignment, specs: Sequence[PartSpec]) -> dict[str, str]:
    """The reference solution of each part, as it is written."""
    texts: dict[str, str] = {}
    for part in read_answer(assignment.reference, specs[0].theory.notation).parts:
        if part.problem == specs[0].problem:
            texts[part.label] = texts.get(part.label, "") + "\n\n" + part.text
    return texts
