r"""Jointly normal random variables: affine combinations of independent normal ones, and their conditional laws.

With independent :math:`Z_i \sim N(m_i, v_i)` every :math:`X = c + \sum_i a_i Z_i` has mean :math:`c + \sum a_i m_i`,
and :math:`Cov(X, Y) = \sum a_i b_i v_i`. Conditioning on :math:`Y` adds the gain :math:`Cov(X, Y)/Var(Y)` times the
surprise :math:`y - E[Y]` to the mean and takes :math:`Cov(X, Y)^2/Var(Y)` from the variance; several conditions are
taken one after the other, each by what it adds to those before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, permutations
from typing import Final

from derive.kernel.chart import Chart
from derive.kernel.positivity import positive
from derive.kernel.term import ONE, ZERO, Term, add, div, mul, neg, normal, num, power

MAX_ORDERS: Final = 6
LawOf = Callable[[Term], Term | None]
Reduce = Callable[[Term], Term]


@dataclass(frozen=True)
class Affine:
    """constant + sum of slope * variable over independent variables."""

    slopes: Mapping[Term, Term]
    constant: Term

    def plus(self, other: Affine, scale: Term) -> Affine:
        """self + scale * other."""
        slopes = dict(self.slopes)
        for atom, slope in other.slopes.items():
            scaled = _times(scale, slope)
            slopes[atom] = add(slopes[atom], scaled) if atom in slopes else scaled
        return Affine(slopes, _plus(self.constant, _times(scale, other.constant)))

    def with_fixed(self, fixed: Mapping[Term, Term]) -> Affine:
        """The same with values in the place of some variables."""
        constant = self.constant
        for atom, value in fixed.items():
            if atom in self.slopes:
                constant = _plus(constant, _times(self.slopes[atom], value))
        return Affine({a: s for a, s in self.slopes.items() if a not in fixed}, constant)


@dataclass(frozen=True)
class JointNormal:
    """The joint law of what is affine in the ``independent`` variables, whose normal laws ``law`` gives.

    ``reduce`` writes a variable out in others by the equalities that the problem states.
    """

    independent: tuple[Term, ...]
    chart: Chart
    law: LawOf
    reduce: Reduce
    is_random: Callable[[Term], bool]

    # -- moments ------------------------------------------------------------------------------------
    def law_of(self, variable: Term) -> Term | None:
        """The law of a variable, of an affine combination, or of one given others; None where it is not known."""
        subject, *conditions = variable.children if variable.op == "given" else (variable,)
        found = self._conditioned((subject,), conditions)
        if found is None:
            return None
        [mean], [rest] = found
        return normal(mean, self._covariance(rest, rest))

    def covariance(self, one: Term, other: Term, conditions: Sequence[Term] = ()) -> Term | None:
        """Cov(one, other | conditions), which does not depend on the values of the conditions."""
        found = self._conditioned((one, other), conditions)
        return None if found is None else self._covariance(*found[1])

    def mean(self, body: Term, conditions: Sequence[Term] = ()) -> Term | None:
        """E[body | conditions] of a polynomial of degree two in the variables."""
        if body.op == "add":
            parts = [self.mean(child, conditions) for child in body.children]
            return None if any(p is None for p in parts) else add(*(p for p in parts if p is not None))
        scalars, factors = self._factors(body)
        if len(factors) > 2:
            return None
        found = self._conditioned(factors, conditions)
        if found is None:
            return None
        product = ONE
        for mean in found[0]:
            product = _times(product, mean)
        if len(factors) == 2:
            product = _plus(product, self._covariance(*found[1]))
        return _times(scalars, product)

    # -- conditioning -------------------------------------------------------------------------------
    def _conditioned(
        self, subjects: Sequence[Term], conditions: Sequence[Term]
    ) -> tuple[list[Term], list[Affine]] | None:
        """Means of the subjects given the conditions, in an order in which each is shown to tell something new."""
        # One of the independent variables itself becomes a constant.
        fixed: dict[Term, Term] = {}
        rest: list[Term] = []
        for condition in conditions:
            written, value = condition.children if condition.op == "eq" else (condition, condition)
            if written in self.independent:
                fixed[written] = value
            else:
                rest.append(condition)
        orders = islice(permutations(rest), MAX_ORDERS)
        return next((found for order in orders if (found := self._in_order(subjects, order, fixed)) is not None), None)

    def _in_order(
        self, subjects: Sequence[Term], conditions: Sequence[Term], fixed: Mapping[Term, Term]
    ) -> tuple[list[Term], list[Affine]] | None:
        """Means of the subjects given the conditions, and what remains of them that is independent of those."""
        parts = [self.affine(s) for s in subjects]
        if any(p is None for p in parts):
            return None
        affine = [p.with_fixed(fixed) for p in parts if p is not None]
        means = [self._mean(a) for a in affine]
        news: list[tuple[Affine, Term, Term]] = []
        for condition in conditions:
            written, value = condition.children if condition.op == "eq" else (condition, condition)
            seen = self.affine(written)
            if seen is None:
                return None
            seen = seen.with_fixed(fixed)
            surprise = _plus(value, neg(self._mean(seen)))
            new = seen
            for earlier, size, told in news:
                gain = div(self._covariance(new, earlier), size)
                new, surprise = new.plus(earlier, neg(gain)), add(surprise, neg(mul(gain, told)))
            variance = self._covariance(new, new)
            if not positive(variance, self.chart):
                return None  # a condition that the others settle, or may
            news.append((new, variance, surprise))
        for n, subject in enumerate(affine):
            for new, size, told in news:
                gain = div(self._covariance(subject, new), size)
                means[n] = _plus(means[n], _times(gain, told))
                subject = subject.plus(new, neg(gain))
            affine[n] = subject
        return means, affine

    def _mean(self, affine: Affine) -> Term:
        total = affine.constant
        for atom, slope in affine.slopes.items():
            total = _plus(total, _times(slope, self._parameters(atom)[0]))
        return total

    def _covariance(self, one: Affine, other: Affine) -> Term:
        total = ZERO
        for atom, slope in one.slopes.items():
            if atom in other.slopes:
                shared = power(slope, 2) if slope == other.slopes[atom] else _times(slope, other.slopes[atom])
                total = _plus(total, _times(shared, self._parameters(atom)[1]))
        return total

    def _parameters(self, atom: Term) -> tuple[Term, Term]:
        law = self.law(atom)
        if law is None or law.name != "N":
            raise LookupError(atom)  # affine() takes no other atoms
        mean, variance = law.children
        return mean, variance

    # -- reading a combination ------------------------------------------------------------------------
    def affine(self, root: Term) -> Affine | None:
        """The combination that a term is of the independent variables; None where it is none."""
        return self._affine(self.reduce(root))

    def _affine(self, root: Term) -> Affine | None:
        if self.is_random(root):
            law = self.law(root) if root in self.independent else None
            return None if law is None or law.name != "N" else Affine({root: ONE}, ZERO)
        if not self._mentions(root):
            return None if root.op in ("given", "law") else Affine({}, root)
        if root.op == "add":
            total = Affine({}, ZERO)
            for child in root.children:
                part = self._affine(child)
                if part is None:
                    return None
                total = total.plus(part, ONE)
            return total
        if root.op == "mul":
            scalars, factors = self._factors(root)
            part = self._affine(factors[0]) if len(factors) == 1 and factors[0] != root else None
            return None if part is None else Affine({}, ZERO).plus(part, scalars)
        return None

    def _factors(self, root: Term) -> tuple[Term, tuple[Term, ...]]:
        """The scalar factor of a product and its random ones; a square is two of them."""
        scalars: list[Term] = []
        factors: list[Term] = []
        for child in root.children if root.op == "mul" else (root,):
            if not self._mentions(child):
                scalars.append(child)
            elif child.op == "pow" and child.children[1] == TWO:
                factors += [child.children[0], child.children[0]]
            else:
                factors.append(child)
        scale = mul(*scalars) if len(scalars) > 1 else (scalars[0] if scalars else ONE)
        return scale, tuple(factors)

    def _mentions(self, node: Term) -> bool:
        return self.is_random(node) or any(map(self._mentions, node.children))

    def free(self, variables: Sequence[Term]) -> bool:
        """Whether the joint law gives every open set of values a positive probability, so that functions of the
        variables that differ at one point differ as random variables."""
        return self._conditioned((), variables) is not None


TWO: Final = num(2)


def _plus(one: Term, other: Term) -> Term:
    return other if one == ZERO else one if other == ZERO else add(one, other)


def _times(one: Term, other: Term) -> Term:
    if ZERO in (one, other):
        return ZERO
    return other if one == ONE else one if other == ONE else mul(one, other)
