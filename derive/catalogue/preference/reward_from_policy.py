r"""The reward from the optimal policy, and back (homework 13, 2d).

From :math:`\pi^*(y|x) = \frac{1}{Z(x)}\pi_{\text{ref}}(y|x) e^{r(x, y)/\beta}`,

$$r(x, y) = \beta \log\frac{\pi^*(y|x)}{\pi_{\text{ref}}(y|x)} + \beta \log Z(x),$$

and back. The policy determines the reward up to a term :math:`c(x)`: rewards that differ by such a term have the
same optimal policy, and rewards with the same optimal policy differ by such a term.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.preference import (
    BETA,
    CHART,
    FUNCTIONS,
    LABEL,
    X,
    Y,
    abstract,
    expectation,
    members,
    optimal,
    partition,
    reference,
    reward,
    total,
)
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Chart, Function
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, Term, exp, fn, log, sym

ID = "preference/reward_from_policy"
ALIASES = ("hw13/2d", "dpo-page/3a")
SOURCE = "homework 13, 2d; DPO page, section 3"
TITLE = "The reward from the optimal policy"
GENERAL = ("policy of a shifted reward",)

PLACE: Final = sym("u")
HERE: Final = members(CHART)
OTHER: Final = r"\tilde r"
SHIFT: Final = fn("c", X)


def _any_policy() -> Chart:
    """Any positive policy and any positive Z(x)."""
    functions = {
        **abstract(reference(Y, X), positive=(optimal(Y, X), partition(X))),
        reward(X, Y).name: FUNCTIONS[reward(X, Y).name],
    }
    return members(Chart({BETA.name: CHART.domains[BETA.name], X.name: LABEL}, functions))


ANY: Final = _any_policy()


def other(prompt: Term, answer: Term) -> Term:
    """A second reward."""
    return fn(OTHER, prompt, answer)


def gibbs(value: Term, normaliser: Term) -> Term:
    """The policy that is the reference policy, weighted by the exponential of the reward."""
    return ONE / normaliser * reference(Y, X) * exp(value / BETA)


def implied() -> Term:
    """The reward that a policy and Z(x) imply."""
    return BETA * log(optimal(Y, X) / reference(Y, X)) + BETA * log(partition(X))


def inverted(c: Chain, policy: Fact) -> Fact:
    """The reward, from what the policy is."""
    logs = c.because("logarithms of both sides", rules.congruent, log(PLACE), {PLACE.name: policy})
    known = log(optimal(Y, X))
    tidy = log(reference(Y, X)) + reward(X, Y) / BETA - log(partition(X))
    logs = c.because("the logarithm of a product", rules.restate, logs, known, tidy)
    solved = BETA * (PLACE - log(reference(Y, X)) + log(partition(X)))
    moved = c.because("solved for the reward", rules.congruent, solved, {PLACE.name: logs})
    turned = c.because("read from right to left", rules.symmetric, moved)
    return c.because("joined to one logarithm", rules.restate, turned, reward(X, Y), implied())


def restored(c: Chain, value: Fact) -> Fact:
    """The policy, from what the reward is."""
    back = c.because("into the weight", rules.congruent, gibbs(PLACE, partition(X)), {PLACE.name: value})
    turned = c.because("read from right to left", rules.symmetric, back)
    return c.because("the weight of that reward", rules.restate, turned, optimal(Y, X))


def same_policy() -> Chart:
    """Two rewards, each with its partition function, and any c(x)."""
    second = fn(r"\tilde Z", X)
    parameters = FUNCTIONS[reward(X, Y).name].parameters
    declared = {
        OTHER: Function(parameters),
        "c": Function(parameters[:1]),
        second.name: Function(parameters[:1], None, "positive"),
    }
    return HERE.extend(functions=declared)


def prove() -> Chain:
    """The derivation."""
    c = Chain(ANY)
    by_definition = Claim("=", optimal(Y, X), gibbs(reward(X, Y), partition(X)), ANY)
    policy = c.given(by_definition, "the policy is that of the reward")
    c.result("reward", inverted(c, policy))
    value = c.given(Claim("=", reward(X, Y), implied(), ANY), "conversely, the reward is that of the policy")
    c.result("policy", restored(c, value))
    both = same_policy()
    moved = reward(X, Y) + SHIFT
    normaliser = total(reference(Y, X) * exp(moved / BETA))
    shifted = c.because("e^(c(x)/β) cancels", rules.equal, gibbs(moved, normaliser), optimal(Y, X), both)
    c.result("policy of a shifted reward", shifted)
    second = fn(r"\tilde Z", X)
    assumed = Claim("=", optimal(Y, X), gibbs(other(X, Y), second), both)
    same = c.given(assumed, "another reward has the same policy")
    logs = c.because("logarithms of both sides", rules.congruent, BETA * log(PLACE), {PLACE.name: same})
    left = reward(X, Y) - BETA * log(partition(X)) + BETA * log(reference(Y, X))
    right = other(X, Y) - BETA * log(second) + BETA * log(reference(Y, X))
    logs = c.because("the logarithm of a product", rules.restate, logs, left, right)
    rest = PLACE - reward(X, Y) - BETA * log(reference(Y, X)) + BETA * log(second)
    apart = c.because("the rest to the left", rules.congruent, rest, {PLACE.name: logs})
    turned = c.because("read from right to left", rules.symmetric, apart)
    differ = BETA * log(second / partition(X))
    ends = c.because("nothing of y is left", rules.restate, turned, other(X, Y) - reward(X, Y), differ)
    c.result("difference of rewards with one policy", ends)
    mean = c.because(
        "its mean", rules.equal, expectation(optimal, reward(X, Y)), expectation(optimal, implied()), CHART
    )
    c.result("mean reward", mean)
    return c


def quantities() -> Mapping[str, Term]:
    """What answers drawn from the optimal policy estimate."""
    return {"mean reward": expectation(optimal, implied())}
