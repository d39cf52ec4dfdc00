"""What an adversary tries: every way to a false fact or verdict that was found is refused, and stays refused."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from fractions import Fraction

import pytest

from derive.errors import NotAFact, Refused
from derive.kernel import fact as fact_module
from derive.kernel import rules
from derive.kernel.chart import Bound, Chart, Condition, Domain, Function, Regime
from derive.kernel.equality import decide
from derive.kernel.fact import Claim, Conclusion, Fact, replay
from derive.kernel.term import (
    INFINITY,
    MINUS_ONE,
    ONE,
    ZERO,
    Term,
    bind,
    fn,
    hidden_in,
    normal,
    num,
    sqrt,
    sym,
    var,
)

x, y, z, m, n, u, h, k, c, i, j, q, s, w, T = map(sym, "xyzmnuhkcijqswT")
theta = sym(r"\theta")
REAL = Domain()
POSITIVE = Domain("real", Bound(ZERO, True))
LABEL = Domain("label")
COUNTED = Chart({"T": Domain("integer", Bound(ONE))})
EMPTY = Chart()
pi = fn(r"\pi_\theta", y)
HIDDEN = Chart({r"\theta": REAL, "c": REAL, "y": LABEL}, {r"\pi_\theta": Function(("y",), None, "positive")})


class Anything(str):
    """A string that equals every other."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("real")


# -- values that lie about what they are ----------------------------------------------------------------
class One(Fraction):
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash(Fraction(2))


CONCLUSION = Conclusion(Claim("=", ONE, ZERO, EMPTY))


def subclass(of: type, **members: object) -> Callable[[], object]:
    return lambda: type("Lie", (of,), members)


def rule_in_a_made_up_module() -> object:
    module = types.ModuleType("derive.kernel.rules.lies")
    sys.modules[module.__name__] = module
    try:
        return fact_module.rule(types.FunctionType((lambda: CONCLUSION).__code__, vars(module), "lie"))
    finally:
        del sys.modules[module.__name__]


def rule_with_the_globals_of_a_module() -> object:
    return fact_module.rule(types.FunctionType((lambda: CONCLUSION).__code__, vars(rules.equality), "lie"))


LIES: dict[str, Callable[[], object]] = {
    "subclass of Term": subclass(Term, __eq__=lambda self, other: True),
    "subclass of Chart": subclass(Chart, expand=lambda self, root: ONE),
    "subclass of Domain": subclass(Domain),
    "subclass of Condition": subclass(Condition),
    "subclass of Claim": subclass(Claim),
    "subclass of Conclusion": subclass(Conclusion),
    "subclass of Fraction in a term": lambda: Term("num", (One(1),)),
    "name that is everything": lambda: Term("sym", (Anything("x"),)),
    "operator that nobody knows": lambda: Term("d0 f", (x,)),
    "operator that is everything": lambda: Term(Anything("sym"), ("x",)),
    "arguments that are no tuple": lambda: Term("add", [x, y]),  # type: ignore[arg-type]
    "kind of domain that is everything": lambda: Domain(Anything("real")),  # type: ignore[arg-type]
    "unknown kind of domain": lambda: Domain("rational"),  # type: ignore[arg-type]
    "unknown range of a function": lambda: Function(("i",), None, "negative"),  # type: ignore[arg-type]
    "unknown order of a condition": lambda: Condition(">", x, y),  # type: ignore[arg-type]
    "trend that is everything": lambda: rules.monotone_riemann(
        bind("int", u, u, 0, 1),
        T,
        COUNTED,
        trend=Anything("rising"),  # type: ignore[arg-type]
        side=Anything("below"),  # type: ignore[arg-type]
    ),
    "rule in a module of its own": rule_in_a_made_up_module,
    "rule with the globals of a module of rules": rule_with_the_globals_of_a_module,
    "rules closed again, with one more": lambda: fact_module.close_rules([*rules.__all__, "lie"]),
    "record changed from below": lambda: object.__setattr__(rules.equal(x, x, Chart({"x": REAL})).record, "rule", ""),
}


@pytest.mark.parametrize("name", LIES)
def test_what_lies_about_itself_is_not_taken(name: str) -> None:
    with pytest.raises((TypeError, NotAFact, Refused, AttributeError)):
        LIES[name]()


