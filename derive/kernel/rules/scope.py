r"""Side conditions about scope: what holds inside a sum or an integral, and whether a term is defined.

Rules call these; none of them makes a fact. Each answers True only where it has proved so.
"""

from __future__ import annotations

from typing import Final

from derive.errors import Refused
from derive.kernel.chart import Bound, Chart, Domain
from derive.kernel.evaluate import BUILTIN
from derive.kernel.fact import Fact
from derive.kernel.positivity import nonnegative, positive
from derive.kernel.term import ONE, Term, free_symbols, fresh_symbol, hidden_in, num, plain, substitute, sym, walk

ANALYTIC: Final = frozenset(
    {"exp", "logistic", "sin", "cos", "sinh", "cosh", "tanh", "arctan", "arsinh", "erf", "erfc"}
)
"""Named functions of one argument that are defined and analytic on the whole real line."""

TWO: Final = num(2)

ROUGH: Final = frozenset({"abs", "sign", "max", "min"})
"""Named functions that are defined everywhere and not analytic."""

STATISTICS: Final = frozenset({"Var", "Cov", "E"})
"""Operators whose values are numbers although their arguments are random."""


def common_chart(*facts: Fact) -> Chart:
    """The one chart of all facts; Refused where they have different ones."""
    chart = facts[0].chart
    for fact in facts[1:]:
        if fact.chart is not chart and fact.chart != chart:
            raise Refused(
                f"'{facts[0].claim}' and '{fact.claim}' hold over different charts; carry one over with 'instantiate'."
            )
    return chart


def no_suppositions(rule: str, *facts: Fact) -> None:
    """Refused where a fact still rests on a supposition, which this rule would take out of its scope."""
    for fact in facts:
        if fact.supposed:
            raise Refused(f"'{rule}' cannot use '{fact.claim}' while it rests on the supposition '{fact.supposed[0]}'.")


def suppositions_outside(rule: str, fact: Fact, chart: Chart) -> None:
    """Refused where a supposition fixes a symbol that the chart does not have, and that this rule lets run."""
    parameters_outside(rule, fact, chart)
    for supposed in fact.supposed:
        if not supposed.fixed <= chart.domains.keys():
            no_suppositions(rule, fact)


def parameters_outside(rule: str, fact: Fact, chart: Chart) -> None:
    """Refused where a premise has a parameter that the chart does not have, and that this rule lets run."""
    inner = fact.parameters - chart.domains.keys()
    if inner:
        raise Refused(f"'{rule}' lets '{min(inner)}' run, which is a parameter of a premise of '{fact.claim}'.")


def names_in(chart: Chart) -> frozenset[str]:
    """Every symbol that a chart declares, defines or mentions."""
    found = set(chart.domains) | set(chart.definitions)
    for domain in chart.domains.values():
        for bound in (domain.lower, domain.upper):
            if bound is not None:
                found |= free_symbols(bound.value)
    for value in chart.definitions.values():
        found |= free_symbols(value)
    for condition in chart.conditions:
        found |= free_symbols(condition.left) | free_symbols(condition.right)
    for function in chart.functions.values():
        found |= set(function.parameters)
        if function.definition is not None:
            found |= free_symbols(function.definition)
    return frozenset(found)


def new_symbol(name: str, chart: Chart, *terms: Term) -> Term:
    """A symbol that neither the chart nor any of the terms uses, not even bound."""
    taken = set(names_in(chart))
    for root in terms:
        taken.update(node.name for node in walk(root) if node.op == "sym")
    while name in taken:
        name += "'"
    return sym(name)


def inside(binder: Term, chart: Chart) -> tuple[Term, Term, Chart]:
    """Of a sum, product or integral: its variable, the body, and the chart where the variable runs its range.

    The variable gets primes where its name means something else outside. Refused where a function in the body
    is named after it.
    """
    body, variable, *rest = binder.children
    if hidden_in(variable.name, body):
        raise Refused(f"A function in '{plain(binder)}' is named after '{variable.name}' and may depend on it.")
    fresh = fresh_symbol(variable.name, names_in(chart) | free_symbols(binder))
    body = substitute(body, {variable.name: fresh})
    if binder.op == "sumset":
        return fresh, body, chart.extend(domains={fresh.name: Domain("label")})
    lower, upper = rest
    kind = "real" if binder.op == "int" else "integer"
    domain = Domain("real" if kind == "real" else "integer", Bound(lower), Bound(upper))
    return fresh, body, chart.extend(domains={fresh.name: domain})


