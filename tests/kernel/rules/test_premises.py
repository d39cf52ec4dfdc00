"""Where proofs begin: what may be given, supposed or cited."""

from __future__ import annotations

from derive.kernel import rules
from derive.kernel.fact import Claim
from derive.kernel.term import sym
from tests.kernel.rules.cases import REAL, Case, X, Y, accepted, refused, require_accepted, require_refused

CASES = [
    Case(
        "given",
        lambda: rules.given(Claim("<", X, Y, REAL)),
        "x < y",
        {"no kind": lambda: rules.given(Claim(">", X, Y, REAL))},  # type: ignore[arg-type]
    ),
    Case(
        "suppose",
        lambda: rules.suppose(Claim("=", X, Y, REAL)),
        "x = y",
        {"undeclared": lambda: rules.suppose(Claim("=", X, sym("z"), REAL))},
    ),
    Case(
        "named_axiom",
        lambda: rules.named_axiom(Claim("=", X, Y, REAL), "x-is-y"),
        "x = y",
        {
            "no name": lambda: rules.named_axiom(Claim("=", X, Y, REAL), ""),
            "bad name": lambda: rules.named_axiom(Claim("=", X, Y, REAL), "X is Y"),
            "the kernel's own": lambda: rules.named_axiom(Claim("=", X, Y, REAL), "gaussian-sum"),
        },
    ),
]


@accepted(CASES)
def test_the_example_is_accepted(case: Case) -> None:
    require_accepted(case)


@refused(CASES)
def test_a_broken_step_is_refused_with_a_sentence(case: Case, name: str) -> None:
    require_refused(case, name)
