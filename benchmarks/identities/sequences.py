r"""Sums and products with symbolic bounds: shifts, telescopes, powers, factorials and binomials."""

from __future__ import annotations

from typing import Final

from identities.common import POSITIVE, REAL, Identity, listed

from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.term import ONE, Term, TermLike, bind, exp, fn, log, num, sqrt, sym

n, m, k, j, a, x, h = map(sym, "nmkjaxh")
SEQUENCES: Final = Chart(
    domains={
        "n": Domain("integer", Bound(num(2))),
        "m": Domain("integer", Bound(num(1)), Bound(n)),
        "a": POSITIVE,
        "x": REAL,
        "h": POSITIVE,
    },
    functions={
        "f": Function(("i",)),
        "g": Function(("i",), None, "positive"),
        "u": Function(("i", "j")),
    },
)


def f(i: TermLike) -> Term:
    return fn("f", i)


def g(i: TermLike) -> Term:
    return fn("g", i)


def total(body: TermLike, low: TermLike = 1, high: TermLike = n, index: Term = k) -> Term:
    return bind("sum", body, index, low, high)


def product(body: TermLike, low: TermLike = 1, high: TermLike = n, index: Term = k) -> Term:
    return bind("prod", body, index, low, high)


def factorial(value: TermLike) -> Term:
    return fn("factorial", value)


def choose(top: TermLike, bottom: TermLike) -> Term:
    return fn("binomial", top, bottom)


mean = total(f(k)) / n
TRUE: Final[list[Identity]] = listed(
    SEQUENCES,
    ("index shifted", total(f(k)), total(f(k + 1), 0, n - 1)),
    ("index reversed", total(f(k)), total(f(n + 1 - k))),
    ("index renamed", total(f(k)), total(f(j), index=j)),
    ("sum and constant", total(f(k) + a), total(f(k)) + n * a),
    ("sum of a difference", total(f(k) - g(k)), total(f(k)) - total(g(k))),
    ("constants leave", total(a * x * f(k)), a * x * total(f(k))),
    ("constants leave a quotient", total(f(k) / (a * n)), total(f(k)) / (a * n)),
    ("double sum", total(total(f(k) * g(j), index=j)), total(f(k)) * total(g(j), index=j)),
    ("square of a sum", total(f(k)) ** 2, total(total(f(k) * f(j), index=j))),
    ("inner index alone", total(total(g(j), 0, n, j)), n * total(g(k), 0, n)),
    ("indices exchange their names", total(total(fn("u", k, j), index=j)), total(total(fn("u", j, k)), index=j)),
    ("sum about the mean", total(f(k) - mean), 0),
    ("spread about the mean", total((f(k) - mean) ** 2), total(f(k) ** 2) - n * mean**2),
    ("spread about any point",
     total((f(k) - x) ** 2), total(f(k) ** 2) - 2 * x * total(f(k)) + n * x**2),
    ("covariance",
     total((f(k) - mean) * g(k)), total(f(k) * g(k)) - total(f(k)) * total(g(k)) / n),
    ("few terms", total(f(k), 1, 3), f(1) + f(2) + f(3)),
    ("few factors", product(x + k, 0, 2), x**3 + 3 * x**2 + 2 * x),
    ("empty sum", total(f(k), 1, 0), 0),
    ("empty product", product(f(k), n, n - 1), 1),
    ("one term", total(f(k), n, n), f(n)),
    ("constant factor", product(a), a**n),
    ("constants leave a product", product(a * g(k)), a**n * product(g(k))),
    ("product of a power", product(g(k) ** x), product(g(k)) ** x),
    ("product of a quotient", product(g(k) / (1 + g(k))), product(g(k)) / product(1 + g(k))),
    ("product of exponentials", product(exp(a * k)), exp(a * total(k))),
    ("product of two", product(g(k) * g(k + 1)), product(g(k)) * product(g(k), 2, n + 1)),
    ("log of a product", log(product(g(k) / a)), total(log(g(k))) - n * log(a)),
    ("root of a product", sqrt(product(g(k) ** 2)), product(g(k))),
    ("geometric mean", product(g(k)) ** (ONE / n), exp(total(log(g(k))) / n)),
    ("product reversed", product(a + k * h), product(a + (n + 1 - k) * h)),
    ("factors shifted", product((a + (k - 1) * h) / (a + k * h)), product((a + k * h) / (a + (k + 1) * h), 0, n - 1)),
    ("sum in one fraction", total(1 / k - 1 / (k + 1)), total(1 / (k * (k + 1)))),
    ("common range", total(f(k) * a) + total(g(k) / a), total(f(k) * a + g(k) / a)),
    ("steps of equal length", total(a / n), a),
    ("Riemann sum rescaled", total(h / (a + k * h)), total(ONE / (a / h + k))),
    ("geometric ratio", total(a**k) / a, total(a ** (k - 1))),
    ("discounted", total(exp(-h * k) * f(k)), total(f(k) / exp(h) ** k)),
    ("factorial grows", factorial(n + 2), (n + 2) * (n + 1) * factorial(n)),
    ("factorials in a ratio", factorial(n) / factorial(n - 2), n * (n - 1)),
    ("binomial with 2", choose(n, 2), n * (n - 1) / 2),
    ("binomial of neighbours", choose(n + 1, 2) - choose(n, 2), n),
    ("Pascal", choose(n, 3) + choose(n, 2), choose(n + 1, 3)),
)  # fmt: skip

