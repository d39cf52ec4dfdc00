r"""Proof and simulation of one derivation, side by side: the only place where the two meet.

The twin simulates the process at its default parameters; the exact formula of the derivation is enclosed at
the same values, and the distance is counted in standard errors. A result that lies more than five away is
contradicted. At the fewest paths accepted a right result is contradicted less than once in 100,000 times.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

from derive import catalogue
from derive.catalogue import Derivation
from derive.errors import DeriveError
from derive.kernel.balls import NotEnclosed
from derive.kernel.chart import Chart
from derive.theory import theory
from derive.theory.loader import names as theory_names
from grading.exact_value import exact_value
from numeric import catalogue as twins
from numeric.domains import integer
from numeric.engine.blocks import LIMIT
from numeric.engine.moments import Estimate
from numeric.engine.workers import Interrupted, Progress
from numeric.power import FEWEST_PATHS, REJECTION, z_score

VerifyProgress: TypeAlias = Callable[[str, int, int, Mapping[str, Estimate]], None]
"""Called with the ID of the derivation, the paths done and asked for, and the estimates so far."""

PATHS: Final = 1 << 18
NEGLIGIBLE: Final = 1e-3
"""An enclosure is sharp enough when it is this many standard errors wide."""


@dataclass(frozen=True)
class Check:
    """One quantity: what was estimated, what is proved, and their distance in standard errors.

    Where a bound is proved, z is how far beyond it the estimate lies, and 0 within it.
    """

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
class Power:
    """A wrong result that the twin rejects at five standard errors, with how many paths, and in how many seconds.

    The seconds are those of this run, scaled to the paths.
    """

    quantity: str
    claim: str
    value: float
    paths: int
    seconds: float


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
    rejects: tuple[Power, ...] = ()

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
            "rejects": [{**vars(p), "seconds": round(p.seconds, 6)} for p in self.rejects],
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
    absent = why_absent(derivation)
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
    seconds = time.perf_counter() - start
    rejects = tuple(
        Power(m.quantity, m.claim, m.value, m.paths, seconds * m.paths / check.paths)
        for m in (twin.REJECTS if parameters == twin.DEFAULT else ())
        for check in checks
        if check.name == m.quantity
    )
    return TwinReport(derivation.id, checks, seconds, trouble, interrupted, rejects)


def _paths(paths: int | None, until_se: float | None) -> int:
    if paths is None:
        return PATHS if until_se is None else LIMIT
    return integer("paths", paths, FEWEST_PATHS, LIMIT)


def why_absent(derivation: Derivation) -> str | None:
    """Why a derivation has no twin; None where it has one."""
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
    chart, bounds = _chart(derivation), getattr(derivation.module, "BOUNDS", {})
    for name, quantity in derivation.quantities().items():
        if not estimates:
            break
        estimate = estimates.get(name)
        if estimate is None:
            return (), f"The twin of '{derivation.id}' does not estimate '{name}'."
        try:
            expected = exact_value(chart, quantity, parameters, estimate.se * NEGLIGIBLE)
        except NotEnclosed as error:
            return (), f"The value of '{name}' could not be enclosed: {error.reason}"
        z = _beyond(z_score(estimate.value, estimate.se, expected), bounds.get(name, "="))
        checks.append(Check(name, estimate.paths, estimate.value, estimate.se, expected, z))
    return tuple(checks), None


def _beyond(z: float, relation: str) -> float:
    """The distance from what is proved: a number, the least value (≥) or the greatest (≤)."""
    return min(z, 0.0) if relation == "≥" else max(z, 0.0) if relation == "≤" else z


def _chart(derivation: Derivation) -> Chart:
    """What the symbols of a derivation are: in a folder named after a theory what the theory declares, for a proof may
    hold for any policy where the process is that of the defined one; elsewhere what the derivation itself declares."""
    folder = derivation.id.split("/")[0]
    return theory(folder).chart if folder in theory_names() else derivation.module.CHART


# -- proof and twin of many derivations ----------------------------------------------------------------------
@dataclass(frozen=True)
class DerivationReport:
    """One derivation: ``status`` is ``proved`` or ``failed``; ``why`` says what failed.

    ``erratum`` says what a source has wrong, where the derivation is about that.
    """

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
    erratum: str | None = None

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
            "erratum": self.erratum,
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
        derivation.erratum,
    )


def peak_mb() -> float | None:
    """The most memory that this process has held, in megabytes; None where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak) / (2**20 if sys.platform == "darwin" else 2**10)
