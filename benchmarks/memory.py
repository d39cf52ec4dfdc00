"""What a worker needs beyond its interpreter, however many paths there are.

    python benchmarks/memory.py [--paths 67108864]

For each twin the highest resident memory of a fresh process, after the imports and after the run, in MB: NumPy's path,
and that of the compiled kernels with two threads, for each of which half of the growth is shown.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from side_by_side import machine

from numeric.catalogue import ids

TWINS = (
    ("diffusion/ddpm_chain", "numpy", 1),
    ("diffusion/ddpm_chain", "fast", 2),
    ("diffusion/ddim_chain", "numpy", 1),
    ("diffusion/ddim_chain", "fast", 2),
)
PROGRAM = """
import os, resource, sys
os.environ["DERIVE_BACKEND"] = sys.argv[2]
from numeric.catalogue import load
twin = load(sys.argv[1])
twin.simulate(twin.DEFAULT, 2, 1)  # what is loaded at first use is no part of a run
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
before = peak()
twin.simulate(twin.DEFAULT, int(sys.argv[3]), 1, int(sys.argv[4]))
print(before, peak())
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paths", type=int, nargs="+", default=[1 << 17, 1 << 22, 1 << 26])
    options = parser.parse_args()
    print(machine())
    others = tuple((twin_id, "numpy", 1) for twin_id in ids() if (twin_id, "numpy", 1) not in TWINS)
    cases = [case for case in TWINS if case[1] == "numpy" or find_spec("numba")]
    print(f"{'twin':40}{'backend':>8}{'paths':>12}{'imports':>10}{'peak':>8}{'a worker':>10}")
    for twin_id, backend, workers in (*cases, *others):
        for paths in options.paths if (twin_id, backend, workers) in TWINS else options.paths[:1]:
            arguments = [sys.executable, "-c", PROGRAM, twin_id, backend, str(paths), str(workers)]
            environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
            run = subprocess.run(arguments, capture_output=True, text=True, check=True, env=environment)
            before, peak = map(float, run.stdout.split())
            print(f"{twin_id:40}{backend:>8}{paths:12}{before:10.1f}{peak:8.1f}{(peak - before) / workers:10.1f}")


if __name__ == "__main__":
    main()
