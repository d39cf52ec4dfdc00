"""Search by code that is not ours ends, and what is stopped leaves nothing behind."""

from __future__ import annotations

import sys

from derive.kernel.term import ONE, exp, log, plain, sym
from derive.search.effort import bounded
from derive.search.sympy_bridge import antiderivative

X = sym("x")


def endless() -> int:
    def nothing() -> None:
        pass

    while True:
        try:
            nothing()
        except Exception:  # must not hold the work up
            continue


def test_endless_work_is_stopped() -> None:
    before = sys.getprofile()
    assert bounded(endless, 10_000) is None
    assert sys.getprofile() is before


def test_work_within_the_bound_is_done() -> None:
    assert bounded(lambda: sum(range(5)), 1_000) == 10


def test_a_search_that_is_stopped_does_not_spoil_the_next() -> None:
    assert antiderivative(X**4 * log(1 + X) / (1 + X**2), X) is None
    found = antiderivative(X * exp(X), X)
    assert found is not None and set(plain(found).split(" + ")) == {"x*exp(x)", "(-1)*exp(x)"}
    assert antiderivative(ONE / (X + 1) ** 2, X) is not None
