"""The context of a part: what the problem gives, what is proved, and what the writer has introduced so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from derive.kernel.chart import RESERVED, Chart, Function
from derive.kernel.term import (
    ONE,
    ZERO,
    Term,
    bind,
    bound_symbols,
    fn,
    free_symbols,
    function_names,
    rebuild,
    substitute,
    sym,
    walk,
)
from derive.latex.shapes import STRUCTURES
from derive.theory.model import Theory
from grading.assignment import Given, PartSpec
from grading.judge.cases import written_out
from grading.judge.laws.randomness import Randomness, Rule, fixed_condition
from grading.judge.laws.samples import samples
from grading.judge.match import match, same
from grading.judge.meaning import Meaning, slopes
from grading.judge.scalar import Scalars
from grading.read.document import Relation
from grading.result import Premise

UNSAID: Final = sym("?")
"""The range of a sum that a formula does not state."""
Reading = Callable[[Term], Term]


@dataclass(frozen=True)
class Defined:
    """A symbol or family that the writer introduced."""

    name: str
    parameters: tuple[str, ...]
    value: Term


@dataclass
class Earlier:
    """What a writer has left behind in the parts before: definitions, and values that were refuted."""

    definitions: list[Defined] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)


@dataclass(frozen=True)
class Carried:
    """A false value of a quantity, which a writer may go on with: ``rule`` replaces the quantity by it."""

    rule: Rule
    latex: str
    line: int
    law: bool = False


@dataclass
class Context:
    """What is known while a part is judged; it grows from relation to relation.

    ``problem`` holds the problem's premises, ``writer`` (if not None) the writer's own instead. ``seen`` are the
    symbols and families met so far.
    """

    spec: PartSpec
    problem: Randomness
    writer: Randomness | None = None
    premises: list[Premise] = field(default_factory=list)
    definitions: list[Defined] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    ranges: dict[str, tuple[Term, Term]] = field(default_factory=dict)
    answers: dict[tuple[str, str, Term | None], bool] = field(default_factory=dict)
    """Which sides are found to state what the part asks, once all its relations are judged."""
    varies: Term | None = None
    """The variable as a function of which the chain at hand is proportional."""
    stationary: bool = False
    """Whether the writer has set a derivative to zero, so that what follows is about the solution."""
    relations: tuple[Relation, ...] = ()
    """All relations of the part."""
    values: dict[str, Term] = field(default_factory=dict)
    """Letters that stand for the value of a random variable, as y in X | Y = y."""
    _chart: tuple[int, Chart, Chart] | None = None

    @property
    def theory(self) -> Theory:
        """The part's theory."""
        return self.spec.theory

    def chart(self) -> Chart:
        """The theory's chart with the writer's definitions in force."""
        # Random variables stand for arbitrary numbers here: relation.py takes no refutation that rests on several.
        key = (len(self.definitions), self.problem.chart)
        if self._chart is None or self._chart[0] != key[0] or self._chart[1] is not key[1]:
            extended = self.problem.chart.extend(
                definitions={d.name: d.value for d in self.definitions if not d.parameters},
                functions={d.name: Function(d.parameters, d.value) for d in self.definitions if d.parameters},
            )
            self._chart = *key, extended
        return self._chart[2]

    def meaning(self) -> Meaning:
        """What notation says here."""
        return Meaning(self.chart(), self.theory.members, self.problem.families, self.theory.indices)

    def unfolded(self, root: Term) -> Term:
        """A term with the writer's definitions written out, the theory's symbols kept."""
        return unfolded(root, self.definitions)

    def spelled(self, root: Term) -> Term:
        """A term in which the writer's letters for random quantities, for the indices of random variables, and for
        functions of what a sum or mean runs over are written out."""
        return self._indexed(self.captured(self._in_random(root)))

    def _in_random(self, root: Term) -> Term:
        def random(side: Term) -> bool:
            return any(self.problem.is_random(n) for n in walk(side))

        return self.unfolded(root) if random(root) or random(self.unfolded(root)) else root

    def _indexed(self, root: Term) -> Term:
        node = rebuild(root, self._indexed)
        if node.op != "fn" or not self.problem.is_random(node):
            return node
        return fn(node.name, *map(self._index, node.children))

    def _index(self, index: Term) -> Term:
        index, chart = self.unfolded(index), self.chart()
        if index.op in ("sym", "num"):
            return index
        return next((end for end in (ZERO, ONE) if same(index, end, chart)), index)

    def captured(self, root: Term) -> Term:
        r"""A term in which a letter that stands for a function of what a sum, integral or mean runs over is written
        out there: after 'let :math:`u = f(y)`', :math:`E_{y \sim p}[u]` is :math:`E_{y \sim p}[f(y)]`."""
        node = rebuild(root, self.captured)
        drawn = (free_symbols(d.children[0]) for d in node.children[1:]) if node.op == "E" else ()
        running = frozenset(v.name for v in bound_symbols(node)).union(*drawn)
        if not running:
            return node
        for d in self.definitions:
            whole = self.unfolded(d.value)
            if not d.parameters and d.name not in running and free_symbols(whole) & running:
                node = _written(node, sym(d.name), whole)
        return node

    def scalars(self) -> Scalars:
        """The judge of scalar relations in this context."""
        regime = self.spec.regime
        return Scalars(self.chart(), regime if regime.orders or regime.limits else None)

    def readings(self) -> tuple[Reading, ...]:
        """The ways in which this part writes its families: renamed as the part declares first, then as written."""
        recipe = self.spec.recipe
        plain: Reading = (lambda t: t) if recipe is None else lambda t: samples(t, recipe, self.theory.indices)
        return (lambda t: rename(plain(t), self.spec.also), plain) if self.spec.also else (plain,)

    def ranged(self, root: Term) -> Term:
        r"""Sums without limits (:math:`\sum_i`) with those of the sum or product over that letter before, else over
        all values of a declared integer."""
        node = rebuild(root, self.ranged)
        if node.op == "sumset" and node.children[2] == UNSAID:
            body, index, _ = node.children
            domain = self.theory.chart.domains.get(index.name)
            if index.name in self.ranges:
                node = bind("sum", body, index, *self.ranges[index.name])
            elif domain is not None and domain.kind == "integer" and domain.lower and domain.upper:
                node = bind("sum", body, index, domain.lower.value, domain.upper.value)
        return written_out(node)

    def valued(self, root: Term) -> Term:
        r"""The random variable itself for a letter that a condition (:math:`X \mid Y = y`) gives to its value."""
        for node in walk(root):
            if node.op == "eq" and node.children[1].op == "sym" and self.problem.is_random(node.children[0]):
                variable, value = node.children
                if value.name in self.undeclared(value):
                    self.values[value.name] = variable
        return _unconditioned(substitute(root, self.values)) if self.values else root

    def note_ranges(self, root: Term) -> None:
        """Remember over what the sums and products of a side run, by letter."""
        for node in walk(root):
            if node.op in ("sum", "prod"):
                self.ranges[node.children[1].name] = (node.children[2], node.children[3])

    def define(self, defined: Defined) -> None:
        """Put a writer's definition in force."""
        self.definitions.append(defined)

    def assume(self, subject: Term, law: Term, premise: Premise) -> None:
        """Let the writer start from another law than the problem's."""
        base = self.writer if self.writer is not None else self.problem
        self.writer = base.assume(subject, law, "the writer's premise")
        self.premises.append(premise)

    def redefine_noise(self, member: Term, law: Term) -> None:
        """Let the writer's own noise have its own law, for every index of the family; one that is new is random."""
        self.problem = self.problem.with_noise(member, law)
        if self.writer is not None:
            self.writer = self.writer.with_noise(member, law)

    def restore_premises(self) -> None:
        """The writer states the problem's premise after all, so that what follows starts from it."""
        self.writer = None

    def premise_for(self, subject: Term) -> Given | None:
        """The problem's premise about this random variable, if it states one."""
        chart = self.chart()
        for premise in self.spec.premises:
            if premise.kind == "∼" and match(premise.left, subject, frozenset(), chart) is not None:
                return premise
        return None

    def undeclared(self, root: Term) -> list[str]:
        """Symbols and families that neither the problem nor the writer has introduced."""
        return self.new(root) if self.chart().closed else []

    def new(self, root: Term) -> list[str]:
        """Symbols and families that are neither declared nor defined nor (where all are allowed) met before."""
        chart = self.chart()
        known = set(chart.domains) | set(chart.definitions) | set(self.theory.terms) | self.theory.noise
        if self.theory.members is not None:
            known |= set(chart.functions)  # a policy may be named without its arguments
        families = set(chart.functions) | self.problem.families | RESERVED | STRUCTURES
        if not chart.closed:
            known |= self.seen
            families |= self.seen
        root = _spoken(root)
        missing = sorted(free_symbols(root) - known - {s for s in free_symbols(root) if s.startswith("?")})
        called = {n.name for n in walk(root) if n.op == "fn"} - {"O"}
        return missing + sorted(called - families)


