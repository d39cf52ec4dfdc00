"""Random pairs of equal and of mutated terms: no verdict is wrong, and nearly all equal pairs are decided.

The pairs, and the judge of the verdicts in mpmath, are those of ``benchmarks/fuzz.py``, which makes many more.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from fuzz import judged
from fuzzing.grammar import CHART, Grower, WideGrower
from fuzzing.oracle import Model, Undefined, really_equal
from fuzzing.rewriting import ABSTRACT, equal_pair, mutated_pair, somewhere, wide_mutations, wide_rewrites

from derive.kernel.balls import instances
from derive.kernel.equality import decide
from derive.kernel.evaluate import Instance, NotEnclosed, enclose, precision
from derive.kernel.normal import NotNormal, same_normal_form
from derive.kernel.term import Term, add, bind, div, exp, fn, neg, num, plain, rebuild, sym, walk

BLOCK = 100
BLOCKS = range(20)


@pytest.mark.parametrize("block", BLOCKS)
def test_equal_pairs_are_never_refuted_and_nearly_always_decided(block: int) -> None:
    tally = judged(equal_pair, range(block * BLOCK, (block + 1) * BLOCK))
    assert not tally.unsound
    assert len(tally.undecided) <= 3, tally.undecided
    assert tally.judged > 0.9 * tally.decided


@pytest.mark.parametrize("block", BLOCKS)
def test_mutated_pairs_are_judged_as_an_evaluator_of_its_own_judges_them(block: int) -> None:
    start = 10**6 + block * BLOCK
    tally = judged(mutated_pair, range(start, start + BLOCK))
    assert not tally.unsound
    assert tally.equal < BLOCK / 4
    assert tally.judged > 0.9 * tally.decided > 0.7 * BLOCK


def test_the_pairs_hold_what_answers_hold() -> None:
    seen: set[str] = set()
    for seed in range(400):
        for node in walk(add(*equal_pair(seed))):
            seen.add(node.op if node.op != "fn" else node.name)
            if node.op == "pow":
                exponent = node.children[1]
                kind = "symbol" if exponent.op != "num" else "integer" if exponent.value.denominator == 1 else "root"
                seen.add(f"{kind} exponent")
    exponents = {"symbol exponent", "integer exponent", "root exponent"}
    assert {
        "sum",
        "prod",
        "sumset",
        "int",
        "exp",
        "log",
        "logistic",
        "abs",
        "factorial",
        "p",
        r"\pi",
    } | exponents <= seen


def test_the_judge_tells_equal_from_different() -> None:
    a, n, k = map(sym, "ank")
    geometric = bind("sum", a**k, k, 0, n - 1)
    assert really_equal(geometric * (a - 1), a**n - 1, 1, 5) is True
    assert really_equal(geometric * (a - 1), a ** (n + 1) - 1, 1, 5) is False
    assert really_equal(bind("int", exp(a * k), k, 0, 1), div(exp(a) - 1, a), 1, 3) is True
    assert really_equal(bind("sumset", fn(r"\pi", k, sym("z")), k, sym("S")), num(1), 1, 3) is True
    assert really_equal(fn("log", num(-1)), num(0), 1, 3) is None


@pytest.mark.parametrize("block", range(8))
def test_the_normal_form_alone_never_takes_different_terms_for_equal(block: int) -> None:
    """Balls come first in decide() and would hide a wrong normal form; here they judge it."""
    agreed = 0
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        grower = WideGrower(seed)
        left = right = grower.real(3)
        for _ in range(grower.random.randint(0, 2)):
            right = somewhere(right, grower, wide_rewrites)
        assert decide(left, right, CHART).verdict is not False, (plain(left), plain(right))
        other = somewhere(right, grower, wide_mutations)
        try:
            same = same_normal_form(left, other, CHART)
        except NotNormal:
            continue
        for instance in instances(CHART, (left, other), seed, 10) if same else ():
            with precision(128):
                try:
                    gap = enclose(add(left, neg(other)), instance, CHART, 128)
                except NotEnclosed:
                    continue
            agreed += 1
            assert gap.contains(0), (plain(left), plain(other), instance)
    assert agreed > 20


@settings(max_examples=200, deadline=None, database=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_enclosures_hold_what_mpmath_finds(seed: int) -> None:
    term = without_functions(Grower(seed).real(3))
    point = {name: Fraction(value) for name, value in POINT.items()}
    try:
        ball = enclose(term, Instance(point, {"y": 0, "z": 1}), CHART, 200)
    except NotEnclosed:
        return
    with mpmath.workdps(70):
        model = Model(seed)
        model.values |= {k: mpmath.mpf(v.numerator) / v.denominator for k, v in point.items()}
        try:
            expected = model.value(term)
        except Undefined:
            assert abs(ball) > 10**300, f"{plain(term)} is enclosed, but undefined"
            return
        size = max(1, abs(expected))
    assert abs(float(ball.mid()) - float(expected)) <= 1e-12 * float(size), mpmath.nstr(expected, 60)


POINT = {"a": "2/3", "b": "7/5", "c": "1/4", "e": "-4/3", "x": "-3/2", "n": "3"}


def without_functions(root: Term) -> Term:
    """The term with plain expressions for the abstract functions, whose tables differ."""
    if root.op == "fn" and root.name in ABSTRACT:
        inner = root.children[0]
        return add(num(1), inner**2) if inner.op != "sym" or inner.name[0] in "kj" else num(2, 3)
    return rebuild(root, without_functions)
