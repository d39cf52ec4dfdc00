"""The graded page in a real browser: no errors on its console, and a filter that shows what it says."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grading.result import GradeResult
from reports import html

BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


class Relations(HTMLParser):
    """The tags of the relations that are shown and of those that are hidden, and what the status line says."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "li" and "data-tags" in found:
            kept = self.hidden if "hidden" in (found.get("class") or "").split() else self.shown
            kept.append((found["data-tags"] or "").strip())


def opened(page: str, folder: Path, fragment: str) -> tuple[Relations, str]:
    """The page as the browser leaves it, and what it wrote to its console."""
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    command = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
    command += ["--enable-logging=stderr", "--dump-dom", f"{file.as_uri()}{fragment}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)  # noqa: S603
    relations = Relations()
    relations.feed(done.stdout)
    return relations, "\n".join(re.findall(r".*CONSOLE.*", done.stderr))


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
@pytest.mark.parametrize(("fragment", "tag"), [("", None), ("#show=wrong", "wrong"), ("#show=open", "open")])
def test_the_filter_shows_what_it_says(graded: GradeResult, tmp_path: Path, fragment: str, tag: str | None) -> None:
    relations, console = opened(html.graded(graded, "# Answer\n\n$a = b$"), tmp_path, fragment)
    assert console == ""
    assert len(relations.shown) + len(relations.hidden) == sum(len(part.relations) for part in graded.parts)
    if tag is None:
        assert not relations.hidden
        assert {"wrong", "open", ""} <= set(relations.shown)
    else:
        assert relations.shown and set(relations.shown) == {tag}
        assert tag not in relations.hidden


def test_everything_to_press_is_reachable_by_keyboard(graded: GradeResult) -> None:
    page = html.graded(graded)
    assert re.findall(r"<(\w+)[^>]*data-show", page) == ["button"] * 3
    assert not re.search(r'tabindex="-|onclick=', page)