FALSE: Final[list[Identity]] = listed(
    SEQUENCES,
    ("shift of the range alone", total(f(k)), total(f(k), 0, n - 1)),
    ("shift of the index alone", total(f(k)), total(f(k + 1))),
    ("shift the wrong way", total(f(k)), total(f(k - 1), 0, n - 1)),
    ("reversal off by one", total(f(k)), total(f(n - k))),
    ("constant counted once", total(f(k) + a), total(f(k)) + a),
    ("constant counted from 0", total(a, 0, n), n * a),
    ("constant counted without the end", total(a, 1, n), (n - 1) * a),
    ("product of sums", total(f(k) * g(k)), total(f(k)) * total(g(k))),
    ("quotient of sums", total(f(k) / g(k)), total(f(k)) / total(g(k))),
    ("square of a sum, term by term", total(f(k)) ** 2, total(f(k) ** 2)),
    ("diagonal of a double sum", total(total(f(k) * f(j), index=j)), total(f(k) ** 2)),
    ("inner index forgotten", total(total(g(j), index=j)), total(g(k))),
    ("triangle taken for a square",
     total(total(fn("u", k, j), 1, k, j)), total(total(fn("u", k, j), index=j))),
    ("spread about the mean without n", total((f(k) - mean) ** 2), total(f(k) ** 2) - mean**2),
    ("spread with one n too many", total((f(k) - mean) ** 2), total(f(k) ** 2) - n**2 * mean**2),
    ("one term too many", total(f(k)) + f(n + 1), total(f(k), 1, n + 2)),
    ("one term too few", total(f(k)), total(f(k), 2, n)),
    ("constant factor once", product(a * g(k)), a * product(g(k))),
    ("constant factor, one too many", product(a, 0, n), a**n),
    ("product of a sum", product(g(k) + a), product(g(k)) + a**n),
    ("log of a sum", log(total(g(k))), total(log(g(k)))),
    ("product of exponentials without the sum", product(exp(a * k)), exp(a * n)),
    ("root of each", sqrt(total(g(k))), total(sqrt(g(k)))),
    ("telescope to the wrong end", product((a + k) / (a + k + 1)), a / (a + n + 1)),
    ("telescope upside down", product((a + k) / (a + k - 1)), a / (a + n)),
    ("difference with the wrong start", total(1 / k - 1 / (k + 1)), 1 / n),
    ("triangular number", total(k), n**2 / 2),
    ("triangular number, off by one", total(k), n * (n - 1) / 2),
    ("sum of squares", total(k**2), n * (n + 1) * (n + 2) / 6),
    ("geometric sum with a sign", total(a**k, 0, n - 1), (a**n - 1) / (a + 1)),
    ("geometric sum, one power too few", total(a**k, 0, n), (1 - a**n) / (1 - a) + num(1, 1000)),
    ("discounted by the wrong step", total(exp(-h * k) * f(k)), total(exp(-h) * f(k))),
    ("Riemann sum not rescaled", total(h / (a + k * h)), total(ONE / (a + k))),
    ("factorial taken for a power", factorial(n), n**n),
    ("factorial off by one", factorial(n) / factorial(n - 1), n - 1),
    ("factorial of a double", factorial(2 * n), 2 * factorial(n)),
    ("binomial not halved", choose(n, 2), n * (n - 1)),
    ("Pascal, wrong row", choose(n, 3) + choose(n, 2), choose(n, 4)),
    ("binomial as a power", choose(n, 2), n**2 / 2),
    ("range that ends at m", total(g(k)), total(g(k), 1, m)),
)  # fmt: skip
