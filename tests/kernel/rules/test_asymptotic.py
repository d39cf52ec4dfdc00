"""Smallness in a regime: the bound dominates, and every broken certificate is rejected."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain, Regime
from derive.kernel.evaluate import Instance, enclose
from derive.kernel.rules.asymptotic import Cover, NotRational, bound, order_along, quotient, ratios
from derive.kernel.term import ONE, ZERO, Term, exp, sym
from derive.search.regime import close

SIGMA, T, TIME, STEP = map(sym, (r"\sigma", "T", "t", r"\Delta t"))
CHART = Chart(
    domains={
        r"\sigma": Domain(lower=Bound(ZERO, strict=True)),
        "T": Domain("integer", lower=Bound(ONE)),
        "t": Domain(lower=Bound(STEP), upper=Bound(ONE)),
    },
    definitions={r"\Delta t": 1 / T},
)
REGIME = Regime(orders=((STEP, SIGMA**2), (SIGMA**2, ONE)))
VARIANCE = (SIGMA**2 + TIME - STEP) * STEP / (SIGMA**2 + TIME)

SMALL: dict[str, Term] = {
    "conditional variance against the step": (VARIANCE - STEP) / STEP,
    "the step against the conditional variance": (STEP - VARIANCE) / VARIANCE,
    "noise added back against the data": -(SIGMA**4) / (1 + SIGMA**2) ** 2,
    "squared factor against sigma^4": 1 / (1 + SIGMA**2) ** 2 - 1,
    "the step": STEP,
    "a product of two small ratios": STEP / (1 + SIGMA**2),
}


def vanishing_bound(ratio: Term, chart: Chart, regime: Regime) -> Term | None:
    """The bound on a ratio, as the relative error of 1 + ratio against 1."""
    fact = close(1 + ratio, ONE, chart, regime)
    return None if fact is None else fact.claim.bound


NOT_SMALL: dict[str, Term] = {
    "the step against a time that may be as short": STEP / TIME,
    "a time": TIME,
    "a constant": ONE / 3,
    "sigma^2 against sigma^2 + t, where t may be short": SIGMA**2 / (SIGMA**2 + TIME),
    "the inverse of a small ratio": SIGMA**2 / STEP,
    "small steps against a higher power of sigma": STEP / SIGMA**4,
}


@pytest.mark.parametrize("name", SMALL)
def test_small_ratios_get_a_bound(name):
    assert vanishing_bound(SMALL[name], CHART, REGIME) is not None


@pytest.mark.parametrize("name", NOT_SMALL)
def test_other_ratios_get_none(name):
    assert vanishing_bound(NOT_SMALL[name], CHART, REGIME) is None


@pytest.mark.parametrize("name", SMALL)
@settings(max_examples=40, deadline=None)
@given(
    sigma=st.fractions(Fraction(1, 50), 20, max_denominator=50),
    steps=st.integers(1, 200),
    place=st.fractions(0, 1, max_denominator=40),
)
def test_the_bound_dominates_at_every_admissible_point(name, sigma, steps, place):
    found = vanishing_bound(SMALL[name], CHART, REGIME)
    assert found is not None
    time = Fraction(1, steps) + place * (1 - Fraction(1, steps))
    point = Instance({r"\sigma": sigma, "T": Fraction(steps), "t": time})
    value, limit = (enclose(t, point, CHART, 128) for t in (SMALL[name], found))
    assert abs(value) <= limit or (limit - abs(value)).contains(0)


def test_a_time_that_is_long_against_the_step_makes_their_ratio_small():
    longer = Regime(orders=(*REGIME.orders, (STEP, TIME)))
    assert vanishing_bound(STEP / TIME, CHART, longer) == STEP / TIME


def test_what_is_not_rational_or_not_positive_is_refused():
    with pytest.raises(NotRational):
        quotient(exp(SIGMA), CHART)
    with pytest.raises(NotRational):
        quotient(sym("x") * SIGMA, CHART)
    assert vanishing_bound(exp(SIGMA) * STEP, CHART, REGIME) is None


# -- certificates ---------------------------------------------------------------------------------------
FORM = quotient(-STEP / (SIGMA**2 + TIME), CHART)
AVAILABLE = ratios(FORM.names, CHART, REGIME, {})
ORDER = next(i for i, r in enumerate(AVAILABLE) if r.term == STEP / SIGMA**2)
[TOP] = FORM.top
BOTTOM = next(b for b in FORM.bottom if b[FORM.names.index("t")] == 0)
GOOD = Cover(TOP, BOTTOM, tuple(int(i == ORDER) for i in range(len(AVAILABLE))))


def test_the_right_certificate_is_accepted():
    assert bound(FORM, AVAILABLE, [GOOD]) == STEP / SIGMA**2


BROKEN = {
    "a monomial of the numerator is not covered": [],
    "a monomial is covered twice": [GOOD, GOOD],
    "a monomial that the denominator does not have": [replace(GOOD, denominator=tuple(9 for _ in BOTTOM))],
    "another monomial of the denominator": [replace(GOOD, denominator=next(b for b in FORM.bottom if b != BOTTOM))],
    "no small ratio": [replace(GOOD, powers=tuple(0 for _ in AVAILABLE))],
    "a power too much": [replace(GOOD, powers=tuple(2 * p for p in GOOD.powers))],
    "a negative power": [replace(GOOD, powers=tuple(-p for p in GOOD.powers))],
    "too few powers": [replace(GOOD, powers=GOOD.powers[:-1])],
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_certificate_is_rejected(name):
    with pytest.raises(Refused, match="certificate"):
        bound(FORM, AVAILABLE, BROKEN[name])


def test_a_denominator_that_changes_sign_bounds_nothing():
    form = quotient(STEP / (SIGMA**2 - TIME), CHART)
    with pytest.raises(Refused, match="changes sign"):
        bound(form, ratios(form.names, CHART, REGIME, {}), [])


def test_the_rule_checks_its_certificate_again():
    fact = close(VARIANCE, STEP, CHART, REGIME)
    assert fact is not None
    arguments = dict(fact.record.arguments)
    assert rules.dominated(**arguments).claim == fact.claim
    for broken in (
        {"certificate": ()},
        {"right": 2 * STEP},
        {"right": STEP - SIGMA},
        {"regime": Regime()},
        {"chart": CHART.extend(domains={"t": Domain()})},
    ):
        with pytest.raises(Refused):
            rules.dominated(**{**arguments, **broken})


# -- exact orders along a curve --------------------------------------------------------------------------
CURVE = {r"\sigma": 1, "T": -3, "t": 0}
ORDERS = {
    "a step": (STEP, 3),
    "a step against sigma^2": (STEP / SIGMA**2, 1),
    "a constant": (ONE / 3, 0),
    "growth": (SIGMA / STEP, -2),
    "a sum is of its largest part": ((STEP + SIGMA**2) / (1 + SIGMA), 2),
    "leading terms that cancel": (TIME - TIME**2, None),
}


@pytest.mark.parametrize("name", ORDERS)
def test_the_order_along_a_curve_is_exact(name):
    term, order = ORDERS[name]
    assert order_along(quotient(term, CHART), CURVE) == order
