"""``derive check``."""

from __future__ import annotations

from pathlib import Path

import click

from reports.cli import DONE, FAILED, UNUSABLE


@click.command("check")
@click.argument("latex", required=False)
@click.option("--file", "file", type=click.Path(path_type=Path), help="Judge every relation of this text instead.")
@click.option("--theory", help="A built-in theory (diffusion, preference, ...) or a TOML file.")
@click.option("--define", multiple=True, metavar="LATEX", help="A definition in force, such as 'T = 1/\\Delta t'.")
@click.option("--regime", metavar="LATEX", help="What is small, such as '\\Delta t \\ll \\sigma^2 \\ll 1'.")
@click.option("--json", "as_json", is_flag=True, help="Print the JSON of the contract.")
def command(
    latex: str | None, file: Path | None, theory: str | None, define: tuple[str, ...], regime: str | None, as_json: bool
) -> int:
    """Judge one relation or chain, or with --file every relation of a text.

    Exit status 1 where a relation is refuted, 2 where none could be read.
    """
    from grading import check, check_text
    from reports.cli.inputs import read_text
    from reports.cli.output import print_json, worst
    from reports.terminal import console, judged

    if (latex is None) == (file is None):
        raise click.UsageError("Give either a formula or --file, not both and not neither.")
    if file is not None and (define or regime):
        raise click.UsageError("--define and --regime go with a formula; a text states its own definitions.")
    if latex is not None:
        judgements = check(latex, theory=theory, define=list(define), regime=regime)
    else:
        judgements = check_text(read_text(file or ""), theory=theory)
    status = worst(judgements)
    if as_json:
        relations = [j.to_json() for j in judgements]
        print_json({"schema": "derive/check/1", "status": status, "relations": relations})
    else:
        out = console()
        for judgement in judgements:
            out.print(judged(judgement))
    if all(j.status == "unread" for j in judgements):
        where = str(file) if file is not None else "The formula"
        what = "could not be read" if judgements else "contains no relation to judge"
        click.echo(f"derive: {where} {what}.", err=True)
        return UNUSABLE
    return FAILED if any(j.status == "refuted" for j in judgements) else DONE
