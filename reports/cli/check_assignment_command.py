"""``derive check-assignment``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reports.cli import DONE, FAILED

if TYPE_CHECKING:
    from rich.console import RenderableType

    from grading.inspection import Fault


@click.command("check-assignment")
@click.argument("folder")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(folder: str, as_json: bool) -> int:
    """Say what is wrong with an assignment (a folder, or a shipped name), line by line.

    Its files are checked, then its reference solution is judged as an answer would be. Exit status 1 where something
    must be mended: a key or formula that cannot be used, a part without a result, a relation that does not hold.
    """
    from grading.assignment import assignment_folder
    from grading.inspection import faults
    from reports.cli.output import print_json
    from reports.terminal import console

    place = Path(folder) if Path(folder).is_dir() else assignment_folder(folder)
    found = faults(place)
    serious = sum(f.serious for f in found)
    if as_json:
        print_json({"schema": "derive/check-assignment/1", "folder": folder, "faults": [vars(f) for f in found]})
    else:
        out = console()
        for fault in found:
            out.print(_shown(fault))
        notes = len(found) - serious
        counts = [f"{n} {word}{'s' if n > 1 else ''}" for n, word in ((serious, "fault"), (notes, "note")) if n]
        out.print(f"{folder}: {', '.join(counts) if counts else 'nothing is wrong'}.")
    return FAILED if serious else DONE


def _shown(fault: Fault) -> RenderableType:
    """The place, then what is wrong there."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    from reports import plain
    from reports.terminal import COLOURS

    place = ":".join(str(n) for n in (fault.file, fault.line, fault.column) if n)
    word = ("fault", COLOURS["bad"]) if fault.serious else ("note", COLOURS["near"])
    head = Text.assemble((place, "bold"), f"  {f'part {fault.part}  ' if fault.part else ''}", word)
    lines = [plain.formula(fault.latex)] if fault.latex else []
    lines.append(plain.prose(fault.message) if fault.latex else fault.message)
    return Group(head, *(Padding(Text(line), (0, 0, 0, 4), expand=False) for line in lines))
