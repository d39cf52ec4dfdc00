r"""Normal laws: conditioning, divergences, scores, the variance-preserving process."""

from __future__ import annotations

from typing import Final

from identities.common import POSITIVE, REAL, Identity, d, gauss, listed

from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.term import HALF, PI, Term, TermLike, bind, exp, fn, log, num, sqrt, sym, term

v, w, m, n, x, y, z, b, T, t, k = map(sym, "vwmnxyzbTtk")
rho = sym(r"\rho")
NORMAL: Final = Chart(
    domains={
        **dict.fromkeys(("v", "w"), POSITIVE),
        **dict.fromkeys(("m", "n", "x", "y", "z"), REAL),
        r"\rho": Domain("real", Bound(num(-1), True), Bound(num(1), True)),
        "b": Domain("real", Bound(num(0), True), Bound(num(1), True)),
        "T": Domain("integer", Bound(num(2))),
        "t": Domain("integer", Bound(num(1)), Bound(T)),
    },
    functions={r"\gamma": Function(("s",), None, "positive")},
)


def divergence(m1: TermLike, v1: TermLike, m2: TermLike, v2: TermLike) -> Term:
    """KL(N(m1, v1), N(m2, v2))."""
    one, two = term(v1), term(v2)
    return (log(two / one) + (one + (term(m1) - m2) ** 2) / two - 1) / 2


def kept(last: TermLike) -> Term:
    """The product of 1/(1 + γ), which keeps the share of the signal."""
    return bind("prod", 1 / (1 + fn(r"\gamma", k)), k, 1, last)


gain = v / (v + w)
TRUE: Final[list[Identity]] = listed(
    NORMAL,
    ("posterior mean in two forms", (w * m + v * x) / (v + w), m + gain * (x - m)),
    ("posterior variance in two forms", v - v**2 / (v + w), num(1) / (num(1) / v + num(1) / w)),
    ("posterior variance by the gain", (1 - gain) * v, gain * w),
    ("square completed",
     (x - m) ** 2 / v + (y - x) ** 2 / w,
     (x - (w * m + v * y) / (v + w)) ** 2 * (v + w) / (v * w) + (y - m) ** 2 / (v + w)),
    ("joint density", gauss(x, m, v) * gauss(y, x, w), gauss(y, m, v + w) * gauss(x, m + gain * (y - m), gain * w)),
    ("product of densities",
     gauss(x, m, v) * gauss(x, n, w), gauss(m, n, v + w) * gauss(x, (w * m + v * n) / (v + w), v * w / (v + w))),
    ("standardised", gauss(x, m, v), gauss((x - m) / sqrt(v), 0, 1) / sqrt(v)),
    ("density is even", gauss(m + x, m, v), gauss(m - x, m, v)),
    ("log density", log(gauss(x, m, v)), -HALF * log(2 * PI * v) - (x - m) ** 2 / (2 * v)),
    ("log density ratio", log(gauss(x, m, v) / gauss(x, n, v)), (m - n) / v * (x - (m + n) / 2)),
    ("divergence, equal variances", divergence(m, v, n, v), (m - n) ** 2 / (2 * v)),
    ("divergence from itself", divergence(m, v, m, v), 0),
    ("divergences add up", divergence(m, v, n, w) + divergence(n, w, m, v),
     (v - w) ** 2 / (2 * v * w) + (m - n) ** 2 * (num(1) / v + num(1) / w) / 2),
    ("divergence scales", divergence(3 * m, 9 * v, 3 * n, 9 * w), divergence(m, v, n, w)),
    ("score", d(log(gauss(x, m, v)), x), (m - x) / v),
    ("score by the mean", d(log(gauss(x, m, v)), m), (x - m) / v),
    ("score by the variance", d(log(gauss(x, m, v)), v), ((x - m) ** 2 / v - 1) / (2 * v)),
    ("curvature", d(d(log(gauss(x, m, v)), x), x), -1 / v),
    ("heat equation", d(gauss(x, m, v), v), d(d(gauss(x, m, v), x), x) / 2),
    ("correlation", sqrt(v * w * (1 - rho**2)), sqrt(v) * sqrt(w) * sqrt(1 - rho) * sqrt(1 + rho)),
    ("conditional spread", v - (rho * sqrt(v * w)) ** 2 / w, v * (1 - rho**2)),
    ("regression to the mean", rho * sqrt(v * w) / w * y, rho * sqrt(v / w) * y),
    ("determinant", v * w - (rho * sqrt(v) * sqrt(w)) ** 2, v * w * (1 - rho) * (1 + rho)),
    ("variance preserved", (1 - b) + sqrt(b) ** 2, 1),
    ("scale after two steps", sqrt(1 - b) * sqrt(1 - b**2), (1 - b) * sqrt(1 + b)),
    ("noise after two steps", (1 - b) * b + b, 1 - (1 - b) ** 2),
    ("noise after equal steps",
     bind("sum", b * (1 - b) ** k, k, 0, T - 1), b * bind("sum", (1 - b) ** (k - 1), k, 1, T)),
    ("share of the signal", kept(t), kept(t - 1) / (1 + fn(r"\gamma", t))),
    ("share in two parts", kept(T), kept(t) * bind("prod", 1 / (1 + fn(r"\gamma", t + k)), k, 1, T - t)),
    ("root of the share", sqrt(kept(T)), bind("prod", 1 / sqrt(1 + fn(r"\gamma", k)), k, 1, T)),
    ("log of the share", log(kept(T)), -bind("sum", log(1 + fn(r"\gamma", k)), k, 1, T)),
    ("characteristic", exp(m * x + v * x**2 / 2) * exp(n * x + w * x**2 / 2), exp((m + n) * x + (v + w) * x**2 / 2)),
    ("log-normal mean squared", exp(m + v / 2) ** 2 * (exp(v) - 1), exp(2 * m + 2 * v) - exp(2 * m + v)),
    ("entropy", HALF * log(2 * PI * v) + HALF, HALF * log(2 * PI * exp(num(1)) * v)),
    ("entropy of a sum", HALF * log(2 * PI * (v + w)) - HALF * log(2 * PI * v), HALF * log(1 + w / v)),
    ("second moment", (m + sqrt(v) * z) ** 2, m**2 + 2 * m * sqrt(v) * z + v * z**2),
)  # fmt: skip

