r"""Elementary functions: logarithms, powers, roots and their signs, the logistic function, max, min and abs."""

from __future__ import annotations

from typing import Final

from identities.common import POSITIVE, REAL, Identity, listed

from derive.kernel.chart import Bound, Chart, Condition, Domain
from derive.kernel.term import HALF, Term, exp, fn, log, logistic, num, sqrt, sym

a, b, p, q, x, y, r, s, n, m = map(sym, "abpqxyrsnm")
UNIT: Final = Domain("real", Bound(num(0), True), Bound(num(1), True))
FUNCTIONS: Final = Chart(
    domains={
        **dict.fromkeys("ab", POSITIVE),
        **dict.fromkeys("pq", UNIT),
        **dict.fromkeys("xyrs", REAL),
        "n": Domain("integer", Bound(num(1))),
        "m": Domain("integer"),
    },
)
ORDERED: Final = FUNCTIONS.extend(conditions=(Condition("<", y, x),))
"""Where y < x."""

SHORT: Final = Chart({"a": POSITIVE, "b": Domain("real", Bound(a))})
"""Where 0 < a <= b."""


def size(value: Term) -> Term:
    return fn("abs", value)


odds = p / (1 - p)
softplus = log(1 + exp(x))

TRUE: Final[list[Identity]] = [
    *listed(
        FUNCTIONS,
        ("logit of the logistic", log(logistic(x) / logistic(-x)), x),
        ("logistic of the logit", logistic(log(odds)), p),
        ("softplus splits", softplus, x + log(1 + exp(-x))),
        ("softplus as a logistic", -log(logistic(-x)), softplus),
        ("logistic is half a tanh", logistic(x), HALF + HALF * fn("tanh", x / 2)),
        ("variance of a coin", logistic(x) * (1 - logistic(x)), exp(x) / (1 + exp(x)) ** 2),
        ("logistic of a sum of logs", logistic(log(a) - log(b)), a / (a + b)),
        ("odds multiply", logistic(x + log(a)), a * exp(x) / (1 + a * exp(x))),
        ("entropy of a coin", -p * log(p) - (1 - p) * log(1 - p), -log(1 - p) - p * log(odds)),
        ("divergence of coins",
         p * log(p / q) + (1 - p) * log((1 - p) / (1 - q)), p * log(odds * (1 - q) / q) + log((1 - p) / (1 - q))),
        ("temperature", (a**x) ** (1 / b), exp(x * log(a) / b)),
        ("power of a product", (a * b) ** r, a**r * b**r),
        ("power of a power", (a**r) ** s, a ** (r * s)),
        ("powers subtract", a**r / a**s, a ** (r - s)),
        ("power of a quotient", (a / b) ** r, exp(r * (log(a) - log(b)))),
        ("base changed", a ** log(b), b ** log(a)),
        ("alternating sign", num(-1) ** (2 * m + 1) * num(-1) ** n, num(-1) ** (n + 1)),
        ("difference of squares", (a**r - b**s) * (a**r + b**s), a ** (2 * r) - b ** (2 * s)),
        ("integer power of any sign", (x * y) ** n, x**n * y**n),
        ("root of a square", sqrt(x**2), size(x)),
        ("root of a fourth power", sqrt(x**4), x**2),
        ("roots rationalised", 1 / (sqrt(a + b) - sqrt(a)), (sqrt(a + b) + sqrt(a)) / b),
        ("nested root", sqrt(a + b + 2 * sqrt(a * b)), sqrt(a) + sqrt(b)),
        ("root out of a fraction", sqrt(a / b**3), sqrt(a * b) / b**2),
        ("cube roots", a ** num(1, 3) * a ** num(1, 6), sqrt(a)),
        ("arithmetic less geometric mean", (a + b) / 2 - sqrt(a * b), (sqrt(a) - sqrt(b)) ** 2 / 2),
        ("size of a product", size(x * y), size(x) * size(y)),
        ("square of a size", size(x) ** 2, x**2),
        ("larger and smaller add up", fn("max", x, y) + fn("min", x, y), x + y),
        ("larger less smaller", fn("max", x, y) - fn("min", x, y), size(x - y)),
        ("larger times smaller", fn("max", x, y) * fn("min", x, y), x * y),
        ("hinge", fn("max", 0, x) - fn("max", 0, -x), x),
        ("clipped from above", fn("min", x, 1), 1 - fn("max", 1 - x, 0)),
        ("log of a size", log(x**2), 2 * log(size(x))),
        ("log of a root", log(sqrt(a) * b**3), HALF * log(a) + 3 * log(b)),
        ("log-sum-exp of two", log(exp(x) + exp(y)), x + log(1 + exp(y - x))),
        ("log-sum-exp, shifted", log(exp(x - r) + exp(y - r)) + r, log(exp(x) + exp(y))),
        ("geometric path", exp((1 - p) * log(a) + p * log(b)), a ** (1 - p) * b**p),
        ("hyperbolic", fn("cosh", x) ** 2 - fn("sinh", x) ** 2, 1),
        ("exponential of a difference", (exp(x) - exp(y)) / (exp(x) + exp(y)), fn("tanh", (x - y) / 2)),
        ("large numbers", num(50257) ** 2048 / num(50257) ** 2047, num(50257)),
    ),
    *listed(
        ORDERED,
        ("root of a square, signed", sqrt((x - y) ** 2), x - y),
        ("larger of two, known", fn("max", x, y), x),
        ("size, known", size(y - x), x - y),
    ),
    *listed(
        SHORT,
        ("root of a square, with a bound", sqrt((a - b) ** 2), b - a),
        ("root of a trinomial", sqrt(b**2 - 2 * a * b + a**2) + a, b),
        ("smaller of two, with a bound", fn("min", a, b), a),
    ),
]  # fmt: skip

