r"""Figures of the reverse chains: variance against time, and how fast it converges as the steps become small.

A chain of :math:`T` steps that is stopped at :math:`t = 1-h` is, up to scale, a whole chain of :math:`hT` steps from
data of variance :math:`(\sigma^2+t)/h`, with all variances divided by :math:`h`. So the twin of the whole chain
simulates the stopped one too; and where the whole chain from :math:`N(0,1)` has the proved variance :math:`E`, and
:math:`A` without the noise of its steps, the stopped one has :math:`A + h(E - A)`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from grading.witness import compare_twin
from numeric import catalogue as twins
from reports.figures.canvas import BLUE, BROWN, DARK, GREY, Figure, canvas, labelled, saved


@dataclass(frozen=True)
class ReverseChain:
    """A chain of the catalogue, the one without its noise, and how it is drawn; ``limit`` is its small-step variance.

    ``limit`` takes the variance of the data; it is None where every number of steps gives the same variance.
    """

    id: str
    noiseless: str
    name: str
    colour: str
    dashes: str
    marker: str
    limit: Callable[[float], float] | None = None


CHAINS: Final = (
    ReverseChain("diffusion/mean_chain", "diffusion/mean_chain", "means only", BROWN, ":", "s"),
    ReverseChain(
        "diffusion/ddpm_chain",
        "diffusion/mean_chain",
        "DDPM",
        DARK,
        "-",
        "o",
        lambda s2: (s2 / (s2 + 1)) ** 2 + s2 / (s2 + 1),
    ),
    ReverseChain("diffusion/ddim_chain", "diffusion/ddim_chain", "DDIM", BLUE, "--", "D", lambda s2: s2 / (s2 + 1)),
)
PATHS: Final = 10_000
"""Simulated paths for each point; few, so that bars of two standard errors can be seen."""
SIGMA: Final = 0.5
T: Final = 20
STEPS: Final = (4, 8, 16, 32, 64, 128, 256)


@dataclass(frozen=True)
class Point:
    """The variance of a chain where it is stopped: proved, and simulated with its standard error."""

    t: float
    exact: float
    estimate: float
    se: float


def draw(derivations: Sequence[str], seed: int) -> tuple[Figure, ...]:
    """The figures of those of the derivations that are chains; none where none is."""
    chains = [chain for chain in CHAINS if chain.id in derivations]
    drawn = [_variance(chains, seed)] if chains else []
    converging = [chain for chain in chains if chain.limit is not None]
    return (*drawn, *([_convergence(converging)] if converging else []))


def course(chain: ReverseChain, seed: int) -> tuple[Point, ...]:
    """The variance of a chain from t = 1, where it is one, down to t = 0."""
    points = [Point(1.0, 1.0, 1.0, 0.0)]
    for steps in range(1, T + 1):
        h = steps / T
        s2 = (SIGMA**2 + 1 - h) / h
        whole, still = (proved(name, s2, steps) for name in (chain.id, chain.noiseless))
        twin = twins.load(chain.id)
        parameters = replace(twin.DEFAULT, sigma=math.sqrt(s2), T=steps, v=1 / h)
        found = twin.simulate(parameters, PATHS, seed + steps)["variance"]
        points.append(Point(1 - h, still + h * (whole - still), h * found.value, h * found.se))
    return tuple(points)


def errors(chain: ReverseChain) -> tuple[tuple[int, float], ...]:
    """How far the proved variance for T steps is from that for small steps."""
    if chain.limit is None:
        return ()
    limit = chain.limit(SIGMA**2)
    return tuple((steps, abs(proved(chain.id, SIGMA**2, steps) - limit)) for steps in STEPS)


def slope(pairs: Sequence[tuple[int, float]]) -> float:
    """The slope of the line through the logarithms, by least squares."""
    x = [math.log(a) for a, _ in pairs]
    y = [math.log(b) for _, b in pairs]
    mx, my = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / sum((a - mx) ** 2 for a in x)


def proved(name: str, s2: float, steps: int) -> float:
    r"""The proved variance that a chain ends with, for :math:`\sigma^2` and so many steps; NaN where none is."""
    parameters = replace(twins.load(name).DEFAULT, sigma=math.sqrt(s2), T=steps)
    value = compare_twin(name, PATHS, parameters=parameters).expected
    return math.nan if value is None else value


def _variance(chains: Sequence[ReverseChain], seed: int) -> Figure:
    with canvas() as (drawing, axes):
        axes.plot([1, 0], [SIGMA**2 + 1, SIGMA**2], color=GREY, linewidth=2.5, solid_capstyle="butt")
        labelled(axes, 0.85, SIGMA**2 + 0.85, "forward process", "0.4", 6)
        for index, chain in enumerate(chains):
            points = course(chain, seed + 1000 * index)
            t = [p.t for p in points]
            axes.plot(t, [p.exact for p in points], chain.dashes, color=chain.colour, linewidth=1.2)
            low, high = [p.estimate - 2 * p.se for p in points], [p.estimate + 2 * p.se for p in points]
            axes.fill_between(t, low, high, color=chain.colour, alpha=0.25, linewidth=0)
            axes.plot(t, [p.estimate for p in points], chain.marker, color=chain.colour, markersize=2.5)
            labelled(axes, 0, points[-1].exact, chain.name, chain.colour, -4 if chain.name == "DDIM" else 0)
        axes.set_xlim(1, 0)
        axes.set_ylim(0)
        axes.set_xlabel(r"$t$, from the start of the chain to its end")
        axes.set_ylabel("variance")
        caption = (
            rf"Variance along the chains for $\sigma = 1/2$ and $T = {T}$: proved (lines) and simulated (marks, with "
            rf"bands of two standard errors, {PATHS} paths each); in grey the forward process, $\sigma^2 + t$."
        )
        return saved(drawing, "variance", caption)


def _convergence(chains: Sequence[ReverseChain]) -> Figure:
    with canvas() as (drawing, axes):
        slopes = []
        for chain in chains:
            pairs = errors(chain)
            axes.loglog(
                [a for a, _ in pairs],
                [b for _, b in pairs],
                chain.dashes,
                marker=chain.marker,
                color=chain.colour,
                linewidth=1.2,
                markersize=3.5,
            )
            labelled(axes, *pairs[-1], chain.name, chain.colour)
            slopes.append(f"{slope(pairs[-4:]):.2f} for {chain.name}")
        axes.set_xticks(STEPS, [str(steps) for steps in STEPS])
        axes.minorticks_off()
        axes.set_xlabel(r"number of steps $T$")
        axes.set_ylabel("distance from the limit")
        caption = (
            r"Distance of the variance at time 0 from its limit for small steps, $\sigma = 1/2$. Slopes over the last "
            rf"four points: {', '.join(slopes)}; the error is of the order of one step."
        )
        return saved(drawing, "convergence", caption)
