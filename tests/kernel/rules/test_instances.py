"""A claim about laws and moments holds for numbers, and not for random values."""

from __future__ import annotations

import pytest

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Chart, Domain
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import ZERO, fn, normal, num, sym

SCALE, VARIABLE = sym("c"), fn("A", ZERO)
CHART = Chart(domains={"c": Domain()})


def scaled() -> Fact:
    """c A ~ N(0, c^2) for every number c."""
    return rules.affine_law(rules.given(Claim("∼", VARIABLE, normal(0, 1), CHART)), SCALE, ZERO)


def test_a_number_is_accepted():
    assert rules.instantiate(scaled(), {"c": num(3)}).claim.left == 3 * VARIABLE


@pytest.mark.parametrize("value", [VARIABLE, VARIABLE + 1, fn("B", ZERO), fn("A", SCALE) ** 2], ids=repr)
def test_a_random_value_is_refused(value):
    with pytest.raises(Refused, match="not a number"):
        rules.instantiate(scaled(), {"c": value})


def test_an_equation_between_numbers_takes_any_value():
    square = rules.equal((SCALE + 1) ** 2, SCALE**2 + 2 * SCALE + 1, CHART)
    assert rules.instantiate(square, {"c": VARIABLE}).claim.right == VARIABLE**2 + 2 * VARIABLE + 1
