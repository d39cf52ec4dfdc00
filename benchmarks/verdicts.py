"""What the judge makes of answers whose verdict is known: every case file, in one table.

Usage: python benchmarks/verdicts.py [PART ...]

``wrong`` and ``flawed`` count as caught where the verdict is neither correct nor open, and the place is named where a
relation or the result carries the reason. ``right`` counts where it is accepted with full points.
"""

from __future__ import annotations

import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from derive.errors import DeriveError
from grading import grade, load_assignment
from grading.assignment import Assignment
from grading.result import PartResult

CASES = Path(__file__).parent.parent / "tests" / "cases" / "grading"
KINDS = ("wrong", "flawed", "right")


@dataclass(frozen=True)
class Line:
    """One answer to one part, and what it is."""

    part: str
    kind: str
    text: str


def lines() -> Iterator[Line]:
    """Every variant of homework 13: single cases, and lists by kind."""
    names = {"wrong": "wrong", "flawed": "flawed", "correct": "right"}
    for name in ("hw13_problem1.toml", "variants.toml"):
        for case in tomllib.loads((CASES / name).read_text(encoding="utf-8"))["case"]:
            if case["verdict"] in names:
                yield Line(case["part"], names[case["verdict"]], case["text"])
    for part, kinds in tomllib.loads((CASES / "hw13_variants.toml").read_text(encoding="utf-8")).items():
        for kind, texts in kinds.items():
            yield from (Line(part, kind, text) for text in texts)


def judged(line: Line, assignment: Assignment) -> PartResult | None:
    """The part as it is graded; None where the text holds nothing to grade."""
    try:
        [found] = grade(f"({line.part[-1]})\n\n{line.text}", assignment, part=line.part).parts
    except DeriveError:
        return None
    return found


def good(line: Line, found: PartResult | None) -> bool:
    """Whether a variant is treated as it deserves."""
    if found is None:
        return False
    if line.kind == "right":
        return found.verdict == "correct"
    named = found.first_error is not None or (found.result is not None and found.result.status == "refuted")
    return found.verdict in ("wrong", "flawed") and named


def main() -> None:
    """Print the table and the totals, and every variant that is not treated as it deserves."""
    assignment = load_assignment("hw13")
    table: dict[tuple[str, str], list[bool]] = {}
    relations: Counter[str] = Counter()
    start = time.perf_counter()
    for line in lines():
        if sys.argv[1:] and line.part not in sys.argv[1:]:
            continue
        found = judged(line, assignment)
        table.setdefault((line.part, line.kind), []).append(good(line, found))
        for r in () if found is None else found.relations:
            relations["all"] += 1
            relations["open"] += r.status in ("undecided", "unread")
            relations["spent"] += "budget" in r.why
        if line.kind != "right" and found is not None and found.verdict == "correct":
            print(f"ACCEPTED {line.part} {line.kind}: {line.text}")
        if not table[line.part, line.kind][-1]:
            verdict = "nothing read" if found is None else f"{found.verdict}: {found.why}"
            print(f"{line.part} {line.kind}: {line.text}\n    {verdict}")
    parts = sorted({part for part, _ in table})
    print(f"\n{'part':6}" + "".join(f"{kind:>12}" for kind in KINDS))
    for part in parts:
        counts = [table.get((part, kind), []) for kind in KINDS]
        print(f"{part:6}" + "".join(f"{sum(c):>7} / {len(c):<2}" for c in counts))
    for kind in KINDS:
        rows = [ok for (_, k), oks in table.items() if k == kind for ok in oks]
        print(f"{kind}: {sum(rows)} of {len(rows)} ({sum(rows) / max(1, len(rows)):.1%})")
    share = 1 - relations["open"] / max(1, relations["all"])
    print(f"relations: {relations['all']}, decided {share:.1%}, out of budget {relations['spent']}")
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
