r"""Random variables: laws, variances and independence under affine maps."""

from __future__ import annotations

from derive.errors import Refused
from derive.kernel.fact import Claim, Conclusion, Fact, rule
from derive.kernel.positivity import positive
from derive.kernel.rules.scope import (
    common_chart,
    deterministic,
    require_deterministic,
    require_regular,
    square_integrable,
)
from derive.kernel.term import ONE, ZERO, Term, TermLike, eq, fn, function_names, given, normal, plain, term, var, walk


def _normal(fact: Fact) -> tuple[Term, Term, Term]:
    """The random variable, mean and variance of a fact that states a normal law."""
    claim = fact.claim
    if claim.kind != "∼" or claim.right.name != "N" or len(claim.right.children) != 2:
        raise Refused(f"'{claim}' states no normal law.")
    mean, variance = claim.right.children
    return claim.left, mean, variance


def _independent(fact: Fact, one: Term, other: Term) -> None:
    claim = fact.claim
    if claim.kind != "⊥" or (claim.left, claim.right) not in ((one, other), (other, one)):
        raise Refused(f"'{claim}' does not state that '{plain(one)}' and '{plain(other)}' are independent.")


def _unconditional(*variables: Term) -> None:
    for variable in variables:
        if variable.op == "given":
            raise Refused(f"'{plain(variable)}' is a conditional law; this rule is about variables as they are.")


def _coefficient(value: TermLike) -> Term:
    value = term(value)
    require_deterministic(value)
    return value


@rule
def sum_law(first: Fact, second: Fact, independent: Fact) -> Conclusion:
    r"""Independent normal variables add up::

        X ∼ N(m, v)    Y ∼ N(n, w)    X ⊥ Y
        ─────────────────────────────────────  sum law
        X + Y ∼ N(m + n, v + w)

    Fails unless the two laws are normal and unconditional, and the third premise is about these two variables.
    Rests on the axiom ``gaussian-sum``.

    Example: the step of the forward process, ``sum_law(law_of_X_k, law_of_noise_k, noise_is_new)``.
    """
    chart = common_chart(first, second, independent)
    (x, m, v), (y, n, w) = _normal(first), _normal(second)
    _unconditional(x, y)
    _independent(independent, x, y)
    return Conclusion(Claim("∼", x + y, normal(m + n, v + w), chart), ("gaussian-sum",))


@rule
def affine_law(fact: Fact, scale: TermLike, shift: TermLike = ZERO) -> Conclusion:
    r"""Normal variables, scaled and shifted by numbers::

        X ∼ N(m, v)
        ───────────────────────────  affine law
        a X + b ∼ N(a m + b, a² v)

    Fails unless the law is normal and a, b are numbers by their shape and defined.

    Example: ``affine_law(law_of_X1, s2/(s2 + 1))``.
    """
    x, m, v = _normal(fact)
    _unconditional(x)
    a, b = _coefficient(scale), _coefficient(shift)
    require_regular(fact.chart, a, b)
    left, mean = a * x, a * m
    if b != ZERO:
        left, mean = left + b, mean + b
    return Conclusion(Claim("∼", left, normal(mean, a**2 * v), fact.chart))


@rule
def variance_of_law(fact: Fact) -> Conclusion:
    r"""What a normal law says of the variance::

        X ∼ N(m, v)
        ────────────  variance of law
        Var(X) = v

    Fails unless the law is normal. The variable may be one given the values of others.

    Example: ``variance_of_law(law_of_X_t)``.
    """
    x, _, v = _normal(fact)
    return Conclusion(Claim("=", var(x), v, fact.chart))


@rule
def mean_of_law(fact: Fact) -> Conclusion:
    r"""What a normal law says of the mean::

        X ∼ N(m, v)
        ────────────  mean of law
        E[X] = m

    Fails unless the law is normal. The variable may be one given the values of others.

    Example: ``mean_of_law(law_of_X_t)``.
    """
    x, m, _ = _normal(fact)
    return Conclusion(Claim("=", Term("E", (x,)), m, fact.chart))


@rule
def sum_variance(independent: Fact, scale: TermLike) -> Conclusion:
    r"""Variances of independent variables add up::

        X ⊥ Y
        ────────────────────────────────────  sum variance
        Var(a X + Y) = a² Var(X) + Var(Y)

    The left variable of the premise is X. Fails unless a is a number by its shape and defined, and X, Y are
    affine in random variables, hence square integrable.

    Example: ``sum_variance(noise_is_new, a_k)``.
    """
    x, y = _pair(independent)
    a = _coefficient(scale)
    require_regular(independent.chart, a)
    return Conclusion(Claim("=", var(a * x + y), a**2 * var(x) + var(y), independent.chart))


@rule
def scaled_variance(variable: Term, scale: TermLike, fact: Fact) -> Conclusion:
    r"""The variance of a multiple, where one equation says what the multiple is::

        Y = a X
        ────────────────────  scaled variance
        Var(Y) = a² Var(X)

    ``variable`` is X and ``scale`` a. Fails unless the premise is exactly that, a is a number by its shape, and
    X is affine in random variables.

    Example: ``scaled_variance(X1, s2/(s2 + 1), chain_closed)``.
    """
    a = _coefficient(scale)
    claim = fact.claim
    if claim.kind != "=" or claim.right != a * variable:
        raise Refused(f"'{claim}' does not state that its left side is '{plain(a * variable)}'.")
    if not (square_integrable(variable) and square_integrable(claim.left)):
        raise Refused(f"'{plain(variable)}' is not affine in random variables, so its variance may be infinite.")
    return Conclusion(Claim("=", var(claim.left), a**2 * var(variable), fact.chart))


