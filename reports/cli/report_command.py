"""``derive report``."""

from __future__ import annotations

from pathlib import Path

import click

from reports.cli import DONE, UNUSABLE


@click.command("report")
@click.argument("assignment")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
@click.option("--paths", type=click.IntRange(1), help="Simulated paths for each derivation.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the simulations.")
def command(assignment: str, folder: Path, paths: int | None, seed: int) -> int:
    """Write the solution manual of an assignment: .tex, .html and, where TeX is installed, .pdf."""
    from grading import load_assignment
    from reports import figures, html, latex, tex
    from reports.cli.output import write, write_bytes, write_pdf
    from reports.manual import PATHS, manual

    content = manual(load_assignment(assignment), paths or PATHS, seed)
    name = content.assignment.name
    source = latex.manual(content)
    written = DONE
    for suffix, make in ((".tex", lambda: source), (".html", lambda: html.manual(content))):
        target = folder / f"{name}{suffix}"
        problem = write(target, make)
        click.echo(f"derive: {problem}" if problem else f"written: {target}", err=True)
        written = UNUSABLE if problem else written
    drawings = {f"{content.drawing(figure)}.pdf": figure.pdf for figure in content.figures}
    for file, data in drawings.items():
        problem = write_bytes(folder / file, data)
        click.echo(f"derive: {problem}" if problem else f"written: {folder / file}", err=True)
        written = UNUSABLE if problem else written
    if not figures.available():
        click.echo("derive: figures are left out, because matplotlib is not installed.", err=True)
    target = folder / f"{name}.pdf"
    if written == DONE and tex.available():
        problem = write_pdf(target, source, drawings)
        click.echo(f"derive: {problem}" if problem else f"written: {target}", err=True)
        written = UNUSABLE if problem else written
    elif written == DONE:
        click.echo(f"derive: {target} is left out, because pdflatex is not installed.", err=True)
    return written
