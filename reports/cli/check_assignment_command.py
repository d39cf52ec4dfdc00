"""``derive check-assignment``."""

from __future__ import annotations

import click

from reports.cli import DONE, FAILED


@click.command("check-assignment")
@click.argument("folder")
def command(folder: str) -> int:
    """Have the reference solution of an assignment (a folder, or a shipped name) judged before it grades anybody.

    Exit status 1 where a relation of it does not hold exactly, or a part that needs a result has none.
    """
    from grading import check_reference, load_assignment
    from reports import plain
    from reports.terminal import console, rows

    assignment = load_assignment(folder)
    waiting = {spec.id for spec in assignment.parts if spec.review is not None}
    faults = [fault for fault in check_reference(assignment) if fault.part not in waiting]
    out = console()
    if faults:
        columns = ("part", "line", "status", "formula", "why")
        out.print(
            rows(
                columns,
                ((f.part, str(f.line or "–"), f.status, plain.formula(f.latex), plain.prose(f.why)) for f in faults),
            )
        )
    judged = len(assignment.parts) - len(waiting)
    out.print(f"{assignment.name}: {judged} parts have a reference that was judged, {len(waiting)} are for a person.")
    serious = [fault for fault in faults if fault.status in ("refuted", "missing", "unread")]
    return FAILED if serious else DONE
