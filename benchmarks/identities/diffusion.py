r"""Gaussian diffusion: steps, chains, their sums, products and limits."""

from __future__ import annotations

from typing import Final

from identities.common import POSITIVE, REAL, Identity, d, gauss, listed

from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.term import HALF, Term, TermLike, bind, exp, fn, log, num, sqrt, sym

sigma, T, dt, t, k, j = (sym(n) for n in (r"\sigma", "T", r"\Delta t", "t", "k", "j"))
x, y, w, c, u = (sym(n) for n in ("x", "y", "w", "c", "u"))
s2 = sigma**2
DIFFUSION: Final = Chart(
    domains={
        r"\sigma": POSITIVE,
        "T": Domain("integer", Bound(num(1))),
        "t": Domain("real", Bound(dt), Bound(num(1))),
        "x": REAL,
        "y": REAL,
        "c": REAL,
        "w": POSITIVE,
        "k": Domain("integer", Bound(num(0)), Bound(T)),
    },
    functions={r"\beta": Function(("i",), None, "positive"), "b": Function(("i",))},
    definitions={r"\Delta t": num(1) / T},
)


def total(body: TermLike, lower: TermLike = 0, upper: TermLike = T - 1) -> Term:
    return bind("sum", body, k, lower, upper)


def product(body: TermLike, lower: TermLike = 0, upper: TermLike = T - 1) -> Term:
    return bind("prod", body, k, lower, upper)


def integral(body: TermLike, lower: TermLike = 0, upper: TermLike = 1) -> Term:
    return bind("int", body, u, lower, upper)


var = (s2 + t - dt) * dt / (s2 + t)
ratio = (s2 + t - dt) / (s2 + t)
step = (s2 + k * dt) / (s2 + (k + 1) * dt)
half = 1 - dt / (2 * (s2 + k * dt))
eta = sqrt(t) / (sqrt(t - dt) + sqrt(t))
alpha = 1 - fn(r"\beta", k) / (1 + fn(r"\beta", k))

