"""Relations, texts and pairs of formulas judged without an assignment."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.errors import DeriveError
from grading import check, check_text, compare

CHECKS = [
    # formula, theory, status of its last relation
    (r"(a+b)^2 = a^2 + 2ab + b^2", None, "proved"),
    (r"(a+b)^2 = a^2 + b^2", None, "refuted"),
    (r"\sqrt{x^2} = x", None, "refuted"),
    (r"\frac{\sigma^2}{\sigma^2+1} \approx \sigma^2", "diffusion", "proved"),
    (r"\frac{\sigma^2}{\sigma^2+1} \approx 2\sigma^2", "diffusion", "refuted"),
    (r"\frac{\sigma^2}{\sigma^2+1} = \sigma^2", "diffusion", "leading-order"),
    (r"\frac{\sigma^2}{\sigma^2+t} \approx 1", "diffusion", "refuted"),
    (r"T\Delta t = 1", "diffusion", "proved"),
    (r"X_t \sim \mathcal N(0,\sigma^2+t)", "diffusion", "proved"),
    (r"X_t \sim \mathcal N(0,\sigma^2+2t)", "diffusion", "refuted"),
    (r"X_t \sim \mathcal N(t,\sigma^2+t)", "diffusion", "refuted"),
    (r"\operatorname{Var}(X_{t-\Delta t}|X_t) \approx \Delta t", "diffusion", "proved"),
    (r"\operatorname{Var}(X_{t-\Delta t}|X_t) = \Delta t", "diffusion", "leading-order"),
    (r"\operatorname{Var}(X_{t-\Delta t}|X_t) \approx 2\Delta t", "diffusion", "refuted"),
    (r"\Delta t \ll \sigma^4", "diffusion", "condition"),
    (r"X_{t} = X_{t-\Delta t}", "diffusion", "refuted"),
    (r"q = \sigma", "diffusion", "definition"),
    (r"\sigma = q", "diffusion", "undecided"),
    (r"r(x,y) = \beta\log\frac{\pi^*(y|x)}{\pi_{\text{ref}}(y|x)} + \beta\log Z(x)", "preference", "proved"),
    (r"r(x,y) = \beta\log\frac{\pi^*(y|x)}{\pi_{\text{ref}}(y|x)} + \log Z(x)", "preference", "refuted"),
    (r"\sigma(u) = \frac{1}{1+e^{-u}}", None, "definition"),
    (r"\frac{1}{", None, "unread"),
]


@pytest.mark.parametrize(("latex", "theory", "status"), CHECKS)
def test_status(latex, theory, status):
    judged = check(latex, theory=theory)
    assert judged[-1].status == status, judged[-1].why


@pytest.mark.parametrize("latex", ["", "   ", "x", r"\sigma^2"])
def test_no_relation_is_said_in_a_sentence(latex):
    with pytest.raises(DeriveError, match=r"\.$"):
        check(latex)


def test_places_count_from_the_formula():
    first, second = check("1 + 1 = 2 = 3")
    assert (first.line, first.column, second.status) == (1, 1, "refuted")


def test_approximations_need_a_regime():
    assert check(r"a + b \approx a")[0].status == "undecided"
    assert check(r"a \approx a")[0].status in ("undecided", "proved")


COMPARISONS = [
    (r"\frac{\sigma^2}{\sigma^2+1}", r"1-\frac{1}{1+\sigma^2}", "diffusion", True),
    (r"\mathcal N(0,\sigma^2+1)", r"X_1\sim\mathcal N(0,1+\sigma^2)", "diffusion", True),
    (r"\mathcal N(0,\sigma^2+1)", r"\mathcal N(0,1)", "diffusion", False),
    (r"\mathcal N(0,\sigma^2+1)", r"\mathcal N(1,\sigma^2+1)", "diffusion", False),
    ("x=3", "3", None, True),
    ("x=3", "y=3", None, False),
    ("1/3", r"\frac13", None, True),
    (r"\frac{1}{50257^{2048}}", r"\frac{1}{50257^{2047}}", None, False),
    ("2", "1+1=3-1=2", None, True),
    ("2", "1+2=2", None, False),
    ("x", "@@{", None, None),
    ("", "", None, None),
    ("T", "t", None, False),
]


@pytest.mark.parametrize(("gold", "answer", "theory", "equal"), COMPARISONS)
def test_compare(gold, answer, theory, equal):
    found = compare(gold, answer, theory=theory)
    assert found.equal is equal, found.why


@pytest.mark.parametrize(("gold", "answer", "theory", "equal"), [c for c in COMPARISONS if c[3] is True])
def test_compare_is_symmetric_in_what_it_proves(gold, answer, theory, equal):
    assert compare(answer, gold, theory=theory).equal is True


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40), st.text(alphabet=r"\{}()[]$^_&=+-*/|,.frac sum x1π∑", max_size=40))
def test_compare_never_raises_on_a_string(gold, answer):
    assert compare(gold, answer).equal in (True, False, None)


def test_an_open_text_distinguishes_conditions_from_false_links():
    statuses = [j.status for j in check_text("We solve $2x+3=7$, so $x = 2$. Then $4 = 2+2 = 5$.")]
    assert statuses == ["condition", "follows", "proved", "refuted"]


def test_definitions_hold_from_where_they_stand():
    text = "Let $s = \\sigma^2$. Then $$(s+1)^2 = \\sigma^4 + 2\\sigma^2 + 1 = s^2 + 1.$$"
    assert [j.status for j in check_text(text)] == ["definition", "proved", "refuted"]


def test_a_definition_from_outside_is_used():
    assert check("u = 2v", define=["u = v + v"])[0].status == "proved"
    assert check(r"T \Delta t = 1", theory="diffusion", define=[r"T\Delta t = 1"])[0].status == "proved"
