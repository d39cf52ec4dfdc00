"""Whole answers: formulas and relations with their places, chains over displays, macros, broken input."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.kernel.term import plain
from derive.latex.notation import Name, Notation
from grading.read import read_answer
from grading.read.document import Answer, Relation

NOTATION = Notation.standard().declare(
    [Name("\\Delta t", "scalar"), Name("\\sigma", "scalar"), Name("T", "scalar"), Name("X", "family")]
)


def read(text: str) -> Answer:
    return read_answer(text, NOTATION)


def relations(text: str) -> list[Relation]:
    return [r for p in read(text).parts for r in p.relations]


def plain_relation(r: Relation) -> str:
    left = "?" if r.left.term is None else plain(r.left.term)
    right = "?" if r.right.term is None else plain(r.right.term)
    return f"{left} {r.kind} {right}"


# -- formulas ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("so $a = b$ holds", ["a = b"]),
        ("so $ a = b $ holds", ["a = b"]),
        ("so \\(a = b\\) holds", ["a = b"]),
        ("$$a = b$$", ["a = b"]),
        ("$$\na = b\n$$", ["a = b"]),
        ("\\[ a = b \\]", ["a = b"]),
        ("\\begin{align*} a &= b \\\\ &= c \\end{align*}", ["a = b", "b = c"]),
        ("\\begin{equation}\\label{e} a = b \\end{equation}", ["a = b"]),
        ("$$\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}$$", ["a = b", "c = d"]),
        ("$a = b$, $c = d$", ["a = b", "c = d"]),
        ("$$a = b$$ and $$c = d$$", ["a = b", "c = d"]),
        ("```math\na = b\n```", ["a = b"]),
        ("| part | $a = b$ |\n|---|---|\n| x | $c = d$ |", ["a = b", "c = d"]),
        ("| $\\|x\\| = y$ |", ["abs(x) = y"]),
        ("- item $a = b$\n- item $c = d$", ["a = b", "c = d"]),
        ("it costs $5 and $7", []),
        ("it costs $5, or $x = 5$", ["x = 5"]),
        ("she pays $40 plus $35 = $75", []),
        ("`$a = b$`", ["a = b"]),
        ("`x = $HOME` and $a = b$", ["a = b"]),
        ("so `\\frac{a}{b} = c` and ``\\beta = d``", ["a*b^(-1) = c", "\\beta = d"]),
        ("so `σ² = t + 1` and `X_t ~ N(0, σ²)`", ["\\sigma^2 = t + 1", "X(t) ∼ N(0, \\sigma^2)"]),
        ('run `print("\\n" + x)` with `lr = 3` and `max_len = 5` or `a == b`', []),
        ("```\n$a = b$\n```\n$c = d$", ["c = d"]),
        ("escaped \\$a = b\\$ and $c = d$", ["c = d"]),
    ],
)
def test_formulas_are_found(text: str, expected: list[str]) -> None:
    assert [plain_relation(r) for r in relations(text)] == expected


def test_places_are_true() -> None:
    text = "first line\n\nso $a = b$ and\n$$\n  c = d\n    = e\n$$\n"
    text += "\\begin{align}\n  f &= g \\\\\n    &= h\n\\end{align}\n"
    lines = text.split("\n")
    for r in relations(text):
        for side in (r.left, r.right):
            assert lines[side.place.line - 1][side.place.column - 1 :].startswith(side.latex)
    assert [(r.place.line, r.place.column) for r in relations(text)] == [(3, 5), (5, 3), (6, 7), (9, 3), (10, 8)]


def test_places_with_macros_and_windows_line_ends() -> None:
    text = "\\newcommand{\\s}{\\sigma^2}\r\n\r\nso $a = \\s + b$ and $c = d$\r\n"
    found = relations(text)
    assert [plain_relation(r) for r in found] == ["a = \\sigma^2 + b", "c = d"]
    assert [(r.right.place.line, r.right.place.column) for r in found] == [(3, 9), (3, 26)]


def test_unclosed_formula_costs_only_itself() -> None:
    answer = read("(a) so $a = b\n\n(b) but $c = d$ and \\(e = f\n\n(c) $$g = h\n\n(d) $i = j$")
    assert [p.label for p in answer.parts] == ["a", "b", "c", "d"]
    assert [plain_relation(r) for p in answer.parts for r in p.relations] == ["c = d", "i = j"]
    problems = [s.problem for p in answer.parts for s, _ in p.expressions if s.problem]
    assert len(problems) == 3 and all("never closed" in p and "line" in p for p in problems)


# -- chains -----------------------------------------------------------------------------------------
def test_chain_goes_on_in_the_next_display() -> None:
    found = relations("$$a = b$$\nor equivalently\n$$= c \\approx d$$\n\n$$e = f$$")
    assert [plain_relation(r) for r in found] == ["a = b", "b = c", "c ≈ d", "e = f"]
    assert [r.chain for r in found] == [0, 0, 0, 1]
    assert [r.opens for r in found] == [True, False, False, True]


def test_chain_ends_with_its_part() -> None:
    answer = read("(a) $$a = b$$\n\n(b) $$= c$$")
    assert [len(p.relations) for p in answer.parts] == [1, 0]
    assert [plain(s.term) for s, _ in answer.parts[1].expressions if s.term] == ["c"]


def test_inline_relation_without_left_side() -> None:
    answer = read("$a = b$ $= c$\n\nFar away: the variance is $\\approx d$")
    assert [plain_relation(r) for r in answer.parts[0].relations] == ["a = b", "b = c"]
    assert [plain(s.term) for s, _ in answer.parts[0].expressions if s.term] == ["d"]


def test_lone_formulas_are_expressions() -> None:
    part = read("the law of $X_t$ and $(x, t)$").parts[0]
    assert [plain(s.term) for s, _ in part.expressions if s.term] == ["X(t)", "tuple(x, t)"]


def test_bracket_takes_the_variable_of_the_integral_in_the_part() -> None:
    found = relations("$$c = \\int_0^1 \\sigma u\\, du$$\n\nCompute:\n\n$$\\sigma u^2 \\Big|_0^1 = d$$")
    assert plain_relation(found[1]).startswith("at(\\sigma*u^2, u, 1)")


@pytest.mark.parametrize("sign", ["\\stackrel{d}{=}", "\\overset{d}{=}"])
def test_equality_in_law_is_a_relation(sign: str) -> None:
    [found] = relations(f"$X_1 {sign} X_0$")
    assert found.kind == "≗" and found.right.problem is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # words between inline formulas: another subject, or the same one
        ("$a = b$, which is $\\approx c$", ["a = b", "b ≈ c"]),
        ("$a = b$ and so $= c$", ["a = b", "b = c"]),
        ("$a = b$ whose variance is $\\approx c$", ["a = b"]),
        # a display goes on with the display before, not with a remark in the prose between
        ("$$a = b$$ with $x \\ll 1$ we get $$= c$$", ["a = b", "x ≪ 1", "b = c"]),
        ("Then $a = b$\n$$= c$$", ["a = b", "b = c"]),
        ("$$a = b$$" + " some more words" * 8 + " $$= c$$", ["a = b"]),
    ],
)
def test_what_a_leading_relation_goes_on_with(text: str, expected: list[str]) -> None:
    assert [plain_relation(r) for r in relations(text)] == expected


def test_text_between_rows() -> None:
    text = "\\begin{align*}\n a &= b \\\\\n\\intertext{and as $c = d$,}\n &= e\n\\end{align*}\nso $f = g$"
    found = relations(text)
    assert [plain_relation(r) for r in found] == ["a = b", "c = d", "b = e", "f = g"]
    assert [(r.place.line, r.place.column) for r in found] == [(2, 2), (3, 20), (4, 5), (6, 5)]
    assert [r.formula.display for r in found] == [True, False, True, False]


def test_a_lost_link_is_not_skipped() -> None:
    found = relations("$$\\begin{aligned} a &= b \\\\ &= (c \\\\ &= d \\end{aligned}$$")
    assert [plain_relation(r) for r in found] == ["a = b", "? = d"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$\\Var(X_1) = \\abs{x}$", ["Var(X(1)) = abs(x)"]),
        ("$\\qty(a + b) \\half = \\norm{x}$", ["(a + b)*(1/2) = norm(x)"]),
        ("$\\int_0^1 x \\dd{x} = \\dv{f}{x}$", ["int(x, x, 0, 1) = diff(f, x)"]),
        ("$\\KL(p\\|q) = \\EE[x]$", ["KL(p, q) = E(x)"]),
        ("\\newcommand{\\abs}[1]{2 #1}$\\abs{x} = y$", ["2*x = y"]),
    ],
)
def test_macros_of_well_known_packages(text: str, expected: list[str]) -> None:
    assert [plain_relation(r) for r in relations(text)] == expected


def test_a_derivative_with_one_argument_is_not_guessed() -> None:
    [(side, _)] = read("$\\dv{x} f(x)$").parts[0].expressions
    assert side.problem is not None and "two arguments" in side.problem


def test_a_reversed_definition() -> None:
    [found] = relations("$a + b =: u$")
    assert plain_relation(found) == "u := a + b" and found.defining


# -- marks ------------------------------------------------------------------------------------------
def test_boxed_labelled_quoted() -> None:
    found = relations(
        "(a) $a = b$\n\n> given $c = d$\n\n$$\\boxed{e = f}$$\n\nAnswer (a):\n\n$$g = h$$\n\nand more $i = j$"
    )
    assert [(r.boxed, r.labelled, r.quoted) for r in found] == [
        (False, False, False),
        (False, False, True),
        (True, False, False),
        (False, True, False),
        (False, False, False),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Let $u = 2v$.", [True]),
        ("Define the rate\n\n$$u = 2v.$$", [True]),
        ("we get $y = u$, where $u = 2v$", [False, True]),
        ("Write $u = 2v$ and $w = 3v$", [True, True]),
        ("we set $u = 2v$", [True]),
        ("$y = u$ with $u = 2v$", [False, True]),
        ("$u := 2v$", [True]),
        ("$$y = u, \\quad \\text{where } u = 2v$$", [False, True]),
        ("so $u = 2v$", [False]),
        ("we start with $u = 2v$", [False]),
        ("we can also write\n$$u = 2v$$", [False]),
        ("Let us see. Then $u = 2v$", [False]),
        ("Let $u = v = w$", [True, False]),
        ("Let $u = 2v$.\n\n$$w = 3u$$", [True, False]),
        ("let $u := 2v$\n\n$$w = 3u$$", [True, False]),
        ("Let T = 2.\n\n$$w = 3u$$", [True, False]),
        ("$u \\triangleq 2v$", [True]),
        ("Let $u \\equiv 2v$", [True]),
        ("$$u = 2v,$$ where $v$ is as above", [False]),
    ],
)
def test_definitions_are_told_by_the_words_before(text: str, expected: list[bool]) -> None:
    assert [r.defining for r in relations(text)] == expected


@pytest.mark.parametrize(
    ("text", "defined"),
    [
        ("Write $v$ for $a + t$.", "v := a + t"),
        ("We use $s$ for $a^2$", "s := a^2"),
        ("Denote $a + t$ by $v$.", "v := a + t"),
        ("We denote the ratio $a/b$ by $r_k$.", "r(k) := a*b^(-1)"),
        ("Denote by $v$ the total variance $a + t$.", "v := a + t"),
        ("Let $v_k$ be $a + k$.", "v(k) := a + k"),
        ("where $v$ denotes $a + t$", "v := a + t"),
        ("the sum $a + t$, which we call $v$, grows", "v := a + t"),
        ("Let $x$ be $y$", None),
        ("Let $x$ and $y$ be $a + b$", None),
        ("We write $v$ instead of $a + b$.", None),
        ("the mean of $a$ is $b + c$", None),
        ("Write $v$. For $a + t$", None),
        ("Let $x$ be $\\mathcal N(0, 1)$", None),
        ("Let $x$ be $\\{1, 2\\}$", None),
    ],
)
def test_definitions_in_words(text: str, defined: str | None) -> None:
    assert [plain_relation(r) for r in relations(text) if r.defining] == ([] if defined is None else [defined])


def test_prose_around_a_formula() -> None:
    part = read("First block.\n\nThus the law of $Y$ is\n\n$$a = b,$$\n\nfor all $c = d$ that hold. More.").parts[0]
    first, second = part.relations
    assert first.formula.before == "Thus the law of $Y$ is"
    assert first.formula.display and not second.formula.display
    assert second.formula.before == "for all"
    assert second.formula.after == "that hold."


# -- functions that an answer introduces ------------------------------------------------------------
def test_a_letter_that_is_applied_is_a_function() -> None:
    found = relations("$$J(p) = p^2$$\n\nso $J(p + 1) = 4$ and $T(x) = x$")
    assert plain_relation(found[0]) == "J(p) = p^2"
    assert plain_relation(found[1]) == "J(p + 1) = 4"
    assert plain_relation(found[2]) == "T*x = x"  # declared as a scalar


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Let $e = x - y$, so $2e = z$", ["e = x + (-1)*y", "2*e = z"]),
        ("$e := x$ and $e = 1$", ["e := x", "e = 1"]),
        ("so $e = x$", ["e = x"]),
        ("Let $e = x$ with $e^{-t} = y$", ["e = x", "e^((-1)*t) = y"]),
    ],
)
def test_a_letter_that_the_writer_defines(text: str, expected: list[str]) -> None:
    found = relations(text)
    assert [plain_relation(r) for r in found] == expected
    own = found[0].left.term is not None and found[0].left.term.op == "sym"
    assert own == (found[0].defining and "^" not in text)


# -- LaTeX documents --------------------------------------------------------------------------------
def test_latex_document() -> None:
    text = r"""\documentclass{article}
