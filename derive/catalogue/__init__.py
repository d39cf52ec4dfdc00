"""The catalogue: one derivation a file, and the folder is the registry.

A file states its derivation in its docstring and defines ``ID`` (its path), ``ALIASES``, ``SOURCE``,
``TITLE``, ``CHART``, ``prove()`` and ``quantities()``, the exact formulas that a simulation estimates.
``GENERAL`` names the results that hold from the problem's premises alone; others assume where a chain starts,
and two of them may contradict each other. ``BOUNDS``, where there is one, names the quantities that are bounds:
what is estimated is at least the formula (≥) or at most (≤).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Final, Protocol, cast

from derive.chain import Chain
from derive.errors import DeriveError, UnknownDerivation
from derive.kernel.chart import Chart
from derive.kernel.fact import Fact
from derive.kernel.term import Term

FOLDER: Final = Path(__file__).parent
REQUIRED: Final = ("ID", "ALIASES", "SOURCE", "TITLE", "GENERAL")


class DerivationModule(Protocol):
    """What a file of the catalogue defines."""

    ID: str
    ALIASES: tuple[str, ...]
    SOURCE: str
    TITLE: str
    GENERAL: tuple[str, ...]
    CHART: Chart
    __doc__: str | None

    def prove(self) -> Chain:
        """The derivation, proved."""

    def quantities(self) -> Mapping[str, Term]:
        """Exact formulas by name."""


@dataclass(frozen=True)
class Derivation:
    """A derivation of the catalogue; ``statement`` is its LaTeX."""

    id: str
    aliases: tuple[str, ...]
    source: str
    title: str
    statement: str
    module: DerivationModule

    @property
    def erratum(self) -> str | None:
        """What a source has wrong and what is right, where the derivation is about that; formulas between dollars."""
        return getattr(self.module, "ERRATUM", None)

    def prove(self) -> Chain:
        """Prove it, every time anew; Refused where a step fails."""
        return self.module.prove()

    def quantities(self) -> Mapping[str, Term]:
        """The exact finite formulas that a simulation estimates."""
        return self.module.quantities()

    def facts(self) -> tuple[Fact, ...]:
        """Its general results, to rewrite with; proved once in this process."""
        return _facts(self.id)


@lru_cache(maxsize=256)
def _facts(name: str) -> tuple[Fact, ...]:
    derivation = load(name)
    results = derivation.prove().results
    return tuple(results[result] for result in derivation.module.GENERAL)


def ids() -> tuple[str, ...]:
    """The IDs of all derivations, in order."""
    files = (p for p in FOLDER.rglob("*.py") if p.name != "__init__.py")
    return tuple(sorted(p.relative_to(FOLDER).with_suffix("").as_posix() for p in files))


@lru_cache(maxsize=1)
def _aliases() -> Mapping[str, str]:
    return {alias: name for name in ids() for alias in _load(name).aliases}


def load(name: str) -> Derivation:
    """A derivation by ID or alias; UnknownDerivation names those that are called alike."""
    if name in ids():
        return _load(name)
    found = _aliases().get(name)
    if found is None:
        raise UnknownDerivation(f"There is no derivation '{name}'; {_alike(name)}'derive list' shows them all.")
    return _load(found)


def _alike(name: str) -> str:
    known = {key: key for key in (*ids(), *_aliases())}
    known |= {key.rpartition("/")[2]: key for key in reversed(ids())}
    found = [known[key] for key in get_close_matches(name, known, n=3)]
    return f"did you mean {' or '.join(dict.fromkeys(found))}? " if found else ""


def load_file(path: Path) -> Derivation:
    """A derivation from a file, in the catalogue or elsewhere; DeriveError where it does not define what it must."""
    path = path.resolve()
    if path.is_relative_to(FOLDER):
        return load(path.relative_to(FOLDER).with_suffix("").as_posix())
    spec = spec_from_file_location(f"derivation_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise DeriveError(f"{path}: this is no Python file.")
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever an author's file raises is told with the file's name
        raise DeriveError(f"{path}: it cannot be loaded: {type(error).__name__}: {error}.") from error
    missing = [name for name in (*REQUIRED, "prove", "quantities") if not hasattr(module, name)]
    if missing:
        raise DeriveError(f"{path}: a derivation must define {', '.join(missing)}.")
    return _derivation(cast(DerivationModule, module))


@lru_cache(maxsize=256)
def _load(name: str) -> Derivation:
    return _derivation(cast(DerivationModule, import_module(f"{__name__}.{name.replace('/', '.')}")))


def _derivation(module: DerivationModule) -> Derivation:
    doc = re.sub(r":math:`([^`]*)`", r"$\1$", (module.__doc__ or "").strip())
    return Derivation(module.ID, module.ALIASES, module.SOURCE, module.TITLE, doc, module)