@pytest.mark.parametrize(
    "container",
    [lambda f: {1: f}.values(), lambda f: iter([f]), lambda f: {f: 1}.keys(), lambda f: types.SimpleNamespace(f=f)],
)
def test_a_premise_cannot_hide_in_a_container(container: Callable[[Fact], object]) -> None:
    """A rule that took it would state what rests on a given without listing the given."""
    slope = rules.given(
        Claim("=", Term("diff", (pi, theta)), fn("g", y), HIDDEN.extend(functions={"g": Function(("y",))}))
    )
    with pytest.raises(Refused, match="takes no"):
        rules.gradient(pi, r"\theta", container(slope), slope.chart)  # type: ignore[arg-type]
    assert rules.gradient(pi, r"\theta", [slope], slope.chart).givens == (slope.claim,)


def test_a_claim_overwritten_by_reflection_does_not_survive_a_replay() -> None:
    fact = rules.equal(x + x, 2 * x, Chart({"x": REAL}))
    object.__setattr__(fact.claim, "right", 3 * x)
    with pytest.raises(Refused, match="Proved again"):
        replay(fact)


# -- rules ----------------------------------------------------------------------------------------------
def order_of_a_reversed_integral() -> Fact:
    inside = EMPTY.extend(domains={"u": Domain("real", Bound(ONE), Bound(ZERO))})
    return rules.sum_order(rules.at_most(ZERO, ONE, inside), bind("int", ZERO, u, 1, 0), EMPTY)


def order_of_divergent_sums() -> Fact:
    inside = EMPTY.extend(domains={"k": Domain("integer", Bound(ONE), Bound(INFINITY))})
    return rules.sum_order(rules.at_most(ONE, num(2), inside), bind("sum", ONE, k, 1, INFINITY), EMPTY)


def squeezed(chart: Chart, above: Callable[[], Fact]) -> Fact:
    """0 = lim 1, where T cannot grow although nothing in its own domain says so."""
    ends = [rules.limit_of_form(sign * 10 / T, sign * 10 * h, chart, symbol="T", step="h") for sign in (-1, 1)]
    lower, upper = (rules.restate(end, right=ZERO) for end in ends)
    return rules.limit_value(rules.squeeze(lower, upper, rules.at_most(-10 / T, ONE, chart), above()))


def growth_stopped_by_a_condition() -> Fact:
    chart = COUNTED.extend(conditions=(Condition("<=", T, num(10)),))
    return squeezed(chart, lambda: rules.at_most(ONE, 10 / T, chart))


def growth_stopped_by_another_symbol() -> Fact:
    chart = COUNTED.extend(domains={"m": Domain("integer", Bound(T), Bound(num(10)))})
    return squeezed(
        chart, lambda: rules.transitive_order(rules.at_most(ONE, m / T, chart), rules.at_most(m / T, 10 / T, chart))
    )


def growth_stopped_by_a_definition() -> Fact:
    chart = Chart({"T": Domain("integer", Bound(ONE)), "m": Domain("real", Bound(ONE))}, definitions={"m": 10 / T})
    return squeezed(chart, lambda: rules.at_most(ONE, 10 / T, chart))


def limit_far_from_the_domain() -> Fact:
    chart = Chart({"x": Domain("real", Bound(ZERO), Bound(ONE))})
    return rules.limit_of_form(x - 5, h, chart, symbol="x", step="h", point=num(5))


def limit_where_nothing_moves() -> Fact:
    chart = Chart({"x": Domain("real", Bound(ONE), Bound(ONE))})
    return rules.limit_of_form(x, h + 1, chart, symbol="x", step="h", point=ONE)


def one_sided_limits_that_meet() -> Fact:
    found = []
    for sign, domain in ((1, POSITIVE), (-1, Domain("real", None, Bound(ZERO, True)))):
        chart = Chart({"x": domain})
        limit = rules.limit_of_form(fn("abs", x) / x, num(sign), chart, symbol="x", step="h", point=ZERO)
        found.append(rules.instantiate(rules.limit_value(limit), {"x": num(sign)}, EMPTY))
    return rules.transitive(rules.symmetric(found[0]), found[1])


