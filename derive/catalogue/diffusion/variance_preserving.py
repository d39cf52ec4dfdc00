r"""Any step of the variance-preserving process at once (homework 13, 4a).

For :math:`x_t = \sqrt{1-\beta_t}\,x_{t-1} + \sqrt{\beta_t}\,\varepsilon_t` with :math:`0 < \beta_t < 1`, from
:math:`x_0 = z`,

$$x_t \sim N\left(\sqrt{\alpha_t}\, z,\; 1 - \alpha_t\right), \qquad \alpha_t = \prod_{i=1}^{t}(1 - \beta_i),$$

and it forgets where it started exactly if :math:`\alpha_t \to 0`. The noise variances are written
:math:`\beta_i = \frac{1}{1+b_i}` with arbitrary :math:`b_i > 0`, so that they are arbitrary between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain, Function
from derive.kernel.fact import Claim, Fact, Limit
from derive.kernel.term import INFINITY, ONE, ZERO, Term, TermLike, bind, fn, normal, sqrt, sym
from derive.theory import theory

ID = "diffusion/variance_preserving"
ALIASES = ("hw13/4a", "lecture/forward-diffusion")
SOURCE = "homework 13, 4a, and lecture"
TITLE = "Variance-preserving process"
GENERAL = ("factor", "law", "some noise")

D: Final = theory("variance-preserving")
TIME, INDEX, Z, SIGMA, STEPS = D["t"], D["i"], sym("z"), sym(r"\sigma"), sym("k")
state, beta, noise = (D.family(n) for n in ("x", "beta", "epsilon"))


def kept(time: TermLike, schedule: Callable[[Term], Term] = beta) -> Term:
    """The share of the signal's variance that is left, for a schedule of noise variances."""
    return bind("prod", 1 - schedule(INDEX), INDEX, ONE, time)


def alpha(time: TermLike) -> Term:
    """That share by its name."""
    return fn(r"\alpha", time)


def odds(index: TermLike) -> Term:
    """The odds that variance is kept in a step."""
    return fn("b", index)


CHART: Final = Chart(
    {Z.name: Domain()},
    {
        odds(INDEX).name: Function((INDEX.name,), None, "positive"),
        beta(INDEX).name: Function((INDEX.name,), 1 / (1 + odds(INDEX))),
        alpha(TIME).name: Function(("n",), kept(sym("n"))),
    },
)
"""Where the process starts, and the noise variances, arbitrary between 0 and 1."""

HARMONIC: Final = CHART.extend(functions={odds(INDEX).name: Function(("n",), sym("n"))})
r"""The noise variances :math:`\beta_i = \frac{1}{i+1}`, for a simulation."""


def any_time(chart: Chart) -> Chart:
    """After any number of steps."""
    return chart.extend(domains={TIME.name: Domain("integer", Bound(ZERO))})


ANY_TIME: Final = any_time(CHART)
LATER: Final = CHART.extend(domains={TIME.name: Domain("integer", Bound(ONE))})
NEXT = TIME + 1


def one_more(c: Chain, chart: Chart) -> Fact:
    """The share that is left after one more step."""
    longer = c.because("one more factor", rules.peel_last, kept(NEXT), chart)
    return c.because("by their names", rules.restate, longer, alpha(NEXT), alpha(TIME) * (1 - beta(NEXT)))


def law(c: Chain, chart: Chart) -> Fact:
    """The law after t steps, by induction on t."""
    everywhere = any_time(chart)
    scale, spread = sqrt(1 - beta(NEXT)), sqrt(beta(NEXT))
    start = c.given(Claim("∼", state(ZERO), normal(Z, ZERO), chart), "the process starts from z", [Z])
    adds = c.given(
        Claim("=", state(NEXT), scale * state(TIME) + spread * noise(NEXT), everywhere),
        "each step shrinks, and adds noise",
        [Z],
    )
    fresh = c.given(Claim("∼", noise(NEXT), normal(ZERO, ONE), everywhere), "of variance 1", [Z])
    new = c.given(Claim("⊥", state(TIME), noise(NEXT), everywhere), "independent of the process so far", [Z])
    statement = Claim("∼", state(TIME), normal(sqrt(alpha(TIME)) * Z, 1 - alpha(TIME)), everywhere)
    known = c.because("induction hypothesis", rules.suppose, Claim("∼", statement.left, statement.right, everywhere))
    sum_of = "independent Gaussians add up"
    added = c.because(sum_of, rules.linear_step, known, fresh, new, adds, scale, spread)
    longer = one_more(c, everywhere)
    left = alpha(TIME) * (1 - beta(NEXT))
    added = c.because("in terms of the product", rules.restate, added, right=normal(sqrt(left) * Z, 1 - left))
    added = c.because("which has one more factor", rules.rewrite, added, rules.symmetric(longer))
    place = sym("p")
    rest = c.because("and so has the rest", rules.congruent, 1 - place, {place.name: longer})
    added = c.because("in the variance", rules.rewrite, added, rules.symmetric(rest))
    return c.because("for every t", rules.induction, start, added, statement, TIME.name)


