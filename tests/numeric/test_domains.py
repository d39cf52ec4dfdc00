"""Every parameter outside its domain is refused in one sentence that names it, its value and the domain."""

from __future__ import annotations

import math
import re
from dataclasses import FrozenInstanceError, fields, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from numeric.catalogue import ids, load
from numeric.catalogue.diffusion import ddpm_chain, forward_marginal, mean_chain, reverse_conditional
from numeric.catalogue.preference import bradley_terry
from numeric.domains import grid_time, integer, number

BAD_NUMBERS: list[Any] = [math.nan, math.inf, -math.inf, 0, -0.5, 1e300, 10**400, True, "0.5", None, 1 + 0j, [0.5]]
BAD_STEPS: list[Any] = [0, -3, 2.0, 20.5, math.nan, True, "20", None, 10**9]
BAD_TIMES: list[Any] = [0, 0.51, 1.05, -0.5, math.nan, math.inf, True, "1/2", None, Fraction(1, 3), 10**400, 10**5000]

CASES: list[tuple[Any, str, Any]] = [
    *((p, "sigma", v) for p in (forward_marginal, reverse_conditional, mean_chain, ddpm_chain) for v in BAD_NUMBERS),
    *((p, "T", v) for p in (forward_marginal, reverse_conditional, mean_chain, ddpm_chain) for v in BAD_STEPS),
    *((p, "t", v) for p in (forward_marginal, reverse_conditional) for v in BAD_TIMES),
    *((p, "v", v) for p in (mean_chain, ddpm_chain) for v in BAD_NUMBERS),
    *((bradley_terry, "beta", v) for v in BAD_NUMBERS),
    *((bradley_terry, "r", v) for v in (None, "abc", (), (1.0,), (1.0, math.nan, 0.0, 0.0), (1.0, 2.0, 3.0, 11.0))),
    *(
        (bradley_terry, "pi_ref", v)
        for v in (None, "abcd", (1.0,), (0.5, 0.5, 0.5, 0.5), (1.0, 0, 0, 0), (math.nan,) * 4)
    ),
    *((bradley_terry, "y_w", v) for v in (-1, 4, 0.0, None)),
    *((bradley_terry, "y_l", v) for v in (-1, 4, 0, "1")),
]


@pytest.mark.parametrize(
    ("twin", "name", "value"), CASES, ids=[f"{t.__name__.rsplit('.')[-1]}-{n}-{i}" for i, (t, n, _) in enumerate(CASES)]
)
def test_outside_is_one_sentence(twin: Any, name: str, value: Any) -> None:
    with pytest.raises(ValueError) as caught:
        replace(twin.DEFAULT, **{name: value})
    sentence = str(caught.value)
    assert sentence.startswith(name) and "must be" in sentence and sentence.endswith(".") and "\n" not in sentence
    assert len(sentence) < 250


PARAMETERS = [(i, f.name) for i in ids() for f in fields(load(i).DEFAULT) if f.init]
WRONG: list[Any] = [None, "x", math.nan, math.inf, True, [], (0.5,), (math.nan,) * 4, 1e300, -1e300, 10**400, object()]


@pytest.mark.parametrize(("twin_id", "name"), PARAMETERS, ids=[f"{i}-{n}" for i, n in PARAMETERS])
def test_every_parameter_of_every_twin_has_a_domain(twin_id: str, name: str) -> None:
    for value in WRONG:
        with pytest.raises(ValueError) as caught:
            replace(load(twin_id).DEFAULT, **{name: value})
        sentence = str(caught.value)
        assert re.match(r"\w+( = .*)? is outside its domain: \w+ must be .*\.$", sentence), sentence
        assert len(sentence) < 250


EXTREMES = (-1e6, -1e3, -30.0, -10.0, -1e-3, 0, 1, 1e-9, 1e-6, 1e-3, 0.01, 0.05, 0.99, 2, 5, 30.0, 100, 1e3, 1e6)


@pytest.mark.parametrize(("twin_id", "name"), PARAMETERS, ids=[f"{i}-{n}" for i, n in PARAMETERS])
def test_what_is_accepted_can_be_simulated(twin_id: str, name: str) -> None:
    """At the ends of every domain too: numbers and standard errors, without a warning."""
    for value in EXTREMES:
        try:
            parameters = replace(load(twin_id).DEFAULT, **{name: value})
        except ValueError:
            continue
        for estimate in load(twin_id).simulate(parameters, 200, 1).values():
            assert math.isfinite(estimate.value) and 0 <= estimate.se < math.inf, parameters


@pytest.mark.parametrize("twin_id", ids())
def test_parameters_are_values(twin_id: str) -> None:
    """Equal where they are equal, and never changed."""
    default = load(twin_id).DEFAULT
    assert replace(default) == default and hash(default) == hash(replace(default))
    with pytest.raises(FrozenInstanceError):
        setattr(default, fields(default)[0].name, 1)


@pytest.mark.parametrize("value", [1, 0.5, Fraction(1, 2), np.float32(0.5), np.int64(1)])
def test_numbers_of_every_kind(value: Any) -> None:
    assert number("sigma", value, 0.0, 2.0) == float(value)


def test_integers_of_numpy() -> None:
    assert integer("T", np.int64(7), 1, 10) == 7


@pytest.mark.parametrize("steps", [1, 3, 7, 10, 20, 1000])
def test_a_time_is_exact_on_its_grid(steps: int) -> None:
    for k in range(1, steps + 1):
        assert grid_time("t", k / steps, steps) == Fraction(k, steps) == grid_time("t", Fraction(k, steps), steps)


@pytest.mark.parametrize("twin_id", ids())
@pytest.mark.parametrize(
    ("argument", "value"),
    [
        *(("paths", v) for v in (0, 1, -5, 1e6, math.nan, "9", None, 1 << 60)),
        *(("seed", v) for v in (-1, 0.5, None, "1", 1 << 200)),
        *(("workers", v) for v in (0, -1, 1.5, None)),
        *(("until_se", v) for v in (0.0, -1.0, math.nan, math.inf, "small", True)),
    ],
)
def test_arguments_of_a_run(twin_id: str, argument: str, value: Any) -> None:
    twin = load(twin_id)
    arguments = {"paths": 100, "seed": 1, argument: value}
    with pytest.raises(ValueError, match=f"^{argument} = "):
        twin.simulate(twin.DEFAULT, **arguments)


def test_an_unknown_twin() -> None:
    for wrong in ("diffusion/nothing", "../engine/blocks", "", "diffusion"):
        with pytest.raises(LookupError, match="There is no twin"):
            load(wrong)
