"""Final results: ``grading.compare`` against Math-Verify, on the same pairs in the same run.

The pairs are those of ``results.toml``, written by hand, and others from a generator with a fixed seed: numbers,
fractions, radicals and expressions, each with an equal form and with a slip. An answer is accepted where a tool says
that it equals the gold; everything else counts as not accepted, as in a reward. Both take turns at every pair.

Run: ``pip install -e '.[bench]'``, then ``python benchmarks/results.py [--show] [--seed N] [--generated N]``
"""

from __future__ import annotations

import argparse
import random
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grading import compare

PAIRS = Path(__file__).parent / "results.toml"


@dataclass(frozen=True)
class Pair:
    """A gold, an answer, and whether they are the same result."""

    kind: str
    gold: str
    answer: str
    equal: bool


@dataclass
class Tool:
    """A tool, what it accepted wrongly or missed, and the time it took."""

    name: str
    accepts: Callable[[str, str], bool]
    missed: list[Pair] = field(default_factory=list)
    accepted: list[Pair] = field(default_factory=list)
    seconds: float = 0.0

    def judge(self, pair: Pair) -> None:
        """One pair, timed."""
        start = time.perf_counter()
        found = self.accepts(pair.gold, pair.answer)
        self.seconds += time.perf_counter() - start
        if found != pair.equal:
            (self.missed if pair.equal else self.accepted).append(pair)


def written() -> Iterator[Pair]:
    """The pairs written by hand."""
    for kind, table in tomllib.loads(PAIRS.read_text(encoding="utf-8")).items():
        for name, pairs in table.items():
            yield from (Pair(kind, gold, answer, name == "equal") for gold, answer in pairs)


def generated(seed: int, number: int) -> Iterator[Pair]:
    """Random results, each in an equal form and with a slip."""
    rng = random.Random(seed)
    makers = (_fraction, _radical, _product, _quotient, _logarithm)
    for n in range(number):
        gold, equal, slip = makers[n % len(makers)](rng)
        yield Pair("generated", gold, equal, True)
        yield Pair("generated", gold, slip, False)


def _fraction(rng: random.Random) -> tuple[str, str, str]:
    a, b, k = rng.randint(1, 40), rng.randint(2, 40), rng.randint(2, 9)
    return rf"\frac{{{a}}}{{{b}}}", rf"\frac{{{k * a}}}{{{k * b}}}", rf"\frac{{{k * a + 1}}}{{{k * b}}}"


def _radical(rng: random.Random) -> tuple[str, str, str]:
    k, r = rng.randint(2, 9), rng.choice([2, 3, 5, 6, 7, 10, 11])
    return rf"{k}\sqrt{{{r}}}", rf"\sqrt{{{k * k * r}}}", rf"\sqrt{{{k * r}}}"


def _product(rng: random.Random) -> tuple[str, str, str]:
    a, b = rng.randint(1, 9), rng.randint(1, 9)
    x, y = rng.sample(["x", "y", "a", "b", r"\sigma", r"\theta", "T", "t"], 2)
    gold = rf"({x} + {a}{y})({x} - {b}{y})"
    middle = f"{a - b:+d}{x} {y}" if a != b else ""
    return gold, rf"{x}^2 {middle} - {a * b}{y}^2", rf"{x}^2 {a + b:+d}{x} {y} - {a * b}{y}^2"


def _quotient(rng: random.Random) -> tuple[str, str, str]:
    a, b = rng.randint(1, 9), rng.randint(1, 9)
    s = rng.choice([r"\sigma", "x", "T", r"\beta"])
    gold = rf"\frac{{{a}{s}^2}}{{{s}^2 + {b}}}"
    return gold, rf"{a} - \frac{{{a * b}}}{{{s}^2 + {b}}}", rf"{a} - \frac{{{b}}}{{{s}^2 + {b + a}}}"


def _logarithm(rng: random.Random) -> tuple[str, str, str]:
    a, b, k = rng.randint(2, 9), rng.randint(2, 9), rng.randint(2, 4)
    return rf"\ln {a**k * b}", rf"{k}\ln {a} + \ln {b}", rf"{k}\ln {a} \cdot \ln {b}"


def tools() -> tuple[Tool, Tool]:
    """The two tools, with their modules loaded."""
    from math_verify import parse, verify

    def peer(gold: str, answer: str) -> bool:
        return bool(verify(parse(f"${gold}$"), parse(f"${answer}$")))

    return Tool("derive", lambda gold, answer: compare(gold, answer).equal is True), Tool("Math-Verify", peer)


def main() -> None:
    """Print accuracy and speed of both, and on request every pair that one of them gets wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--generated", type=int, default=60)
    options = parser.parse_args()
    pairs = [*written(), *generated(options.seed, options.generated)]
    for tool in (warm := tools()):
        tool.judge(pairs[0])  # imports and caches
    both = tools()
    for n, pair in enumerate(pairs):
        for tool in both if n % 2 else both[::-1]:
            tool.judge(pair)
    equal = sum(p.equal for p in pairs)
    print(f"{len(pairs)} pairs, {equal} equal and {len(pairs) - equal} different ({len(warm)} tools)")
    for tool in both:
        wrong = len(tool.missed) + len(tool.accepted)
        print(
            f"{tool.name:12} {1 - wrong / len(pairs):6.1%} right, {len(tool.accepted)} wrongly accepted, "
            f"{len(tool.missed)} missed, {len(pairs) / tool.seconds:.0f} pairs a second"
        )
        if options.show:
            for what, found in (("accepted", tool.accepted), ("missed", tool.missed)):
                for p in found:
                    print(f"    {what}: {p.kind}: {p.gold}   |   {p.answer}")


if __name__ == "__main__":
    main()
