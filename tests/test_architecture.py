"""The arrows of the architecture, read from the source: who imports whom, and what a wheel contains."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("derive", "numeric", "grading", "reports")

ALLOWED = {
    "derive": {"derive"},
    "numeric": {"numeric"},
    "grading": {"derive", "numeric", "grading"},
    "reports": set(PACKAGES),
}
"""reports → grading → derive, numeric; numeric never sees the result that it checks."""

LAYERS = {
    "derive.kernel": {"derive.kernel", "derive.errors"},
    "derive.latex": {"derive.latex", "derive.kernel", "derive.errors"},
    "derive.theory": {"derive.theory", "derive.latex", "derive.kernel", "derive.errors"},
    "derive.search": {"derive.search", "derive.kernel", "derive.errors"},
    "derive.chain": {"derive.chain", "derive.kernel", "derive.theory", "derive.errors"},
    "grading.read": {"grading.read", "grading.segments", "derive.latex", "derive.kernel", "derive.errors"},
    "grading.judge": {"grading.judge", "grading.read", "grading.assignment", "grading.result", "derive"},
    "grading.judge.laws": {"grading.judge.laws", "grading.judge.match", "grading.assignment", "derive.kernel"},
    "grading.judge.open": {"grading.judge.open", "grading.judge.scalar", "grading.read", "grading.result", "derive"},
}

HEAVY_IN_KERNEL = {"sympy", "mpmath", "numpy", "click", "rich", "jinja2"}
FORBIDDEN_CALLS = {"eval", "exec", "sympify", "parse_expr", "lambdify", "compile"}


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                found.add("relative")
            elif node.module in PACKAGES:
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
            elif node.module:
                found.add(node.module)
    return found


def imported_at_start(path: Path) -> set[str]:
    """What a module imports when it is loaded, as full names of modules or of what they define."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def within(name: str, prefixes: set[str]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


@pytest.mark.parametrize(("name", "path"), [pytest.param(*m, id=m[0]) for m in modules()])
def test_imports_point_one_way(name: str, path: Path) -> None:
    found = imports(path)
    assert "relative" not in found, "imports are absolute"
    ours = {i for i in found if i.split(".")[0] in PACKAGES}
    strangers = {i for i in ours if not within(i, ALLOWED[name.split(".")[0]])}
    assert not strangers, f"{name} must not import {sorted(strangers)}"
    for layer, allowed in LAYERS.items():
        if within(name, {layer}):
            outside = {i for i in ours if not within(i, allowed)}
            assert not outside, f"{name} must not import {sorted(outside)}"
    if within(name, {"derive.kernel"}):
        assert not {i for i in found if i.split(".")[0] in HEAVY_IN_KERNEL}


def test_no_module_needs_itself() -> None:
    known = dict(modules())
    needs: dict[str, set[str]] = {}
    for name, path in known.items():
        found = {i if i in known else i.rpartition(".")[0] for i in imported_at_start(path)}
        needs[name] = {i for i in found if i in known} - {name}
    assert set(TopologicalSorter(needs).static_order()) == known.keys(), (
        "the order raises CycleError where there is none"
    )


def test_only_the_witness_compares_derivations_with_twins() -> None:
    for name, path in modules():
        found = imports(path)
        if any(within(i, {"derive"}) for i in found) and any(within(i, {"numeric.catalogue"}) for i in found):
            assert name == "grading.witness", f"{name} imports both derivations and twins"


@pytest.mark.parametrize(("name", "path"), [pytest.param(*m, id=m[0]) for m in modules()])
def test_nothing_is_evaluated_or_asserted(name: str, path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.Assert), f"{name}:{node.lineno} asserts; raise a sentence instead"
        if isinstance(node, ast.Call):
            called = node.func
            bare = called.id if isinstance(called, ast.Name) else None
            imported = called.attr if isinstance(called, ast.Attribute) else None
            assert bare not in FORBIDDEN_CALLS, f"{name}:{node.lineno} calls {bare}"
            assert imported not in FORBIDDEN_CALLS - {"compile"}, f"{name}:{node.lineno} calls {imported}"


def test_no_module_is_a_drawer_for_everything() -> None:
    assert not [name for name, _ in modules() if re.search(r"(^|\.)_?(utils?|helpers?|misc|common)$", name)]


def test_the_wheel_holds_the_four_packages_and_the_assignments() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == list(PACKAGES)
    assert wheel["force-include"] == {"assignments": "grading/assignments"}
    assert project["project"]["scripts"] == {"derive": "reports.cli:main"}
    for package in PACKAGES:
        assert (ROOT / package / "__init__.py").exists()
        assert (ROOT / package / "py.typed").exists(), f"{package} is typed and says so"


def test_tests_and_benchmarks_are_no_packages() -> None:
    for folder in ("tests", "benchmarks"):
        assert not list((ROOT / folder).rglob("__init__.py"))
