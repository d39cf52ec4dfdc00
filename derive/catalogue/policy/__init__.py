"""Policies that are trained by their gradients: the score function, rewards and advantages."""

from __future__ import annotations

from typing import Final

from derive.catalogue.preference import ANSWERS, FUNCTIONS, LABEL, X, Y, reference, trained
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, ZERO, Term, bind, fn, log, mul, sym

THETA: Final = sym(r"\theta")
BETA: Final = sym(r"\beta")
ANY: Final = sym("a")
"""Any answer, in the premise about all of them; y is the one that sums run over."""
BASE: Final = fn("b", X)
"""A baseline: a term of the prompt alone."""


def slope(answer: Term, prompt: Term) -> Term:
    r"""The derivative of :math:`\pi_\theta(y|x)` in one coordinate of the parameters."""
    return fn(r"\dot\pi_\theta", answer, prompt)


def value(answer: Term, prompt: Term) -> Term:
    """What an answer is worth, whatever the policy."""
    return fn("f", answer, prompt)


def own(answer: Term, prompt: Term) -> Term:
    """A value that depends on the parameters too."""
    return fn(r"f_\theta", answer, prompt)


def own_slope(answer: Term, prompt: Term) -> Term:
    """Its derivative."""
    return fn(r"\dot f_\theta", answer, prompt)


def _chart() -> Chart:
    functions = {n: FUNCTIONS[n] for n in (trained(Y, X).name, reference(Y, X).name)}
    parameters = FUNCTIONS[trained(Y, X).name].parameters
    functions |= {f(Y, X).name: Function(parameters) for f in (slope, value, own, own_slope)}
    functions[BASE.name] = Function(parameters[1:])
    labels = dict.fromkeys((X.name, ANSWERS.name, ANY.name), LABEL)
    return Chart({BETA.name: Domain("real", Bound(ZERO, True)), THETA.name: Domain(), **labels}, functions)


CHART: Final = _chart()
MEMBER: Final = CHART.extend(domains={Y.name: LABEL})
SCORE: Final = Term("diff", (log(trained(Y, X)), THETA))
"""The score: the derivative of the logarithm of the probability."""


def differentiable(c: Chain) -> Fact:
    """The premise that the policy is differentiable, which names its derivative."""
    claim = Claim("=", Term("diff", (trained(ANY, X), THETA)), slope(ANY, X), CHART)
    return c.given(claim, "the policy is differentiable; call its derivative so")


def score(c: Chain, known: Fact) -> Fact:
    """What the slope over the policy is: the score, for every answer."""
    here = c.because("for any answer", rules.instantiate, known, {}, MEMBER)
    logarithm = c.because("the chain rule", rules.gradient, log(trained(Y, X)), THETA.name, [here], MEMBER)
    return c.because("read from right to left", rules.symmetric, logarithm)


def mean_of_score(c: Chain, factor: Term, scores: Fact) -> Fact:
    """Σ π · factor · slope / π = Σ π · factor · score."""
    place = sym("u")
    form = trained(Y, X) * place if factor == ONE else mul(trained(Y, X), factor, place)
    each = c.because("slope over policy is the score", rules.congruent, form, {place.name: scores})
    series = bind("sumset", each.left, Y, ANSWERS)
    return c.because("for every answer", rules.set_termwise, each, series, CHART)


def by_score(c: Chain, slopes: Fact, factor: Term, scores: Fact) -> Fact:
    """From left = Σ factor · slope to left = Σ π · factor · score."""
    summed = mean_of_score(c, factor, scores)
    fitted = c.because("multiplied and divided by the policy", rules.restate, slopes, right=summed.left)
    return c.because("by the scores", rules.transitive, fitted, summed)
