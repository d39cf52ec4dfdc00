r"""A walk on three states, forward to the uniform law and back (lecture, the case of three states).

In each step the walk stays with probability :math:`1-2p` and moves to each other state with probability p,
:math:`0 < p < \frac13`. From state A,

$$P(X_t = A) = \frac13 + \frac23 (1-3p)^t \xrightarrow{t\to\infty} \frac13, \qquad (1-3p)^t \le \frac{1}{1+3pt}.$$

Back by Bayes' rule, with :math:`a = P(X_t = A)`, :math:`b = \frac{1-a}{2}` and :math:`a' = P(X_{t+1} = A)`,

$$P(X_t = A \mid X_{t+1} = A) = \frac{(1-2p)\,a}{a'}, \qquad P(X_t = B \mid X_{t+1} = A) = \frac{p\,b}{a'},$$

which depends on a, hence on t, and leads from the law at t + 1 to that at t.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, ZERO, Term, TermLike, fn, num, substitute, sym

ID = "diffusion/three_states"
ALIASES = ("lecture/three-states",)
SOURCE = "lecture, the case of three states"
TITLE = "Three states, forward and back"
GENERAL = ("law", "rate", "limit", "from A")

P, A, TIME = map(sym, ("p", "a", "t"))
THIRD: Final = num(1, 3)
CHART: Final = Chart({P.name: Domain("real", Bound(ZERO, True), Bound(THIRD, True))})
STEPS: Final = CHART.extend(domains={TIME.name: Domain("integer", Bound(ZERO))})
ONE_STEP: Final = CHART.extend(domains={A.name: Domain("real", Bound(ZERO, True), Bound(ONE, True))})
"""One step from any law that gives A the probability a and the two others the same."""

B = (1 - A) / 2


def at_a(time: TermLike) -> Term:
    """The probability of state A."""
    return fn("P", time)


def fading(time: TermLike) -> Term:
    """What is left of the difference to the uniform law."""
    return (1 - 3 * P) ** time


def closed(time: TermLike) -> Term:
    """That probability in closed form."""
    return THIRD + Fraction(2, 3) * fading(time)


def law(c: Chain) -> Fact:
    """The probability of state A, by induction on t."""
    now = at_a(TIME)
    start = c.given(Claim("=", at_a(ZERO), ONE, CHART), "the walk starts in A", [P])
    step = c.given(
        Claim("=", at_a(TIME + 1), (1 - 2 * P) * now + P * (1 - now), STEPS), "it stays, or comes from elsewhere", [P]
    )
    known = c.because("induction hypothesis", rules.suppose, Claim("=", now, closed(TIME), STEPS))
    following = c.because("put in", rules.rewrite, step, known, "right")
    claim = Claim("=", now, closed(TIME), STEPS)
    return c.because("for every t", rules.induction, start, following, claim, TIME.name)


def rate(c: Chain) -> Fact:
    """The difference fades at least as fast as 1/(1 + 3pt), by induction on t."""
    claim = Claim("≤", fading(TIME), 1 / (1 + 3 * P * TIME), STEPS)
    base = c.because("t = 0", rules.at_most, ONE, ONE, CHART)
    known = c.because("induction hypothesis", rules.suppose, claim)
    more = c.because("one more factor", rules.affine_order, known, 1 - 3 * P, ZERO)
    bound = 1 / (1 + 3 * P * (TIME + 1))
    last = c.because("(1 - q)(1 + qt + q) ≤ 1 + qt", rules.at_most, more.right, bound, STEPS)
    following = c.because("t + 1", rules.transitive_order, more, last)
    return c.because("for every t", rules.induction, base, following, claim, TIME.name)


def limit(c: Chain, law: Fact, rate: Fact) -> Fact:
    """The uniform law in the limit."""
    h, s = sym("h"), sym("s")
    nothing = c.because("nothing", rules.limit_of_form, ZERO, ZERO, STEPS, symbol=TIME.name, step=h.name)
    bound = c.because(
        "the bound vanishes", rules.limit_of_form, rate.right, h / (h + 3 * P), STEPS, symbol=TIME.name, step=h.name
    )
    bound = c.because("0/(3p) = 0", rules.restate, bound, right=ZERO)
    positive = c.because("a power of a positive number", rules.at_most, ZERO, fading(TIME), STEPS)
    fades = c.because("squeezed in between", rules.squeeze, nothing, bound, positive, rate)
    tends = c.because(
        "by continuity",
        rules.limit_of_form,
        law.right,
        THIRD + Fraction(2, 3) * s,
        STEPS,
        symbol=TIME.name,
        step=h.name,
        parts={s.name: fades},
    )
    tends = c.because("by its name", rules.rewrite, tends, c.because("backwards", rules.symmetric, law))
    return c.because("simplified", rules.restate, tends, right=THIRD)


def back(c: Chain) -> None:
    """One step back by Bayes' rule: it is a law, it undoes the step, and it is not the step forward."""
    a_next = (1 - 2 * P) * A + 2 * P * B
    b_next = P * A + (1 - P) * B
    stays, other = (1 - 2 * P) * A / a_next, P * B / a_next
    moved = P * A / b_next
    whole = c.because("the probabilities add up", rules.equal, stays + 2 * other, ONE, ONE_STEP)
    c.result("from A", whole)
    from_b = moved + (1 - 2 * P) * B / b_next + P * B / b_next
    c.result("from B", c.because("likewise", rules.equal, from_b, ONE, ONE_STEP))
    again = c.because("over all later states", rules.equal, a_next * stays + 2 * b_next * moved, A, ONE_STEP)
    c.result("back to the law before", again)
    c.result("another step", c.because("a counterexample", rules.unequal, stays, 1 - 2 * P, ONE_STEP))
    uniform = [substitute(side, {A.name: THIRD}) for side in (stays, other)]
    c.result("at the uniform law", c.because("as forward", rules.equal, uniform[0], 1 - 2 * P, CHART))
    c.result("to the others", c.because("as forward", rules.equal, uniform[1], P, CHART))


