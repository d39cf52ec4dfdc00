"""Laws: what is written reads back with the same value; no input breaks the reader."""

from __future__ import annotations

import zlib
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive.kernel.term import Term, add, bind, div, fn, log, mul, neg, normal, num, power, sqrt, sym, var
from derive.latex.parser import Unread, parse, parse_chains
from derive.latex.printer import latex

LETTERS = ["a", "b", "n", "x", "\\alpha", "\\beta", "\\Delta t", "\\hat y", "w_{\\text{new}}", "\\mathfrak x", "z'"]


def _terms() -> st.SearchStrategy[Term]:
    numbers = st.fractions(min_value=-9, max_value=9, max_denominator=7).map(num)
    leaves = st.one_of(numbers, st.sampled_from(LETTERS).map(sym), st.just(Term("const", ("pi",))))

    def grow(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
        small = st.integers(-3, 4).map(num)
        return st.one_of(
            st.builds(add, inner, inner),
            st.builds(lambda a, b: add(a, neg(b)), inner, inner),
            st.builds(mul, inner, inner),
            st.builds(lambda a, b, c: mul(a, b, c), inner, inner, inner),
            st.builds(neg, inner),
            st.builds(div, inner, inner),
            st.builds(power, inner, small),
            st.builds(sqrt, inner),
            st.builds(log, inner),
            st.builds(lambda a: fn("exp", a), inner),
            st.builds(lambda a: fn("abs", a), inner),
            st.builds(lambda a: fn("X", a), inner),
            st.builds(lambda a, b: fn("Q", a, b), inner, inner),
            st.builds(var, inner),
            st.builds(normal, inner, inner),
            st.builds(lambda a: bind("sum", a, sym("k"), 1, 3), inner),
            st.builds(lambda a: bind("prod", mul(a, sym("k")), sym("k"), 1, 3), inner),
            st.builds(lambda a: bind("int", a, sym("u"), 0, 1), inner),
            st.builds(lambda a: bind("lim", a, sym("v"), 0), inner),
            st.builds(lambda a: bind("at", a, sym("x"), 2), inner),
        )

    return st.recursive(leaves, grow, max_leaves=12)


class _Undefined(Exception):
    pass


def _pick(*what: object) -> Fraction:
    return Fraction(zlib.crc32(repr(what).encode()) % 9973 + 1, 97)


def _value(node: Term, at: dict[str, Fraction]) -> Fraction:
    """The value at a point; what is no arithmetic stands for a number that its arguments decide."""
    if node.op == "num":
        return node.value
    if node.op == "sym":
        return at.get(node.name, _pick("sym", node.name))
    if node.op == "const":
        return _pick("const", node.name)
    if node.op in ("sum", "prod", "int", "lim", "at"):
        body, variable, *rest = node.children
        values = [_value(body, {**at, variable.name: Fraction(n)}) for n in (1, 2, 3)]
        if node.op == "sum":
            return sum(values, Fraction(0))
        if node.op == "prod":
            return values[0] * values[1] * values[2]
        return _pick(node.op, variable.name, values, [_value(r, at) for r in rest])
    values = [_value(c, at) for c in node.children]
    if node.op == "add":
        return sum(values, Fraction(0))
    if node.op == "mul":
        product = Fraction(1)
        for v in values:
            product *= v
        return product
    if node.op == "pow":
        base, exponent = values
        if exponent.denominator != 1:
            return _pick("pow", base, exponent)
        if base == 0 and exponent < 0 or abs(exponent) > 50:
            raise _Undefined
        return base ** int(exponent)
    return _pick(node.op, node.args[0], values)


@settings(max_examples=300, deadline=None)
@given(_terms())
def test_written_terms_read_back_with_their_value(term: Term) -> None:
    read = parse(latex(parse(latex(term))))
    assert parse(latex(read)) == read
    try:
        expected = _value(term, {})
    except _Undefined:
        assume(False)
    else:
        assert _value(read, {}) == expected, latex(term)


PIECES = [
    *[
        "\\frac",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "\\left(",
        "\\right)",
        "^",
        "_",
        "x",
        "12",
        "+",
        "-",
        "=",
        "\\sum",
        "\\int",
        "dx",
        "|",
        "\\|",
        "\\log",
        "\\sqrt",
        "&",
        "\\\\",
        ",",
        "'",
        "*",
        "/",
        "!",
        ".",
        "~",
        "$",
        "%",
        "é",
        "²",
    ],
    *[
        "\\mathcal",
        "\\hat",
        "\\begin{aligned}",
        "\\end{aligned}",
        "\\boxed",
        "\\to",
        "\\mid",
        "\\quad",
        "\\left.",
        "\\right|",
        "\\nabla",
        "\\max",
    ],
    *["\\mathbb{E}", "\\overset", "\\xrightarrow", "\\partial", "\\underbrace", "\\", "\x00"],
    *["\\pm", "\\cup", "\\pmod", "\\bmod", ":", "\\angle", "\\triangle", "\\underset", "\\vec", "\\perp", "\\parallel"],
    *["\\begin{pmatrix}", "\\end{pmatrix}", "\\begin{cases}", "\\end{cases}", "\\langle", "\\rangle", "\\{", "\\}"],
    *["_{i=1}", "\\prod", "\\lim_{x\\to 0^+}", "\\dots", "201_3", "\\mathbf a", "0.\\overline{3}", "&&", "\\arg"],
    "\\text{a b}",
    "\\Delta t",
]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_marks_are_read_or_refused(source: str) -> None:
    for chain in parse_chains(source):
        for side in chain.sides:
            assert (side.term is None) == (side.problem is not None)
            assert 0 <= side.offset <= len(source)
    try:
        parse(source)
    except Unread as error:
        assert error.message.endswith(".")
        assert 0 <= error.offset <= len(source)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(source: str) -> None:
    for chain in parse_chains(source):
        assert all((s.term is None) == (s.problem is not None) for s in chain.sides)


HOSTILE = {
    "brackets": "(" * 10_000 + "x" + ")" * 10_000,
    "half brackets": "(" * 10_000,
    "braces": "{" * 10_000 + "x" + "}" * 10_000,
    "roots": "\\sqrt" * 10_000 + "x",
    "logs": "\\log" * 10_000 + " x",
    "sums": "\\sum_k" * 8_000 + " x",
    "fractions": "\\frac{1}{" * 150 + "x" + "}" * 150,
    "powers": "x^{" * 150 + "x" + "}" * 150,
    "long sum": "+".join(["x"] * 20_000),
    "long": "x" * 1_000_000,
    "digits": "9" * 40_000,
    "signs": "-" * 40_000 + "x",
    "primes": "x" + "'" * 40_000,
    "bars": "|" * 40_000,
    "commas": "," * 40_000,
    "relations": "=" * 40_000,
    "rows": "a \\\\ &= " * 5_000,
    "scripts": "x_1^2" * 8_000,
    "null": "x\x00y",
}


def test_hostile_formulas_end() -> None:
    for source in HOSTILE.values():
        for chain in parse_chains(source):
            for side in chain.sides:
                assert side.term is not None or side.problem
        try:
            parse(source)
        except Unread as error:
            assert error.message
