"""Running the blocks of a simulation, in this process or in several, always with the same result.

Blocks are handed out in spans and their summaries merged in the order of the blocks, so the result depends
on the seed and the number of paths alone. A worker that waits for the slowest holds a bounded number of
finished spans back: memory does not grow with the number of paths.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, Final, Generic, TypeAlias, TypeVar

from numeric.domains import integer, number
from numeric.engine import blocks
from numeric.engine.backends import choose
from numeric.engine.chains import NUMPY, Backend
from numeric.engine.moments import Estimate, Moments
from numeric.engine.streams import Stream

P = TypeVar("P")
Summaries: TypeAlias = tuple[Moments, ...]
Progress: TypeAlias = Callable[[int, int, Mapping[str, Estimate]], None]
"""Called with the paths done, the paths asked for, and the estimates so far."""

SPAN: Final = 8
"""Blocks that a worker is given at a time: some milliseconds of work for one message."""

AHEAD: Final = 4
"""Spans that a worker may be ahead of the merging, on average; what bounds the memory."""

TYPICAL_VARIANCE: Final = 0.25
"""Of one path's share in an estimate: how many paths a standard error may take, before any is known."""


@dataclass(frozen=True)
class Simulation(Generic[P]):
    """What a twin simulates: ``block`` draws one block of paths and sums it up, ``read`` makes the estimates.

    ``steps``, where there is one, says how many steps of ``numeric.engine.chains`` a path takes. All must be functions
    at the top level of a module, so that another process can find them. A simulation is called with what ``run``
    takes after it.
    """

    block: Callable[[P, Stream, int], Summaries]
    read: Callable[[P, Summaries], dict[str, Estimate]]
    steps: Callable[[P], int] | None = None

    def __call__(
        self,
        parameters: P,
        paths: int,
        seed: int,
        workers: int = 1,
        progress: Progress | None = None,
        until_se: float | None = None,
    ) -> dict[str, Estimate]:
        """Estimates by the name of the quantity; arguments and errors as in ``run``."""
        return run(self, parameters, paths, seed, workers, progress, until_se)


class Interrupted(KeyboardInterrupt):
    """The run was stopped by Ctrl-C; ``estimates`` holds what the finished paths give, with standard errors."""

    def __init__(self, estimates: Mapping[str, Estimate]) -> None:
        done = max((e.paths for e in estimates.values()), default=0)
        super().__init__(f"The simulation was stopped after {done} paths.")
        self.estimates = dict(estimates)


class WorkerLost(RuntimeError):
    """A worker process ended before its work was done."""


def run(
    simulation: Simulation[P],
    parameters: P,
    paths: int,
    seed: int,
    workers: int = 1,
    progress: Progress | None = None,
    until_se: float | None = None,
) -> dict[str, Estimate]:
    """Simulate ``paths`` paths, or fewer where every standard error falls to ``until_se`` before.

    ``workers`` processes share the work (1: this process alone), or threads where the chains run in compiled
    kernels; the estimates are the same, bit for bit, for any number of them.

    Raises ValueError for an argument outside its domain, Interrupted on Ctrl-C, WorkerLost where the system
    ends a worker.
    """
    paths = integer("paths", paths, 2, blocks.LIMIT)
    seed = integer("seed", seed, 0, (1 << 128) - 1)
    workers = integer("workers", workers, 1, 1024)
    if until_se is not None:
        until_se = number("until_se", until_se, 1e-30, 1e30)

    expected = paths if until_se is None else min(paths, int(TYPICAL_VARIANCE / until_se**2))
    backend = NUMPY if simulation.steps is None else choose(expected, simulation.steps(parameters))
    total: Summaries | None = None
    done = 0
    try:
        with closing(_in_order(simulation, parameters, paths, seed, workers, backend)) as finished:
            for block, summaries in enumerate(finished):
                total = summaries if total is None else _merge(total, summaries)
                done += blocks.size(block, paths, backend.block)
                if until_se is not None and _precise(simulation.read(parameters, total), until_se):
                    break
                if progress is not None and (block + 1) % SPAN == 0:
                    progress(done, paths, simulation.read(parameters, total))
    except KeyboardInterrupt:
        raise Interrupted(simulation.read(parameters, total) if total is not None else {}) from None
    if total is None:
        raise WorkerLost("No block of paths was finished.")
    estimates = simulation.read(parameters, total)
    if progress is not None:
        progress(done, paths, estimates)
    return estimates


