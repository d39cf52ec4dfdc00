"""What is loaded at start: help needs click alone, importing grading needs next to nothing."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"sympy", "mpmath", "numpy", "flint", "rich", "jinja2", "msgspec", "markdown_it", "math_core", "matplotlib"}


def loaded_by(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has after running the code."""
    report = "\nimport sys; sys.stdout.flush(); print('LOADED', *sorted({m.split('.')[0] for m in sys.modules}))"
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code + report], capture_output=True, text=True, check=True, timeout=60
    )
    return set(run.stdout.rsplit("LOADED", 1)[1].split())


def test_help_loads_click_only() -> None:
    found = loaded_by("from reports.cli import run; run(['--help'])")
    assert "click" in found
    assert not found & HEAVY
    assert not found & {"derive", "grading", "numeric"}


def test_help_of_a_command_loads_no_engine() -> None:
    for command in ("grade", "check", "verify", "report"):
        assert not loaded_by(f"from reports.cli import run; run(['{command}', '--help'])") & HEAVY


def test_the_packages_load_nothing_heavy() -> None:
    for package in ("grading", "derive", "numeric", "reports"):
        assert not loaded_by(f"import {package}") & HEAVY


def test_checking_a_formula_needs_no_sympy_and_no_jinja() -> None:
    found = loaded_by("from grading import check; check('1 + 1 = 2')")
    assert not found & {"sympy", "rich", "jinja2", "numpy", "matplotlib"}
