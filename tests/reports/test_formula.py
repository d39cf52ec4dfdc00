r"""Formulas are read whole and written from a closed vocabulary; anything else is shown as its source."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import escape, html, plain
from reports.formula import MAX_DEPTH, UnsettableError, parse, vocabulary
from reports.typeset import latex

SET = {
    r"\sigma^2": r"\sigma^2",
    r"\frac12": r"\frac{1}{2}",
    r"x^\frac12": r"x^{\frac{1}{2}}",
    "σ²/(σ²+1)": r"\sigma^2/(\sigma^2+1)",
    "X̂₀": r"\hat{X}_0",
    r"\mathcal N(0, 1)": r"\mathcal{N}(0, 1)",
    r"\operatorname*{arg\,min}_x f": r"\operatorname{arg\,min}_x f",
    r"\left.\frac{-1}{u}\right|_0^1": r"\left.\frac{-1}{u}\right|_0^1",
    r"a &= b \\ &= c": r"\begin{aligned}a  & = b  \\   & = c\end{aligned}",
    r"\begin{align*} a &= b \end{align*}": r"\begin{aligned} a  & = b \end{aligned}",
    r"\text{for all $t>0$ \& more}": r"{\text{for all }t>0\text{ \& more}}",
    r"\sqrt[3]{x}": r"\sqrt[3]{x}",
    r"x = 1 \tag{3} \label{eq:x}": r"x = 1  ",
    r"\alpha*x": r"\alpha*x",
    r"\not\in": r"\not\in",
}

REFUSED = {
    r"\input{/etc/passwd}": "input",
    r"\write18{ls}": "write",
    r"\def\x{1}": "def",
    r"\href{javascript:alert(1)}{x}": "href",
    "a^b^c": "two",
    "x^2'": "prime",
    r"\frac{a}": "missing",
    r"\left(x": "middle of a command",
    r"\left(x\right": "middle of a command",
    "{x": "middle of a command",
    "x}": "closes nothing",
    r"\begin{verbatim}x\end{verbatim}": "environment",
    r"\begin{aligned}x\end{cases}": "not closed",
    "$x$": r"'\$'",
    "50% of x": "'%'",
    "#1": "'#'",
    r"\mathrm{\input{x}}": "letters",
    "{" * 100 + "x" + "}" * 100: "deeper",
    r"\hat" * 900 + " x": "deeper",
    "x" * 5000: "characters",
    "日": "日",
}


@pytest.mark.parametrize(("source", "expected"), SET.items())
def test_mathematics_is_set(source: str, expected: str) -> None:
    assert latex(parse(source), escape.text) == expected


@pytest.mark.parametrize(("source", "reason"), REFUSED.items())
def test_anything_else_is_refused_with_a_reason(source: str, reason: str) -> None:
    with pytest.raises(UnsettableError, match=reason):
        parse(source)
    assert escape.formula(source) is None
    assert escape.mathematics(source).startswith(r"\texttt{")
    assert html.inline(source).startswith("<code")


COMMANDS = ("frac", "sqrt", "hat", "left(", "right)", "begin{aligned}", "end{aligned}", "text")
PIECES = st.sampled_from(
    [
        *(f"\\{name} " for name in COMMANDS),
        *("{", "}", "^", "_", "&", "\\\\", "$", "%", "#", "~", "x", "2", "=", " ", "'", "σ", "²", "√", "|", "[", "]"),
        *(r"\input", r"\sigma", r"\mathrm{ref}", r"\Big|", r"\,", r"\not", r"\boxed", "\\", "é", "\u0302", "日"),
        *("<", ">"),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_whatever_is_set_uses_the_vocabulary_only_and_is_balanced(source: str) -> None:
    try:
        formula = parse(source)
    except UnsettableError:
        return
    written = latex(formula, escape.text)
    words = vocabulary()
    known = {*words.signs, *words.names, *words.space, *words.arguments, *words.sizes, "left", "right", "middle"}
    known |= {"begin", "end", "text", "operatorname", "mathrm", "allowbreak", "ensuremath", "texttt"}
    known |= set(re.findall(r"\\([A-Za-z]+)", "".join(escape.text(c) for c in '\\^~<>|"`–—°')))
    assert set(re.findall(r"\\([A-Za-z]+)", written)) <= known
    stripped = re.sub(r"\\[\\{}%&#$_|]", "", written)
    assert stripped.count("{") == stripped.count("}")
    assert not re.search(r"[$#%\n]", stripped)
    assert written.count(r"\left") - written.count(r"\leftarrow") >= written.count(r"\right)") - written.count(r"\Big")


@given(st.lists(PIECES, max_size=25).map("".join))
def test_html_of_any_formula_holds_no_markup_of_the_writer(source: str) -> None:
    written = str(html.inline(source))
    assert "<script" not in written
    assert written.startswith(("<math", '<code class="source">'))


@given(st.text())
def test_plain_text_of_any_formula_is_one_line(source: str) -> None:
    assert "\n" not in plain.formula(source)


def test_nesting_up_to_the_limit_is_set_and_converted() -> None:
    source = r"\sqrt{" * (MAX_DEPTH - 1) + "x" + "}" * (MAX_DEPTH - 1)
    assert escape.formula(source) == source
    assert html.inline(source).startswith("<math")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\frac{\sigma^2}{\sigma^2+1}", "σ²/(σ²+1)"),
        (r"\prod_{k=0}^{T-1} \frac{a}{b} X_1", "∏ₖ₌₀ᵀ⁻¹ a/b X₁"),
        (r"X_{t-\Delta t} \mid X_t", "X_{t−Δt} ∣ Xₜ"),
        (r"\operatorname{Var}(\hat X_0) \approx \sigma^2", "Var(X̂₀) ≈ σ²"),
        (r"\log x + 1", "log x + 1"),
        (r"T := 1/\Delta t", "T := 1/Δt"),
        (r"x^{a+1}", "x^(a+1)"),
        (r"\unknown{x}", r"\unknown{x}"),
    ],
)
def test_plain_text_reads_well(source: str, expected: str) -> None:
    assert plain.formula(source) == expected
