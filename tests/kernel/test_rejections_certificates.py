"""Rules without premises, and what they must refuse: wrong certificates, and each side condition violated.

A rule of the kernel that is neither here nor among the steps of the catalogue that have premises fails a test below.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from derive import catalogue
from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Condition, Domain, Function, Regime
from derive.kernel.fact import Claim, Fact, Limit, ancestry
from derive.kernel.rules.asymptotic import Cover
from derive.kernel.term import (
    INFINITY,
    MINUS_ONE,
    ONE,
    ZERO,
    Term,
    bind,
    exp,
    fn,
    given,
    log,
    normal,
    num,
    sqrt,
    sym,
    var,
)

x, y, a, b, n, k, u, h, s, p, q = map(sym, "xyabnkuhspq")
theta = sym(r"\theta")
POSITIVE = Domain("real", Bound(ZERO, True))
CHART = Chart(
    {"x": Domain(), "y": Domain(), "a": POSITIVE, "b": POSITIVE, "n": Domain("integer", Bound(ONE))},
    {"f": Function(("i",)), "g": Function(("i",), None, "positive")},
)
APART = CHART.extend(conditions=(Condition("!=", a, b),))
A, B = fn("A", 1), fn("B", 1)
SMALL = Regime(((a, b),))
RATIO = Cover((1, 0), (0, 1), (1,))
"""a/b, one monomial over another, by the one small ratio of the regime."""


def total(body: Term, low: Term | int, high: Term | int) -> Term:
    return bind("sum", body, k, low, high)


def product(body: Term, low: Term | int, high: Term | int) -> Term:
    return bind("prod", body, k, low, high)


def area(body: Term, low: Term | int = 0, high: Term | int = 1) -> Term:
    return bind("int", body, u, low, high)


def close(left: Term, right: Term, *covers: Cover) -> Fact:
    return rules.dominated(left, right, SMALL, covers, {}, CHART)


def tends(left: Term, form: Term, step: str = "h") -> Fact:
    return rules.limit_of_form(left, form, CHART, symbol="n", step=step)


def becomes(series: Term, density: Term, symbol: str = "n") -> Fact:
    return rules.limit_of_sum(series, density, CHART, symbol=symbol, place="u", step="h")


def riemann(body: Term, trend: str, side: str, count: Term = n) -> Fact:
    return rules.monotone_riemann(area(body), count, CHART, trend=trend, side=side)  # type: ignore[arg-type]


REFUSED: dict[str, dict[str, Callable[[], Fact]]] = {
    "given": {"a relation nobody knows": lambda: rules.given(Claim("≥", x, y, CHART))},  # type: ignore[arg-type]
    "suppose": {
        "for every value of what is not declared": lambda: rules.suppose(Claim("=", x, y, CHART), ("z",)),
        "for every value of what is defined": lambda: rules.suppose(
            Claim("=", x, y, CHART.extend(definitions={"x": y + 1})), ("x",)
        ),
    },
    "named_axiom": {"the kernel's own": lambda: rules.named_axiom(Claim("=", x, y, CHART), "riemann-sum")},
    "equal": {
        "a sign": lambda: rules.equal((x - y) ** 2, x**2 + 2 * x * y + y**2, CHART),
        "a branch": lambda: rules.equal(sqrt(x**2), x, CHART),
        "a branch of a power": lambda: rules.equal((x**2) ** num(3, 2), x**3, CHART),
        "not defined where x = 0": lambda: rules.equal(x**2 / x, x, CHART),
        "not defined where x < 0": lambda: rules.equal(exp(log(x)), x, CHART),
        "a probability without its set": lambda: rules.equal(total(fn("g", k), 1, n), ONE, CHART),
        "a range that may be shorter than empty": lambda: rules.equal(total(ONE, 1, n - 2), n - 2, CHART),
        "arithmetic of laws": lambda: rules.equal(normal(ZERO, a) + -normal(ZERO, a), ZERO, CHART),
    },
    "unequal": {
        "equal": lambda: rules.unequal((x + 1) ** 2, x**2 + 2 * x + 1, CHART),
        "equal where both are defined": lambda: rules.unequal(x / x, ONE, CHART),
        "variances": lambda: rules.unequal(var(A), var(B), CHART),
        "an arbitrary function": lambda: rules.unequal(fn("f", 1), fn("f", 2), CHART),
    },
    "less": {
        "equal": lambda: rules.less(x, x + 0, CHART),
        "equal at one point": lambda: rules.less(2 * x * y, x**2 + y**2, CHART),
        "equal at the end": lambda: rules.less(ONE, n, CHART),
        "the other way round": lambda: rules.less(a + b, a, CHART),
    },
    "at_most": {
        "false at one point": lambda: rules.at_most(a, a**2, CHART),
        "undefined": lambda: rules.at_most(log(x), log(x) + 1, CHART),
        "of unknown sign": lambda: rules.at_most(x, y, CHART),
    },
    "approximate": {
        "a bound for one sign only": lambda: rules.approximate(a - b, a, -b / a, CHART),
        "a bound half of what it takes": lambda: rules.approximate(a + b, a, b / (2 * a), CHART),
        "a right side that may vanish": lambda: rules.approximate(x + a, x, a, CHART),
    },
    "dominated": {
        "nothing covered": lambda: close(a + b, b),
        "covered twice": lambda: close(a + b, b, RATIO, RATIO),
        "by the ratio turned round": lambda: close(a + b, b, Cover((1, 0), (0, 1), (0,))),
        "by a negative power": lambda: close(a + b, b, Cover((1, 0), (0, 1), (-1,))),
        "by too high a power": lambda: close(a + b, b, Cover((1, 0), (0, 1), (2,))),
        "over a monomial that is not there": lambda: close(a + b, b, Cover((1, 0), (1, 0), (1,))),
        "a denominator of two signs": lambda: close(2 * a, a - b, RATIO),
        "no ratio of polynomials": lambda: close(exp(a) * b, b, RATIO),
        "a symbol of unknown sign": lambda: close(b + x, b, RATIO),
    },
    "empty": {
        "one term": lambda: rules.empty(total(x, n, n), CHART),
        "ends that cross": lambda: rules.empty(product(x, n, n - 2), CHART),
        "an integral": lambda: rules.empty(area(x), CHART),
    },
    "peel_first": {
        "may be empty": lambda: rules.peel_first(total(fn("f", k), 2, n), CHART),
        "undefined first term": lambda: rules.peel_first(total(1 / k, 0, n), CHART),
        "an integral": lambda: rules.peel_first(area(u), CHART),
    },
    "peel_last": {
        "may be empty": lambda: rules.peel_last(product(fn("f", k), 1, n - 1), CHART),
        "undefined last term": lambda: rules.peel_last(total(1 / (n - k), 0, n), CHART),
        "no integer end": lambda: rules.peel_last(total(fn("f", k), 0, a), CHART),
    },
    "telescope": {
        "a sign": lambda: rules.telescope(total(1 / (k * (k + 1)), 1, n), -1 / k, CHART),
        "an index": lambda: rules.telescope(total(1 / (k * (k + 1)), 1, n), 1 / (k - 1), CHART),
        "a difference for a quotient": lambda: rules.telescope(
            product(fn("g", k) - fn("g", k + 1), 1, n), fn("g", k), CHART
        ),
        "a factor that may vanish": lambda: rules.telescope(
            product(fn("f", k) / fn("f", k + 1), 1, n), fn("f", k), CHART
        ),
        "ends that cross": lambda: rules.telescope(total(fn("f", k) - fn("f", k + 1), 3, n), fn("f", k), CHART),
    },
    "product_as_exponential": {
        "factors of unknown sign": lambda: rules.product_as_exponential(product(fn("f", k), 1, n), CHART),
        "a sum": lambda: rules.product_as_exponential(total(fn("g", k), 1, n), CHART),
    },
    "antiderivative": {
        "a sign": lambda: rules.antiderivative(area(exp(-u)), exp(-u), CHART),
        "a factor": lambda: rules.antiderivative(area(u**2), u**3, CHART),
        "a jump": lambda: rules.antiderivative(area(1 / (1 + u**2), -1, 1), -fn("arctan", 1 / u), CHART),
        "a corner": lambda: rules.antiderivative(area(fn("sign", u), -1, 1), fn("abs", u), CHART),
        "limits turned round": lambda: rules.antiderivative(area(u, 1, 0), u**2 / 2, CHART),
        "an arbitrary function": lambda: rules.antiderivative(area(fn("f", u)), u * fn("f", u), CHART),
    },
    "monotone_riemann": {
        "the wrong trend": lambda: riemann(exp(-u), "rising", "below"),
        "neither": lambda: riemann((u - num(1, 3)) ** 2, "falling", "below"),
        "no steps": lambda: riemann(u, "rising", "below", n - 1),
        "half a step": lambda: riemann(u, "rising", "below", n / 2),
        "an infinite slope": lambda: riemann(sqrt(u), "rising", "below"),
    },
    "limit_of_form": {
        "another form": lambda: tends(1 / n, 2 * h),
        "a form that agrees only in the limit": lambda: tends(1 / (n + 1), h),
        "a pole": lambda: tends(n, 1 / h),
        "an alternating sign": lambda: tends(MINUS_ONE**n / n, h * MINUS_ONE**n),
        "a size": lambda: tends(fn("abs", 1 / n - 1), fn("abs", h - 1)),
        "a step that means something": lambda: tends(1 / n, a, "a"),
        "at a point outside": lambda: rules.limit_of_form(a, h - 1, CHART, symbol="a", step="h", point=MINUS_ONE),
    },
    "limit_of_sum": {
        "terms that stay": lambda: becomes(total(ONE / k, 1, n), h / u),
        "a density for other terms": lambda: becomes(total(k / n**2, 1, n), 2 * u * h),
        "a factor 1/n too many": lambda: becomes(total(k / n**3, 1, n), u * h),
        "twice as many terms, counted": lambda: becomes(total(ONE / n, 1, n**2), h),
        "a symbol that does not grow": lambda: becomes(total(a / n, 1, n), a * h, "a"),
    },
    "limit_value": {
        "no limit": lambda: rules.limit_value(rules.equal(x, x, CHART)),
        "a supposition": lambda: rules.limit_value(rules.suppose(Claim("→", 1 / n, ZERO, CHART, Limit("n", INFINITY)))),
        "a symbol that is bounded": lambda: rules.limit_value(
            rules.given(
                Claim(
                    "→",
                    1 / p,
                    ZERO,
                    CHART.extend(domains={"p": Domain("integer", Bound(ONE), Bound(n))}),
                    Limit("p", INFINITY),
                )
            )
        ),
    },
    "evaluate_at": {
        "no evaluation": lambda: rules.evaluate_at(total(k, 1, n), CHART),
        "undefined there": lambda: rules.evaluate_at(bind("at", log(u), u, x), CHART),
    },
    "gradient": {
        "no slope": lambda: rules.gradient(
            fn(r"\pi_x", 1), "x", [], CHART.extend(functions={r"\pi_x": Function(("i",))})
        ),
        "by an integer": lambda: rules.gradient(n**2, "n", [], CHART),
        "at a corner": lambda: rules.gradient(fn("max", x, 0), "x", [], CHART),
        "of what may be random": lambda: rules.gradient(x * A, "x", [], CHART),
        "tied to another symbol": lambda: rules.gradient(
            x * y, "x", [], CHART.extend(conditions=(Condition("=", x, y),))
        ),
        "undefined": lambda: rules.gradient(log(x), "x", [], CHART),
    },
    "log_quadratic": {
        "more than a half": lambda: rules.log_quadratic(num(3, 4), CHART),
        "negative": lambda: rules.log_quadratic(-1 / (3 * n), CHART),
        "unknown": lambda: rules.log_quadratic(a / (a + b), CHART),
        "random": lambda: rules.log_quadratic(A, CHART),
    },
    "log_tangent": {
        "may be negative": lambda: rules.log_tangent(x, CHART),
        "may be zero": lambda: rules.log_tangent(n - 1, CHART),
    },
    "log_tangent_strict": {
        "no condition that they differ": lambda: rules.log_tangent_strict(a / b, 1 / b, Condition("!=", a, b), CHART),
        "another factor": lambda: rules.log_tangent_strict(a / b, 2 / b, Condition("!=", a, b), APART),
        "a factor that may vanish": lambda: rules.log_tangent_strict(
            1 + x * (a - b) * 0 + (a - b) * 0, x * 0, Condition("!=", a, b), APART
        ),
        "another order": lambda: rules.log_tangent_strict(a / b, 1 / b, Condition("<", a, b), APART),
    },
    "number_less": {
        "equal": lambda: rules.number_less(sqrt(num(4)), num(2), CHART),
        "the other way round": lambda: rules.number_less(num(22, 7), Term("const", ("pi",)), CHART),
        "a symbol": lambda: rules.number_less(ZERO, a, CHART),
        "a value of a function": lambda: rules.number_less(ZERO, fn("g", 1), CHART),
    },
    "mean_of_number": {"a random variable": lambda: rules.mean_of_number(A, CHART)},
    "mean_of_sum": {
        "a random scale": lambda: rules.mean_of_sum([B], [A], CHART),
        "one scale too few": lambda: rules.mean_of_sum([ONE], [A, B], CHART),
        "no mean": lambda: rules.mean_of_sum([ONE], [1 / A], CHART),
        "nothing": lambda: rules.mean_of_sum([], [], CHART),
    },
    "variance_by_moments": {
        "no variance": lambda: rules.variance_by_moments(exp(A), CHART),
        "a square": lambda: rules.variance_by_moments(A**2, CHART),
    },
    "tower": {
        "over a number": lambda: rules.tower(A, a, CHART),
        "of what has no mean": lambda: rules.tower(1 / A, B, CHART),
        "of what is given already": lambda: rules.tower(given(A, B), fn("C", 1), CHART),
    },
    "vanishing_power": {
        "no power": lambda: rules.vanishing_power(tends(1 / n, h), Fraction(0)),
        "a negative power": lambda: rules.vanishing_power(tends(1 / n, h), -1),
    },
}
CASES = [(rule, case) for rule, cases in REFUSED.items() for case in cases]


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[f"{rule}: {case}" for rule, case in CASES])
def test_it_is_refused_by_the_rule_with_a_sentence(rule: str, case: str) -> None:
    with pytest.raises(Refused) as caught:
        REFUSED[rule][case]()
    assert str(caught.value).endswith((".", ")."))
    if rule not in ("given", "suppose"):  # where it is the claim that is refused, before the rule sees it
        told = {entry.name for entry in caught.traceback if "derive/kernel/rules" in str(entry.path)}
        assert rule in told


def test_every_rule_is_seen_to_refuse_something() -> None:
    """By a case here, or in test_rejections_premises.py, where every step with premises is tried."""
    with_premises = {
        fact.record.rule
        for name in catalogue.ids()
        for fact in ancestry(*catalogue.load(name).prove().results.values())
        if fact.record.premises
    }
    assert set(rules.__all__) - REFUSED.keys() - with_premises == set()
    assert all(REFUSED.values())
