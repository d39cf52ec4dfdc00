"""Operators that bind a letter: sums, products, integrals, limits, expectations, optima, evaluations."""

from __future__ import annotations

from derive.kernel.term import INFINITY, MINUS_ONE, ONE, Term, div, fn, free_symbols, mul, neg, power
from derive.latex.cursor import Integral, Span, Step
from derive.latex.names import UNKNOWN, NameReader, difference, split_condition
from derive.latex.spelling import base_at


class BinderReader(NameReader):
    """The part of the grammar that reads operators with a bound letter."""

    # -- sums, products, integrals, limits -------------------------------------------------------
    def big(self) -> Step[Term]:
        """A sum, product, integral or limit with its body."""
        start = self.i
        op = self.data.values[self.texts[start]]
        self.i += 1
        sub, sup = self.two_scripts()
        if op == "int":
            integral: Term = yield self._integral(sub, sup, start)
            return integral
        if op == "lim":
            limit: Term = yield self._limit(sub, sup, start)
            return limit
        if sub is None:
            if sup or self.tokens.source[self.tokens.starts[start]] != "\\":
                raise self.fail(f"'{self.texts[start]}' does not say what it runs over.", start)
            summand, outer = yield self._body(op, [])
            self.open |= free_symbols(summand)
            return mul(fn(f"{op} over", summand), *outer)  # over what is left unsaid
        variables, lower, region = yield self._range(sub)
        upper: Term | None = None
        if sup:
            upper = yield self.within(*sup)
        if (lower is None) != (upper is None) and not (lower is not None and upper is None and region is not None):
            raise self.fail("One bound of this sum or product is missing.", start)
        body, outside = yield self._body(op, variables)
        for variable in reversed(variables):
            if lower is not None:
                body = Term(op, (body, variable, lower, upper if upper is not None else INFINITY))
            elif op == "sum" and (region is None or region.op != "fn" or region.name not in ("≥", ">")):
                body = Term("sumset", (body, variable, region if region is not None else UNKNOWN))
            else:
                body = fn(f"{op} over", body, variable, *([] if region is None else [region]))
        self.open |= frozenset(v.name for v in variables)
        return mul(body, *outside) if outside else body

    def _range(self, sub: Span) -> Step[tuple[list[Term], Term | None, Term | None]]:
        r"""Variables, lower bound and set of ``k=0``, ``k\ge 0``, ``y\in Y``, ``y``, ``x, y``."""
        first, last = sub
        sign = next((n for n in range(first, last) if self.kinds[n] == "relation"), None)
        names: list[Term] = []
        start = first
        stop = last if sign is None else sign
        for n in range(first, stop + 1):
            if n == stop or self.kinds[n] == "comma":
                variable: Term = yield self.within(start, n)
                if variable.op != "sym":
                    raise self.fail("A sum or product runs over a single letter.", start)
                names.append(variable)
                start = n + 1
        if sign is None:
            return names, None, None
        relation = self.data.values[self.texts[sign]]
        if relation == "∈":
            region: Term = yield self._set(sign + 1, last)
            return names, None, region
        if len(names) != 1 or relation not in ("=", "≥", ">"):
            raise self.fail("This range of a sum or product is not read.", sign)
        if "comma" in self.kinds[sign:last]:
            raise self.fail("A sum or product with a condition on its index is not read.", sign)
        lower: Term = yield self.within(sign + 1, last)
        if relation == "=":
            return names, lower, None
        if lower.op != "num":
            return names, None, fn(relation, names[0], lower)  # up to where is left unsaid
        return names, lower if relation == "≥" else lower + 1, INFINITY

    def _set(self, first: int, last: int) -> Step[Term]:
        result: Term = yield self.within(first, last)
        return result

    def _body(self, op: str, variables: list[Term]) -> Step[tuple[Term, list[Term]]]:
        """What a sum, product or limit stands before: one product, to its end; and what of it stands outside.

        Members of families at the end of a product that do not run with it (the X_1 of c_k X_1) are outside.
        """
        negative = False
        while self.kind() in ("minus", "plus"):
            negative, self.i = negative != (self.kind() == "minus"), self.i + 1
        start = self.i
        factors: list[Term] = yield self.run()
        outside: list[Term] = []
        if op == "prod" and len(factors) > 1:
            names = {v.name for v in variables}
            inside = [bool(names & free_symbols(f)) for f in factors]
            if any(inside) and not inside[-1]:
                last = max(n for n, runs in enumerate(inside) if runs) + 1
                factors, outside = factors[:last], factors[last:]
                if negative or any(f.op != "fn" or free_symbols(f) for f in outside):
                    raise self.fail("Which factors belong to this product is not certain; write brackets.", start)
        body = mul(*factors)
        return (neg(body) if negative else body), outside

    def _limit(self, sub: Span | None, sup: Span | None, start: int) -> Step[Term]:
        arrow = None if sub is None else next((n for n in range(*sub) if self.kinds[n] == "relation"), None)
        if sub is None or sup or arrow is None or self.data.values[self.texts[arrow]] != "→":
            raise self.fail("A limit says which letter goes where: \\lim_{x \\to a}.", start)
        variable: Term = yield self.within(sub[0], arrow)
        last, side = self._from_one_side(*sub)
        point: Term = yield self.within(arrow + 1, last)
        if variable.op != "sym":
            raise self.fail("A limit is taken in a single letter.", sub[0])
        body, _ = yield self._body("lim", [variable])
        self.open |= {variable.name}
        return fn(f"lim {side}", body, variable, point) if side else Term("lim", (body, variable, point))

    def _from_one_side(self, first: int, last: int) -> tuple[int, str]:
        """Where the point of a limit ends, and the sign of the side from which it is approached, if one is written."""
        if self.kinds[last - 1] in ("plus", "minus") and self.kinds[last - 2] == "sup":
            return last - 2, self.texts[last - 1]
        braced = last - first > 4 and self.texts[last - 1] == "}" and self.texts[last - 3] == "{"
        if braced and self.kinds[last - 2] in ("plus", "minus") and self.kinds[last - 4] == "sup":
            return last - 4, self.texts[last - 2]
        return last, ""

    def _integral(self, sub: Span | None, sup: Span | None, start: int) -> Step[Term]:
        if (sub is None) != (sup is None):
            raise self.fail("One bound of this integral is missing.", start)
        bounds: list[Term] = []
        for span in (sub, sup):
            if span:
                bounds.append((yield self.within(*span)))
        frame = Integral(self.end)
        self.integrals.append(frame)
        if self.at_differential():
            frame.variable = self.differential()
            body = mul(*(yield self.run())) if self.starts_factor() else ONE
            body = yield self._divided(body)
        else:
            body = yield self.sum()
            if self.at_differential():
                if frame.variable is not None:
                    raise self.fail("A second differential stands here.")
                frame.variable = self.differential()
                body = yield self._divided(body)
        self.integrals.pop()
        if frame.variable is None:
            raise self.fail("This integral has no differential.", start)
        self.variables.append(frame.variable.name)
        if bounds:
            return Term("int", (body, frame.variable, *bounds))
        return fn("integral", body, frame.variable)

    def _divided(self, body: Term) -> Step[Term]:
        r"""``\int dx/(1+x)``: what the differential is divided by belongs to what is integrated."""
        while self.kind() == "slash":
            self.i += 1
            divisor: Term = yield self.factor()
            body = power(divisor, MINUS_ONE) if body == ONE else div(body, divisor)
            if self.starts_factor() and not self.at_differential():
                raise self.fail("Whether this factor stands below the slash is not certain; write brackets.")
        return body

    def at_differential(self) -> bool:
        """Whether d and a variable stand here, where the innermost open integral may end."""
        if not self.integrals or self.i + 1 >= self.end or self.end not in self.integrals[-1].ends:
            return False
        return self.texts[self.i] == "d" and self.kinds[self.i + 1] in ("letter", "accent")

    def differential(self) -> Term:
        """Read d and its variable."""
        base = base_at(self.tokens, self.i + 1, self.end, self.notation.phrases)
        if base is None or base.pending >= 0:
            raise self.fail("The variable of this integral is not read.")
        self.i = base.after
        if self.kind() in ("sub", "sup"):
            raise self.fail("An integral runs over a single letter.")
        names = self.notation.find(base.spelling)
        return Term("sym", (names[0].name if names else base.spelling,))

    def starts_factor(self) -> bool:
        """Whether a factor starts at the position."""
        raise NotImplementedError

    # -- expectations and optima -------------------------------------------------------------------
    def expectation(self, under: Span | None = None, after: int = -1) -> Step[Term]:
        r"""``\mathbb E_{y \sim p}[f]``."""
        self.i = max(after, self.i + 1)
        sub, sup = self.two_scripts()
        sub = sub or under
        draws: list[Term] = []
        if sub:
            draws = yield self._draws(*sub)
        if self._bracket_follows():
            start = self.i
            items: list[tuple[str, Term]] = yield self.content()
            bodies = split_condition(items)
            if len(bodies) != 1:
                raise self.fail("An expectation is of one quantity.", start)
            body = bodies[0]
        else:
            body = mul(*(yield self.run()))
            self.open |= frozenset(n for d in draws for n in free_symbols(d.children[0]))
        value = Term("E", (body, *draws))
        if sup:
            exponent: Term = yield self.within(*sup)
            value = power(value, exponent)
        return value

    def _draws(self, first: int, last: int) -> Step[list[Term]]:
        r"""``x \sim D, y \sim p(y|x)``, ``(x, y) \sim D``, ``x, y \sim D``, ``x``, ``q(x)``."""
        draws: list[Term] = []
        waiting: list[Term] = []
        start = n = first
        sign: int | None = None
        while n <= last:
            if n == last or self.kinds[n] in ("comma", "semicolon"):
                stop = n if sign is None else sign
                variable: Term = yield self._operand(start, stop)
                waiting.append(variable)
                if sign is not None:
                    source: Term = yield self.within(sign + 1, n)
                    draws += [Term("draw", (v, source)) for v in waiting]
                    waiting, sign = [], None
                start = n + 1
            elif self.kinds[n] == "open":
                n = self.match.get(n, n)
            elif self.kinds[n] == "relation":
                if self.data.values.get(self.texts[n]) != "∼" or sign is not None:
                    raise self.fail("Only '\\sim' says what an expectation is over.", n)
                sign = n
            n += 1
        for variable in waiting:
            arguments = variable.children if variable.op == "fn" else ()
            if len(arguments) == 1 and self.kinds[last - 1] == "close":  # E_{q(x)}
                draws.append(Term("draw", (arguments[0], variable)))
            else:
                draws.append(Term("draw", (variable, UNKNOWN)))
        return draws

    def _operand(self, first: int, last: int) -> Step[Term]:
        result: Term = yield self.within(first, last)
        return result

    def underset(self) -> Step[Term]:
        r"""``\underset{x}{\arg\max} f``, ``\underset{x \sim p}{\mathbb E}[f]``: a subscript of an operator."""
        start = self.i
        if self.texts[start] != "\\underset" or self.texts[start + 1 : start + 2] != ["{"]:
            raise self.unexpected()
        under = (start + 2, self.match[start + 1])
        here = under[1] + 1
        braces = here < self.end and self.texts[here] == "{"
        self.i = here + braces
        after = self.match[here] + 1 if braces else -1
        value: Term
        if self.kind() in ("optimum", "arg"):
            value = yield self.optimum(under, after)
        elif self.kind() == "expectation":
            value = yield self.expectation(under, after)
        else:
            raise self.fail("This sign with something below it is not read here.", start)
        return value

    def optimum(self, under: Span | None = None, after: int = -1) -> Step[Term]:
        r"""``\max(a, b)``, ``\min_{p \in P} f`` as fn("min over", f, p, P), ``\arg\max_x f``."""
        start = self.i
        called = self.data.values.get(self.texts[start], "")
        self.i += 1
        if self.kinds[start] == "arg":
            if self.kind() != "optimum":
                raise self.fail("'\\arg' stands before \\max or \\min.", start)
            called = "arg" + self.data.values[self.texts[self.i]]
            self.i += 1
        self.i = max(after, self.i)
        sub, sup = self.two_scripts()
        sub = sub or under
        if sup:
            raise self.fail("This superscript is not read.", start)
        if sub is None:
            if not self._bracket_follows():
                raise self.fail(f"'{self.texts[start]}' needs its arguments in brackets.", start)
            items: list[tuple[str, Term]] = yield self.content()
            if any(s not in ("", ",") for s, _ in items):
                raise self.fail("The arguments of a maximum or minimum are separated by commas.", start)
            return fn(called, *(t for _, t in items))
        variable, region = yield self._constrained(*sub)
        first_of_sum = start == self.sum_start
        body: Term
        if first_of_sum:
            body = yield self.sum()
        else:
            body = mul(*(yield self.run()))
            self.open |= free_symbols(variable)
        return fn(f"{called} over", body, variable, *region)

    def _constrained(self, first: int, last: int) -> Step[tuple[Term, list[Term]]]:
        r"""``x``, ``p \in P``, ``x > 0``, ``p : \sum_y p(y) = 1``: a variable with its set or its constraint."""
        n = first
        while n < last and self.kinds[n] not in ("relation", "colon", "mid"):
            n = self.match.get(n, n) + 1
        variable: Term = yield self.within(first, min(n, last))
        if n >= last:
            return variable, []
        if self.kinds[n] == "relation" and self.data.values.get(self.texts[n]) == "∈":
            return variable, [(yield self.within(n + 1, last))]
        start = n + 1 if self.kinds[n] in ("colon", "mid") else first
        end, here = self.end, self.i
        self.i, self.end = start, last
        value: Term = yield self.sum()
        if self.kind() != "relation":
            raise self.fail("This range of a maximum or minimum is not read.", n)
        value = yield self.related(value)
        if self.i != last:
            raise self.fail("This range of a maximum or minimum is not read.", n)
        self.i, self.end = here, end
        return variable, [value]

    def related(self, left: Term) -> Step[Term]:
        """A relation between two quantities, after the first of them."""
        raise NotImplementedError

    # -- F at b minus F at a ---------------------------------------------------------------------
    def evaluation(self, body: Term) -> Step[Term]:
        """The scripts of an evaluation bar or bracket, applied to ``body``."""
        start = self.i
        sub, sup = self.two_scripts()
        if sub is None:
            raise self.fail("The point of this evaluation is missing.", start)
        variable: Term | None = None
        points: list[Term] = []
        for span in (sub, sup):
            if span is None:
                continue
            sign = next((n for n in range(*span) if self.kinds[n] == "relation"), None)
            if sign is not None:
                if self.data.values.get(self.texts[sign]) != "=":
                    raise self.fail("An evaluation is at a point, written t = a.", sign)
                named: Term = yield self.within(span[0], sign)
                if named.op != "sym" or (variable is not None and variable != named):
                    raise self.fail("An evaluation is in a single letter.", sign)
                variable = named
            points.append((yield self.within(span[0] if sign is None else sign + 1, span[1])))
        if variable is None:
            variable = self._evaluation_variable(body, start)
        if len(points) == 1:
            return Term("at", (body, variable, points[0]))
        return difference(body, variable, points[0], points[1])

    def _evaluation_variable(self, body: Term, at: int) -> Term:
        """The variable of the last integral, else the only free letter that is not declared, else the only one."""
        free = free_symbols(body)
        for name in reversed(self.variables):
            if name in free:
                return Term("sym", (name,))
        loose = [n for n in free if not self.notation.find(n)]
        chosen = loose if len(loose) == 1 else list(free)
        if len(chosen) != 1:
            raise self.fail("In which letter this is evaluated is not certain; write |_{t=0}^{t=1}.", at)
        return Term("sym", (chosen[0],))
