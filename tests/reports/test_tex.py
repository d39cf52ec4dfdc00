"""TeX runs in a cage: no shell, no files outside, a time limit, and a sentence where it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports import tex

DOCUMENT = "\\documentclass{article}\\begin{document}%s\\end{document}\n"
needs_tex = pytest.mark.skipif(not tex.available(), reason="pdflatex is not installed")


@needs_tex
def test_a_document_becomes_a_pdf() -> None:
    assert tex.pdf(DOCUMENT % "$x^2$").startswith(b"%PDF")


@needs_tex
@pytest.mark.parametrize("command", [r"\input{/etc/hostname}", r"\input{../secret}", r"\openin1=/etc/hostname x"])
def test_files_outside_are_not_read(command: str, tmp_path: Path) -> None:
    (tmp_path / "secret.tex").write_text("secret")
    try:
        made = tex.typeset(DOCUMENT % command)
    except tex.TexError:
        return
    assert made.errors or "openin" in command


@needs_tex
def test_the_shell_is_out_of_reach(tmp_path: Path) -> None:
    target = tmp_path / "touched"
    tex.typeset(DOCUMENT % rf"x\immediate\write18{{touch {target}}}")
    assert not target.exists()


@needs_tex
def test_an_endless_loop_is_stopped() -> None:
    with pytest.raises(tex.TexError, match="stopped after 2 seconds"):
        tex.typeset(DOCUMENT % r"\loop\iftrue\repeat", time_limit=2.0)


@needs_tex
def test_errors_are_one_sentence() -> None:
    with pytest.raises(tex.TexError, match="Undefined control sequence"):
        tex.pdf(DOCUMENT % r"\undefined")


def test_without_tex_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(tex.TexError, match="texlive-latex-extra"):
        tex.typeset("")