FALSE: Final[list[Identity]] = [
    *listed(
        FUNCTIONS,
        ("logistic is odd", logistic(-x), -logistic(x)),
        ("logistic of a sum", logistic(x + y), logistic(x) + logistic(y)),
        ("logit turned round", log((1 - p) / p), log(odds)),
        ("softplus is linear", softplus, x),
        ("softplus without a sign", -log(logistic(x)), softplus),
        ("logistic as a tanh, not halved", logistic(x), HALF + HALF * fn("tanh", x)),
        ("variance of a coin, squared", logistic(x) * (1 - logistic(x)), logistic(x) ** 2),
        ("entropy of a coin with a sign", -p * log(p) - (1 - p) * log(1 - p), p * log(p) + (1 - p) * log(1 - p)),
        ("divergence turned round", p * log(p / q) + (1 - p) * log((1 - p) / (1 - q)),
         q * log(q / p) + (1 - q) * log((1 - q) / (1 - p))),
        ("temperature as a factor", (a**x) ** (1 / b), a**x / b),
        ("power of a sum", (a + b) ** r, a**r + b**r),
        ("powers multiply", a**r * a**s, a ** (r * s)),
        ("power of a power adds", (a**r) ** s, a ** (r + s)),
        ("negative exponent", a ** (-r), -(a**r)),
        ("alternating sign lost", num(-1) ** n, num(-1) ** (n + 1)),
        ("root of a square without its sign", sqrt(x**2), x),
        ("root of a sum of squares", sqrt(a**2 + b**2), a + b),
        ("roots rationalised with a sign", 1 / (sqrt(a + b) - sqrt(a)), (sqrt(a + b) - sqrt(a)) / b),
        ("nested root without its double", sqrt(a + b + sqrt(a * b)), sqrt(a) + sqrt(b)),
        ("cube root taken for a root", a ** num(1, 3) * a ** num(1, 3), a),
        ("means agree", (a + b) / 2, sqrt(a * b)),
        ("size of a sum", size(x + y), size(x) + size(y)),
        ("size is the value", size(x), x),
        ("larger is the mean", fn("max", x, y), (x + y) / 2),
        ("hinge adds", fn("max", 0, x) + fn("max", 0, -x), x),
        ("clipped from below", fn("min", x, 1), fn("max", x, 1)),
        ("log of a product, multiplied", log(a * b), log(a) * log(b)),
        ("log of a quotient", log(a / b), log(a) / log(b)),
        ("log of a power", log(a) ** 2, 2 * log(a)),
        ("log-sum-exp is the larger", log(exp(x) + exp(y)), fn("max", x, y)),
        ("log-sum-exp adds", log(exp(x) + exp(y)), x + y),
        ("exponential of a product", exp(x * y), exp(x) * exp(y)),
        ("exponential of a sum", exp(x + y), exp(x) + exp(y)),
        ("geometric path taken for a line", a ** (1 - p) * b**p, (1 - p) * a + p * b),
        ("hyperbolic with a sign", fn("cosh", x) ** 2 + fn("sinh", x) ** 2, 1),
        ("a thousandth of a power", (1 + a) ** num(1, 1000), 1 + a / 1000),
        ("exp to first order", exp(a), 1 + a),
    ),
    *listed(
        ORDERED,
        ("root of a square, wrong branch", sqrt((x - y) ** 2), y - x),
        ("smaller of two, taken for the larger", fn("min", x, y), x),
    ),
    *listed(SHORT, ("root of a square, wrong branch of a bound", sqrt((a - b) ** 2), a - b)),
]  # fmt: skip
