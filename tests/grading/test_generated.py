"""A sample of the generated variants, and the oracle and the rewriting that they rest on.

The benchmark ``benchmarks/generated.py`` makes many more, for every part.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from generated import accepts, expected, judged
from generating.mutants import mutants
from generating.rewrites import rewrites
from generating.truth import holds
from generating.variants import Base, base, computational
from generating.worlds import model

from derive.kernel.term import Term
from derive.latex.parser import parse
from grading import grade, load_assignment

PARTS = [(name, part) for name in ("hw13", "kalman") for part in computational(load_assignment(name))]
SAMPLED = (
    ("hw13", "1a", 2),
    ("hw13", "1d", 1),
    ("hw13", "2e", 2),
    ("kalman", "1b", 1),
    ("kalman", "2d", 3),
    ("kalman", "3b", 1),
)
"""Parts of every kind, and how many variants of each kind are judged here."""


def whole(name: str, part: str) -> Base:
    return base(load_assignment(name), part)


@pytest.mark.parametrize(("name", "part", "number"), SAMPLED)
def test_no_false_variant_is_accepted_and_every_true_one_is(name: str, part: str, number: int) -> None:
    answer = whole(name, part)
    assert expected(answer) in ("correct", "leading-order")
    for kind in ("wrong", "flawed", "equivalent"):
        found = [judged(v, answer) for v in answer.variants(kind, number, 5)]
        assert len(found) == number
        for f in found:
            assert f.result is not None
            if kind != "equivalent":
                assert not accepts(f.result), f.told()
            assert f.caught, f.told()


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_the_oracle_finds_every_relation_of_the_reference_true(name: str, part: str) -> None:
    answer = whole(name, part)
    assert answer.results
    assert all(spot.side.term is not None for spot in answer.spots())
    assert len(answer.spots()) >= len(answer.results)


RATIOS = r"\prod_{k=1}^{T} \frac{\sigma^2+(k-1)\Delta t}{\sigma^2+k\Delta t}"
LOGARITHMS = r"\sum_{k=1}^{T} \log\left(1 - \frac{\Delta t}{\sigma^2+k\Delta t}\right)"
FALSE = (
    ("hw13", "1d", "=", RATIOS, r"\frac{\sigma^2}{\sigma^2+2}"),
    ("hw13", "1e", "≈", r"\operatorname{Var}(\hat X_0)", r"\sigma"),
    ("hw13", "1g", "≈", r"x_{t-\Delta t}", r"\left(1 - \frac{\Delta t}{\sigma^2+t}\right) x_t"),
    ("hw13", "1h", "→", LOGARITHMS, r"-\int_0^1 \frac{dt}{2(\sigma^2+t)}"),
    ("hw13", "2e", "=", r"\sigma(r(x, y_w) - r(x, y_l))", r"\sigma(r(x, y_l) - r(x, y_w))"),
    ("hw13", "4b", "∝", r"q(x_{t-1} | x_t, x_0)", r"q(x_t | x_{t-1}, x_0)"),
    ("kalman", "1b", "∼", r"\theta \mid y_1", r"\mathcal N(y_1, r)"),
)


@pytest.mark.parametrize(("name", "part", "kind", "left", "right"), FALSE)
def test_the_oracle_tells_what_is_false(name: str, part: str, kind: str, left: str, right: str) -> None:
    assert holds(kind, *_terms(name, part, left, right), model(name, part)) is False


def _terms(name: str, part: str, left: str, right: str) -> tuple[Term, Term]:
    [spec] = load_assignment(name).select(part=part)
    return parse(left, spec.theory.notation), parse(right, spec.theory.notation)


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_rewriting_keeps_values_and_most_slips_do_not(name: str, part: str) -> None:
    answer = whole(name, part)
    slips = []
    for spot in answer.spots():
        term = spot.side.term
        if term is None or term.op in ("law", "given"):
            continue
        points = replace(answer.model, points=answer.model.points[:1], limits=())
        verdicts = [holds("=", term, other, points) for _, other in rewrites(term)]
        assert False not in verdicts
        slips += [holds("=", term, other, points) for _, other in mutants(term)]
    assert slips.count(True) <= 0.2 * len(slips)


CANCELLING = (
    ("1c", r"$\operatorname{Var}(X_{t-\Delta t}|X_t) \approx \frac{1}{1-2\Delta t} - 1$"),
    ("1g", r"$x_{t-\Delta t} \approx \frac{x_t}{1 - \frac{\Delta t}{2(\sigma^2+t)}}$"),
)


@pytest.mark.parametrize(("part", "text"), CANCELLING)
def test_an_error_is_small_against_the_whole_where_large_terms_nearly_cancel(part: str, text: str) -> None:
    [found] = grade(f"({part[-1]})\n\n{text}", load_assignment("hw13"), part=part).parts
    assert not accepts(found)
