"""What README, tutorial and reference say is true: commands, options, links, figures of the sample."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import click
import pytest

from reports import cli

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        found += [(page.name, line[2:]) for line in text.splitlines() if line.startswith("$ derive ")]
    return found


@pytest.mark.parametrize(("page", "line"), commands())
def test_every_command_shown_exists_with_its_options(page: str, line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    name = words[0]
    assert name in cli.COMMANDS or name == "--help", f"{page}: {line}"
    if name in cli.COMMANDS:
        command = cli.group.get_command(click.Context(cli.group), name)
        assert command is not None
        command.make_context(name, words[1:])  # raises where an option or argument does not exist


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_reference_names_every_command() -> None:
    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    for name in cli.COMMANDS:
        assert f"derive {name}" in text


def shown() -> list[tuple[str, str, str]]:
    """Page, command and what is printed below it, wherever a page shows the output of derive in the repository."""
    found = []
    for page in PAGES:
        for block in re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            for command, output in re.findall(r"^\$ (derive .*)\n((?:(?!\$ ).*\n)+)", block, re.MULTILINE):
                if "check-assignment mine" not in command:
                    found.append((page.name, command, output))
    return found


@pytest.mark.parametrize(("page", "command", "output"), shown(), ids=lambda text: text.splitlines()[0][:60])
def test_what_a_page_shows_is_what_derive_prints(
    page: str, command: str, output: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert cli.run(shlex.split(command)[1:]) in (0, 1)
    printed = capsys.readouterr().out
    assert [line.rstrip() for line in printed.splitlines()] == [line.rstrip() for line in output.splitlines()]


def test_the_faults_that_the_page_on_assignments_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "docs" / "assignments.md").read_text(encoding="utf-8")
    output = re.search(r"^\$ derive check-assignment mine\n((?:[^`].*\n)+)```", text, re.MULTILINE)
    assert output is not None
    monkeypatch.chdir(tmp_path)
    assert cli.run(["new-assignment", "mine"]) == 0
    result = r"v = g T = \sqrt{2 g h}"
    for name, good, bad in (("assignment.toml", '"T"', '"T_{"'), ("solution.tex", result, "v = 2gT")):
        file = Path("mine") / name
        source = file.read_text(encoding="utf-8")
        assert good in source
        file.write_text(source.replace(good, bad), encoding="utf-8")
    capsys.readouterr()
    assert cli.run(["check-assignment", "mine"]) == 1
    printed = capsys.readouterr().out
    assert [line.rstrip() for line in printed.splitlines()] == output[1].splitlines()


def test_pages_show_what_is_printed() -> None:
    assert {page for page, _, _ in shown()} >= {"README.md", "tutorial.md"}


def python(page: str) -> list[str]:
    """The blocks of Python on a page that are no files of the repository."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    return [b for b in blocks if not b.startswith("# derive/") and not b.startswith("# numeric/")]


@pytest.mark.parametrize(
    ("page", "code"), [(page, code) for page in ("README.md", "docs/tutorial.md") for code in python(page)]
)
def test_python_on_a_page_runs_and_gives_what_its_comments_say(
    page: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked, stated = re.subn(r"^(\S.*?)\s{2,}# (.+)$", r"assert (\1) == (\2)", code, flags=re.MULTILINE)
    assert stated, page
    script = tmp_path / "page.py"
    script.write_text(checked, encoding="utf-8")
    monkeypatch.chdir(ROOT)
    runpy.run_path(str(script))


def test_the_derivation_that_the_readme_adds_is_proved_and_simulated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both files as they are printed, in the catalogues of their packages."""
    import derive.catalogue
    import derive.catalogue.policy
    import numeric.catalogue.policy
    from grading.witness import verify

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    files = re.findall(r"```python\n(# (derive|numeric)/catalogue/policy/(\S+)\n.*?)```", text, re.DOTALL)
    assert [package for _, package, _ in files] == ["derive", "numeric"]
    assert sum(code.count("\n") for code, _, _ in files) < 40
    for code, package, name in files:
        folder = tmp_path / package / "policy"
        folder.mkdir(parents=True)
        (folder / name).write_text(code, encoding="utf-8")
        home = derive.catalogue.policy if package == "derive" else numeric.catalogue.policy
        monkeypatch.setattr(home, "__path__", [*home.__path__, str(folder)])
    monkeypatch.setattr(derive.catalogue, "FOLDER", tmp_path / "derive")
    (report,) = verify(["policy/mixture"], paths=40_000, seed=3).derivations
    assert report.status == "proved", report.why
    assert report.twin.absent_reason is None
    assert not report.twin.contradicted
    assert report.twin.expected == pytest.approx(0.75 * 1 + 0.25 * 0.5 + 0.25 * 0.75 * 4)
