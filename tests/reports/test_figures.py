"""The figures show what is proved and what is simulated, and are drawn the same every time."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from derive import catalogue
from derive.kernel.balls import Instance, NotEnclosed, enclose
from reports import figures, tex
from reports.figures import chains, histogram, rankings, weight

CHAINS = pytest.mark.parametrize("chain", chains.CHAINS, ids=lambda chain: chain.name)


@CHAINS
def test_simulated_points_lie_about_the_proved_curve(chain: chains.ReverseChain) -> None:
    points = chains.course(chain, seed=1)
    assert [p.t for p in points] == pytest.approx([1 - k / chains.T for k in range(chains.T + 1)])
    for point in points[1:]:
        assert abs(point.estimate - point.exact) < 5 * point.se


@CHAINS
def test_the_curve_is_the_recursion_of_the_variances(chain: chains.ReverseChain) -> None:
    s2, dt = chains.SIGMA**2, 1 / chains.T
    variance = 1.0
    curve = [variance]
    for k in range(chains.T, 0, -1):
        factor = (s2 + (k - 1) * dt) / (s2 + k * dt) if chain.name != "DDIM" else 1 - dt / 2 / (s2 + k * dt)
        variance = factor**2 * variance + (dt if chain.name == "DDPM" else 0.0)
        curve.append(variance)
    assert [p.exact for p in chains.course(chain, seed=1)] == pytest.approx(curve, rel=1e-6)


@CHAINS
def test_limits_are_proved(chain: chains.ReverseChain) -> None:
    if chain.limit is None:
        assert chains.errors(chain) == ()
        return
    values = []
    for step in catalogue.load(chain.id).prove().steps:
        claim = step.fact.claim
        if claim.kind == "→" and claim.left.op == "fn":
            try:
                ball = enclose(claim.right, Instance({r"\sigma": Fraction(chains.SIGMA)}), claim.chart, 128)
            except NotEnclosed:
                continue
            values.append(float(ball.mid()))
    assert any(math.isclose(value, chain.limit(chains.SIGMA**2), rel_tol=1e-12) for value in values)
    assert chains.slope(chains.errors(chain)[-4:]) == pytest.approx(-1, abs=0.05)


def test_slope() -> None:
    assert chains.slope([(n, 3.0 * n**-2) for n in (1, 2, 4, 9)]) == pytest.approx(-2)


@CHAINS
def test_the_histogram_is_that_of_the_proved_density(chain: chains.ReverseChain) -> None:
    edges, heights = histogram.density(chain, seed=1)
    scale = math.sqrt(2 * chains.proved(chain.id, chains.SIGMA**2, chains.T))
    chi_square, bins = 0.0, 0
    for low, high, height in zip(edges[:-1], edges[1:], heights, strict=True):
        probability = (math.erf(high / scale) - math.erf(low / scale)) / 2
        expected = probability * histogram.PATHS
        if expected >= 10:
            chi_square += (height * (high - low) * histogram.PATHS - expected) ** 2 / expected
            bins += 1
    assert abs(chi_square - bins) < 5 * math.sqrt(2 * bins)


def test_the_weight_falls_from_one_to_zero_and_simulation_agrees() -> None:
    points = weight.points(seed=1)
    assert [p.exact for p in points] == pytest.approx([1 / (1 + math.exp(p.margin)) for p in points])
    assert all(abs(p.estimate - p.exact) < 5 * p.se for p in points)


def test_the_rankings_add_up_to_one_and_simulation_agrees() -> None:
    found = rankings.rankings(seed=1)
    assert len({r.order for r in found}) == 6
    assert sum(r.exact for r in found) == pytest.approx(1)
    assert all(abs(r.estimate - r.exact) < 5 * r.se for r in found)


@pytest.mark.skipif(not figures.available(), reason="matplotlib is not installed")
def test_drawings_are_vectors_and_the_same_every_time() -> None:
    assert figures.figures(["diffusion/forward_marginal"]) == ()
    assert [f.name for f in figures.figures(["diffusion/mean_chain"])] == ["variance", "ends"]
    names = [*(chain.id for chain in chains.CHAINS), weight.ID, rankings.ID]
    drawn = figures.figures(names)
    assert [figure.name for figure in drawn] == ["variance", "convergence", "ends", "weight", "rankings"]
    assert figures.figures(names) == drawn
    for figure in drawn:
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
