"""Broken assignments: every fault is said with its file and line, several at once, and never by a traceback."""

from __future__ import annotations

import random

import pytest

from derive.errors import DeriveError
from grading import load_assignment
from grading.assignment import assignment_folder, assignments
from grading.inspection import faults
from grading.inspection.places import Places

KALMAN = assignment_folder("kalman")
# The gradients are left out: every case judges the reference.
FILES = {
    p.name: p.read_text(encoding="utf-8").split("# -- gradients")[0].split("\\section*{Problem 3}")[0]
    for p in KALMAN.iterdir()
}
TOML, REFERENCE, THEORY = "assignment.toml", "solution.tex", "measurement.toml"

# What is broken: the file, what is replaced by what (once each), and (file, text of the line, part of the message).
BROKEN = {
    "no TOML": (TOML, {"points = 2": "points = = 2"}, [(TOML, "points = = 2", "no TOML")]),
    "a key twice": (TOML, {"points = 2": "points = 2\npoints = 3"}, [(TOML, "points = 3", "overwrite")]),
    "a single backslash": (TOML, {'law = "y_1"': 'law = "\\theta"'}, [(TOML, "\\theta", "written twice")]),
    "no TOML in the theory": (THEORY, {'latex = "m"': "latex = m"}, [(THEORY, "latex = m", "no TOML")]),
    "unknown keys": (
        TOML,
        {"points = 2": "pionts = 2", "exact = true": "exakt = true"},
        [(TOML, "pionts", "mean 'points'"), (TOML, "exakt", "mean 'exact'"), (TOML, "parts.a]", "states no points")],
    ),
    "wrong kinds": (
        TOML,
        {"points = 2": 'points = "two"', "exact = true": 'exact = "yes"', 'symbols = ["m", "s", "r"]': 'symbols = "m"'},
        [(TOML, '"two"', "a number"), (TOML, '"yes"', "true or false"), (TOML, 'symbols = "m"', "a list")],
    ),
    "parts as a list": (TOML, {"[problems.1.parts.a]": "[[problems.1.parts]]"}, [(TOML, "[[problems", "a table")]),
    "formulas that cannot be read": (
        TOML,
        {'law = "y_1"': 'law = "y_{1"', '"y_1 = \\\\theta + ': '"y_1 = + ) + '},
        [(TOML, '"y_1 = + )', "no relation"), (TOML, "y_{1", "never closed")],
    ),
    "letters that nobody declared": (
        TOML,
        {'law = "y_1"': 'law = "q_1"', '"s", "r", "k"': '"s", "r", "k", "\\\\zeta"'},
        [
            (TOML, "q_1", "'q' in 'q_1' is not declared"),
            (TOML, "zeta", "no symbol of the theory"),
            (REFERENCE, "(a)", ""),
        ],
    ),
    "two letters for one symbol": (TOML, {'"s", "r", "k"': '"s", "r k"'}, [(TOML, "r k", "not one symbol")]),
    "facts that do not exist": (
        TOML,
        {"exact = true": 'exact = true\nfacts = ["diffusion/mean_chian"]'},
        [(TOML, "mean_chian", "did you mean 'diffusion/mean_chain'")],
    ),
    "a twin that does not exist": (
        TOML,
        {"exact = true": 'exact = true\ntwin = { derivation = "none", quantity = "variance" }'},
        [(TOML, "none", "no derivation 'none'")],
    ),
    "a quantity that the twin lacks": (
        TOML,
        {"exact = true": 'exact = true\ntwin = { derivation = "diffusion/mean_chain", quantity = "skew" }'},
        [(TOML, "skew", "it has 'variance'")],
    ),
    "theories that do not exist": (
        TOML,
        {'"measurement.toml"': '"mesurement.toml"', '"filter.toml"': '"diffusoin"'},
        [(TOML, "mesurement", "no file"), (TOML, "diffusoin", "no theory")],
    ),
    "a theory with three faults": (
        THEORY,
        {'"s > 0"': '"s > "', "random = true": "randm = true", "{s^2 + r}": "{s^2 + r"},
        [
            (THEORY, "[symbols.s]", "empty"),
            (THEORY, "randm", "mean 'random'"),
            (THEORY, "[symbols.k_star]", "never closed"),
        ],
    ),
    "a definition in a circle": (
        THEORY,
        {'"\\\\frac{s^2}{s^2 + r}"': '"k^* + 1"'},
        [(THEORY, "[symbols.k_star]", "circle")],
    ),
    "a reference that is not there": (
        TOML,
        {'"solution.tex"': '"sol.tex"'},
        [(TOML, "sol.tex", "cannot be read")],
    ),
    "a false step of the reference": (
        REFERENCE,
        {"s^2 - \\frac{s^4}": "s^2 - \\frac{s^2}"},
        [(REFERENCE, "\\frac{s^2}{s^2 + r} =", "Refuted: left"), (REFERENCE, "\\frac{s^2}{s^2 + r} =", "Refuted")],
    ),
    "a part that the reference lacks": (
        REFERENCE,
        {"(d)}\nPrecisions": "(e)}\nPrecisions"},
        [(REFERENCE, None, "no such part"), (REFERENCE, None, "none of the assignment's")],
    ),
    "a result that the reference lacks": (
        REFERENCE,
        {"\\[ K = \\frac{S}{S + R} \\]": ""},
        [(REFERENCE, "(b)", "no finished result")],
    ),
    "credit": (
        TOML,
        {"flawed = 0.5": "flawed = 5\nbrilliant = 2"},
        [(TOML, "flawed = 5", "from 0 to 1"), (TOML, "brilliant", "no verdict")],
    ),
    "nothing asked": (TOML, {'asks = [{ law = "y_1" }]\n': ""}, [(TOML, "parts.a]", "neither asks")]),
    "two quantities in one, and none": (
        TOML,
        {'{ law = "y_1" }': '{ law = "y_1", value = "y_1" }, {}'},
        [(TOML, "asks", "either"), (TOML, "asks", "either")],
    ),
    "families that nobody declared": (
        TOML,
        {"exact = true": 'exact = true\nalso = { "W" = "y" }\nwithout = ["nothing"]'},
        [(TOML, "also", "'W'"), (TOML, "without", "'nothing'")],
    ),
    "a regime that is none": (
        TOML,
        {'regime.orders = ["Q \\\\ll R"]': 'regime.orders = ["Q < R"]\nregime.limits = ["Q"]'},
        [(TOML, "Q < R", "no chain"), (TOML, "limits", "no relation")],
    ),
    "points": (
        TOML,
        {"points = 4": "points = -4", "points = 2\n": ""},
        [(TOML, "parts.a]", "counts 1"), (TOML, "points = -4", "-4 points")],
    ),
    "a result that is given": (
        TOML,
        {'given = ["\\\\frac{1}{v_n}': 'given = ["v_n = \\\\frac{s^2 r}{r + n s^2}", "\\\\frac{1}{v_n}'},
        [(TOML, 'asks = [{ value = "v_n" }]', "given with a finished value"), (REFERENCE, "(d)", "no finished result")],
    ),
}