\newcommand{\Var}[1]{\operatorname{Var}\left(#1\right)}
\DeclareMathOperator{\rank}{rank}
\def\half{\frac12}
\begin{document}
% $commented = out$
\section*{(a)}
Then $\Var{X_1} = \half$, 50\% of it. % $again = out$
\begin{align}
  \rank(A) &= r
\end{align}
\end{document}
$after = end$
"""
    found = relations(text)
    assert [plain_relation(r) for r in found] == ["Var(X(1)) = 1/2", "rank(A) = r"]
    assert [r.place.line for r in found] == [8, 10]


@pytest.mark.parametrize(
    "definition",
    [
        "\\newcommand{\\x}{\\x\\x}",
        "\\newcommand{\\x}{\\y}\\newcommand{\\y}{\\x}",
        "\\newcommand{\\x}[1]{#1#1\\x{#1#1}}",
        "\\def\\x{" + "\\y" * 2000 + "}\\def\\y{" + "z" * 200 + "}",
    ],
)
def test_macros_that_do_not_stop(definition: str) -> None:
    answer = read(f"{definition}\n\n$\\x = 1$ and $a = b$")
    assert "a = b" in [plain_relation(r) for p in answer.parts for r in p.relations]
    sides = [s for p in answer.parts for s, _ in p.expressions]
    sides += [s for p in answer.parts for r in p.relations for s in (r.left, r.right)]
    assert any(s.problem for s in sides)


# -- broken input -----------------------------------------------------------------------------------
HOSTILE = [
    "",
    "\x00" * 1000,
    "$" * 50_000,
    "$$" * 25_001,
    "\\(" * 20_000,
    "\\[" * 20_000 + "\n\n",
    "\\begin{align}" * 5_000,
    "(a)\n" * 20_000,
    "**(a)**" * 10_000,
    "# Problem 1\n" * 5_000,
    "```\n" * 10_001,
    "`" * 20_000,
    "$x$ " * 5_000,
    "\\newcommand{\\a}{" * 3_000,
    "\ufeff$a = b$",
    "$" + "x" * 1_000_000 + "$",
    "$$" + "(" * 100_000 + "$$",
    "> " * 20_000 + "$a=b$",
    "\n" * 50_000 + "$a = b$",
    "%" * 50_000,
    "Answer (a):\n" * 5_000,
    "$" + "(" * 10_000 + "x" + ")" * 10_000 + "$",
    "$$" + "\\begin{pmatrix}" * 2_000 + "x" + "\\end{pmatrix}" * 1_000 + "$$",
    "$$" + "\\underset{x}" * 3_000 + "$$",
    "$$A" + "\\cup A" * 7_000 + "$$",
    "$$" + "\\pm" * 10_000 + "x$$",
    "$$x=" + "1," * 20_000 + "2$$",
    "\\begin{align}\\intertext{" * 3_000,
    "\\begin{align}" + "a &= b \\\\ \\intertext{so $c=d$}" * 1_000 + "\\end{align}",
    "\\alpha " + "(" * 100_000,
    "\\alpha\n" + "[\n" * 50_000,
    "\\alpha\n" + "[\n\\beta\n]\n" * 3_000,
    "\u00cf\u0192" * 50_000,
    "$a\u202eb = c$",
    "in the triangle $AB = BC$ " * 2_000,
    "write $v$ for " * 2_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_read(text: str) -> None:
    for part in read(text).parts:
        for r in part.relations:
            for side in (r.left, r.right):
                assert (side.term is None) == (side.problem is not None)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "$",
                "$$",
                "\\(",
                "\\)",
                "\\[",
                "\\]",
                "**",
                "x",
                "`",
                "#",
                "|",
                ">",
                "%",
                "5",
                "\\begin{align}",
                "\\end{align}",
                "\\newcommand{\\f}{x}",
                "\\f",
            ]
            + ["\n\n", "\n", "(a) ", "(b) ", "a = b", " ", "= c", "```\n", "Answer (a): "]
        ),
        max_size=30,
    ).map("".join)
)
def test_any_text_is_read(text: str) -> None:
    lines = text.split("\n")
    for part in read(text).parts:
        assert 1 <= part.place.line <= len(lines)
        for r in part.relations:
            assert 1 <= r.place.line <= len(lines)
            assert r.place.column <= len(lines[r.place.line - 1]) + 1
