r"""Optimisation over policies, by Gibbs' inequality.

If an objective is :math:`J(\pi) = c - a\, D_{KL}(\pi \| \rho)` for every policy, with :math:`a > 0` and :math:`c` free
of :math:`\pi`, it is largest at :math:`\pi = \rho` and nowhere else. That form is proved by the kernel: because
:math:`D_{KL}(\rho\|\rho) = 0` it says that :math:`J(\pi) + a D_{KL}(\pi\|\rho) = J(\rho)`.

Problems that are joined by = are taken to have the same optimiser; where their values are not proved to agree too, that
is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from derive.kernel.balls import instances
from derive.kernel.evaluate import NotEnclosed, enclose
from derive.kernel.positivity import nonnegative, positive
from derive.kernel.term import (
    MINUS_ONE,
    ONE,
    ZERO,
    Term,
    add,
    div,
    fn,
    free_symbols,
    function_names,
    mul,
    rebuild,
    sym,
    walk,
)
from derive.latex.printer import latex
from grading.judge.context import Context
from grading.judge.meaning import ANY
from grading.judge.scalar import Outcome

SENSE: Final = {"max over": 1, "min over": -1, "argmax over": 1, "argmin over": -1}
TRIED: Final = 6
"""Models in which a policy is looked for that does better than a claimed optimiser."""


@dataclass(frozen=True)
class Problem:
    """Maximise (``sense`` 1) or minimise (-1) ``objective``, notation written out, over the policy of this name."""

    sense: int
    objective: Term
    policy: str


def is_problem(side: Term) -> bool:
    """Whether a side states an optimisation problem."""
    return side.op == "fn" and side.name in SENSE


def compare_problems(left: Term, right: Term, context: Context) -> Outcome:
    """Two sides of an equation, at least one of which is an optimisation problem."""
    return _Optima(context).compare(left, right)


def never_negative(gap: Term, context: Context) -> Outcome | None:
    """A quantity that is a positive multiple of a divergence, but for a number that is not negative."""
    optima = _Optima(context)
    for name in sorted(function_names(gap)):
        declared = optima.chart.functions.get(name)
        if declared is None or declared.range != "probability" or declared.definition is not None:
            continue
        problem = Problem(-1, gap, name)
        best = optima.optimiser(problem)
        least = None if best is None else with_policy(gap, name, best)
        if least is not None and (optima.scalars.same(least, ZERO) or nonnegative(least, optima.chart)):
            return Outcome("proved", "optimum", f"Gibbs' inequality: it is least at {optima.shown(best or '')}")
    return None


class _Optima:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.chart = context.chart()
        self.of = context.meaning().of
        self.scalars = context.scalars()

    def compare(self, left: Term, right: Term) -> Outcome:
        one, other = self.problem(left), self.problem(right)
        if one is None and other is not None:
            one, other, left, right = other, None, right, left
        if one is None:
            return _open("what this optimisation runs over is not declared")
        if other is None and not is_problem(right):
            if left.name.startswith("arg") or self.names_policy(right, one):
                return self.solved_by(one, right)
            written = self.written(right)
            if one.policy not in function_names(written):
                return self.value(one, written)
            other = Problem(one.sense, self.averaged(written), one.policy)  # the operator is not written again
        if other is None:
            return _open("this optimisation is not read")
        if left.name.startswith("arg") != (right.name if is_problem(right) else left.name).startswith("arg"):
            return _open("a policy is not compared with a value")
        outcome = self.alike(one, other)
        if outcome.status != "proved" or left.name.startswith("arg") or self.same_value(one, other):
            return outcome
        why = f"as problems: the same policies are optimal, but the values need not agree; {outcome.why}"
        return Outcome("follows", outcome.method, why)

    # -- reading a problem ----------------------------------------------------------------------------
    def problem(self, side: Term) -> Problem | None:
        """The problem that a side states, or None."""
        if not is_problem(side) or side.children[1].op not in ("sym", "fn"):
            return None
        policy = side.children[1].name
        own = self.chart.functions.get(policy)
        if own is not None and own.definition is not None and own.definition.op == "fn":
            policy = own.definition.name  # a writer's letter for a declared policy
        declared = self.chart.functions.get(policy)
        if declared is None or declared.range != "probability" or declared.definition is not None:
            return None
        return Problem(SENSE[side.name], self.averaged(self.written(side.children[0])), policy)

    def written(self, side: Term) -> Term:
        return self.chart.expand(self.of(side))

    def averaged(self, objective: Term) -> Term:
        """An objective of which a part is averaged over prompts is meant to be averaged over them as a whole."""
        average = self.average(objective)
        if average is None or average[1].name not in free_symbols(objective):
            return objective
        weight, prompt, members = average
        return Term("sumset", (mul(weight, objective), prompt, members))

    def average(self, objective: Term) -> tuple[Term, Term, Term] | None:
        """The weight, variable and set of a mean over prompts, where an objective holds one."""
        for node in walk(objective):
            if node.op == "sumset" and node.children[0].op == "mul":
                weight, variable = node.children[0].children[0], node.children[1]
                declared = self.chart.functions.get(weight.name) if weight.op == "fn" else None
                if declared is not None and declared.range == "probability" and weight.children == (variable,):
                    return weight, variable, node.children[2]
        return None

    # -- verdicts ---------------------------------------------------------------------------------------
    def alike(self, one: Problem, other: Problem) -> Outcome:
        """Whether two problems have the same solution."""
        if one.policy != other.policy:
            return _open("the two problems are over different policies")
        for scale in self.scales():
            shift = add(one.objective, mul(MINUS_ONE, one.sense * other.sense, scale, other.objective))
            if self.free_of(shift, one.policy):
                why = "one objective is the other times a positive factor, but for what the policy does not change"
                return Outcome("proved", "optimum", why)
        first, second = self.optimiser(one), self.optimiser(other)
        if first is None and second is None:
            return _open("the solutions of the two problems were not found")
        if first is not None and second is not None:
            why = f"the first is solved by {self.shown(first)}, the second by {self.shown(second)}"
            return self.agree(first, second, one, why)
        known, rest = (first, other) if first is not None else (second, one)
        return self.beaten(rest, known or "")

    def solved_by(self, problem: Problem, policy: Term) -> Outcome:
        """Whether a policy solves a problem."""
        name = policy.name if policy.op in ("sym", "fn") else ""
        if name not in self.chart.functions:
            return _open("what is compared with this optimisation is no declared policy")
        best = self.optimiser(problem)
        if best is not None:
            return self.agree(best, name, problem, f"Gibbs' inequality: it is solved by {self.shown(best)} alone")
        return self.beaten(problem, name)

    def value(self, problem: Problem, written: Term) -> Outcome:
        """Whether a number is the optimal value of a problem."""
        best = self.optimiser(problem)
        if best is None:
            return _open("the solution of this problem was not found")
        outcome = self.scalars.equal(with_policy(problem.objective, problem.policy, best), written)
        return replace(outcome, why=f"at the solution {self.shown(best)}: {outcome.why}")

    def beaten(self, problem: Problem, claimed: str) -> Outcome:
        """A policy in a model that does better than the claimed solution; a solution cannot be beaten."""
        better = add(problem.objective, mul(MINUS_ONE, with_policy(problem.objective, problem.policy, claimed)))
        try:
            for instance in instances(self.chart, (better,), 7, TRIED):
                gap = enclose(better, instance, self.chart)
                if (gap if problem.sense > 0 else -gap) > 0:
                    why = f"{self.shown(claimed)} solves one of the two, but in the other some policies do better"
                    return Outcome("refuted", "optimum", why)
        except NotEnclosed:
            pass
        return _open("the solutions of the two problems were not compared")

    # -- the solution -------------------------------------------------------------------------------------
    def optimiser(self, problem: Problem) -> str | None:
        """The policy that solves a problem, proved; None where none was found."""
        parameters = self.chart.functions[problem.policy].parameters
        for name in self.policies(problem.policy):
            rest = [sym(p) for p in parameters[1:]]
            divergence = self.of(fn("KL", fn(problem.policy, ANY[0], *rest), fn(name, ANY[0], *rest)))
            average = self.average(problem.objective)
            if average is not None and average[1].name not in free_symbols(problem.objective):
                divergence = Term("sumset", (mul(average[0], divergence), average[1], average[2]))
            best = with_policy(problem.objective, problem.policy, name)
            for scale in self.scales():
                if self.scalars.same(add(problem.objective, mul(problem.sense, scale, divergence)), best):
                    return name
        return None

    def policies(self, policy: str) -> Iterator[str]:
        """Other distributions over the same answers: declared ones, and defined ones that add up to 1."""
        members, mine = self.context.theory.members, self.chart.functions[policy]
        for name, declared in self.chart.functions.items():
            if name == policy or len(declared.parameters) != len(mine.parameters) or members is None:
                continue
            if declared.definition is not None:
                first, *rest = map(sym, declared.parameters)
                total = Term("sumset", (fn(name, first, *rest), first, members))
                if not self.scalars.same(total, ONE):
                    continue
            if declared.definition is not None or declared.range == "probability":
                yield name

    def scales(self) -> Iterator[Term]:
        """Positive factors that an objective may carry: 1, and each positive symbol and its inverse."""
        yield ONE
        for name, domain in self.context.theory.chart.domains.items():
            if domain.kind == "real" and positive(sym(name), self.chart):
                yield sym(name)
                yield div(ONE, sym(name))

    def free_of(self, root: Term, policy: str) -> bool:
        """Whether a quantity is proved not to change with the policy."""
        others = (n for n, f in self.chart.functions.items() if f.range == "probability" and f.definition is None)
        parameters = self.chart.functions[policy].parameters
        other = next(
            (n for n in others if n != policy and len(self.chart.functions[n].parameters) == len(parameters)), None
        )
        return other is not None and self.scalars.same(root, with_policy(root, policy, other))

    # -- policies by name -----------------------------------------------------------------------------------
    def names_policy(self, side: Term, problem: Problem) -> bool:
        declared = self.chart.functions.get(side.name) if side.op in ("sym", "fn") else None
        return declared is not None and len(declared.parameters) == len(self.chart.functions[problem.policy].parameters)

    def agree(self, best: str, other: str, problem: Problem, why: str) -> Outcome:
        """Whether two policies, the first the only solution of a problem, are one; by a point where they are not."""
        arguments = [sym(p) for p in self.chart.functions[problem.policy].parameters]
        if best == other:
            return Outcome("proved", "optimum", why)
        outcome = self.scalars.equal(fn(best, *arguments), fn(other, *arguments))
        if outcome.status in ("proved", "refuted"):
            return Outcome(outcome.status, "optimum", why, outcome.counterexample)
        return _open(f"{why}; whether the two policies agree is not known")

    def same_value(self, one: Problem, other: Problem) -> bool:
        """Whether two problems with the same solutions are proved to have the same optimal value."""
        if self.scalars.same(one.objective, other.objective):
            return True
        best = self.optimiser(one) or self.optimiser(other)
        return best is not None and self.scalars.same(*(with_policy(p.objective, p.policy, best) for p in (one, other)))

    def shown(self, name: str) -> str:
        return f"${latex(sym(name))}$"


def with_policy(root: Term, policy: str, other: str) -> Term:
    """A term with another policy in the place of one."""
    node = rebuild(root, lambda child: with_policy(child, policy, other))
    if node.op == "fn" and node.name == policy:
        return fn(other, *node.children)
    return sym(other) if node == sym(policy) else node


def _open(why: str) -> Outcome:
    return Outcome("undecided", "none", why)
