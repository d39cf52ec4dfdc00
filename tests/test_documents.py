"""What README, tutorial and reference say is true: commands, options, links, figures of the sample."""

from __future__ import annotations

import re
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


def test_the_sample_in_the_readme_is_what_derive_prints(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"\$ (derive grade docs/examples/\S+ .*)\n((?:.*\n)*?)```", text)
    assert shown is not None
    arguments = shlex.split(shown[1])[1:]
    arguments[1] = str(ROOT / arguments[1])
    assert cli.run(arguments) == 0
    printed = capsys.readouterr().out.replace(f"{ROOT}/", "")
    assert [line.rstrip() for line in printed.splitlines()] == [line.rstrip() for line in shown[2].splitlines()]


def test_the_python_of_the_readme_runs() -> None:
    from grading import check, compare, grade, load_assignment

    text = (ROOT / "docs" / "examples" / "diffusion-answer.md").read_text(encoding="utf-8")
    result = grade(text, load_assignment("hw13"), problem="1")
    assert [part.part for part in result.parts][:5] == ["1a", "1b", "1c", "1d", "1e"]
    assert compare(r"\frac{\sigma^2}{\sigma^2+1}", r"1 - \frac{1}{1+\sigma^2}").equal is True
    assert [j.status for j in check(r"(a+b)^2 = a^2 + b^2")] == ["refuted"]


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
