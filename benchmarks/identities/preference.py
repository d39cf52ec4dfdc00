r"""Preference optimisation: policies, rewards, Bradley-Terry and Plackett-Luce."""

from __future__ import annotations

from typing import Final

from identities.common import LABEL, POSITIVE, REAL, Identity, d, listed

from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.term import Term, TermLike, bind, exp, fn, log, logistic, num, sym

x, y, c, k, j = map(sym, "xyckj")
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


def softmax(score: Term) -> Term:
    return exp(score) / bind("sum", exp(fn("s", j)), j, 1, K)


def luce(score: Term, other: Term) -> Term:
    return bind("prod", score / bind("sum", other, j, k, K), k, 1, K)


margin = beta * log(pol(yw) / ref(yw)) - beta * log(pol(yl) / ref(yl))
kl_ref = over(pol(y) * log(pol(y) / ref(y)))
kl_star = over(pol(y) * log(pol(y) / star(y)))
gap = fn("g", theta) - fn("h", theta)
loss = -log(logistic(beta * gap))

TRUE: Final[list[Identity]] = listed(
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

FALSE: Final[list[Identity]] = listed(
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
