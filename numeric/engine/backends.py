"""Which backend moves the chains of a run: NumPy, the compiled kernels of the extra ``fast``, or a device.

The numbers of a seed are those of the backend, so the choice depends on the work that is asked for and on what is
installed, never on the clock. The environment variable ``DERIVE_BACKEND`` fixes it: ``auto``, ``numpy``, ``fast``
or ``gpu``.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Any, Final

from numeric.engine.chains import NUMPY, Backend

WORTH: Final = 1 << 29
"""Path-steps from which the kernels are chosen: NumPy takes one to two seconds for them, loading the compiled
code half of one."""


LEAST_STEPS: Final = 4
"""Below this seeding the lanes of the kernels takes longer than NumPy's steps."""


def choose(paths: int, steps: int) -> Backend:
    """The backend for this many paths of this many steps.

    Raises ValueError where ``DERIVE_BACKEND`` names none, or one that this machine does not have.
    """
    asked = os.environ.get("DERIVE_BACKEND", "auto")
    if asked not in ("auto", "numpy", "fast", "gpu"):
        raise ValueError(f"DERIVE_BACKEND = {asked!r} is outside its domain: it must be auto, numpy, fast or gpu.")
    if asked == "gpu":
        return _device()
    if asked == "fast" and find_spec("numba") is None:
        raise ValueError("DERIVE_BACKEND = 'fast' needs numba, which is not installed: the extra fast has it.")
    worth = steps >= LEAST_STEPS and paths * steps >= WORTH
    if asked == "fast" or (asked == "auto" and worth and find_spec("numba") is not None):
        from numeric.engine.kernels import Kernels

        return Kernels()
    return NUMPY


def _device() -> Backend:
    from numeric.engine.device import Device

    for name in ("cupy", "torch"):
        if find_spec(name) is None or find_spec("array_api_compat") is None:
            continue
        from importlib import import_module

        library: Any = import_module(name)
        if name == "cupy" and library.cuda.is_available():
            return Device(import_module("array_api_compat.cupy"), None, name)
        if name == "torch" and library.cuda.is_available():
            return Device(import_module("array_api_compat.torch"), "cuda", name)
    raise ValueError(
        "DERIVE_BACKEND = 'gpu' needs a graphics processor, CuPy or torch, and array-api-compat (the extra gpu)."
    )
