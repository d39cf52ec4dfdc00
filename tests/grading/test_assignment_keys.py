"""Every key of an assignment and of a theory does what the page on assignments says: with it, and without it."""

from __future__ import annotations

import msgspec
import pytest

from derive.theory.loader import (
    FamilyEntry,
    FunctionEntry,
    RegimeEntry,
    SetEntry,
    SymbolEntry,
    TheoryFile,
    theory,
)
from grading import check, grade, load_assignment
from grading.assignment import AskEntry, AssignmentEntry, PartEntry, ProblemEntry, RecipeEntry, TwinEntry

THEORY = """
name = "own"
title = "Own letters"
[symbols.a]
latex = "a"
domain = "a > 0"
[symbols.b]
latex = "b"
[symbols.c]
latex = "c"
definition = "a^2"
meaning = "area"
[symbols.d]
latex = "d"
definition = "a^2"
[symbols.e]
latex = "h"
domain = "0 < h < 1"
[symbols.q]
latex = "q"
definition = "1 + h + h^2"
[symbols.X]
latex = "X"
random = true
[symbols.Y]
latex = "Y"
random = true
[families.f]
latex = "f"
parameters = ["b"]
definition = "a^b"
"""
ASKS = 'asks = [{ value = "c" }]\n'


def assignment(tmp_path, part=ASKS, *, problem="", top="", reference="(a) $c = a^2$", subject="own.toml", own=THEORY):
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    (tmp_path / "solution.tex").write_text("# Problem 1\n" + reference, encoding="utf-8")
    text = f'name = "mine"\n{top}\n[problems.1]\ntheory = "{subject}"\n{problem}\n[problems.1.parts.a]\n{part}'
    (tmp_path / "assignment.toml").write_text(text, encoding="utf-8")
    return load_assignment(tmp_path)


def verdict(tmp_path, answer, part=ASKS, **more):
    [found] = grade(f"(a) {answer}", assignment(tmp_path, part, **more)).parts
    return found.verdict


# Key: (lines of the part with it, and without it; the answer; the verdicts).
Q = 'asks = [{ value = "q" }]\nregime.orders = ["h \\\\ll 1"]\n'
LAW = 'premises = ["X \\\\sim \\\\mathcal N(0, a)"]\n'
BOTH = 'premises = ["X \\\\sim \\\\mathcal N(0, a)", "Y \\\\sim \\\\mathcal N(0, b^2)"]\n'
SUM = 'asks = [{ value = "\\\\operatorname{Var}(X + Y)" }]\n'
PARTS = {
    "PartEntry.asks": (ASKS, "", "$c = a^2$", "correct", "review"),
    "AskEntry.value": (ASKS, 'asks = [{ value = "b" }]\n', "$c = a^2$", "correct", "missing"),
    "AskEntry.law": (
        'asks = [{ law = "X" }]\n' + LAW,
        'asks = [{ value = "b" }]\n' + LAW,
        r"$X \sim \mathcal N(0, a)$",
        "correct",
        "missing",
    ),
    "AskEntry.also": (
        'asks = [{ value = "c", also = ["f_3"] }]\n',
        ASKS,
        "$f_3 = a^3$",
        "correct",
        "missing",
    ),
    "AskEntry.compare": (
        Q.replace('"q" }', '"q", compare = "\\\\frac{q - 1}{h}" }'),
        Q,
        r"$q \approx 1$",
        "missing",
        "correct",
    ),
    "PartEntry.exact": (Q + "exact = true\n", Q, r"$q \approx 1 + h$", "leading-order", "correct"),
    "PartEntry.symbols": (ASKS + 'symbols = ["a"]\n', ASKS, "$c = d$", "missing", "correct"),
    "PartEntry.without": (ASKS + 'without = ["f"]\n', ASKS, "$c = f_2$", "missing", "correct"),
    "PartEntry.closed": (
        ASKS + "closed = false\n",
        ASKS,
        r"$c = \sum_{i=1}^{2} \frac{a^2}{2}$",
        "correct",
        "missing",
    ),
    "PartEntry.given": (ASKS + 'given = ["c = a^2"]\n', ASKS, "$c = a^2$", "missing", "correct"),
    "PartEntry.premises": (
        'asks = [{ value = "\\\\operatorname{Var}(X)" }]\n' + LAW,
        'asks = [{ value = "\\\\operatorname{Var}(X)" }]\n',
        r"$\operatorname{Var}(X) = a$",
        "correct",
        "review",
    ),
    "PartEntry.independent": (
        SUM + BOTH + 'independent = ["X", "Y"]\n',
        SUM + BOTH,
        r"$\operatorname{Var}(X + Y) = a + b^2$",
        "correct",
        "review",
    ),
    "PartEntry.also": (
        'asks = [{ value = "f_2" }]\nalso = { "g" = "f" }\ntheory.families.g = { latex = "g" }\n',
        'asks = [{ value = "f_2" }]\ntheory.families.g = { latex = "g" }\n',
        "$g_2 = a^2$",
        "correct",
        "missing",
    ),
    "PartEntry.regime": (Q, 'asks = [{ value = "q" }]\n', r"$q \approx 1 + h$", "correct", "review"),
    "RegimeEntry.orders": (Q, 'asks = [{ value = "q" }]\n', r"$q \approx 1$", "correct", "review"),
    "RegimeEntry.limits": (
        'asks = [{ value = "q" }]\nregime.limits = ["h \\\\to 0"]\n',
        'asks = [{ value = "q" }]\n',
        r"$q \to 1$",
        "correct",
        "review",
    ),
    "PartEntry.theory": (
        'asks = [{ value = "\\\\sqrt{c}" }]\ntheory.symbols.a = { latex = "a", domain = "a < 0" }\n',
        'asks = [{ value = "\\\\sqrt{c}" }]\n',
        r"$\sqrt{c} = -a$",
        "correct",
        "wrong",
    ),
    "PartEntry.review": (ASKS + 'review = "prose"\n', ASKS, "$c = a^2$", "review", "correct"),
    "PartEntry.through": (ASKS + 'through = ["d"]\n', ASKS, "$c = a^2$", "flawed", "correct"),
}


