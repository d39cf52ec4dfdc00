r"""The partition function cancels in Plackett–Luce rankings (homework 13, 2g).

With :math:`r(x, y) = \beta \log\frac{\pi^*(y|x)}{\pi_{\text{ref}}(y|x)} + \beta \log Z(x)` and any ranking
:math:`\tau` of K answers,

$$p(\tau \mid y_1, \dots, y_K, x)
  = \prod_{k=1}^{K} \frac{e^{r(x, y_{\tau(k)})}}{\sum_{j=k}^{K} e^{r(x, y_{\tau(j)})}}
  = \prod_{k=1}^{K} \frac{\left(\pi^*(y_{\tau(k)}|x) / \pi_{\text{ref}}(y_{\tau(k)}|x)\right)^\beta}
                         {\sum_{j=k}^{K} \left(\pi^*(y_{\tau(j)}|x) / \pi_{\text{ref}}(y_{\tau(j)}|x)\right)^\beta}$$

For K = 2 this is the Bradley–Terry model. The probabilities of all rankings add up to 1: of 2 and 3 answers written
out, and of any number by induction, with :math:`w(s, i)` the weight of the i-th answer that is left in a state s and
:math:`R(m, s)` the sum over all rankings of the m answers left,

$$R(m+1, s) = \sum_{k=1}^{m+1} \frac{w(s, k)}{\sum_{j=1}^{m+1} w(s, j)}\, R(m, \nu(s, k)), \qquad R(m, s) = 1.$$
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
STATE, NUMBER = sym("s"), sym("m")


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
WEIGHED: Final = CHART.extend(functions={"w": Function(("i",), None, "positive")})
NONE_LEFT: Final = Chart(
    {STATE.name: Domain()},
    {
        "w": Function(("a", "i"), None, "positive"),
        r"\nu": Function(("a", "i")),
        "R": Function(("i", "a")),
    },
)
r"""A state s, which says what answers are left, their weights, and the state :math:`\nu(s, i)` after the i-th."""
LEFT: Final = NONE_LEFT.extend(domains={NUMBER.name: Domain("integer", Bound(ZERO))})


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


def all_rankings(c: Chain, number: int) -> None:
    """That the probabilities of all rankings of a few answers add up to 1."""
    weights = [weight(i) for i in range(1, number + 1)]
    parts = [mul(*(share(order[i:]) for i in range(number))) for order in permutations(weights)]
    c.result(f"all rankings of {number}", c.because("common denominators", rules.equal, add(*parts), ONE, WEIGHED))


def left(place: TermLike) -> Term:
    """The weight of an answer that is left in the state s, counted from 1."""
    return fn("w", STATE, term(place))


def rankings(number: TermLike, state: Term) -> Term:
    """The probabilities of all rankings of the answers that are left in a state, added up."""
    return fn("R", term(number), state)


def every_ranking(c: Chain) -> Fact:
    """That the rankings of K answers add up to 1, by induction for all states at once."""
    whole = bind("sum", left(LATER), LATER, ONE, NUMBER + 1)
    after = fn(r"\nu", STATE, PLACE)
    series = bind("sum", left(PLACE) / whole * rankings(NUMBER, after), PLACE, ONE, NUMBER + 1)
    first = c.given(Claim("=", rankings(NUMBER + 1, STATE), series, LEFT), "by the first answer, in any state")
    base = c.given(Claim("=", rankings(0, STATE), ONE, NONE_LEFT), "of no answers there is one ranking")
    claim = Claim("=", rankings(NUMBER, STATE), ONE, LEFT)
    known = c.because("induction hypothesis, in every state", rules.suppose, claim, [STATE.name])
    chosen = LEFT.extend(domains={PLACE.name: Domain("integer", Bound(ONE), Bound(NUMBER + 1))})
    others = c.because("in the state after the first choice", rules.instantiate, known, {STATE.name: after}, chosen)
    place = sym("u")
    part = c.because("times its probability", rules.congruent, left(PLACE) / whole * place, {place.name: others})
    summed = c.because("over the first answer", rules.termwise, part, series, LEFT)
    summed = c.because("the weights over their sum", rules.restate, summed, right=ONE)
    step = c.because("one answer more", rules.transitive, first, summed)
    return c.because("for every number of answers", rules.induction, base, step, claim, NUMBER.name)


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    ranking = c.result("ranking", cancelled(c))
    two(c, ranking)
    all_rankings(c, 2)
    all_rankings(c, 3)
    c.result("all rankings", every_ranking(c))
    values = [exp(BETA * log(ratio_of(y)) + BETA * log(partition(X))) for y in RANKED]
    three = share(values) * share(values[1:])
    c.result("three answers", c.because("Z cancels twice", rules.equal, three, RANKING, NAMED))
    return c


def quantities() -> Mapping[str, Term]:
    """What simulated rankings of three answers estimate, for any Z."""
    return {"ranking": RANKING}
