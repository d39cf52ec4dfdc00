r"""How a derivation is told: claims, declarations and steps as LaTeX, as a mathematician would write them.

Steps that only simplify what the step before gave are told together with it, and an equation is not turned round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Final

from derive.chain import Chain, Step
from derive.kernel.chart import Chart, Condition, Domain, Function
from derive.kernel.fact import Claim, Fact
from derive.kernel.term import (
    MINUS_ONE,
    ONE,
    ZERO,
    Term,
    add,
    fn,
    free_symbols,
    function_names,
    mul,
    num,
    power,
    rebuild,
    substitute,
    sym,
    walk,
)
from derive.latex.printer import latex

SIGNS: Final = {"=": "=", "≠": r"\ne", "<": "<", "≤": r"\le", "→": r"\to", "∼": r"\sim", "≈": r"\approx", "⊥": r"\perp"}
ORDERS: Final = {"=": "=", "!=": r"\ne", "<": "<", "<=": r"\le"}
KINDS: Final = {"integer": r"\text{ an integer}", "label": r"\text{ a member of a finite set}"}
TIDYING: Final = "restate"
"""The rule whose steps are told together with the step that they follow."""
TURNING: Final = "symmetric"
"""The rule whose steps are not told: whoever uses an equation reads it in either direction."""


@dataclass(frozen=True)
class ToldStep:
    """A step: its claim, what is declared for it alone, rules, reason, the steps it uses, and its result name."""

    number: int
    latex: str
    where: tuple[str, ...]
    rule: str
    reason: str
    uses: tuple[int, ...]
    result: str | None


@dataclass(frozen=True)
class Told:
    """A derivation told: the declarations, the premises, and the steps."""

    symbols: tuple[str, ...]
    assumptions: tuple[str, ...]
    steps: tuple[ToldStep, ...]
    results: tuple[tuple[str, str], ...]


def tell(chain: Chain) -> Told:
    """The derivation in LaTeX, without dollar signs; reasons and rules are plain text."""
    writer = Writer(chain)
    results = tuple((name, writer.claim(fact.claim)) for name, fact in chain.results.items())
    assumptions = tuple(
        ", ".join((writer.claim(claim), *writer.declarations(claim.chart, chain.chart, claim.terms)))
        for claim in chain.givens
    )
    return Told(writer.declarations(chain.chart), assumptions, tuple(writer.steps()), results)


class Writer:
    """Writes the claims of one derivation, all with the same names for functions and sets."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        facts = [step.fact for step in chain.steps]
        terms = [(term, fact.chart) for fact in facts for term in fact.claim.terms]
        charts = {id(fact.chart): fact.chart for fact in facts}.values()
        self.used = set().union(*(_reached(fact.chart, fact.claim.terms)[1] for fact in facts))
        functions = [item for chart in charts for item in chart.functions.items() if item[0] in self.used]
        terms += [(f.definition, chain.chart) for _, f in functions if f.definition is not None]
        self.conditional = {name for name, f in functions if f.range == "probability" and len(f.parameters) > 1}
        self.sets = {node.children[2].name for term, _ in terms for node in walk(term) if node.op == "sumset"}
        self.heads = _called(terms)
        if not any(r"\sigma" in chart.domains or r"\sigma" in chart.functions for chart in charts):
            self.heads["logistic"] = r"\sigma"

    def term(self, term: Term) -> str:
        """One term, without the zeros and ones that substituting left in it."""
        return latex(tidied(term), heads=self.heads, conditional=self.conditional)

    def claim(self, claim: Claim) -> str:
        """The relation; a limit names what moves, an approximation its relative error."""
        text = f"{self.term(claim.left)} {SIGNS[claim.kind]} {self.term(claim.right)}"
        if claim.limit is not None:
            how = r"\text{ in law}" if claim.right.op == "law" else ""
            text += rf" \quad ({claim.limit.symbol} \to {self.term(claim.limit.point)}{how})"
        if claim.bound is not None:
            text += rf" \quad (\text{{relative error at most }} {self.term(claim.bound)})"
        return text

    # -- declarations ---------------------------------------------------------------------------
    def declarations(
        self, chart: Chart, known: Chart | None = None, about: Iterable[Term] | None = None
    ) -> tuple[str, ...]:
        """What a chart declares and ``known`` does not, of all symbols or of those that ``about`` mentions."""
        wanted, called = (None, self.used) if about is None else _reached(chart, about)
        lines = [
            f"{name} := {self.term(value)}"
            for name, value in chart.definitions.items()
            if (wanted is None or name in wanted) and (known is None or known.definitions.get(name) != value)
        ]
        lines += [
            self._domain(name, domain)
            for name, domain in chart.domains.items()
            if name not in chart.definitions
            and (wanted is None or name in wanted)
            and (known is None or known.domains.get(name) != domain)
        ]
        lines += [
            self._function(name, function)
            for name, function in chart.functions.items()
            if name in called and (known is None or known.functions.get(name) != function)
        ]
        return (*lines, *(self._condition(c) for c in chart.conditions if known is None or c not in known.conditions))

    def _domain(self, name: str, domain: Domain) -> str:
        r"""``0 \le k \le T\text{ an integer}``; ``\sigma > 0`` where there is one end only."""
        if name in self.sets:
            return rf"{name}\text{{ a finite set}}"
        low, high = domain.lower, domain.upper
        text = name
        if low is not None and high is None:
            text = " ".join((name, ">" if low.strict else r"\ge", self.term(low.value)))
        elif low is not None:
            text = " ".join((self.term(low.value), "<" if low.strict else r"\le", name))
        if high is not None:
            text += " ".join(("", "<" if high.strict else r"\le", self.term(high.value)))
        if text == name and domain.kind == "real":
            return rf"{name} \in \mathbb R"
        return text + KINDS.get(domain.kind, "")

    def _function(self, name: str, function: Function) -> str:
        shown = {p: sym(p.removesuffix("_0")) for p in function.parameters}
        applied = self.term(fn(name, *shown.values()))
        if function.definition is not None:
            return f"{applied} := {self.term(substitute(function.definition, shown))}"
        if function.range == "probability":
            return rf"{applied} > 0 \text{{ with sum }} 1 \text{{ over }} {shown[function.parameters[0]].name}"
        return f"{applied} > 0" if function.range == "positive" else rf"{applied} \in \mathbb R"

    def lasting(self, chart: Chart, lines: Iterable[str]) -> set[str]:
        """Of declarations those that need not be repeated: not what a letter ranges over, nor a condition."""
        passing = {self._condition(condition) for condition in chart.conditions}
        passing |= {self._domain(name, domain) for name, domain in chart.domains.items()}
        return set(lines) - passing

    def _condition(self, condition: Condition) -> str:
        return f"{self.term(condition.left)} {ORDERS[condition.order]} {self.term(condition.right)}"

    # -- steps ----------------------------------------------------------------------------------
    def steps(self) -> list[ToldStep]:
        """The steps, numbered; what only tidies up is told with the step before."""
        merged = _merged(self.chain.steps)
        numbers: dict[Fact, int] = {}
        told: list[ToldStep] = []
        known: set[str] = set()
        for number, group in enumerate(merged, 1):
            last = group[-1]
            numbers[last.fact] = number
            premises = {p for step in group for p in step.fact.record.premises} - {step.fact for step in group}
            uses = sorted({n for p in premises for n in _numbered(p, numbers)})
            told_as = [s for s in group if s.rule != TIDYING] or [last]
            lines = self.declarations(last.fact.chart, self.chain.chart, last.fact.claim.terms)
            where = tuple(line for line in lines if line not in known)
            known.update(self.lasting(last.fact.chart, lines))
            rule = ", ".join(s.rule for s in told_as).replace("_", " ")
            reason = "; ".join(s.reason for s in told_as)
            told.append(ToldStep(number, self.claim(last.fact.claim), where, rule, reason, tuple(uses), last.name))
        return told


