r"""From terms to the normal form: what each operator and function becomes (see derive.kernel.atoms)."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Final

from derive.kernel.atoms import Atom
from derive.kernel.chart import Chart, Domain
from derive.kernel.declared import Declared
from derive.kernel.differentiate import NotDifferentiable, derivative
from derive.kernel.functions import BUILTIN
from derive.kernel.ratio import NotNormal, Ratio
from derive.kernel.term import BINDERS, Term, free_symbols, hidden_in, plain, walk

MAX_WRITTEN_OUT: Final = 12
Scope = Mapping[str, Ratio]


class Normaliser(Declared):
    """Normal forms of terms over one chart."""

    def __init__(self, chart: Chart, capacity: int, monomials: int, roots: dict[str, int]) -> None:
        super().__init__(chart, capacity, monomials, roots)
        self._memo: dict[Term, Ratio] = {}
        self._heights: dict[Term, int] = {}
        self.several_sets = False
        self.solve_conditions()
        self._memo.clear()
        self._heights.clear()

    def of(self, node: Term, scope: Scope | None = None) -> Ratio:
        """The normal form; ``scope`` gives the bound symbols their values."""
        if scope:
            return self._of(node, scope)
        known = self._memo.get(node)
        if known is None:
            known = self._memo[node] = self._of(node, {})
        return known

    def normal_form(self, term: Term) -> Ratio:
        """The normal form of a term without bound symbols."""
        return self.of(term)

    def read_ahead(self, *terms: Term) -> None:
        """Learn from all terms what each of them alone does not tell, before they are normalised.

        A probability adds up to 1 over the one set that sums run over. The base of a root or the argument of
        a logarithm is not negative where the terms are defined, which is all that a normal form speaks of.
        """
        nodes = [node for term in terms for node in walk(term)]
        self.several_sets = len({n.children[2] for n in nodes if n.op == "sumset"}) > 1
        for node in outside_binders(terms, self.chart.functions):
            strict = node.op == "fn"
            if node.op == "pow":
                exponent = node.children[1]
                if exponent.op != "num" or exponent.value.denominator == 1:
                    continue
                strict = exponent.value < 0
            elif node.op != "fn" or node.name != "log" or "log" in self.chart.functions:
                continue
            try:
                self.signs.suppose(self.of(node.children[0]), strict)
            except NotNormal:
                continue

    def _of(self, node: Term, scope: Scope) -> Ratio:
        if node.op in BINDERS and hidden_in(node.children[1].name, node.children[0]):
            raise NotNormal(f"a function in '{plain(node)}' is named after '{node.children[1].name}'.")
        rule = _RULES.get(node.op)
        return self._opaque(node, scope) if rule is None else rule(self, node, scope)

    def sign_of(self, term: Term) -> int:
        """The sign of a term (see derive.kernel.signs); 1 for a term that is 0."""
        value = self.of(term)
        return 1 if value.num.is_zero() else self.signs.ratio(value)

    # -- scalars --------------------------------------------------------------------------------
    def _num(self, node: Term, scope: Scope) -> Ratio:
        value = node.value
        return self.constant(value.numerator, value.denominator)

    def _sym(self, node: Term, scope: Scope) -> Ratio:
        found = scope.get(node.name) if scope else None
        if found is None:
            found = self.solved.get(node.name)
        return self.made("sym", node.name) if found is None else found

    def _const(self, node: Term, scope: Scope) -> Ratio:
        if node.name == "e":
            return self.exp(self.one)
        if node.name == "pi":
            return self.made("const", "pi", (), 2)
        raise NotNormal("infinity is not a number.")

    def _add(self, node: Term, scope: Scope) -> Ratio:
        total = self.zero
        for child in node.children:
            total = self.add(total, self.of(child, scope))
        return total

    def _mul(self, node: Term, scope: Scope) -> Ratio:
        product = self.one
        for child in node.children:
            product = self.mul(product, self.of(child, scope))
        return product

    def _pow(self, node: Term, scope: Scope) -> Ratio:
        base, exponent = node.children
        outer = self.of(exponent, scope)
        if base.op == "pow":
            number = self.number(outer)
            inner = self.number(self.of(base.children[1], scope))
            if number is not None and number[1] > 1 and inner is not None and inner[1] == 1:
                # (u^m)^q = |u|^(mq), before u^m is multiplied out; u is not negative where m is odd
                size = self.of(base.children[0], scope)
                if inner[0] % 2 == 0:
                    size = self.abs(size)
                return self.power(size, self.scale(outer, inner[0]))
        return self.power(self.of(base, scope), outer)

    # -- functions ------------------------------------------------------------------------------
    def _fn(self, node: Term, scope: Scope) -> Ratio:
        name = node.name
        declared = self.chart.functions.get(name)
        if name == "log" and declared is None and len(node.children) == 1:
            return self._log(node.children[0], scope)
        arguments = tuple(self.of(c, scope) for c in node.children)
        if declared is None and (name, len(arguments)) in BUILTIN:
            return self._builtin(name, arguments)
        sign = 0 if declared is None or declared.range in ("real", "label") else 2
        return self.made("fn", name, arguments, sign)

    def _log(self, node: Term, scope: Scope) -> Ratio:
        """log node, term by term before products are multiplied out; log|node| wherever it is defined."""
        if node.op == "mul":
            total = self.zero
            for child in node.children:
                total = self.add(total, self._log(child, scope))
            return total
        if node.op == "pow":
            base, exponent = node.children
            return self.mul(self.of(exponent, scope), self._log(base, scope))
        return self.log_size(self.of(node, scope))

    def apply(self, atom: Atom, arguments: tuple[Ratio, ...]) -> Ratio:
        """The function of an atom at other arguments."""
        if atom.kind in ("sin", "cos"):
            return self._parity(atom.kind, arguments[0])
        if atom.kind == "fn":
            if atom.name not in self.chart.functions and (atom.name, len(arguments)) in BUILTIN:
                return self._builtin(atom.name, arguments)
            return self.made("fn", atom.name, arguments, atom.given_sign)
        raise NotNormal(f"'{atom.kind}' is not understood under a moved index.")

    def _builtin(self, name: str, x: tuple[Ratio, ...]) -> Ratio:
        if name == "log":
            return self.log(x[0])
        if name == "exp":
            return self.exp(x[0])
        if name == "logistic":
            return self.inverse(self.add(self.one, self.exp(self.neg(x[0]))))
        if name == "abs":
            return self.abs(x[0])
        if name in ("max", "min") and len(x) == 2:
            gap = self.abs(self.sub(x[0], x[1]))
            total = self.add(x[0], x[1])
            return self.scale(self.add(total, gap if name == "max" else self.neg(gap)), 1, 2)
        if name in ("max", "min"):
            return self._builtin(name, (x[0], self._builtin(name, x[1:])))
        if name == "factorial":
            return self.factorial(x[0])
        if name == "Gamma":
            return self.factorial(self.sub(x[0], self.one))
        if name == "binomial" and self.signs.ratio(x[0]) >= 1:
            bottom = self.mul(self.factorial(x[1]), self.factorial(self.sub(x[0], x[1])))
            return self.div(self.factorial(x[0]), bottom)
        if name in ("sinh", "cosh", "tanh"):
            return self._hyperbolic(name, self.exp(x[0]))
        if name == "erfc":
            return self.sub(self.one, self._parity("erf", x[0]))
        if name == "tan":
            return self.div(self._parity("sin", x[0]), self._parity("cos", x[0]))
        if name in ("sin", "cos", "erf", "arctan", "arcsin", "arsinh", "artanh"):
            return self._parity(name, x[0])
        if name == "sign":
            s = self.signs.ratio(x[0])
            if abs(s) == 2:
                return self.constant(1 if s > 0 else -1)
        return self.made("fn", name, x)

    def _hyperbolic(self, name: str, e: Ratio) -> Ratio:
        inverse = self.inverse(e)
        rise, fall = self.scale(self.sub(e, inverse), 1, 2), self.scale(self.add(e, inverse), 1, 2)
        return rise if name == "sinh" else fall if name == "cosh" else self.div(rise, fall)

    def _parity(self, name: str, x: Ratio) -> Ratio:
        """An odd function, or the cosine, with the leading coefficient of its argument positive."""
        if x.num.is_zero():
            return self.one if name == "cos" else self.zero
        flipped = x.num.coefficient(0) < 0
        if flipped:
            x = self.neg(x)
        if name in ("sin", "cos"):
            cosine = self.made("cos", "", (x,))  # before the sine, which is related to it
            if name == "cos":
                return cosine
            value = self.made("sin", "", (x,))
        else:
            value = self.made("fn", name, (x,))
        return self.neg(value) if flipped else value

    # -- binders --------------------------------------------------------------------------------
    def _height(self, node: Term) -> int:
        """How deep binders are nested below and at a node."""
        known = self._heights.get(node)
        if known is None:
            heights = [self._height(c) for c in node.children]
            if node.op == "at":  # the value may stand inside of every binder of the body
                known = sum(heights)
            elif node.op == "sym" and node.name in self.solved:
                known = self.height(self.solved[node.name])
            else:
                known = max(heights, default=0) + (1 if node.op in _BINDING else 0)
            self._heights[node] = known
        return known

    def _bound(self, node: Term, kind: str, limits: tuple[Ratio, ...]) -> Atom:
        return self.atom("bound", f"{kind}#{self._height(node)}", limits)

    def _counted(self, node: Term, scope: Scope) -> Ratio:
        """A sum or product, with the index shifted to start at 0."""
        body, variable, lower, upper = node.children
        start = self.of(lower, scope)
        limits: tuple[Ratio, ...] = ()
        if _is_infinite(upper):
            if upper.op == "mul":
                raise NotNormal(f"'{plain(node)}' has no meaning.")
        else:
            limits = (self.sub(self.of(upper, scope), start),)
        if limits:
            last = self.number(limits[0])
            if last is not None and last[1] == 1 and last[0] < MAX_WRITTEN_OUT:
                return self._written_out(node, scope, start, last[0])
        own = self._bound(node, "k" if limits else "koo", limits)
        inner = {**scope, variable.name: self.add(self.value(own), start)}
        value = self.of(body, inner)
        if node.op == "sum":
            return self.total("sum", value, own, limits)
        return self.product(value, own, limits)

    def _written_out(self, node: Term, scope: Scope, start: Ratio, last: int) -> Ratio:
        """A sum or product of a few terms, one by one."""
        body, variable = node.children[:2]
        total = self.zero if node.op == "sum" else self.one
        for index in range(last + 1):
            value = self.of(body, {**scope, variable.name: self.add(start, self.constant(index))})
            total = self.add(total, value) if node.op == "sum" else self.mul(total, value)
        return total

    def _int(self, node: Term, scope: Scope) -> Ratio:
        body, variable, lower, upper = node.children
        ends = tuple(None if _is_infinite(e) else self.of(e, scope) for e in (lower, upper))
        start, end = ends
        limits: tuple[Ratio, ...] = ()
        flipped = False
        kind = "x" + "".join(
            "," + (plain(t) if e is None else self.key(e)) for t, e in zip((lower, upper), ends, strict=True)
        )
        if start is not None and end is not None:
            if start == end:
                return self.zero
            flipped = self.key(start) > self.key(end)
            limits = (end, start) if flipped else (start, end)
            kind = "x"
        elif any(self.deps(e) for e in ends if e is not None):
            raise NotNormal(f"the limits of '{plain(node)}' are not understood.")
        own = self._bound(node, kind, limits)
        value = self.of(body, {**scope, variable.name: self.value(own)})
        total = self.total("int", value, own, limits)
        return self.neg(total) if flipped else total

    def _sumset(self, node: Term, scope: Scope) -> Ratio:
        body, variable, members = node.children
        own = self._bound(node, f"set {plain(members)}", ())
        value = self.of(body, {**scope, variable.name: self.value(own)})
        return self.total("sumset", value, own, ())

    def normalised(self, atom: Atom, own: Atom) -> bool:
        """Whether the atom is a probability over its first argument, the bound variable."""
        declared = self.chart.functions.get(atom.name) if atom.kind == "fn" else None
        if declared is None or declared.range != "probability" or self.several_sets:
            return False
        first, *rest = atom.parts
        return first == self.value(own) and not any(own.place in self.deps(r) for r in rest)

    def _at(self, node: Term, scope: Scope) -> Ratio:
        body, variable, value = node.children
        return self.of(body, {**scope, variable.name: self.of(value, scope)})

    def _lim(self, node: Term, scope: Scope) -> Ratio:
        body, variable, point = node.children
        sides = [side for c in self.chart.conditions for side in (c.left, c.right)]
        free = self.chart.domains.get(variable.name) in (None, Domain()) and not any(
            variable.name in free_symbols(self.chart.expand(side)) for side in sides
        )
        own = self._bound(node, "lim" if free else f"lim {variable.name!r}", ())  # the limit is taken in its range
        inside = self.of(body, {**scope, variable.name: self.value(own)})
        if own.place not in self.deps(inside):
            return inside
        if _is_infinite(point):
            inside, own = self.renamed(inside, own, ())
            return self.made("opaque", f"lim {plain(point)}", (inside,), own=(own.place,))
        inside, own = self.renamed(inside, own, ())
        return self.made("opaque", "lim", (inside, self.of(point, scope)), own=(own.place,))

    def _diff(self, node: Term, scope: Scope) -> Ratio:
        body, variable = node.children
        try:
            found = self.chart.expand(derivative(body, variable, self.chart))
        except NotDifferentiable:
            found = node
        if self._height(found) > self._height(node):  # bound variables are named by heights
            raise NotNormal(f"the derivative '{plain(node)}' is not understood.")
        if found != node:
            return self.of(found, scope)
        if variable.op != "sym" or body.op != "fn":
            raise NotNormal(f"the derivative '{plain(node)}' is not understood.")
        if body.name not in self.chart.functions:
            if variable.name in scope:
                raise NotNormal(f"the derivative '{plain(node)}' is not understood.")
            parts = tuple(self.of(c, scope) for c in body.children)
            return self.made("opaque", f"d/d {variable.name!r} {body.name!r}", parts)
        place = body.children.index(variable) if variable in body.children else -1
        parts = tuple(self.of(c, scope) for c in body.children)
        if place < 0:
            raise NotNormal(f"the derivative '{plain(node)}' is not understood.")
        return self.made("opaque", f"d{place} {body.name}", parts)

    def _opaque(self, node: Term, scope: Scope) -> Ratio:
        """A random-variable head or anything else: an atom of its parts."""
        if node.op == "E":
            return self._expectation(node, scope)
        if node.op == "fun":
            raise NotNormal(f"functions such as '{plain(node)}' are compared as they are written.")
        name = node.op + "".join(f" {a}" for a in node.args if not isinstance(a, Term))
        return self.made("opaque", name, tuple(self.of(c, scope) for c in node.children))

    def _expectation(self, node: Term, scope: Scope) -> Ratio:
        body, *draws = node.children
        inner = dict(scope)
        owns = []
        for i, draw in enumerate(draws):
            if draw.op == "draw" and draw.children[0].op == "sym":
                own = self._bound(node, f"draw{i}", ())
                owns.append(own)
                inner[draw.children[0].name] = self.value(own)
        parts = [self.of(body, inner)]
        for draw in draws:
            parts += [self.of(c, inner) for c in (draw.children if draw.op == "draw" else (draw,))]
        height = max(map(self.height, parts)) + 1
        renamed = [self.atom("bound", self.at_height(own, height), ()) for own in owns]
        moves = {own.place: self.value(new) for own, new in zip(owns, renamed, strict=True) if own is not new}
        moved = tuple(self.moved(part, moves) for part in parts)
        return self.made("opaque", f"E{len(draws)}", moved, own=tuple(new.place for new in renamed))


_BINDING: Final = frozenset({"sum", "prod", "int", "sumset", "lim", "E"})


def outside_binders(terms: Iterable[Term], functions: Container[str]) -> Iterator[Term]:
    """The nodes of the terms that are evaluated whenever the terms are."""
    stack = list(terms)
    while stack:
        node = stack.pop()
        yield node
        known = node.op == "fn" and (node.name in functions or (node.name, len(node.children)) in BUILTIN)
        if known or node.op in ("add", "mul", "pow"):
            stack.extend(node.children)


def _is_infinite(node: Term) -> bool:
    """Whether a limit is plus or minus infinity."""
    if node.op == "mul" and len(node.children) == 2 and node.children[0].op == "num":
        node = node.children[1]
    return node.op == "const" and node.name == "oo"


_RULES: Final[Mapping[str, Callable[[Normaliser, Term, Scope], Ratio]]] = {
    "num": Normaliser._num,
    "sym": Normaliser._sym,
    "const": Normaliser._const,
    "add": Normaliser._add,
    "mul": Normaliser._mul,
    "pow": Normaliser._pow,
    "fn": Normaliser._fn,
    "sum": Normaliser._counted,
    "prod": Normaliser._counted,
    "int": Normaliser._int,
    "sumset": Normaliser._sumset,
    "at": Normaliser._at,
    "lim": Normaliser._lim,
    "diff": Normaliser._diff,
}
