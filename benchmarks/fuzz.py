"""The equality decision on random pairs: equal ones by rewriting, and mutated ones, judged by mpmath at 50 digits.

    python benchmarks/fuzz.py                        2,000 pairs of either kind
    python benchmarks/fuzz.py --pairs 20000          the nightly size
    python benchmarks/fuzz.py --first 1000000 --kind mutated      other pairs, of one kind

Pairs depend on their number alone. Every verdict is judged by an evaluator that shares no code with the kernel. A
verdict is unsound where both disagree; the exit status is then 1, and also where less than 99 % of the equal pairs
are decided.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fuzzing.grammar import CHART
from fuzzing.oracle import really_equal
from fuzzing.rewriting import equal_pair, mutated_pair

from derive.kernel.equality import decide
from derive.kernel.term import Term, plain

LEAST_DECIDED = 0.99


@dataclass
class Tally:
    """What became of the pairs of one kind; ``unsound`` and ``undecided`` as text."""

    pairs: int = 0
    decided: int = 0
    judged: int = 0
    equal: int = 0
    unsound: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The part of the pairs that was decided."""
        return self.decided / self.pairs

    def row(self, name: str) -> str:
        """One line of the table."""
        median, most = statistics.median(self.milliseconds), max(self.milliseconds)
        return (
            f"{name:8} {self.pairs:7} {self.decided:8} ({100 * self.share:6.2f} %) {self.judged:7} {self.equal:7}"
            f" {len(self.unsound):8} {median:8.2f} {most:8.1f}"
        )


def judged(pair: Callable[[int], tuple[Term, Term]], seeds: range) -> Tally:
    """Decide the pairs of these numbers, and judge every verdict.

    An equal pair must not be refuted even where the judge finds no point; a mutated pair may happen to be equal.
    """
    tally = Tally()
    for seed in seeds:
        left, right = pair(seed)
        start = time.perf_counter()
        decision = decide(left, right, CHART)
        tally.milliseconds.append(1000 * (time.perf_counter() - start))
        tally.pairs += 1
        text = f"{seed}: {plain(left)} against {plain(right)}: {decision.why}"
        if decision.verdict is None:
            tally.undecided.append(text)
            continue
        tally.decided += 1
        tally.equal += decision.verdict
        truth = really_equal(left, right, seed, 2 if decision.verdict else 40)
        tally.judged += truth is not None
        if truth is not None and truth is not decision.verdict:
            tally.unsound.append(text)
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description="Random pairs for the equality decision, judged by mpmath.")
    parser.add_argument("--pairs", type=int, default=2000, help="how many pairs of either kind")
    parser.add_argument("--first", type=int, default=0, help="the number of the first pair")
    parser.add_argument("--kind", choices=("equal", "mutated", "both"), default="both", help="which pairs")
    parser.add_argument("--show", action="store_true", help="print the equal pairs that were not decided")
    arguments = parser.parse_args()
    seeds = range(arguments.first, arguments.first + arguments.pairs)
    print(
        f"{'pairs':8} {'number':>7} {'decided':>19} {'judged':>7} {'equal':>7} {'unsound':>8} {'ms':>8} {'max ms':>8}"
    )
    failed = False
    for kind, pair in (("equal", equal_pair), ("mutated", mutated_pair)):
        if arguments.kind not in (kind, "both"):
            continue
        tally = judged(pair, seeds)
        print(tally.row(kind), flush=True)
        for text in tally.unsound + (tally.undecided if arguments.show and kind == "equal" else []):
            print(f"    {text}")
        failed = failed or bool(tally.unsound) or (kind == "equal" and tally.share < LEAST_DECIDED)
    raise SystemExit(failed)


if __name__ == "__main__":
    main()