def tidied(node: Term) -> Term:
    """The term with its numerals taken together and those that change nothing left out, as one writes it down."""
    node = rebuild(node, tidied)
    if node.op == "add":
        return _tidied_sum(node)
    if node.op == "mul":
        return _tidied_product(node)
    if node.op == "pow" and (
        node.children[1] == ONE or node.children[0] in (ZERO, ONE) and node.children[1].op == "num"
    ):
        return node.children[0]
    return node


def _tidied_sum(node: Term) -> Term:
    numbers = [c.value for c in node.children if c.op == "num"]
    others = [c for c in node.children if c.op != "num"]
    total = num(sum(numbers, Fraction(0)))
    if not others or total == ZERO:
        return add(*others) if others else total
    return add(total, *others) if node.children[0].op == "num" else add(*others, total)


def _tidied_product(node: Term) -> Term:
    number = prod((c.value for c in node.children if c.op == "num"), start=Fraction(1))
    others = [c for c in node.children if c.op != "num"]
    below = [i for i, c in enumerate(others) if c.op == "pow" and c.children[1] == MINUS_ONE]
    constants = [c.children[0].value for c in others if _is_reciprocal_number(c)]
    if number == 0:
        return ZERO
    if below:  # a fraction in front joins the fraction that follows
        constants.append(Fraction(number.denominator))
        number = Fraction(number.numerator)
    first = [c for c in others[: below[0] if below else 0] if not _is_reciprocal_number(c)]
    rest = [c for c in others[below[0] if below else 0 :] if not _is_reciprocal_number(c)]
    bottom = prod(constants, start=Fraction(1))
    parts = [num(number)] if number != 1 else []
    parts += [*first, *([power(num(bottom), MINUS_ONE)] if bottom != 1 else []), *rest]
    return mul(*parts) if parts else ONE