TRUE: Final[list[Identity]] = listed(
    DIFFUSION,
    ("conditional variance", var, dt * (1 - dt / (s2 + t))),
    ("conditional mean factor", ratio, 1 - dt / (s2 + t)),
    ("precisions add", num(1) / (num(1) / (s2 + t - dt) + num(1) / dt), var),
    ("variance against step", dt / var - 1, dt / (s2 + t - dt)),
    ("joint density ratio", gauss(x, 0, s2 + t - dt) * gauss(y, x, dt) / gauss(y, 0, s2 + t), gauss(x, ratio * y, var)),
    ("steps in two forms", product(1 - dt / (s2 + k * dt), 1, T), product(step)),
    ("steps backwards", product(1 - dt / (s2 + 1 - k * dt)), product(1 - dt / (s2 + k * dt), 1, T)),
    ("square of a product", product(half, 1, T) ** 2, product(half**2, 1, T)),
    ("log of a product", log(product(half, 1, T) ** 2), 2 * total(log(half), 1, T)),
    ("exponential of a sum of logs", exp(total(log(step))), product(step)),
    ("constants leave a sum", dt * total((s2 / (s2 + k * dt)) ** 2), s2**2 * dt * total(num(1) / (s2 + k * dt) ** 2)),
    ("shifted index", total(num(1) / (s2 + k * dt)), total(num(1) / (s2 + (k - 1) * dt), 1, T)),
    ("renamed index", total(exp(-k * dt)), bind("sum", exp(-j * dt), j, 0, T - 1)),
    ("T steps make 1", total(dt, 1, T), 1),
    ("constant summand", total(s2 / T), s2),
    ("total variance", s2 + total(dt), s2 + 1),
    ("two forms of the limit", s2 + s2**2 * (num(1) / (s2 + 1) ** 2 - num(1) / (s2 + 1)), s2 - s2**3 / (s2 + 1) ** 2),
    ("limit as a ratio", s2 - s2**3 / (s2 + 1) ** 2, s2 * (2 * s2 + 1) / (s2 + 1) ** 2),
    ("log of a ratio", log(s2) - log(s2 + 1), log(s2 / (s2 + 1))),
    ("contraction from its log", exp(-(log(s2 + 1) - log(s2)) / 2), sqrt(s2 / (s2 + 1))),
    ("square of the contraction", sqrt(s2 / (s2 + 1)) ** 2, s2 / (1 + s2)),
    ("contraction in sigma", sqrt(s2 / (s2 + 1)), sigma / sqrt(1 + s2)),
    ("variance of the chain from 1 + s2", (s2 + 1) * (s2 / (s2 + 1)) ** 2, s2**2 / (1 + s2)),
    ("eta rationalised", eta, sqrt(t) * (sqrt(t) - sqrt(t - dt)) / dt),
    ("eta against a half", eta - HALF, dt / (2 * (sqrt(t) + sqrt(t - dt)) ** 2)),
    ("root of a square", sqrt((t - dt) ** 2), t - dt),
    ("step toward the predictor", x + dt / t * (s2 / (s2 + t) * x - x), (1 - dt / (s2 + t)) * x),
    ("constants leave an integral", integral(s2**2 / (s2 + u) ** 2), s2**2 * integral((s2 + u) ** -2)),
    ("integral splits", integral(u + exp(-u)), integral(u) + integral(exp(-u))),
    ("integral turned round", integral(num(1) / (s2 + u), 1, 0), -integral(num(1) / (s2 + u))),
    ("multiplied through by T", total(dt / (s2 + k * dt)), total(num(1) / (T * s2 + k))),
    ("log factor splits",
     total(log(1 - dt / (s2 + k * dt)), 1, T), total(log(s2 + (k - 1) * dt) - log(s2 + k * dt), 1, T)),
    ("score of a Gaussian", d(log(gauss(x, 0, s2 + t)), x), -x / (s2 + t)),
    ("Tweedie", x + t * d(log(gauss(x, 0, s2 + t)), x), s2 / (s2 + t) * x),
    ("derivative of the variance", d(s2 + t, sigma), 2 * sigma),
    ("derivative of a log", d(log(s2 + t), t), num(1) / (s2 + t)),
    ("antiderivative", d(s2**2 * (-num(1) / (s2 + t)), t), s2**2 / (s2 + t) ** 2),
    ("power as exponential", num(50257) ** 2048, exp(2048 * log(num(50257)))),
    ("noise coefficients", sqrt(alpha) ** 2 + (1 - alpha), 1),
    ("root of a product", product(sqrt(1 + fn(r"\beta", k))), sqrt(product(1 + fn(r"\beta", k)))),
    ("telescoping ratio",
     product(fn(r"\beta", k + 1)) / product(fn(r"\beta", k)), product(fn(r"\beta", k + 1) / fn(r"\beta", k))),
    ("sum splits", total(fn("b", k) + k * dt), total(fn("b", k)) + dt * total(k)),
    ("divergence from N(0, 1)", (s2 + 1 - 1 - log(s2 + 1)) / 2, (s2 - log(1 + s2)) / 2),
    ("standard deviation", sqrt(s2 + s2 * t), sigma * sqrt(1 + t)),
    ("half step squared", (1 - dt / (2 * (s2 + t))) ** 2, 1 - dt / (s2 + t) + dt**2 / (4 * (s2 + t) ** 2)),
    ("odd root of an odd power", (w**3) ** num(1, 3), w),
    ("growth", (1 + dt) ** T, exp(T * log(1 + 1 / T))),
    ("symbolic power", s2**T * s2, sigma ** (2 * T + 2)),
    ("difference of two sums", total(num(1) / (k + 1)) - total(num(1) / (k + 2)), total(num(1) / ((k + 1) * (k + 2)))),
    ("sum of two sums", total(num(1) / (k + 1) - num(1) / (k + 2)), total(num(1) / ((k + 1) * (k + 2)))),
)  # fmt: skip

