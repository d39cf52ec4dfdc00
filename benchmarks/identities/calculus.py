r"""Derivatives and integrals."""

from __future__ import annotations

from typing import Final

from identities.common import POSITIVE, REAL, Identity, d, listed

from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.term import Term, TermLike, bind, exp, fn, log, logistic, num, sqrt, sym

a, b, x, y, u, v, n, k = map(sym, "abxyuvnk")
CALCULUS: Final = Chart(
    domains={
        **dict.fromkeys("ab", POSITIVE),
        **dict.fromkeys("xy", REAL),
        "n": Domain("integer", Bound(num(2))),
    },
    functions={"f": Function(("i",)), "g": Function(("i",), None, "positive")},
)


def area(body: TermLike, low: TermLike = 0, high: TermLike = 1, variable: Term = u) -> Term:
    return bind("int", body, variable, low, high)


weighted = bind("sum", fn("g", k) * exp(a * fn("f", k)), k, 1, n)
spread = bind("sum", (x - fn("f", k)) ** 2, k, 1, n)

TRUE: Final[list[Identity]] = listed(
    CALCULUS,
    ("product rule", d(x**2 * exp(x), x), (x**2 + 2 * x) * exp(x)),
    ("quotient rule", d(x / (x**2 + a), x), (a - x**2) / (x**2 + a) ** 2),
    ("chain rule", d(log(a + x**2), x), 2 * x / (a + x**2)),
    ("power rule, symbolic", d(a**y, a), y * a ** (y - 1)),
    ("power rule, by the exponent", d(a**y, y), a**y * log(a)),
    ("power rule, both", d(a**a, a), a**a * (log(a) + 1)),
    ("root", d(sqrt(a + x**2), x), x / sqrt(a + x**2)),
    ("logistic", d(logistic(a * x), x), a * logistic(a * x) * logistic(-a * x)),
    ("log-logistic", d(log(logistic(x)), x), logistic(-x)),
    ("softplus, twice", d(d(log(1 + exp(x)), x), x), logistic(x) * (1 - logistic(x))),
    ("tanh", d(fn("tanh", x), x), 1 - fn("tanh", x) ** 2),
    ("mixed derivatives", d(d(x**2 * exp(a * x), a), x), d(d(x**2 * exp(a * x), x), a)),
    ("derivative of a sum", d(spread, x), 2 * n * x - 2 * bind("sum", fn("f", k), k, 1, n)),
    ("second derivative of a sum", d(d(spread, x), x), 2 * n),
    ("derivative of log-sum-exp",
     d(log(weighted), a), bind("sum", fn("f", k) * fn("g", k) * exp(a * fn("f", k)), k, 1, n) / weighted),
    ("derivative of an entropy", d(-a * log(a), a), -log(a) - 1),
    ("relative change", d(log(a**n), a), n / a),
    ("Euler", a * d(a**n * b**2, a) + b * d(a**n * b**2, b), (n + 2) * a**n * b**2),
    ("integral splits its range", area(exp(-u), 0, 1, u) + 0, area(exp(-v), 0, 1, v)),
    ("integral is linear", area(a * exp(-u) + x * u), a * area(exp(-u)) + x * area(u)),
    ("integral turned round", area(1 / (a + u), 1, 0), -area(1 / (a + u))),
    ("integral of a constant", area(x * y, 0, a), a * x * y),
    ("integral over nothing", area(exp(-(u**2)), a, a), 0),
    ("two integrals, two names", area(area(exp(u + v), 0, 1, v)), area(exp(u)) * area(exp(v), 0, 1, v)),
    ("integral of a derivative, written out", area(d(u**2 / (a + u), u)), area((u**2 + 2 * a * u) / (a + u) ** 2)),
    ("derivative of an integral's end", d(area(exp(-(u**2)), 0, x), x), exp(-(x**2))),
    ("derivative under an integral", d(area(exp(-a * u)), a), -area(u * exp(-a * u))),
    ("derivative at a point", bind("at", d(v**3, v), v, x + 1), 3 * (x + 1) ** 2),
    ("difference quotient", ((x + a) ** 2 - x**2) / a, 2 * x + a),
    ("stationary point", bind("at", d((v - x) ** 2 + a * v**2, v), v, x / (1 + a)), 0),
)  # fmt: skip

FALSE: Final[list[Identity]] = listed(
    CALCULUS,
    ("product rule, one part", d(x**2 * exp(x), x), 2 * x * exp(x)),
    ("quotient rule with a sign", d(x / (x**2 + a), x), (x**2 - a) / (x**2 + a) ** 2),
    ("chain rule without the inside", d(log(a + x**2), x), 1 / (a + x**2)),
    ("power rule without the factor", d(a**y, a), a ** (y - 1)),
    ("power rule for an exponential", d(a**y, y), y * a ** (y - 1)),
    ("root without its half", d(sqrt(a + x**2), x), 2 * x / sqrt(a + x**2)),
    ("logistic without the rate", d(logistic(a * x), x), logistic(a * x) * logistic(-a * x)),
    ("log-logistic with a sign", d(log(logistic(x)), x), -logistic(-x)),
    ("log-logistic turned round", d(log(logistic(x)), x), logistic(x)),
    ("tanh without its square", d(fn("tanh", x), x), 1 - fn("tanh", x)),
    ("derivative of a sum, counted once", d(spread, x), 2 * x - 2 * bind("sum", fn("f", k), k, 1, n)),
    ("derivative of log-sum-exp without its weight",
     d(log(weighted), a), bind("sum", fn("f", k) * exp(a * fn("f", k)), k, 1, n) / weighted),
    ("derivative of an entropy without the one", d(-a * log(a), a), -log(a)),
    ("Euler, one degree less", a * d(a**n * b**2, a) + b * d(a**n * b**2, b), (n + 1) * a**n * b**2),
    ("integral of a product", area(u * exp(-u)), area(u) * area(exp(-u))),
    ("integral of a quotient", area(1 / (a + u)), 1 / area(a + u)),
    ("integral turned round without a sign", area(1 / (a + u), 1, 0), area(1 / (a + u))),
    ("integral at its end", area(u**2), num(1, 2)),
    ("logarithm with a lost term", area(1 / (a + u)), log(a + 1)),
    ("integral with the wrong power", area((a + u) ** -2), 1 / a - 1 / (a + 2)),
    ("derivative of an integral's end, inside", d(area(exp(-(u**2)), 0, x), x), -2 * x * exp(-(x**2))),
    ("derivative under an integral with a sign", d(area(exp(-a * u)), a), area(u * exp(-a * u))),
    ("derivative at the wrong point", bind("at", d(v**3, v), v, x + 1), 3 * x**2),
    ("difference quotient is the derivative", ((x + a) ** 2 - x**2) / a, 2 * x),
    ("second derivative taken once", d(d(x**3, x), x), 3 * x**2),
    ("range cut short", area(exp(-u)), area(exp(-u), 0, num(999, 1000))),
)  # fmt: skip
