"""Generated variants of the references, wrong, flawed and equivalent, and what the judge makes of them.

    python benchmarks/generated.py                       every part of both assignments
    python benchmarks/generated.py --part hw13:1e        one part
    python benchmarks/generated.py --seed 2 --wrong 30   other variants, and more of them

Whether a variant is right is told by numbers alone, in finite models (``generating/``), which share no code with the
judge. ``caught``: a false one is not accepted; ``place``: the first error is the changed line, or the result is named;
``accepted``: an equivalent one gets the verdict of the reference. The exit status is 1 where a wrong one is accepted.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from generating.variants import Base, Kind, Variant, base, changed_in, computational

from derive.errors import DeriveError
from grading import grade, load_assignment
from grading.result import DECIDED, PartResult

ASSIGNMENTS = ("hw13", "kalman")
NUMBERS: dict[Kind, int] = {"wrong": 12, "flawed": 6, "equivalent": 12}


@dataclass(frozen=True)
class Finding:
    """A variant with its verdict; ``good`` where it is treated as it deserves, ``placed`` where the place is named."""

    variant: Variant
    result: PartResult | None
    caught: bool
    placed: bool

    def told(self) -> str:
        """Two lines: what was changed, and what the judge says."""
        v, r = self.variant, self.result
        said = "nothing read" if r is None else f"{r.verdict}: {r.why}"
        return f"{v.part} {v.kind}{' alone' if v.alone else ''}, {v.change}: {v.side}\n    {said}"


@dataclass
class Tally:
    """What became of the variants of a part."""

    findings: list[Finding] = field(default_factory=list)
    relations: int = 0
    decided: int = 0
    spent: int = 0
    seconds: float = 0.0

    def add(self, finding: Finding) -> None:
        """Count one more."""
        self.findings.append(finding)
        for r in finding.result.relations if finding.result else ():
            self.relations += 1
            self.decided += r.status in DECIDED
            self.spent += "budget" in r.why

    def of(self, kind: Kind) -> list[Finding]:
        """The findings of one kind."""
        return [f for f in self.findings if f.variant.kind == kind]


def judged(variant: Variant, whole: Base) -> Finding:
    """The verdict on a variant."""
    try:
        [found] = grade(variant.text, whole.assignment, part=variant.part).parts
    except DeriveError:
        return Finding(variant, None, caught=False, placed=False)
    if variant.kind == "equivalent":
        good = found.verdict == expected(whole)
        return Finding(variant, found, caught=good, placed=good)
    caught = found.verdict in ("wrong", "flawed", "missing")
    first = None if found.first_error is None else found.relations[found.first_error]
    named = first is not None and changed_in(first.latex, variant.side)
    if first is None and found.result is not None and found.result.status == "refuted":
        named = True
    return Finding(variant, found, caught, caught and named)


def expected(whole: Base) -> str:
    """The verdict on the reference itself."""
    [found] = grade(whole.text, whole.assignment, part=whole.spec.id).parts
    return found.verdict


def tallies(chosen: list[str], seed: int, numbers: dict[Kind, int]) -> Iterator[tuple[str, Tally]]:
    """Every part's variants, judged."""
    for name in ASSIGNMENTS:
        assignment = load_assignment(name)
        for part in computational(assignment):
            if chosen and f"{name}:{part}" not in chosen:
                continue
            start, tally, whole = time.perf_counter(), Tally(), base(assignment, part)
            if expected(whole) not in ("correct", "leading-order"):
                raise SystemExit(f"The reference for {name} {part} is not accepted: {whole.text}")
            for kind, number in numbers.items():
                for variant in whole.variants(kind, number, seed):
                    tally.add(judged(variant, whole))
            tally.seconds = time.perf_counter() - start
            yield f"{name}:{part}", tally


def share(findings: list[Finding], *, place: bool = False) -> str:
    """How many of the findings are good."""
    good = sum(f.placed if place else f.caught for f in findings)
    return f"{good:>4} /{len(findings):>4}"


def row(name: str, tally: Tally) -> str:
    """One line of the table."""
    cells = [share(tally.of("wrong")), share(tally.of("wrong"), place=True)]
    cells += [share(tally.of("flawed")), share(tally.of("flawed"), place=True), share(tally.of("equivalent"))]
    decided = tally.decided / max(1, tally.relations)
    return f"{name:12}" + "".join(f"{c:>11}" for c in cells) + f"{decided:>9.1%}{tally.seconds:>7.1f}"


def main() -> int:
    """Print every variant that is not treated as it deserves, a table, and the totals."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--part", action="append", default=[], help="assignment:part, for example hw13:1e")
    options.add_argument("--seed", type=int, default=1)
    for kind, number in NUMBERS.items():
        options.add_argument(f"--{kind}", type=int, default=number)
    chosen = options.parse_args()
    numbers: dict[Kind, int] = {kind: getattr(chosen, kind) for kind in NUMBERS}
    whole = Tally()
    print(f"{'part':12}{'wrong':>11}{'place':>11}{'flawed':>11}{'place':>11}{'equivalent':>11}{'decided':>9}{'s':>7}")
    for name, tally in tallies(chosen.part, chosen.seed, numbers):
        for f in tally.findings:
            whole.findings.append(f)
            if not f.placed:
                print(f"{'ACCEPTED ' * is_accepted(f)}{name.partition(':')[0]} {f.told()}", flush=True)
        whole.relations, whole.decided = whole.relations + tally.relations, whole.decided + tally.decided
        whole.spent, whole.seconds = whole.spent + tally.spent, whole.seconds + tally.seconds
        print(row(name, tally), flush=True)
    print(row("all", whole))
    accepted = [f for f in whole.findings if is_accepted(f)]
    print(f"accepted though false: {len(accepted)}; relations: {whole.relations}, out of budget {whole.spent}")
    return 1 if accepted else 0


def accepts(found: PartResult) -> bool:
    """Whether a part is taken for right, if only to leading order."""
    return found.verdict in ("correct", "leading-order")


def is_accepted(finding: Finding) -> bool:
    """Whether a variant is taken for right though it is false."""
    return finding.variant.kind != "equivalent" and finding.result is not None and accepts(finding.result)


if __name__ == "__main__":
    sys.exit(main())
