r"""True and false identities of Gaussian diffusion and of preference optimisation, as data.

``TRUE`` and ``FALSE`` are lists of (id, left, right, chart). The false ones are slips that people make:
a lost square, an index that is off by one, a sign, a Z that does not cancel.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.term import HALF, PI, Term, TermLike, bind, exp, fn, log, logistic, num, sqrt, sym, term


class Identity(NamedTuple):
    """left = right over a chart."""

    id: str
    left: Term
    right: Term
    chart: Chart


POSITIVE: Final = Domain("real", Bound(num(0), True))
REAL: Final = Domain()
LABEL: Final = Domain("label")

# -- diffusion --------------------------------------------------------------------------------------
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

# -- preferences ------------------------------------------------------------------------------------
beta, yw, yl, y1, y2, theta = (sym(n) for n in (r"\beta", "y_w", "y_l", "y_1", "y_2", r"\theta"))
Y, K = sym(r"\mathcal Y"), sym("K")


def ref(answer: Term) -> Term:
    return fn(r"\pi_{\text{ref}}", answer, x)


def pol(answer: Term) -> Term:
    return fn(r"\pi_\theta", answer, x)


def star(answer: Term) -> Term:
    return fn(r"\pi^*", answer, x)


def r(answer: Term) -> Term:
    return fn("r", x, answer)


def over(body: TermLike) -> Term:
    return bind("sumset", body, y, Y)


Z = fn("Z", x)
PREFERENCE: Final = Chart(
    domains={
        r"\beta": POSITIVE,
        r"\tau": POSITIVE,
        "K": Domain("integer", Bound(num(2))),
        **dict.fromkeys(("x", "y", "y_w", "y_l", "y_1", "y_2"), LABEL),
        r"\theta": REAL,
        "m": REAL,
        "c": REAL,
        "k": Domain("integer", Bound(num(1)), Bound(K)),
    },
    functions={
        r"\pi_{\text{ref}}": Function(("y", "x"), None, "probability"),
        r"\pi_\theta": Function(("y", "x"), None, "probability"),
        "r": Function(("x", "y")),
        "s": Function(("k",)),
        "g": Function(("u",)),
        "h": Function(("u",)),
        "p": Function(("k",), None, "positive"),
        "q": Function(("k",), None, "positive"),
        "Z": Function(("x",), over(ref(y) * exp(r(y) / beta))),
        r"\pi^*": Function(("y", "x"), ref(y) * exp(r(y) / beta) / Z),
    },
)

m = sym("m")
TRUE: Final[list[Identity]] = []
FALSE: Final[list[Identity]] = []


def _same(chart: Chart, *rows: tuple[str, TermLike, TermLike]) -> None:
    TRUE.extend(Identity(name, term(left), term(right), chart) for name, left, right in rows)


def _differ(chart: Chart, *rows: tuple[str, TermLike, TermLike]) -> None:
    FALSE.extend(Identity(name, term(left), term(right), chart) for name, left, right in rows)


def total(body: TermLike, lower: TermLike = 0, upper: TermLike = T - 1) -> Term:
    return bind("sum", body, k, lower, upper)


def product(body: TermLike, lower: TermLike = 0, upper: TermLike = T - 1) -> Term:
    return bind("prod", body, k, lower, upper)


def integral(body: TermLike, lower: TermLike = 0, upper: TermLike = 1) -> Term:
    return bind("int", body, u, lower, upper)


def gauss(value: TermLike, mean: TermLike, variance: TermLike) -> Term:
    v = term(variance)
    return exp(-((term(value) - mean) ** 2) / (2 * v)) / sqrt(2 * PI * v)


def d(body: Term, variable: Term) -> Term:
    return Term("diff", (body, variable))


var = (s2 + t - dt) * dt / (s2 + t)
ratio = (s2 + t - dt) / (s2 + t)
step = (s2 + k * dt) / (s2 + (k + 1) * dt)
half = 1 - dt / (2 * (s2 + k * dt))
eta = sqrt(t) / (sqrt(t - dt) + sqrt(t))
alpha = 1 - fn(r"\beta", k) / (1 + fn(r"\beta", k))

_same(
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

_differ(
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


def softmax(score: Term) -> Term:
    return exp(score) / bind("sum", exp(fn("s", j)), j, 1, K)


def luce(score: Term, other: Term) -> Term:
    return bind("prod", score / bind("sum", other, j, k, K), k, 1, K)


margin = beta * log(pol(yw) / ref(yw)) - beta * log(pol(yl) / ref(yl))
kl_ref = over(pol(y) * log(pol(y) / ref(y)))
kl_star = over(pol(y) * log(pol(y) / star(y)))
gap = fn("g", theta) - fn("h", theta)
loss = -log(logistic(beta * gap))

_same(
    PREFERENCE,
    ("logistic as a fraction", logistic(m), exp(m) / (1 + exp(m))),
    ("logistic and its complement", 1 - logistic(m), logistic(-m)),
    ("log odds", log(logistic(m) / (1 - logistic(m))), m),
    ("log-logistic", log(logistic(m)), -log(1 + exp(-m))),
    ("log-logistic difference", log(logistic(m)) - log(logistic(-m)), m),
    ("tanh", 2 * logistic(2 * m) - 1, fn("tanh", m)),
    ("Bradley-Terry as logistic", exp(r(yw)) / (exp(r(yw)) + exp(r(yl))), logistic(r(yw) - r(yl))),
    ("Bradley-Terry sums to 1", logistic(r(yw) - r(yl)) + logistic(r(yl) - r(yw)), 1),
    ("reward from the policy", beta * log(star(y) / ref(y)) + beta * log(Z), r(y)),
    ("Z cancels", logistic(beta * log(star(yw) / ref(yw)) - beta * log(star(yl) / ref(yl))), logistic(r(yw) - r(yl))),
    ("policy is normalised", over(star(y)), 1),
    ("reference is normalised", over(ref(y)), 1),
    ("objective as a divergence", over(pol(y) * r(y)) - beta * kl_ref, -beta * kl_star + beta * log(Z)),
    ("divided by -beta", kl_ref - over(pol(y) * r(y)) / beta, kl_star - log(Z)),
    ("divergence splits", kl_ref, over(pol(y) * log(pol(y))) - over(pol(y) * log(ref(y)))),
    ("constants leave a mean", over(pol(y) * (r(y) - c)), over(pol(y) * r(y)) - c),
    ("variance of the reward",
     over(pol(y) * (r(y) - over(pol(y) * r(y))) ** 2), over(pol(y) * r(y) ** 2) - over(pol(y) * r(y)) ** 2),
    ("shifted reward, shifted Z", over(ref(y) * exp((r(y) + c) / beta)), exp(c / beta) * Z),
    ("value at the optimum", over(star(y) * r(y)) - beta * over(star(y) * log(star(y) / ref(y))), beta * log(Z)),
    ("policy ratio", star(yw) / star(yl), ref(yw) / ref(yl) * exp((r(yw) - r(yl)) / beta)),
    ("margin as one log", margin, beta * log(pol(yw) * ref(yl) / (ref(yw) * pol(yl)))),
    ("odds as a power", exp(margin), (pol(yw) * ref(yl) / (ref(yw) * pol(yl))) ** beta),
    ("preference as powers",
     logistic(margin), (pol(yw) / ref(yw)) ** beta / ((pol(yw) / ref(yw)) ** beta + (pol(yl) / ref(yl)) ** beta)),
    ("DPO gradient",
     d(loss, theta), -beta * logistic(-beta * gap) * (d(fn("g", theta), theta) - d(fn("h", theta), theta))),
    ("DPO weight", logistic(-beta * gap), 1 - logistic(beta * gap)),
    ("derivative of the logistic", d(logistic(m), m), logistic(m) * (1 - logistic(m))),
    ("second derivative", d(d(log(logistic(m)), m), m), -logistic(m) * logistic(-m)),
    ("log-sum-exp", log(over(ref(y) * exp(r(y) / beta))), log(Z)),
    ("softmax with a shift", exp(fn("s", k) + c) / bind("sum", exp(fn("s", j) + c), j, 1, K), softmax(fn("s", k))),
    ("softmax sums to 1", bind("sum", softmax(fn("s", k)), k, 1, K), 1),
    ("ranking with a shift", luce(exp(fn("s", k) + c), exp(fn("s", j) + c)), luce(exp(fn("s", k)), exp(fn("s", j)))),
    ("ranking, Z cancels", luce((c**2 + 1) * fn("p", k), (c**2 + 1) * fn("p", j)), luce(fn("p", k), fn("p", j))),
    ("ranking, log-likelihood", log(luce(exp(fn("s", k)), exp(fn("s", j)))),
     bind("sum", fn("s", k) - log(bind("sum", exp(fn("s", j)), j, k, K)), k, 1, K)),
    ("ranking, reference cancels in a ratio",
     luce(exp(beta * log(fn("p", k) / fn("q", k))), (fn("p", j) / fn("q", j)) ** beta),
     luce((fn("p", k) / fn("q", k)) ** beta, exp(beta * log(fn("p", j)) - beta * log(fn("q", j))))),
    ("ranking of two", fn("p", 1) / (fn("p", 1) + fn("p", 2)), logistic(log(fn("p", 1)) - log(fn("p", 2)))),
    ("factorials", fn("factorial", K + 1), (K + 1) * fn("factorial", K)),
    ("entropy of the optimum", -over(star(y) * log(star(y))), log(Z) - over(star(y) * (log(ref(y)) + r(y) / beta))),
)  # fmt: skip

_differ(
    PREFERENCE,
    ("logistic and its opposite", 1 - logistic(m), -logistic(m)),
    ("log odds with a sign", log(logistic(m) / (1 - logistic(m))), -m),
    ("log-logistic with a sign", log(logistic(m)), -log(1 + exp(m))),
    ("softplus", log(1 + exp(m)), m),
    ("Bradley-Terry turned round", exp(r(yw)) / (exp(r(yw)) + exp(r(yl))), logistic(r(yl) - r(yw))),
    ("Bradley-Terry of a sum", exp(r(yw)) / (exp(r(yw)) + exp(r(yl))), logistic(r(yw) + r(yl))),
    ("reward without Z", beta * log(star(y) / ref(y)), r(y)),
    ("reward with Z of the wrong sign", beta * log(star(y) / ref(y)) - beta * log(Z), r(y)),
    ("reward without beta", log(star(y) / ref(y)) + log(Z), r(y)),
    ("Z remains", logistic(beta * log(star(yw) / ref(yw)) - beta * log(Z)), logistic(r(yw))),
    ("policy without reference", star(y), exp(r(y) / beta) / Z),
    ("policy with beta above", star(y), ref(y) * exp(beta * r(y)) / Z),
    ("unnormalised policy", over(ref(y) * exp(r(y) / beta)), 1),
    ("objective without Z", over(pol(y) * r(y)) - beta * kl_ref, -beta * kl_star),
    ("objective without beta", over(pol(y) * r(y)) - beta * kl_ref, -kl_star + log(Z)),
    ("divergence turned round", kl_ref, over(ref(y) * log(ref(y) / pol(y)))),
    ("mean of a product", over(pol(y) * r(y) ** 2), over(pol(y) * r(y)) ** 2),
    ("log inside the mean", log(over(ref(y) * exp(r(y) / beta))), over(ref(y) * r(y)) / beta),
    ("shifted reward, same Z", over(ref(y) * exp((r(y) + c) / beta)), Z),
    ("policy ratio without reference", star(yw) / star(yl), exp((r(yw) - r(yl)) / beta)),
    ("margin without reference", margin, beta * log(pol(yw) / pol(yl))),
    ("margin turned round", margin, beta * log(pol(yl) * ref(yw) / (ref(yl) * pol(yw)))),
    ("odds without beta", exp(margin), pol(yw) * ref(yl) / (ref(yw) * pol(yl))),
    ("beta inside", logistic(beta * gap), beta * logistic(gap)),
    ("DPO weight with a sign", logistic(-beta * gap), logistic(beta * gap)),
    ("derivative of the logistic, once", d(logistic(m), m), logistic(m)),
    ("derivative with a sign", d(log(logistic(m)), m), -logistic(-m)),
    ("softmax with one shift", exp(fn("s", k) + c) / bind("sum", exp(fn("s", j)), j, 1, K), softmax(fn("s", k))),
    ("softmax from 0", softmax(fn("s", K)), exp(fn("s", K)) / bind("sum", exp(fn("s", j)), j, 0, K)),
    ("ranking with one Z", luce(fn("p", k), 2 * fn("p", j)), luce(fn("p", k), fn("p", j))),
    ("ranking by pairs", luce(fn("p", k), fn("p", j)),
     bind("prod", bind("prod", fn("p", k) / (fn("p", k) + fn("p", j)), j, k + 1, K), k, 1, K)),
    ("ranking over all", luce(exp(fn("s", k)), exp(fn("s", j))), bind("prod", softmax(fn("s", k)), k, 1, K)),
    ("ranking without its last",
     luce(fn("p", k), fn("p", j)), bind("prod", fn("p", k) / bind("sum", fn("p", j), j, k, K - 1), k, 1, K - 1)),
    ("factorials off by one", fn("factorial", K + 1), K * fn("factorial", K)),
    ("two answers are one", pol(yw), pol(yl)),
    ("arguments turned round", r(yw), fn("r", yw, x)),
    ("temperature", exp(m / beta), exp(m) ** beta),
    ("value at the optimum without a log",
     over(star(y) * r(y)) - beta * over(star(y) * log(star(y) / ref(y))), beta * Z),
)  # fmt: skip
