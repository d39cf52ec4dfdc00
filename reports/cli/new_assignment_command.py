"""``derive new-assignment``."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

import click

from reports.cli import DONE, UNUSABLE

FILES: Final = ("assignment.toml", "theory.toml", "solution.tex", "sample-answer.md")


@click.command("new-assignment")
@click.argument("folder", type=click.Path(path_type=Path))
def command(folder: Path) -> int:
    """Start an assignment in FOLDER, which must be new or empty.

    What is written is a small assignment that works: its declarations, its letters, its reference solution, and an
    answer to grade. Edit them one by one.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.ClickException(f"{folder} exists already and is not an empty folder; name a new one.")
    from reports.cli.output import write

    called = folder.resolve().name.replace("\\", "\\\\").replace('"', '\\"')
    status = DONE
    for name in FILES:
        text = files("reports").joinpath("templates", "assignment", name).read_text(encoding="utf-8")
        problem = write(folder / name, lambda text=text: text.replace("NAME", called))  # type: ignore[misc]
        click.echo(f"derive: {problem}" if problem else f"written: {folder / name}", err=True)
        status = UNUSABLE if problem else status
    click.echo(f"Check it: derive check-assignment {folder}", err=True)
    click.echo(f"Grade the sample: derive grade {folder / FILES[-1]} --assignment {folder}", err=True)
    return status