def _is_reciprocal_number(node: Term) -> bool:
    return node.op == "pow" and node.children[1] == MINUS_ONE and node.children[0].op == "num"


def _merged(steps: tuple[Step, ...]) -> list[list[Step]]:
    """Steps in groups: a step that tidies up joins the one before, if nothing else uses that."""
    steps = tuple(step for step in steps if step.rule != TURNING or step.name is not None)
    numbers = {step.fact: i for i, step in enumerate(steps)}
    users: dict[int, set[int]] = {}
    for i, step in enumerate(steps):
        for premise in step.fact.record.premises:
            for n in _numbered(premise, numbers):
                users.setdefault(n, set()).add(i)
    groups: dict[int, list[Step]] = {}
    for i, step in enumerate(steps):
        before = {n for p in step.fact.record.premises for n in _numbered(p, numbers)}
        first = min(before, default=-1)
        if step.rule == TIDYING and first in groups and users[first] == {i} and _may_join(steps[first]):
            groups[i] = [*groups.pop(first), step]
        else:
            groups[i] = [step]
    return [groups[i] for i in sorted(groups)]


def _may_join(step: Step) -> bool:
    """Results and premises are told as they are stated."""
    return step.name is None and step.rule not in ("given", "suppose", "named_axiom")


def _numbered(fact: Fact, numbers: Mapping[Fact, int]) -> set[int]:
    """The numbers of the steps that a premise is, or is made from between the steps."""
    if fact in numbers:
        return {numbers[fact]}
    return {n for p in fact.record.premises for n in _numbered(p, numbers)}


def _reached(chart: Chart, terms: Iterable[Term]) -> tuple[set[str], set[str]]:
    """The symbols and the functions of the terms, and those that their definitions mention."""
    symbols: set[str] = set()
    functions: set[str] = set()
    waiting = list(terms)
    while waiting:
        term = waiting.pop()
        new_symbols, new_functions = free_symbols(term) - symbols, function_names(term) - functions
        symbols |= new_symbols
        functions |= new_functions
        waiting += [chart.definitions[name] for name in new_symbols & chart.definitions.keys()]
        bodies = (chart.functions[name].definition for name in new_functions & chart.functions.keys())
        waiting += [body for body in bodies if body is not None]
    return symbols, functions


def _called(terms: Iterable[tuple[Term, Chart]]) -> dict[str, str]:
    """Functions of one argument that are written with brackets: of a label, of a real number, or in an index."""
    heads: dict[str, str] = {}
    for term, chart in terms:
        labels = {n.children[1].name for n in walk(term) if n.op == "sumset"}
        labels |= {name for name, domain in chart.domains.items() if domain.kind == "label"}
        for node in walk(term):
            if node.op != "fn" or node.name not in chart.functions or len(node.children) != 1:
                continue
            argument = node.children[0]
            if argument.op == "sym" and (argument.name in labels or _is_real(argument, chart)):
                heads[node.name] = node.name
            if argument.op == "fn" and argument.name in chart.functions and len(argument.children) == 1:
                heads[argument.name] = argument.name
    return heads


def _is_real(symbol: Term, chart: Chart) -> bool:
    domain = chart.domains.get(symbol.name)
    return domain is not None and domain.kind == "real" and symbol.name not in chart.definitions
