"""Derivations as tests: proof and simulation, failures told in sentences."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DERIVATION = '''r"""The square of a sum.

$$(a + b)^2 = a^2 + 2ab + b^2$$
"""
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Chart, Domain
from derive.kernel.term import sym

ID, ALIASES, SOURCE, TITLE, GENERAL = "mine/square", (), "school", "The square of a sum", ("square",)
A, B = sym("a"), sym("b")
CHART = Chart({"a": Domain(), "b": Domain()})


def prove():
    c = Chain(CHART)
    c.result("square", c.because("multiplied out", rules.equal, (A + B) ** 2, A**2 + 2 * A * B + B**2, CHART))
    return c


def quantities():
    return {}
'''


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "pytest.ini").write_text("[pytest]\nderive_derivations = proofs/*.py\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603


def written(folder: Path, text: str, place: str = "proofs/square.py") -> None:
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    (folder / place).write_text(text, encoding="utf-8")


def test_a_derivation_of_ones_own_is_a_test(tmp_path: Path) -> None:
    written(tmp_path, DERIVATION)
    written(tmp_path, "raise RuntimeError", "elsewhere/other.py")
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "proofs/square.py::proof PASSED" in done.stdout
    assert "1 passed" in done.stdout


def test_a_false_step_is_named_without_a_traceback(tmp_path: Path) -> None:
    written(tmp_path, DERIVATION.replace("2 * A * B", "A * B"))
    done = run(tmp_path)
    assert done.returncode == 1
    assert "mine/square: Step 1 (equal) fails" in done.stdout
    assert "Traceback" not in done.stdout and "derivations.py" not in done.stdout


def test_a_file_that_is_no_derivation_is_told(tmp_path: Path) -> None:
    written(tmp_path, DERIVATION.replace("def quantities", "def quantity"))
    assert "a derivation must define quantities" in run(tmp_path).stdout
    written(tmp_path, "1/0")
    assert "it cannot be loaded: ZeroDivisionError" in run(tmp_path).stdout


def test_the_catalogue_is_tested_with_its_simulations() -> None:
    root = Path(__file__).parents[2]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-v",
        "derive/catalogue/diffusion/mean_chain.py",
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603
    assert "mean_chain.py::proof PASSED" in done.stdout
    assert "mean_chain.py::variance PASSED" in done.stdout
