"""Universal claims at particular values, and claims carried to another chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from derive.errors import Refused
from derive.kernel.chart import Chart, Condition, Domain
from derive.kernel.equality import decide
from derive.kernel.fact import Conclusion, Fact, rule
from derive.kernel.positivity import nonnegative, positive
from derive.kernel.rules.numbers import require_number
from derive.kernel.rules.scope import integer, named, require_regular
from derive.kernel.term import BINDERS, Term, free_symbols, hidden_in, plain, substitute, sym, walk


@rule
def instantiate(fact: Fact, values: Mapping[str, Term], chart: Chart | None = None) -> Conclusion:
    r"""A claim for all values of its symbols, at particular ones::

        P(k) for k in D    value in D
        ─────────────────────────────  instantiate
        P(value)

    ``chart`` is where the conclusion holds (default: that of the fact). A symbol without a value keeps its
    name, and lies in its old domain in the new chart too. Where definitions mention a symbol that gets a
    value, or differ between the charts, they are expanded first.

    Fails unless every value is shown to lie in its domain and every condition to hold; ``≠`` is not universal,
    the symbol of a limit has no values, and a supposition fixes symbols; no function in the claim is named after a
    symbol that gets a value, and nothing random is put where something moves. A claim about laws or moments takes
    numbers only.

    Example: ``instantiate(law_of_X_k, {"k": T})`` where :math:`0 \le k \le T`.
    """
    claim, old = fact.claim, fact.chart
    new = old if chart is None else chart
    _require_free(fact, values, new)
    if claim.kind in ("∼", "⊥") or any(map(_of_probability, claim.terms)):
        # Var(c A) = c^2 Var(A) holds for every number c, and not for a random one.
        require_number(new, *(v for n, v in values.items() if old.domains[n].kind != "label"))
    require_regular(new, *values.values())
    _require_seen(fact, values, new)
    expand = not _same_definitions(old, new, values)

    def place(term: Term) -> Term:
        return substitute(old.expand(term) if expand else term, values)

    for name in old.definitions:
        if expand or name not in new.definitions:
            require_regular(new, place(sym(name)))
    for name, domain in old.domains.items():
        _require_in_domain(name, place(sym(name)), domain, place, old, new)
    for condition in old.conditions:
        _require_condition(condition, place, new)
    return Conclusion(claim.change(place, new))


def _require_seen(fact: Fact, values: Mapping[str, Term], new: Chart) -> None:
    """Refused where the claim depends on a symbol in a way that putting in values does not show."""
    claim, old = fact.claim, fact.chart
    for name in values:
        if any(hidden_in(name, old.expand(t)) for t in claim.terms):
            raise Refused(f"A function in '{claim}' is named after '{name}' and may depend on it; it has no values.")
    nodes = [node for t in claim.terms for node in walk(old.expand(t))]
    moving = {node.children[1].name for node in nodes if node.op in ("diff", "lim") and node.children[1].op == "sym"}
    moving |= set() if claim.limit is None else {claim.limit.symbol}
    for symbol in sorted(moving):
        for name, value in values.items():
            if name != symbol and _may_move(new.expand(value), symbol, new):
                raise Refused(f"'{plain(value)}' for '{name}' may change as '{symbol}' moves.")
    for symbol in sorted({node.children[1].name for node in nodes if node.op in BINDERS}):
        if any(hidden_in(symbol, new.expand(value)) for value in values.values()):
            raise Refused(f"A value is named after '{symbol}', which '{claim}' binds.")
    for symbol in sorted({node.children[1].name for node in nodes if node.op == "lim"}):
        domain = old.domains.get(symbol)
        ends = () if domain is None else tuple(b.value for b in (domain.lower, domain.upper) if b is not None)
        tied = frozenset().union(*(free_symbols(old.expand(end)) for end in ends)) & values.keys()
        captured = any(symbol in free_symbols(new.expand(v)) for v in values.values())
        if new.domains.get(symbol) != domain or tied or captured:
            raise Refused(f"The limits in '{claim}' are taken over the range of '{symbol}', which must stay the same.")


def _may_move(value: Term, symbol: str, chart: Chart) -> bool:
    """Whether a value may depend on a symbol that it does not show: as random variables do, and what is named so."""
    return hidden_in(symbol, value) or any(
        node.op in ("E", "given", "law", "draw")
        or (node.op == "fn" and not named(node) and node.name not in chart.functions)
        for node in walk(value)
    )


def _of_probability(term: Term) -> bool:
    return any(n.op in ("law", "E", "given") or (n.op == "fn" and n.name in ("Var", "Cov")) for n in walk(term))


def _require_free(fact: Fact, values: Mapping[str, Term], new: Chart) -> None:
    claim, old = fact.claim, fact.chart
    if claim.kind == "≠":
        raise Refused(f"'{claim}' holds at a witness only; it has no instances.")
    if old.closed != new.closed:
        raise Refused("One of the charts is closed and the other is open, so a claim cannot be carried over.")
    for name in sorted(values.keys() - old.domains.keys()):
        raise Refused(f"'{name}' is no declared symbol of '{claim}', so it cannot be given a value.")
    for name in sorted(values.keys() & old.definitions.keys()):
        raise Refused(f"'{name}' is defined; give a value to the symbols that define it.")
    for supposed in fact.supposed:
        there = supposed.fixed <= new.domains.keys() - new.definitions.keys()
        if supposed.fixed & values.keys() or not (old == new or there):
            raise Refused(f"The supposition '{supposed}' fixes its symbols; discharge it first.")
    for name in sorted(fact.parameters):
        if name in values or name not in new.domains or name in new.definitions:
            raise Refused(f"'{name}' is a parameter of a premise of '{claim}', so it keeps its name and gets no value.")
    if claim.limit is not None:
        moving = claim.limit.symbol
        if moving in values or any(moving in free_symbols(new.expand(v)) for v in values.values()):
            raise Refused(f"'{moving}' moves in '{claim}', so no value may replace or contain it.")
        if new.domains.get(moving) != old.domains.get(moving):
            raise Refused(f"'{moving}' moves in '{claim}' and must be declared in the same way in both charts.")


def _same_definitions(old: Chart, new: Chart, values: Mapping[str, Term]) -> bool:
    """Whether definitions mean the same in both charts; Refused where a function's declaration differs."""
    same = True
    for name, definition in old.definitions.items():
        touched = free_symbols(old.expand(definition)) & values.keys()
        same = same and new.definitions.get(name) == definition and not touched
    for name, function in old.functions.items():
        if function.definition is None:
            if new.functions.get(name) != function:
                raise Refused(f"The function '{name}' is declared differently in the two charts.")
            continue
        touched = (free_symbols(old.expand(function.definition)) - set(function.parameters)) & values.keys()
        same = same and new.functions.get(name) == function and not touched
    return same


