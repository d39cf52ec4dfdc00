"""Text of a user never acts: not in LaTeX, not in HTML, not in Markdown."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import escape, html, latex, markdown, tex

ALLOWED = re.compile(
    r"\\(?:text[a-z]+\{\}|[{}$&#_%]|S\{\}|ldots\{\}|allowbreak\{\}|ensuremath\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})"
)


@given(st.text())
def test_escaped_text_has_no_live_special(value: str) -> None:
    written = escape.text(value)
    rest = ALLOWED.sub("", written)
    assert not re.search(r"[\\$&#_%^]", rest), rest
    assert re.fullmatch(r"(?:[^{}]|\{\[\}|\{\]\}|\{\})*", rest)
    assert all(ord(c) < 0x180 for c in written)


@given(st.text())
def test_source_is_one_balanced_group(value: str) -> None:
    written = escape.source(value)
    bare = re.sub(r"\\[{}]", "", written)
    assert bare.count("{") == bare.count("}")
    assert "\n" not in written


@given(st.text(alphabet="ab $\\{}<>&%^_~`*|[]()!#\n'\"-é√σ", max_size=60))
def test_prose_is_safe_everywhere(value: str) -> None:
    assert not re.search(r"<(?!/?(?:math|m[a-z]+|code)\b)", str(html.prose(value)))
    assert "\n" not in markdown.prose(value)
    bare = re.sub(r"\\[\\{}%&#$_]", "", escape.prose(value))
    assert bare.count("$") % 2 == 0
    assert bare.count("{") == bare.count("}")


@pytest.mark.skipif(not tex.available(), reason="pdflatex is not installed")
@pytest.mark.parametrize("seed", range(3))
def test_tex_accepts_whatever_people_write(seed: int) -> None:
    """Many texts and formulas in one document, because each run of TeX takes a second."""
    random = Random(seed)
    texts = ["".join(random.choices(ALPHABET, k=random.randrange(40))) for _ in range(60)]
    formulas = ["".join(random.choices(COMMANDS, k=random.randrange(1, 12))) for _ in range(3000)]
    formulas = [formula for formula in formulas if escape.formula(formula) is not None]
    assert len(formulas) > 200
    preamble = latex.environment().get_template("preamble.tex.j2").render()
    body = "\n\n".join([*map(escape.prose, texts), *map(escape.source, texts), *map(escape.mathematics, formulas)])
    made = tex.typeset(preamble + "\\begin{document}\\raggedright\n" + body + "\n\\end{document}\n")
    assert made.errors == ()


ALPHABET = "abz AZ09 $\\{}<>&%^_~`*|[]()!#'\"-,.?:;=+/éßœŁσΔ²√∏≤→🙂日\u0302\x00\x07"
COMMANDS = [
    *(r"\frac", r"\hat", r"\sigma", r"\left(", r"\right)", "{", "}", "{x}", "^", "_", "x", "2", r"\sum", "σ²", "|"),
    *(r"\text{a$b$}", r"\begin{cases}", r"\end{cases}", "&", r"\\", "'", r"\not", "=", r"\Big|", r"\sqrt[3]"),
]
