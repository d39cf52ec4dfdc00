"""Theories: what the shipped ones declare, and a sentence for everything that can be wrong with a file."""

from __future__ import annotations

import pytest

from derive.errors import DeriveError
from derive.kernel.term import ONE, fn, sym
from derive.theory import theory
from derive.theory.loader import names

GOOD = """
name = "kalman"
[symbols.q]
latex = "q"
domain = "0 < q \\\\le 1"
[symbols.gain]
latex = "K"
definition = "\\\\frac{q}{1+q}"
[families.x]
latex = "x"
random = true
domain = "0 \\\\le t \\\\le 1"
[functions.s]
latex = "s"
kernel = "logistic"
parameters = ["u"]
[regime]
orders = ["q \\\\ll 1"]
"""

BROKEN = {
    "no TOML": ("name = ", "not valid"),
    "an unknown key": (GOOD + '\n[symbol.z]\nlatex = "z"\n', "symbol"),
    "a missing spelling": (GOOD + '\n[symbols.z]\ndomain = "z > 0"\n', "latex"),
    "a formula that cannot be read": (GOOD.replace("\\\\frac{q}{1+q}", "\\\\frac{q}{"), "cannot be read"),
    "a domain of another symbol": (GOOD.replace("0 < q \\\\le 1", "0 < p \\\\le 1"), "does not bound"),
    "a regime without \\ll": (GOOD.replace("q \\\\ll 1", "q = 1"), "no chain of"),
    "definitions in a circle": (GOOD.replace("\\\\frac{q}{1+q}", "K + 1"), "circle"),
    "an index domain that is no interval": (GOOD.replace("0 \\\\le t \\\\le 1", "0 \\\\le t"), "not of the form"),
    "a kind that does not exist": (GOOD.replace('latex = "q"', 'latex = "q"\nkind = "complex"'), "kind"),
    "a spelling that is no name": (GOOD.replace('latex = "x"', 'latex = "x + y"'), "no name"),
}


@pytest.mark.parametrize("name", names())
def test_the_shipped_theories_load(name):
    assert theory(name).name == name


def test_a_theory_from_a_file(tmp_path):
    path = tmp_path / "kalman.toml"
    path.write_text(GOOD, encoding="utf-8")
    declared = theory(path)
    assert declared["q", "gain"] == (sym("q"), sym("K"))
    assert declared.chart.expand(sym("K")) == sym("q") / (1 + sym("q"))
    assert declared.family("x")(ONE) == fn("x", ONE)
    assert declared.family("s")(sym("q")) == fn("logistic", sym("q"))
    assert declared.random == {"x"}
    assert declared.regime.orders == ((sym("q"), ONE),)


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_said_in_a_sentence(what, tmp_path):
    text, part = BROKEN[what]
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DeriveError, match=part) as raised:
        theory(path)
    assert str(raised.value).endswith(".")
    assert "broken.toml" in str(raised.value)


def test_unknown_names_are_said_with_what_there_is():
    with pytest.raises(DeriveError, match="diffusion"):
        theory("alchemy")
    with pytest.raises(DeriveError, match="sigma"):
        theory("diffusion")["tau"]
    with pytest.raises(DeriveError, match="X_hat"):
        theory("diffusion").family("tau")
    with pytest.raises(DeriveError, match="cannot be read"):
        theory("/nowhere/at/all.toml")
