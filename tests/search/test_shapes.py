"""Rewriting by shape keeps values: quotients, powers of a small quantity, folding, certificates."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from derive.kernel.chart import Chart
from derive.kernel.equality import decide
from derive.kernel.term import ONE, ZERO, Term, bind, exp, log, num, power, sym
from derive.search.folding import folded
from derive.search.laurent import NoExpansion, in_powers, rendered
from derive.search.primitives import primitive
from derive.search.quotients import factors, product, together
from derive.search.telescoping import falling_primitive, telescoped_product
from derive.theory import theory

D = theory("diffusion")
X, Y, H, N, K = map(sym, "xyhnk")
OPEN = Chart(closed=False)

leaves = st.sampled_from([X, Y, num(2), num(3, 2), ONE, X + Y + 1])
positive_terms = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: p[0] + p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] * p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] / p[1]),
        st.tuples(inner, st.sampled_from([-2, -1, 2])).map(lambda p: power(p[0], p[1])),
    ),
    max_leaves=7,
)


@settings(max_examples=80, deadline=None)
@given(positive_terms)
def test_factors_multiply_to_the_term(term: Term) -> None:
    assert decide(product(factors(term)), term, OPEN).verdict is not False


@settings(max_examples=80, deadline=None)
@given(st.lists(positive_terms, min_size=2, max_size=3))
def test_numerator_over_denominator_is_the_sum(parts: list[Term]) -> None:
    whole = parts[0] + sum(parts[2:], parts[1])
    top, bottom = together(whole)
    assert decide(top / bottom, whole, OPEN).verdict is not False


@settings(max_examples=80, deadline=None)
@given(positive_terms)
def test_folding_keeps_the_value(term: Term) -> None:
    for padded in (term * 1 + 0, ONE * term**1, term + (X - X) * 0, 2 * term * num(1, 2)):
        assert decide(folded(padded), term, OPEN).verdict is not False


@settings(max_examples=80, deadline=None)
@given(positive_terms)
def test_powers_of_the_small_quantity_keep_the_value(term: Term) -> None:
    try:
        small = rendered(in_powers(term, H, {"y": {-1: ONE}}), H)
    except NoExpansion:
        reject()
    assert decide(small, Chart(definitions={"y": 1 / H}, closed=False).expand(term), OPEN).verdict is not False


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (N * H**2, H),
        ((N + 1) / N, 1 + H),
        (1 / (X + K / N), 1 / (X + Y)),
        (K**2 / N**3, Y**2 * H),
    ],
)
def test_the_small_quantity_cancels(term: Term, expected: Term) -> None:
    found = rendered(in_powers(term, H, {"n": {-1: ONE}, "k": {-1: Y}}), H)
    assert decide(found, expected, OPEN).verdict is True


@pytest.mark.parametrize("term", [N, 1 + N, exp(N), K, log(N * X + 1), bind("sum", N, K, 1, 3)])
def test_what_grows_has_no_expansion(term: Term) -> None:
    with pytest.raises(NoExpansion):
        rendered(in_powers(term, H, {"n": {-1: ONE}, "k": {-1: Y}}), H)


@pytest.mark.parametrize(
    "body", [1 / (X + Y) ** 2, 3 * X**2 + Y, exp(2 * X) / Y, 1 / (2 * (Y + X)), (Y + 3 * X) ** num(5, 2)]
)
def test_primitives_have_the_right_increments(body: Term, value: Callable[..., mpmath.mpf]) -> None:
    found = primitive(body, X, OPEN)
    assert found is not None
    point = {"y": mpmath.mpf("1.3")}
    area = mpmath.quad(lambda x: value(body, {**point, "x": x}), [0.5, 2])
    rise = value(found, {**point, "x": 2}) - value(found, {**point, "x": 0.5})
    assert mpmath.almosteq(area, rise, rel_eps=1e-10)


def test_no_pattern_no_primitive() -> None:
    assert primitive(exp(X**2), X, OPEN) is None
    assert primitive(X * exp(X), X, OPEN) is None


def test_a_certificate_is_found_by_shifts_and_checked_by_the_kernel() -> None:
    chart, s2, dt = D.chart, D["sigma"] ** 2, D["dt"]
    series = bind("prod", (s2 + (K - 1) * dt) / (s2 + K * dt), K, 1, D["T"])
    f = falling_primitive(series, chart)
    assert f is not None
    assert decide(f, s2 + (K - 1) * dt, chart.extend(domains={"k": chart.domains["T"]})).verdict is True
    fact = telescoped_product(series, chart)
    assert fact is not None
    assert fact.record.rule == "telescope"


def test_a_product_with_a_zero_is_not_telescoped_past_it() -> None:
    series = bind("prod", (K - 1) / K, K, 1, D["T"])
    assert telescoped_product(series, D.chart) is None
    assert decide(series, ZERO, D.chart).verdict is not False