FALSE: Final[list[Identity]] = listed(
    NORMAL,
    ("posterior mean with weights exchanged", (v * m + w * x) / (v + w), m + gain * (x - m)),
    ("posterior variance adds", v - v**2 / (v + w), v + w),
    ("posterior variance with a lost square", v - v / (v + w), v * w / (v + w)),
    ("precisions add, variances taken", num(1) / (v + w), num(1) / v + num(1) / w),
    ("square completed without the rest",
     (x - m) ** 2 / v + (y - x) ** 2 / w, (x - (w * m + v * y) / (v + w)) ** 2 * (v + w) / (v * w)),
    ("joint density with the prior's spread", gauss(x, m, v) * gauss(y, x, w), gauss(y, m, w) * gauss(x, y, v)),
    ("standardised without its factor", gauss(x, m, v), gauss((x - m) / sqrt(v), 0, 1)),
    ("standardised by the variance", gauss(x, m, v), gauss((x - m) / v, 0, 1) / v),
    ("log density without a half", log(gauss(x, m, v)), -log(2 * PI * v) - (x - m) ** 2 / (2 * v)),
    ("divergence without a square", divergence(m, v, n, v), (m - n) / (2 * v)),
    ("divergence is symmetric", divergence(m, v, n, w), divergence(n, w, m, v)),
    ("divergence with the log turned round",
     divergence(m, v, n, w), (log(v / w) + (v + (m - n) ** 2) / w - 1) / 2),
    ("divergence without the one", divergence(m, v, n, w), (log(w / v) + (v + (m - n) ** 2) / w) / 2),
    ("score with a sign", d(log(gauss(x, m, v)), x), (x - m) / v),
    ("score by the deviation", d(log(gauss(x, m, v)), x), (m - x) / sqrt(v)),
    ("score by the variance without the one", d(log(gauss(x, m, v)), v), (x - m) ** 2 / (2 * v**2)),
    ("heat equation without its half", d(gauss(x, m, v), v), d(d(gauss(x, m, v), x), x)),
    ("correlation without a square", v - (rho * sqrt(v * w)) ** 2 / w, v * (1 - rho)),
    ("correlation, wrong branch", sqrt(v * w * rho**2), rho * sqrt(v * w)),
    ("variance not preserved", (1 - b) ** 2 + b, 1),
    ("scale without its root", sqrt(1 - b) ** 2, (1 - b) ** 2),
    ("noise after two steps adds", (1 - b) * b + b, 2 * b),
    ("share with the last step lost", kept(T), kept(T - 1)),
    ("share that begins at 0", kept(T), bind("prod", 1 / (1 + fn(r"\gamma", k)), k, 0, T - 1)),
    ("share with the index of the end", kept(T), (1 / (1 + fn(r"\gamma", T))) ** T),
    ("log of the share with a sign", log(kept(T)), bind("sum", log(1 + fn(r"\gamma", k)), k, 1, T)),
    ("characteristic without a half", exp(m * x + v * x**2 / 2), exp(m * x + v * x**2)),
    ("log-normal mean", exp(m + v / 2), exp(m) + exp(v / 2)),
    ("entropy of a sum adds", HALF * log(2 * PI * (v + w)), HALF * log(2 * PI * v) + HALF * log(2 * PI * w)),
    ("second moment without the mixed term", (m + sqrt(v) * z) ** 2, m**2 + v * z**2),
    ("deviations add", sqrt(v + w), sqrt(v) + sqrt(w)),
    ("gain turned round", gain, w / (v + w)),
)  # fmt: skip
