"""The figures show what is proved and what is simulated, and are drawn the same every time."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from derive import catalogue
from derive.kernel.balls import Instance, NotEnclosed, enclose
from reports import figures, tex

CHAINS = pytest.mark.parametrize("chain", figures.CHAINS, ids=lambda chain: chain.name)


@CHAINS
def test_simulated_points_lie_about_the_proved_curve(chain: figures.ReverseChain) -> None:
    points = figures.course(chain, seed=1)
    assert [p.t for p in points] == pytest.approx([1 - k / figures.T for k in range(figures.T + 1)])
    for point in points[1:]:
        assert abs(point.estimate - point.exact) < 5 * point.se


@CHAINS
def test_the_curve_is_the_recursion_of_the_variances(chain: figures.ReverseChain) -> None:
    s2, dt = figures.SIGMA**2, 1 / figures.T
    variance = 1.0
    curve = [variance]
    for k in range(figures.T, 0, -1):
        factor = (s2 + (k - 1) * dt) / (s2 + k * dt) if chain.name != "DDIM" else 1 - dt / 2 / (s2 + k * dt)
        variance = factor**2 * variance + (dt if chain.name == "DDPM" else 0.0)
        curve.append(variance)
    assert [p.exact for p in figures.course(chain, seed=1)] == pytest.approx(curve, rel=1e-6)


@CHAINS
def test_limits_are_proved(chain: figures.ReverseChain) -> None:
    if chain.limit is None:
        assert figures.errors(chain) == ()
        return
    values = []
    for step in catalogue.load(chain.id).prove().steps:
        claim = step.fact.claim
        if claim.kind == "→" and claim.left.op == "fn":
            try:
                ball = enclose(claim.right, Instance({r"\sigma": Fraction(figures.SIGMA)}), claim.chart, 128)
            except NotEnclosed:
                continue
            values.append(float(ball.mid()))
    assert any(math.isclose(value, chain.limit(figures.SIGMA**2), rel_tol=1e-12) for value in values)
    assert figures.slope(figures.errors(chain)[-4:]) == pytest.approx(-1, abs=0.05)


def test_slope() -> None:
    assert figures.slope([(n, 3.0 * n**-2) for n in (1, 2, 4, 9)]) == pytest.approx(-2)


@pytest.mark.skipif(not figures.available(), reason="matplotlib is not installed")
def test_drawings_are_vectors_and_the_same_every_time() -> None:
    assert figures.figures(["diffusion/forward_marginal"]) == ()
    [alone] = figures.figures(["diffusion/mean_chain"])
    assert alone.name == "variance"
    both = figures.figures([chain.id for chain in figures.CHAINS])
    assert [figure.name for figure in both] == ["variance", "convergence"]
    assert figures.figures([chain.id for chain in figures.CHAINS]) == both
    for figure in both:
        assert figure.pdf.startswith(b"%PDF")
        assert b"<svg" in figure.svg
        assert b"<image" not in figure.svg


def test_without_matplotlib_everything_else_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    from reports import cli

    monkeypatch.setattr(figures, "available", lambda: False)
    monkeypatch.setattr(tex, "available", lambda: False)
    assert cli.run(["report", "hw13", "-o", str(tmp_path), "--paths", "10000"]) == 0
    assert "figures are left out, because matplotlib is not installed" in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"hw13.tex", "hw13.html"}
    assert "includegraphics[" not in (tmp_path / "hw13.tex").read_text(encoding="utf-8")
