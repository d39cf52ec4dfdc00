r"""Diffusion of a scalar Gaussian: the forward process and the reverse chains, as the problems state them.

Time is counted in steps: :math:`X_{k\Delta t}` for :math:`k = 0, \dots, T`. Where a statement speaks of a time
:math:`t`, its chart defines :math:`t := m\,\Delta t`, because the process lives on multiples of the step.

The kernel carries nothing from there to other times. Who reads the forward process at any real time, as a theory may,
reads it as :math:`X_0 + B_t` with a Brownian motion B, which has the same laws, joint laws and conditional laws at
every time, and is the process of the problem on multiples of the step.
"""

from __future__ import annotations

from typing import Final

from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.term import Term, TermLike, fn, sym, term
from derive.theory import theory

D: Final = theory("diffusion")
SIGMA, T, DT, TIME = D["sigma", "T", "dt", "t"]
S2: Final = SIGMA**2
K: Final = sym("k")
M: Final = sym("m")


def _steps() -> Chart:
    names = (SIGMA.name, T.name, DT.name)
    domains = {n: d for n, d in D.chart.domains.items() if n in names}
    return Chart(domains, D.chart.functions, {DT.name: D.chart.definitions[DT.name]})


CHART: Final = _steps()
r"""The parameters alone: :math:`\sigma > 0`, an integer :math:`T \ge 1`, and :math:`\Delta t := 1/T`."""


def counting(symbol: Term, first: TermLike, last: TermLike) -> Chart:
    """The parameters, and an integer that counts from first to last."""
    return CHART.extend(domains={symbol.name: integers(first, last)})


def integers(first: TermLike, last: TermLike) -> Domain:
    """The integers from first to last."""
    return Domain("integer", Bound(term(first)), Bound(term(last)))


STEP: Final = counting(K, 0, T - 1)
"""One step: from k to k + 1."""

COUNT: Final = counting(K, 0, T)
"""After k steps."""

AT_TIME: Final = counting(M, 1, T).extend(definitions={TIME.name: M * DT})
r"""A time :math:`t = m\,\Delta t` after the start."""


def forward(time: TermLike) -> Term:
    """X at a time."""
    return fn("X", time)


def reverse(time: TermLike) -> Term:
    r"""The reverse chain :math:`\hat X` at a time."""
    return fn(r"\hat X", time)


def noise(time: TermLike) -> Term:
    r"""The noise :math:`\varepsilon` that the step from this time adds."""
    return fn(r"\varepsilon", time)
