"""derive: mathematical derivations, proved step by step by a small kernel.

The names below are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from derive.catalogue import Derivation as Derivation
    from derive.catalogue import ids as ids
    from derive.catalogue import load as load
    from derive.chain import Chain as Chain
    from derive.errors import DeriveError as DeriveError
    from derive.kernel import rules as rules
    from derive.kernel.chart import Chart as Chart
    from derive.kernel.fact import Claim as Claim
    from derive.kernel.fact import Fact as Fact
    from derive.kernel.fact import replay as replay
    from derive.kernel.term import Term as Term
    from derive.search.limit import limit as limit
    from derive.search.prove import prove_equal as prove_equal
    from derive.theory import theory as theory
    from derive.verify import prove_all as prove_all
    from derive.verify import show as show

_HOME: Final = {
    "Chain": "derive.chain",
    "Chart": "derive.kernel.chart",
    "Claim": "derive.kernel.fact",
    "Derivation": "derive.catalogue",
    "DeriveError": "derive.errors",
    "Fact": "derive.kernel.fact",
    "Term": "derive.kernel.term",
    "ids": "derive.catalogue",
    "limit": "derive.search.limit",
    "load": "derive.catalogue",
    "prove_all": "derive.verify",
    "prove_equal": "derive.search.prove",
    "replay": "derive.kernel.fact",
    "rules": "derive.kernel",
    "show": "derive.verify",
    "theory": "derive.theory",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'derive' has no attribute '{name}'")
    if name == "rules":
        return import_module("derive.kernel.rules")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
