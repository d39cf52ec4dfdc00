"""A run gives the same bits for any number of workers and any order, stops when told, and keeps what it has."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping

import numpy as np
import pytest

from numeric.catalogue import ids, load
from numeric.engine import blocks
from numeric.engine.moments import Estimate, Moments, mean
from numeric.engine.streams import Stream
from numeric.engine.workers import SPAN, Interrupted, Simulation, Summaries, WorkerLost, one_block, run

MANY = 3 * SPAN * blocks.BLOCK + 1234  # several spans, the last block not full


def draw(scale: float, stream: Stream, size: int) -> Summaries:
    return (Moments.of(stream.normal(scale, np.empty(size, np.float32))),)


def read(scale: float, summaries: Summaries) -> dict[str, Estimate]:
    return {"mean": mean(summaries[0])}


def fail(scale: float, stream: Stream, size: int) -> Summaries:
    raise ArithmeticError("the block is wrong")


def die(scale: float, stream: Stream, size: int) -> Summaries:
    os.kill(os.getpid(), signal.SIGKILL)
    return ()


NORMALS: Simulation[float] = Simulation(draw, read)


@pytest.mark.parametrize("workers", [2, 3])
def test_same_bits_for_any_number_of_workers(workers: int) -> None:
    assert run(NORMALS, 1.0, MANY, 5, workers) == run(NORMALS, 1.0, MANY, 5, 1)


@pytest.mark.parametrize("twin_id", ids())
def test_a_twin_repeats_itself(twin_id: str) -> None:
    twin = load(twin_id)
    first, second = twin.simulate(twin.DEFAULT, 40_000, 9), twin.simulate(twin.DEFAULT, 40_000, 9)
    other = twin.simulate(twin.DEFAULT, 40_000, 10)
    assert first == second
    assert all(first[name].value != other[name].value for name in first)
    assert all(e.paths == 40_000 and e.se > 0 for e in first.values())


def test_same_bits_in_any_order_of_blocks() -> None:
    count = blocks.count(MANY)
    backwards = {b: one_block(NORMALS, 1.0, MANY, 5, b) for b in reversed(range(count))}
    total = backwards[0][0]
    for b in range(1, count):
        total = total.merge(backwards[b][0])
    assert {"mean": mean(total)} == run(NORMALS, 1.0, MANY, 5)


def test_block_sizes_add_up() -> None:
    for paths in (2, blocks.BLOCK - 1, blocks.BLOCK, blocks.BLOCK + 1, MANY):
        sizes = [blocks.size(b, paths) for b in range(blocks.count(paths))]
        assert sum(sizes) == paths and min(sizes) >= 1


@pytest.mark.parametrize("workers", [1, 2])
def test_until_the_error_is_small(workers: int) -> None:
    estimates = run(NORMALS, 1.0, blocks.LIMIT, 5, workers, until_se=1.5e-3)
    assert estimates["mean"].se <= 1.5e-3
    assert estimates["mean"].paths == 14 * blocks.BLOCK  # the first whole block from 1/1.5e-3^2 paths on


def test_progress_is_told_and_ends_complete() -> None:
    seen: list[tuple[int, int, float]] = []

    def progress(done: int, paths: int, estimates: Mapping[str, Estimate]) -> None:
        seen.append((done, paths, estimates["mean"].se))

    run(NORMALS, 1.0, MANY, 5, 1, progress)
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert seen[-1][:2] == (MANY, MANY)
    assert len(seen) == 4


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_leaves_what_is_there(workers: int) -> None:
    def stop(done: int, paths: int, estimates: Mapping[str, Estimate]) -> None:
        if done >= 2 * SPAN * blocks.BLOCK:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(Interrupted) as caught:
        run(NORMALS, 1.0, blocks.LIMIT, 5, workers, stop)
    partial = caught.value.estimates["mean"]
    assert partial == run(NORMALS, 1.0, 2 * SPAN * blocks.BLOCK, 5)["mean"]
    assert partial.se > 0 and isinstance(caught.value, KeyboardInterrupt)


def test_an_error_in_a_worker_arrives_here() -> None:
    for workers in (1, 2):
        with pytest.raises(ArithmeticError, match="the block is wrong"):
            run(Simulation(fail, read), 1.0, MANY, 5, workers)


def test_a_lost_worker_is_reported() -> None:
    with pytest.raises(WorkerLost, match="ended early"):
        run(Simulation(die, read), 1.0, MANY, 5, 2)


def test_a_run_holds_few_blocks() -> None:
    """The largest array ever asked for is a block's, however many paths there are."""
    sizes: list[int] = []

    def spy(scale: float, stream: Stream, size: int) -> Summaries:
        sizes.append(size)
        return (Moments.of_hits(size, size // 2),)

    run(Simulation(spy, read), 1.0, 5000 * blocks.BLOCK, 1)
    assert max(sizes) == blocks.BLOCK and len(sizes) == 5000
