"""What a premise speaks of may differ from one value of a parameter to the next, so that none is put in for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from derive.chain import Chain
from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Chart, Domain, Function
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ONE, ZERO, Term, bind, fn, gibbs, normal, num, sym
from tests.kernel.rules.cases import AT_M, BASE, BELOW_M, S2, K, M, S, T, within

X0 = fn("X", 0)
Y, SET, THETA = sym("y"), sym("Y"), sym(r"\theta")
LABEL = Domain("label")


def data(*parameters: str) -> Fact:
    """There is an X_0 of variance σ²."""
    return rules.given(Claim("∼", X0, normal(ZERO, S2), BASE), parameters)


def test_a_premise_for_each_value_is_not_one_for_all() -> None:
    """Else X_0 ∼ N(0, σ²) and N(0, 4σ²), whence σ² = 4σ²."""
    with pytest.raises(Refused, match="parameter"):
        rules.instantiate(data(S.name), {S.name: 2 * S})
    assert rules.instantiate(data(), {S.name: 2 * S}).right == normal(ZERO, (2 * S) ** 2)


def test_parameters_are_carried_over() -> None:
    fact = rules.variance_of_law(data(S.name))
    assert fact.parameters == {S.name}
    assert rules.transitive(fact, rules.equal(S2, S * S, BASE)).parameters == {S.name}
    with pytest.raises(Refused, match="parameter"):
        rules.instantiate(fact, {S.name: ONE})


def test_other_symbols_get_values() -> None:
    fact = rules.given(Claim("∼", fn("X", M), normal(ZERO, S2 + M), AT_M), [S.name, "T"])
    assert rules.instantiate(fact, {"m": T}, BASE).left == fn("X", T)


REFUSED: dict[str, Callable[[], Fact]] = {
    "undeclared": lambda: rules.given(Claim("=", ONE, ONE, BASE), ["z"]),
    "defined": lambda: rules.given(Claim("=", ONE, ONE, BASE), [r"\Delta t"]),
    "carried to a chart that defines it": lambda: rules.instantiate(
        data(S.name), {}, Chart({"T": BASE.domains["T"]}, definitions={S.name: ONE, **BASE.definitions})
    ),
    "the index of a sum": lambda: rules.termwise(
        rules.given(Claim("=", fn("a", K), K, within("k", ONE, T)), ["k"]), bind("sum", fn("a", K), K, 1, T), BASE
    ),
    "the index of a sum that is bounded": lambda: rules.sum_order(
        rules.given(Claim("≤", fn("a", K), K, within("k", ONE, T)), ["k"]), bind("sum", fn("a", K), K, 1, T), BASE
    ),
    "the symbol of an induction": lambda: rules.induction(
        rules.given(Claim("=", fn("f", 0), ZERO, BASE)),
        rules.rewrite(
            rules.given(Claim("=", fn("f", M + 1), fn("f", M) + 1, BELOW_M), ["m"]),
            rules.suppose(Claim("=", fn("f", M), M, BELOW_M)),
        ),
        Claim("=", fn("f", M), M, AT_M),
        "m",
    ),
    "the member of a set": lambda: rules.set_termwise(
        rules.given(Claim("=", fn("f", Y), ONE, Chart({"Y": LABEL, "y": LABEL}, {"f": Function(("i",))})), ["y"]),
        bind("sumset", fn("f", Y), Y, SET),
        Chart({"Y": LABEL}, {"f": Function(("i",))}),
    ),
    "any label, in a slope": lambda: policy_slope(["a"]),
    "the line of a density": lambda: density(["u"]),
}


def policy_slope(parameters: list[str]) -> Fact:
    chart = Chart(
        {r"\theta": Domain(), "a": LABEL, "y": LABEL},
        {r"\pi_\theta": Function(("i",), None, "positive"), "g": Function(("i",))},
    )
    known = Claim("=", Term("diff", (fn(r"\pi_\theta", sym("a")), THETA)), fn("g", sym("a")), chart)
    return rules.gradient(fn(r"\pi_\theta", Y), THETA.name, [rules.given(known, parameters)], chart)


def density(parameters: list[str]) -> Fact:
    u, chart = sym("u"), Chart({}, {"F": Function(("s",))})
    line = chart.extend(domains={"u": Domain()})
    law = rules.given(Claim("∼", X0, gibbs(fn("F", u), u), chart))
    first = rules.given(Claim("=", Term("diff", (fn("F", u), u)), u, line))
    second = rules.given(Claim("=", Term("diff", (u, u)), ONE, line))
    return rules.curved_at_least(law, first, second, rules.given(Claim("≤", num(1, 2), ONE, line), parameters))


@pytest.mark.parametrize("name", REFUSED)
def test_a_parameter_stays_where_it_is(name: str) -> None:
    with pytest.raises(Refused):
        REFUSED[name]()


def test_without_the_parameter_the_same_steps_are_taken() -> None:
    assert policy_slope([]).right == fn("g", Y)
    assert density([]).axioms == {"brascamp-lieb"}


def test_a_chain_takes_its_own_numbers_for_parameters() -> None:
    c = Chain(BASE)
    fact = c.given(Claim("∼", fn("X", M), normal(ZERO, S2 + M), AT_M))
    assert fact.parameters == {S.name, "T"}
    assert c.given(Claim("∼", X0, normal(ZERO, S2), BASE), varies=[S]).parameters == {"T"}
