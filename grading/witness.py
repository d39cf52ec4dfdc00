r"""Proof and simulation of one derivation, side by side: the only place where the two meet.

The twin simulates the process at its default parameters; the exact formula of the derivation is enclosed at
the same values, and the distance is counted in standard errors. A result that lies more than five away is
contradicted. At the fewest paths accepted a right result is contradicted less than once in 100,000 times.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import partial
from typing import Any, Final, TypeAlias

from derive import catalogue
from derive.catalogue import Derivation
from derive.errors import DeriveError
from derive.kernel.balls import Instance, NotEnclosed, enclose
from derive.kernel.chart import Chart
from derive.kernel.term import Term, add, num, rebuild
from derive.theory import Theory, theory
from numeric import catalogue as twins
from numeric.domains import integer
from numeric.engine.blocks import LIMIT
from numeric.engine.moments import Estimate
from numeric.engine.workers import Interrupted, Progress
from numeric.power import FEWEST_PATHS, REJECTION, z_score

VerifyProgress: TypeAlias = Callable[[str, int, int, Mapping[str, Estimate]], None]
"""Called with the ID of the derivation, the paths done and asked for, and the estimates so far."""

PATHS: Final = 1 << 18
BITS: Final = 128
NEGLIGIBLE: Final = 1e-3
"""An enclosure is sharp enough when it is this many standard errors wide."""


@dataclass(frozen=True)
class Check:
    """One quantity: what was estimated, what is proved, and their distance in standard errors."""

    name: str
    paths: int
    estimate: float
    se: float
    expected: float
    z: float

    @property
    def contradicted(self) -> bool:
        """Whether the simulation rejects the proved value."""
        return abs(self.z) > REJECTION


@dataclass(frozen=True)
class TwinReport:
    """What the twin of a derivation says; without checks, ``absent_reason`` says why there are none.

    ``name``, ``paths``, ``estimate``, ``se``, ``expected`` and ``z`` are those of the headline: the first quantity, or
    the most distant one where any is contradicted.
    """

    derivation: str
    checks: tuple[Check, ...]
    seconds: float
    absent_reason: str | None = None
    interrupted: bool = False

    @property
    def headline(self) -> Check | None:
        """The check to show where there is room for one."""
        if self.contradicted:
            return max(self.checks, key=lambda c: abs(c.z))
        return self.checks[0] if self.checks else None

    @property
    def contradicted(self) -> bool:
        """Whether the simulation rejects any proved value."""
        return any(c.contradicted for c in self.checks)

    @property
    def name(self) -> str | None:
        """The quantity of the headline."""
        return self.headline.name if self.headline else None

    @property
    def paths(self) -> int:
        """The simulated paths."""
        return self.headline.paths if self.headline else 0

    @property
    def estimate(self) -> float | None:
        """The simulated value."""
        return self.headline.estimate if self.headline else None

    @property
    def se(self) -> float | None:
        """Its standard error."""
        return self.headline.se if self.headline else None

    @property
    def expected(self) -> float | None:
        """The proved value."""
        return self.headline.expected if self.headline else None

    @property
    def z(self) -> float | None:
        """The distance in standard errors."""
        return self.headline.z if self.headline else None

    def to_json(self) -> dict[str, Any] | None:
        """The contract's twin object, with every quantity; None where there is none."""
        top = self.headline
        if top is None:
            return None
        return {
            "paths": top.paths,
            "estimate": top.estimate,
            "se": top.se,
            "expected": top.expected,
            "z": top.z,
            "seconds": round(self.seconds, 4),
            "quantity": top.name,
            "quantities": [vars(c).copy() for c in self.checks],
        }