def _require_in_domain(
    name: str, value: Term, domain: Domain, place: Callable[[Term], Term], old: Chart, new: Chart
) -> None:
    kept = value == sym(name) and name in new.domains and (name in old.definitions) == (name in new.definitions)
    bounds = [None if b is None else (place(b.value), b.strict) for b in (domain.lower, domain.upper)]
    if kept:
        there = new.domains[name]
        if there.kind == domain.kind and bounds == [
            None if b is None else (b.value, b.strict) for b in (there.lower, there.upper)
        ]:
            return
    if domain.kind == "label" and not (value.op == "sym" and new.domains.get(value.name) == domain):
        raise Refused(f"'{plain(value)}' is no label, as '{name}' must be.")
    if domain.kind == "integer" and not integer(value, new):
        raise Refused(f"'{plain(value)}' is not shown to be an integer, as '{name}' must be.")
    for bound, sign in zip(bounds, (1, -1), strict=True):
        if bound is None:
            continue
        end, strict = bound
        require_regular(new, end)
        distance = value - end if sign == 1 else end - value
        if not (positive(distance, new) if strict else nonnegative(distance, new)):
            side = "above" if sign == 1 else "below"
            raise Refused(f"'{plain(value)}' for '{name}' is not shown to lie {side} '{plain(end)}'.")


def _require_condition(condition: Condition, place: Callable[[Term], Term], new: Chart) -> None:
    placed = Condition(condition.order, place(condition.left), place(condition.right))
    if placed in new.conditions:
        return
    require_regular(new, placed.left, placed.right)
    difference = placed.right - placed.left
    if placed.order == "=":
        holds = decide(placed.left, placed.right, new).verdict is True
    elif placed.order == "!=":
        holds = positive(difference, new) or positive(-difference, new)
    else:
        holds = positive(difference, new) if placed.order == "<" else nonnegative(difference, new)
    if not holds:
        text = f"{plain(placed.left)} {placed.order} {plain(placed.right)}"
        raise Refused(f"The condition '{text}' is not shown to hold in the new chart.")
