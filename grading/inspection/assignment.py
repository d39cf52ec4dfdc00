"""What is wrong with the folder of an assignment: every fault with its place, the reference's own false steps too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from derive import catalogue
from derive.errors import DeriveError, UnknownDerivation
from derive.kernel.term import Term, free_symbols, walk
from derive.latex.printer import latex
from derive.theory.loader import Additions, TheoryFile, empty, names, theory
from derive.theory.model import Theory
from grading.assignment import CREDIT, Assignment, AssignmentEntry, PartEntry, PartSpec, ProblemEntry, part_spec
from grading.inspection.declarations import declared
from grading.inspection.file import HERE, Fault, TomlFile, opened
from grading.inspection.reference import judged_faults
from grading.inspection.shape import DROPPED, Shape
from grading.inspection.shape import Path as KeyPath
from grading.judge.candidates import UNFINISHED
from grading.judge.context import Context, open_context


def faults(folder: Path) -> tuple[Fault, ...]:
    """Everything that is wrong with an assignment's folder, by file and line; DeriveError where there is none."""
    if not (folder / "assignment.toml").is_file():
        raise DeriveError(f"{folder}: there is no assignment.toml in it; derive new-assignment starts one.")
    start = opened(folder / "assignment.toml")
    if isinstance(start, Fault):
        return (start,)
    file, table = start
    shape = Shape()
    cleaned = shape.clean(table, AssignmentEntry)
    for path, message in shape.faults:
        file.fault(path, message)
    checker = _Checker(folder, file, table, shape.clean_rest(table, AssignmentEntry) if cleaned is DROPPED else cleaned)
    checker.run()
    found = [f for each in checker.files for f in each.faults] + checker.reference
    order = {each.name: n for n, each in enumerate(checker.files)}
    return tuple(sorted(found, key=lambda f: (order.get(f.file, len(order)), f.line, f.column)))