def integer(term: Term, chart: Chart) -> bool:
    """Whether a term is an integer by its shape: an integer polynomial in integer symbols."""
    if term.op == "num":
        return term.value.denominator == 1
    if term.op == "sym":
        if term.name in chart.definitions:
            return integer(chart.definitions[term.name], chart)
        domain = chart.domains.get(term.name)
        return domain is not None and domain.kind == "integer"
    if term.op in ("add", "mul"):
        return all(integer(child, chart) for child in term.children)
    if term.op == "pow":
        base, exponent = term.children
        return exponent.op == "num" and exponent.value > 0 and integer(exponent, chart) and integer(base, chart)
    return False


def covers(lower: Term, upper: Term, chart: Chart) -> bool:
    """Whether a sum from lower to upper has integer ends and is not shorter than empty."""
    return integer(lower, chart) and integer(upper, chart) and nonnegative(upper - lower + ONE, chart)


def require_range(binder: Term, chart: Chart) -> None:
    """Refused unless a sum or product has integer ends and is not shorter than empty."""
    lower, upper = binder.children[2:]
    if not covers(lower, upper, chart):
        raise Refused(
            f"The range from '{plain(lower)}' to '{plain(upper)}' is not shown to have integer ends "
            f"with the upper one at least the lower one less 1."
        )


def nonzero(term: Term, chart: Chart) -> bool:
    """Whether a term is shown to vanish nowhere."""
    if term.op == "num":
        return term.value != 0
    if term.op == "mul":
        return all(nonzero(child, chart) for child in term.children)
    if term.op == "pow":
        return nonzero(term.children[0], chart)
    if term.op == "fn" and term.name == "exp":
        return True
    return positive(term, chart) or positive(-term, chart)


def regular(term: Term, chart: Chart, moving: frozenset[str] = frozenset()) -> bool:
    """Whether a term is shown to be defined at every point, and analytic in the symbols ``moving`` there.

    Fractional powers need a positive base, so that the same holds in a neighbourhood of every point; but where
    nothing moves and the exponent is a positive number, a nonnegative base will do. 0^0 is not defined.
    Abstract functions and statistics of random variables are defined, but nothing is known of how they
    depend on a moving symbol. What definitions hide is looked at too.
    """
    if moving:
        hidden = {n for n, d in chart.definitions.items() if n not in moving and moving & free_symbols(chart.expand(d))}
        if hidden & free_symbols(term):
            term = substitute(term, {n: chart.definitions[n] for n in hidden})
            return regular(term, chart, moving)
    if term.op in ("num", "sym"):
        return True
    if term.op == "const":
        return term.name != "oo"
    if term.op in ("add", "mul", "pow") and any(child.op in ("law", "eq", "draw") for child in term.children):
        return False  # there is no arithmetic of laws
    if term.op in ("add", "mul"):
        return all(regular(child, chart, moving) for child in term.children)
    if term.op == "pow":
        return _regular_power(term, chart, moving)
    if term.op == "fn":
        return _regular_function(term, chart, moving)
    if term.op in ("sum", "prod", "int", "sumset"):
        return _regular_binder(term, chart, moving)
    if term.op == "at":
        body, variable, value = term.children
        if body.op == "diff":
            return False  # substituting would give the same term again
        return regular(value, chart, moving) and regular(substitute(body, {variable.name: value}), chart, moving)
    if term.op == "law":
        return all(regular(child, chart, moving) for child in term.children)
    if term.op == "E":
        value, *draws = term.children
        return not draws and integrable(value) and regular(value, chart) and not moving & free_symbols(term)
    if term.op in ("given", "eq"):
        return not moving & free_symbols(term) and all(regular(child, chart) for child in term.children)
    return False


def _statistic(term: Term, chart: Chart, moving: frozenset[str]) -> bool:
    arguments = all(square_integrable(a) and regular(a, chart) for a in term.children)
    return arguments and not moving & free_symbols(term)


def _regular_power(term: Term, chart: Chart, moving: frozenset[str]) -> bool:
    base, exponent = term.children
    if not (regular(base, chart, moving) and regular(exponent, chart, moving)):
        return False
    if exponent.op == "num" and exponent.value.denominator == 1:
        return exponent.value > 0 or nonzero(base, chart)
    if integer(exponent, chart) and not moving & free_symbols(exponent):
        return positive(exponent, chart) or nonzero(base, chart)
    if positive(base, chart):
        return True
    root = exponent.op == "num" and exponent.value > 0 and not moving & free_symbols(base)
    return root and nonnegative(base, chart)


