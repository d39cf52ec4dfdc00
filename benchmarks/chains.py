"""How fast reverse chains of 1000 steps are simulated, against whole-array NumPy and a fused loop in C.

    python benchmarks/chains.py [--workers 2] [--runs 7]

In DDPM every path draws its own normal in every step; DDIM draws none. ``naive`` holds all 2^20 paths in double
precision and draws with ``Generator.standard_normal``, as one would write it first (100 steps of it: its rate does not
depend on their number); ``naive, one pass`` has the two operations of a DDIM step already made one multiplication.
``numpy`` and ``fast`` are simulations as twins are, start of the workers and moments to order four included; ``C`` is
``peers/chain.c`` by ``gcc -O3 -march=native -ffast-math`` in as many threads, the chain and its variance. Figures are
medians of interleaved runs, in millions of path-steps a second, with the slowest and the fastest.
"""

from __future__ import annotations

import argparse
import ctypes
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from side_by_side import RUNS, machine, seconds, table

from numeric.engine.chains import walk
from numeric.engine.moments import Moments
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries
from numeric.reverse_chain import Parameters, at_the_end, steps

T = 1000
NAIVE_PATHS, NAIVE_STEPS = 1 << 20, 100
SIGMA2 = 0.25


# -- the rivals -----------------------------------------------------------------------------------------------
def naive_ddpm() -> Any:
    g, dt = np.random.default_rng(1), 1 / T
    x = g.standard_normal(NAIVE_PATHS)
    for k in range(T, T - NAIVE_STEPS, -1):
        x = x * ((SIGMA2 + (k - 1) * dt) / (SIGMA2 + k * dt)) + math.sqrt(dt) * g.standard_normal(NAIVE_PATHS)
    return np.var(x)


def naive_ddim() -> Any:
    dt, x = 1 / T, np.random.default_rng(1).standard_normal(NAIVE_PATHS)
    for k in range(T, 0, -1):
        x = x - 0.5 * dt / (SIGMA2 + k * dt) * x
    return np.var(x)


def naive_ddim_one_pass() -> Any:
    dt, x = 1 / T, np.random.default_rng(1).standard_normal(NAIVE_PATHS)
    for k in range(T, 0, -1):
        x = x * (1 - 0.5 * dt / (SIGMA2 + k * dt))
    return np.var(x)


def peer_in_c(folder: Path, workers: int, paths: int) -> Callable[[], Any] | None:
    """The chain in C, over blocks of 2^15 paths in ``workers`` threads; None without gcc."""
    if shutil.which("gcc") is None:
        return None
    library = folder / "chain.so"
    flags = ["-O3", "-march=native", "-ffast-math", "-shared", "-fPIC"]
    subprocess.run(["gcc", *flags, str(Path(__file__).parent / "peers/chain.c"), "-o", str(library)], check=True)
    chain = ctypes.CDLL(str(library)).chain
    k = np.arange(T, 0, -1)
    factors = ((SIGMA2 + (k - 1) / T) / (SIGMA2 + k / T)).astype(np.float32)
    variances = np.full(T, 1 / T, np.float32)
    block = 1 << 15

    def address(array: Any) -> ctypes.c_void_p:
        return ctypes.c_void_p(array.ctypes.data)

    def worker(number: int) -> float:
        x = _aligned(block)
        seed = _aligned(block // 64 * 48).view(np.uint32)
        bits = np.random.SFC64(number)
        total = 0.0
        for _ in range(paths // block // workers):
            x[:] = 1
            seed[:] = bits.random_raw(len(seed) // 2).view(np.uint32)
            chain(address(x), address(seed), ctypes.c_long(block // 64), address(factors), address(variances), k.size)
            total += float(np.var(x))
        return total

    def work() -> Any:
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(worker, range(workers)))

    return work


def _aligned(size: int) -> Any:
    """Floats that begin where a vector of the processor does."""
    raw = np.zeros(4 * size + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + 4 * size].view(np.float32)


# -- ours -----------------------------------------------------------------------------------------------------
def ddpm(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    k = np.arange(T, 0, -1)
    factors = (SIGMA2 + (k - 1) / T) / (SIGMA2 + k / T)
    start = stream.normal(parameters.v, np.empty(size, np.float32))
    return (Moments.of(walk(stream, start, factors, np.full(T, 1 / T))),)


def ddim(parameters: Parameters, stream: Stream, size: int) -> Summaries:
    k = np.arange(T, 0, -1)
    start = stream.normal(parameters.v, np.empty(size, np.float32))
    return (Moments.of(walk(stream, start, 1 - 0.5 / T / (SIGMA2 + k / T))),)


def ours(block: Callable[[Parameters, Stream, int], Summaries], backend: str, paths: int, workers: int) -> Any:
    os.environ["DERIVE_BACKEND"] = backend
    return Simulation(block, at_the_end, steps)(Parameters(T=T), paths, 1, workers)


def first_use() -> None:
    """Seconds to the first result of the compiled kernels in a new process: compiled, and from the cache."""
    program = (
        "import time, numpy as np\nfrom numeric.engine.streams import Stream\nfrom numeric.engine.chains import walk\n"
        "start = time.perf_counter()\nfrom numeric.engine.kernels import Kernels\n"
        "s = Stream(1, 0, 1024, Kernels())\nx = np.ones(1024, np.float32)\n"
        "walk(s, x, np.ones(4), np.ones(4)), walk(s, x, np.ones(4))\nprint(time.perf_counter() - start)"
    )
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
        for name in ("compiled", "from the cache"):
            run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
            print(f"first use of the kernels, {name}: {float(run.stdout):.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    workers, fast = options.workers, find_spec("numba") is not None
    print(f"{machine()}, {workers} workers, {options.runs} runs")

    with tempfile.TemporaryDirectory() as folder:
        works: dict[str, tuple[Callable[[], Any], int]] = {
            "naive": (naive_ddpm, NAIVE_PATHS * NAIVE_STEPS),
            "numpy": (partial(ours, ddpm, "numpy", 1 << 21, workers), T << 21),
        }
        if fast:
            works["fast"] = partial(ours, ddpm, "fast", 1 << 22, workers), T << 22
        peer = peer_in_c(Path(folder), workers, 1 << 22)
        if peer is not None:
            works["C"] = peer, T << 22
        show("DDPM", works, options.runs, "C" if peer is not None else None)
    works = {
        "naive": (naive_ddim, NAIVE_PATHS * T),
        "naive, one pass": (naive_ddim_one_pass, NAIVE_PATHS * T),
        "numpy": (partial(ours, ddim, "numpy", 1 << 25, workers), T << 25),
    }
    if fast:
        works["fast"] = partial(ours, ddim, "fast", 1 << 25, workers), T << 25
    show("DDIM", works, options.runs, "naive, one pass")
    if fast:
        first_use()


def show(title: str, works: dict[str, tuple[Callable[[], Any], int]], runs: int, peer: str | None) -> None:
    print(f"\n{title}, T = {T}")
    found = seconds({name: work for name, (work, _) in works.items()}, runs)
    rates = {name: [works[name][1] / s / 1e6 for s in found[name]] for name in works}
    table(rates, "naive", "M/s", peer)


if __name__ == "__main__":
    main()
