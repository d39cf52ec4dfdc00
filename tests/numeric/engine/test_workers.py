"""A run gives the same bits for any number of workers and any order, stops when told, and keeps what it has."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import array_api_strict
import numpy as np
import pytest

from numeric.catalogue import ids, load
from numeric.engine import blocks
from numeric.engine.chains import NUMPY
from numeric.engine.device import Device
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
VARIANCE = 0.2656403655998622
"""At the end of the reverse chain of 20 steps with noise, sigma = 1/2, by its exact recursion."""
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("workers", [2, 3])
def test_same_bits_for_any_number_of_workers(workers: int) -> None:
    assert run(NORMALS, 1.0, MANY, 5, workers) == run(NORMALS, 1.0, MANY, 5, 1)


@pytest.mark.parametrize("twin_id", ["diffusion/ddpm_chain", "diffusion/ddim_chain"])
def test_same_bits_for_any_number_of_threads(twin_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.setenv("DERIVE_BACKEND", "fast")
    twin = load(twin_id)
    one, two, three = (twin.simulate(twin.DEFAULT, MANY, 5, workers) for workers in (1, 2, 3))
    assert one == two == three
    monkeypatch.setenv("DERIVE_BACKEND", "numpy")
    assert all(e.se == pytest.approx(one[n].se, rel=0.02) for n, e in twin.simulate(twin.DEFAULT, MANY, 5).items())


@pytest.mark.parametrize("workers", [1, 2])
def test_blocks_of_a_device_are_its_own(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same twin through the array-API standard, in blocks of another size, has the right variance."""
    from numeric.engine import workers as engine

    device = Device(array_api_strict, None, "array_api_strict", 1 << 14)
    monkeypatch.setattr(engine, "choose", lambda paths, steps: device)
    twin = load("diffusion/ddpm_chain")
    found = twin.simulate(twin.DEFAULT, 100_000, 2, workers)["variance"]
    assert found.paths == 100_000
    assert abs(found.value - VARIANCE) < 5 * found.se
    assert abs(found.value - 0.25) > 5 * found.se


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


def test_a_short_run_to_an_error_loads_no_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    from numeric.engine import workers as engine

    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(engine, "choose", lambda paths, steps: asked.append((paths, steps)) or NUMPY)
    twin = load("diffusion/ddpm_chain")
    twin.simulate(twin.DEFAULT, blocks.LIMIT, 1, until_se=1e-2)
    twin.simulate(twin.DEFAULT, 10_000, 1, until_se=1e-6)
    assert asked == [(2500, 20), (10_000, 20)]


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


PROGRAM = """
import sys
from numeric.catalogue import load
from numeric.engine.workers import Interrupted
twin = load("diffusion/ddpm_chain")
if __name__ == "__main__":
    def told(done, paths, estimates):
        print(done, flush=True)
    try:
        twin.simulate(twin.DEFAULT, 1 << 50, 1, int(sys.argv[1]), told)
    except Interrupted as stop:
        print(*((e.paths, e.se) for e in stop.estimates.values()), flush=True)
        sys.exit(130)
"""


@pytest.mark.parametrize("backend", ["numpy", *(["fast"] if find_spec("numba") else [])])
@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_of_a_whole_process(backend: str, workers: int, tmp_path: Path) -> None:
    """As from a terminal: the signal goes to the process and to its workers, and nothing is left behind."""
    script = tmp_path / "long.py"
    script.write_text(PROGRAM)
    process = subprocess.Popen(
        [sys.executable, str(script), str(workers)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "DERIVE_BACKEND": backend, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    assert process.stdout is not None
    process.stdout.readline()  # some spans are done
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert err == ""
    stopped = out.splitlines()[-1]
    assert stopped.startswith("(") and ", 0.0)" not in stopped


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
