"""Judging what people write: relations, formulas against each other, whole answers against an assignment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grading.assignment import Assignment, assignments, load_assignment
    from grading.checker import check, check_text
    from grading.comparison import compare
    from grading.grader import check_reference, grade
    from grading.result import Comparison, GradeResult, Judgement, PartResult

__all__ = [
    "Assignment",
    "Comparison",
    "GradeResult",
    "Judgement",
    "PartResult",
    "assignments",
    "check",
    "check_reference",
    "check_text",
    "compare",
    "grade",
    "load_assignment",
]

_HOME = {
    "Assignment": "grading.assignment",
    "assignments": "grading.assignment",
    "load_assignment": "grading.assignment",
    "check": "grading.checker",
    "check_text": "grading.checker",
    "compare": "grading.comparison",
    "check_reference": "grading.grader",
    "grade": "grading.grader",
    "Comparison": "grading.result",
    "GradeResult": "grading.result",
    "Judgement": "grading.result",
    "PartResult": "grading.result",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that importing the package costs nothing."""
    import importlib

    if name not in _HOME:
        raise AttributeError(f"The package 'grading' has no name '{name}'.")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value
