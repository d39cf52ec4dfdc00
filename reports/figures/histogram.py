r"""Where the reverse chains end: a histogram of simulated :math:`\hat X_0` under the density that is proved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from numeric import catalogue as twins
from numeric.engine.streams import F32, Stream
from reports.figures.canvas import GREY, Figure, panels, saved
from reports.figures.chains import CHAINS, SIGMA, ReverseChain, T, proved

PATHS: Final = 40_000
BINS: Final = 60
WIDEST: Final = 2.0
"""The histogram spans this far to both sides; four standard deviations of the data."""


class _Ends(Protocol):
    def ends(self, parameters: object, stream: Stream, size: int) -> F32: ...


def draw(derivations: Sequence[str], seed: int) -> tuple[Figure, ...]:
    """The ends of those of the derivations that are reverse chains; none where none is."""
    chains = [chain for chain in CHAINS if chain.id in derivations]
    return (_ends(chains, seed),) if chains else ()


def density(chain: ReverseChain, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The edges of the bins, shape (BINS + 1,), and the simulated density in each, shape (BINS,)."""
    twin = twins.load(chain.id)
    parameters = replace(twin.DEFAULT, sigma=SIGMA, T=T, v=1.0)
    found = cast(_Ends, twin).ends(parameters, Stream(seed, 0, PATHS), PATHS)
    edges = np.linspace(-WIDEST, WIDEST, BINS + 1)
    counts, _ = np.histogram(found, edges)
    return edges, counts / (PATHS * np.diff(edges))


def _ends(chains: Sequence[ReverseChain], seed: int) -> Figure:
    x = np.linspace(-WIDEST, WIDEST, 401)
    with panels(len(chains)) as (drawing, places):
        for index, (chain, axes) in enumerate(zip(chains, places, strict=True)):
            edges, heights = density(chain, seed + index)
            variance = proved(chain.id, SIGMA**2, T)
            axes.plot(x, _gaussian(x, SIGMA**2), color=GREY, linewidth=2.5)
            axes.stairs(heights, edges, color=chain.colour, fill=True, alpha=0.2)
            axes.plot(x, _gaussian(x, variance), chain.dashes, color=chain.colour, linewidth=1.2)
            axes.set_title(chain.name, color=chain.colour, fontsize=10)
            axes.set_xlabel(r"$\hat x_0$")
        places[0].set_xlim(-WIDEST, WIDEST)
        places[0].set_ylim(0)
        places[0].set_ylabel("density")
        caption = (
            rf"Where the chains end, for $\sigma = 1/2$ and $T = {T}$ from $N(0, 1)$: the proved densities (lines) "
            rf"over histograms of {PATHS} simulated ends each; in grey the density of the data, $N(0, \sigma^2)$."
        )
        return saved(drawing, "ends", caption)


def _gaussian(x: NDArray[np.float64], variance: float) -> NDArray[np.float64]:
    return np.exp(-(x**2) / (2 * variance)) / math.sqrt(2 * math.pi * variance)
