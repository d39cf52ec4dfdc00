"""Compiled code is kept in the user's cache directory, so that it is compiled once and not in every process."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

from numba import config


def cached(compiled: Any) -> Any:
    """The function, with its machine code kept where ``NUMBA_CACHE_DIR`` says or else in the user's cache directory.

    Where nothing can be written it is compiled anew in each process.
    """
    before = config.CACHE_DIR
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    config.CACHE_DIR = before or str(Path(home) / "derive")
    try:
        with contextlib.suppress(RuntimeError):
            compiled.enable_caching()
    finally:
        config.CACHE_DIR = before
    return compiled
