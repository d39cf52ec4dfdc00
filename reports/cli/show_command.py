"""``derive show``."""

from __future__ import annotations

import click


@click.command("show")
@click.argument("id")
def command(id: str) -> None:
    """A derivation, step by step, with the rule and the reason of each step."""
    from reports.derivation import derivation
    from reports.shown import shown
    from reports.terminal import console

    console().print(shown(derivation(id)))