def compare_twin(
    derivation_id: str,
    paths: int | None = None,
    seed: int = 1,
    until_se: float | None = None,
    workers: int = 1,
    parameters: Any = None,
    progress: Progress | None = None,
) -> TwinReport:
    """Simulate a derivation's process and compare each exact quantity of the derivation with its estimate.

    ``until_se`` ends the run as soon as every standard error is that small, however many paths that takes
    where ``paths`` is not given; ``parameters`` replaces the twin's defaults. On Ctrl-C the report covers the
    paths that were finished and says so.

    Raises UnknownDerivation for an unknown ID and ValueError for an argument outside its domain.
    """
    derivation = catalogue.load(derivation_id)
    paths = _paths(paths, until_se)
    start = time.perf_counter()
    absent = _why_absent(derivation)
    if absent is not None:
        return TwinReport(derivation.id, (), 0.0, absent)
    twin = twins.load(derivation.id)
    parameters = twin.DEFAULT if parameters is None else parameters
    interrupted = False
    try:
        estimates: Mapping[str, Estimate] = twin.simulate(parameters, paths, seed, workers, progress, until_se)
    except Interrupted as stop:
        interrupted = True
        estimates = {name: e for name, e in stop.estimates.items() if e.paths >= FEWEST_PATHS}
    checks, trouble = _checks(derivation, parameters, estimates)
    if interrupted and not checks:
        trouble = "The simulation was stopped before it had paths enough."
    return TwinReport(derivation.id, checks, time.perf_counter() - start, trouble, interrupted)


def _paths(paths: int | None, until_se: float | None) -> int:
    if paths is None:
        return PATHS if until_se is None else LIMIT
    return integer("paths", paths, FEWEST_PATHS, LIMIT)


def _why_absent(derivation: Derivation) -> str | None:
    stated = getattr(derivation.module, "TWIN_ABSENT", None)
    if stated is not None:
        return str(stated)
    if derivation.id not in twins.ids():
        return f"No twin simulates '{derivation.id}' yet."
    return None


def _checks(
    derivation: Derivation, parameters: Any, estimates: Mapping[str, Estimate]
) -> tuple[tuple[Check, ...], str | None]:
    """The checks, or none of them and the reason."""
    checks = []
    point = _Point.of(theory(derivation.id.split("/")[0]), parameters)
    for name, quantity in derivation.quantities().items():
        if not estimates:
            break
        estimate = estimates.get(name)
        if estimate is None:
            return (), f"The twin of '{derivation.id}' does not estimate '{name}'."
        try:
            expected = point.value(quantity, estimate.se * NEGLIGIBLE)
        except NotEnclosed as error:
            return (), f"The value of '{name}' could not be enclosed: {error.reason}"
        z = z_score(estimate.value, estimate.se, expected)
        checks.append(Check(name, estimate.paths, estimate.value, estimate.se, expected, z))
    return tuple(checks), None


# -- the exact formula at the parameters of the twin ---------------------------------------------------------
@dataclass(frozen=True)
class _Point:
    """The twin's parameters in the words of the theory.

    A number gives a value to the symbol of that name, an integer for a label names a member of the answer
    set, a sequence is the table of a function over that set. A parameter that the theory does not declare
    (the start of a chain, say) is a premise of the problem and has its default value.
    """

    chart: Chart
    values: Mapping[str, Fraction]
    labels: Mapping[str, int]
    tables: Mapping[str, tuple[Fraction, ...]]

    @staticmethod
    def of(theory: Theory, parameters: Any) -> _Point:
        values, labels, tables = {}, {}, {}
        for field in fields(parameters):
            value = getattr(parameters, field.name)
            if isinstance(value, tuple) and field.name in theory.families:
                tables[theory.families[field.name]] = tuple(map(Fraction, value))
            elif field.name in theory.terms:
                symbol = theory.terms[field.name].name
                domain = theory.chart.domains.get(symbol)
                if domain is not None and domain.kind == "label":
                    labels[symbol] = int(value)
                else:
                    values[symbol] = Fraction(value)
        chart = theory.chart
        definitions = {name: term for name, term in chart.definitions.items() if name not in values}
        return _Point(replace(chart, definitions=definitions), values, labels, tables)

    def value(self, quantity: Term, width: float) -> float:
        """The quantity to within ``width``. Raises NotEnclosed."""
        written_out = self._tabulated(self.chart.expand(quantity), self.labels)
        ball = enclose(written_out, Instance(self.values), self.chart, BITS)
        if not float(ball.rad()) <= width:
            raise NotEnclosed(f"at {BITS} bits it is known to {float(ball.rad()):.1g} only.")
        return float(ball.mid())

    def _tabulated(self, node: Term, labels: Mapping[str, int]) -> Term:
        """Sums over the answer set written out, and the functions of an answer replaced by their values."""
        if node.op == "sumset":
            body, variable, _ = node.children
            answers = min((len(table) for table in self.tables.values()), default=0)
            if answers < 2:
                raise NotEnclosed("the twin has no answer set to sum over.")
            return add(*(self._tabulated(body, {**labels, variable.name: i}) for i in range(answers)))
        if node.op == "fn" and node.name in self.tables:
            places = [labels[a.name] for a in node.children if a.op == "sym" and a.name in labels]
            if len(places) == 1:
                return num(self.tables[node.name][places[0]])
        return rebuild(node, lambda child: self._tabulated(child, labels))


