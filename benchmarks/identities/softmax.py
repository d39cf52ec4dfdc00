r"""Softmax, tempered policies, and ratios of policies, over a finite set."""

from __future__ import annotations

from typing import Final

from identities.common import LABEL, POSITIVE, REAL, Identity, d, listed

from derive.kernel.chart import Chart, Function
from derive.kernel.term import Term, TermLike, bind, exp, fn, log, logistic, sym

beta, tau, c, x, y, z, w, Y = (sym(s) for s in (r"\beta", r"\tau", "c", "x", "y", "z", "w", r"\mathcal Y"))
SOFTMAX: Final = Chart(
    domains={
        **dict.fromkeys((r"\beta", r"\tau"), POSITIVE),
        "c": REAL,
        **dict.fromkeys("xyz", LABEL),
    },
    functions={
        "s": Function(("y",)),
        "r": Function(("y",)),
        "p": Function(("y", "x"), None, "probability"),
        "q": Function(("y", "x"), None, "probability"),
    },
)


def s(answer: Term) -> Term:
    return fn("s", answer)


def r(answer: Term) -> Term:
    return fn("r", answer)


def p(answer: Term) -> Term:
    return fn("p", answer, x)


def q(answer: Term) -> Term:
    return fn("q", answer, x)


def over(body: TermLike, variable: Term = w) -> Term:
    return bind("sumset", body, variable, Y)


Z = over(exp(s(w)))
soft = exp(s(y)) / Z
tilted = q(y) * exp(r(y) / beta) / over(q(w) * exp(r(w) / beta))
mean = over(p(w) * r(w))

TRUE: Final[list[Identity]] = listed(
    SOFTMAX,
    ("sums to 1", over(soft, y), 1),
    ("any shift", exp(s(y) - c) / over(exp(s(w) - c)), soft),
    ("shift by the log of the sum", exp(s(y) - log(Z)), soft),
    ("log", log(soft), s(y) - log(Z)),
    ("difference of logs", log(soft) - log(exp(s(z)) / Z), s(y) - s(z)),
    ("two of many", exp(s(y)) / (exp(s(y)) + exp(s(z))), logistic(s(y) - s(z))),
    ("temperature", exp(s(y)) ** (1 / tau) / over(exp(s(w)) ** (1 / tau)), exp(s(y) / tau) / over(exp(s(w) / tau))),
    ("tilt is a softmax", tilted, exp(log(q(y)) + r(y) / beta) / over(exp(log(q(w)) + r(w) / beta))),
    ("tilt sums to 1", over(tilted, y), 1),
    ("reward again", beta * log(tilted / q(y)) + beta * log(over(q(w) * exp(r(w) / beta))), r(y)),
    ("tilt of a shifted reward", q(y) * exp((r(y) + c) / beta) / over(q(w) * exp((r(w) + c) / beta)), tilted),
    ("mean of a constant", over(p(w) * c), c),
    ("mean of an advantage", over(p(w) * (r(w) - mean)), 0),
    ("variance in two forms", over(p(w) * (r(w) - mean) ** 2), over(p(w) * r(w) ** 2) - mean**2),
    ("importance weights", over(q(w) * (p(w) / q(w))), 1),
    ("divergence in two forms", over(p(w) * log(p(w) / q(w))), over(p(w) * log(p(w))) - over(p(w) * log(q(w)))),
    ("cross entropy", -over(p(w) * log(q(w))), over(p(w) * log(p(w) / q(w))) - over(p(w) * log(p(w)))),
    ("chi-square", over((p(w) - q(w)) ** 2 / q(w)), over(p(w) ** 2 / q(w)) - 1),
    ("unnamed label", over(p(w) * r(w)), over(p(y) * r(y), y)),
    ("mixture", over((p(w) + q(w)) / 2 * r(w)), (mean + over(q(w) * r(w))) / 2),
    ("odds of a pair", logistic(beta * log(p(y) / q(y)) - beta * log(p(z) / q(z))),
     (p(y) * q(z)) ** beta / ((p(y) * q(z)) ** beta + (p(z) * q(y)) ** beta)),
    ("log-loss of a pair", -log(logistic(r(y) - r(z))), log(1 + exp(r(z) - r(y)))),
    ("slope of the free energy", d(log(over(q(w) * exp(c * r(w)))), c),
     over(q(w) * r(w) * exp(c * r(w))) / over(q(w) * exp(c * r(w)))),
)  # fmt: skip

FALSE: Final[list[Identity]] = listed(
    SOFTMAX,
    ("sums to more", over(soft, y), 2),
    ("shift of one side", exp(s(y) - c) / Z, soft),
    ("log without its sum", log(soft), s(y)),
    ("log of the sum with a sign", log(soft), s(y) + log(Z)),
    ("two of many, all of them", soft, logistic(s(y) - s(z))),
    ("temperature above", exp(s(y) / tau) / over(exp(s(w) / tau)), exp(tau * s(y)) / over(exp(tau * s(w)))),
    ("temperature outside", exp(s(y) / tau) / over(exp(s(w) / tau)), soft ** (1 / tau)),
    ("tilt without a reference", tilted, exp(r(y) / beta) / over(exp(r(w) / beta))),
    ("tilt with a lost beta", tilted, q(y) * exp(r(y)) / over(q(w) * exp(r(w)))),
    ("reward with a sign", beta * log(q(y) / tilted) - beta * log(over(q(w) * exp(r(w) / beta))), r(y)),
    ("mean of a square", over(p(w) * r(w) ** 2), mean**2),
    ("mean under the other policy", over(p(w) * r(w)), over(q(w) * r(w))),
    ("advantage without its mean", over(p(w) * r(w)) - over(p(w) * (r(w) - mean)), 0),
    ("importance weights turned round", over(p(w) * (p(w) / q(w))), 1),
    ("divergence with a sign", over(p(w) * log(p(w) / q(w))), over(p(w) * log(q(w) / p(w)))),
    ("divergence, log outside", over(p(w) * log(p(w) / q(w))), log(over(p(w) * p(w) / q(w)))),
    ("chi-square without the one", over((p(w) - q(w)) ** 2 / q(w)), over(p(w) ** 2 / q(w))),
    ("product of means", over(p(w) * r(w) * s(w)), mean * over(p(w) * s(w))),
    ("odds of a pair turned round", logistic(r(y) - r(z)), logistic(r(z) - r(y))),
    ("slope with a lost mean", d(log(over(q(w) * exp(c * r(w)))), c), over(q(w) * r(w) * exp(c * r(w)))),
)  # fmt: skip
