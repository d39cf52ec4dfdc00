"""The rules: every way to make a fact, a file for each family.

``rules.equal`` and its companions are the same functions as in the files; nothing else is exported.
"""

from derive.kernel.fact import close_rules
from derive.kernel.rules.asymptotic import dominated
from derive.kernel.rules.bounds import add_order, enclosed, log_quadratic, sqrt_order
from derive.kernel.rules.comparison import affine_order, log_tangent, log_tangent_strict, monotone_image, number_less
from derive.kernel.rules.densities import curved_at_least, curved_at_most, density_given_sum, nearly_normal
from derive.kernel.rules.equality import congruent, equal, evaluate_at, restate, rewrite, symmetric, transitive, unequal
from derive.kernel.rules.expectation import set_strict, set_termwise
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
from derive.kernel.rules.gaussian_steps import condition_on_multiple, linear_step
from derive.kernel.rules.induction import induction
from derive.kernel.rules.instances import instantiate
from derive.kernel.rules.integrals import antiderivative, monotone_riemann
from derive.kernel.rules.limits import limit_law, limit_of_form, limit_of_sum, limit_value, squeeze
from derive.kernel.rules.moments import mean_of_number, mean_of_sum, tower, variance_by_moments
from derive.kernel.rules.order import approximate, at_most, less, transitive_order
from derive.kernel.rules.policies import differentiate, gradient
from derive.kernel.rules.prediction import squared_loss
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
from derive.kernel.rules.vanishing import vanishing_power

__all__ = [
    "add_order",
    "affine_law",
    "affine_order",
    "antiderivative",
    "approximate",
    "at_most",
    "condition_on_multiple",
    "condition_on_sum",
    "congruent",
    "constant_variance",
    "curved_at_least",
    "curved_at_most",
    "density_given_sum",
    "differentiate",
    "dominated",
    "empty",
    "enclosed",
    "equal",
    "evaluate_at",
    "given",
    "gradient",
    "independent_image",
    "induction",
    "instantiate",
    "less",
    "limit_law",
    "limit_of_form",
    "limit_of_sum",
    "limit_value",
    "linear_step",
    "log_quadratic",
    "log_tangent",
    "log_tangent_strict",
    "mean_of_law",
    "mean_of_number",
    "mean_of_sum",
    "monotone_image",
    "monotone_riemann",
    "named_axiom",
    "nearly_normal",
    "number_less",
    "peel_first",
    "peel_last",
    "product_as_exponential",
    "restate",
    "rewrite",
    "scaled_variance",
    "set_strict",
    "set_termwise",
    "sqrt_order",
    "squared_loss",
    "squeeze",
    "sum_covariance",
    "sum_law",
    "sum_order",
    "sum_variance",
    "suppose",
    "symmetric",
    "telescope",
    "termwise",
    "tower",
    "transitive",
    "transitive_order",
    "unequal",
    "vanishing_power",
    "variance_by_moments",
    "variance_of_law",
]

close_rules(__all__)
