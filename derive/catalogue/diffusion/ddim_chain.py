r"""Deterministic reverse steps shrink the chain by the right amount (homework 13, 1h).

With :math:`\eta = \frac12`, that is with the factors :math:`1 - \frac{\Delta t}{2(\sigma^2 + k\Delta t)}`,

$$\hat X_0 = \prod_{k=1}^{T}\left(1 - \frac{\Delta t}{2(\sigma^2 + k\Delta t)}\right) \hat X_1, \qquad
  \left|\sum_{k=1}^{T} \log\left(1 - \frac{\Delta t}{2(\sigma^2 + k\Delta t)}\right)
    + \frac12\int_0^1 \frac{dt}{\sigma^2 + t}\right| \le \frac{\Delta t}{2\sigma^2(\sigma^2+1)},$$

$$\operatorname{Var}(\hat X_0) \xrightarrow{T\to\infty} \frac{\sigma^2}{\sigma^2+1} \quad\text{from } N(0,1),
  \qquad \sigma^2 \quad\text{from } N(0, 1+\sigma^2).$$
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from derive.catalogue.diffusion import CHART, COUNT, DT, S2, STEP, TIME, K, T, counting, reverse
from derive.catalogue.diffusion.ddim_step import small
from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import HALF, ONE, ZERO, Term, bind, exp, log, normal, sqrt, sym

ID = "diffusion/ddim_chain"
ALIASES = ("hw13/1h",)
SOURCE = "homework 13, 1h"
TITLE = "Deterministic reverse chain"
GENERAL = ("scale", "integral", "log at least", "log at most", "log limit", "product limit")

J = sym("j")
QUARTER = Fraction(1, 4)
INSIDE = counting(J, 1, T)
"""Where the index of a sum over all steps runs."""

INTEGRAL = bind("int", 1 / (S2 + TIME), TIME, ZERO, ONE)
LOG = log((S2 + 1) / S2)
DROP = 1 / (S2 * (S2 + 1))
"""How far the integrand falls over the whole range."""


def factor(k: Term) -> Term:
    """What the step from time kΔt multiplies by."""
    return 1 - small(k * DT) / 2


def over_steps(op: str, body: Term, first: Term = ONE, last: Term = T) -> Term:
    """A sum or product over the steps."""
    return bind(op, body, J, first, last)


LOGS = over_steps("sum", log(factor(J)))
PRODUCT = over_steps("prod", factor(J))


def contraction(c: Chain, factor: Callable[[Term], Term]) -> Fact:
    """The end of the chain as a multiple of its start, by induction on the number of steps."""
    step = c.given(
        Claim("=", reverse(K * DT), factor(K + 1) * reverse((K + 1) * DT), STEP), "each step multiplies by its factor"
    )
    place = sym("p")

    def factors(last: Term) -> Term:
        return over_steps("prod", factor(J), last=last)

    statement = Claim("=", reverse(ZERO), factors(K) * reverse(K * DT), COUNT)
    base = c.because("k = 0: no step, an empty product", rules.equal, reverse(ZERO), reverse(ZERO), CHART)
    known = c.because("induction hypothesis", rules.suppose, Claim("=", statement.left, statement.right, STEP))
    longer = c.because("one more step of the chain", rules.rewrite, known, step)
    last = c.because("the product with one more factor", rules.peel_last, factors(K + 1), STEP)
    last = c.because("from k to k + 1", rules.restate, last, right=factors(K) * factor(K + 1))
    joined = c.because("times the state before", rules.congruent, place * reverse((K + 1) * DT), {place.name: last})
    following = c.because(
        "k + 1", rules.transitive, longer, c.because("read from right to left", rules.symmetric, joined)
    )
    after_k = c.because("for every k up to T", rules.induction, base, following, statement, K.name)
    whole = c.because("all T steps", rules.instantiate, after_k, {K.name: T}, CHART)
    return c.because("since TΔt = 1", rules.restate, whole, right=factors(T) * reverse(ONE))


def riemann(c: Chain) -> tuple[Fact, Fact]:
    """The sum of Δt/(σ² + kΔt) over k = 1, ..., T between the integral less Δt times the drop, and the integral."""
    value = c.because("by the antiderivative", rules.antiderivative, INTEGRAL, log(S2 + TIME), CHART)
    value = c.result("integral", c.because("simplified", rules.restate, value, right=LOG))
    falls = "the integrand falls"
    below = c.because(falls, rules.monotone_riemann, INTEGRAL, T, CHART, trend="falling", side="below")
    above = c.because(falls, rules.monotone_riemann, INTEGRAL, T, CHART, trend="falling", side="above")
    terms = small(J * DT)
    early = over_steps("sum", terms, ZERO, T - 1)
    below = c.because("in steps of Δt", rules.restate, below, right=early)
    above = c.because("in steps of Δt", rules.restate, above, early, INTEGRAL + DT * DROP)

    longer = over_steps("sum", terms, ZERO, T)
    first = c.because("all times, the first apart", rules.peel_first, longer, CHART)
    last = c.because("all times, the last apart", rules.peel_last, longer, CHART)
    both = c.because("two ways", rules.transitive, c.because("backwards", rules.symmetric, first), last)
    less = c.because("take the first away", rules.equal, -small(ZERO), -small(ZERO), CHART)
    shifted = c.because("on both sides", rules.add_order, both, less)
    steps = over_steps("sum", terms)
    shifted = c.because("a step later", rules.restate, shifted, steps, early - DT * DROP)
    lower = c.because("less the drop", rules.affine_order, below, ONE, -DT * DROP)
    lower = c.because("a step later", rules.restate, lower, INTEGRAL - DT * DROP, early - DT * DROP)
    back = c.because("backwards", rules.symmetric, shifted)
    lower = c.because("that sum", rules.transitive_order, lower, back)
    upper = c.because("less the drop", rules.affine_order, above, ONE, -DT * DROP)
    upper = c.because("a step later", rules.restate, upper, early - DT * DROP, INTEGRAL)
    upper = c.because("that sum", rules.transitive_order, shifted, upper)
    return tuple(c.because("put in the integral", rules.rewrite, f, value) for f in (lower, upper))  # type: ignore[return-value]


def squares(c: Chain) -> Fact:
    """The sum of the squares of Δt/(σ² + kΔt) is at most Δt times the drop, because a larger sum telescopes."""
    before = small((J - 1) * DT)
    larger = small(J * DT) * before
    each = c.because("a step earlier it is larger", rules.at_most, small(J * DT) ** 2, larger, INSIDE)
    all_of_them = c.because("term by term", rules.sum_order, each, over_steps("sum", each.left), CHART)
    closed = c.because("neighbours cancel", rules.telescope, over_steps("sum", larger), before, CHART)
    closed = c.because("since TΔt = 1", rules.restate, closed, right=DT * DROP)
    return c.because("so the squares vanish", rules.transitive_order, all_of_them, closed)


def log_bounds(c: Chain) -> tuple[Fact, Fact]:
    """The sum of the logarithms of the factors within an error of the order Δt."""
    lower, upper = riemann(c)
    u = small(J * DT) / 2
    total = over_steps("sum", small(J * DT))
    tangent = c.because("below its tangent", rules.log_tangent, factor(J), INSIDE)
    tangent = c.because("at 1", rules.restate, tangent, right=-u)
    above = c.because("term by term", rules.sum_order, tangent, LOGS, CHART)
    above = c.because("the constant in front", rules.restate, above, right=-HALF * total)
    bound = c.because("minus one half of that sum", rules.affine_order, lower, -HALF, ZERO)
    bound = c.because("simplified", rules.restate, bound, -HALF * total, -HALF * LOG + HALF * DT * DROP)
    above = c.because("so the logarithms", rules.transitive_order, above, bound)

    second = c.because("to second order", rules.log_quadratic, u, INSIDE)
    below = c.because("term by term", rules.sum_order, second, over_steps("sum", second.left), CHART)
    error = squares(c)
    bound = c.because("minus one half of that sum", rules.affine_order, upper, -HALF, ZERO)
    error = c.because("minus a quarter of the squares", rules.affine_order, error, -QUARTER * ONE, ZERO)
    bound = c.because("together", rules.add_order, bound, error)
    bound = c.because("in one sum", rules.restate, bound, -HALF * LOG - QUARTER * DT * DROP, below.left)
    return c.because("so the logarithms", rules.transitive_order, bound, below), above


def tends(c: Chain, below: Fact, above: Fact, limit: Term) -> Fact:
    """What lies so close to the limit tends to it."""
    h = sym("h")
    shrinks = "the error shrinks"
    forms = [limit - QUARTER * h * DROP, limit + HALF * h * DROP]
    found = []
    for side, form in zip((below.left, above.right), forms, strict=True):
        one = c.because(shrinks, rules.limit_of_form, side, form, CHART, symbol=T.name, step=h.name)
        found.append(c.because("to nothing", rules.restate, one, right=limit))
    return c.because("squeezed in between", rules.squeeze, found[0], found[1], below, above)


def product_limit(c: Chain, logs: Fact) -> Fact:
    """The product through its logarithm."""
    as_sum = c.because("the product through its logarithm", rules.product_as_exponential, PRODUCT, CHART)
    s = sym("s")
    limit = c.because(
        "exp is continuous",
        rules.limit_of_form,
        exp(LOGS),
        exp(s),
        CHART,
        symbol=T.name,
        step="h",
        parts={s.name: logs},
    )
    limit = c.because("which is the product", rules.rewrite, limit, c.because("backwards", rules.symmetric, as_sum))
    return c.because("simplified", rules.restate, limit, right=sqrt(S2 / (S2 + 1)))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    scale = c.result("scale", contraction(c, factor))
    below, above = log_bounds(c)
    c.result("log at least", below)
    c.result("log at most", above)
    logs = c.result("log limit", tends(c, below, above, -HALF * LOG))
    limit = c.result("product limit", product_limit(c, logs))
    from_start(c, scale, limit, ONE, S2 / (S2 + 1), "N(0,1)")
    from_start(c, scale, limit, S2 + 1, S2, "N(0,1+σ²)")
    close = c.because("since 1 + σ² is about 1", rules.approximate, S2 / (S2 + 1), S2, S2, CHART)
    c.result("to leading order", close)
    return c


def from_start(c: Chain, scale: Fact, limit: Fact, variance: Term, end: Term, name: str) -> None:
    """The law for T steps from a given start, and the limit of its variance."""
    product = limit.left
    start = c.given(Claim("∼", reverse(ONE), normal(ZERO, variance), CHART), f"the chain starts from {name}")
    law = c.because("a multiple of a Gaussian is Gaussian", rules.affine_law, start, product)
    law = c.because("that multiple is the end of the chain", rules.rewrite, law, rules.symmetric(scale))
    law = c.because("the mean is 0", rules.restate, law, right=normal(ZERO, product**2 * variance))
    c.result(f"law from {name}", law)
    exact = c.result(f"variance from {name}", c.because("the law's variance", rules.variance_of_law, law))
    s = sym("s")
    tends = c.because(
        "the square is continuous",
        rules.limit_of_form,
        exact.right,
        s**2 * variance,
        CHART,
        symbol=T.name,
        step="h",
        parts={s.name: limit},
    )
    limiting = c.because("normal laws converge with their variances", rules.limit_law, law, tends)
    limiting = c.because("simplified", rules.restate, limiting, right=normal(ZERO, end))
    c.result(f"limiting law from {name}", limiting)
    tends = c.because("that is the variance at the end", rules.rewrite, tends, rules.symmetric(exact))
    c.result(f"limit from {name}", c.because("simplified", rules.restate, tends, right=end))


def quantities() -> Mapping[str, Term]:
    """What a simulation of T steps from N(0, 1) estimates."""
    return {"variance": PRODUCT**2}
