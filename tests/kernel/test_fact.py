"""Facts cannot be made, changed, copied or stored outside the rules, and say how they were made."""

import copy
import gc
import pickle
import subprocess
import sys
import weakref
from collections.abc import Callable
from dataclasses import replace

import pytest

from derive.chain import Chain
from derive.errors import NotAFact, Refused
from derive.kernel import fact as fact_module
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Condition, Domain, Function
from derive.kernel.fact import Claim, Conclusion, Fact, Limit, ancestry, replay, rule, rule_names
from derive.kernel.term import INFINITY, ONE, ZERO, fn, normal, num, sym

X = sym("x")
CHART = Chart({"x": Domain("real", Bound(ZERO, True))})


def a_fact() -> Fact:
    return rules.equal(X + X, 2 * X, CHART)


def test_a_fact_says_what_it_states_and_how_it_was_made() -> None:
    fact = a_fact()
    assert fact.claim == Claim("=", X + X, 2 * X, CHART)
    assert (fact.left, fact.right, fact.chart) == (X + X, 2 * X, CHART)
    assert fact.record.rule == "equal"
    assert fact.record.arguments["left"] == X + X
    assert fact.record.premises == ()
    assert (fact.axioms, fact.givens, fact.supposed) == (frozenset(), (), ())


def pretender() -> Callable[[], Conclusion]:
    def lie() -> Conclusion:
        return Conclusion(Claim("=", ONE, ZERO, CHART))

    lie.__module__ = "derive.kernel.rules.equality"
    return lie


