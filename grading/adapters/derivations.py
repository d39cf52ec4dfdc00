"""A derivation as tests: its proof, and each quantity that its twin simulates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from derive import catalogue
from derive.errors import DeriveError
from derive.kernel.fact import replay
from grading.witness import compare_twin, why_absent

if TYPE_CHECKING:
    from grading.witness import TwinReport

PROOF = "proof"


class Disproved(Exception):
    """A proof fails or a simulation contradicts it; the text is the report."""


class DerivationFile(pytest.File):
    """One file that states a derivation."""

    derivation: catalogue.Derivation
    _report: TwinReport | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """The proof, and one item for each simulated quantity."""
        try:
            self.derivation = catalogue.load_file(self.path)
        except DeriveError as error:
            raise self.CollectError(str(error)) from error
        yield ProofItem.from_parent(self, name=PROOF)
        if why_absent(self.derivation) is None:
            for quantity in self.derivation.quantities():
                yield SimulationItem.from_parent(self, name=quantity)

    def simulated(self) -> TwinReport:
        """What the twin says, simulated once."""
        if self._report is None:
            self._report = compare_twin(self.derivation.id)
        return self._report


class _Item(pytest.Item):
    parent: DerivationFile

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """The report instead of a traceback, which an unexpected error keeps."""
        if isinstance(excinfo.value, (Disproved, DeriveError)):
            return f"{self.parent.derivation.id}: {excinfo.value}"
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file, and what of it is tested."""
        return self.path, 0, f"{self.parent.derivation.id}: {self.name}"


class ProofItem(_Item):
    """The derivation as it is told, and again from its record."""

    def runtest(self) -> None:
        """Prove it; Refused names the step that fails."""
        chain = self.parent.derivation.prove()
        if not chain.results:
            raise Disproved("It states no result.")
        replay(*chain.results.values())
        self.user_properties.append(("steps", str(len(chain.steps))))


class SimulationItem(_Item):
    """One quantity: the proved value lies within five standard errors of the simulated one."""

    def runtest(self) -> None:
        """Simulate, and compare."""
        report = self.parent.simulated()
        check = next((check for check in report.checks if check.name == self.name), None)
        if check is None:
            raise Disproved(report.absent_reason or f"The twin does not estimate '{self.name}'.")
        self.user_properties.append(("z", f"{check.z:.2f}"))
        if check.contradicted:
            raise Disproved(
                f"The simulation contradicts '{check.name}': {check.estimate:.6g} with standard error {check.se:.1g}, "
                f"where {check.expected:.6g} is proved."
            )
