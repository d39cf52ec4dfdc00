"""Variants of an answer: the reference with one side changed, and its result by itself.

A variant that is false is kept only where ``truth`` finds the changed relation clearly false, and one that is
equivalent only where every relation that the change touches is found true. Everything depends on the seed alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Final, Literal

from generating.mutants import mutants
from generating.rewrites import rewrites
from generating.styles import written
from generating.truth import holds
from generating.worlds import Model, model

from derive.kernel.term import Term
from derive.latex.printer import relation_sign
from grading.assignment import Assignment, PartSpec
from grading.grader import Written
from grading.read import read_answer
from grading.read.document import Relation, Side

Kind = Literal["wrong", "flawed", "equivalent"]
TRIED: Final = frozenset({"=", "≈", "→", "∼", "∝"})
"""Kinds of relations that are changed."""
LEMMAS: Final = tomllib.loads((Path(__file__).parent / "lemmas.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Variant:
    """An answer to a part, what kind it is, what was changed in it, and the LaTeX of the changed side."""

    part: str
    kind: Kind
    change: str
    text: str
    side: str
    alone: bool


@dataclass(frozen=True)
class Spot:
    """A side of a chain: the relations that end and begin with it, and where it stands in the text."""

    side: Side
    before: Relation | None
    after: Relation | None
    result: bool
    start: int
    stop: int

    def others(self) -> Iterator[tuple[str, Term | None, bool]]:
        """Kind and other side of the relations that the side belongs to, and whether it is their right side."""
        if self.before is not None:
            yield self.before.kind, self.before.left.term, True
        if self.after is not None:
            yield self.after.kind, self.after.right.term, False


class Base:
    """An answer that is right: the reference for a part, its relations and its results."""

    def __init__(self, assignment: Assignment, spec: PartSpec) -> None:
        self.assignment, self.spec = assignment, spec
        self.model: Model = model(assignment.name, spec.id)
        lemmas = "".join(f"{lemma}.\n\n" for lemma in LEMMAS[assignment.name].get(spec.id, ()))
        reference = Written(assignment.reference, alone=False).parts(spec)[spec.label].text
        body = re.sub(r"^\\subsection\*\{\(\w\)\}", "", reference.strip()).replace("\\end{document}", "").strip()
        body = re.sub(r"\\section\*\{.*", "", body, flags=re.DOTALL).strip()
        self.text = f"({spec.label})\n\n{lemmas}{body}\n"
        self.relations = self.read(self.text)
        self.quantities = {q for ask in spec.asks for q in (ask.quantity, *ask.also)}
        self.results = self._results()

    def read(self, text: str) -> tuple[Relation, ...]:
        """The relations of a text of this part."""
        parts = read_answer(text, self.spec.theory.notation).parts
        return next((p.relations for p in parts if p.label == self.spec.label), ())

    def _results(self) -> tuple[tuple[Relation, Relation], ...]:
        """For every asked quantity, the first and last relation of the last chain that states it."""
        found: dict[object, tuple[Relation, Relation]] = {}
        for first in self.relations:
            if first.opens and first.left.term is not None and (first.boxed or first.left.term in self.quantities):
                chain = [r for r in self.relations if r.chain == first.chain]
                found[first.left.term] = first, chain[-1]
        return tuple(found.values())

    def spots(self) -> list[Spot]:
        """Every side that may be changed."""
        found: list[Spot] = []
        ends = [last for _, last in self.results]
        lines = [0, *(m.end() for m in re.finditer("\n", self.text))]
        for n, r in enumerate(self.relations):
            following = self.relations[n + 1] if n + 1 < len(self.relations) else None
            if following is not None and (following.chain != r.chain or following.opens):
                following = None
            if r.kind not in TRIED or r.left.term is None or r.right.term is None or r.defining and r.opens:
                continue
            if holds(r.kind, r.left.term, r.right.term, self.model) is not True:
                continue
            sides = [(r.right, r, following, any(r is end for end in ends))]
            stated = any(r is first for first, _ in self.results)
            if r.opens and not stated and r.left.term not in self.quantities and r.left.term.op not in ("sym", "num"):
                sides.append((r.left, None, r, False))
            for side, before, after, result in sides:
                start = lines[side.place.line - 1] + side.place.column - 1
                pattern = r"\s*".join(re.escape(piece) for piece in side.latex.split())
                match = re.compile(pattern).match(self.text, start)
                if match:
                    found.append(Spot(side, before, after, result, start, match.end()))
        return found

    def variants(self, kind: Kind, number: int, seed: int) -> Iterator[Variant]:
        """So many variants of a kind, of as many changes as there are."""
        random = Random(f"{self.assignment.name} {self.spec.id} {kind} {seed}")
        pool = [
            (spot, change, term)
            for spot in self.spots()
            if kind == "equivalent" or spot.result == (kind == "wrong")
            for change, term in self.changed(spot, kind, random)
        ]
        random.shuffle(pool)
        made: list[tuple[str, str]] = []
        for round_ in range(12):
            for spot, change, term in pool:
                key = change, spot.side.latex
                if made.count(key) != round_ or len(made) >= number or not self.fits(spot, term, kind):
                    continue
                alone = spot.result and len(self.results) == 1 and not self.spec.through and len(made) % 3 == 2
                variant = self.made(spot, kind, change, term, random, alone)
                if variant is not None:
                    made.append(key)
                    yield variant

    def changed(self, spot: Spot, kind: Kind, random: Random) -> Iterator[tuple[str, Term]]:
        """Changes of a side: slips, or one to three rewritings."""
        term = spot.side.term
        if term is None:
            return
        if kind != "equivalent":
            yield from mutants(term)
            return
        once = list(rewrites(term))
        yield from once
        for change, first in once:
            second = list(rewrites(first))
            for name, found in random.sample(second, min(2, len(second))):
                if found != term:
                    yield f"{change}, {name}", found

    def fits(self, spot: Spot, term: Term, kind: Kind) -> bool:
        """Whether the oracle finds the changed relations false, or true."""
        verdicts = [
            holds(k, other, term, self.model) if right else holds(k, term, other, self.model)
            for k, other, right in spot.others()
            if other is not None and k in TRIED
        ]
        if kind == "equivalent":
            return all(v is True for v in verdicts)
        return verdicts[0] is False and self.far(spot, term)

    def far(self, spot: Spot, term: Term) -> bool:
        """Whether a false relation is not even true to leading order in the regime."""
        if not self.model.curves:
            return True
        k, other, right = next(spot.others())
        if k not in ("=", "∼") or other is None:
            return True
        return holds("≈", *((other, term) if right else (term, other)), self.model) is False

    def made(self, spot: Spot, kind: Kind, change: str, term: Term, random: Random, alone: bool) -> Variant | None:
        """The text with the side written anew; None where it does not read back as what it should."""
        for latex in dict.fromkeys(written(term, self.spec.theory.notation, random)):
            if alone and spot.before is not None:
                [(first, _)] = self.results
                stated = f"{first.left.latex} {self.sign(spot)} {latex}"
                text = f"({self.spec.label})\n\n{self.definitions()}\\[ {stated} \\]\n"
            else:
                text = f"{self.text[: spot.start]} {latex} {self.text[spot.stop :]}"
            if self.reads_back(text, latex, spot, kind, alone):
                return Variant(self.spec.id, kind, change, text, latex, alone)
        return None

    def sign(self, spot: Spot) -> str:
        """The relation sign of a result that stands by itself."""
        kinds = {r.kind for r in self.relations if spot.before is not None and r.chain == spot.before.chain}
        return relation_sign("∼" if "∼" in kinds else "≈" if "≈" in kinds else "=")

    def definitions(self) -> str:
        """The definitions of letters that the result may use."""
        found = [r.latex for r in self.relations if r.defining and r.left.term is not None and r.left.term.op == "fn"]
        found = [d for d in found if "alpha" in d or "gamma" in d]
        return "".join(f"Let ${d}$.\n\n" for d in found)

    def reads_back(self, text: str, latex: str, spot: Spot, kind: Kind, alone: bool) -> bool:
        """Whether the reader finds the changed side, and it is as true or false as it should be."""
        relations = self.read(text)
        mine = [r for r in relations if changed_in(r.latex, latex)]
        if not mine or not alone and len(relations) != len(self.relations):
            return False
        verdicts = [
            holds(r.kind, r.left.term, r.right.term, self.model)
            for r in mine
            if r.left.term is not None and r.right.term is not None and r.kind in TRIED
        ]
        if kind == "equivalent":
            return bool(verdicts) and all(v is True for v in verdicts)
        return False in verdicts


def squeezed(latex: str) -> str:
    """LaTeX without spaces."""
    return re.sub(r"\s+", "", latex)


def changed_in(relation: str, side: str) -> bool:
    """Whether a relation has a side that is written so."""
    whole, part = squeezed(relation), squeezed(side)
    return whole.endswith(part) or whole.startswith(part)


@lru_cache(maxsize=64)
def base(assignment: Assignment, part: str) -> Base:
    """The right answer to a part."""
    [spec] = assignment.select(part=part)
    return Base(assignment, spec)


def computational(assignment: Assignment) -> Sequence[str]:
    """The parts that ask for a value or a law."""
    return [s.id for s in assignment.parts if s.asks and s.review is None]
