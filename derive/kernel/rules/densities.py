r"""Laws by their densities: Gibbs(F) has a density proportional to :math:`e^{-F(u)}` on the real line."""

from __future__ import annotations

from derive.errors import Refused
from derive.kernel.chart import Chart, Domain
from derive.kernel.fact import Claim, Conclusion, Fact, rule
from derive.kernel.positivity import nonnegative, positive
from derive.kernel.rules.equality import require_same
from derive.kernel.rules.numbers import require_number
from derive.kernel.rules.scope import common_chart, named, names_in, require_regular, suppositions_outside
from derive.kernel.term import (
    ONE,
    ZERO,
    Term,
    TermLike,
    eq,
    fn,
    free_symbols,
    fresh_symbol,
    function_names,
    gibbs,
    given,
    normal,
    plain,
    substitute,
    term,
    var,
    walk,
)


@rule
def density_given_sum(first: Fact, noise: Fact, independent: Fact, whole: Fact, value: Term) -> Conclusion:
    r"""What observing a noisy sum does to a density (Bayes)::

        X ∼ Gibbs(F)    Y ∼ N(n, w)    X ⊥ Y    Z = X + Y
        ─────────────────────────────────────────────────  density given sum
        X | Z = z ∼ Gibbs(u ↦ F(u) + (z - n - u)²/(2w))

    ``value`` is z, a symbol or a member of a family that is not random. Fails unless w is shown to be positive,
    F is made of declared functions, and the premises are about the same variables. Rests on ``bayes-density``.

    Example: see ``derive/catalogue/diffusion/small_step.py``.
    """
    chart = common_chart(first, noise, independent, whole)
    x, potential = _gibbs(first)
    y, mean, w = _normal_noise(noise)
    if independent.claim.kind != "⊥" or (independent.left, independent.right) not in ((x, y), (y, x)):
        raise Refused(f"'{independent.claim}' does not state that '{plain(x)}' and '{plain(y)}' are independent.")
    if whole.claim.kind != "=" or whole.right not in (x + y, y + x):
        raise Refused(f"'{whole.claim}' does not state that its left side is '{plain(x + y)}'.")
    require_regular(chart, mean, w, value)
    require_number(chart, mean, w)
    if not positive(w, chart):
        raise Refused(f"The variance '{plain(w)}' is not shown to be positive, so the noise has no density.")
    if function_names(value) & (function_names(x) | function_names(y) | function_names(whole.left)):
        raise Refused(f"'{plain(value)}' is itself random; name the observed value otherwise.")
    body, variable = potential.children
    u = fresh_symbol(variable.name, names_in(chart) | free_symbols(value) | free_symbols(mean) | free_symbols(w))
    distance = value if mean == ZERO else value - mean
    after = substitute(body, {variable.name: u}) + (distance - u) ** 2 / (2 * w)
    return Conclusion(Claim("∼", given(x, eq(whole.left, value)), gibbs(after, u), chart), ("bayes-density",))


@rule
def curved_at_least(law: Fact, slope: Fact, curvature: Fact, bound: Fact) -> Conclusion:
    r"""A density that is curved everywhere is concentrated::

        X ∼ Gibbs(F)    ∂F/∂u = F'    ∂F'/∂u = F''    m ≤ F''
        ──────────────────────────────────────────────────────  m > 0
        Var(X) ≤ 1/m

    The last three premises are over the chart of the law with a real symbol u more. Fails unless they are about
    this potential, and m is a number without u that is shown to be positive. Rests on ``brascamp-lieb``.

    Example: see ``derive/catalogue/diffusion/small_step.py``.
    """
    _require_derivatives(law, slope, curvature, bound)
    least = bound.left
    if bound.claim.kind not in ("≤", "<") or bound.right != curvature.right:
        raise Refused(f"'{bound.claim}' does not bound '{plain(curvature.right)}' from below.")
    _require_constant(least, law.chart)
    return Conclusion(Claim("≤", var(law.left), ONE / least, law.chart), ("brascamp-lieb",))


@rule
def curved_at_most(law: Fact, slope: Fact, curvature: Fact, bound: Fact) -> Conclusion:
    r"""A density that is nowhere curved much is spread out::

        X ∼ Gibbs(F)    ∂F/∂u = F'    ∂F'/∂u = F''    F'' ≤ M
        ──────────────────────────────────────────────────────  M > 0
        1/M ≤ Var(X)

    Fails as ``curved_at_least`` does. Rests on ``cramer-rao``.

    Example: see ``derive/catalogue/diffusion/small_step.py``.
    """
    _require_derivatives(law, slope, curvature, bound)
    most = bound.right
    if bound.claim.kind not in ("≤", "<") or bound.left != curvature.right:
        raise Refused(f"'{bound.claim}' does not bound '{plain(curvature.right)}' from above.")
    _require_constant(most, law.chart)
    return Conclusion(Claim("≤", ONE / most, var(law.left), law.chart), ("cramer-rao",))


