"""``derive audit``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("audit")
@click.argument("notes", type=click.Path(path_type=Path))
@click.option("--answer", required=True, type=click.Path(path_type=Path), help="The answer that the notes are about.")
@click.option("--assignment", required=True, help="The assignment of the answer.")
def command(notes: Path, answer: Path, assignment: str) -> int:
    """Compare a person's grading notes with the evidence (not available yet)."""
    raise click.ClickException("Auditing notes is not available yet; grade the answer and compare the two by eye.")
