r"""A loss on one pair is not the likelihood of a ranking (homework 13, 2g).

The loss printed at the end of the problem compares two places of the ranking. With
:math:`s_k = \beta \log\frac{\pi_\theta(y_{\tau(k)}|x)}{\pi_{\text{ref}}(y_{\tau(k)}|x)}` the log-likelihood is

$$\sum_{k=1}^{K} \Bigl(s_k - \log \sum_{j=k}^{K} e^{s_j}\Bigr),$$

which is :math:`\log\sigma(s_1 - s_2)` for K = 2. For K = 3 it is that of no pair, nor of all pairs together.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.term import ONE, Term, TermLike, add, bind, exp, fn, log, logistic, num, sym, term

ID = "errata/preference_pairwise_loss"
ALIASES = ("errata/hw13/2g",)
SOURCE = "homework 13, 2g, problem"
TITLE = "The pairwise loss on rankings"
GENERAL = ("logarithm of the likelihood", "two answers")
ERRATUM = (
    r"The loss printed for rankings, $-\log \sigma$ of one difference of implicit rewards, is the negative "
    r"log-likelihood only "
    "for $K = 2$. The likelihood of a ranking of $K$ answers is the product of $K$ factors, each with its own sum."
)

COUNT, PLACE, LATER = sym("K"), sym("k"), sym("j")
CHART: Final = Chart({COUNT.name: Domain("integer", Bound(ONE))}, {"s": Function(("i",))})
THREE: Final = Chart({name: Domain() for name in ("s_1", "s_2", "s_3")})
SCORES: Final = tuple(map(sym, THREE.domains))


def score(rank: TermLike) -> Term:
    """The implicit reward of the answer in this place."""
    return fn("s", term(rank))


def log_likelihood(last: TermLike) -> Term:
    """The logarithm of the probability of a ranking."""
    left = bind("sum", exp(score(LATER)), LATER, PLACE, last)
    return bind("sum", score(PLACE) - log(left), PLACE, ONE, last)


def likelihood(last: TermLike) -> Term:
    """The probability of a ranking, by the implicit rewards."""
    left = bind("sum", exp(score(LATER)), LATER, PLACE, last)
    return bind("prod", exp(score(PLACE)) / left, PLACE, ONE, last)


def of_three() -> Term:
    """The log-likelihood of a ranking of three answers."""
    one, two, three = SCORES
    return one - log(exp(one) + exp(two) + exp(three)) + two - log(exp(two) + exp(three))


def prove() -> Chain:
    """The refutation, and what holds."""
    c = Chain(CHART)
    logarithm = c.because("log of a product", rules.equal, log(likelihood(COUNT)), log_likelihood(COUNT), CHART)
    c.result("logarithm of the likelihood", logarithm)
    pair = log(logistic(score(1) - score(2)))
    c.result("two answers", c.because("K = 2", rules.equal, log_likelihood(num(2)), pair, CHART))
    for one, other in combinations(SCORES, 2):
        alone = log(logistic(one - other))
        refuted = c.because("K = 3: not this pair", rules.unequal, of_three(), alone, THREE)
        c.result(f"not the pair {one.name}, {other.name}", refuted)
    pairs = add(*(log(logistic(one - other)) for one, other in combinations(SCORES, 2)))
    c.result("nor all pairs", c.because("K = 3: not all pairs", rules.unequal, of_three(), pairs, THREE))
    return c


def quantities() -> Mapping[str, Term]:
    """The log-likelihood of a ranking of three."""
    return {"log-likelihood": of_three()}