@pytest.mark.parametrize("key", PARTS)
def test_keys_of_a_part(key, tmp_path):
    there, absent, answer, with_it, without_it = PARTS[key]
    # The reference is the answer itself: what a part asks for is compared with that where nothing is proved.
    reference = "(a) " + {"AskEntry.compare": r"$q \approx 1 + h$"}.get(key, answer)
    first, second = tmp_path / "with", tmp_path / "without"
    first.mkdir()
    second.mkdir()
    found = verdict(first, answer, there, reference=reference), verdict(second, answer, absent, reference=reference)
    if key == "PartEntry.through":
        assert found[0] != found[1] == without_it
    else:
        assert found == (with_it, without_it)


PROBLEMS = {
    "ProblemEntry.given": ('given = ["c = a^2"]', ASKS, "$c = a^2$", "missing", "correct"),
    "ProblemEntry.premises": (
        LAW,
        'asks = [{ value = "\\\\operatorname{Var}(X)" }]\n',
        r"$\operatorname{Var}(X) = a$",
        "correct",
        "review",
    ),
    "ProblemEntry.independent": (
        'independent = ["X", "Y"]',
        SUM + BOTH,
        r"$\operatorname{Var}(X + Y) = a + b^2$",
        "correct",
        "review",
    ),
}


@pytest.mark.parametrize("key", PROBLEMS)
def test_keys_of_a_problem(key, tmp_path):
    line, part, answer, with_it, without_it = PROBLEMS[key]
    first, second = tmp_path / "with", tmp_path / "without"
    first.mkdir()
    second.mkdir()
    reference = f"(a) {answer}"
    assert verdict(first, answer, part, problem=line, reference=reference) == with_it
    assert verdict(second, answer, part, reference=reference) == without_it


def test_what_people_read(tmp_path):
    part = ASKS + 'title = "the area"\nstatement = "Find $c$."\npoints = 3\n'
    made = assignment(tmp_path, part, problem='title = "Squares"', top='title = "Mine"\nerrata = ["errata/x"]')
    [spec] = made.parts
    assert (made.name, made.title, made.errata) == ("mine", "Mine", ("errata/x",))
    assert (spec.id, spec.title, spec.statement, spec.points) == ("1a", "the area", "Find $c$.", 3.0)
    assert (spec.theory.name, spec.theory.title, spec.theory.meanings["c"]) == ("own", "Own letters", "area")


def test_credit_and_reference(tmp_path):
    (tmp_path / "other.md").write_text("# Problem 1\n(a) $c = a^2$\n", encoding="utf-8")
    top = 'reference = "other.md"\n[credit]\ncorrect = 0.5\n'
    [part] = grade("(a) $c = a^2$", assignment(tmp_path, ASKS + "points = 4\n", top=top, reference="")).parts
    assert (part.points, part.of) == (2.0, 4.0)


def test_facts_and_twin(tmp_path):
    part = (
        'asks = [{ value = "\\\\operatorname{Var}(X_1)" }]\nfacts = ["diffusion/forward_marginal"]\n'
        'twin = { derivation = "diffusion/forward_marginal", quantity = "Var(X_1)" }\n'
    )
    answer = r"(a) $\operatorname{Var}(X_1) = \sigma^2 + 1$"
    made = assignment(tmp_path, part, subject="diffusion", reference=answer)
    [found] = grade(answer, made, simulate=True).parts
    assert (found.verdict, found.relations[0].status) == ("correct", "proved")
    assert abs(found.simulation.estimate - found.simulation.expected) < 6 * found.simulation.se
    [found] = grade(answer, assignment(tmp_path, part.split("facts")[0], subject="diffusion", reference=answer)).parts
    assert found.relations[0].status == "undecided"
    assert found.simulation is None


