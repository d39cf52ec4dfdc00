r"""Signs of terms over a chart, proved.

Over the diffusion chart, where :math:`\Delta t \le t`, the term :math:`\sigma^2 + t - \Delta t` is
positive. A proof substitutes the bounds of the symbols (see derive.kernel.signs); what has no such proof
is answered with False, whether it is true or not.
"""

from __future__ import annotations

from derive.kernel.chart import Chart
from derive.kernel.normal import NotNormal, normalised
from derive.kernel.term import Term


def positive(term: Term, chart: Chart) -> bool:
    """Whether the term is proved to be > 0 at every admissible point at which it is defined."""
    return _has_sign(term, chart, 2)


def nonnegative(term: Term, chart: Chart) -> bool:
    """Whether the term is proved to be >= 0 at every admissible point at which it is defined."""
    return _has_sign(term, chart, 1)


def _has_sign(term: Term, chart: Chart, least: int) -> bool:
    try:
        expanded = chart.expand(term)
        return normalised(lambda field: field.sign_of(expanded) >= least, chart)
    except (NotNormal, ValueError):
        return False
