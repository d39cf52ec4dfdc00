"""``derive show`` on a terminal: a derivation from its statement to its results."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from derive.exposition import ToldStep
from reports import plain
from reports.derivation import DerivationPage


def shown(page: DerivationPage) -> RenderableType:
    """Statement, symbols, every step with its rule and reason, axioms."""
    parts: list[RenderableType] = [
        Text.assemble((page.title, "bold"), f"  {page.id}"),
        Text(page.source, style="dim"),
        Text(),
    ]
    for block in page.statement:
        text = plain.formula(block.text) if block.kind == "display" else plain.prose(block.text)
        parts.append(Padding(Text(text), (0, 0, 0, 4 if block.kind == "display" else 0), expand=False))
    if page.symbols:
        parts += [Text(), Text.assemble(("symbols  ", "dim"), "; ".join(map(plain.formula, page.symbols)))]
    parts.append(Text())
    if page.assumptions:
        lines = [Text(plain.formula(line)) for line in page.assumptions]
        parts += [Text("given", style="dim"), *(Padding(line, (0, 0, 0, 4), expand=False) for line in lines), Text()]
    parts.append(_steps(page.steps))
    names = ", ".join(axiom.name for axiom in page.axioms) or "none"
    parts += [Text(), Text.assemble(("axioms  ", "dim"), names)]
    parts += [
        Padding(Text(f"{a.name}: {plain.prose(a.statement)}", style="dim"), (0, 0, 0, 2), expand=False)
        for a in page.axioms
    ]
    return Group(*parts)


def _steps(steps: tuple[ToldStep, ...]) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(justify="right", style="dim")
    grid.add_column(ratio=1)
    for step in steps:
        name = (f"{step.result}: " if step.result else "", "bold green")
        where = f"; {', '.join(map(plain.formula, step.where))}" if step.where else ""
        uses = f" (from {', '.join(map(str, step.uses))})" if step.uses else ""
        reason = f"{step.rule}{f': {step.reason}' if step.reason else ''}{uses}{where}"
        grid.add_row(str(step.number), Group(Text.assemble(name, plain.formula(step.latex)), Text(reason, style="dim")))
    return grid
