"""The reader: formulas a second, beside SymPy's lark backend on the same strings; time over the length of an answer.

python benchmarks/reader.py        (SymPy's backend needs `pip install -e '.[bench]'`)

The formulas are those of the reader's own test cases, each side parsed to its whole tree on one core, caches of
single tokens warm. The rival is timed on the strings that it reads without an error, rounds interleaved.
"""

from __future__ import annotations

import importlib.util
import platform
import statistics
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from derive.latex.parser import parse
from derive.theory.loader import theory
from grading.read import read_answer

CASES = Path(__file__).resolve().parent.parent / "tests" / "cases" / "reading"
ROUNDS = 15
RIVAL_ROUNDS = 3
TIMES = (1, 2, 4, 8, 16)


def sources() -> list[str]:
    """The formulas of the reader's test cases."""
    cases = tomllib.loads((CASES / "formulas.toml").read_text("utf-8"))
    return [source for name in ("standard", "subject") for source, _ in cases[name]]


def readable(read: Callable[[str], object], formulas: list[str]) -> list[str]:
    """The formulas that a reader takes without an error."""
    found: list[str] = []
    for formula in formulas:
        try:
            read(formula)
        except Exception:  # whatever the rival raises
            continue
        found.append(formula)
    return found


def seconds(read: Callable[[str], object], formulas: list[str]) -> list[float]:
    """Time of each formula."""
    times: list[float] = []
    for formula in formulas:
        start = time.perf_counter()
        read(formula)
        times.append(time.perf_counter() - start)
    return times


def best(read: Callable[[str], object], formulas: list[str], rounds: int) -> list[float]:
    """The median over rounds of the time of each formula."""
    return [statistics.median(times) for times in zip(*(seconds(read, formulas) for _ in range(rounds)), strict=True)]


def formulas_a_second() -> None:
    """Our own figures, and the ratio to SymPy's backend on what both read."""
    ours = readable(parse, sources())
    times = best(parse, ours, ROUNDS)
    print(
        f"{len(ours)} formulas: {len(ours) / sum(times):,.0f} a second, median {1e3 * statistics.median(times):.3f} ms"
    )
    if importlib.util.find_spec("lark") is None:
        print("SymPy's lark backend: not measured, lark is not installed")
        return
    from sympy.parsing.latex import parse_latex_lark

    shared = readable(parse_latex_lark, ours)
    ratios: list[float] = []
    for _ in range(RIVAL_ROUNDS):
        here, there = sum(seconds(parse, shared)), sum(seconds(parse_latex_lark, shared))
        ratios.append(there / here)
    print(
        f"SymPy's lark backend reads {len(shared)} of them without an error; "
        f"{statistics.median(ratios):.0f} times as long on these ({min(ratios):.0f} to {max(ratios):.0f})"
    )


def over_length() -> None:
    """Time to read an answer repeated several times: per character it should stay the same."""
    for name, subject in (("chat.md", "preference"), ("notes.txt", "diffusion"), ("macros.tex", "diffusion")):
        text = (CASES / "answers" / name).read_text("utf-8")
        notation = theory(subject).notation
        figures: list[str] = []
        for times in TIMES:
            long = text.replace("\\end{document}", "") * times
            spent = []
            for _ in range(5):
                start = time.perf_counter()
                read_answer(long, notation)
                spent.append(time.perf_counter() - start)
            figures.append(f"{times}x {1e6 * statistics.median(spent) / len(long):.2f}")
        print(f"{name:12} microseconds a character: {', '.join(figures)}")


def main() -> None:
    """Print the figures."""
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, one core")
    formulas_a_second()
    over_length()


if __name__ == "__main__":
    main()
