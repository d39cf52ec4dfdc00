r"""The answers are too many to sum over (homework 13, 2c).

A vocabulary of V tokens has :math:`V^L` texts of L tokens, and at most twice as many of any length up to L. For a
vocabulary of 50257 and 2048 tokens,

$$1.05 \cdot 10^{9628} < 50257^{2048} < 1.15 \cdot 10^{9628},$$

compared by logarithms: the number itself is never written out.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from derive.chain import Chain
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, ZERO, Term, TermLike, bind, exp, fn, log, num, sym, term

ID = "preference/answer_space"
ALIASES = ("hw13/2c",)
SOURCE = "homework 13, 2c"
TITLE = "The size of the answer space"
GENERAL = ("texts of l tokens", "texts of up to L tokens", "at most twice", "more than", "less than")

VOCABULARY, LENGTH, TOKENS = sym("V"), sym("L"), sym("l")
LEAD, DIGITS = sym("c"), sym("n")
CHART: Final = Chart(
    {
        VOCABULARY.name: Domain("integer", Bound(num(2))),
        LENGTH.name: Domain("integer", Bound(ZERO)),
        LEAD.name: Domain("real", Bound(ZERO, True)),
        DIGITS.name: Domain("integer"),
    }
)
COUNTED: Final = CHART.extend(domains={TOKENS.name: Domain("integer", Bound(ZERO), Bound(LENGTH))})
GROWING: Final = CHART.extend(domains={TOKENS.name: Domain("integer", Bound(ZERO), Bound(LENGTH - 1))})


def texts(tokens: TermLike) -> Term:
    """The number of texts of so many tokens."""
    return fn("N", term(tokens))


def counted(c: Chain) -> Fact:
    """The texts of l tokens, by induction on l."""
    statement = Claim("=", texts(TOKENS), VOCABULARY**TOKENS, COUNTED)
    one = c.given(Claim("=", texts(ZERO), ONE, CHART), "there is one empty text")
    grows = Claim("=", texts(TOKENS + 1), VOCABULARY * texts(TOKENS), GROWING)
    step = c.given(grows, "one more token, in V ways")
    known = c.because("induction hypothesis", rules.suppose, Claim("=", texts(TOKENS), VOCABULARY**TOKENS, GROWING))
    following = c.because("l + 1", rules.rewrite, step, known, "right")
    return c.because("for every l up to L", rules.induction, one, following, statement, TOKENS.name)


def up_to(c: Chain, each: Fact) -> None:
    """The texts of any length up to L."""
    series = bind("sum", texts(TOKENS), TOKENS, ZERO, LENGTH)
    summed = c.because("for every length", rules.termwise, each, series, CHART)
    closed = c.because(
        "a geometric sum",
        rules.telescope,
        summed.right,
        VOCABULARY**TOKENS / (VOCABULARY - 1),
        CHART,
        rising=True,
    )
    whole = c.because("so they are counted", rules.transitive, summed, closed)
    all_texts = (VOCABULARY * VOCABULARY**LENGTH - 1) / (VOCABULARY - 1)
    whole = c.because("simplified", rules.restate, whole, right=all_texts)
    c.result("texts of up to L tokens", whole)
    bound = c.because("V is at least 2", rules.at_most, all_texts, 2 * VOCABULARY**LENGTH, CHART)
    c.result("at most twice", c.because("so are the texts", rules.transitive_order, whole, bound))


def prove() -> Chain:
    """The derivation."""
    c = Chain(CHART)
    up_to(c, c.result("texts of l tokens", counted(c)))
    power = c.because("a power by its logarithm", rules.equal, exp(LENGTH * log(VOCABULARY)), VOCABULARY**LENGTH, CHART)
    sizes = {VOCABULARY.name: num(50257), LENGTH.name: num(2048)}
    size = c.because("the vocabulary and the length", rules.instantiate, power, sizes, CHART)
    decimal = c.because(
        "a decimal by its logarithm",
        rules.equal,
        exp(log(LEAD) + DIGITS * log(num(10))),
        LEAD * num(10) ** DIGITS,
        CHART,
    )
    for name, lead in (("more than", Fraction(105, 100)), ("less than", Fraction(115, 100))):
        values = {LEAD.name: num(lead), DIGITS.name: num(9628)}
        end = c.because("a decimal by its logarithm", rules.instantiate, decimal, values, CHART)
        below, above = (size, end) if name == "less than" else (end, size)
        logs = (below.left.children[0], above.left.children[0])
        apart = c.because("compared by rigorous arithmetic", rules.number_less, logs[0], logs[1], CHART)
        image = c.because("exp increases", rules.monotone_image, apart, "exp")
        image = c.because("the number of texts", rules.rewrite, image, size)
        c.result(name, c.because("and the decimal", rules.rewrite, image, end))
    return c


def quantities() -> Mapping[str, Term]:
    """What pairs of texts that agree estimate, for so small a vocabulary and length that some do."""
    return {"texts": VOCABULARY**TOKENS}
