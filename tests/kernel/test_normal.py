"""The normal form alone: what it must see, and that it never takes different terms for equal."""

from __future__ import annotations

import pytest

from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.normal import NotNormal, same_normal_form
from derive.kernel.term import E_NUMBER, INFINITY, Term, TermLike, bind, exp, fn, log, logistic, num, power, sqrt, sym

x, y, a, b, c, n, m, k, j = map(sym, ["x", "y", "a", "b", "c", "n", "m", "k", "j"])
POSITIVE = Domain("real", Bound(num(0), True))
CHART = Chart(
    domains={
        "x": Domain(),
        "y": Domain(),
        "a": POSITIVE,
        "b": POSITIVE,
        "c": Domain("real", Bound(num(0))),
        "n": Domain("integer", Bound(num(0))),
        "m": Domain("integer", Bound(num(0))),
    },
    functions={
        "f": Function(("i",)),
        "g": Function(("i",), None, "positive"),
        "p": Function(("y",), None, "probability"),
    },
)


def total(body: Term, upper: Term = n, lower: TermLike = 0, index: Term = k) -> Term:
    return bind("sum", body, index, lower, upper)


SAME: list[tuple[Term, Term]] = [
    ((a + b) ** 3 - a**3 - b**3, 3 * a * b * (a + b)),
    (a / (a + b) + b / (a + b), num(1)),
    (exp(a) ** 2 * exp(b) / exp(a - b), exp(a + 2 * b)),
    (exp(x / 2) ** 6, exp(3 * x)),
    (exp(2 * log(a) + x), a**2 * exp(x)),
    (exp(a * log(b)), power(b, a)),
    (power(E_NUMBER, x), exp(x)),
    (power(power(a, x), y), power(a, x * y)),
    (power(4, x), power(2, x) ** 2),
    (power(a * b, x), power(a, x) * power(b, x)),
    (power(a, num(1, 2)) * power(a, num(1, 3)), power(a, num(5, 6))),
    (sqrt(a**2 * b), a * sqrt(b)),
    (sqrt(a**2 + 2 * a * b + b**2), a + b),
    (sqrt(num(2)) * sqrt(num(3)), sqrt(num(6))),
    (1 / (sqrt(num(3)) - sqrt(num(2))), sqrt(num(3)) + sqrt(num(2))),
    (power(num(27, 8), num(-2, 3)), num(4, 9)),
    (sqrt(c) ** 4, c**2),
    (log(num(12)), 2 * log(num(2)) + log(num(3))),
    (log(a / b) + log(b), log(a)),
    (log(exp(x)), x),
    (log((a**2 - b**2) ** 2), 2 * log(fn("abs", a - b)) + 2 * log(a + b)),
    (logistic(x - y), exp(x) / (exp(x) + exp(y))),
    (fn("abs", x * y), fn("abs", x) * fn("abs", y)),
    (fn("abs", x) ** 2, x**2),
    (fn("tanh", x), 2 * logistic(2 * x) - 1),
    (total(a * fn("f", k) + b), a * total(fn("f", k)) + b * (n + 1)),
    (total(fn("f", k), n + 3, num(3)), total(fn("f", k + 3))),
    (total(total(fn("f", k) * fn("f", j), m, num(0), j)), total(fn("f", j), m, num(0), j) * total(fn("f", k))),
    (total(total(fn("f", k) ** j, n, num(0), j)), total(total(fn("f", j) ** k), n, num(0), j)),
    (bind("prod", a * fn("g", k), k, 1, n), power(a, n) * bind("prod", fn("g", k), k, 1, n)),
    (bind("prod", exp(fn("f", k)), k, 1, n), exp(total(fn("f", k), n, num(1)))),
    (bind("prod", sqrt(fn("g", k)), k, 1, n) ** 2, bind("prod", fn("g", k), k, 1, n)),
    (total(fn("f", k), INFINITY, num(1)), total(fn("f", k + 1), INFINITY)),
    (bind("int", x * fn("f", y) + 1, y, 0, a), x * bind("int", fn("f", x), x, 0, a) + a),
    (bind("lim", fn("f", x), x, 0), bind("lim", fn("f", y), y, 0)),
    (fn("X", a + b) + 1, 1 + fn("X", b + a)),
    (fn("factorial", n + 2) / fn("factorial", n), (n + 1) * (n + 2)),
]
NOT_SAME: list[tuple[Term, Term]] = [
    (sqrt(x**2), x),
    (log(x**2), 2 * log(a)),
    (power(x * y, num(1, 3)), power(a, num(1, 3))),
    (power(num(-1), n), num(1)),
    (power(fn("abs", x), n), power(x, n)),
    (total(fn("f", k)), total(fn("f", k), n + 1)),
    (total(fn("f", k)), total(fn("f", k), m)),
    (total(fn("f", k)), bind("prod", fn("f", k), k, 0, n)),
    (total(fn("f", k), INFINITY), total(fn("f", k), n)),
    (bind("int", fn("f", x), x, 0, 1), bind("int", fn("f", x), x, 0, 2)),
    (bind("int", fn("f", x), x, 0, INFINITY), bind("int", fn("f", x), x, 1, INFINITY)),
    (bind("int", fn("f", x), x, -INFINITY, 1), bind("int", fn("f", x), x, -INFINITY, 12)),
    (bind("lim", fn("f", x), x, 0), bind("lim", fn("f", x), x, 1)),
    (bind("sumset", fn("f", x), x, sym("S")), bind("sumset", fn("f", x), x, sym("R"))),
    (fn("X", a), fn("X", b)),
    (fn("X", a, b), fn("X", b, a)),
    (fn("Var", x), fn("Var", 2 * x)),
    (Term("given", (x, y)), Term("given", (y, x))),
    (Term("diff", (fn("f", x), x)), fn("f", x)),
    (exp(x), exp(-x)),
]