def shift(value: Term, chart: Chart) -> Fact:
    return rules.dominated(x, ONE, Regime(), (), {"x": value}, chart)


def variance_in_a_limit() -> Fact:
    chart = COUNTED.extend(domains={"c": REAL})
    limit = rules.limit_of_form(c / T, c * h, chart, symbol="T", step="h")
    placed = rules.instantiate(limit, {"c": var(fn("A", 1))}, COUNTED)
    return rules.rewrite(placed, rules.given(Claim("=", var(fn("A", 1)), T**2, COUNTED)), "left")


def variance_in_the_term_of_a_limit() -> Fact:
    chart = COUNTED.extend(domains={"c": REAL})
    limit = rules.limit_value(rules.limit_of_form(c / T, c * h, chart, symbol="T", step="h"))
    return rules.instantiate(limit, {"c": var(fn("A", 1))}, COUNTED)


def two_values_of_a_hidden_symbol() -> Fact:
    known = rules.given(Claim("=", pi, theta, HIDDEN))
    one, two = (rules.instantiate(known, {r"\theta": num(v)}) for v in (1, 2))
    return rules.transitive(rules.symmetric(one), two)


def a_definition_where_it_is_undefined() -> Fact:
    chart = Chart({"x": REAL}, definitions={"d": 1 / x})
    two = rules.instantiate(rules.equal(sym("d") * (x + x), num(2), chart), {"x": ZERO})
    one = rules.instantiate(rules.equal(sym("d") * x, ONE, chart), {"x": ZERO})
    two = rules.rewrite(two, rules.equal(ZERO + ZERO, ZERO, chart))
    return rules.transitive(rules.symmetric(two), one)


def induction_from_a_start_that_moves() -> Fact:
    """k = s for all k from s on: supposed for every s at once, it is contradictory, and proves the next step."""
    whole = Chart({"s": Domain("integer"), "k": Domain("integer", Bound(s))})
    supposed = rules.suppose(Claim("=", k - s, ZERO, whole), ("s",))
    absurd = rules.restate(rules.instantiate(supposed, {"s": k - 1}), left=ONE)
    step = rules.restate(rules.congruent(z * (k + 1 - s), {"z": absurd}), left=k + 1 - s, right=ZERO)
    base = rules.equal(s - s, ZERO, Chart({"s": Domain("integer")}))
    return rules.induction(base, step, Claim("=", k - s, ZERO, whole), "k")


def observed_value_that_is_random() -> Fact:
    """E[X | Z = W] = W/2 is as random as W, so that it is not its own mean."""
    X, Y, Z, W = (fn(name, 0) for name in "XYZW")
    laws = [rules.given(Claim("∼", v, normal(0, 1), COUNTED)) for v in (X, Y)]
    apart = rules.given(Claim("⊥", X, Y, COUNTED))
    whole = rules.given(Claim("=", Z, X + Y, COUNTED))
    mean = rules.mean_of_law(rules.condition_on_sum(*laws, apart, whole, W))
    return rules.rewrite(rules.mean_of_number(mean.left, COUNTED), mean)


def place_that_only_one_side_fills() -> Fact:
    """One side speaks of k, so that it does not go into the sum over k, and the place stays there for any number."""
    anything = Chart(closed=False)
    return rules.congruent(bind("sum", z, k, 1, 2), {"z": rules.equal((k + 1) ** 2 - k**2 - 2 * k, ONE, anything)})


def induction_over_a_hidden_index() -> Fact:
    """A family f_k may be another one for each k, and says nothing of the next."""

    def chart(domain: Domain | None) -> Chart:
        return Chart({} if domain is None else {"k": domain}, {"f_k": Function(())})

    whole = chart(Domain("integer", Bound(ONE)))
    claim = Claim("=", fn("f_k"), ONE, whole)
    base = rules.given(Claim("=", fn("f_k"), ONE, chart(None)))
    return rules.induction(base, rules.suppose(claim), claim, "k")


