"""The paper that figures are drawn on: one style, readable in grey, saved as vectors and the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

DARK, BROWN, BLUE, GREY = "#101010", "#9a5b00", "#3a6fb0", "0.65"


@dataclass(frozen=True)
class Figure:
    """A drawing in both formats that pages need, and what it shows, formulas between dollar signs."""

    name: str
    caption: str
    pdf: bytes
    svg: bytes


def available() -> bool:
    """Whether matplotlib, which draws the figures, is installed."""
    return find_spec("matplotlib") is not None


@contextmanager
def canvas() -> Iterator[tuple[Canvas, Axes]]:
    """An empty drawing with one pair of axes."""
    with panels(1) as (drawing, (axes,)):
        yield drawing, axes


@contextmanager
def panels(number: int) -> Iterator[tuple[Canvas, tuple[Axes, ...]]]:
    """An empty drawing with several pairs of axes side by side, of the same scales."""
    import matplotlib  # drawing is loaded only where something is drawn
    from matplotlib.figure import Figure as New

    style = matplotlib.rc_context(
        {
            "font.family": "STIXGeneral",
            "mathtext.fontset": "stix",
            "font.size": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.linewidth": 0.6,
            "svg.hashsalt": "derive",
        }
    )
    with style:
        drawing = New(figsize=(5.6, 2.9), layout="constrained")
        yield drawing, tuple(drawing.subplots(1, number, sharex=True, sharey=True, squeeze=False)[0])


def labelled(axes: Axes, x: float, y: float, words: str, colour: str, lift: float = 0) -> None:
    """Words to the right of a point, ``lift`` points of type above it."""
    axes.annotate(
        words, (x, y), (6, lift), textcoords="offset points", color=colour, va="center", annotation_clip=False
    )


def saved(drawing: Canvas, name: str, caption: str) -> Figure:
    """The drawing in both formats, without the date."""
    pdf, svg = BytesIO(), BytesIO()
    drawing.savefig(pdf, format="pdf", metadata={"CreationDate": None})
    drawing.savefig(svg, format="svg", metadata={"Date": None})
    return Figure(name, caption, pdf.getvalue(), svg.getvalue())
