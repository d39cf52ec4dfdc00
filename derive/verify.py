"""The proof half of verification: every derivation proved anew, and shown step by step."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from derive import catalogue
from derive.errors import DeriveError
from derive.exposition import ToldStep, tell
from derive.kernel.fact import replay
from derive.kernel.rules.premises import AXIOMS


@dataclass(frozen=True)
class ProofReport:
    """How the proof of one derivation went; times in milliseconds, ``error`` a sentence where it failed."""

    id: str
    source: str
    title: str
    status: Literal["proved", "failed"]
    steps: int
    axioms: tuple[str, ...]
    kernel_ms: float
    error: str | None = None


@dataclass(frozen=True)
class Shown:
    """A derivation to print: formulas are LaTeX without dollar signs, prose is plain text."""

    id: str
    aliases: tuple[str, ...]
    source: str
    title: str
    statement: str
    symbols: tuple[str, ...]
    assumptions: tuple[str, ...]
    steps: tuple[ToldStep, ...]
    axioms: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, str], ...]


def prove_all(ids: Iterable[str] = ()) -> list[ProofReport]:
    """Prove derivations (all of them where none is named): as told, which is timed, and again from their records.

    Raises UnknownDerivation for a name that the catalogue does not have.
    """
    return [_prove(catalogue.load(name)) for name in (tuple(ids) or catalogue.ids())]


def _prove(derivation: catalogue.Derivation) -> ProofReport:
    start = time.perf_counter()
    steps, error = 0, None
    axioms: tuple[str, ...] = ()
    try:
        chain = derivation.prove()
        steps, axioms = len(chain.steps), chain.axioms
        elapsed = 1000 * (time.perf_counter() - start)
        replay(*chain.results.values())
        if not chain.results:
            error = "The derivation names no result."
    except DeriveError as failure:
        elapsed = 1000 * (time.perf_counter() - start)
        error = str(failure)
    status: Literal["proved", "failed"] = "failed" if error else "proved"
    return ProofReport(derivation.id, derivation.source, derivation.title, status, steps, axioms, elapsed, error)


def show(name: str) -> Shown:
    """A derivation with every step in LaTeX; raises UnknownDerivation, or Refused where a step fails."""
    derivation = catalogue.load(name)
    chain = derivation.prove()
    told = tell(chain)
    return Shown(
        derivation.id,
        derivation.aliases,
        derivation.source,
        derivation.title,
        derivation.statement,
        told.symbols,
        told.assumptions,
        told.steps,
        tuple((axiom, AXIOMS.get(axiom, "")) for axiom in chain.axioms),
        told.results,
    )
