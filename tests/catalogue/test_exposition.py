"""Derivations are told as a mathematician writes them: names, declarations, merged steps."""

from __future__ import annotations

import re

import pytest

from derive import catalogue
from derive.chain import Chain
from derive.exposition import Told, tell, tidied
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Condition, Domain, Function
from derive.kernel.equality import decide
from derive.kernel.fact import Claim, Limit
from derive.kernel.rules.scope import arithmetic
from derive.kernel.term import INFINITY, ONE, ZERO, Term, bind, exp, fn, gibbs, log, logistic, normal, num, sym
from derive.latex.printer import latex
from derive.verify import show

X, Y, T, U, SET = map(sym, ("x", "y", "T", "u", r"\mathcal Y"))
LABEL = Domain("label")


def told(name: str) -> Told:
    return tell(catalogue.load(name).prove())


@pytest.mark.parametrize("name", catalogue.ids())
def test_no_name_of_the_program_is_printed(name: str) -> None:
    shown = show(name)
    text = "\n".join((*shown.symbols, *shown.assumptions, *(s.latex for s in shown.steps)))
    assert r"\operatorname{logistic}" not in text or r"\sigma" in text
    assert not re.search(r"\\text\{(fun|Gibbs|draw|given)\}|\(\)", text)
    assert not re.search(r"\\pi[^ =()]*\([^()|]*, ", text)  # π(y | x), not π(y, x)
    assert ":math:" not in shown.statement


def test_policies_are_conditional_and_functions_of_labels_take_brackets() -> None:
    results = dict(told("preference/reward_from_policy").results)
    reward = r"r(x, y) = \beta \log \frac{\pi^*(y \mid x)}{\pi_{\text{ref}}(y \mid x)} + \beta \log Z(x)"
    assert results["reward"] == reward


def test_declarations_are_told_with_what_is_known_of_them() -> None:
    chart = Chart(
        {
            "T": Domain("integer", Bound(ONE)),
            "x": LABEL,
            SET.name: LABEL,
            "v": Domain("real", Bound(ZERO, True), Bound(ONE)),
        },
        {
            r"\pi": Function(("y_0", "x_0"), None, "probability"),
            "w": Function(("i",), None, "positive"),
            "unused": Function(("i",)),
            "b": Function(("x_0",)),
            "L": Function((), None, "positive"),
        },
        {r"\Delta t": 1 / T},
        (Condition("<=", fn("w", T), num(2)),),
    )
    body = fn(r"\pi", Y, X) * fn("b", X) * fn("w", T) * fn("L")
    c = Chain(chart)
    c.result("sum", c.because("itself", rules.equal, bind("sumset", body, Y, SET), bind("sumset", body, Y, SET), chart))
    assert set(tell(c).symbols) == {
        r"\Delta t := \frac{1}{T}",
        r"T \ge 1\text{ an integer}",
        r"x\text{ a member of a finite set}",
        r"\mathcal Y\text{ a finite set}",
        r"0 < v \le 1",
        r"\pi(y \mid x) > 0 \text{ with sum } 1 \text{ over } y",
        "w_i > 0",
        r"b(x) \in \mathbb R",
        "L > 0",
        r"w_T \le 2",
    }


def test_a_step_that_only_tidies_up_is_told_with_the_one_before() -> None:
    chart = Chart({"x": Domain()})
    c = Chain(chart)
    first = c.because("a square", rules.equal, (X + 1) ** 2, X**2 + 2 * X + 1, chart)
    plainer = c.because("rearranged", rules.restate, first, right=1 + X * (X + 2))
    turned = c.because("turned round", rules.symmetric, plainer)
    c.result("twice", c.because("both ways", rules.transitive, plainer, turned))
    steps = tell(c).steps
    assert [(s.number, s.rule, s.reason, s.uses) for s in steps] == [
        (1, "equal", "a square", ()),
        (2, "transitive", "both ways", (1,)),
    ]
    assert steps[0].latex == "(x + 1)^2 = 1 + x (x + 2)"
    assert steps[1].result == "twice"


def test_what_is_used_twice_or_is_a_result_is_told_by_itself() -> None:
    chart = Chart({"x": Domain()})
    c = Chain(chart)
    first = c.because("a square", rules.equal, (X + 1) ** 2, X**2 + 2 * X + 1, chart)
    c.result("first", first)
    c.result("second", c.because("rearranged", rules.restate, first, right=1 + X * (X + 2)))
    assert [(s.rule, s.result) for s in tell(c).steps] == [("equal", "first"), ("restate", "second")]


def test_limits_and_approximations_say_in_what_sense() -> None:
    chart = Chart({"T": Domain("integer", Bound(ONE)), "x": Domain("real", Bound(ZERO, True))})
    c = Chain(chart)
    variable = fn("A", 1)
    c.result("law", c.given(Claim("→", variable, normal(0, 1), chart, Limit("T", INFINITY))))
    c.result("close", c.given(Claim("≈", X + 1, ONE, chart, bound=X)))
    assert [text for _, text in tell(c).results] == [
        r"A_1 \to \mathcal{N}(0, 1) \quad (T \to \infty\text{ in law})",
        r"x + 1 \approx 1 \quad (\text{relative error at most } x)",
    ]


def test_terms_that_the_printer_writes_in_words_of_the_subject() -> None:
    assert latex(gibbs(U**2 + X, U)) == r"p(u) \propto e^{-(u^2 + x)}"
    assert latex(bind("fun", U**2, U)) == r"u \mapsto u^2"
    assert latex(fn(r"\pi_\theta", Y, X)) == r"\pi_\theta(y \mid x)"
    assert latex(log(fn("Z", X)) + 1, heads={"Z": "Z"}) == r"\log Z(x) + 1"
    assert latex(log(exp(X))) == r"\log(\exp(x))"
    assert latex(logistic(X), heads={"logistic": r"\sigma"}) == r"\sigma(x)"
    assert latex(fn("L")) == "L"


@pytest.mark.parametrize("name", catalogue.ids())
def test_tidied_results_say_the_same(name: str) -> None:
    for fact in catalogue.load(name).prove().results.values():
        for term in fact.claim.terms:
            if term != tidied(term) and arithmetic(term, fact.chart):
                assert decide(term, tidied(term), fact.chart).verdict is True


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (1 * X + 0, "x"),
        (2 * (X * 3), "6 x"),
        (0 * X + Y, "y"),
        (X + 1 + 1, "x + 2"),
        (1 - X, "1 - x"),
        (X / U / 2, r"\frac{x}{2 u}"),
        (X / 2, r"\frac{x}{2}"),
        (num(1, 2) * X, r"\frac{1}{2} x"),
        (num(-1, 2) * X / U, r"-\frac{x}{2 u}"),
        (X * num(3, 4) / (U * 2), r"\frac{3 x}{4 \cdot 2 u}"),
        (X**1, "x"),
        (num(1) * 1, "1"),
    ],
    ids=repr,
)
def test_numerals_are_taken_together(term: Term, text: str) -> None:
    assert latex(tidied(term)) == text
