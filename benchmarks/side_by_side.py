"""Several pieces of work timed in turns, so that what else the machine does meets all of them alike."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

RUNS = 7


def seconds(works: Mapping[str, Callable[[], Any]], runs: int = RUNS) -> dict[str, list[float]]:
    """Wall times of each, ``runs`` rounds of all of them one after the other, after one round that is not timed."""
    for work in works.values():
        work()
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            found[name].append(time.perf_counter() - start)
    return found


def machine() -> str:
    """What the figures were measured on."""
    model = "unknown"
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), model)
    except OSError:
        model = platform.processor()
    return f"{platform.machine()} {model}, Python {platform.python_version()}, NumPy {np.__version__}"


def table(rates: Mapping[str, list[float]], base: str, unit: str, peer: str | None = None) -> None:
    """Medians with their spread, and the median of the ratios within a round to ``base`` and to ``peer``."""
    print(f"{'':34}{unit:>12}{'from':>10}{'to':>10}{'times ' + base:>20}{'from':>9}{'to':>9}", end="")
    print(f"{'of ' + peer:>14}" if peer else "")
    for name, of in rates.items():
        ratios = [a / b for a, b in zip(of, rates[base], strict=True)]
        print(f"{name:34}{statistics.median(of):12.1f}{min(of):10.1f}{max(of):10.1f}", end="")
        print(f"{statistics.median(ratios):20.2f}{min(ratios):9.2f}{max(ratios):9.2f}", end="")
        share = statistics.median(a / b for a, b in zip(of, rates[peer], strict=True)) if peer else 0.0
        print(f"{share:14.2f}" if peer else "")
