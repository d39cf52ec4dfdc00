r"""Where the reward was solved for (homework 13, 2e).

The solution of 2e speaks of the reward that part (c) solved for. Part (c) is about the number of answers, which says
nothing of rewards: r and r + c are different rewards over the same answers. It is part (d) that solves

$$r(x, y) = \beta \log\frac{\pi^*(y|x)}{\pi_{\text{ref}}(y|x)} + \beta \log Z(x)$$
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from derive.catalogue.preference import X, Y, optimal, partition, reward
from derive.catalogue.preference.reward_from_policy import ANY, gibbs, implied, inverted
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Domain
from derive.kernel.fact import Claim
from derive.kernel.term import ZERO, Term, sym

ID = "errata/preference_reward_part"
ALIASES = ("errata/hw13/2e",)
SOURCE = "homework 13, 2e, solution"
TITLE = "The part that solves for the reward"
GENERAL = ("the answers do not fix the reward",)
ERRATUM = "The solution of 2e says that part (c) solved for the reward; it is part (d). Part (c) counts answers."
TWIN_ABSENT = "The wrong letter of a part cannot be simulated; preference/reward_from_policy has the twin of part (d)."

SHIFT: Final = sym("c")


def prove() -> Chain:
    """The refutation, and what holds."""
    c = Chain(ANY)
    moved = ANY.extend(domains={SHIFT.name: Domain("real", Bound(ZERO, True))})
    other = c.because("the same answers", rules.unequal, reward(X, Y) + SHIFT, reward(X, Y), moved)
    c.result("the answers do not fix the reward", other)
    by_definition = Claim("=", optimal(Y, X), gibbs(reward(X, Y), partition(X)), ANY)
    policy = c.given(by_definition, "the policy is that of the reward")
    c.result("part (d)", inverted(c, policy))
    return c


def quantities() -> Mapping[str, Term]:
    """The reward, as part (d) has it."""
    return {"reward": implied()}
