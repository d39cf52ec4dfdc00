"""Charts: definitions that go round in circles, the one set of labels, and times on a grid."""

from __future__ import annotations

import pytest

from derive.chain import Chain
from derive.errors import CircularDefinitions, Refused
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.equality import decide
from derive.kernel.fact import Claim, Fact
from derive.kernel.positivity import nonnegative
from derive.kernel.term import ONE, ZERO, Term, bind, fn, normal, num, sym

X, Y, T, M, K, TIME, DT = map(sym, ("x", "y", "T", "m", "k", "t", r"\Delta t"))
CIRCLE = Chart({"x": Domain(), "y": Domain()}, definitions={"x": Y + 1, "y": X - 1})
CALLS = Chart({"x": Domain()}, {"f": Function(("s",), fn("g", sym("s"))), "g": Function(("s",), fn("f", sym("s")))})


@pytest.mark.parametrize(("term", "chart"), [(X, CIRCLE), (X + Y, CIRCLE), (fn("f", X), CALLS)], ids=repr)
def test_definitions_in_a_circle_are_an_error_with_their_names(term: Term, chart: Chart) -> None:
    with pytest.raises(CircularDefinitions, match=r"^The definitions? of '.' .*circle.*\.$"):
        chart.expand(term)


def test_no_rule_lets_a_circle_through() -> None:
    assert decide(X, Y + 2, CIRCLE).verdict is None
    assert not nonnegative(X, CIRCLE)
    with pytest.raises(Refused, match="circle"):
        rules.equal(X, Y + 2, CIRCLE)
    with pytest.raises(Refused, match="circle"):
        Chain(CIRCLE).step(rules.instantiate, rules.given(Claim("=", X, X, CIRCLE)), {}, CIRCLE)


# -- the one set of labels -----------------------------------------------------------------------------------
LABEL = Domain("label")
SETS = Chart({"A": LABEL, "B": LABEL, "m": LABEL}, {"p": Function(("i",), None, "probability"), "f": Function(("i",))})


def total(body: Term, over: str) -> Term:
    return bind("sumset", body, Y, sym(over))


def test_what_adds_up_to_1_does_so_over_the_set() -> None:
    assert decide(total(fn("p", Y), "A"), ONE, SETS).verdict is True
    assert decide(total(fn("p", sym("z")), "A"), ONE, SETS).verdict is not True


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (total(fn("p", Y), "A"), total(fn("p", Y), "B")),
        (total(fn("f", Y), "A"), total(fn("f", Y), "B")),
        (total(fn("p", Y), "A") + total(fn("f", Y), "B"), 1 + total(fn("f", Y), "B")),
        (total(ONE, "A"), total(ONE, "B")),
    ],
    ids=repr,
)
def test_nothing_is_decided_between_two_sets(left: Term, right: Term) -> None:
    """Who writes two sets may mean two, of which the chart does not say how they lie to each other."""
    assert decide(left, right, SETS).verdict is None


def test_one_sum_cannot_be_read_as_another() -> None:
    one = rules.equal(total(fn("p", Y), "A"), ONE, SETS)
    with pytest.raises(Refused):
        rules.restate(one, left=total(fn("p", Y), "B"))


# -- times on a grid -----------------------------------------------------------------------------------------
GRID = Chart(
    {"T": Domain("integer", Bound(ONE)), "m": Domain("integer", Bound(ONE), Bound(T))},
    definitions={DT.name: 1 / T, TIME.name: M * DT},
)
ANY_TIME = Chart(
    {"T": Domain("integer", Bound(ONE)), "t": Domain("real", Bound(ZERO), Bound(ONE))}, definitions={DT.name: 1 / T}
)
COUNTED = Chart(
    {"T": Domain("integer", Bound(ONE)), "k": Domain("integer", Bound(ZERO), Bound(T))}, definitions={DT.name: 1 / T}
)


def on_the_grid() -> Fact:
    """X_t ∼ N(0, t) where t is a multiple of the step."""
    return rules.given(Claim("∼", fn("X", TIME), normal(ZERO, TIME), GRID), ["T"])


OFF: dict[str, tuple[dict[str, Term], Chart]] = {
    "any time": ({}, ANY_TIME),
    "a value of the time": ({"t": num(1, 3)}, GRID),
    "half a step": ({"m": num(1, 2)}, GRID),
    "half way": ({"m": T / 2}, GRID),
    "past the end": ({"m": T + 1}, GRID),
    "before the start": ({"m": ZERO}, GRID),
    "another count": ({"m": K}, COUNTED),
}


@pytest.mark.parametrize("name", OFF)
def test_what_is_known_on_the_grid_is_not_known_between(name: str) -> None:
    values, chart = OFF[name]
    with pytest.raises(Refused):
        rules.instantiate(on_the_grid(), values, chart)


def test_what_is_known_on_the_grid_is_known_at_its_times() -> None:
    last = rules.instantiate(on_the_grid(), {"m": T}, Chart({"T": GRID.domains["T"]}, definitions={DT.name: 1 / T}))
    assert decide(last.right, normal(ZERO, ONE), last.chart).verdict is True
