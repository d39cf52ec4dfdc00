r"""Finding the f with :math:`t(k) = f(k)/f(k+1)`, by pairing each factor with a shifted one."""

from __future__ import annotations

from fractions import Fraction

from derive.errors import Refused
from derive.kernel import rules
from derive.kernel.chart import Chart
from derive.kernel.equality import decide
from derive.kernel.fact import Fact
from derive.kernel.rules.scope import inside
from derive.kernel.term import ONE, Term, free_symbols, mul, num, power, substitute
from derive.search.quotients import factors

MAX_SHIFT = 3


def telescoped_product(product: Term, chart: Chart) -> Fact | None:
    """``product`` = closed form, where its factors cancel against their neighbours."""
    found = falling_primitive(product, chart)
    if found is None:
        return None
    try:
        return rules.telescope(product, found, chart)
    except Refused:
        return None


def falling_primitive(product: Term, chart: Chart) -> Term | None:
    """An f in the product's own variable with t(k) = f(k)/f(k+1); nothing is checked but the shifts."""
    fresh, body, within = inside(product, chart)
    k = fresh.name
    pending = [(b, e) for b, e in factors(body) if k in free_symbols(b)]
    constant = [(b, e) for b, e in factors(body) if k not in free_symbols(b)]
    parts: list[Term] = [_to(b, -e * 1, fresh) for b, e in constant]
    while pending:
        base, exponent = pending.pop()
        for i, (other, its) in enumerate(pending):
            if (its > 0) == (exponent > 0):
                continue
            size = min(abs(its), abs(exponent))
            up, down = (base, other) if exponent > 0 else (other, base)
            primitive = _shifted(up, down, fresh, within)
            if primitive is None:
                continue
            parts.append(primitive if size == 1 else power(primitive, num(size)))
            rest = abs(exponent) - size, abs(its) - size
            del pending[i]
            for term, left, sign in ((base, rest[0], exponent), (other, rest[1], its)):
                if left:
                    pending.append((term, left if sign > 0 else -left))
            break
        else:
            return None
    f = mul(*parts) if parts else ONE
    return substitute(f, {k: product.children[1]})


def _to(base: Term, exponent: Fraction, k: Term) -> Term:
    return power(base, mul(num(exponent), k))


def _shifted(up: Term, down: Term, k: Term, chart: Chart) -> Term | None:
    """An f with up(k)/down(k) = f(k)/f(k+1): one side is the other some steps later."""
    for steps in range(1, MAX_SHIFT + 1):
        if decide(_at(up, k, steps), down, chart).verdict is True:
            return mul(*(_at(up, k, i) for i in range(steps)))
        if decide(_at(down, k, steps), up, chart).verdict is True:
            return power(mul(*(_at(down, k, i) for i in range(steps))), num(-1))
    return None


def _at(term: Term, k: Term, steps: int) -> Term:
    return term if steps == 0 else substitute(term, {k.name: k + num(steps)})