def one_block(
    simulation: Simulation[P], parameters: P, paths: int, seed: int, block: int, backend: Backend = NUMPY
) -> Summaries:
    """The summaries of block number ``block`` of a run of ``paths`` paths."""
    size = blocks.size(block, paths, backend.block)
    return simulation.block(parameters, Stream(seed, block, size, backend), size)


def _merge(total: Summaries, more: Summaries) -> Summaries:
    return tuple(a.merge(b) for a, b in zip(total, more, strict=True))


def _precise(estimates: Mapping[str, Estimate], until_se: float) -> bool:
    return all(e.se <= until_se for e in estimates.values())


# -- blocks in order, from one process or several -------------------------------------------------------
def _in_order(
    simulation: Simulation[P], parameters: P, paths: int, seed: int, workers: int, backend: Backend
) -> Generator[Summaries, None, None]:
    blocks_needed = blocks.count(paths, backend.block)
    spans = -(-blocks_needed // SPAN)
    block = partial(one_block, simulation, parameters, paths, seed, backend=backend)
    if workers > 1 and backend.threads:
        yield from _in_threads(block, blocks_needed, workers)
        return
    workers = min(workers, spans)
    if workers == 1 or multiprocessing.current_process().daemon:  # a daemon may have no children
        yield from map(block, range(blocks_needed))
        return
    with _Crew(workers, simulation, parameters, paths, seed) as crew:
        waiting: dict[int, list[Summaries]] = {}
        for span in range(spans):
            while span not in waiting:
                crew.hand_out(min(spans, span + AHEAD * workers))
                number, result = crew.collect()
                waiting[number] = result
            yield from waiting.pop(span)


def _in_threads(
    block: Callable[[int], Summaries], blocks_needed: int, workers: int
) -> Generator[Summaries, None, None]:
    pool = ThreadPoolExecutor(workers)
    waiting: deque[Future[Summaries]] = deque()
    try:
        for number in range(blocks_needed):
            waiting.append(pool.submit(block, number))
            if len(waiting) > AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


class _Crew:
    """Worker processes, each at the end of a pipe; leaving the context ends them."""

    def __init__(self, workers: int, simulation: Simulation[Any], parameters: Any, paths: int, seed: int) -> None:
        methods = multiprocessing.get_all_start_methods()
        context: Any = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if context.get_start_method() == "forkserver":
            context.set_forkserver_preload(["numeric.engine.workers"])
        self._processes: list[Any] = []
        self._idle: list[Connection] = []
        self._busy: list[Connection] = []
        self._next = 0
        try:
            for _ in range(workers):
                near, far = context.Pipe()
                process = context.Process(
                    target=_serve, args=(far, simulation, parameters, paths, seed), daemon=True, name="twin"
                )
                process.start()
                far.close()  # or the end of the worker would go unnoticed
                self._processes.append(process)
                self._idle.append(near)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> _Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
        for connection in self._idle + self._busy:
            connection.close()
        for process in self._processes:
            process.join()

    def hand_out(self, limit: int) -> None:
        """Give every idle worker the next span, up to span number ``limit``."""
        while self._idle and self._next < limit:
            connection = self._idle.pop()
            self._busy.append(connection)
            try:
                connection.send(self._next)
            except OSError:
                raise _lost() from None
            self._next += 1

    def collect(self) -> tuple[int, list[Summaries]]:
        """The next finished span, whichever it is, with its number."""
        ready = wait(self._busy)[0]
        if not isinstance(ready, Connection):
            raise TypeError("A worker answered on something that is no pipe.")
        try:
            answer = ready.recv()
        except (EOFError, OSError):
            raise _lost() from None
        if isinstance(answer, Exception):
            raise answer
        self._busy.remove(ready)
        self._idle.append(ready)
        number, result = answer
        return number, result


def _lost() -> WorkerLost:
    return WorkerLost(
        "A worker process of the simulation ended early, most likely for want of memory; run it with workers=1 "
        "(in a script of your own, start it under: if __name__ == '__main__')."
    )


def _serve(connection: Connection, simulation: Simulation[Any], parameters: Any, paths: int, seed: int) -> None:
    """Answer span numbers with the summaries of their blocks until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    blocks_needed = blocks.count(paths)
    try:
        while True:
            span: int = connection.recv()
            first, last = span * SPAN, min((span + 1) * SPAN, blocks_needed)
            try:
                answer: object = (
                    span,
                    [one_block(simulation, parameters, paths, seed, block) for block in range(first, last)],
                )
            except Exception as error:  # raised again in the parent
                answer = error
            connection.send(answer)
    except (EOFError, OSError):
        return
