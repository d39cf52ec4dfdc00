"""``derive verify``."""

from __future__ import annotations

import click

from reports.cli import DONE, FAILED, INTERRUPTED


@click.command("verify")
@click.argument("ids", nargs=-1)
@click.option("--errata", is_flag=True, help="The known errors of the sources instead.")
@click.option("--paths", type=click.IntRange(1), help="Simulated paths for each derivation.")
@click.option("--until-se", type=float, metavar="E", help="Simulate until every standard error is at most E.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the simulations.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that simulate.")
@click.option("--json", "as_json", is_flag=True, help="Print the JSON of the contract.")
def command(
    ids: tuple[str, ...],
    errata: bool,
    paths: int | None,
    until_se: float | None,
    seed: int,
    workers: int,
    as_json: bool,
) -> int:
    """Prove, enclose and simulate derivations of the catalogue, all of them where none is named.

    Long chains run in compiled code where numba is installed; the environment variable DERIVE_BACKEND (numpy, fast or
    gpu) chooses for all of them. Ctrl-C reports what is finished. Exit status 1 if any fails.
    """
    from derive import catalogue
    from grading.witness import verify
    from reports.cli.output import print_json
    from reports.terminal import console
    from reports.verified import errata as told
    from reports.verified import failures, simulating, table

    if errata:
        ids = (*ids, *(name for name in catalogue.ids() if name.startswith("errata/")))
        if not ids:
            raise click.UsageError("The catalogue has no errata yet.")
    if paths is not None and until_se is not None:
        raise click.UsageError("Give --paths or --until-se, not both.")
    try:
        with simulating() as progress:
            report = verify(ids, paths, until_se, seed, workers, progress)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_json(report.to_json())
    else:
        out = console()
        out.print(table(report))
        for line in (*failures(report), *(told(report) if errata else ())):
            out.print(line)
    if report.interrupted:
        return INTERRUPTED
    return DONE if report.ok else FAILED
