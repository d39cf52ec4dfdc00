r"""The gradient of the truncated objective with stop-gradient (lecture, ScaleRL).

Number the tokens of all generations from 1 to N. Token n has the advantage :math:`A_n` of its generation, the
probability :math:`\pi_{\text{gen}}(n)` under the policy that generated it, and :math:`\bar\pi(n)`, which is
:math:`\pi_\theta(n)` at the present parameters, held fixed: that is what stopping the gradient means. With
:math:`\rho_n = \bar\pi(n) / \pi_{\text{gen}}(n)`,

$$\frac{\partial}{\partial\theta} \frac1N \sum_{n=1}^{N} \min(\rho_n, \varepsilon)\, A_n \log\pi_\theta(n)
  = \frac1N \sum_{n=1}^{N} \min(\rho_n, \varepsilon)\, A_n \frac{\partial \log\pi_\theta(n)}{\partial\theta}$$

A truncated token keeps the weight :math:`\varepsilon`, while the clipped objective of PPO,
:math:`\min(uA, (1 + \varepsilon)A)`, is constant in the ratio :math:`u > 1 + \varepsilon` where :math:`A > 0`. Without
stop-gradient and truncation, a term :math:`\rho_n A_n \log\pi_\theta(n)` has the weight
:math:`\rho_n A_n (1 + \log\pi_\theta(n))` instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.policy import THETA
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, ZERO, Term, bind, fn, log, mul, sym

ID = "policy/scale_rl"
ALIASES = ("lecture/scale-rl",)
SOURCE = "lecture, ScaleRL objective"
TITLE = "Truncated weights with stop-gradient"
GENERAL = ("gradient",)

COUNT, TOKEN, ANY, CAP, RATIO, ADVANTAGE = map(sym, ("N", "n", "a", r"\varepsilon", "u", "A"))
POSITIVE: Final = Domain("real", Bound(ZERO, True))


def policy(token: Term) -> Term:
    """The probability of a token under the trained policy."""
    return fn(r"\pi_\theta", token)


def slope(token: Term) -> Term:
    """Its derivative."""
    return fn(r"\dot\pi_\theta", token)


def frozen(token: Term) -> Term:
    """The same probability at the present parameters, held fixed."""
    return fn(r"\bar\pi", token)


def generator(token: Term) -> Term:
    """Its probability under the policy that generated it."""
    return fn(r"\pi_{\text{gen}}", token)


def advantage(token: Term) -> Term:
    """The advantage of the generation that the token belongs to."""
    return fn("A", token)


def weight(token: Term) -> Term:
    """The truncated ratio."""
    return fn("min", frozen(token) / generator(token), CAP)


FUNCTIONS: Final = {
    **{f(ANY).name: Function(("i",), None, "positive") for f in (policy, frozen, generator)},
    **{f(ANY).name: Function(("i",)) for f in (slope, advantage)},
}
CHART: Final = Chart(
    {THETA.name: Domain(), ANY.name: Domain(), CAP.name: POSITIVE, COUNT.name: Domain("integer", Bound(ONE))}, FUNCTIONS
)
AT_TOKEN: Final = CHART.extend(domains={TOKEN.name: Domain("integer", Bound(ONE), Bound(COUNT))})
LARGER: Final = Chart({CAP.name: POSITIVE, RATIO.name: Domain("real", Bound(CAP))})
SMALLER: Final = Chart({CAP.name: POSITIVE, RATIO.name: Domain("real", Bound(ZERO, True), Bound(CAP))})
CLIPPED: Final = Chart(
    {CAP.name: POSITIVE, ADVANTAGE.name: POSITIVE, RATIO.name: Domain("real", Bound(ONE + CAP, True))}
)


def over_tokens(body: Term) -> Term:
    """The mean over all tokens."""
    return ONE / COUNT * bind("sum", body, TOKEN, ONE, COUNT)


SLOPES: Final = over_tokens(mul(weight(TOKEN), advantage(TOKEN), slope(TOKEN) / policy(TOKEN)))


def by_score(c: Chain, known: Fact, chart: Chart) -> Fact:
    """The slope over the policy is the derivative of the logarithm, for any token."""
    here = c.because("for any token", rules.instantiate, known, {}, chart)
    found = c.because("the chain rule", rules.gradient, log(policy(TOKEN)), THETA.name, [here], chart)
    return c.because("read from right to left", rules.symmetric, found)


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    differentiable = Claim("=", Term("diff", (policy(ANY), THETA)), slope(ANY), CHART)
    known = c.given(differentiable, "the policy is differentiable; call its derivative so", [ANY])
    scores = by_score(c, known, AT_TOKEN)
    place = sym("v")
    form = mul(weight(TOKEN), advantage(TOKEN), place)
    each = c.because("slope over policy is the score", rules.congruent, form, {place.name: scores})
    summed = c.because("for every token", rules.termwise, each, bind("sum", each.left, TOKEN, ONE, COUNT), CHART)
    summed = c.because("their mean", rules.congruent, ONE / COUNT * place, {place.name: summed})
    objective = over_tokens(mul(weight(TOKEN), advantage(TOKEN), log(policy(TOKEN))))
    found = c.because("the weights are held fixed", rules.gradient, objective, THETA.name, [known], CHART)
    found = c.result("gradient by slopes", c.because("with the slopes", rules.restate, found, right=SLOPES))
    found = c.because("slope over policy", rules.restate, found, right=summed.left)
    c.result("gradient", c.because("by the scores", rules.transitive, found, summed))
    truncated(c)
    moving(c, known)
    return c


def truncated(c: Chain) -> None:
    """What truncation does, here and in PPO."""
    cut = fn("min", RATIO, CAP)
    c.result("truncated", c.because("the ratio is larger", rules.equal, cut, CAP, LARGER))
    c.result("not truncated", c.because("the ratio is smaller", rules.equal, cut, RATIO, SMALLER))
    clipped = fn("min", RATIO * ADVANTAGE, (ONE + CAP) * ADVANTAGE)
    flat = c.because("the ratio is clipped", rules.equal, clipped, (ONE + CAP) * ADVANTAGE, CLIPPED)
    c.result("clipped as in PPO", flat)
    c.result("slope as in PPO", c.because("it is constant", rules.gradient, flat.right, RATIO.name, [], CLIPPED))


def moving(c: Chain, known: Fact) -> None:
    """The weight of a token whose ratio is not held fixed."""
    term = policy(ANY) / generator(ANY) * advantage(ANY) * log(policy(ANY))
    other = c.because("the product rule", rules.gradient, term, THETA.name, [known], CHART)
    whole = advantage(ANY) / generator(ANY) * (ONE + log(policy(ANY))) * slope(ANY)
    c.result("without stop-gradient", c.because("joined", rules.restate, other, right=whole))


def quantities() -> Mapping[str, Term]:
    """What tokens drawn from the batch estimate."""
    return {"gradient": SLOPES}
