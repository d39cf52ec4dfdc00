"""The twins, found by their path: ``diffusion/mean_chain`` is ``numeric/catalogue/diffusion/mean_chain.py``.

A twin is a module with ``DEFAULT`` parameters, the near misses that it ``REJECTS`` and ``simulate``; a parameter
has the name of the symbol that it gives a value to.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from numeric.engine.workers import Simulation
    from numeric.power import NearMiss


class Twin(Protocol):
    """What every module of the catalogue has."""

    DEFAULT: Any
    """Parameters (a frozen dataclass) at which the twin is compared and its power is stated."""
    REJECTS: tuple[NearMiss, ...]
    """Wrong results that it rejects at those parameters."""
    simulate: Simulation[Any]
    """Estimates by the name of the quantity; see ``numeric.engine.workers.run``."""


def ids() -> tuple[str, ...]:
    """The IDs of all twins, sorted."""
    found = []
    for folder in pkgutil.iter_modules(__path__):
        if folder.ispkg:
            package = importlib.import_module(f"{__name__}.{folder.name}")
            found += [f"{folder.name}/{m.name}" for m in pkgutil.iter_modules(package.__path__)]
    return tuple(sorted(found))


def load(twin_id: str) -> Twin:
    """The twin with this ID. Raises LookupError where there is none."""
    known = ids()
    if twin_id not in known:
        raise LookupError(f"There is no twin '{twin_id}'; there are {', '.join(known)}.")
    return cast(Twin, importlib.import_module(f"{__name__}.{twin_id.replace('/', '.')}"))