@rule
def sum_covariance(independent: Fact, scale: TermLike = ONE) -> Conclusion:
    r"""What a variable shares with a sum that contains it::

        X ⊥ Y
        ───────────────────────────  sum covariance
        Cov(X, a X + Y) = a Var(X)

    The left variable of the premise is X. Fails as ``sum_variance`` does.

    Example: ``sum_covariance(noise_is_new)``.
    """
    x, y = _pair(independent)
    a = _coefficient(scale)
    require_regular(independent.chart, a)
    whole = x + y if a == ONE else a * x + y
    shared = var(x) if a == ONE else a * var(x)
    return Conclusion(Claim("=", fn("Cov", x, whole), shared, independent.chart))


def _pair(independent: Fact) -> tuple[Term, Term]:
    claim = independent.claim
    if claim.kind != "⊥":
        raise Refused(f"'{claim}' states no independence.")
    x, y = claim.left, claim.right
    _unconditional(x, y)
    for variable in (x, y):
        if not square_integrable(variable):
            raise Refused(f"'{plain(variable)}' is not affine in random variables, so its variance may be infinite.")
    return x, y


@rule
def independent_image(independent: Fact, scale: TermLike, shift: TermLike = ZERO) -> Conclusion:
    r"""What is computed from one of two independent variables is independent of the other::

        X ⊥ Y
        ─────────────  independent image
        a X + b ⊥ Y

    Fails unless a, b are numbers by their shape and defined.

    Example: ``independent_image(noise_is_new, a_k)``.
    """
    claim = independent.claim
    if claim.kind != "⊥":
        raise Refused(f"'{claim}' states no independence.")
    a, b = _coefficient(scale), _coefficient(shift)
    require_regular(claim.chart, a, b)
    image = a * claim.left if b == ZERO else a * claim.left + b
    return Conclusion(Claim("⊥", image, claim.right, claim.chart))


@rule
def condition_on_sum(first: Fact, noise: Fact, independent: Fact, whole: Fact, value: Term) -> Conclusion:
    r"""What observing a noisy sum says of the summand::

        X ∼ N(m, v)    Y ∼ N(n, w)    X ⊥ Y    Z = X + Y
        ──────────────────────────────────────────────────────────────────  condition on sum
        X | Z = z ∼ N(m + v (z - m - n)/(v + w), v - v²/(v + w))

    ``value`` is z, a symbol or a member of a family that is not random. Fails unless v + w is shown to be
    positive and the premises are about the same variables. Rests on ``gaussian-conditioning``.

    Example: ``condition_on_sum(law_of_X, law_of_noise, noise_is_new, step, fn("x", t))``.
    """
    chart = common_chart(first, noise, independent, whole)
    (x, m, v), (y, n, w) = _normal(first), _normal(noise)
    _unconditional(x, y)
    _independent(independent, x, y)
    claim = whole.claim
    if claim.kind != "=" or claim.right not in (x + y, y + x):
        raise Refused(f"'{claim}' does not state that its left side is '{plain(x + y)}'.")
    require_regular(chart, m, n, v, w, value)
    if not positive(v + w, chart):
        raise Refused(
            f"The variance '{plain(v + w)}' is not shown to be positive, so nothing can be conditioned on it."
        )
    if function_names(value) & (function_names(x) | function_names(y) | function_names(claim.left)):
        raise Refused(f"'{plain(value)}' is itself random; name the observed value otherwise.")
    mean = m + v * (value - m - n) / (v + w)
    variance = v - v**2 / (v + w)
    observed = given(x, eq(claim.left, value))
    return Conclusion(Claim("∼", observed, normal(mean, variance), chart), ("gaussian-conditioning",))


@rule
def constant_variance(fact: Fact) -> Conclusion:
    r"""A conditional variance that does not depend on what is observed::

        Var(X | Z = z) = v for every z
        ───────────────────────────────  constant variance
        Var(X | Z) = v

    z must be a member of a family that neither v nor any premise of the problem mentions; then it is arbitrary.

    Fails unless the premise is of this shape.

    Example: ``constant_variance(variance_of_law(conditional_law))``.
    """
    claim = fact.claim
    shape = claim.left.children[0] if claim.left.op == "fn" and claim.left.name == "Var" else claim.left
    if claim.kind != "=" or shape.op != "given" or len(shape.args) != 2 or shape.children[1].op != "eq":
        raise Refused(f"'{claim}' is not about a variance given one observed value.")
    variable, (observed, value) = shape.children[0], shape.children[1].children
    if value.op != "fn" or fact.supposed or deterministic(value):
        raise Refused(f"'{plain(value)}' is not an arbitrary value.")
    name = value.name
    elsewhere = [claim.right, variable, observed, *(t for g in fact.givens for t in g.terms)]
    if any(node.op == "fn" and node.name == name for root in elsewhere for node in walk(root)):
        raise Refused(f"'{name}' occurs elsewhere in '{claim}' or in a premise, so its value is not arbitrary.")
    declared = fact.chart.functions.get(name)
    if declared is not None and (declared.definition is not None or declared.range != "real"):
        raise Refused(f"'{name}' is declared with values of its own, so they are not arbitrary.")
    return Conclusion(Claim("=", var(given(variable, observed)), claim.right, fact.chart))
