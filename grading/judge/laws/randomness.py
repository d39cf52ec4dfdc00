r"""Random variables by what is proved of them: variances, expectations and laws become scalars.

The facts are the kernel's (:math:`Var(X_t) = \sigma^2 + t`, :math:`\hat X_0 = c \hat X_1`), the premises the
problem's or the writer's (:math:`\hat X_1 \sim N(0, 1)`); nothing else is known of a random variable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from derive.kernel.chart import Chart, Domain, Function
from derive.kernel.positivity import nonnegative, positive
from derive.kernel.term import (
    ONE,
    ZERO,
    Term,
    add,
    fn,
    free_symbols,
    given,
    mul,
    neg,
    normal,
    num,
    power,
    rebuild,
    substitute,
    walk,
)
from grading.judge.laws.gaussian import JointNormal
from grading.judge.laws.noise import Independent, sum_law
from grading.judge.match import match

TWO = num(2)
STEPS = 40
"""Rewrites of one term; a fact that feeds itself stops here and leaves the term as it is."""


@dataclass(frozen=True)
class Rule:
    """``left`` may be replaced by ``right`` for every value of the universal symbols; ``source`` says why."""

    left: Term
    right: Term
    universal: frozenset[str]
    source: str


@dataclass(frozen=True)
class Randomness:
    """What is known of the random variables of a part."""

    chart: Chart
    families: frozenset[str]
    equalities: tuple[Rule, ...] = ()
    laws: tuple[Rule, ...] = ()
    ranges: Mapping[str, tuple[Term, Term]] = field(default_factory=dict)
    """The bounds of a family's index; a fact about the family says nothing beyond them."""
    noise: frozenset[str] = frozenset()
    """Families whose members are independent of each other and of the start of every process."""
    joint: tuple[Term, ...] = ()
    """Variables that the problem declares to be independent of each other; with normal laws they make others."""
    structure: tuple[Rule, ...] = ()
    """Random variables written out in those of ``joint``; used for laws and moments, not to rewrite what is shown."""

    def assume(self, subject: Term, distribution: Term, source: str) -> Randomness:
        """The same with another law for one random variable; the law it had is dropped."""
        kept = tuple(r for r in self.laws if match(r.left, subject, r.universal, self.chart) is None)
        return replace(self, laws=(Rule(subject, distribution, frozenset(), source), *kept))

    def with_noise(self, member: Term, distribution: Term) -> Randomness:
        """The same with another law for all members of a family of noise."""
        kept = tuple(r for r in self.laws if not (r.left.op == member.op and r.left.name == member.name))
        universal = free_symbols(member) if member.op == "fn" else frozenset()
        name = frozenset({member.name})
        return replace(
            self,
            laws=(Rule(member, distribution, universal, "the writer's noise"), *kept),
            families=self.families | name,
            noise=self.noise | name,
            chart=self.chart.extend(domains={member.name: Domain()})
            if member.op == "sym"
            else self.chart.extend(functions={member.name: Function(("i",))}),
        )

    @property
    def independent(self) -> Independent:
        """What is declared to be independent."""
        return Independent(self.noise, {name: low for name, (low, _) in self.ranges.items()})

    @property
    def normals(self) -> JointNormal | None:
        """The joint normal law of what the independent variables make, where the problem declares some."""
        if not self.joint:
            return None
        return JointNormal(
            self.joint, self.chart, lambda atom: self._apply(self.laws, atom), self.written_out, self.is_random
        )

    def written_out(self, root: Term) -> Term:
        """The same in the independent variables, as far as the problem says how others are made of them."""
        return replace(self, equalities=self.equalities + self.structure, structure=()).reduce(root)

    def free(self, variables: frozenset[Term]) -> bool:
        """Whether values of these variables may be chosen one by one, as their joint normal law allows."""
        normals = self.normals
        return normals is not None and normals.free(sorted(variables, key=repr))

    def spread(self, variable: Term) -> bool:
        """Whether any number is an admissible value: nothing is declared of it, or a normal law with a variance > 0."""
        law = self.law_of(variable) or (self.law_of_noise(variable) if variable.name in self.noise else None)
        return law is None or (law.name == "N" and positive(law.children[1], self.chart))

    # -- what is random ---------------------------------------------------------------------------
    def is_random(self, node: Term) -> bool:
        """Whether this node is a member of a random family."""
        return node.op in ("fn", "sym") and node.name in self.families

    def atoms(self, root: Term) -> frozenset[Term]:
        """The random variables that occur outside Var, E and laws."""
        if self.is_random(root):
            return frozenset({root})
        if root.op in ("E", "law") or (root.op == "fn" and root.name in ("Var", "Cov")):
            return frozenset()
        found: frozenset[Term] = frozenset()
        for child in root.children:
            found |= self.atoms(child)
        return found

    # -- rewriting --------------------------------------------------------------------------------
    def reduce(self, root: Term) -> Term:
        """Rewrite with the facts and replace moments by scalars, as far as they are known."""
        for _ in range(STEPS):
            changed = self._reduce(root)
            if changed == root:
                return root
            root = changed
        return root

    def _reduce(self, node: Term) -> Term:
        if node.op in ("fn", "E") or self.is_random(node):
            rewritten = self._apply(self.equalities, fixed_condition(node) if _moment(node) else node)
            if rewritten is not None:
                return rewritten
        if _moment(node) and node.name == "Var":
            distribution = self.law_of(node.children[0])
            if distribution is not None:
                return distribution.children[1]
        if node.op == "E" and len(node.args) == 1:
            distribution = self.law_of(node.children[0])
            if distribution is not None:
                return distribution.children[0]
        joint = self._joint_moment(node)
        if joint is not None:
            return joint
        square = self._second_moment(node)
        if square is not None:
            return square
        if node.op == "given":
            return node
        return rebuild(node, self._reduce)

    def _second_moment(self, node: Term) -> Term | None:
        """E[X^2] = Var(X) + E[X]^2 where both are known."""
        if node.op != "E" or len(node.args) != 1 or node.children[0].op != "pow":
            return None
        variable, exponent = node.children[0].children
        if exponent != TWO or not self.is_random(variable):
            return None
        variance, mean = self.reduce(fn("Var", variable)), self.reduce(Term("E", (variable,)))
        if any(_moment(n) or n.op == "E" for side in (variance, mean) for n in walk(side)):
            return None
        return add(variance, power(mean, 2))

    def _joint_moment(self, node: Term) -> Term | None:
        """E, Var or Cov of variables with a joint normal law, also given others; None where it is not known."""
        moment = node.op == "E" and len(node.args) == 1 or _moment(node)
        normals = self.normals if moment else None
        if normals is None:
            return None
        *bodies, last = node.children
        body, conditions = (last.children[0], last.children[1:]) if last.op == "given" else (last, ())
        if node.op == "E":
            return normals.mean(body, conditions)
        return normals.covariance(bodies[0] if bodies else body, body, conditions) if len(bodies) < 2 else None

    def _apply(self, known: tuple[Rule, ...], target: Term) -> Term | None:
        if not all(self._within(n) for n in walk(target) if n.op == "fn" and n.name in self.ranges):
            return None
        for rule in known:
            values = match(rule.left, target, rule.universal, self.chart)
            if values is not None:
                return substitute(rule.right, values)
        return None

    def _within(self, member: Term) -> bool:
        """Whether the index of a family's member is shown to lie where the family is defined."""
        low, high = self.ranges[member.name]
        return all(
            nonnegative(gap, self.chart) for i in member.children for gap in (add(i, neg(low)), add(high, neg(i)))
        )

    def proved_of(self, side: Term) -> bool:
        """Whether the laws and moments that a side speaks of are facts or premises as they stand."""
        return all(self._stated(n) for n in walk(side) if _moment(n) or (n.op == "E" and len(n.args) == 1))

    def law_is_proved(self, side: Term) -> bool:
        """Whether the law of a side is a fact or a premise as it stands, or a law itself."""
        return side.op == "law" or any(self._apply(self.laws, v) is not None for v in (side, _unvalued(side)))

    def _stated(self, moment: Term) -> bool:
        """Whether a moment is one of a variable whose law or moment is known as it stands."""
        if self._apply(self.equalities, fixed_condition(moment) if _moment(moment) else moment) is not None:
            return True
        return not (_moment(moment) and moment.name == "Cov") and self.law_is_proved(moment.children[0])

    def law_of(self, variable: Term) -> Term | None:
        """The normal law of a random variable or of an affine function of one, if it is known."""
        for candidate in (variable, _unvalued(variable)):
            found = self._apply(self.laws, candidate)
            if found is not None:
                return found
        normals = self.normals
        joint = None if normals is None else normals.law_of(variable)
        if joint is not None or variable.op == "given":
            return joint
        reduced = self.reduce(variable)
        if reduced != variable and self.is_random(reduced):
            return self.law_of(reduced)
        affine = self.affine(reduced)
        if affine is None or len(affine[0]) != 1:
            return sum_law(reduced, self.independent, self.law_of, self.is_random)
        [(atom, slope)] = affine[0].items()
        base = self._apply(self.laws, atom)
        if base is None or base.name != "N":
            return None
        mean, variance = base.children
        if slope == ONE and affine[1] == ZERO:
            return base
        return normal(add(mul(slope, mean), affine[1]), mul(power(slope, 2), variance))

    def law_of_noise(self, member: Term) -> Term | None:
        """The law of a noise; a bare letter, without the number of its step, has that of every member."""
        found = self._apply(self.laws, member)
        if found is not None:
            return found
        for rule in self.laws:
            if rule.left.op == "fn" and rule.left.name == member.name and not free_symbols(rule.right) & rule.universal:
                return rule.right
        return None

    def factor(self, root: Term, variable: Term) -> Term | None:
        """The factor of a multiple of one random variable, or None."""
        affine = self.affine(root)
        return None if affine is None or affine[1] != ZERO else affine[0].get(variable)

    def affine(self, root: Term) -> tuple[dict[Term, Term], Term] | None:
        """The slopes on random variables and the constant of an affine expression, or None."""
        if self.is_random(root):
            return {root: ONE}, ZERO
        if not self.atoms(root):
            return {}, root
        if root.op == "add":
            slopes: dict[Term, Term] = {}
            constant = ZERO
            for child in root.children:
                part = self.affine(child)
                if part is None:
                    return None
                for atom, slope in part[0].items():
                    slopes[atom] = slope if atom not in slopes else add(slopes[atom], slope)
                constant = part[1] if constant == ZERO else add(constant, part[1])
            return slopes, constant
        if root.op == "mul":
            random = [c for c in root.children if self.atoms(c)]
            scalars = [c for c in root.children if not self.atoms(c)]
            part = self.affine(random[0]) if len(random) == 1 else None
            if part is None:
                return None
            scale = mul(*scalars) if scalars else ONE
            return {a: mul(scale, s) for a, s in part[0].items()}, ZERO if part[1] == ZERO else mul(scale, part[1])
        return None


def fixed_condition(root: Term) -> Term:
    """The same with values dropped from conditions inside Var: Var(X | Y = y) as Var(X | Y)."""
    node = rebuild(root, fixed_condition)
    return fn(node.name, *map(_unvalued, node.children)) if _moment(node) else node


def _moment(node: Term) -> bool:
    return node.op == "fn" and node.name in ("Var", "Cov")


def _unvalued(node: Term) -> Term:
    """X | Y = y as X | Y: a Gaussian's conditional variance does not depend on the value."""
    if node.op != "given":
        return node
    subject, *conditions = node.children
    return given(subject, *(c.children[0] if c.op == "eq" else c for c in conditions))