FORGERIES: dict[str, Callable[[], object]] = {
    "construct": lambda: Fact(),
    "construct with a claim": lambda: Fact(Claim("=", ONE, ZERO, CHART)),  # type: ignore[call-arg]
    "type.__call__": lambda: Fact.__call__(),
    "copy": lambda: copy.copy(a_fact()),
    "deepcopy": lambda: copy.deepcopy(a_fact()),
    "pickle": lambda: pickle.dumps(a_fact()),
    "pickle, old protocol": lambda: pickle.dumps(a_fact(), protocol=0),
    "reduce": lambda: a_fact().__reduce_ex__(2),
    "replace": lambda: replace(a_fact(), claim=Claim("=", ONE, ZERO, CHART)),  # type: ignore[type-var]
    "subclass": lambda: type("Lie", (Fact,), {}),
    "attribute of the fact": lambda: setattr(a_fact(), "claim", Claim("=", ONE, ZERO, CHART)),
    "attribute of the class": lambda: setattr(Fact, "claim", Claim("=", ONE, ZERO, CHART)),
    "deleted attribute of the class": lambda: delattr(Fact, "claim"),
    "bare handle": lambda: object.__new__(Fact).claim,
    "bare handle as a premise": lambda: rules.symmetric(object.__new__(Fact)),
    "bare handle in a mapping": lambda: rules.limit_of_form(
        X, X, CHART, symbol="x", step="h", parts={"s": object.__new__(Fact)}
    ),
    "something else as a premise": lambda: rules.symmetric("x = y"),  # type: ignore[arg-type]
    "a claim as a premise": lambda: rules.symmetric(Claim("=", ONE, ZERO, CHART)),  # type: ignore[arg-type]
    "a rule that says it is from inside": lambda: rule(pretender()),
    "the mint itself": lambda: fact_module._mint,  # type: ignore[attr-defined]
    "a rule of a known name": lambda: rule(rules.equal.__wrapped__),  # type: ignore[attr-defined]
    "a rule from outside": lambda: rule(lambda: Conclusion(Claim("=", ONE, ZERO, CHART))),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forgery_fails(name: str) -> None:
    forge = FORGERIES[name]
    with pytest.raises((NotAFact, TypeError, AttributeError, Refused)):
        forge()


def test_forgery_fails_without_assertions_too() -> None:
    code = (
        "from derive.kernel.fact import *\n"
        "from derive.kernel.fact import Fact\n"
        "import copy, pickle\n"
        "from derive.kernel import rules\n"
        "from derive.kernel.chart import Chart\n"
        "from derive.kernel.term import ONE\n"
        "fact = rules.equal(ONE + ONE, 2 * ONE, Chart())\n"
        "for forge in (Fact, lambda: object.__new__(Fact).claim, lambda: copy.copy(fact), lambda: pickle.dumps(fact),\n"
        "              lambda: rules.equal(ONE, 2 * ONE, Chart()), lambda: type('Lie', (Fact,), {})):\n"
        "    try:\n"
        "        forge()\n"
        "    except Exception:\n"
        "        continue\n"
        "    raise SystemExit(1)\n"
    )
    assert subprocess.run([sys.executable, "-O", "-c", code], check=False).returncode == 0


def test_a_record_cannot_be_changed() -> None:
    record = a_fact().record
    with pytest.raises(AttributeError):
        record.claim = Claim("=", ONE, ZERO, CHART)  # type: ignore[misc]
    with pytest.raises(TypeError):
        record.arguments["left"] = ONE  # type: ignore[index]


def test_what_is_replaced_in_a_claim_is_a_claim_and_no_fact() -> None:
    claim = replace(a_fact().claim, right=ONE)
    assert not isinstance(claim, Fact)


def test_the_table_lets_go_of_facts() -> None:
    fact = a_fact()
    watch = weakref.ref(fact)
    del fact
    gc.collect()
    assert watch() is None


BAD_CLAIMS = {
    "unknown kind": lambda: Claim("≥", X, ONE, CHART),  # type: ignore[arg-type]
    "undeclared symbol": lambda: Claim("=", sym("y"), ONE, CHART),
    "limit missing": lambda: Claim("→", X, ONE, CHART),
    "limit of an equation": lambda: Claim("=", X, ONE, CHART, Limit("x", INFINITY)),
    "limit that still moves": lambda: Claim("→", X, X, CHART, Limit("x", INFINITY)),
    "limit that moves by a definition": lambda: Claim(
        "→", X, sym("y"), CHART.extend(definitions={"y": 1 / X}), Limit("x", INFINITY)
    ),
    "bound missing": lambda: Claim("≈", X, ONE, CHART),
    "bound of an equation": lambda: Claim("=", X, ONE, CHART, bound=ONE),
    "law missing": lambda: Claim("∼", fn("X", 1), ONE, CHART),
}


@pytest.mark.parametrize("name", BAD_CLAIMS)
def test_a_claim_that_makes_no_sense_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        BAD_CLAIMS[name]()


def test_givens_axioms_and_suppositions_are_carried_over() -> None:
    law = rules.given(Claim("∼", fn("X", 1), normal(ZERO, ONE), CHART))
    other = rules.suppose(Claim("∼", fn("Y", 1), normal(ZERO, ONE), CHART))
    independent = rules.named_axiom(Claim("⊥", fn("X", 1), fn("Y", 1), CHART), "some-axiom")
    total = rules.sum_law(law, other, independent)
    assert total.givens == (law.claim,)
    assert [s.claim for s in total.supposed] == [other.claim]
    assert total.axioms == {"some-axiom", "gaussian-sum"}


def test_ancestry_puts_premises_first() -> None:
    first = a_fact()
    second = rules.symmetric(first)
    third = rules.transitive(first, second)
    assert ancestry(third) == (first, second, third)


def test_replay_proves_again() -> None:
    fact = rules.transitive(a_fact(), rules.symmetric(a_fact()))
    (again,) = replay(fact)
    assert again is not fact
    assert again.claim == fact.claim


def test_every_rule_is_named_once() -> None:
    assert set(rules.__all__) == set(rule_names())


PARTS = {
    "a term": lambda fact: (fact.left.children[0].children[0], "args", (num(7),)),
    "the name of a symbol": lambda fact: (fact.left.children[0], "args", ("z",)),
    "a side": lambda fact: (fact.claim, "right", num(7)),
    "the relation": lambda fact: (fact.claim, "kind", "<"),
    "the domain of a symbol": lambda fact: (fact.chart, "domains", {"x": Domain("integer")}),
    "a bound": lambda fact: (fact.chart.domains["x"].lower, "strict", True),
    "a function": lambda fact: (fact.chart.functions["f"], "range", "real"),
    "a definition": lambda fact: (fact.chart, "definitions", {"y": num(7)}),
    "a condition": lambda fact: (fact.chart.conditions[0], "order", "<"),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_claim_that_was_changed_in_place_is_no_fact_any_more(part: str) -> None:
    """Python lets anybody change a frozen object; what rests on it is refused."""
    x = sym("x")
    chart = Chart(
        {"x": Domain("real", Bound(num(1)))},
        {"f": Function(("i",), None, "positive")},
        {"y": x + 1},
        (Condition("<=", x, num(9)),),
    )
    fact = rules.equal((x + 1) ** 2 * 1, 1 + 2 * x + x**2, chart)
    rules.symmetric(fact)
    owner, name, value = PARTS[part](fact)
    before = getattr(owner, name)
    object.__setattr__(owner, name, value)
    try:
        with pytest.raises(NotAFact, match="changed"):
            rules.symmetric(fact)
        with pytest.raises(NotAFact, match="changed"):
            Chain(chart).result("changed", fact)
    finally:
        object.__setattr__(owner, name, before)
    rules.symmetric(fact)