def simulated(c: Chain, law: Fact) -> None:
    """The law after k steps with p = 1/T, and that of the step back from A."""
    after, t, k = TIME + 1, sym("T"), sym("k")
    bayes = Claim("=", fn("R", TIME), (1 - 2 * P) * at_a(TIME) / at_a(after), STEPS)
    before = c.given(bayes, "Bayes' rule: in A before, where the walk is in A after", [P])
    before = c.because("the law then", rules.rewrite, before, law)
    later = c.because("and after", rules.instantiate, law, {TIME.name: after}, STEPS)
    before = c.result("A before A", c.because("put in", rules.rewrite, before, later))
    where = Chart({t.name: Domain("integer", Bound(num(4))), k.name: Domain("integer", Bound(ONE))})
    exact = quantities()
    now = c.because("p = 1/T", rules.instantiate, law, {P.name: 1 / t, TIME.name: k}, where)
    c.result("A, for p = 1/T", now)
    before = c.because("p = 1/T", rules.instantiate, before, {P.name: 1 / t, TIME.name: k - 1}, where)
    before = c.because("simplified", rules.restate, before, right=exact["A before A"])
    c.result("A before A, for p = 1/T", before)


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    everywhere = c.result("law", law(c))
    bound = c.result("rate", rate(c))
    c.result("limit", limit(c, everywhere, bound))
    back(c)
    simulated(c, everywhere)
    return c


def quantities() -> Mapping[str, Term]:
    """What a simulation of k steps estimates, with p = 1/T."""
    values, k = {P.name: 1 / sym("T")}, sym("k")
    before = (1 - 2 * P) * closed(k - 1) / closed(k)
    return {"A": substitute(closed(k), values), "A before A": substitute(before, values)}
