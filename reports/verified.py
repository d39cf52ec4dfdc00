"""``derive verify`` on a terminal: proof and simulation of each derivation in a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from grading.witness import DerivationReport, VerifyProgress, VerifyReport
from numeric.engine.moments import Estimate
from reports import plain
from reports.marks import STATUS, estimate
from reports.terminal import marked


def table(report: VerifyReport) -> RenderableType:
    """The table, and one line of sums."""
    grid = Table(box=SIMPLE_HEAD, pad_edge=False, expand=True, padding=(0, 1, 0, 0))
    grid.add_column("derivation", ratio=1, overflow="fold")
    grid.add_column("steps", no_wrap=True)
    grid.add_column("ms", justify="right", no_wrap=True)
    grid.add_column("simulated", no_wrap=True)
    grid.add_column("exact", justify="right", no_wrap=True)
    grid.add_column("z", justify="right", no_wrap=True)
    for found in report.derivations:
        simulated, exact, z = _twin(found)
        grid.add_row(found.id, _proof(found), f"{found.kernel_ms:.0f}", simulated, exact, z)
    proved = sum(found.status == "proved" for found in report.derivations)
    memory = f", {report.peak_mb:.0f} MB" if report.peak_mb is not None else ""
    sums = f"{proved} of {len(report.derivations)} verified in {report.seconds:.1f} s{memory}, seed {report.seed}"
    return Group(grid, Text(sums, style="bold"))


@contextmanager
def simulating() -> Iterator[VerifyProgress | None]:
    """A bar on standard error while paths are simulated, where that is a terminal; it leaves nothing behind."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("simulating")

        def told(name: str, done: int, wanted: int, estimates: Mapping[str, Estimate]) -> None:
            bar.update(task, description=name, completed=done, total=wanted)

        yield told


def failures(report: VerifyReport) -> Iterator[RenderableType]:
    """A line for everything that failed, was stopped or has no simulation, with the reason."""
    for found in report.derivations:
        if found.status != "proved":
            yield Text(f"✗ {found.id}: {found.why}", style="red")
        elif found.twin.absent_reason:
            yield Text(f"– {found.id}: {found.twin.absent_reason}", style="dim")
    if report.interrupted:
        yield Text("? stopped before everything was verified", style="magenta")


def errata(report: VerifyReport) -> Iterator[RenderableType]:
    """What is wrong where, and what is right, for each erratum among the derivations."""
    for found in report.derivations:
        if found.erratum:
            yield Text()
            yield Text.assemble((found.id, "bold"), (f"  {found.source}", "dim"))
            yield Padding(Text(plain.prose(found.erratum)), (0, 0, 0, 2), expand=False)


def _proof(found: DerivationReport) -> Text:
    if found.status == "proved":
        return marked(STATUS["proved"], str(found.steps))
    return marked(STATUS["refuted"], found.status)


def _twin(found: DerivationReport) -> tuple[str, str, str]:
    top = found.twin.headline
    if top is None:
        return "–", "", ""
    return estimate(top.estimate, top.se), f"{top.expected:.4g}", f"{top.z:+.1f}"
