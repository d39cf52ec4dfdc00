"""``derive new-assignment``."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from reports.cli import DONE, UNUSABLE


@click.command("new-assignment")
@click.argument("folder", type=click.Path(path_type=Path))
def command(folder: Path) -> int:
    """Start an assignment in FOLDER, which must be new or empty: assignment.toml and solution.tex, ready to edit."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.ClickException(f"{folder} exists already and is not an empty folder; name a new one.")
    from reports.cli.output import write

    status = DONE
    for name in ("assignment.toml", "solution.tex"):
        text = files("reports").joinpath("templates", "assignment", name).read_text(encoding="utf-8")
        problem = write(folder / name, lambda text=text: text.replace("NAME", folder.name))  # type: ignore[misc]
        click.echo(f"derive: {problem}" if problem else f"written: {folder / name}", err=True)
        status = UNUSABLE if problem else status
    click.echo(f"Edit both, then: derive check-assignment {folder}", err=True)
    return status
