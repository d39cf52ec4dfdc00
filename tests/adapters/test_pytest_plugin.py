"""Graded answers as tests: collected, selected, reported in sentences, rewritten on request."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from derive.errors import DeriveError
from grading.adapters.expectations import Expected, load, rewrite

ANSWER = r"""# Problem 1
## (a)
The noises are independent, so $$\operatorname{Var}(X_1) = \sigma^2 + T\Delta t = \sigma^2 + 1.$$
$$\boxed{X_1 \sim \mathcal{N}(0, \sigma^2 + 1)}$$
## (c)
$$\operatorname{Var}(X_{t-\Delta t} \mid X_t) = \frac{(\sigma^2 + t - \Delta t)\Delta t}{\sigma^2 + t} = \Delta t$$
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "answer.md").write_text(ANSWER, encoding="utf-8")
    return tmp_path


def stated(folder: Path, expected: str, name: str = "answer") -> Path:
    path = folder / f"{name}.grade.toml"
    head = 'answer = "answer.md"\nassignment = "hw13"\nproblem = "1"\n'
    path.write_text(f"{head}\n[expected]\n{expected}\n", encoding="utf-8")
    return path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603


def test_one_test_for_each_part(folder: Path) -> None:
    stated(folder, '1a = "correct"\n1b = "missing"')
    done = run(folder, "-v", "--junitxml=out.xml")
    assert done.returncode == 0, done.stdout
    assert "answer.grade.toml::1a PASSED" in done.stdout
    cases = ET.parse(folder / "out.xml").getroot().findall(".//testcase")  # noqa: S314 - written just now
    properties = [{p.get("name"): p.get("value") for p in case.iter("property")} for case in cases]
    assert properties == [{"verdict": "correct", "points": "2/2"}, {"verdict": "missing", "points": "0/2"}]


def test_a_disagreement_is_told_with_formula_and_point(folder: Path) -> None:
    stated(folder, '1a = "correct"\n1c = "correct"')
    done = run(folder)
    assert done.returncode == 1
    assert "part 1c: expected correct, found" in done.stdout
    assert r"\operatorname{Var}(X_{t-\Delta t}" in done.stdout or r"= \Delta t" in done.stdout
    assert "left " in done.stdout and "right " in done.stdout
    assert "Traceback" not in done.stdout and "expectations.py" not in done.stdout
    assert run(folder, "-k", "1a").returncode == 0


def test_processes_share_the_parts(folder: Path) -> None:
    stated(folder, '1a = "correct"\n1b = "missing"')
    done = run(folder, "-n", "2")
    assert "2 passed" in done.stdout


def test_update_states_what_was_found_and_keeps_comments(folder: Path) -> None:
    path = stated(folder, '1a = "wrong"  # because\n1b = { verdict = "correct", line = 3 }')
    assert run(folder, "--derive-update").returncode == 0
    text = path.read_text(encoding="utf-8")
    assert '1a = "correct"  # because' in text
    assert '1b = "missing"' in text
    assert set(load(path).parts) >= {"1a", "1b", "1c", "1d"}
    assert run(folder).returncode == 0
    assert run(folder, "--derive-update").returncode == 0
    assert path.read_text(encoding="utf-8") == text
    refused = run(folder, "--derive-update", "-n", "2")
    assert refused.returncode == 4
    assert "leave out -n" in refused.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('answer = "answer.md"', "assignment"),
        ('answer = "answer.md"\nassignment = "hw99"\n[expected]\n1a = "correct"', "hw99"),
        ('answer = "answer.md"\nassignment = "hw13"\n[expected]\n9z = "correct"', "9z"),
        ('answer = "answer.md"\nassignment = "hw13"\n[expected]\n1a = "right"', "right"),
        ('answer = "answer.md"\nassignment = "hw13"', "--derive-update"),
        ('answer = "none.md"\nassignment = "hw13"\nproblem = "1"\n[expected]\n1a = "correct"', "none.md"),
        ("answer = ", "not valid"),
    ],
)
def test_what_is_wrong_with_a_file_is_a_sentence(folder: Path, text: str, words: str) -> None:
    (folder / "bad.grade.toml").write_text(text, encoding="utf-8")
    done = run(folder)
    assert done.returncode in (1, 2)
    assert words in done.stdout
    assert "Traceback" not in done.stdout and "expectations.py" not in done.stdout


def test_a_part_that_is_not_stated_is_added_at_the_end_of_its_table(folder: Path) -> None:
    path = stated(folder, '1a = "correct"\n\n[other]')
    rewrite(path, "1b", Expected("flawed", 7))
    assert '1a = "correct"\n1b = { verdict = "flawed", line = 7 }\n\n[other]' in path.read_text(encoding="utf-8")
    with pytest.raises(DeriveError, match="other"):
        load(path)


def test_other_test_runs_load_nothing_of_the_grader(folder: Path) -> None:
    (folder / "test_one.py").write_text(
        "import sys\ndef test_one():\n"
        "    assert not {'flint', 'msgspec', 'sympy', 'numpy', 'grading.grader', 'derive'} & sys.modules.keys()\n",
        encoding="utf-8",
    )
    done = run(folder, "test_one.py")
    assert done.returncode == 0, done.stdout
