"""What an adversary tries on the judge: nothing true is refuted, nothing false is proved."""

from __future__ import annotations

import pytest

from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.term import HALF, ONE, ZERO, fn, law, normal, sym
from grading import check, check_text
from grading.judge.laws.randomness import Randomness, Rule

SMALL = r"\sigma^2 \ll 1"

NOT_REFUTED = [
    r"\{x, -x\} = \{|x|, -|x|\}",  # no point at which x is in one and not in the other
    r"\{x, y\} = \{\min(x, y), \max(x, y)\}",
    r"\pm x = \pm |x|",
    r"X \sim N(0, 1)",
    r"\log n = O(n)",  # as n grows
    r"t = O(t^2)",
    r"\frac{x}{x + 10^{-40}} = O(x)",
    r"5 \text{ kg} = 3 \text{ m}",
]
NOT_ACCEPTED = [
    r"5 \text{ kg} = 5 \text{ m}",
    r"n^2 = O(n)",
    r"\frac{d}{dx} |x| \Big|_{x = 0} = 0",
]


@pytest.mark.parametrize("latex", NOT_REFUTED)
def test_what_may_hold_is_not_refuted(latex: str) -> None:
    assert "refuted" not in {j.status for j in check(latex)}


@pytest.mark.parametrize("latex", NOT_ACCEPTED)
def test_what_may_fail_is_not_accepted(latex: str) -> None:
    assert not {"proved", "supported"} & {j.status for j in check(latex)}


@pytest.mark.parametrize(
    "latex",
    [
        r"\{x, 1\} = \{x, 2\}",
        r"\{x\} = \{|x|\}",
        r"\{0, x\} = \{0, x^2\}",
        r"N(0, s^2) = N(0, s^2 + 1)",
        r"\pm 2 = \pm 3",
    ],
)
def test_what_fails_is_still_refuted(latex: str) -> None:
    assert [j.status for j in check(latex)] == ["refuted"]


@pytest.mark.parametrize(
    ("latex", "status"),
    [
        (r"\sqrt{1+\sigma^2} \approx 1 + \frac{\sigma^2}{3}", "refuted"),
        (r"e^{\sigma^2} \approx 1 + 2\sigma^2", "refuted"),
        (r"\sin(\sigma^2) \approx 2\sigma^2", "refuted"),
        (r"\log(1+\sigma^2) \approx \sigma^2 + \sigma^4", "refuted"),
        (r"\frac{1}{1+\sigma^2} \approx 1 + \sigma^2", "refuted"),
        (
            r"\sigma^2 + \frac{\sigma^2}{1 - 10^{-9}\log(\sigma^2)} \approx \sigma^2",
            "undecided",
        ),  # it does vanish, slowly
        (r"\sin(\sigma^2) \approx \sigma^2", "supported"),
    ],
)
def test_an_approximation_is_refuted_by_the_order_of_its_error_only(latex: str, status: str) -> None:
    assert [j.status for j in check(latex, theory="diffusion", regime=SMALL)] == [status]


def test_equality_of_remainders_is_no_false_equation() -> None:
    assert {j.status for j in check_text("We work modulo 7. Then $2+2=11$ and $10 = 3$.")} == {"undecided"}


COIN = fn("X", ONE)
LAWS = {
    "a coin": (law("Bernoulli", HALF), False),
    "a normal one": (normal(0, 1), True),
    "a normal one that may be a number": (normal(0, sym("v")), False),
}


@pytest.mark.parametrize("name", LAWS)
def test_a_random_variable_is_any_number_only_where_its_law_allows_it(name: str) -> None:
    known, anything = LAWS[name]
    chart = Chart({"v": Domain("real", Bound(ZERO))})
    assert Randomness(chart, frozenset({"X"}), laws=(Rule(COIN, known, frozenset(), name),)).spread(COIN) is anything


@pytest.mark.parametrize("bar", [r"\Big|_{x = 1}", r"\bigg|_{x=1}", r"|_{x=1}"])
def test_a_bar_after_a_derivative_takes_the_derivative_there(bar: str) -> None:
    assert [j.status for j in check(rf"\frac{{d}}{{dx}} x^2 {bar} = 2")] == ["proved"]
    assert [j.status for j in check(rf"\frac{{d}}{{dx}} x^2 {bar} = 0")] == ["refuted"]
