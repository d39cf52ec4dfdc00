"""``derive list``."""

from __future__ import annotations

import click


@click.command("list")
def command() -> None:
    """The derivations of the catalogue, each with its other names, and the assignments."""
    from derive import catalogue
    from grading import load_assignment
    from grading.assignment import assignments
    from reports.terminal import console, rows

    out = console()
    derivations = [catalogue.load(name) for name in catalogue.ids()]
    names = (("\n".join((d.id, *(f"  {alias}" for alias in d.aliases))), f"{d.title}\n{d.source}") for d in derivations)
    out.print(rows(("derivation", "title and source"), names))
    loaded = [(name, load_assignment(name)) for name in assignments()]
    out.print(rows(("assignment", "parts", "title"), ((name, str(len(a.parts)), a.title) for name, a in loaded)))
