r"""Differentiation of terms that hold abstract policies.

A function whose name contains the parameter, such as :math:`\pi_\theta`, depends on it in an unknown way. That it
is differentiable is a premise, which names its slope: :math:`\partial\pi_\theta(y|x)/\partial\theta = g(y, x)`.
A parameter is one coordinate; a gradient is the list of these derivatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from derive.errors import Refused
from derive.kernel.chart import Chart, Domain
from derive.kernel.differentiate import NotDifferentiable, derivative
from derive.kernel.fact import Claim, Conclusion, Fact, rule
from derive.kernel.rules.scope import ANALYTIC, common_chart, named, no_suppositions, require_regular
from derive.kernel.term import BINDERS, Term, free_symbols, plain, rebuild, substitute, sym, walk

SMOOTH_OPS: Final = frozenset({"num", "sym", "const", "add", "mul", "pow", "fn", "sum", "sumset", "prod"})


@rule
def gradient(function: Term, symbol: str, slopes: Sequence[Fact], chart: Chart) -> Conclusion:
    r"""The chain rule, through policies whose slopes are premises::

        ∂π(y)/∂θ = g(y)
        ───────────────────────────  f made of π by smooth operations
        ∂f(π)/∂θ = f'(π, g) written out

    Fails unless θ is a real symbol that may move both ways, nothing else in the chart moves with it, f is
    defined and smooth, and every function in it that depends on θ has a slope over the same chart, whose
    labels stand for any label.

    Example: ``gradient(log(pi(y, x)), r"\theta", [slope], chart)``.
    """
    slope = _derivative(function, symbol, slopes, chart)
    return Conclusion(Claim("=", Term("diff", (function, sym(symbol))), slope, chart))


@rule
def differentiate(equation: Fact, symbol: str, slopes: Sequence[Fact]) -> Conclusion:
    r"""Both sides of an equation that holds for every θ have the same derivative::

        a(θ) = b(θ)    ∂π(y)/∂θ = g(y)
        ───────────────────────────────  differentiate
        a'(θ) = b'(θ) written out

    Fails unless the premise is ``=`` without suppositions, and as ``gradient`` does for either side.

    Example: ``differentiate(probabilities_add_up, r"\theta", [slope])``.
    """
    claim = equation.claim
    if claim.kind != "=":
        raise Refused(f"'{claim}' is no equation.")
    no_suppositions("differentiate", equation)
    left, right = (_derivative(side, symbol, slopes, claim.chart) for side in (claim.left, claim.right))
    return Conclusion(Claim("=", left, right, claim.chart))


def _derivative(function: Term, symbol: str, slopes: Sequence[Fact], chart: Chart) -> Term:
    for slope in slopes:
        no_suppositions("a derivative", slope)
        _require_slope(slope, symbol)
    if slopes and common_chart(*slopes) != chart:
        raise Refused("The slopes hold over another chart than the function.")
    _require_free_to_move(symbol, chart)
    written = chart.expand(function)
    require_regular(chart, written)
    _require_smooth(written, symbol, chart)
    try:
        found = derivative(written, sym(symbol), chart)
    except NotDifferentiable as error:
        raise Refused(str(error)) from error
    labels = frozenset(n for n, d in chart.domains.items() if d == _LABEL)
    result = _Slopes(symbol, slopes, chart).put(found, labels, frozenset())
    require_regular(chart, result)
    return result


_LABEL: Final = Domain("label")


def _require_slope(slope: Fact, symbol: str) -> None:
    left = slope.left
    if slope.claim.kind != "=" or left.op != "diff" or left.children[1] != sym(symbol) or left.children[0].op != "fn":
        raise Refused(f"'{slope.claim}' does not state the derivative of a function by '{symbol}'.")
    if any(node.op == "diff" for node in walk(slope.right)):
        raise Refused(f"'{plain(slope.right)}' is a derivative itself; name the slope by a function.")
    names = [a.name for a in left.children[0].children if a.op == "sym"]
    if len(names) != len(set(names)):
        raise Refused(f"'{plain(left.children[0])}' has one argument twice; state the slope for any arguments.")


def _depends(node: Term, symbol: str) -> bool:
    """Openly, or through the name of a function; primes tell renamed symbols apart."""
    stem = symbol.rstrip("'")
    return symbol in free_symbols(node) or any(n.op == "fn" and stem in n.name for n in walk(node))


def _require_free_to_move(symbol: str, chart: Chart) -> None:
    """Refused unless a symbol may move both ways from every admissible point, the others staying where they are."""
    domain = chart.domains.get(symbol)
    if domain is None or domain.kind != "real" or symbol in chart.definitions:
        raise Refused(f"'{symbol}' is not declared as a real symbol to differentiate by.")
    if any(b is not None and not b.strict for b in (domain.lower, domain.upper)):
        raise Refused(f"'{symbol}' may lie at an end of its range, where it cannot move both ways.")
    ties = [b.value for d in chart.domains.values() for b in (d.lower, d.upper) if b is not None]
    ties += [side for c in chart.conditions for side in (c.left, c.right)]
    ties += [d for n, d in chart.definitions.items() if n in chart.domains and chart.domains[n] != Domain()]
    if any(_depends(chart.expand(tie), symbol) for tie in ties):
        raise Refused(f"Other declarations of the chart mention '{symbol}', so it is not free to move.")


def _require_smooth(root: Term, symbol: str, chart: Chart) -> None:
    """Refused unless a defined term is differentiable wherever the abstract functions in it are."""
    for node in walk(root):
        if node.op not in SMOOTH_OPS:
            raise Refused(f"'{plain(node)}' is not known to be smooth.")
        if node.op != "fn" or node.name in chart.functions:
            continue
        if not named(node):
            raise Refused(f"'{plain(node)}' is no declared function, so it may depend on '{symbol}' in any way.")
        if _depends(node, symbol) and (len(node.children) != 1 or node.name not in ANALYTIC | {"log"}):
            raise Refused(f"'{plain(node)}' is not known to be smooth.")


class _Slopes:
    """Derivatives of abstract functions, replaced by the slopes that premises state."""

    def __init__(self, symbol: str, slopes: Sequence[Fact], chart: Chart) -> None:
        self.symbol = symbol
        self.slopes = slopes
        self.chart = chart
        sides = [chart.expand(side) for c in chart.conditions for side in (c.left, c.right)]
        self.conditioned = frozenset().union(*map(free_symbols, sides)) | chart.definitions.keys()

    def put(self, node: Term, labels: frozenset[str], bound: frozenset[str]) -> Term:
        """The node with its derivatives replaced, where ``labels`` are labels and ``bound`` what binders bind."""
        if node.op in ("diff", "at"):
            return self._slope(node, labels, bound)
        if node.op in BINDERS:
            body, variable, *rest = node.children
            inner = labels | {variable.name} if node.op == "sumset" else labels - {variable.name}
            changed = self.put(body, inner, bound | {variable.name})
            return Term(node.op, (changed, variable, *(self.put(r, labels, bound) for r in rest)))
        return rebuild(node, lambda child: self.put(child, labels, bound))

    def _slope(self, node: Term, labels: frozenset[str], bound: frozenset[str]) -> Term:
        if node.op == "diff" and node.children[1] == sym(self.symbol) and node.children[0].op == "fn":
            for slope in self.slopes:
                values = self._match(slope, node.children[0], labels, bound)
                if values is not None:
                    return substitute(slope.right, values)
        raise Refused(f"No premise gives the slope '{plain(node)}'.")

    def _match(
        self, slope: Fact, function: Term, labels: frozenset[str], bound: frozenset[str]
    ) -> dict[str, Term] | None:
        """What stands for the arguments of a slope, or None where it is about another function."""
        pattern = slope.left.children[0]
        if pattern.name != function.name or len(pattern.children) != len(function.children):
            return None
        values: dict[str, Term] = {}
        for one, other in zip(pattern.children, function.children, strict=True):
            arbitrary = one.op == "sym" and one.name not in self.conditioned | slope.parameters | {self.symbol}
            domain = self.chart.domains.get(one.name) if arbitrary else None
            fits = other.op == "sym" and other.name in labels if domain == _LABEL else domain == Domain()
            if fits and not _depends(other, self.symbol):
                values[one.name] = other
            elif one != other:
                return None
        fixed = (free_symbols(slope.left) | free_symbols(slope.right)) - values.keys()
        return None if fixed & bound else values
