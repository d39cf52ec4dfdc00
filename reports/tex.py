"""LaTeX set by pdflatex in a folder of its own: no shell, no files outside it, a time limit."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from derive.errors import DeriveError

TIME_LIMIT: Final = 60.0
"""Seconds for one run; thirty pages take one."""
RUNS: Final = 3
"""At most; page references settle in two."""


class TexError(DeriveError):
    """No PDF was made; the message says why."""


@dataclass(frozen=True)
class Pdf:
    """The file, what TeX found wrong, and the boxes that stick out, in points."""

    data: bytes
    errors: tuple[str, ...]
    overfull: tuple[float, ...]


def available() -> bool:
    """Whether pdflatex is installed."""
    return shutil.which("pdflatex") is not None


def typeset(source: str, time_limit: float = TIME_LIMIT, drawings: Mapping[str, bytes] | None = None) -> Pdf:
    """Set a document; ``drawings`` are files that it includes.

    Raises TexError where TeX is missing, runs out of time or makes no PDF.
    """
    command = shutil.which("pdflatex")
    if command is None:
        raise TexError("no PDF is made, because pdflatex is not installed (texlive-latex-extra and lmodern).")
    with TemporaryDirectory(prefix="derive-") as name:
        folder = Path(name)
        (folder / "report.tex").write_text(source, encoding="utf-8")
        for drawing, data in (drawings or {}).items():
            (folder / drawing).write_bytes(data)
        log, before = "", None
        for run in range(RUNS):
            log = _run(command, folder, time_limit, draft=run == 0)
            after = _read(folder / "report.aux") + _read(folder / "report.out")
            if after == before:
                break
            before = after
        errors = tuple(re.findall(r"^! (.*)", log, re.MULTILINE))
        if not (folder / "report.pdf").exists():
            raise TexError(f"TeX made no PDF ({errors[0] if errors else 'it gave no reason'}).")
        overfull = tuple(float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log))
        return Pdf((folder / "report.pdf").read_bytes(), errors, overfull)


def pdf(source: str, drawings: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of a document that TeX accepts; TexError also where TeX had to skip something."""
    made = typeset(source, drawings=drawings)
    if made.errors:
        raise TexError(f"TeX found {len(made.errors)} errors, the first: {made.errors[0]}")
    return made.data


def _run(command: str, folder: Path, time_limit: float, draft: bool) -> str:
    """The log of one run; a draft only finds out where everything comes to stand."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "openin_any": "p",
        "openout_any": "p",
        "max_print_line": "1000",
    }
    arguments = [
        command,
        "-no-shell-escape",
        "-interaction=nonstopmode",
        *(["-draftmode"] if draft else []),
        "report.tex",
    ]
    process = subprocess.Popen(
        arguments,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(time_limit)
    except subprocess.TimeoutExpired:
        raise TexError(f"TeX was stopped after {time_limit:.0f} seconds.") from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return _read(folder / "report.log")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
