"""Texts without an assignment: is a refuted relation an error, and how many errors are refuted?

FILE holds solutions by language models to problems of general mathematics, one JSON object a line, with the first
wrong step as people marked it; it is not part of the repository. The checker sees the text alone. A wrong solution is
hit where a relation of the marked step is refuted; a refuted relation in a correct solution is an alarm.
The solutions are split in two by a hash of their name: rules were found on one half, the other was held out.

Run: ``python benchmarks/external.py FILE [--half development|held-out] [--show]``
"""

from __future__ import annotations

import argparse
import json
import time
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from grading import check_text
from grading.result import Judgement

HALVES = ("development", "held-out")
GAP = "\n\n"


@dataclass(frozen=True)
class Checked:
    """One solution with what was found in it: each judgement with the step that it stands in."""

    name: str
    wrong_step: int
    judged: tuple[tuple[int, Judgement], ...]
    seconds: float

    @property
    def refuted(self) -> tuple[tuple[int, Judgement], ...]:
        """The refuted relations."""
        return tuple((s, j) for s, j in self.judged if j.status == "refuted")


def half(name: str) -> str:
    """The half that a solution belongs to."""
    return HALVES[sha256(name.encode()).digest()[0] % 2]


def checked(solution: dict[str, Any]) -> Checked:
    """Check one solution; ``first_wrong_step`` is only carried along."""
    steps: list[str] = solution["steps"]
    firsts = [1]
    for step in steps:
        firsts.append(firsts[-1] + (step + GAP).count("\n"))
    start = time.process_time()
    judged = check_text(GAP.join(steps))
    seconds = time.process_time() - start
    placed = tuple((bisect_right(firsts, j.line) - 1, j) for j in judged)
    return Checked(solution["id"], solution["first_wrong_step"], placed, seconds)


def report(label: str, results: list[Checked]) -> None:
    """One paragraph of figures."""
    right = [r for r in results if r.wrong_step < 0]
    wrong = [r for r in results if r.wrong_step >= 0]
    alarms = sum(bool(r.refuted) for r in right)
    hits = sum(any(s == r.wrong_step for s, _ in r.refuted) for r in wrong)
    early = sum(any(s < r.wrong_step for s, _ in r.refuted) for r in wrong)
    late = sum(bool(r.refuted) and all(s > r.wrong_step for s, _ in r.refuted) for r in wrong)
    status = Counter(j.status for r in results for _, j in r.judged)
    seconds = sum(r.seconds for r in results)
    slowest = max(results, key=lambda r: r.seconds)
    print(f"{label}: {len(results)} solutions, {sum(status.values())} relations")
    print(f"  an alarm in {alarms} of {len(right)} correct solutions ({alarms / max(len(right), 1):.2%})")
    print(f"  the marked step hit in {hits} of {len(wrong)} wrong solutions ({hits / max(len(wrong), 1):.2%})")
    print(f"  refuted before the marked step in {early}, only after it in {late}")
    print(f"  {len(results) / seconds:.0f} solutions a second of processor time")
    print(f"  the slowest: {slowest.name}, {slowest.seconds:.2f} s")
    print("  " + ", ".join(f"{n} {s}" for s, n in status.most_common()))


def show(results: list[Checked]) -> None:
    """Every refuted relation, by what it stands in."""
    for r in sorted(results, key=lambda r: (r.wrong_step >= 0, r.name)):
        for step, j in r.refuted:
            if r.wrong_step < 0:
                kind = "ALARM"
            else:
                kind = "hit" if step == r.wrong_step else "early" if step < r.wrong_step else "late"
            print(f"{kind:6} {r.name} step {step} line {j.line}: {j.latex}   [{j.why}] {j.counterexample or ''}")


def main() -> None:
    """Print the figures of both halves."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--half", choices=HALVES)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    if options.file is None:
        print("Not measured: a file of solutions is wanted as an argument.")
        return
    if not options.file.exists():
        raise SystemExit(f"{options.file} is not there; give the file of solutions as an argument.")
    solutions = [json.loads(line) for line in options.file.read_text().splitlines()]
    halves = (options.half,) if options.half else HALVES
    everything: list[Checked] = []
    for chosen in halves:
        results = [checked(s) for s in solutions if half(s["id"]) == chosen]
        if options.show:
            show(results)
        report(chosen, results)
        everything += results
    if len(halves) > 1:
        report("both", everything)


if __name__ == "__main__":
    main()
