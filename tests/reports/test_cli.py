"""The command line: exit statuses, one sentence for every failure, and the JSON of the contract."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grading import load_assignment
from reports import cli, figures, tex

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "docs" / "examples" / "diffusion-answer.md"


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def derive(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: object) -> Outcome:
        status = cli.run([str(a) for a in arguments])
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return run


def one_sentence(outcome: Outcome, *words: str) -> None:
    assert outcome.status == 2
    assert outcome.err.startswith("derive: ")
    assert outcome.err.count("\n") == 1
    assert "Traceback" not in outcome.err
    for word in words:
        assert word in outcome.err


# -- help and usage ---------------------------------------------------------------------------------
def test_every_command_has_help(derive: Any) -> None:
    assert derive("--help").status == 0
    for command in cli.COMMANDS:
        assert f"derive {command}" in derive(command, "--help").out
        assert command in derive("--help").out


def test_no_arguments_show_the_help(derive: Any) -> None:
    assert "Commands" in derive().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("fly",), ("fly",)),
        (("grade",), ("ANSWERS",)),
        (("grade", "x.md"), ("--assignment",)),
        (("grade", SAMPLE, "--assignment", "hw99"), ("hw99", "hw13")),
        (("grade", SAMPLE, "--assignment", "hw13", "--part", "9z"), ("9z", "1a")),
        (("grade", SAMPLE, "--assignment", "hw13", "--problem", "9"), ("9",)),
        (("grade", SAMPLE, "--assignment", "hw13", "--report", "x.docx"), ("x.docx", ".pdf")),
        (("grade", SAMPLE, "--assignment", "hw13", "--scheduler", "tcp://x", "--jobs", "2"), ("--jobs",)),
        (("show", "diffusion/means_chain"), ("means_chain", "diffusion/mean_chain")),
        (("verify", "nothing"), ("nothing",)),
        (("verify", "--paths", "20000", "--until-se", "0.1"), ("both",)),
        (("check",), ("--file",)),
        (("check", "x=x", "--theory", "alchemy"), ("alchemy",)),
        (("check", "x=x", "--define", r"\frac{"), (r"\frac{",)),
        (("check-assignment", "/nonexistent"), ("nonexistent",)),
        (("report", "hw99"), ("hw99",)),
        (("audit", "notes", "--answer", "a", "--assignment", "hw13"), ("notes",)),
    ],
)
def test_bad_usage_is_one_sentence(derive: Any, arguments: tuple[object, ...], words: tuple[str, ...]) -> None:
    one_sentence(derive(*arguments), *words)


def test_an_unexpected_error_is_one_sentence(derive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the sky\nfell")

    monkeypatch.setattr("grading.compare", fails)
    one_sentence(derive("compare", "x", "x"), "RuntimeError", "the sky fell", "--debug")
    with pytest.raises(RuntimeError):
        cli.run(["--debug", "compare", "x", "x"])


def test_interrupting_is_quiet(derive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("grading.compare", interrupted)
    outcome = derive("compare", "x", "x")
    assert (outcome.status, outcome.out, outcome.err.strip()) == (130, "", "")


def test_packages_out_of_place_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert cli.packages_apart() is None
    (tmp_path / "numeric").mkdir()
    (tmp_path / "numeric" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    problem = cli.packages_apart()
    assert problem is not None
    assert "'numeric'" in problem
    assert str(tmp_path) in problem


# -- input that cannot be used ----------------------------------------------------------------------
def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (None, "no such file"),
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\x00\x01\x02", "binary"),
        (b"caf\xe9 $x$", "UTF-8"),
        (b"There is nothing to compute here.", "no mathematics"),
    ],
)
@pytest.mark.parametrize("command", [("grade", "--assignment", "hw13", "--problem", "1"), ("read",)])
def test_unusable_files_are_one_sentence(
    derive: Any, tmp_path: Path, data: bytes | None, word: str, command: tuple[str, ...]
) -> None:
    path = tmp_path / "answer.md"
    if data is not None:
        write(path, data)
    outcome = derive(command[0], path, *command[1:])
    one_sentence(outcome, str(path), word)


def test_a_folder_is_no_answer(derive: Any, tmp_path: Path) -> None:
    one_sentence(derive("grade", tmp_path, "--assignment", "hw13", "--problem", "1"), "folder")


def test_of_several_answers_the_good_ones_are_graded(derive: Any, tmp_path: Path) -> None:
    empty = write(tmp_path / "empty.md", b"")
    outcome = derive("grade", empty, SAMPLE, tmp_path / "none", "--assignment", "hw13", "--part", "1a", "--json", "-")
    assert outcome.status == 2
    assert outcome.err.count("\n") == 2
    assert outcome.json["answer"] == str(SAMPLE)


def test_a_formula_that_cannot_be_read_is_named_with_its_place(derive: Any, tmp_path: Path) -> None:
    answer = write(tmp_path / "a.md", b"# 1(a)\n\n$$X_1 \\sim \\mathcal{N}(0, \\sigma^2 + 1)$$\n\n$$\\frac{1}{ = x$$\n")
    outcome = derive("grade", answer, "--assignment", "hw13", "--part", "1a", "--json", "-")
    assert outcome.status == 0
    unread = [r for p in outcome.json["parts"] for r in p["relations"] if r["status"] == "unread"]
    assert [r["line"] for r in unread] == [5]
    shown = derive("grade", answer, "--assignment", "hw13", "--part", "1a")
    assert "line 5:" in shown.out
    assert r"\frac{1}{ = x" in shown.out


# -- grading ----------------------------------------------------------------------------------------
def test_the_sample_answer_is_graded(derive: Any) -> None:
    outcome = derive("grade", SAMPLE, "--assignment", "hw13", "--problem", "1", "--json", "-")
    assert outcome.status == 0
    parts = {part["part"]: part for part in outcome.json["parts"]}
    assert [parts[p]["verdict"] for p in ("1a", "1b", "1c", "1d")] == ["correct"] * 4
    wrong = parts["1e"]
    assert wrong["verdict"] == "flawed"
    first = wrong["relations"][wrong["first_error"]]
    assert first["status"] == "refuted"
    assert first["counterexample"]["lhs"] != first["counterexample"]["rhs"]


def test_strict_fails_what_is_flawed(derive: Any) -> None:
    assert derive("grade", SAMPLE, "--assignment", "hw13", "--part", "1a", "--strict").status == 0
    assert derive("grade", SAMPLE, "--assignment", "hw13", "--part", "1e", "--strict").status == 1
    assert derive("grade", SAMPLE, "--assignment", "hw13", "--part", "1e").status == 0


def test_several_answers_are_json_lines_and_jobs_change_nothing(derive: Any, tmp_path: Path) -> None:
    copies = [write(tmp_path / f"{name}.md", SAMPLE.read_bytes()) for name in "ab"]
    one = derive("grade", *copies, "--assignment", "hw13", "--part", "1a", "--json", "-")
    two = derive("grade", *copies, "--assignment", "hw13", "--part", "1a", "--json", "-", "--jobs", "2")
    assert one == two
    assert [json.loads(line)["answer"] for line in one.out.splitlines()] == list(map(str, copies))


def test_reports_are_written_by_their_suffix(derive: Any, tmp_path: Path) -> None:
    targets = [tmp_path / f"new/graded.{suffix}" for suffix in ("tex", "html", "md")]
    options = [word for target in targets for word in ("--report", target)]
    target = tmp_path / "graded.jsonl"
    outcome = derive("grade", SAMPLE, "--assignment", "hw13", "--part", "1e", *options, "--json", target)
    assert outcome.status == 0
    assert json.loads(target.read_text())["schema"] == "derive/grade/1"
    for target in targets:
        assert "1e" in target.read_text(encoding="utf-8")
        assert f"written: {target}" in outcome.err


def test_a_folder_that_cannot_be_written_is_one_sentence(derive: Any, tmp_path: Path) -> None:
    blocked = write(tmp_path / "file", b"x") / "graded.md"
    outcome = derive("grade", SAMPLE, "--assignment", "hw13", "--part", "1a", "--report", blocked)
    one_sentence(outcome, str(blocked))
    assert "1a" in outcome.out


def test_without_tex_the_source_is_left(derive: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = derive("grade", SAMPLE, "--assignment", "hw13", "--part", "1a", "--report", tmp_path / "graded.pdf")
    one_sentence(outcome, "pdflatex", str(tmp_path / "graded.tex"))
    assert (tmp_path / "graded.tex").read_text(encoding="utf-8").startswith("\\documentclass")


# -- the other commands -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("formula", "status", "exit_status"),
    [
        ("(a+b)^2 = a^2 + 2ab + b^2", "proved", 0),
        ("(a+b)^2 = a^2 + b^2", "refuted", 1),
        (r"\frac{1}{ = 2", "unread", 2),
    ],
)
def test_check_judges_a_relation(derive: Any, formula: str, status: str, exit_status: int) -> None:
    outcome = derive("check", formula, "--json")
    assert outcome.status == exit_status
    assert outcome.json["schema"] == "derive/check/1"
    assert outcome.json["status"] == status
    assert [r["status"] for r in outcome.json["relations"]] == [status]
    assert status in derive("check", formula).out


def test_check_judges_a_text(derive: Any, tmp_path: Path) -> None:
    text = write(tmp_path / "text.md", b"We have $1 + 1 = 2$.\n\nBut also\n\n$$2 + 2 = 5$$\n")
    outcome = derive("check", "--file", text, "--json")
    assert outcome.status == 1
    assert [(r["line"], r["status"]) for r in outcome.json["relations"]] == [(1, "proved"), (5, "refuted")]


def test_compare_says_whether_two_formulas_are_equal(derive: Any) -> None:
    same = derive("compare", r"\frac{1}{2}", "0.5", "--json")
    assert same.json["schema"] == "derive/compare/1"
    assert same.json["equal"] is True
    assert derive("compare", "x + 1", "x + 2", "--json").json["equal"] is False
    unread = derive("compare", "x", r"\frac{", "--json")
    assert unread.json["equal"] is None
    assert unread.status == 0


def test_read_shows_what_was_read_and_where(derive: Any) -> None:
    outcome = derive("read", SAMPLE, "--assignment", "hw13", "--json")
    assert outcome.status == 0
    parts = {part["part"]: part for part in outcome.json["parts"]}
    assert {"a", "b", "c", "d", "e"} <= parts.keys()
    assert all(r["unread"] is None for part in parts.values() for r in part["relations"])
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    first = parts["a"]["relations"][0]
    assert first["latex"] in lines[first["line"] - 1]
    assert "Var(X₁)" in derive("read", SAMPLE, "--assignment", "hw13").out


def test_list_names_derivations_and_assignments(derive: Any) -> None:
    outcome = derive("list")
    assert outcome.status == 0
    for whole in ("diffusion/mean_chain", "hw13/1d", "Reverse chain of conditional means", "homework 13, 1d"):
        assert whole in outcome.out
    assert "…" not in outcome.out
    assert "hw13" in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 80


def test_a_pipe_that_is_closed_early_is_no_failure() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "reports.cli", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(60) == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()


def test_show_tells_the_steps(derive: Any) -> None:
    outcome = derive("show", "hw13/1d")
    assert outcome.status == 0
    for expected in ("diffusion/mean_chain", "telescope", "given", "axioms"):
        assert expected in outcome.out


def test_verify_has_the_keys_of_the_contract(derive: Any) -> None:
    outcome = derive("verify", "hw13/1d", "--paths", "20000", "--seed", "3", "--json")
    assert outcome.status == 0
    report = outcome.json
    assert report["schema"] == "derive/verify/1"
    assert report["seed"] == 3
    (derivation,) = report["derivations"]
    assert {"id", "source", "status", "steps", "axioms", "kernel_ms", "twin"} <= derivation.keys()
    assert {"paths", "estimate", "se", "expected", "z", "seconds"} <= derivation["twin"].keys()
    assert derivation["status"] == "proved"
    assert "diffusion/mean_chain" in derive("verify", "hw13/1d", "--paths", "20000").out


def test_a_new_assignment_passes_its_own_check(derive: Any, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert derive("new-assignment", folder).status == 0
    checked = derive("check-assignment", folder)
    assert checked.status == 0, checked
    assert "nothing is wrong" in " ".join(checked.out.split())
    one_sentence(derive("new-assignment", folder), str(folder))


def test_the_sample_of_a_new_assignment_is_graded(derive: Any, tmp_path: Path) -> None:
    folder = tmp_path / 'my "own" \\ folder'
    derive("new-assignment", folder)
    graded = derive("grade", folder / "sample-answer.md", "--assignment", folder, "--json", "-").json
    assert [p["verdict"] for p in graded["parts"]] == ["correct", "flawed", "review"]


def test_a_reference_with_a_false_step_is_reported(derive: Any, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    derive("new-assignment", folder)
    solution = folder / "solution.tex"
    solution.write_text(solution.read_text().replace(r"g T =", r"2 g T ="))
    checked = derive("check-assignment", folder)
    assert checked.status == 1
    assert "solution.tex:14:4  part 1b  fault" in checked.out
    assert "refuted" in checked.out.lower()
    [fault, *_] = derive("check-assignment", folder, "--json").json["faults"]
    assert (fault["file"], fault["line"], fault["part"], fault["serious"]) == ("solution.tex", 14, "1b", True)


def test_notes_are_audited(derive: Any, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    derive("new-assignment", folder)
    notes = tmp_path / "notes.md"
    notes.write_text("# Problem 1\n(a) Wrong, $T = \\sqrt{h}$ is claimed.\n(b) Correct.\n(c) Good.\n")
    arguments = ("audit", notes, "--answer", folder / "sample-answer.md", "--assignment", folder)
    shown = derive(*arguments)
    assert shown.status == 0
    assert max(map(len, shown.out.splitlines())) <= 80 + len(str(tmp_path))
    assert "the notes agree with the evidence in 0, disagree in 2; 1 cannot be told" in " ".join(shown.out.split())
    value = derive(*arguments, "--json").json
    assert value["schema"] == "derive/audit/1"
    assert [(p["part"], p["outcome"]) for p in value["parts"]] == [
        ("1a", "disagrees"),
        ("1b", "disagrees"),
        ("1c", "cannot tell"),
    ]
    one_sentence(derive("audit", tmp_path / "none.md", *arguments[2:]), "none.md")


@pytest.mark.skipif(not tex.available(), reason="pdflatex is not installed")
def test_the_solution_manual_is_written(derive: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, typeset = [], tex.typeset
    monkeypatch.setattr(tex, "typeset", lambda *given, **named: made.append(typeset(*given, **named)) or made[-1])
    outcome = derive("report", "hw13", "-o", tmp_path, "--paths", "20000")
    assert outcome.status == 0, outcome.err
    written = {path.name for path in tmp_path.iterdir()}
    drawings = {name for name in written if name.startswith("hw13-")}
    assert written == {"hw13.html", "hw13.pdf", "hw13.tex"} | drawings
    assert ({"hw13-variance.pdf", "hw13-convergence.pdf", "hw13-ends.pdf"} <= drawings) == figures.available()
    assert [pdf.errors for pdf in made] == [()]
    assert max(made[0].overfull, default=0.0) <= 5.0
    page = (tmp_path / "hw13.html").read_text(encoding="utf-8")
    assert '<code class="source">' not in page, "every formula of the manual is set"
    for name in load_assignment("hw13").errata:
        assert name in page


def test_grade_simulates_for_reports_and_on_request(derive: Any, tmp_path: Path) -> None:
    base = ("grade", SAMPLE, "--assignment", "hw13", "--part", "1a", "--json", "-")
    assert derive(*base).json["parts"][0]["simulation"] is None
    simulation = derive(*base, "--simulate").json["parts"][0]["simulation"]
    assert abs(simulation["estimate"] - simulation["expected"]) < 6 * simulation["se"]
    target = tmp_path / "a.md"
    assert derive(*base, "--report", target).json["parts"][0]["simulation"] == simulation
    assert "Simulated" in target.read_text(encoding="utf-8")