def _regular_function(term: Term, chart: Chart, moving: frozenset[str]) -> bool:
    declared = chart.functions.get(term.name)
    if declared is not None and declared.definition is not None and len(term.children) == len(declared.parameters):
        body = substitute(declared.definition, dict(zip(declared.parameters, term.children, strict=True)))
        return regular(body, chart, moving)
    if term.name in STATISTICS:
        return _statistic(term, chart, moving)
    if declared is not None or not named(term) or term.name in ROUGH:
        return not moving & free_symbols(term) and all(regular(child, chart) for child in term.children)
    if len(term.children) != 1 or not regular(term.children[0], chart, moving):
        return False
    return term.name in ANALYTIC or (term.name == "log" and positive(term.children[0], chart))


def named(term: Term) -> bool:
    """Whether an application is of a function that every chart knows, such as log."""
    return (term.name, len(term.children)) in BUILTIN


def _regular_binder(term: Term, chart: Chart, moving: frozenset[str]) -> bool:
    if hidden_in(term.children[1].name, term.children[0]):
        return False
    variable, body, within = inside(term, chart)
    if term.op == "sumset":
        return regular(body, within, moving)
    lower, upper = term.children[2:]
    if not (regular(lower, chart, moving) and regular(upper, chart, moving)):
        return False
    if term.op == "int":
        return nonnegative(upper - lower, chart) and regular(body, within, moving | {variable.name})
    if moving & (free_symbols(lower) | free_symbols(upper)) or not covers(lower, upper, chart):
        return False
    return nonnegative(lower - upper - ONE, chart) or regular(body, within, moving)  # of no terms, none is undefined


def require_regular(chart: Chart, *terms: Term) -> None:
    """Refused unless every term is shown to be defined at every admissible point."""
    for term in terms:
        if not regular(term, chart):
            raise Refused(f"'{plain(term)}' is not shown to be defined at every admissible point.")


def deterministic(term: Term) -> bool:
    """Whether a term is a number by its shape: symbols, numbers, named functions, statistics.

    A variance given a random variable, or given a value of one that may be random itself, is random.
    """
    if term.op == "E" or (term.op == "fn" and term.name in STATISTICS):
        conditions = [c for n in walk(term) if n.op == "given" for c in n.children[1:]]
        return all(c.op == "eq" and deterministic(c.children[1]) for c in conditions)
    if term.op == "fn":
        return named(term) and all(map(deterministic, term.children))
    if term.op in ("given", "law", "eq", "draw", "diff", "lim"):
        return False
    return all(map(deterministic, term.children))


def arithmetic(term: Term, chart: Chart, *, labelled: bool = False) -> bool:
    """Whether a term is computed from its symbols alone: no statistics, no random or abstract functions.

    With ``labelled``, abstract functions of labels (a policy, a reward) count too: they have a table of values.
    """
    labels = {name for name, domain in chart.domains.items() if domain.kind == "label"}
    for node in walk(chart.expand(term)):
        if node.op in ("given", "law", "E", "eq", "draw"):
            return False
        if node.op == "sumset":
            labels.add(node.children[1].name)
        if node.op == "fn" and not named(node):
            table = node.name in chart.functions and all(a.op == "sym" and a.name in labels for a in node.children)
            if not (labelled and table):
                return False
    return True


def square_integrable(term: Term) -> bool:
    """Whether a term is, by its shape, affine in members of random families, so that it has a variance."""
    if deterministic(term):
        return True
    if term.op == "fn":
        return not named(term) and all(map(deterministic, term.children))
    if term.op == "add":
        return all(map(square_integrable, term.children))
    if term.op == "mul":
        random = [child for child in term.children if not deterministic(child)]
        return len(random) == 1 and square_integrable(random[0])
    if term.op == "E":  # a mean given something random, whose square has at most the mean of the square
        return len(term.children) == 1 and square_integrable(term.children[0])
    return term.op == "given" and square_integrable(term.children[0])


def integrable(term: Term) -> bool:
    """Whether a term has a mean by its shape: a sum of multiples of square integrable terms, their squares, and
    conditional moments of these."""
    if square_integrable(term):
        return True
    if term.op == "add":
        return all(map(integrable, term.children))
    if term.op == "mul":
        random = [child for child in term.children if not deterministic(child)]
        return len(random) == 1 and integrable(random[0])
    if term.op == "pow":
        return term.children[1] == TWO and square_integrable(term.children[0])
    if term.op == "fn" and term.name == "Var":
        return square_integrable(term.children[0])
    return term.op in ("given", "E") and len(term.children) > 0 and integrable(term.children[0])


def require_deterministic(*terms: Term) -> None:
    """Refused unless every term is a number by its shape."""
    for term in terms:
        if not deterministic(term):
            raise Refused(f"'{plain(term)}' is not a number by its shape; a random variable may hide in it.")
