"""The names of the package are loaded when they are used, and nothing heavy is loaded before."""

import subprocess
import sys

import pytest

import derive


@pytest.mark.parametrize("name", derive.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(derive, name) is not None
    assert name in dir(derive)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        derive.nothing  # noqa: B018


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, derive; raise SystemExit(any(m in sys.modules for m in ('flint', 'sympy', 'numpy', 'msgspec')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
