"""The proof half of verification: every derivation proved anew, and shown step by step."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from derive import catalogue
from derive.chain import Chain
from derive.errors import DeriveError
from derive.kernel.chart import Chart, Domain
from derive.kernel.fact import Claim, Fact, replay
from derive.kernel.rules.premises import AXIOMS
from derive.kernel.term import INFINITY


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
class ShownStep:
    """A step: its claim in LaTeX, where it holds, the rule, the reason, the steps it uses, and its result name."""

    number: int
    latex: str
    where: str
    rule: str
    reason: str
    uses: tuple[int, ...]
    result: str | None


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
    steps: tuple[ShownStep, ...]
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
    return Shown(
        derivation.id,
        derivation.aliases,
        derivation.source,
        derivation.title,
        derivation.statement,
        tuple(_symbols(chain.chart)),
        tuple(claim_latex(claim) for claim in chain.givens),
        _steps(chain),
        tuple((axiom, AXIOMS.get(axiom, "")) for axiom in chain.axioms),
        tuple((result, claim_latex(fact.claim)) for result, fact in chain.results.items()),
    )


def _steps(chain: Chain) -> tuple[ShownStep, ...]:
    numbers: dict[Fact, int] = {}
    shown = []
    for number, step in enumerate(chain.steps, 1):
        numbers[step.fact] = number
        uses = sorted({n for p in step.fact.record.premises for n in _numbered(p, numbers)})
        where = ", ".join(_symbols(step.fact.chart, beyond=chain.chart))
        text = claim_latex(step.fact.claim)
        shown.append(ShownStep(number, text, where, step.rule.replace("_", " "), step.reason, tuple(uses), step.name))
    return tuple(shown)


def _numbered(fact: Fact, numbers: dict[Fact, int]) -> set[int]:
    """The numbers of the steps that a premise is, or is made from between the steps."""
    if fact in numbers:
        return {numbers[fact]}
    return {n for p in fact.record.premises for n in _numbered(p, numbers)}


AT_MOST, AT_LEAST = r"\le", r"\ge"
_SIGNS = {"=": "=", "≠": r"\ne", "<": "<", "≤": r"\le", "→": r"\to", "∼": r"\sim", "≈": r"\approx", "⊥": r"\perp"}


def claim_latex(claim: Claim) -> str:
    """A claim as one formula, with its limit or its bound."""
    from derive.latex.printer import latex

    sign = _SIGNS[claim.kind]
    if claim.limit is not None:
        point = r"\infty" if claim.limit.point == INFINITY else latex(claim.limit.point)
        sign = rf"\xrightarrow{{{claim.limit.symbol} \to {point}}}"
    text = f"{latex(claim.left)} {sign} {latex(claim.right)}"
    if claim.bound is None:
        return text
    return rf"{text} \quad \text{{with relative error at most }} {latex(claim.bound)}"


def _symbols(chart: Chart, beyond: Chart | None = None) -> list[str]:
    """The declarations of a chart in LaTeX, without those that ``beyond`` has too."""
    from derive.latex.printer import latex

    found = []
    for name, definition in chart.definitions.items():
        if beyond is None or beyond.definitions.get(name) != definition:
            found.append(f"{name} := {latex(definition)}")
    for name, domain in chart.domains.items():
        if name not in chart.definitions and (beyond is None or beyond.domains.get(name) != domain):
            found.append(_domain(name, domain))
    return found


def _domain(name: str, domain: Domain) -> str:
    """Such as ``\\sigma > 0``, ``0 \\le k \\le T``, ``T \\ge 1``; a label by its name alone."""
    from derive.latex.printer import latex

    low, high = domain.lower, domain.upper
    below = r"\le" if high is not None and not high.strict else "<"
    if low is not None and high is not None:
        return f"{latex(low.value)} {'<' if low.strict else AT_MOST} {name} {below} {latex(high.value)}"
    if low is not None:
        return f"{name} {'>' if low.strict else AT_LEAST} {latex(low.value)}"
    if high is not None:
        return f"{name} {below} {latex(high.value)}"
    return name + {"integer": r" \in \mathbb{Z}", "real": r" \in \mathbb{R}", "label": ""}[domain.kind]
