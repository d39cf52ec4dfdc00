"""The rules: every way to make a fact, a file for each family.

``rules.equal`` and its companions are the same functions as in the files; nothing else is exported.
"""

from derive.kernel.rules.asymptotic import dominated
from derive.kernel.rules.equality import congruent, equal, evaluate_at, restate, rewrite, symmetric, transitive, unequal
from derive.kernel.rules.gaussian import (
    affine_law,
    condition_on_sum,
    constant_variance,
    independent_image,
    mean_of_law,
    scaled_variance,
    sum_covariance,
    sum_law,
    sum_variance,
    variance_of_law,
)
from derive.kernel.rules.induction import induction
from derive.kernel.rules.instances import instantiate
from derive.kernel.rules.integrals import antiderivative, monotone_riemann
from derive.kernel.rules.limits import limit_of_form, limit_of_sum, limit_value, squeeze
from derive.kernel.rules.order import approximate, at_most, less, transitive_order
from derive.kernel.rules.premises import given, named_axiom, suppose
from derive.kernel.rules.sums import (
    empty,
    peel_first,
    peel_last,
    product_as_exponential,
    sum_order,
    telescope,
    termwise,
)

__all__ = [
    "affine_law",
    "antiderivative",
    "approximate",
    "at_most",
    "condition_on_sum",
    "congruent",
    "constant_variance",
    "dominated",
    "empty",
    "equal",
    "evaluate_at",
    "given",
    "independent_image",
    "induction",
    "instantiate",
    "less",
    "limit_of_form",
    "limit_of_sum",
    "limit_value",
    "mean_of_law",
    "monotone_riemann",
    "named_axiom",
    "peel_first",
    "peel_last",
    "product_as_exponential",
    "restate",
    "rewrite",
    "scaled_variance",
    "squeeze",
    "sum_covariance",
    "sum_law",
    "sum_order",
    "sum_variance",
    "suppose",
    "symmetric",
    "telescope",
    "termwise",
    "transitive",
    "transitive_order",
    "unequal",
    "variance_of_law",
]
