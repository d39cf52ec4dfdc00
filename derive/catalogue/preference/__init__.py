"""Preference optimisation: policies, rewards, and choices between answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from derive.kernel.chart import Chart, Domain, Function, Range
from derive.kernel.term import Term, bind, log, substitute, sym
from derive.theory import theory

Policy: TypeAlias = Callable[..., Term]

D: Final = theory("preference")
BETA, X, Y, WIN, LOSE, ANSWERS = D["beta", "x", "y", "y_w", "y_l", "Y"]
reward, reference, optimal, trained, partition = (D.family(n) for n in ("r", "pi_ref", "pi_star", "pi_theta", "Z"))

LABEL: Final = Domain("label")


def _own_parameters(function: Function) -> Function:
    """The function with parameters of its own, so that x and y are free to name labels."""
    names = {name: sym(f"{name}_0") for name in function.parameters}
    body = None if function.definition is None else substitute(function.definition, names)
    return Function(tuple(s.name for s in names.values()), body, function.range)


FUNCTIONS: Final = {name: _own_parameters(function) for name, function in D.chart.functions.items()}
CHART: Final = Chart({BETA.name: D.chart.domains[BETA.name], X.name: LABEL, ANSWERS.name: LABEL}, FUNCTIONS)
r"""A prompt, the finite set of answers, :math:`\beta > 0`, and the policies and rewards of the theory."""


def members(chart: Chart) -> Chart:
    """The chart with an answer that runs through the whole set."""
    return chart.extend(domains={Y.name: LABEL})


def abstract(*policies: Term, positive: tuple[Term, ...] = ()) -> dict[str, Function]:
    """Declarations without definition: probabilities over the answers, and positive functions."""
    found = {}
    kinds: list[tuple[Term, Range]] = [(p, "probability") for p in policies]
    for term, kind in [*kinds, *((p, "positive") for p in positive)]:
        declared = Function(tuple(a.name for a in term.children), None, kind)
        found[term.name] = _own_parameters(declared)
    return found


def total(body: Term) -> Term:
    """The sum over all answers."""
    return bind("sumset", body, Y, ANSWERS)


def expectation(policy: Policy, value: Term) -> Term:
    """The mean of a value when the policy draws the answer."""
    return total(policy(Y, X) * value)


def divergence(p: Policy, q: Policy) -> Term:
    """The Kullback–Leibler divergence of p from q."""
    return expectation(p, log(p(Y, X) / q(Y, X)))