FALSE: Final[list[Identity]] = listed(
    DIFFUSION,
    ("variance without a step", var, dt),
    ("variance of the forward step", var, dt * (1 - dt / (s2 + t - dt))),
    ("mean factor upside down", ratio, 1 + dt / (s2 + t)),
    ("precisions subtract", num(1) / (num(1) / (s2 + t) + num(1) / dt), var),
    ("density ratio with the wrong mean",
     gauss(x, 0, s2 + t - dt) * gauss(y, x, dt) / gauss(y, 0, s2 + t), gauss(x, y, var)),
    ("density without its normaliser", gauss(x, 0, s2 + t), exp(-(x**2) / (2 * (s2 + t)))),
    ("telescoped to the wrong end", product(step), s2 / (s2 + 1 + dt)),
    ("square forgotten", product(half, 1, T) ** 2, product(half, 1, T)),
    ("twice forgotten", log(product(half, 1, T) ** 2), total(log(half), 1, T)),
    ("one step more", product(step), product(step, 0, T)),
    ("one step less", total((s2 / (s2 + k * dt)) ** 2), total((s2 / (s2 + k * dt)) ** 2, 1, T)),
    ("sum and product", exp(total(log(step))), total(step)),
    ("square inside", dt * total((s2 / (s2 + k * dt)) ** 2), s2 * dt * total(num(1) / (s2 + k * dt) ** 2)),
    ("shift without its index", total(num(1) / (s2 + k * dt)), total(num(1) / (s2 + k * dt), 1, T)),
    ("T + 1 steps", total(dt, 0, T), 1),
    ("limit to leading order", s2 - s2**3 / (s2 + 1) ** 2, s2),
    ("limit with a lost power", s2 - s2**3 / (s2 + 1) ** 2, s2 - s2**2 / (s2 + 1) ** 2),
    ("Riemann sum for its integral", dt * total(num(1) / (s2 + k * dt)), integral(num(1) / (s2 + u))),
    ("integral with a lost term", integral(s2**2 / (s2 + u) ** 2), s2 - s2**2),
    ("log of a sum", log(s2 + 1), log(s2) + log(num(1))),
    ("contraction without its root", exp(-(log(s2 + 1) - log(s2)) / 2), s2 / (s2 + 1)),
    ("contraction squared", sqrt(s2 / (s2 + 1)), sigma / (1 + sigma)),
    ("variance to leading order", (s2 + 1) * (s2 / (s2 + 1)) ** 2, s2**2),
    ("eta is a half", eta, HALF),
    ("eta to first order", eta, HALF + dt / (8 * t)),
    ("eta with a sign", eta, sqrt(t) * (sqrt(t) + sqrt(t - dt)) / dt),
    ("root of a square, real", sqrt(x**2), x),
    ("log of a square, real", log(x**2), 2 * log(x + 1)),
    ("step with the wrong predictor", x + dt / t * (s2 / (s2 + t) * x - x), (1 - dt / t) * x),
    ("score without its sign", d(log(gauss(x, 0, s2 + t)), x), x / (s2 + t)),
    ("derivative by the standard deviation", d(s2 + t, sigma), 1),
    ("tiny numbers", num(50257) ** -2048, num(50257) ** -2047),
    ("tiny and zero", num(50257) ** -2048, 0),
    ("one and nearly one", 1 + num(50257) ** -2048, 1),
    ("square of a sum", total(fn("b", k)) ** 2, total(fn("b", k) ** 2)),
    ("product of sums", total(fn("b", k)) * total(k), total(k * fn("b", k))),
    ("root of a sum", sqrt(s2 + t), sigma + sqrt(t)),
    ("growth is e", (1 + dt) ** T, exp(num(1))),
    ("log to first order", total(log(half), 1, T), -dt / 2 * total(num(1) / (s2 + k * dt), 1, T)),
    ("index of the product", product(fn(r"\beta", k)), product(fn(r"\beta", t))),
)  # fmt: skip
