"""Time to grade an answer to problem 1, cold (one process each) and warm (medians of several runs).

Usage: python benchmarks/grade.py [ANSWER ...]   (by default the sample answer of the documentation)
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from grading import grade, load_assignment

SAMPLE = Path(__file__).parent.parent / "docs" / "examples" / "diffusion-answer.md"
RUNS = 7


def warm(path: Path) -> tuple[float, int]:
    """Median seconds to grade a text again, and how many relations were judged."""
    assignment, text = load_assignment("hw13"), path.read_text(encoding="utf-8")
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        result = grade(text, assignment, problem="1")
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:]), sum(len(p.relations) for p in result.parts)


def cold(path: Path) -> float:
    """Median seconds of the command, start-up and the judging of the reference included."""
    command = [sys.executable, "-m", "reports.cli", "grade", str(path), "--assignment", "hw13", "--problem", "1"]
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([*command, "--json", "-"], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print one line for each answer."""
    for path in map(Path, sys.argv[1:] or [str(SAMPLE)]):
        seconds, relations = warm(path)
        print(f"{path.name}: {relations} relations, warm {seconds:.2f} s, the command {cold(path):.2f} s")


if __name__ == "__main__":
    main()
