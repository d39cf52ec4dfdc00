"""Wide formulas are broken at relations and signs, and nothing of them is lost."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reports.breaking import LINE, broken, width
from reports.escape import displayed
from reports.escape import formula as in_one_row
from reports.formula import parse

TERMS = st.sampled_from([r"\frac{a}{b+c}", "x^2", r"\left(a + b\right)", "(c - d)", r"\log z", r"\sum_{k=1}^{K} w_k"])
SIGNS = st.sampled_from(["+", "-", "=", r"\le ", r"\cdot "])


@given(st.lists(st.tuples(SIGNS, TERMS), min_size=1, max_size=40))
def test_rows_fit_and_hold_all_of_the_formula(links: list[tuple[str, str]]) -> None:
    source = "y" + "".join(sign + term for sign, term in links)
    formula = parse(source)
    shown = displayed(source) or ""
    if width(formula) <= LINE:
        assert "aligned" not in shown
        return
    rows = re.findall(r"& (.*?)(?: \\\\|\\end\{aligned\})", shown)
    assert len(rows) > 1
    assert all(width(parse(row)) <= LINE + 4 for row in rows)
    assert re.sub(r"\\qquad|\s", "", "".join(rows)) == re.sub(r"\s", "", in_one_row(source) or "")


def test_signs_that_join_nothing_do_not_break() -> None:
    formula = parse("a = -b + (c - d)" + " " * 3 + "+ e")
    assert broken(formula, line=1) != formula
    text = displayed("x = -" + "+".join(["y_1"] * 60)) or ""
    assert not re.search(r"& \\qquad-", text)
