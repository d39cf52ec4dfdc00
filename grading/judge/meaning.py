r"""What notation says, written out in sums and derivatives that the kernel can evaluate on a concrete model.

.. math:: D_{KL}(p \| q) = \sum_y p(y) \log\frac{p(y)}{q(y)}, \qquad
          E_{y \sim p}[f(y)] = \sum_y p(y)\, f(y), \qquad
          \nabla_\theta \pi_\theta(y|x) = \pi_\theta(y|x) \Bigl(s(y, x) - \sum_{y'} \pi_\theta(y'|x)\, s(y', x)\Bigr).

The last is the derivative of a policy in an arbitrary direction: every function that sums to 0 over the answers is
of this form. An identity that is linear in gradients holds exactly where it holds in every direction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from derive.kernel.chart import RESERVED, Chart, Function
from derive.kernel.differentiate import STAND_IN, NotDifferentiable, derivative
from derive.kernel.term import (
    Term,
    add,
    div,
    fn,
    free_symbols,
    fresh_symbol,
    function_names,
    log,
    mul,
    neg,
    rebuild,
    replace,
    substitute,
    sym,
    walk,
)

UNKNOWN: Final = sym("?")
"""The set of a sum that does not say what it runs over."""
ANY: Final = (sym(r"\cdot"), sym("·"))
DOTS: Final = sym(r"\dots")
KEPT: Final = RESERVED | {"density", "law", "O"}


def slope(name: str) -> str:
    """The name of the direction in which a policy is differentiated."""
    return rf"\dot {name}"


def slopes(chart: Chart) -> Mapping[str, Function]:
    """A direction for every arbitrary probability of a chart."""
    return {
        slope(n): Function(f.parameters)
        for n, f in chart.functions.items()
        if f.range == "probability" and f.definition is None
    }


@dataclass(frozen=True)
class Meaning:
    """Writes notation out over a chart.

    ``members`` is the set that sums over labels run over (None: the subject has no labels); ``random`` are the
    families of random variables, ``running`` the letters that sums run over.
    """

    chart: Chart
    members: Term | None = None
    random: frozenset[str] = frozenset()
    running: frozenset[str] = frozenset()

    # -- calls: what stands in the brackets of a function ----------------------------------------------
    def calls(self, root: Term) -> Term:
        r"""Arguments as a list: ``p(y \succ z | x)`` as p(y, z, x); a function of another number of arguments than
        the declared one is another function. Angle brackets around random variables are
        their mean, and Cov(X, Y | Z) that of two variables given a third."""
        if root.op == "sym" and self.members is None:
            return self._bare(root)
        node = rebuild(root, self.calls)
        if node.op == "fn" and node.name == "angle brackets" and len(node.children) == 1 and self._random(node):
            return Term("E", node.children)
        if node.op == "fn" and node.name == "Cov" and len(node.children) == 1 and node.children[0].op == "given":
            pair, *conditions = node.children[0].children
            if pair.op == "fn" and pair.name == "tuple" and len(pair.children) == 2:
                return fn("Cov", pair.children[0], Term("given", (pair.children[1], *conditions)))
        if node.op != "fn" or node.name in KEPT or node.name in self.random or " over" in node.name:
            return node
        declared = self.chart.functions.get(node.name)
        if self.members is not None or declared is not None:
            node = fn(node.name, *self._listed(node.children))
        if declared is not None and len(node.children) != len(declared.parameters):
            if declared.definition is not None and not free_symbols(declared.definition) & {*declared.parameters}:
                return fn(node.name, *map(sym, declared.parameters))
            return fn(f"{node.name}/{len(node.children)}", *node.children)
        return node

    def _bare(self, name: Term) -> Term:
        """A defined function without its arguments, where they are letters of the subject: η for η(t, Δt)."""
        declared = self.chart.functions.get(name.name)
        known = {*self.chart.domains, *self.chart.definitions}
        if declared is None or declared.definition is None or name.name in known or not {*declared.parameters} <= known:
            return name
        return fn(name.name, *map(sym, declared.parameters))

    def _random(self, root: Term) -> bool:
        return any(n.op in ("fn", "sym") and n.name in self.random for n in walk(root))

    def _listed(self, arguments: Sequence[Term]) -> tuple[Term, ...]:
        flat: list[Term] = []
        for a in arguments:
            opened = a.op == "given" or (a.op == "fn" and a.name in ("≻", "tuple"))
            flat += self._listed(a.children) if opened else [a]
        return _families(flat)

    # -- the whole of a term -----------------------------------------------------------------------------
    def of(self, root: Term) -> Term:
        """The term with everything written out that can be."""
        node = rebuild(root, self.of)
        if node.op == "sumset" and node.children[2] == UNKNOWN:
            return self._sum(node)
        if node.op == "fn" and node.name == "sum over" and len(node.children) == 1 and self.members is not None:
            over = sorted(free_symbols(node.children[0]) & self.running)
            if len(over) == 1:
                return Term("sumset", (node.children[0], sym(over[0]), self.members))
        if node.op == "fn" and node.name == "KL" and len(node.children) == 2 and self.members is not None:
            return self._divergence(*node.children)
        if node.op == "E" and len(node.args) > 1 and self.members is not None:
            return self._expectation(node)
        if node.op == "fn" and node.name == "grad" and len(node.children) == 2:
            return self._derivative(node.children[1], node.children[0], node)
        if node.op == "diff":
            return self._derivative(node.children[0], node.children[1], node)
        return node

    def _sum(self, node: Term) -> Term:
        body, variable, _ = node.children
        return node if self.members is None else Term("sumset", (body, variable, self.members))

    # -- distributions over labels -------------------------------------------------------------------------
    def _divergence(self, one: Term, other: Term) -> Term:
        taken = free_symbols(one) | free_symbols(other)
        variable = fresh_symbol("y", taken)
        p, q = self.at(one, variable), self.at(other, variable)
        if p is None or q is None or self.members is None:
            return fn("KL", one, other)
        return Term("sumset", (mul(p, log(div(p, q))), variable, self.members))

    def at(self, distribution: Term, value: Term) -> Term | None:
        r"""The probability of a value under a distribution written as ``p``, ``p(\cdot|x)`` or ``p(y|x)``."""
        if distribution.op == "sym":
            declared = self.chart.functions.get(distribution.name)
            rest = () if declared is None else declared.parameters[1:]
            return fn(distribution.name, value, *map(sym, rest))
        if distribution.op != "fn":
            return None
        first, *rest_of = distribution.children
        places = [n for n, a in enumerate(distribution.children) if a in ANY]
        if places:
            arguments = list(distribution.children)
            arguments[places[0]] = value
            return fn(distribution.name, *arguments)
        return fn(distribution.name, value, *rest_of) if first.op == "sym" else None

    def _expectation(self, node: Term) -> Term:
        body, *draws = node.children
        for draw in reversed(draws):
            written = self._drawn(body, *draw.children)
            if written is None:
                return node
            body = written
        return body

    def _drawn(self, body: Term, variable: Term, distribution: Term) -> Term | None:
        """The body summed over what is drawn; a tuple is drawn one by one, each given those before it."""
        if distribution == UNKNOWN and variable.op in ("sym", "fn"):
            declared = self.chart.functions.get(variable.name)
            if declared is None or declared.range != "probability":
                return None
            distribution, variable = variable, sym(declared.parameters[0])
        if variable.op == "fn" and variable.name == "tuple" and distribution.op == "sym":
            names = variable.children
            if any(v.op != "sym" for v in names):
                return None
            weights = [
                fn(distribution.name if n == 0 else f"{distribution.name}_{{{n}}}", v, *names[:n])
                for n, v in enumerate(names)
            ]
        else:
            weight = self.at(distribution, variable)
            if weight is None or variable.op != "sym":
                return None
            names, weights = (variable,), [weight]
        if self.members is None or any(w.name not in self.chart.functions for w in weights):
            return None
        for v, weight in reversed(list(zip(names, weights, strict=True))):
            body = Term("sumset", (mul(weight, body), v, self.members))
        return body

    # -- derivatives -------------------------------------------------------------------------------------
    def _derivative(self, body: Term, variable: Term, node: Term) -> Term:
        """A derivative carried out; by a defined quantity, as a function of that quantity."""
        body = self._applied(body)
        try:
            if variable.op == "sym" and variable.name not in self.chart.definitions:
                return self._in_directions(derivative(body, variable, self.chart), variable)
            declared = self.chart.functions.get(variable.name) if variable.op == "fn" else None
            if declared is not None and declared.definition is None:
                return derivative(body, variable, self.chart)  # it sees to other values of the function
            return self._by_value(body, variable, node)
        except (NotDifferentiable, ValueError):
            return node

    def _applied(self, body: Term) -> Term:
        """A function named without its arguments, as in ∇ℓ for ℓ(θ), at the arguments that it was defined with."""
        declared = self.chart.functions.get(body.name) if body.op == "sym" else None
        if declared is None or declared.definition is None or body.name in self.chart.domains:
            return body
        return fn(body.name, *map(sym, declared.parameters))

    def _in_directions(self, root: Term, variable: Term) -> Term:
        if root.op == "diff" and root.children[1] == variable and root.children[0].op == "fn":
            policy = root.children[0]
            direction = slope(policy.name)
            if direction in self.chart.functions and self.members is not None:
                first, *rest = policy.children
                other = fresh_symbol("y", free_symbols(policy) | {variable.name})
                mean = Term(
                    "sumset", (mul(fn(policy.name, other, *rest), fn(direction, other, *rest)), other, self.members)
                )
                return mul(policy, add(fn(direction, first, *rest), neg(mean)))
        return rebuild(root, lambda child: self._in_directions(child, variable))

    def _by_value(self, body: Term, variable: Term, node: Term) -> Term:
        value, whole = self.chart.expand(variable), self.chart.expand(body)
        names = free_symbols(whole) | free_symbols(value) | {n.name for n in walk(whole) if n.op == "sym"}
        place = fresh_symbol(STAND_IN, frozenset(names))
        inside = replace(whole, value, place)
        hidden = function_names(value) - RESERVED
        if place.name not in free_symbols(inside) or (variable.op == "sym" and function_names(inside) & hidden):
            return node
        return substitute(derivative(inside, place, self.chart), {place.name: value})


def _families(arguments: Sequence[Term]) -> tuple[Term, ...]:
    r"""A list such as :math:`y_1, \dots, y_K` as the one name y."""
    if DOTS not in arguments:
        return tuple(arguments)
    at = list(arguments).index(DOTS)
    if at + 1 >= len(arguments) or arguments[at + 1].op != "fn":
        return tuple(arguments)
    family = arguments[at + 1].name
    start = at
    while start > 0 and _listed_as(arguments[start - 1], family):
        start -= 1
    return _families((*arguments[:start], sym(family), *arguments[at + 2 :]))


def _listed_as(item: Term, family: str) -> bool:
    return (item.op == "fn" and item.name == family) or (item.op == "sym" and item.name.startswith(f"{family}_"))
