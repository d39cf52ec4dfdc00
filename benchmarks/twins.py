"""How fast the twins are, against whole-array NumPy in the same run, and what they reject in how long.

    python benchmarks/twins.py [--paths 1048576] [--workers 1] [--steps 20 1000]

A rival draws all paths at once in double precision with ``Generator.standard_normal``, as one would write it first.
Times are the best of three; a path-step is one path moved by one step.
"""

from __future__ import annotations

import argparse
import math
import platform
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from numeric.catalogue import ids, load


# -- the rivals -----------------------------------------------------------------------------------------------
def naive_forward(p: Any, paths: int) -> Any:
    g = np.random.default_rng(1)
    x = p.sigma * g.standard_normal(paths)
    for _ in range(p.T):
        x = x + math.sqrt(1 / p.T) * g.standard_normal(paths)
    return np.var(x)


def naive_one_step_back(p: Any, paths: int) -> Any:
    g = np.random.default_rng(1)
    x = p.sigma * g.standard_normal(paths)
    for _ in range(p.step):
        before, x = x, x + math.sqrt(1 / p.T) * g.standard_normal(paths)
    return np.cov(before, x)


def naive_means(p: Any, paths: int) -> Any:
    x = math.sqrt(p.v) * np.random.default_rng(1).standard_normal(paths)
    for k in range(p.T, 0, -1):
        x = x * (p.sigma**2 + (k - 1) / p.T) / (p.sigma**2 + k / p.T)
    return np.var(x)


def naive_ddpm(p: Any, paths: int) -> Any:
    g = np.random.default_rng(1)
    x = math.sqrt(p.v) * g.standard_normal(paths)
    for k in range(p.T, 0, -1):
        x = x * (p.sigma**2 + (k - 1) / p.T) / (p.sigma**2 + k / p.T) + math.sqrt(1 / p.T) * g.standard_normal(paths)
    return np.var(x)


def naive_choices(p: Any, paths: int) -> Any:
    g = np.random.default_rng(1)
    return np.mean(p.r[p.y_w] + g.gumbel(size=paths) > p.r[p.y_l] + g.gumbel(size=paths))


RIVALS: dict[str, Callable[[Any, int], Any]] = {
    "diffusion/forward_marginal": naive_forward,
    "diffusion/reverse_conditional": naive_one_step_back,
    "diffusion/mean_chain": naive_means,
    "diffusion/ddpm_chain": naive_ddpm,
    "preference/bradley_terry": naive_choices,
}


def best(work: Callable[[], Any], times: int = 3) -> float:
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if platform.system() == "Darwin" else 2**10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paths", type=int, default=1 << 20)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--steps", type=int, nargs="+", default=[20])
    options = parser.parse_args()
    print(
        f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}, workers {options.workers}"
    )

    cases = []
    for twin_id in ids():
        default = load(twin_id).DEFAULT
        cases += (
            [(twin_id, replace(default, T=T)) for T in options.steps] if hasattr(default, "T") else [(twin_id, default)]
        )

    print(f"\n{'twin':32}{'steps':>6}{'paths':>10}{'s':>9}{'M path-steps/s':>16}")
    ours = []
    for twin_id, p in cases:
        seconds = best(partial(load(twin_id).simulate, p, options.paths, 1, options.workers))
        ours.append(seconds)
        steps = getattr(p, "step", None) or getattr(p, "T", 1)
        steps = p.T if twin_id.endswith("forward_marginal") else steps
        print(f"{twin_id:32}{steps:6}{options.paths:10}{seconds:9.3f}{options.paths * steps / seconds / 1e6:16.0f}")
    print(f"peak {peak_mb():.0f} MB")

    print(f"\n{'rejects':32}{'claim':62}{'paths':>8}{'s':>9}")
    for twin_id in ids():
        twin = load(twin_id)
        for miss in twin.REJECTS:
            seconds = best(partial(twin.simulate, twin.DEFAULT, miss.paths, 1))
            print(f"{twin_id:32}{miss.claim:62}{miss.paths:8}{seconds:9.4f}")

    print(f"\n{'whole arrays':32}{'steps':>6}{'paths':>10}{'s':>9}{'ours is faster':>16}")
    for (twin_id, p), seconds in zip(cases, ours, strict=True):
        rival = best(partial(RIVALS[twin_id], p, options.paths))
        print(f"{twin_id:32}{getattr(p, 'T', 1):6}{options.paths:10}{rival:9.3f}{rival / seconds:15.1f}x")
    print(f"peak {peak_mb():.0f} MB")


if __name__ == "__main__":
    main()
