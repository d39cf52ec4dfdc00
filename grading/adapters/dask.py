"""Grading on the workers of a Dask scheduler (extra ``dask``), through the executor that Dask offers."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Final

from derive.errors import DeriveError

CONNECT_SECONDS: Final = 5


@contextmanager
def executor(address: str) -> Iterator[Executor]:
    """An executor over the scheduler's workers, which must have this version of derive installed.

    A task that ends its worker is tried once more and then fails alone. Raises DeriveError where Dask is not
    installed or no scheduler answers at the address.
    """
    try:
        from distributed import Client
    except ImportError:
        raise DeriveError("Dask is not installed; the extra 'dask' has it: pip install '.[dask]' in a clone.") from None
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise DeriveError(f"No Dask scheduler answers at '{address}': {error}.") from error
    with client, client.get_executor(pure=False, retries=1) as workers:
        yield workers