SPLIT = CHART.extend(domains={"s": Domain("integer", Bound(num(1)), Bound(n + 1)), "z": Domain("integer")})
S, Z = sym("s"), sym("z")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (total(fn("f", k)), total(fn("f", k), n - 1) + fn("f", n)),
        (total(fn("f", k), n + 1, num(1)), total(fn("f", k), S, num(1)) + total(fn("f", k), n + 1, S + 1)),
        (bind("prod", fn("f", k), k, 0, n + 1), bind("prod", fn("f", k), k, 0, n) * fn("f", n + 1)),
        (
            bind("prod", fn("g", k), k, 1, n + 1),
            bind("prod", fn("g", k), k, 1, S) * bind("prod", fn("g", k + S), k, 1, n + 1 - S),
        ),
    ],
    ids=lambda side: repr(side)[:60],
)
def test_ranges_split(left: Term, right: Term) -> None:
    assert same_normal_form(left, right, SPLIT)
    assert not same_normal_form(left, right + 1, SPLIT)
    assert not same_normal_form(left, right * 2, SPLIT)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (total(fn("f", k)), total(fn("f", k), n - 1)),
        (total(fn("f", k)), total(fn("f", k), n - 1) + fn("f", n - 1)),
        (total(fn("f", k)), total(fn("f", k), n - 3) + fn("f", n) + fn("f", n - 1) + fn("f", n - 2)),  # n may be 0
        (total(fn("f", k)), total(fn("f", k), Z) + total(fn("f", k), n, Z + 1)),  # z may be anywhere
        (total(fn("f", k), Z), total(fn("f", k), Z - 1) + fn("f", Z)),
        (
            total(fn("f", k), n + 1, num(1)),
            total(fn("f", k), S, num(1)) + total(fn("f", k), n + 1, S),  # one term twice
        ),
        (
            total(fn("abs", S - k), n + 1, num(1)),
            total(S - k, S, num(1)) + total(S - k, n + 1, S + 1),  # another sign in the second part
        ),
    ],
    ids=lambda side: repr(side)[:60],
)
def test_ranges_that_do_not_split(left: Term, right: Term) -> None:
    assert not same_normal_form(left, right, SPLIT)
    assert not same_normal_form(right, left, SPLIT)


@pytest.mark.parametrize(("left", "right"), SAME, ids=lambda side: repr(side)[:60])
def test_same(left: Term, right: Term) -> None:
    assert same_normal_form(left, right, CHART)
    assert same_normal_form(right, left, CHART)
    assert not same_normal_form(left, right + num(1, 7), CHART)


@pytest.mark.parametrize(("left", "right"), NOT_SAME, ids=lambda side: repr(side)[:60])
def test_not_same(left: Term, right: Term) -> None:
    assert not same_normal_form(left, right, CHART)
    assert not same_normal_form(right, left, CHART)


@pytest.mark.parametrize(
    ("term", "why"),
    [
        (1 / (x - x), "divides by 0"),
        (1 / (sqrt(num(2)) ** 2 - 2), "divides by 0"),
        (power(x - x, 0), "power 0"),
        (log(x - x), "logarithm of 0"),
        (sqrt(num(-2)), "negative number"),
        (fn("factorial", num(-3)), "negative"),
        ((a + b + x + y) ** 300, "too many terms"),
        (power(num(3, 2), 10**7), "too long"),
        (INFINITY - INFINITY, "infinity"),
    ],
    ids=lambda side: repr(side)[:40],
)
def test_no_normal_form(term: Term, why: str) -> None:
    with pytest.raises(NotNormal, match=why):
        same_normal_form(term, x, CHART)
