"""How fast rankings are drawn and preference losses differentiated, against a vectorised argsort and torch.

    python benchmarks/preferences.py [--workers 2] [--runs 7]

Plackett–Luce: ``naive`` sorts rewards plus Gumbel noise along the rows of one array of 2^17 rankings, as one would
write it first; ``one`` is ``numeric.engine.rankings`` in this process, block by block; ``workers`` the same in a
simulation that shares out the blocks of 2^28/K rankings, start of the workers included. DPO: loss and gradient for a
table of logits over 2^21 pairs; torch (single precision, two threads) takes the log-softmax, gathers it, and goes back.
Figures are medians of interleaved runs with the slowest and the fastest.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
from side_by_side import RUNS, machine, seconds, table

from numeric.engine.blocks import BLOCK
from numeric.engine.moments import Estimate, Moments, frequency
from numeric.engine.preference_loss import loss_and_gradient
from numeric.engine.rankings import rankings
from numeric.engine.streams import Stream
from numeric.engine.workers import Simulation, Summaries

CLOCKS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 33, 48, 64)
BLOCKS, KEYS = 4, 1 << 28
PAIRS = 1 << 21
ANSWERS = (16, 4096, 65536)
BETA = 0.5


def naive_rankings(rewards: Any) -> Any:
    g = np.random.default_rng(1)
    return np.argsort(-(rewards + g.gumbel(size=(BLOCKS * BLOCK, len(rewards)))), axis=1)


def our_rankings(rewards: Any) -> Any:
    rates = np.exp(rewards).tolist()
    return [rankings(Stream(1, block, BLOCK), rates, BLOCK) for block in range(BLOCKS)]


def wins(rates: list[float], stream: Stream, size: int) -> Summaries:
    return (Moments.of_hits(size, int(np.count_nonzero(rankings(stream, rates, size)[0] == 0))),)


def share(rates: list[float], summaries: Summaries) -> dict[str, Estimate]:
    return {"wins": frequency(summaries[0])}


def in_workers(rewards: Any, workers: int) -> Any:
    return Simulation(wins, share)(np.exp(rewards).tolist(), KEYS // len(rewards), 1, workers)


def with_torch(answers: int, logits: Any, reference: Any, chosen: Any, other: Any) -> dict[str, Callable[[], Any]]:
    """Loss and gradient as in published code, and with the reference taken off the table first."""
    import torch

    torch.set_num_threads(2)
    table = torch.tensor(logits, dtype=torch.float32, requires_grad=True)
    fixed = torch.tensor(reference, dtype=torch.float32)
    w, l = torch.tensor(chosen), torch.tensor(other)  # noqa: E741

    def published() -> Any:
        table.grad = None
        logs = torch.log_softmax(table, 0)
        margin = BETA * ((logs[w] - logs[l]) - (fixed[w] - fixed[l]))
        (-torch.nn.functional.logsigmoid(margin).mean()).backward()
        return table.grad

    def leaner() -> Any:
        table.grad = None
        logs = torch.log_softmax(table, 0) - fixed
        margin = BETA * (logs.index_select(0, w) - logs.index_select(0, l))
        torch.nn.functional.softplus(-margin).mean().backward()
        return table.grad

    return {"torch": published, "torch, leaner": leaner}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    print(f"{machine()}, {options.workers} workers, {options.runs} runs")

    for clocks in CLOCKS:
        print(f"\nPlackett–Luce, K = {clocks}")
        rewards = np.linspace(-1, 1, clocks)
        works = {
            "naive": partial(naive_rankings, rewards),
            "one": partial(our_rankings, rewards),
            "workers": partial(in_workers, rewards, options.workers),
        }
        found = seconds(works, options.runs)
        drawn = {"naive": BLOCKS * BLOCK, "one": BLOCKS * BLOCK, "workers": KEYS // clocks}
        rates = {name: [drawn[name] / s / 1e6 for s in of] for name, of in found.items()}
        table(rates, "naive", "M/s")

    if find_spec("torch") is None:
        print("\nDPO is not compared: torch is not installed (the extra bench).")
        return
    g = np.random.default_rng(1)
    for answers in ANSWERS:
        print(f"\nDPO loss and gradient, {answers} answers")
        chosen, other = g.integers(0, answers, PAIRS), g.integers(0, answers, PAIRS)
        logits, reference = g.normal(size=answers), g.normal(size=answers)
        losses = with_torch(answers, logits, reference, chosen, other)
        losses["ours"] = partial(loss_and_gradient, BETA, logits, reference, chosen, other)
        found = seconds(losses, options.runs)
        rates = {name: [PAIRS / s / 1e6 for s in of] for name, of in found.items()}
        table(rates, "torch", "M pairs/s", "torch, leaner")


if __name__ == "__main__":
    main()