class _Checker:
    def __init__(self, folder: Path, file: TomlFile, written: Mapping[str, Any], table: Mapping[str, Any]) -> None:
        self.folder, self.file, self.written, self.table = folder, file, written, table
        self.files = [file]
        self.reference: list[Fault] = []
        self.theories: dict[str, Theory | None] = {}
        self.specs: list[PartSpec] = []

    def run(self) -> None:
        for verdict, share in self.table.get("credit", {}).items():
            if verdict not in CREDIT:
                self.file.fault(("credit", verdict), f"'{verdict}' is no verdict; there are {', '.join(CREDIT)}")
            elif not 0 <= share <= 1:
                self.file.fault(("credit", verdict), f"the credit for '{verdict}' is {share}; it must be from 0 to 1")
        for name in self.table.get("errata", []):
            self._derivation(name, ("errata",))
        for number, problem in self.table.get("problems", {}).items():
            self._problem(number, problem)
        self._reference()

    # -- problems and parts ---------------------------------------------------------------------------
    def _problem(self, number: str, table: Mapping[str, Any]) -> None:
        path: KeyPath = ("problems", number)
        if not re.fullmatch(r"\d{1,2}", number):
            self.file.fault(path, f"a problem is called by its number, as in [problems.1], not '{number}'")
        if not table.get("parts"):
            self.file.fault(path, f"problem {number} has no parts; write [problems.{number}.parts.a]")
        base = self._theory(table["theory"], (*path, "theory")) if "theory" in table else None
        if base is None:
            return
        shared = msgspec.convert({**table, "parts": {}}, ProblemEntry)
        for label, part in table.get("parts", {}).items():
            self._part(number, label, shared, part, base)

    def _part(self, number: str, label: str, shared: ProblemEntry, table: Mapping[str, Any], base: Theory) -> None:
        path: KeyPath = ("problems", number, "parts", label)
        if not re.fullmatch("[a-z]", label):
            self.file.fault(path, f"a part is called by one small letter, as in parts.a, not '{label}'")
        additions = table.get("theory", {})
        if isinstance(additions, dict) and additions:
            own = declared(base, additions, self.file, (*path, "theory"), Additions)
            additions = {} if own is None else additions
        plain = {**_without_relations(shared), "parts": {}}
        whole = True

        def build(problem: Mapping[str, Any], part: Mapping[str, Any]) -> PartSpec:
            entry = msgspec.convert({"theory": additions, **part}, PartEntry)
            return part_spec(number, label, msgspec.convert(problem, ProblemEntry), entry, self.folder, HERE)

        for key in ("premises", "independent", "given"):
            for text in getattr(shared, key):
                at: KeyPath = ("problems", number, key)
                made = self.file.attempt(at, lambda key=key, text=text: build({**plain, key: [text]}, {}), text)  # type: ignore[misc]
                whole = whole and made is not None
        for at, piece, content in _pieces(table):
            made = self.file.attempt((*path, *at), lambda piece=piece: build(plain, piece), content)  # type: ignore[misc]
            whole = whole and made is not None
        if whole:
            everything = {k: v for k, v in table.items() if k != "theory"}
            spec = self.file.attempt(path, lambda: build({**msgspec.to_builtins(shared), "parts": {}}, everything))
            if spec is not None and self._meaning(spec, path, table):
                self.specs.append(spec)

    def _derivation(self, name: str, path: KeyPath) -> bool:
        """Whether the catalogue has a derivation; said where not."""
        try:
            catalogue.load(name)
        except UnknownDerivation:
            near = get_close_matches(name, catalogue.ids(), 1)
            advice = f"did you mean '{near[0]}'?" if near else "derive list shows what there is"
            self.file.fault(path, f"the catalogue has no derivation '{name}'; {advice}", name)
            return False
        return True

    def _meaning(self, spec: PartSpec, path: KeyPath, table: Mapping[str, Any]) -> bool:
        """What can be read and still cannot be meant; False where the part cannot be judged by it."""
        written = self.written["problems"][spec.problem]["parts"][spec.label]
        if "points" not in written:
            self.file.fault(path, f"part {spec.id} states no points and counts 1", serious=False)
        elif spec.points < 0:
            self.file.fault((*path, "points"), f"part {spec.id} is worth {spec.points:g} points")
        if not written.get("asks") and spec.recipe is None and spec.review is None:
            self.file.fault(
                path, f"part {spec.id} neither asks for anything nor says why a person must judge it (review)"
            )
        self._twin(spec, path)
        if [name for name in spec.facts if not self._derivation(name, (*path, "facts"))]:
            return False
        context = open_context(spec)
        for key, content, terms in _formulas(spec):
            at = (*path, key) if key in table else (*path[:2], key)
            for name in sorted({n for t in terms for n in _undeclared(t, context)}):
                self.file.fault(
                    at, f"'{name}' in '{content}' is not declared by the theory '{spec.theory.name}'", content
                )
        known = {*spec.theory.chart.domains, *spec.theory.chart.definitions, *spec.theory.terms}
        for name in sorted((spec.symbols or frozenset()) - known):
            self.file.fault((*path, "symbols"), f"'{name}' is no symbol of the theory '{spec.theory.name}'", name)
        for ask in spec.asks:
            if (
                spec.exact
                and not ask.law
                and any(g.kind == "=" and g.left == ask.quantity and _settles(g.right, spec) for g in spec.given)
            ):
                self.file.fault(
                    (*path, "asks"),
                    f"'{ask.latex}' is asked, and given with a finished value",
                    ask.latex,
                    serious=False,
                )
        for variable in spec.independent:
            law = context.problem.law_of(variable)
            if law is None or law.name != "N":
                at = (*path, "independent") if "independent" in table else (*path[:2], "independent")
                name = latex(variable)
                law_of = f"{name} \\sim \\mathcal N(...)"
                self.file.fault(at, f"'{name}' is independent and has no normal law; state {law_of} as a premise")
        return True

    def _twin(self, spec: PartSpec, path: KeyPath) -> None:
        if spec.twin is None:
            return
        twin = spec.twin
        if not self._derivation(twin.derivation, (*path, "twin")):
            return
        found = catalogue.load(twin.derivation)
        quantities = found.module.quantities()
        if twin.quantity not in quantities:
            known = ", ".join(f"'{q}'" for q in quantities) or "none"
            self.file.fault(
                (*path, "twin"), f"'{found.id}' has no quantity '{twin.quantity}'; it has {known}", twin.quantity
            )

    # -- theories -------------------------------------------------------------------------------------
    def _theory(self, name: str, path: KeyPath) -> Theory | None:
        if name not in self.theories:
            self.theories[name] = self._load(name, path)
        elif self.theories[name] is None and not name.endswith(".toml"):
            self._load(name, path)  # said again at its place
        return self.theories[name]

    def _load(self, name: str, path: KeyPath) -> Theory | None:
        if not name.endswith(".toml"):
            return self.file.attempt(path, lambda: theory(name))
        if not (self.folder / name).is_file():
            built_in = ", ".join(names())
            self.file.fault(path, f"there is no file '{name}' beside the assignment; built-in theories are {built_in}")
            return None
        start = opened(self.folder / name)
        if isinstance(start, Fault):
            self.reference.append(start)
            return None
        file, table = start
        self.files.append(file)
        for n, fact in enumerate(table.get("facts", []) if isinstance(table.get("facts"), list) else []):
            if isinstance(fact, str) and fact not in catalogue.ids():
                file.fault(
                    ("facts", n), f"the catalogue has no derivation '{fact}'; derive list shows what there is", fact
                )
        found = declared(empty(str(table.get("name", name))), table, file, (), TheoryFile)
        return theory(self.folder / name) if found is not None else None

    # -- the reference --------------------------------------------------------------------------------
    def _reference(self) -> None:
        name = self.table.get("reference", "solution.tex")
        if not isinstance(name, str):
            return
        try:
            text = (self.folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror or "" if isinstance(error, OSError) else "it is not UTF-8 text"
            self.file.fault(("reference",), f"the reference '{name}' cannot be read: {why.lower()}")
            return
        if not text.strip():
            self.reference.append(Fault(name, 0, 0, "", "The reference solution is empty."))
        elif self.specs:
            judged = Assignment(self.folder.name, "", self.folder, tuple(self.specs), text, CREDIT)
            declared_parts = sum(len(p.get("parts", {})) for p in self.table.get("problems", {}).values())
            self.reference += judged_faults(judged, name, whole=declared_parts == len(self.specs))


def _pieces(table: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Mapping[str, Any], str | None]]:
    """A part's table in pieces that each hold one formula or name."""
    for key, value in table.items():
        if key == "theory" and isinstance(value, dict):
            continue
        if isinstance(value, list):
            for item in value:
                content = (
                    item if isinstance(item, str) else next((v for v in item.values() if isinstance(v, str)), None)
                )
                yield (key,), {key: [item]}, content
        elif isinstance(value, dict) and key == "also":
            for old, new in value.items():
                yield (key, old), {key: {old: new}}, None
        elif isinstance(value, dict) and all(isinstance(v, list) for v in value.values()) and key == "regime":
            for inner, texts in value.items():
                for text in texts:
                    yield (key, inner), {key: {inner: [text]}}, text
        else:
            yield (key,), {key: value}, None


def _without_relations(shared: ProblemEntry) -> dict[str, Any]:
    """A problem without its relations."""
    return {**msgspec.to_builtins(shared), "premises": [], "independent": [], "given": []}


def _formulas(spec: PartSpec) -> Iterator[tuple[str, str, tuple[Term, ...]]]:
    yield from (("asks", a.latex, (a.quantity,)) for a in spec.asks)
    yield from (("premises", g.latex, (g.left, g.right)) for g in spec.premises)
    yield from (("given", g.latex, (g.left, g.right)) for g in spec.given)


def _undeclared(term: Term, context: Context) -> list[str]:
    meaning = context.meaning()
    return context.undeclared(meaning.of(meaning.calls(context.ranged(term))))


def _settles(value: Term, spec: PartSpec) -> bool:
    open_ended = any(n.op in UNFINISHED or (n.op == "fn" and n.name in ("Var", "Cov")) for n in walk(value))
    return not open_ended and spec.symbols is not None and free_symbols(value) <= spec.symbols
