r"""The partition function cancels in Plackett–Luce rankings (homework 13, 2g).

With :math:`r(x, y) = \beta \log\frac{\pi^*(y|x)}{\pi_{\text{ref}}(y|x)} + \beta \log Z(x)` and any ranking
:math:`\tau` of K answers,

$$p(\tau \mid y_1, \dots, y_K, x)
  = \prod_{k=1}^{K} \frac{e^{r(x, y_{\tau(k)})}}{\sum_{j=k}^{K} e^{r(x, y_{\tau(j)})}}
  = \prod_{k=1}^{K} \frac{\left(\pi^*(y_{\tau(k)}|x) / \pi_{\text{ref}}(y_{\tau(k)}|x)\right)^\beta}
                         {\sum_{j=k}^{K} \left(\pi^*(y_{\tau(j)}|x) / \pi_{\text{ref}}(y_{\tau(j)}|x)\right)^\beta}$$

For K = 2 this is the Bradley–Terry model. The probabilities of all rankings of 2 or 3 answers add up to 1, and those of
K answers do where those of any K - 1 of them do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Final

from derive.catalogue.preference import BETA, LABEL, D, X, Y, abstract, optimal, partition, reference, reward, trained
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, ZERO, Term, TermLike, add, bind, exp, fn, log, logistic, mul, num, sym, term

ID = "preference/plackett_luce"
ALIASES = ("hw13/2g",)
SOURCE = "homework 13, 2g"
TITLE = "The partition function cancels in rankings"
GENERAL = ("weight", "factor", "ranking")

COUNT, PLACE, LATER = sym("K"), sym("k"), sym("j")


def answer(rank: TermLike) -> Term:
    """The answer that the ranking puts in this place."""
    return fn("y", fn(r"\tau", term(rank)))


def ratio(rank: TermLike) -> Term:
    """What the policy has made of the reference policy at that answer."""
    return optimal(answer(rank), X) / reference(answer(rank), X)


def score(rank: TermLike) -> Term:
    """The reward without the partition function."""
    return BETA * log(ratio(rank))


def _chart() -> Chart:
    one, other = sym("y_0"), sym("x_0")
    value = BETA * log(optimal(one, other) / reference(one, other)) + BETA * log(partition(other))
    functions = {
        "y": Function(("i",)),
        r"\tau": Function(("i",)),
        optimal(one, other).name: Function((one.name, other.name), None, "positive"),
        reference(one, other).name: Function((one.name, other.name), None, "positive"),
        partition(other).name: Function((other.name,), None, "positive"),
        reward(other, one).name: Function((other.name, one.name), value),
    }
    domains = {BETA.name: Domain("real", Bound(ZERO, True)), X.name: LABEL}
    return Chart({**domains, COUNT.name: Domain("integer", Bound(ONE))}, functions)


CHART: Final = _chart()
r"""Answers :math:`y_1, \dots, y_K` in the order :math:`\tau`, any positive policies and any :math:`Z(x) > 0`."""
PLACED: Final = CHART.extend(domains={PLACE.name: Domain("integer", Bound(ONE), Bound(COUNT))})
LISTED: Final = PLACED.extend(domains={LATER.name: Domain("integer", Bound(PLACE), Bound(COUNT))})
WEIGHED: Final = CHART.extend(functions={"w": Function(("i",), None, "positive"), "R": Function(("i",))})
FIRST: Final = WEIGHED.extend(domains={PLACE.name: Domain("integer", Bound(ONE), Bound(COUNT))})


def of_reward(rank: TermLike) -> Term:
    """The weight of an answer by its reward."""
    return exp(reward(X, answer(rank)))


def of_policy(rank: TermLike) -> Term:
    """Its weight by the policies."""
    return ratio(rank) ** BETA


def share(weight: Sequence[Term]) -> Term:
    """How probable it is that the first of some answers is chosen from all of them."""
    return weight[0] / add(*weight)


def ratio_of(y: Term) -> Term:
    """What the trained policy has made of the reference policy at a named answer."""
    return trained(y, X) / reference(y, X)


RANKED: Final = D["y_1", "y_2", "y_3"]
NAMED: Final = Chart(
    {BETA.name: CHART.domains[BETA.name], **dict.fromkeys((X.name, *(y.name for y in RANKED)), LABEL)},
    abstract(trained(Y, X), reference(Y, X), positive=(partition(X),)),
)
_WEIGHTS: Final = [ratio_of(y) ** BETA for y in RANKED]
RANKING: Final = share(_WEIGHTS) * share(_WEIGHTS[1:])


def cancelled(c: Chain) -> Fact:
    """The probability of a ranking, in the policies alone."""
    rest = bind("sum", of_reward(LATER), LATER, PLACE, COUNT)
    weight = c.because(
        "e^(β log u + β log Z) = Z^β u^β",
        rules.equal,
        of_reward(LATER),
        partition(X) ** BETA * of_policy(LATER),
        LISTED,
    )
    c.result("weight", weight)
    sums = c.because("for every answer that is left", rules.termwise, weight, rest, PLACED)
    out = partition(X) ** BETA * bind("sum", of_policy(LATER), LATER, PLACE, COUNT)
    sums = c.because("Z^β leaves the sum", rules.restate, sums, right=out)
    top = c.because("the answer in place k", rules.instantiate, weight, {LATER.name: PLACE}, PLACED)
    one, other = sym("u"), sym("v")
    divided = c.because("their quotient", rules.congruent, one / other, {one.name: top, other.name: sums})
    factor = of_policy(PLACE) / bind("sum", of_policy(LATER), LATER, PLACE, COUNT)
    divided = c.because("Z^β cancels", rules.restate, divided, right=factor)
    c.result("factor", divided)
    series = bind("prod", divided.left, PLACE, ONE, COUNT)
    return c.because("in every factor", rules.termwise, divided, series, CHART)


def two(c: Chain, ranking: Fact) -> None:
    """The case of two answers."""
    pair = c.because("two answers", rules.instantiate, ranking, {COUNT.name: num(2)}, CHART)
    closed = logistic(score(ONE) - score(num(2)))
    c.result("two answers", c.because("the last factor is 1", rules.restate, pair, right=closed))


def weight(rank: TermLike) -> Term:
    """Any positive weight of an answer."""
    return fn("w", term(rank))


def rest(first: TermLike) -> Term:
    """The probabilities of all rankings of the answers other than the first one, added up."""
    return fn("R", term(first))


def all_rankings(c: Chain, number: int) -> None:
    """That the probabilities of all rankings of a few answers add up to 1."""
    weights = [weight(i) for i in range(1, number + 1)]
    parts = [mul(*(share(order[i:]) for i in range(number))) for order in permutations(weights)]
    c.result(f"all rankings of {number}", c.because("common denominators", rules.equal, add(*parts), ONE, WEIGHED))


def one_more(c: Chain) -> None:
    """That the rankings of K answers add up to 1 where those of any K - 1 of them do."""
    whole = bind("sum", weight(LATER), LATER, ONE, COUNT)
    known = c.given(Claim("=", rest(PLACE), ONE, FIRST), "the rankings of the other answers add up to 1")
    place = sym("u")
    form = weight(PLACE) / whole * place
    part = c.because("those that begin with one answer", rules.congruent, form, {place.name: known})
    series = bind("sum", part.left, PLACE, ONE, COUNT)
    summed = c.because("over the first answer", rules.termwise, part, series, WEIGHED)
    c.result("one answer more", c.because("the weights over their sum", rules.restate, summed, right=ONE))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    ranking = c.result("ranking", cancelled(c))
    two(c, ranking)
    all_rankings(c, 2)
    all_rankings(c, 3)
    one_more(c)
    values = [exp(BETA * log(ratio_of(y)) + BETA * log(partition(X))) for y in RANKED]
    three = share(values) * share(values[1:])
    c.result("three answers", c.because("Z cancels twice", rules.equal, three, RANKING, NAMED))
    return c


def quantities() -> Mapping[str, Term]:
    """What simulated rankings of three answers estimate, for any Z."""
    return {"ranking": RANKING}
