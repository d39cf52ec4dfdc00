"""Results that are no single number: sets, tuples, intervals, equations, matrices, complex numbers, units."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from derive.kernel.chart import Chart
from derive.kernel.equality import decide
from derive.kernel.term import Term, add, fn, neg, num
from derive.latex.parser import parse
from grading import check, compare
from grading.judge.open.imaginary import equal_complex
from grading.judge.open.linear import determinant, rows, worked_out

SAME = [
    (r"\{1, 2\}", "2, 1"),
    (r"x = 1, x = 2", r"\{2, 1\}"),
    (r"\pm 3", r"\{-3, 3\}"),
    (r"2 \pm \sqrt3", r"2 + \sqrt3, 2 - \sqrt3"),
    (r"\varnothing", r"\emptyset"),
    (r"(\frac12, 3)", "(0.5, 3)"),
    ("x = 1, y = 2", "y = 2, x = 1"),
    ("[0, 1)", r"0 \le x < 1"),
    (r"(-\infty, 3)", "x < 3"),
    (r"3 > x", "x < 3"),
    (r"[0, 1] \cup [1, 2]", "[0, 2]"),
    (r"(0, 1) \cup \{1\}", "(0, 1]"),
    (r"x < 1 \text{ or } x > 2", r"(2, \infty) \cup (-\infty, 1)"),
    ("[a, b]", "[a, b + a - a]"),
    (r"\mathbb R", r"(-\infty, \infty)"),
    ("y = 2x + 1", "2x - y + 1 = 0"),
    ("3x + 6y = 9", "x + 2y = 3"),
    ("x = 2y", r"y = \frac{x}{2}"),
    ("y = 2x + 1", "1 + 2x"),
    (r"12 \text{ cm}", "12"),
    (r"\$5.00", "5"),
    (r"90^\circ", r"\frac{\pi}{2}"),
    (r"90^\circ", "90"),
    ("3 : 4", "6 : 8"),
    ("(1 + i)^2", "2i"),
    (r"\frac{1}{1 - i}", r"\frac{1 + i}{2}"),
    (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}"),
    (r"\infty", r"\infty"),
    (r"\lfloor 7/2 \rfloor", "3"),
    ("5", r"It is $6 - 1$ apples, so \$\boxed{5}\$.".replace(r"\$", "$")),
]
OTHER = [
    (r"\{1, 2\}", "1"),
    (r"\{1, 2\}", r"\{1, 2, 3\}"),
    ("1", r"1 \text{ and } 2"),
    ("6", "$5$ and $6$"),
    (r"\pm 3", "3"),
    ("(3, 4)", "(4, 3)"),
    ("(3, 4)", "(3, 4, 5)"),
    ("(1, 2)", "1"),
    ("x = 1, y = 2", "x = 2, y = 1"),
    ("[0, 1)", "[0, 1]"),
    ("x < 3", r"x \le 3"),
    ("x < 3", "x > 3"),
    (r"(0, 1) \cup (1, 2)", "(0, 2)"),
    ("[0, 1]", r"\{0, 1\}"),
    ("y = 2x + 1", "2x - y - 1 = 0"),
    ("x = 2y", "y = 2x"),
    ("x^2 + y^2 = 1", "x^2 + y^2 = 2"),
    ("x = 3", "y = 3"),
    (r"12 \text{ cm}", "13"),
    (r"90^\circ", "91"),
    ("2 + 3i", "3 + 2i"),
    (r"\infty", r"-\infty"),
    (r"\infty", "3"),
    (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", r"\begin{pmatrix} 1 & 3 \\ 2 & 4 \end{pmatrix}"),
]
OPEN = [
    (r"12 \text{ cm}", r"12 \text{ m}"),  # a conversion is not known
    ("[a, b]", "[a, c]"),  # for some values the same
    (r"2 \text{ if } x > 0", "2"),
    ("x + y = 2", "2"),
]


@pytest.mark.parametrize(("gold", "answer"), SAME)
def test_the_same_result_in_another_form(gold, answer):
    assert compare(gold, answer).equal is True, compare(gold, answer).why
    assert compare(answer, gold).equal is True, compare(answer, gold).why


@pytest.mark.parametrize(("gold", "answer"), OTHER)
def test_another_result(gold, answer):
    assert compare(gold, answer).equal is False, compare(gold, answer).why
    assert compare(answer, gold).equal is False, compare(answer, gold).why


@pytest.mark.parametrize(("gold", "answer"), OPEN)
def test_what_cannot_be_told(gold, answer):
    assert compare(gold, answer).equal is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=5), st.lists(st.integers(-5, 5), min_size=1, max_size=5))
def test_sets_are_equal_when_python_says_so(one, other):
    written = [r"\{" + ", ".join(map(str, members)) + r"\}" for members in (one, other)]
    assert compare(*written).equal is (set(one) == set(other))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 3), st.booleans(), st.booleans()), min_size=2, max_size=2))
def test_intervals_contain_the_same_points_when_they_are_equal(drawn):
    written, members = [], []
    for low, length, left, right in drawn:
        high = low + length
        written.append(f"{'[' if left else '('}{low}, {high}{']' if right else ')'}")
        points = [n / 2 for n in range(20)]
        members.append([low < p < high or (p == low and left) or (p == high and right) for p in points])
    assert compare(*written).equal is (members[0] == members[1])


CHECKED = [
    (r"7 \equiv 2 \pmod 5", "proved"),
    (r"7 \equiv 3 \pmod 5", "refuted"),
    (r"2^{100} \equiv 1 \pmod 5", "proved"),
    (r"e^{i\pi} = 1", "refuted"),
    (r"e^{i\pi} = -1", "undecided"),
    (r"(1 + i)^4 = -4", "proved"),
    (r"90^\circ = \frac{\pi}{2}", "proved"),
    (r"\sum_{k=1}^n k = \frac{n(n+1)}{2}", "proved"),
    (r"\sum_{k=1}^n k = \frac{n(n-1)}{2}", "refuted"),
    (r"E[X] = \mu", "undecided"),
    (r"2 \cdot 3 = 6 \text{ apples}", "proved"),
    (r"2 \cdot 3 = 7 \text{ apples}", "refuted"),
    (r"1 \text{ foot} = 12 \text{ inches}", "undecided"),
    (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \begin{pmatrix} 1 \\ 1 \end{pmatrix}"
     r" = \begin{pmatrix} 3 \\ 7 \end{pmatrix}", "proved"),
    (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}^2 = \begin{pmatrix} 1 & 4 \\ 9 & 16 \end{pmatrix}", "refuted"),
    (r"\begin{vmatrix} 1 & 2 \\ 3 & 4 \end{vmatrix} = -2", "proved"),
    (r"(1, 2) + (3, 4) = (4, 7)", "refuted"),
    (r"\lfloor -\frac12 \rfloor = 0", "refuted"),
    (r"\gcd(12, 18) = 6", "proved"),
    (r"17 \bmod 5 = 2", "proved"),
    (r"\csc x = \frac{1}{\cos x}", "refuted"),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "status"), CHECKED)
def test_conventions_of_undeclared_formulas(latex, status):
    judged = check(latex)[-1]
    assert judged.status == status, judged.why


def matrix(entries) -> Term:
    return fn("matrix", *(fn("row", *map(num, row)) for row in entries))


squares = st.integers(2, 3).flatmap(
    lambda n: st.lists(st.lists(st.integers(-4, 4), min_size=n, max_size=n), min_size=n, max_size=n)
)


@settings(max_examples=40, deadline=None)
@given(squares)
def test_the_determinant_is_multiplicative_and_the_inverse_inverts(entries):
    chart = Chart()
    one = matrix(entries)
    value = determinant(rows(one))
    product = rows(worked_out(fn("product", one, one)))
    assert decide(determinant(product), value * value, chart).verdict is True
    if decide(value, num(0), chart).verdict is False:
        identity = rows(worked_out(fn("product", one, one ** num(-1))))
        for i, row in enumerate(identity):
            for j, entry in enumerate(row):
                assert decide(entry, num(int(i == j)), chart).verdict is True


@settings(max_examples=60, deadline=None)
@example(0, 0, 0, 1, 1)
@given(*[st.integers(-9, 9)] * 4, st.integers(1, 4))
def test_complex_powers_agree_with_python(a, b, c, d, n):
    left = parse(f"({a} + {b} i)^{n}") if b >= 0 else parse(f"({a} - {-b} i)^{n}")
    exact = complex(a, b) ** n
    right = parse("i") * num(round(exact.imag)) + num(round(exact.real))
    assert equal_complex(left, right).status == "proved"
    shifted = add(right, num(c), parse("i") * num(d))
    expected = "proved" if (c, d) == (0, 0) else "refuted"
    assert equal_complex(left, shifted).status == expected
    assert equal_complex(neg(left), neg(right)).status == "proved"
