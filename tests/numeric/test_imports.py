"""The twins know nothing of the results that they check, and listing them costs nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def modules_after(program: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after this program."""
    program += "\nimport sys\nprint(' '.join({m.split('.')[0] for m in sys.modules}))"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_a_twin_needs_only_numpy() -> None:
    loaded = modules_after("from numeric.catalogue import ids, load\nfor i in ids(): load(i)")
    assert "numpy" in loaded
    assert not loaded & {"derive", "grading", "reports", "sympy", "flint", "mpmath", "scipy"}


def test_listing_the_twins_needs_not_even_that() -> None:
    assert "numpy" not in modules_after("from numeric.catalogue import ids\nids()")
