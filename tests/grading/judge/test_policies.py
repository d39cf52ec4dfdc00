"""Divergences, optima and gradients of policies: rearrangements hold, and near misses meet a witness."""

from __future__ import annotations

import pytest

from grading import check

OBJECTIVE = (
    r"\mathbb E_{y\sim\pi_\theta(\cdot|x)}[r(x,y)]"
    r" - \beta D_{\mathrm{KL}}(\pi_\theta(\cdot|x)\|\pi_{\text{ref}}(\cdot|x))"
)
HOLDS = [
    r"D_{\mathrm{KL}}(\pi_\theta\|\pi_{\text{ref}}) \ge 0",
    r"\sum_y \pi_\theta(y|x)\nabla_\theta\log\pi_\theta(y|x) = 0",
    r"\nabla_\theta\pi_\theta(y|x) = \pi_\theta(y|x)\nabla_\theta\log\pi_\theta(y|x)",
    r"\mathbb E_{x\sim\mathcal D}[1] = 1",
    rf"\max_{{\pi_\theta}} {OBJECTIVE} = \beta\log Z(x)",
    rf"\pi^* = \arg\max_{{\pi_\theta}} {OBJECTIVE}",
    rf"\max_{{\pi_\theta}} {OBJECTIVE} = \max_{{\pi_\theta}} {OBJECTIVE} + 1 - 1",
    rf"\arg\max_{{\pi_\theta}} {OBJECTIVE} = \arg\min_{{\pi_\theta}} D_{{\mathrm{{KL}}}}(\pi_\theta\|\pi^*)",
    r"\pi^*(y|x) \propto \pi_{\text{ref}}(y|x) e^{r(x,y)/\beta}",
    r"p^*(y_w \succ y_l|x) + p^*(y_l \succ y_w|x) = 1",
    r"\mathbb E_{y\sim\pi_\theta(\cdot|x)}[\log\pi_\theta(y|x) - \log\pi_{\text{ref}}(y|x)]"
    r" = D_{\mathrm{KL}}(\pi_\theta\|\pi_{\text{ref}})",
]
FAILS = [
    r"D_{\mathrm{KL}}(\pi_\theta\|\pi_{\text{ref}}) = D_{\mathrm{KL}}(\pi_{\text{ref}}\|\pi_\theta)",
    r"\sum_y \nabla_\theta\log\pi_\theta(y|x) = 0",
    r"\nabla_\theta\pi_\theta(y|x) = \nabla_\theta\log\pi_\theta(y|x)",
    rf"\max_{{\pi_\theta}} {OBJECTIVE} = \log Z(x)",
    rf"\pi_{{\text{{ref}}}} = \arg\max_{{\pi_\theta}} {OBJECTIVE}",
    rf"\max_{{\pi_\theta}} {OBJECTIVE} = \min_{{\pi_\theta}} D_{{\mathrm{{KL}}}}(\pi_\theta\|\pi_{{\text{{ref}}}})",
    r"\pi^*(y|x) \propto \pi_{\text{ref}}(y|x) e^{\beta r(x,y)}",
    r"p^*(y_w \succ y_l|x) = p^*(y_l \succ y_w|x)",
]


@pytest.mark.parametrize("latex", HOLDS)
def test_true_of_every_policy(latex: str) -> None:
    assert {j.status for j in check(latex, theory="preference")} == {"proved"}


@pytest.mark.parametrize("latex", FAILS)
def test_false_of_some_policy(latex: str) -> None:
    assert {j.status for j in check(latex, theory="preference")} == {"refuted"}


AS_PROBLEMS = [
    rf"\max_{{\pi_\theta}} {OBJECTIVE} = \min_{{\pi_\theta}} D_{{\mathrm{{KL}}}}(\pi_\theta\|\pi^*)",
    rf"\max_{{\pi_\theta}} {OBJECTIVE} = \max_{{\pi_\theta}} \frac1\beta\left({OBJECTIVE}\right)",
]


@pytest.mark.parametrize("latex", AS_PROBLEMS)
def test_problems_with_one_solution_and_other_values_are_not_called_equal(latex: str) -> None:
    [judgement] = check(latex, theory="preference")
    assert judgement.status == "follows"
    assert judgement.why.startswith("as problems: the same policies are optimal")


def test_a_policy_is_no_value() -> None:
    mixed = rf"\max_{{\pi_\theta}} {OBJECTIVE} = \arg\max_{{\pi_\theta}} {OBJECTIVE}"
    assert [j.status for j in check(mixed, theory="preference")] == ["undecided"]


@pytest.mark.parametrize(
    ("latex", "status"),
    [
        (r"\frac{1}{1+\sigma^2} = 1 - \sigma^2 + O(\sigma^4)", "supported"),
        (r"\frac{1}{1+\sigma^2} = 1 - \sigma^2 + O(\sigma^6)", "refuted"),
        (r"\sqrt{t+\Delta t} = \sqrt t + \frac{\Delta t}{2\sqrt t} + O(\Delta t^2)", "supported"),
        (r"\sqrt{t+\Delta t} = \sqrt t + O(\Delta t^2)", "refuted"),
    ],
)
def test_order_symbols(latex: str, status: str) -> None:
    assert [j.status for j in check(latex, theory="diffusion")] == [status]