def folder(tmp_path, name, changes):
    for file, text in FILES.items():
        for old, new in changes.items() if file == name else ():
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / file).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_wrong_is_said_with_its_place(what, tmp_path):
    name, changes, expected = BROKEN[what]
    place = folder(tmp_path, name, changes)
    found = list(faults(place))
    for file, text, message in expected:
        fits = [f for f in found if f.file == file and message in f.message]
        lines = (place / file).read_text(encoding="utf-8").split("\n")
        fits = [f for f in fits if text is None or (f.line and text in lines[f.line - 1])]
        assert fits, (file, text, message, found)
        found.remove(fits[0])
    assert not found


@pytest.mark.parametrize("name", assignments())
def test_nothing_is_wrong_with_what_is_shipped(name):
    assert faults(assignment_folder(name)) == ()


def test_no_folder_and_no_text(tmp_path):
    with pytest.raises(DeriveError, match=r"no assignment\.toml"):
        faults(tmp_path)
    (tmp_path / TOML).write_bytes('name = "é"'.encode("latin-1"))
    assert [f.message for f in faults(tmp_path)] == ["This is not UTF-8 text."]


@pytest.mark.parametrize("seed", range(8))
def test_a_file_with_lines_lost_or_cut_is_never_a_traceback(seed, tmp_path):
    rng = random.Random(seed)
    name = rng.choice([TOML, THEORY, REFERENCE])
    lines = FILES[name].split("\n")
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(lines))
        lines[at] = lines[at][: rng.randint(0, len(lines[at]))] + rng.choice(["", "}", '"', "x", "[", "\\"])
    folder(tmp_path, "", {})
    (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    found = faults(tmp_path)
    assert all(f.message.endswith((".", "!", "?", ")")) and f.message[0] != " " for f in found)
    if not any(f.serious for f in found):
        load_assignment(tmp_path)


def test_places_of_keys_in_every_way_of_writing():
    text = 'a = 1\n[b."c d"]\n# x = 1\ne.f = [\n  "one", # "two"\n  \'t\\wo\',\n]\n'
    text += 'g = """\nh = 2\n"""\n[[i]]\nj = { k = "l" }\n'
    places = Places(text)
    assert places.of(("a",)) == (1, 1)
    assert places.of(("b", "c d")) == (2, 1)
    assert places.of(("b", "c d", "e", "f")) == (4, 1)
    assert places.of(("b", "c d", "e", "f"), "t\\wo") == (6, 4)
    assert places.of(("b", "c d", "g")) == (8, 1)
    assert places.of(("b", "c d", "h")) == (2, 1)
    assert places.of(("i", 0, "j"), "l") == (12, 12)
