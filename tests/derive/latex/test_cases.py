"""What formulas read as, what they do not read as, and how they are cut into statements: cases as data."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from derive.kernel.term import Term, mul, num, plain, power, rebuild
from derive.latex.notation import Name, Notation
from derive.latex.parser import Chain, Unread, parse, parse_chain, parse_chains
from derive.latex.printer import latex

CASES = Path(__file__).parents[2] / "cases" / "reading"


def _load(name: str) -> dict[str, Any]:
    with (CASES / name).open("rb") as file:
        return tomllib.load(file)


FORMULAS = _load("formulas.toml")
STANDARD = Notation.standard()
SUBJECT = STANDARD.declare(Name(**n) for n in FORMULAS["names"])
READ = [(source, text, STANDARD) for source, text in FORMULAS["standard"]]
READ += [(source, text, SUBJECT) for source, text in FORMULAS["subject"]]


@pytest.mark.parametrize(("source", "text", "notation"), READ, ids=[r[0] for r in READ])
def test_reads(source: str, text: str, notation: Notation) -> None:
    assert plain(parse(source, notation)) == text


@pytest.mark.parametrize(("source", "text", "notation"), READ, ids=[r[0] for r in READ])
def test_written_formula_reads_back(source: str, text: str, notation: Notation) -> None:
    term = parse(source, notation)
    assert parse(latex(term, notation), notation) == _one_fraction(term)


def _one_fraction(term: Term) -> Term:
    """The documented difference between what is written and what was read: a b^-1 c^-1 becomes a (b c)^-1."""
    if term.op != "mul":
        return rebuild(term, _one_fraction)
    out: list[Term] = []
    below: list[Term] = []
    for factor in [_one_fraction(c) for c in term.children]:
        if factor.op == "pow" and factor.children[1] == num(-1):
            below.append(factor.children[0])
            continue
        out += [power(mul(*below), num(-1))] if below else []
        below = []
        out.append(factor)
    out += [power(mul(*below), num(-1))] if below else []
    return mul(*out)


def test_enough_cases() -> None:
    assert len(READ) >= 150


@pytest.mark.parametrize(("source", "reason", "offset"), _load("unread.toml")["cases"])
def test_unread_with_reason_and_place(source: str, reason: str, offset: int) -> None:
    with pytest.raises(Unread) as caught:
        parse(source)
    assert reason in caught.value.message
    assert caught.value.offset == offset
    assert 0 <= offset <= len(source)
    if caught.value.token:
        assert source[offset:].startswith(caught.value.token)


def _render(chain: Chain) -> str:
    parts = [chain.leading] if chain.leading else []
    for n, side in enumerate(chain.sides):
        parts.append("?" if side.term is None else plain(side.term))
        parts += chain.kinds[n : n + 1]
    text = " ".join(parts)
    if chain.boxed:
        text = f"[box] {text}"
    return f"({chain.intro}) {text}" if chain.intro else text


@pytest.mark.parametrize(("source", "chains"), _load("chains.toml")["cases"])
def test_statements(source: str, chains: list[str]) -> None:
    assert [_render(c) for c in parse_chains(source)] == chains


@pytest.mark.parametrize("source", [c[0] for c in _load("chains.toml")["cases"]])
def test_sides_lie_where_they_say(source: str) -> None:
    for chain in parse_chains(source):
        for side in chain.sides:
            assert source[side.offset :].startswith(side.latex)
            assert (side.term is None) == (side.problem is not None)


@pytest.mark.parametrize(
    "source", [r"{\max}(a, b) = c", r"2{\text{lcm}}[a, b] = c", r"{\operatorname{arg\,max}}_x f = c"]
)
def test_braces_around_an_operator_belong_to_it(source: str) -> None:
    left = parse_chain(source).sides[0]
    assert left.latex == source.partition(" =")[0]


def test_one_statement_is_asked_for() -> None:
    assert parse_chain("a = b").kinds == ("=",)
    with pytest.raises(Unread, match="2 statements"):
        parse_chain("a = b, c = d")


def test_variable_of_a_bare_bracket_comes_from_the_integral_before() -> None:
    chain = parse_chain(r"\int_0^1 a u \, du = \left[\frac{a u^2}{2}\right]_0^1")
    right = chain.sides[1].term
    assert right is not None and plain(right).startswith("at(a*u^2*2^(-1), u, 1)")
    assert parse(r"\left[a u\right]_0^1", variables=("u",)) == parse(r"\left[a u\right]_{u=0}^{u=1}")
    with pytest.raises(Unread, match="not certain"):
        parse(r"\left[a u\right]_0^1")


def test_declarations_decide() -> None:
    assert plain(parse("T(x)")) == "T*x"
    assert plain(parse("T(x)", STANDARD.declare([Name("T", "function")]))) == "T(x)"
    assert plain(parse(r"\sigma(u)")) == "\\sigma*u"
    assert plain(parse(r"\Delta t", STANDARD.declare([Name(r"\Delta", "scalar")]))) == "\\Delta t"
    assert plain(parse(r"\mu\nu", STANDARD.declare([Name(r"\mu\nu", "scalar")]))) == "\\mu\\nu"
    with pytest.raises(ValueError, match="no name"):
        STANDARD.declare([Name("a+b", "scalar")])
    with pytest.raises(ValueError, match="not declared"):
        STANDARD.declare([Name("a", "alias", "b")])


def test_a_family_under_another_name() -> None:
    notation = STANDARD.declare([Name("X", "family"), Name("Y", "alias", "X")])
    assert parse("Y_t", notation) == parse("X_t", notation)