@rule
def nearly_normal(
    law: Fact, slope: Fact, curvature: Fact, below: Fact, above: Fact, mode: Fact, center: Term, spread: TermLike
) -> Conclusion:
    r"""A density with the curvature of a normal one, up to a deviation, is nearly that one::

        X ∼ Gibbs(F)    F'(c) = 0    1/v - d ≤ F'' ≤ 1/v + d
        ─────────────────────────────────────────────────────  v > 0, d ≥ 0, dv < 1
        KL(X, N(c, v)) ≤ (dv)²/(2(1 - dv))

    because :math:`(X - c) F'(X)` has the mean 1, so that :math:`E(X - c)^2 \le v/(1 - dv)`, and the logarithms of
    the densities have slopes that differ by at most :math:`d |u - c|`. ``center`` is c and ``spread`` is v.

    Fails unless the premises are of this shape (d is read off the lower bound), as ``curved_at_least`` does, and
    c is a number. Rests on ``gaussian-log-sobolev``.

    Example: see ``derive/catalogue/diffusion/small_step.py``.
    """
    chart, v = law.chart, term(spread)
    for bound in (below, above):
        _require_derivatives(law, slope, curvature, bound)
        if bound.claim.kind not in ("≤", "<"):
            raise Refused(f"'{bound.claim}' is no comparison.")
    if below.right != curvature.right or above.left != curvature.right:
        raise Refused(f"'{below.claim}' and '{above.claim}' do not enclose '{plain(curvature.right)}'.")
    _require_constant(v, chart)
    _require_constant(below.left, chart)
    d = ONE / v - below.left
    if not nonnegative(d, chart):
        raise Refused(f"'{plain(d)}' is not shown to be nonnegative.")
    require_same(above.right, ONE / v + d, chart, "The bounds do not lie around that of the normal law")
    require_regular(chart, center)
    require_number(chart, center)
    at_center = substitute(slope.right, {_moving(slope): center})
    if mode.claim.kind != "=" or mode.left != at_center or mode.right != ZERO or mode.chart != chart:
        raise Refused(f"'{mode.claim}' does not state that '{plain(at_center)}' is 0.")
    distance = (d * v) ** 2 / (2 * (ONE - d * v))
    require_regular(chart, distance)
    claim = Claim("≤", fn("KL", law.left, normal(center, v)), distance, chart)
    return Conclusion(claim, ("gaussian-log-sobolev",))


def _gibbs(fact: Fact) -> tuple[Term, Term]:
    """The random variable and the potential, a function, of a fact that states a Gibbs law."""
    claim = fact.claim
    if claim.kind != "∼" or claim.right.name != "Gibbs" or [c.op for c in claim.right.children] != ["fun"]:
        raise Refused(f"'{claim}' states no law by its density.")
    potential = claim.right.children[0]
    for node in walk(potential):
        if node.op in ("E", "given", "law", "diff", "lim") or (
            node.op == "fn" and not named(node) and node.name not in claim.chart.functions
        ):
            raise Refused(f"'{plain(node)}' is no declared function, so the density is not known.")
    return claim.left, potential


def _normal_noise(fact: Fact) -> tuple[Term, Term, Term]:
    claim = fact.claim
    if claim.kind != "∼" or claim.right.name != "N" or len(claim.right.children) != 2 or claim.left.op == "given":
        raise Refused(f"'{claim}' states no normal law of a variable as it is.")
    mean, variance = claim.right.children
    return claim.left, mean, variance


def _moving(slope: Fact) -> str:
    left = slope.left
    if slope.claim.kind != "=" or left.op != "diff" or left.children[1].op != "sym":
        raise Refused(f"'{slope.claim}' states no derivative.")
    return left.children[1].name


def _require_derivatives(law: Fact, slope: Fact, curvature: Fact, bound: Fact) -> None:
    """Refused unless the facts give two derivatives of the potential for every real value of one symbol more."""
    _, potential = _gibbs(law)
    name = _moving(slope)
    u = Term("sym", (name,))
    if name in names_in(law.chart) or not law.chart.closed:
        raise Refused(f"'{name}' means something in the chart of '{law.claim}', so it does not run over the line.")
    line = law.chart.extend(domains={name: Domain()})
    for fact in (slope, curvature, bound):
        suppositions_outside("a bound on a density", fact, law.chart)
        if fact.chart != line:
            raise Refused(f"'{fact.claim}' does not hold for every real '{name}' over the chart of '{law.claim}'.")
    body, variable = potential.children
    if slope.left != Term("diff", (substitute(body, {variable.name: u}), u)):
        raise Refused(f"'{slope.claim}' is not about the derivative of '{plain(potential)}'.")
    if curvature.claim.kind != "=" or curvature.left != Term("diff", (slope.right, u)):
        raise Refused(f"'{curvature.claim}' is not about the derivative of '{plain(slope.right)}'.")


def _require_constant(value: Term, chart: Chart) -> None:
    """Refused unless the value is a number of the chart that is shown to be positive."""
    unknown = free_symbols(value) - chart.domains.keys() - chart.definitions.keys()
    if unknown:
        raise Refused(f"'{plain(value)}' still contains '{min(unknown)}', so it is no bound for all of the line.")
    require_number(chart, value)
    require_regular(chart, value)
    if not positive(value, chart):
        raise Refused(f"'{plain(value)}' is not shown to be positive.")
