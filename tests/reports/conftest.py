"""A graded answer with every status and verdict in it, made by hand."""

from __future__ import annotations

import pytest

from grading.result import (
    Counterexample,
    GradeResult,
    Judgement,
    PartFinding,
    PartResult,
    Passage,
    Premise,
    Simulation,
)


def relation(latex: str, line: int, status: str, why: str, method: str = "normal form", **more: object) -> Judgement:
    return Judgement(latex, line, 3, "=", status, method, why, **more)  # type: ignore[arg-type]


INTEGRAL = (
    r"\int_0^1 \frac{\sigma^4}{(\sigma^2+t)^2}\,dt = \sigma^4\left(\frac{1}{\sigma^2}+\frac{1}{\sigma^2+1}\right)"
)


@pytest.fixture
def graded() -> GradeResult:
    point = Counterexample({r"\sigma": "1/2"}, "0.2", "0.3")
    return GradeResult(
        "hw13",
        "answers/a_1.md",
        (
            PartResult(
                "1a",
                "correct",
                "the result is right, and every relation holds",
                2.0,
                2.0,
                PartFinding(r"X_1 \sim \mathcal N(0, \sigma^2+1)", 12, "proved", "it equals the reference"),
                (
                    relation(r"T = 1/\Delta t", 5, "given", "the problem states it"),
                    relation(
                        r"\operatorname{Var}(X_1) = \sigma^2 + T\Delta t", 8, "proved", "sum of independent noises"
                    ),
                    relation(r"\sigma^2 + T\Delta t = \sigma^2+1", 8, "proved", r"because $T\Delta t = 1$", chain=1),
                    relation(r"X_1 \sim \mathcal N(0, \sigma^2+1)", 12, "proved", "Gaussian closure", chain=2),
                ),
            ),
            PartResult(
                "1d",
                "leading-order",
                r"the result rests on the premise $X_1\sim\mathcal N(0,1+\sigma^2)$ instead of the problem's",
                3.0,
                4.0,
                PartFinding(r"\hat X_0 \sim \mathcal N(0,\frac{\sigma^4}{\sigma^2+1})", 80, "follows", "own premise"),
                (
                    relation(
                        r"\prod_{k=0}^{T-1} \frac{\sigma^2 + 1 - (k+1)\Delta t}{\sigma^2 + 1 - k\Delta t} "
                        r"= \frac{\sigma^2}{\sigma^2+1}",
                        70,
                        "proved",
                        "the product telescopes",
                        "telescope",
                    ),
                    relation(r"\hat X_0 \sim \mathcal N(0,\frac{\sigma^4}{\sigma^2+1})", 80, "follows", "own premise"),
                    relation(r"\frac{\sigma^4}{\sigma^2+1} \approx \sigma^4", 84, "supported", "on 8 curves"),
                ),
                None,
                (Premise(r"X_1 \sim \mathcal N(0, 1+\sigma^2)", 76, r"\hat X_1 \sim \mathcal N(0, 1)"),),
                simulation=Simulation(0.0041, 0.00002, 0.00411),
            ),
            PartResult(
                "1e",
                "flawed",
                "the result is right, but the relation in line 92 is false",
                2.0,
                4.0,
                PartFinding(r"\operatorname{Var}(\hat X_0) \approx \sigma^2", 99, "proved", "within the regime"),
                (
                    relation(r"u := \sigma^2 + t", 90, "definition", "introduces u"),
                    relation(INTEGRAL, 92, "refuted", "the sides differ", "ball", counterexample=point, chain=1),
                    relation(
                        r"\sigma^4 = \sigma^2", 93, "leading-order", "the sides differ", "ball", counterexample=point
                    ),
                    relation(r"2x+3=7", 94, "condition", "x is an unknown"),
                    relation(r"f(x) = g(x)", 95, "undecided", "no rule decides it, and no point refutes it", "search"),
                    relation(r"\wibble{x} = x^2^3", 96, "unread", r"'\wibble' is no known command", "reader"),
                ),
                1,
            ),
            PartResult(
                "1f",
                "review",
                "the part asks for prose",
                None,
                3.0,
                to_review=(Passage(101, "I train <it> & stop.", "prose"),),
            ),
            PartResult("1g", "missing", "no result for $\\eta(t,\\Delta t)$ was found", 0.0, 2.0),
            PartResult(
                "1h",
                "wrong",
                "the result differs from the reference",
                0.0,
                4.0,
                PartFinding(r"\hat X_0 \sim \mathcal N(0, 2\sigma^2)", 140, "refuted", "twice the variance"),
                (relation(r"\hat X_0 \sim \mathcal N(0, 2\sigma^2)", 140, "refuted", "twice the variance"),),
                0,
            ),
        ),
        ("Lines 150 to 160 belong to no part.",),
    )