def unfolded(root: Term, definitions: Sequence[Defined]) -> Term:
    """A term with these definitions written out."""
    own = Chart(
        definitions={d.name: d.value for d in definitions if not d.parameters},
        functions={d.name: Function(d.parameters, d.value) for d in definitions if d.parameters},
    )
    return own.expand(root)


def _written(root: Term, letter: Term, value: Term) -> Term:
    return value if root == letter else rebuild(root, lambda child: _written(child, letter, value))


def _unconditioned(root: Term) -> Term:
    node = rebuild(root, _unconditioned)
    return node.children[0] if node.op == "eq" and node.children[0] == node.children[1] else node


def with_numbers(theory: Theory) -> Chart:
    """The theory's chart in which each random variable is some number, its definitions written out."""
    chart = theory.chart.extend(
        functions={name: Function(("i",)) for name in theory.random} | dict(slopes(theory.chart))
    )
    if theory.members is None:
        return chart
    meaning = Meaning(chart, theory.members, theory.random)
    written = {
        n: replace(f, definition=meaning.of(meaning.calls(f.definition)))
        for n, f in chart.functions.items()
        if f.definition is not None
    }
    return chart.extend(functions=written)


def open_context(spec: PartSpec, earlier: Earlier | None = None) -> Context:
    """The context at the start of a part: the problem's premises, the proved facts, what was written before."""
    fixed = frozenset(spec.theory.chart.domains) | frozenset(spec.theory.chart.definitions)
    fixed -= spec.theory.indices
    equalities: list[Rule] = []
    laws: list[Rule] = []
    structure: list[Rule] = []
    for premise in spec.premises:
        rule = Rule(premise.left, premise.right, frozenset(), "the problem's premise")
        every = replace(rule, universal=free_symbols(premise.left) & spec.theory.indices)
        if not spec.independent and not _feeds_itself(every):
            rule = every
        made = spec.independent and premise.left.op in ("fn", "sym") and premise.left.name in spec.theory.random
        (laws if premise.kind == "∼" else structure if made else equalities).append(rule)
    for source in spec.facts:
        for kind, left, right in proved(source):
            rule = Rule(fixed_condition(left), right, free_symbols(left) - fixed, source)
            if kind == "∼":
                laws.append(Rule(left, right, rule.universal, source))
            elif kind == "=" and left.op in ("fn", "E") and not _feeds_itself(rule):
                equalities.append(rule)
    for stated in spec.given:
        if stated.kind == "∼" and stated.left.op == "fn" and stated.left.name in spec.theory.noise:
            laws.append(Rule(stated.left, stated.right, spec.theory.indices, "the problem"))
    known = Randomness(
        with_numbers(spec.theory),
        spec.theory.random,
        tuple(equalities),
        tuple(laws),
        spec.theory.ranges,
        spec.theory.noise,
        spec.independent,
        tuple(structure),
    )
    before = earlier or Earlier()
    calls = Meaning(known.chart, spec.theory.members, known.families).calls
    asks = tuple(replace(a, quantity=calls(a.quantity), also=tuple(map(calls, a.also))) for a in spec.asks)
    given = tuple(replace(g, left=calls(g.left), right=calls(g.right)) for g in spec.given)
    spec = replace(spec, asks=asks, given=given)
    return Context(spec, known, definitions=list(before.definitions), carried=list(before.carried))


def _feeds_itself(rule: Rule) -> bool:
    """Whether a rule about all members of a family (each by the one before) would be applied without end."""
    return bool(rule.universal) and rule.left.op == "fn" and rule.left.name in function_names(rule.right)


@lru_cache(maxsize=256)
def proved(source: str) -> tuple[tuple[str, Term, Term], ...]:
    """The claims of a derivation of the catalogue, proved here and now by the kernel."""
    from derive import catalogue  # loads the rules and derivations, which a bare formula does not need

    return tuple((f.claim.kind, f.claim.left, f.claim.right) for f in catalogue.load(source).facts())


def _spoken(root: Term) -> Term:
    """A side without the marks of an optimisation: what it is over, and over which set, need not be declared."""
    if root.op == "fn" and root.name.endswith(" over"):
        return _spoken(root.children[0])
    return rebuild(root, _spoken)


def rename(root: Term, also: Mapping[str, str]) -> Term:
    """Families renamed as a part declares."""
    node = rebuild(root, lambda child: rename(child, also))
    if node.op == "fn" and node.name in also:
        return Term("fn", (also[node.name], *node.children))
    return node
