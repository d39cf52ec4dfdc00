"""A derivation of the catalogue as pages show it: statement, symbols, steps with rule and reason, axioms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derive import catalogue
from derive.chain import Chain
from derive.errors import DeriveError
from derive.exposition import ToldStep, tell
from derive.kernel.rules.premises import AXIOMS
from reports.blocks import Block, blocks

if TYPE_CHECKING:
    from grading.witness import DerivationReport


@dataclass(frozen=True)
class Axiom:
    """A theorem that is taken over from elsewhere, by name."""

    name: str
    statement: str


@dataclass(frozen=True)
class DerivationPage:
    """One derivation, step by step, with what proof and simulation say of it.

    ``erratum`` says what a source has wrong, where the derivation is about that.
    """

    id: str
    source: str
    title: str
    statement: tuple[Block, ...]
    symbols: tuple[str, ...]
    assumptions: tuple[str, ...]
    steps: tuple[ToldStep, ...]
    axioms: tuple[Axiom, ...]
    report: DerivationReport | None
    erratum: str | None = None

    @property
    def results(self) -> tuple[ToldStep, ...]:
        """The steps that are results."""
        return tuple(step for step in self.steps if step.result)


def derivation(name: str, report: DerivationReport | None = None) -> DerivationPage:
    """One derivation of the catalogue; a proof that fails has no steps, and its report says why."""
    found = catalogue.load(name)
    try:
        chain: Chain | None = found.prove()
    except DeriveError:
        if report is None:
            raise
        chain = None
    _, _, statement = found.statement.partition("\n")
    told = tell(chain) if chain else None
    axioms = tuple(Axiom(a, AXIOMS.get(a, "")) for a in chain.axioms) if chain else ()
    return DerivationPage(
        found.id,
        found.source,
        found.title,
        blocks(statement),
        told.symbols if told else (),
        told.assumptions if told else (),
        told.steps if told else (),
        axioms,
        report,
        found.erratum,
    )
