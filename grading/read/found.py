"""Where formulas are found in a source, and what place an offset is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grading.read.document import Place


@dataclass(frozen=True)
class Found:
    """A formula in the source: its content [start, stop), its marks [outer, end), and why it is broken, if it is."""

    start: int
    stop: int
    outer: int
    end: int
    display: bool
    problem: str | None = None


class Lines:
    """Offsets to places; ``columns`` holds the columns in the file of the lines that were repaired."""

    def __init__(self, text: str, columns: Mapping[int, Sequence[int]] | None = None) -> None:
        self.starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self.columns = columns or {}

    def place(self, offset: int) -> Place:
        """Line and column, both from 1."""
        line = bisect_right(self.starts, offset)
        column = offset - self.starts[line - 1]
        old = self.columns.get(line - 1)
        if old is not None:
            column = old[min(column, len(old) - 1)]
        return Place(line, column + 1)