CARRIED = rules.given(Claim("=", c * theta, theta * c, HIDDEN))
FALSE_FACTS: dict[str, Callable[[], Fact]] = {
    "order of an integral that runs backwards": order_of_a_reversed_integral,
    "order of sums that diverge": order_of_divergent_sums,
    "growth stopped by a condition": growth_stopped_by_a_condition,
    "growth stopped by another symbol": growth_stopped_by_another_symbol,
    "growth stopped by a definition": growth_stopped_by_a_definition,
    "limit at a point far from the domain": limit_far_from_the_domain,
    "limit of what cannot move": limit_where_nothing_moves,
    "limits from two sides": one_sided_limits_that_meet,
    "shift that is a value": lambda: shift(ONE, Chart({"x": POSITIVE})),
    "shift from another bound": lambda: shift(5 + sym("v"), Chart({"x": POSITIVE})),
    "shift by a symbol of the chart": lambda: shift(ZERO + y, Chart({"x": POSITIVE, "y": POSITIVE})),
    "shift from a negative bound": lambda: shift(-y + sym("v"), Chart({"y": POSITIVE, "x": Domain("real", Bound(-y))})),
    "shift without a bound": lambda: shift(sym("v"), Chart({"x": REAL})),
    "variance put into a limit": variance_in_a_limit,
    "variance put into the term of a limit": variance_in_the_term_of_a_limit,
    "policy put into a derivative": lambda: rules.instantiate(
        rules.gradient(c * theta, r"\theta", [], HIDDEN), {"c": pi}
    ),
    "parameter of a policy put in": two_values_of_a_hidden_symbol,
    "policy evaluated at a parameter": lambda: rules.evaluate_at(bind("at", pi, theta, ZERO), HIDDEN),
    "policy integrated over its parameter": lambda: rules.equal(bind("int", pi, theta, 0, 1), pi, HIDDEN),
    "policy added up over its parameter": lambda: rules.telescope(bind("sum", pi - pi, theta, 1, 2), pi, HIDDEN),
    "equation of policies under a binder": lambda: rules.rewrite(
        rules.given(Claim("<", ZERO, bind("int", pi, theta, 0, 1), HIDDEN)), rules.given(Claim("=", pi, ONE, HIDDEN))
    ),
    "definition where it is undefined": a_definition_where_it_is_undefined,
    "induction from a start that moves": induction_from_a_start_that_moves,
    "induction over a hidden index": induction_over_a_hidden_index,
    "observed value that is random": observed_value_that_is_random,
    "place that only one side fills": place_that_only_one_side_fills,
}


@pytest.mark.parametrize("name", FALSE_FACTS)
def test_a_false_fact_is_refused(name: str) -> None:
    with pytest.raises(Refused) as caught:
        FALSE_FACTS[name]()
    assert str(caught.value).endswith((".", ")."))


def test_what_is_next_to_these_attacks_still_works() -> None:
    assert rules.instantiate(CARRIED, {"c": num(3)}).left == 3 * theta
    chart = COUNTED.extend(domains={"m": Domain("integer", Bound(ZERO), Bound(T)), "t": Domain("real", Bound(1 / T))})
    assert rules.limit_of_form(1 / T, h, chart, symbol="T", step="h").right == ZERO
    one_sided = rules.limit_of_form(fn("abs", x) / x, ONE, Chart({"x": POSITIVE}), symbol="x", step="h", point=ZERO)
    assert rules.limit_value(one_sided).right == ONE
    up = rules.sum_order(
        rules.at_most(ZERO, ONE, EMPTY.extend(domains={"u": Domain("real", Bound(ZERO), Bound(ONE))})),
        bind("int", ZERO, u, 0, 1),
        EMPTY,
    )
    assert up.right == bind("int", ONE, u, 0, 1)


@pytest.mark.parametrize(
    ("symbol", "name", "hidden"),
    [
        (r"\theta", r"\pi_\theta", True),
        (r"\theta'", r"\pi_{\theta}", True),
        ("t", r"\pi_{\theta_t}", True),
        ("t", r"p_{\Delta t}", True),
        ("i", r"\pi", False),
        ("h", r"\pi_\theta", False),
        ("X", r"\hat X_0", False),
        ("e", r"\pi_{\text{ref}}", False),
        (r"\theta", r"\theta", False),
    ],
)
def test_a_function_hides_the_symbols_of_its_indices(symbol: str, name: str, hidden: bool) -> None:
    assert hidden_in(symbol, fn(name, y) + 1) is hidden


