"""How fast every twin runs, and in how long it rejects the wrong results that it says it rejects.

    python benchmarks/twins.py [--paths 1048576] [--workers 1]

Times are medians of seven runs in turns, with the fastest and the slowest; all at the twins' default parameters.
"""

from __future__ import annotations

import argparse
import statistics
from functools import partial

from side_by_side import RUNS, machine, seconds

from numeric.catalogue import ids, load


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paths", type=int, default=1 << 20)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    print(f"{machine()}, {options.workers} workers, {options.runs} runs")

    print(f"\n{'twin':40}{'paths':>9}{'ms':>9}{'from':>9}{'to':>9}{'M paths/s':>11}")
    twins = {twin_id: load(twin_id) for twin_id in ids()}
    works = {i: partial(t.simulate, t.DEFAULT, options.paths, 1, options.workers) for i, t in twins.items()}
    for twin_id, of in seconds(works, options.runs).items():
        median = statistics.median(of)
        print(f"{twin_id:40}{options.paths:9}{1e3 * median:9.1f}{1e3 * min(of):9.1f}{1e3 * max(of):9.1f}", end="")
        print(f"{options.paths / median / 1e6:11.1f}")

    print(f"\n{'rejects':40}{'claim':72}{'paths':>9}{'ms':>9}")
    misses = [(twin_id, miss) for twin_id, twin in twins.items() for miss in twin.REJECTS]
    named = {f"{n}": partial(twins[i].simulate, twins[i].DEFAULT, miss.paths, 1) for n, (i, miss) in enumerate(misses)}
    for (twin_id, miss), of in zip(misses, seconds(named, options.runs).values(), strict=True):
        print(f"{twin_id:40}{miss.claim[:70]:72}{miss.paths:9}{1e3 * statistics.median(of):9.2f}")


if __name__ == "__main__":
    main()