# -- proof and twin of many derivations ----------------------------------------------------------------------
@dataclass(frozen=True)
class DerivationReport:
    """One derivation: ``status`` is ``proved`` or ``failed``; ``why`` says what failed."""

    id: str
    aliases: tuple[str, ...]
    source: str
    title: str
    status: str
    why: str
    steps: int
    axioms: tuple[str, ...]
    kernel_ms: float
    twin: TwinReport

    def to_json(self) -> dict[str, Any]:
        """The contract's derivation object."""
        return {
            "id": self.id,
            "aliases": list(self.aliases),
            "source": self.source,
            "title": self.title,
            "status": self.status,
            "why": self.why,
            "steps": self.steps,
            "axioms": list(self.axioms),
            "kernel_ms": round(self.kernel_ms, 2),
            "twin": self.twin.to_json(),
            "twin_absent": self.twin.absent_reason,
        }


@dataclass(frozen=True)
class VerifyReport:
    """Every derivation asked for, up to the one during which the run was stopped."""

    seed: int
    seconds: float
    peak_mb: float | None
    derivations: tuple[DerivationReport, ...]
    interrupted: bool = False

    @property
    def ok(self) -> bool:
        """Whether everything was verified."""
        return not self.interrupted and all(d.status == "proved" for d in self.derivations)

    def to_json(self) -> dict[str, Any]:
        """The contract's object, schema ``derive/verify/1``."""
        return {
            "schema": "derive/verify/1",
            "seed": self.seed,
            "seconds": round(self.seconds, 3),
            "peak_mb": None if self.peak_mb is None else round(self.peak_mb, 1),
            "interrupted": self.interrupted,
            "derivations": [d.to_json() for d in self.derivations],
        }


def verify(
    ids: Sequence[str] = (),
    paths: int | None = None,
    until_se: float | None = None,
    seed: int = 1,
    workers: int = 1,
    progress: VerifyProgress | None = None,
) -> VerifyReport:
    """Prove and simulate derivations (all of them where none is named); a derivation that fails is reported.

    On Ctrl-C the report covers what was finished and says so. Raises UnknownDerivation for an unknown ID and
    ValueError for an argument outside its domain, before anything runs.
    """
    start = time.perf_counter()
    wanted = tuple(dict.fromkeys(catalogue.load(i).id for i in ids)) or catalogue.ids()
    _paths(paths, until_se)
    done: list[DerivationReport] = []
    interrupted = False
    for name in wanted:
        try:
            told = None if progress is None else partial(progress, name)
            report = _verify_one(catalogue.load(name), paths, until_se, seed, workers, told)
        except KeyboardInterrupt:
            interrupted = True
            break
        done.append(report)
        interrupted = report.twin.interrupted
        if interrupted:
            break
    return VerifyReport(seed, time.perf_counter() - start, peak_mb(), tuple(done), interrupted)


def _verify_one(
    derivation: Derivation,
    paths: int | None,
    until_se: float | None,
    seed: int,
    workers: int,
    progress: Progress | None,
) -> DerivationReport:
    start = time.perf_counter()
    try:
        chain = derivation.prove()
        steps, axioms, why = len(chain.steps), chain.axioms, "" if chain.results else "It states no result."
    except DeriveError as error:
        steps, axioms, why = 0, (), str(error)
    kernel_ms = 1000 * (time.perf_counter() - start)
    twin = compare_twin(derivation.id, paths, seed, until_se, workers, progress=progress)
    top = twin.headline
    if not why and top is not None and top.contradicted:
        why = (
            f"The simulation contradicts '{top.name}': {top.estimate:.6g} with standard error {top.se:.1g}, "
            f"where {top.expected:.6g} is proved."
        )
    return DerivationReport(
        derivation.id,
        derivation.aliases,
        derivation.source,
        derivation.title,
        "failed" if why else "proved",
        why,
        steps,
        axioms,
        kernel_ms,
        twin,
    )


def peak_mb() -> float | None:
    """The most memory that this process has held, in megabytes; None where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak) / (2**20 if sys.platform == "darwin" else 2**10)
