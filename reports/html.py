"""Reports as one HTML file each: mathematics as MathML, style and script inside, nothing fetched."""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from math_core import LatexError, LatexToMathML

from grading.result import Counterexample, GradeResult
from reports import answer
from reports.blocks import blocks, pieces
from reports.escape import raised
from reports.formula import UnsettableError, parse
from reports.marks import (
    STATUS,
    VERDICT,
    counted,
    estimate,
    heading,
    is_relation,
    number,
    points,
    simulated,
    total,
    waiting,
)
from reports.typeset import latex

if TYPE_CHECKING:
    from reports.figures import Figure
    from reports.manual import Manual
    from reports.summary import Summary

CONTENT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; font-src data:; img-src data:"
)


@cache
def environment() -> Environment:
    """Jinja2 that escapes every value."""
    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(prose=prose, display=display, inline=inline, points_of=points, number=number, waiting=waiting)
    made.filters.update(simulated=simulated, sentence=sentence, label=label, blocks=blocks)
    made.filters.update(counted=counted, heading=heading, picture=picture)
    made.globals.update(
        status=STATUS,
        verdict=VERDICT,
        failure=failure,
        estimate=estimate,
        is_relation=is_relation,
        policy=CONTENT_POLICY,
    )
    made.globals.update(style=_resource("style.css"), script=_resource("script.js"), font=_font())
    return made


def _resource(name: str) -> Markup:
    return Markup(files("reports").joinpath("templates", name).read_text(encoding="utf-8"))  # noqa: S704 - ours


def _font() -> Markup:
    """Latin Modern Math, the part of it that formulas use, as a data address."""
    data = files("reports").joinpath("templates", "derive-math.woff2").read_bytes()
    return Markup("data:font/woff2;base64," + base64.b64encode(data).decode("ascii"))  # noqa: S704 - ours


def display(value: str) -> Markup:
    """A formula on a line of its own; its source where it cannot be set."""
    return _formula(value, True)


def inline(value: str) -> Markup:
    """A formula in the line."""
    return _formula(value, False)


def prose(value: str) -> Markup:
    """Prose with the formulas between its dollar signs set."""
    return Markup("").join(inline(piece) if is_formula else piece for is_formula, piece in pieces(value))


def sentence(value: str) -> Markup:
    """Prose that begins with a capital and ends with a full stop."""
    value = value[:1].upper() + value[1:]
    return prose(value if value.endswith((".", "!", "?")) or not value else value + ".")


def picture(figure: Figure) -> Markup:
    """A drawing as a data address."""
    return Markup("data:image/svg+xml;base64," + base64.b64encode(figure.svg).decode("ascii"))  # noqa: S704 - ours


def label(value: str) -> str:
    """The name of a place to link to: letters, digits and dashes."""
    return re.sub(r"[^A-Za-z0-9]+", "-", value)


def failure(counterexample: Counterexample) -> Markup:
    """The point where a relation fails, and both sides there."""
    values = Markup(", ").join(
        Markup("{} = {}").format(inline(s), quantity(v)) for s, v in counterexample.point.items()
    )
    sides = Markup("left {}, right {}").format(counterexample.lhs, counterexample.rhs)
    return Markup("at {}: {}").format(values, sides) if values else sides


def quantity(value: str) -> Markup:
    """A value such as 1/4 or 2^-128."""
    return inline(raised(value))


def _formula(value: str, displayed: bool) -> Markup:
    try:
        written = latex(parse(value), _words)
        set_formula = _converter().convert_with_local_state(written, displaystyle=displayed)
    except (UnsettableError, LatexError):
        return Markup('<code class="source">{}</code>').format(" ".join(value.split()))
    return Markup(set_formula)  # noqa: S704 - from the closed vocabulary of reports.formula only


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False)


def _words(value: str) -> str:
    r"""Text for the inside of ``\text`` in the converter's dialect."""
    escaped = {"&": r"\&", "%": r"\%", "#": r"\#", "$": r"\$", "_": r"\_", "{": r"\{", "}": r"\}"}
    return "".join("" if c in "\\^~" else escaped.get(c, c) for c in value)


def graded(result: GradeResult, text: str | None = None) -> str:
    """One graded answer as a page; with its text, the answer is shown with the judgements in its margin."""
    rows = answer.rows(text, result) if text is not None else ()
    return environment().get_template("graded.html.j2").render(result=result, total=total(result), rows=rows)


def classroom(content: Summary) -> str:
    """Several graded answers at a glance as a page."""
    return environment().get_template("summary.html.j2").render(summary=content)


def manual(content: Manual) -> str:
    """A solution manual as a page."""
    return environment().get_template("manual.html.j2").render(manual=content)
