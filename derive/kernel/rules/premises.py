"""Where proofs begin: premises of the problem, suppositions, named axioms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from derive.errors import Refused
from derive.kernel.fact import Claim, Conclusion, Supposition, rule

AXIOMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "gaussian-sum": "A sum of independent normal variables is normal; means and variances add.",
        "gaussian-conditioning": (
            r"If $(X, Y)$ is jointly normal and $\operatorname{Var} Y > 0$, then $X$ given $Y = y$ is normal with mean "
            r"$\mathbb E X + \operatorname{Cov}(X, Y)\,(y - \mathbb E Y) / \operatorname{Var} Y$ and variance "
            r"$\operatorname{Var} X - \operatorname{Cov}(X, Y)^2 / \operatorname{Var} Y$."
        ),
        "bayes-density": (
            "If $X$ has the density $f$ and $Z = X + Y$ with $Y$ independent and normal, the density of $X$ "
            "given $Z = z$ "
            "is proportional to $f(u)$ times the density of $Y$ at $z - u$."
        ),
        "brascamp-lieb": r"A density proportional to $e^{-F}$ with $F'' \ge m > 0$ has a variance of at most $1/m$.",
        "cramer-rao": r"A density proportional to $e^{-F}$ with $F'' \le M$ has a variance of at least $1/M$.",
        "gaussian-log-sobolev": (
            "The divergence of a density $f$ from the normal density $g$ of variance $v$ is at most $v/2$ times "
            "the mean "
            r"of the square of $(\log f - \log g)'$ under $f$."
        ),
        "monotone-riemann": (
            "A Riemann sum of a monotone function over $n$ equal steps of length $h$ differs from the integral "
            "by at most $h |f(b) - f(a)|$."
        ),
        "riemann-sum": (
            r"If $F(u, h)$ is analytic near $[a, b] \times \{0\}$ and $F(u, 0) = 0$, the sum of $F(kh, h)$ over $kh$ "
            r"from $a$ to $b$ tends to the integral of $\partial F/\partial h\,(u, 0)$ over $[a, b]$."
        ),
    }
)
"""Theorems that rules take over from analysis and probability; a fact lists those that it rests on."""


@rule
def given(claim: Claim, parameters: Sequence[str] = ()) -> Conclusion:
    r"""A premise of the problem, for every admissible point::

        ─────────────  given
        P ⊢ claim

    The fact lists the claim among its givens. The random variables and functions of which it speaks may be
    others for other values of the ``parameters``: there is an :math:`X_0 \sim N(0, \sigma^2)` for every
    :math:`\sigma`, and not one for all. What follows is never instantiated at these.

    Fails unless the parameters are declared and not defined.

    Example: ``given(Claim("∼", X_0, normal(0, s2), chart))``.
    """
    _require_free(claim, parameters)
    return Conclusion(claim, given=(claim,), parameters=frozenset(parameters))


def _require_free(claim: Claim, names: Sequence[str]) -> None:
    for name in names:
        if name not in claim.chart.domains or name in claim.chart.definitions:
            raise Refused(f"'{name}' is no free symbol of the chart of '{claim}'.")


@rule
def suppose(claim: Claim, every: Sequence[str] = ()) -> Conclusion:
    r"""A supposition at one point, to be discharged (by ``induction``)::

        ─────────────  suppose
        claim ⊢ claim

    It is supposed for all admissible values of the symbols ``every``, with the others where they are; what
    follows may be instantiated at these.

    Fails unless the symbols are declared and not defined.

    Example: the induction hypothesis ``suppose(Claim("∼", X_k, normal(0, v_k), chart))``.
    """
    _require_free(claim, every)
    return Conclusion(claim, supposes=(Supposition(claim, frozenset(every)),))


@rule
def named_axiom(claim: Claim, name: str) -> Conclusion:
    r"""A theorem taken over without proof; every fact that uses it lists the name::

        ─────────────  named axiom
        ⊢ claim

    Fails unless the name is lower-case words joined by hyphens and not one of the kernel's own ``AXIOMS``.

    Example: ``named_axiom(claim, "stirling-bounds")``.
    """
    if not name or not all(word.isascii() and word.isalnum() and word.islower() for word in name.split("-")):
        raise Refused(f"'{name}' is no name for an axiom; write lower-case words joined by hyphens.")
    if name in AXIOMS:
        raise Refused(f"'{name}' is an axiom of the kernel, cited by its rules; choose another name.")
    return Conclusion(claim, axioms=(name,))