def below_one(c: Chain) -> Fact:
    """After the first step some of the variance is noise, by induction on t."""
    statement = Claim("<", alpha(TIME), ONE, LATER)
    first = c.because("one factor", rules.less, 1 - beta(ONE), ONE, CHART)
    base = c.because("α_1", rules.restate, first, alpha(ONE))
    known = c.because("induction hypothesis", rules.suppose, statement)
    factor = 1 - beta(NEXT)
    less = c.because("times the next factor", rules.affine_order, known, factor, ZERO)
    less = c.because("in that order", rules.restate, less, alpha(TIME) * factor, factor)
    less = c.because("which has one more factor", rules.rewrite, less, rules.symmetric(one_more(c, LATER)), "left")
    small = c.because("the factor is below 1", rules.less, factor, ONE, LATER)
    following = c.because("so", rules.transitive_order, less, small)
    return c.because("for every t", rules.induction, base, following, statement, TIME.name)


def forgets(c: Chain, law: Fact) -> None:
    """If the product tends to 0, mean and variance tend to those of N(0, 1)."""
    moves = Limit(TIME.name, INFINITY)
    gone = c.given(Claim("→", alpha(TIME), ZERO, LATER, moves), "the signal's share tends to 0")
    s = sym("s")
    root = c.because("and so does its root", rules.vanishing_power, gone, Fraction(1, 2))
    later = c.because("after the first step", rules.instantiate, law, {}, LATER)
    mean, variance = later.right.children
    ends = {
        "mean": (rules.mean_of_law, mean, s * Z, root, ZERO),
        "variance": (rules.variance_of_law, variance, 1 - s, gone, ONE),
    }
    for name, (read, moment, form, part, end) in ends.items():
        tends = c.because(
            "by continuity", rules.limit_of_form, moment, form, LATER, symbol=TIME.name, step="h", parts={s.name: part}
        )
        named = c.because(f"the law's {name}", read, later)
        tends = c.because("by its name", rules.rewrite, tends, rules.symmetric(named))
        c.result(f"{name} in the limit", c.because("simplified", rules.restate, tends, right=end))


def simulated(c: Chain) -> None:
    """The law after k steps from σ with the noise variances of a simulation."""
    one = law(c, HARMONIC)
    where = Chart(
        {SIGMA.name: Domain("real", Bound(ZERO, True)), STEPS.name: Domain("integer", Bound(ZERO))}, HARMONIC.functions
    )
    one = c.because("k steps from σ", rules.instantiate, one, {TIME.name: STEPS, Z.name: SIGMA}, where)
    index = kept(STEPS).children[1]
    share = c.because("neighbours cancel", rules.telescope, kept(STEPS), 1 - (index - 1) / index, where, rising=True)
    share = c.because("the signal's share", rules.restate, share, alpha(STEPS), 1 / (STEPS + 1))
    one = c.because("put in", rules.rewrite, one, share, "right")
    exact = quantities()
    c.result("mean, for a schedule", c.because("the law's mean", rules.mean_of_law, one))
    variance = c.because("the law's variance", rules.variance_of_law, one)
    c.result("variance, for a schedule", c.because("simplified", rules.restate, variance, right=exact["variance"]))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    c.result("factor", one_more(c, ANY_TIME))
    everywhere = c.result("law", law(c, CHART))
    c.result("some noise", below_one(c))
    forgets(c, everywhere)
    simulated(c)
    return c


def quantities() -> Mapping[str, Term]:
    r"""What a simulation of k steps from σ estimates, with :math:`\beta_i = \frac{1}{i+1}`."""
    return {"mean": sqrt(1 / (STEPS + 1)) * SIGMA, "variance": STEPS / (STEPS + 1)}
