r"""Reports in LaTeX, from templates in which every value is escaped unless it is :class:`Tex` already."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from grading.result import Counterexample, GradeResult
from reports import answer, escape
from reports.blocks import blocks
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

if TYPE_CHECKING:
    from reports.manual import Manual
    from reports.summary import Summary


class Tex(str):
    """A string that is LaTeX and goes into a template as it is."""

    __slots__ = ()


@cache
def environment() -> Environment:
    """Jinja2 with delimiters that LaTeX does not use: ``((* block *))``, ``((( value )))``, ``((# comment #))``."""
    made = Environment(  # noqa: S701 - finalize escapes every value
        loader=PackageLoader("reports"),
        block_start_string="((*",
        block_end_string="*))",
        variable_start_string="(((",
        variable_end_string=")))",
        comment_start_string="((#",
        comment_end_string="#))",
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        autoescape=False,
        finalize=_final,
        keep_trailing_newline=True,
    )
    made.filters.update(
        prose=prose, display=display, inline=inline, source=source, points_of=points, number=number, sentence=sentence
    )
    made.filters.update(simulated=simulated, bare=bare, label=label, blocks=blocks)
    made.filters.update(counted=counted, heading=heading, waiting=waiting)
    made.globals.update(
        status=STATUS, verdict=VERDICT, tex=Tex, failure=failure, estimate=estimate, is_relation=is_relation
    )
    return made


def _final(value: Any) -> str:
    return value if isinstance(value, Tex) else escape.text(str(value))


def prose(value: str) -> Tex:
    """Prose with its formulas set."""
    return Tex(escape.prose(value))


def sentence(value: str) -> Tex:
    """Prose that begins with a capital and ends with a full stop."""
    value = value[:1].upper() + value[1:]
    return prose(value if value.endswith((".", "!", "?")) or not value else value + ".")


def inline(value: str) -> Tex:
    """A formula in the line."""
    return Tex(escape.mathematics(value))


def display(value: str) -> Tex:
    r"""A formula in display size, broken or scaled where it is wider than the line; its source if it cannot be set."""
    formula = escape.displayed(value)
    return source(value) if formula is None else Tex(rf"\fitted{{{formula}}}")


def bare(value: str) -> Tex:
    r"""A formula without dollars, for the inside of ``\\fitted``; its source as text where it cannot be set."""
    formula = escape.displayed(value)
    return Tex(rf"\text{{{escape.source(value)}}}") if formula is None else Tex(formula)


def label(value: str) -> Tex:
    """The name of a place to link to: letters, digits and dashes."""
    return Tex(re.sub(r"[^A-Za-z0-9]+", "-", value))


def source(value: str) -> Tex:
    """Source in typewriter."""
    return Tex(escape.source(value))


def failure(counterexample: Counterexample) -> Tex:
    """The point where a relation fails, and both sides there."""
    values = ", ".join(f"{escape.mathematics(s)} = {escape.quantity(v)}" for s, v in counterexample.point.items())
    left, right = escape.text(counterexample.lhs), escape.text(counterexample.rhs)
    return Tex(f"at {values}: left {left}, right {right}" if values else f"left {left}, right {right}")


def graded(result: GradeResult, text: str | None = None) -> str:
    """One graded answer as a document; with its text, the answer is set with the judgements in its margin."""
    rows = answer.rows(text, result) if text is not None else ()
    return environment().get_template("graded.tex.j2").render(result=result, total=total(result), rows=rows)


def classroom(content: Summary) -> str:
    """Several graded answers at a glance as a document."""
    return environment().get_template("summary.tex.j2").render(summary=content)


def manual(content: Manual) -> str:
    """A solution manual as a document."""
    return environment().get_template("manual.tex.j2").render(manual=content)