def test_recipe_and_optimum(tmp_path):
    recipe = 'recipe = { targets = ["X_0"], inputs = ["t", "X_t"], unknown = ["\\\\sigma"] }\n'
    loss = r"(a) $$L = \mathbb E[(f_\theta(X_t, t) - \frac{\sigma^2}{\sigma^2+t} X_t)^2]$$"
    [found] = grade(loss, assignment(tmp_path, recipe, subject="diffusion", reference="(a) see below")).parts
    assert found.verdict == "wrong"
    assert "does not know" in found.why
    optimum = 'asks = [{ value = "\\\\pi^*(y|x)" }]\noptimum = { "\\\\pi_\\\\theta" = "\\\\pi^*" }\n'
    [spec] = assignment(tmp_path, optimum, subject="preference").parts
    assert dict(spec.optimum) == {r"\pi_\theta": r"\pi^*"}


# -- theories --------------------------------------------------------------------------------------------------
# Key: (a relation; the declarations with the key, and without it; the statuses).
A = '[symbols.a]\nlatex = "a"\n'
THEORIES = {
    "SymbolEntry.latex": ("b = 1", '[symbols.x]\nlatex = "b"\n', A, "refuted", "definition"),
    "SymbolEntry.kind": (
        "(-1)^{2 a} = 1",
        A + 'kind = "integer"\n',
        A,
        "proved",
        "undecided",
    ),
    "SymbolEntry.domain": (r"\sqrt{a^2} = a", A + 'domain = "a > 0"\n', A, "proved", "refuted"),
    "SymbolEntry.definition": ("a = 2", A + 'definition = "1 + 1"\n', A, "proved", "refuted"),
    "SymbolEntry.also": (r"\alpha = a", A + 'also = ["\\\\alpha"]\n', A, "proved", "definition"),
    "FamilyEntry.latex": ("x_1 = x_1 + 0", '[families.x]\nlatex = "x"\n', A, "proved", "undecided"),
    "FamilyEntry.also": (
        r"\xi_1 = x_1",
        '[families.x]\nlatex = "x"\nalso = ["\\\\xi"]\n',
        '[families.x]\nlatex = "x"\n',
        "proved",
        "definition",
    ),
    "FamilyEntry.definition": (
        "x_2 = 4",
        '[families.x]\nlatex = "x"\nparameters = ["n"]\ndefinition = "n^2"\n',
        '[families.x]\nlatex = "x"\n',
        "proved",
        "refuted",
    ),
    "FamilyEntry.parameters": (
        "x_2 = 4 a",
        A + '[families.x]\nlatex = "x"\nparameters = ["n"]\ndefinition = "a n^2"\n',
        A + '[families.x]\nlatex = "x"\nparameters = ["a"]\ndefinition = "a a^2"\n',
        "proved",
        "refuted",
    ),
    "FamilyEntry.range": (
        r"\sqrt{x_1^2} = x_1",
        '[families.x]\nlatex = "x"\nrange = "positive"\n',
        '[families.x]\nlatex = "x"\n',
        "proved",
        "refuted",
    ),
    "FunctionEntry.latex": (
        "g(2) = g(2) + 0",
        '[functions.g]\nlatex = "g"\nparameters = ["x"]\n',
        A,
        "proved",
        "undecided",
    ),
    "FunctionEntry.also": (
        r"\gamma(2) = g(2)",
        '[functions.g]\nlatex = "g"\nalso = ["\\\\gamma"]\nparameters = ["x"]\n',
        '[functions.g]\nlatex = "g"\nparameters = ["x"]\n',
        "proved",
        "definition",
    ),
    "FunctionEntry.definition": (
        "g(2) = 8",
        '[functions.g]\nlatex = "g"\nparameters = ["x"]\ndefinition = "x^3"\n',
        '[functions.g]\nlatex = "g"\nparameters = ["x"]\n',
        "proved",
        "refuted",
    ),
    "FunctionEntry.parameters": (
        "g(2, 3) = 8",
        '[functions.g]\nlatex = "g"\nparameters = ["x", "y"]\ndefinition = "x^y"\n',
        '[functions.g]\nlatex = "g"\nparameters = ["y", "x"]\ndefinition = "x^y"\n',
        "proved",
        "refuted",
    ),
    "FunctionEntry.range": (
        r"\sqrt{g(2)^2} = g(2)",
        '[functions.g]\nlatex = "g"\nparameters = ["x"]\nrange = "positive"\n',
        '[functions.g]\nlatex = "g"\nparameters = ["x"]\n',
        "proved",
        "refuted",
    ),
    "FunctionEntry.kernel": (
        "g(0) = \\frac12",
        '[functions.g]\nlatex = "g"\nkernel = "logistic"\n',
        '[functions.g]\nlatex = "g"\nparameters = ["x"]\n',
        "proved",
        "refuted",
    ),
    "SetEntry.latex": (
        r"\sum_{y \in \mathcal Y} g(y) = 1",
        '[sets.Y]\nlatex = "\\\\mathcal Y"\n[functions.g]\nlatex = "g"\nparameters = ["y"]\nrange = "probability"\n'
        '[symbols.y]\nlatex = "y"\nkind = "label"\n',
        '[sets.Y]\nlatex = "\\\\mathcal Y"\n[functions.g]\nlatex = "g"\nparameters = ["y"]\nrange = "positive"\n'
        '[symbols.y]\nlatex = "y"\nkind = "label"\n',
        "proved",
        "refuted",
    ),
    "TheoryFile.conditions": (
        "a = 1 - b",
        'conditions = ["a + b = 1"]\n' + A + '[symbols.b]\nlatex = "b"\n',
        A + '[symbols.b]\nlatex = "b"\n',
        "proved",
        "refuted",
    ),
    "TheoryFile.regime": (
        r"1 + a \approx 1",
        A + 'domain = "a > 0"\n[regime]\norders = ["a \\\\ll 1"]\n',
        A + 'domain = "a > 0"\n',
        "proved",
        "undecided",
    ),
}


