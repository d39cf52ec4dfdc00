"""What is defined at every admissible point, and what is analytic where it moves."""

from __future__ import annotations

import pytest

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.rules.scope import regular
from derive.kernel.term import ONE, ZERO, Term, bind, log, num, sqrt, sym

U, X, B, N, W = map(sym, ("u", "x", "b", "n", "w"))
CHART = Chart(
    {
        "u": Domain("real", Bound(ZERO)),
        "x": Domain(),
        "b": Domain("real", Bound(ZERO, True)),
        "n": Domain("integer", Bound(ONE)),
    }
)

DEFINED: list[Term] = [sqrt(U), U ** num(3, 2), sqrt(X**2), sqrt(U) + sqrt(U + 1), sqrt(U - U), U**N, 1 / (1 + sqrt(U))]
UNDEFINED: list[Term] = [
    sqrt(X),
    sqrt(X**3),
    sqrt(U - 1),
    1 / sqrt(U),
    U ** num(-1, 2),
    log(sqrt(U)),
    log(U**N),
    1 / U**N,
    U**B,
    X**B,
    U ** (N - 1),
    sqrt(U) / sqrt(U),
]


@pytest.mark.parametrize("term", DEFINED, ids=repr)
def test_defined(term: Term) -> None:
    assert regular(term, CHART)


@pytest.mark.parametrize("term", UNDEFINED, ids=repr)
def test_not_shown_to_be_defined(term: Term) -> None:
    assert not regular(term, CHART)


@pytest.mark.parametrize("term", [sqrt(U), sqrt(U**2), U ** num(3, 2), sqrt(U + X**2)], ids=repr)
def test_roots_are_not_analytic_where_what_is_under_them_may_vanish(term: Term) -> None:
    assert not regular(term, CHART, frozenset({"u"}))
    assert regular(sqrt(1 + U), CHART, frozenset({"u"}))


def test_a_root_of_what_does_not_move_stays() -> None:
    assert regular(sqrt(U) * B, CHART, frozenset({"b"}))


REFUSED = {
    "derivative at 0": lambda: rules.gradient(sqrt(X**2), "x", [], CHART),
    "root as a limit": lambda: rules.limit_of_form(sqrt(U), sqrt(sym("h")), CHART, symbol="u", step="h", point=ZERO),
    "antiderivative that is not analytic at an end": lambda: rules.antiderivative(
        bind("int", num(3, 2) * sqrt(W), W, 0, 1), W ** num(3, 2), CHART
    ),
    "power of what may be 0": lambda: rules.less(ZERO, U**N, CHART),
    "square of what may be 0, to a power": lambda: rules.less(ZERO, (X**2) ** N, CHART),
    "cancelled where it may be 0": lambda: rules.equal(sqrt(U) / sqrt(U), ONE, CHART),
}


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_is_concluded_where_a_power_vanishes(name: str) -> None:
    with pytest.raises(Refused):
        REFUSED[name]()


def test_the_square_of_a_root_is_what_is_under_it() -> None:
    assert rules.equal(sqrt(U) ** 2, U, CHART).right == U


def test_an_empty_product_is_defined_whatever_its_terms() -> None:
    """1 ≤ k ≤ 0 admits no k, so that nothing is asked of √(k - 1); from 1 to n it is asked of every k."""
    k = sym("k")
    assert regular(bind("prod", sqrt(k - 3), k, 1, 0), CHART)
    assert not regular(bind("prod", sqrt(k - 3), k, 1, N), CHART)
    assert not regular(bind("prod", sqrt(k - 3), k, 1, -N), CHART)  # shorter than empty