# -- the decision ---------------------------------------------------------------------------------------
SIGNED = Chart({"w": Domain("real", Bound(ZERO)), "q": REAL, "x": REAL})
FAMILIES = Chart(
    {"n": Domain("integer", Bound(ONE)), "y": REAL, "x": POSITIVE, "z": REAL, r"\Delta t": REAL, r"\Delta": REAL},
    {"f": Function(("i", "j")), "g": Function(("i", "j")), "r": Function(("i",))},
)
SOLVED = FAMILIES.extend(conditions=(Condition("=", y, bind("sum", fn("r", i), i, 0, n)),))
SOME = var(fn("X", 1))
"""It has no value at a point, so that no point refutes, and the normal form is left alone."""


def total(body: Term, index: Term) -> Term:
    return bind("sum", body, index, 0, n)


UNEQUAL: dict[str, tuple[Term, Term, Chart]] = {
    "sign from a root that may vanish": (sqrt(w * q) + fn("abs", q), sqrt(w * q) + q, SIGNED),
    "sign from a root of a square": (sqrt(x**2 * q) + fn("abs", q), sqrt(x**2 * q) + q, SIGNED),
    "capture through a value": (
        SOME * total(bind("at", total(fn("f", j, x), j), x, total(fn("g", i, k), i)), k),
        SOME * (n + 1) * total(fn("f", j, total(fn("g", i, j), i)), j),
        FAMILIES,
    ),
    "capture through an equation of the chart": (
        SOME * total(total(fn("f", j, y) * fn("g", k, j), j), k),
        SOME * (n + 1) * total(fn("f", j, y) * fn("g", j, j), j),
        SOLVED,
    ),
    "limits over different ranges": (
        bind("lim", fn("abs", x) / x, x, 0) + 1,
        1 + bind("lim", fn("abs", z) / z, z, 0),
        FAMILIES,
    ),
    "derivatives whose names run together": (
        Term("diff", (fn("X", z), sym(r"\Delta t"))) + 1,
        1 + Term("diff", (fn("t X", z), sym(r"\Delta"))),
        FAMILIES,
    ),
    "policy at another parameter": (bind("at", pi, theta, ZERO), pi, HIDDEN),
    "policy integrated": (bind("int", pi, theta, 0, 1) + 0, pi, HIDDEN),
    "alternating sign of a half": (MINUS_ONE ** (2 * x), ONE, SIGNED),
}


@pytest.mark.parametrize("name", UNEQUAL)
def test_what_may_differ_is_not_decided_to_be_equal(name: str) -> None:
    left, right, chart = UNEQUAL[name]
    assert decide(left, right, chart).verdict is not True
    assert decide(right, left, chart).verdict is not True


# -- the refutation -------------------------------------------------------------------------------------
BETWEEN = Chart({"h": POSITIVE, "u": Domain("real", Bound(h), Bound(ONE))})
AT_ZERO = Chart({"x": Domain("real", Bound(ZERO), Bound(ZERO))})
HOLDS: dict[str, tuple[Term, Term, Chart]] = {
    "where another symbol has no room": (fn("abs", 1 - h), 1 - h, BETWEEN),
    "where another symbol never has room": (
        x,
        x + 1,
        Chart({"x": REAL, "m": Domain("integer", Bound(num(3)), Bound(num(2)))}),
    ),
    "slope at a corner": (Term("diff", (fn("abs", x), x)), ONE, AT_ZERO),
    "slope where two meet": (bind("at", Term("diff", (fn("max", x, 0), x)), x, 0), ONE, Chart({"x": REAL})),
}
"""Nothing admissible speaks against these."""


@pytest.mark.parametrize("name", HOLDS)
def test_what_no_admissible_point_denies_is_not_refuted(name: str) -> None:
    left, right, chart = HOLDS[name]
    assert decide(left, right, chart).verdict is not False


def test_a_slope_at_a_corner_is_nothing() -> None:
    corner = bind("at", Term("diff", (fn("abs", x), x)), x, ZERO)
    assert decide(corner, ZERO, Chart({"x": REAL})).verdict is None
    assert decide(Term("diff", (fn("abs", x), x)), fn("sign", x), Chart({"x": REAL})).verdict is True
    assert decide(fn("abs", 1 - h), 2 - h, BETWEEN).verdict is False