def declared(tmp_path, name, text):
    path = tmp_path / f"{name}.toml"
    path.write_text(f'name = "{name}"\n{text}', encoding="utf-8")
    return path


@pytest.mark.parametrize("key", THEORIES)
def test_keys_of_a_theory(key, tmp_path):
    relation, there, absent, with_it, without_it = THEORIES[key]
    [first] = check(relation, theory=declared(tmp_path, "there", there))
    [second] = check(relation, theory=declared(tmp_path, "absent", absent))
    assert first.status == with_it, first.why
    assert second.status == without_it, second.why


def test_index_noise_random_and_domain_of_a_family(tmp_path):
    text = (
        '[symbols.t]\nlatex = "t"\ndomain = "t > 0"\nindex = true\nmeaning = "time"\n'
        '[families.w]\nlatex = "w"\nnoise = true\nrandom = true\n'
        '[families.x]\nlatex = "x"\nrandom = true\ndomain = "0 \\\\le t \\\\le 1"\nmeaning = "state"\n'
        '[symbols.z]\nlatex = "z"\nrandom = true\n[sets.Y]\nlatex = "\\\\mathcal Y"\nmeaning = "answers"\n'
        '[functions.g]\nlatex = "g"\nparameters = ["t"]\nmeaning = "gain"\n'
    )
    found = theory(declared(tmp_path, "all", 'facts = ["diffusion/forward_marginal"]\n' + text))
    assert found.facts == ("diffusion/forward_marginal",)
    assert (found.random, found.noise, found.indices) == (frozenset("wxz"), frozenset("w"), frozenset("t"))
    assert set(found.ranges) == {"x"}
    assert {n: found.meanings[n] for n in ("t", "x", "g", r"\mathcal Y")} == {
        "t": "time",
        "x": "state",
        "g": "gain",
        r"\mathcal Y": "answers",
    }


ELSEWHERE = {
    *(f"AssignmentEntry.{k}" for k in ("name", "title", "reference", "credit", "errata", "problems")),
    *(f"ProblemEntry.{k}" for k in ("title", "theory", "parts")),
    *(f"PartEntry.{k}" for k in ("title", "statement", "points", "facts", "twin", "recipe", "optimum")),
    *(f"RecipeEntry.{k}" for k in ("targets", "inputs", "unknown")),
    *(f"TwinEntry.{k}" for k in ("derivation", "quantity")),
    *(f"TheoryFile.{k}" for k in ("name", "title", "facts", "symbols", "families", "functions", "sets")),
    *(f"SymbolEntry.{k}" for k in ("index", "random", "meaning")),
    *(f"FamilyEntry.{k}" for k in ("random", "noise", "domain", "meaning")),
    "FunctionEntry.meaning",
    "SetEntry.meaning",
}
"""Keys that the tests without a table are about."""


def test_no_key_is_left_out():
    entries = (
        *(AssignmentEntry, ProblemEntry, PartEntry, AskEntry, RecipeEntry, TwinEntry),
        *(TheoryFile, RegimeEntry, SymbolEntry, FamilyEntry, FunctionEntry, SetEntry),
    )
    keys = {f"{e.__name__}.{f.name}" for e in entries for f in msgspec.structs.fields(e)}
    tested = {*PARTS, *PROBLEMS, *THEORIES, *ELSEWHERE}
    assert keys == tested, keys ^ tested
