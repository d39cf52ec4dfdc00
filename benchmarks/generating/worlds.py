"""Finite models of what every part speaks of: random admissible points, and curves on which small parameters shrink.

They are written from the problems, not from the theories that the judge reads: processes are run step by step, policies
are tables, and rankings are permutations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from generating.values import Linear, Scope, World, conditional

from derive.kernel.term import Term


@dataclass(frozen=True)
class Model:
    """Where a part's relations are tried.

    ``points`` are admissible points; on each of ``curves`` the part's small parameters shrink together; on each of
    ``limits`` the number of steps grows; in each of ``families`` only the argument of a density differs. ``anchors``
    are the states with which two random variables must agree in law, where noises may be exchanged.
    """

    points: tuple[World, ...]
    curves: tuple[tuple[World, ...], ...] = ()
    limits: tuple[tuple[World, ...], ...] = ()
    families: tuple[tuple[World, ...], ...] = ()
    anchors: Callable[[World, frozenset[Term]], Sequence[Linear]] | None = None
    quotient: Callable[[World, Any], Any] | None = None
    """What is compared for approximations of a state, where its leading term is trivial."""


# -- diffusion -------------------------------------------------------------------------------------------
def diffusion(part: str, sigma: float, steps: int, number: int) -> World:
    """The processes of the first problem, with so many steps, at so many steps after the start."""
    dt, t, s2 = 1 / steps, number / steps, sigma**2

    def forward(scope: Scope, u: float) -> Linear:
        knots = sorted({0.0, t - dt, t, 1.0})
        if not any(abs(u - k) < 1e-12 for k in knots):
            raise ValueError("no time of this world")
        weights = {"start": sigma}
        for left, right in zip(knots, knots[1:], strict=False):
            if right <= u + 1e-12:
                weights[f"up to {right}"] = float(np.sqrt(right - left))
        return Linear(0.0, weights)

    times = np.arange(1, steps + 1) / steps
    means = 1 - dt / (s2 + times)
    if part == "1e":
        kept = np.cumprod(means)
        before = np.concatenate([[1.0], kept[:-1]])
        ends = {0: (float(kept[-1]), float(np.sqrt(dt * np.sum(before**2))))}
    elif part == "1h":
        ends = {0: (float(np.prod(1 - dt / (2 * (s2 + times)))), 0.0)}
    else:
        ends = {0: (float(np.prod(means)), 0.0)}

    def reverse(scope: Scope, u: float) -> Linear:
        if u == 1:
            return Linear(0.0, {"start": 1.0})
        if u != 0:
            raise ValueError("no time of this world")
        kept_share, noise = ends[0]
        return Linear(0.0, {"start": kept_share, "noise": noise})

    state = 1.3

    def eta(scope: Scope, u: float, h: float) -> float:
        return float(np.sqrt(u) / (np.sqrt(u - h) + np.sqrt(u)))

    def predictor(scope: Scope, z: float, u: float) -> float:
        return s2 / (s2 + u) * z

    def ddim(scope: Scope, u: float) -> float:
        if u == t:
            return state
        return state + eta(scope, t, dt) * dt / t * (predictor(scope, state, t) - state)

    functions: dict[str, Callable[..., Any]] = {"X": forward, "\\hat X": reverse}
    if part == "1g":
        functions = {"x": ddim, "\\eta": eta, "g": predictor}
    symbols = {"\\sigma": sigma, "T": float(steps), "\\Delta t": dt, "t": t}
    return World(symbols, functions)


def _first(part: str) -> Model:
    points = tuple(diffusion(part, s, n, k) for s, n, k in ((0.7, 5, 3), (0.45, 8, 5), (1.3, 6, 2), (0.31, 7, 7)))
    if part == "1g":
        points = tuple(diffusion(part, s, n, k) for s, n, k in ((0.7, 5, 3), (0.6, 8, 5), (1.3, 6, 2)))
        curves = tuple(
            tuple(diffusion(part, s, 10**e, max(1, round(at * 10**e))) for e in (2, 3, 4, 5))
            for s, at in ((0.1, 0.5), (1.1, 0.7), (0.01, 0.3), (0.4, 0.06))
        )
        return Model(points, curves, quotient=_per_step)
    curves = tuple(
        tuple(
            diffusion(part, 10 ** (-e / 2), round(10 ** (e * share)), max(1, round(at * 10 ** (e * share))))
            for e in (1, 2, 3)
        )
        for share, at in ((2, 0.5), (1.7, 0.9), (2, 0.0))
    )
    limits = ()
    if part in ("1e", "1h"):
        limits = tuple(tuple(diffusion(part, s, n, n // 2) for n in (500, 2000, 8000, 32000)) for s in (0.7, 1.1))
    return Model(points, curves, limits)


def _per_step(world: World, state: Any) -> Any:
    now = world.functions["x"]({}, world.symbols["t"])
    return (state - now) / world.symbols["\\Delta t"]


# -- preferences -----------------------------------------------------------------------------------------
def preference(part: str, seed: int) -> World:
    """Four answers, tables for policies and rewards, and a ranking of three or four of them."""
    rng = np.random.default_rng(seed)
    answers = ("a", "b", "c", "d")
    prompts = ("p",) if part == "2b" else ("p", "o")
    beta = float(rng.uniform(0.4, 0.8) if seed % 2 else rng.uniform(1.3, 2.2))
    theta = float(rng.normal())

    def table() -> dict[tuple[str, str], float]:
        return {(x, y): float(rng.normal()) for x in prompts for y in answers}

    def normalised(scores: dict[tuple[str, str], float], x: str) -> dict[str, float]:
        weights = {y: float(np.exp(scores[x, y])) for y in answers}
        return {y: w / sum(weights.values()) for y, w in weights.items()}

    reference, rewards, base, slope = table(), table(), table(), table()

    def pi_ref(scope: Scope, y: str, x: str) -> float:
        return normalised(reference, x)[y]

    def reward(scope: Scope, x: str, y: str) -> float:
        return rewards[x, y]

    def partition(scope: Scope, x: str) -> float:
        return sum(pi_ref(scope, y, x) * float(np.exp(rewards[x, y] / scope["\\beta"])) for y in answers)

    def pi_star(scope: Scope, y: str, x: str) -> float:
        return pi_ref(scope, y, x) * float(np.exp(rewards[x, y] / scope["\\beta"])) / partition(scope, x)

    def pi_theta(scope: Scope, y: str, x: str) -> float:
        moved = scope.get(("policy", "\\pi_\\theta"))
        if moved is not None:
            return float(moved[y])
        return normalised({(x, a): base[x, a] + scope["\\theta"] * slope[x, a] for a in answers}, x)[y]

    def implicit(scope: Scope, x: str, y: str) -> float:
        return float(scope["\\beta"] * np.log(pi_theta(scope, y, x) / pi_ref(scope, y, x)))

    def margin(scope: Scope, x: str, first: str, second: str) -> float:
        return implicit(scope, x, first) - implicit(scope, x, second)

    def prefers(scope: Scope, pair: Any, x: str) -> float:
        if not isinstance(pair, tuple):
            raise TypeError("a preference is expected")
        first, second = pair
        return float(1 / (1 + np.exp(rewards[x, second] - rewards[x, first])))

    size = 3 + seed % 2
    order = [int(i) + 1 for i in rng.permutation(size)]

    def place(scope: Scope, k: float) -> float:
        return float(order[round(k) - 1])

    def answer(scope: Scope, j: float) -> str:
        return answers[round(j) - 1]

    def ranking(scope: Scope, *rest: Any) -> float:
        scores = [float(np.exp(rewards[scope["x"], answers[i - 1]])) for i in order]
        return float(np.prod([s / sum(scores[k:]) for k, s in enumerate(scores)]))

    pairs = {(x, w, v): float(rng.uniform(0.1, 1)) for x in prompts for w in answers for v in answers if w != v}
    total = sum(pairs.values())

    def drawn(scope: Scope, chosen: tuple[Any, ...]) -> float:
        if len(chosen) == 1:
            return sum(v for (x, _, _), v in pairs.items() if x == chosen[0]) / total
        return pairs.get(chosen, 0.0) / total

    def loss(scope: Scope) -> float:
        return sum(v / total * float(np.log1p(np.exp(-margin(scope, *key)))) for key, v in pairs.items())

    chosen = {"x": prompts[-1], "y": "b", "y_w": "c", "y_l": "a", "y_1": "a", "y_2": "b", "y_3": "c"}
    symbols: dict[str, Any] = {**chosen, "\\beta": beta, "\\theta": theta, "K": float(size), "k": 2.0, "j": 2.0}
    symbols["u"] = lambda scope: margin(scope, scope["x"], scope["y_w"], scope["y_l"])
    symbols["\\mathcal L_{\\text{DPO}}"] = loss
    functions: dict[str, Callable[..., Any]] = {
        "\\pi_{\\text{ref}}": pi_ref,
        "r": reward,
        "Z": partition,
        "\\pi^*": pi_star,
        "\\pi_\\theta": pi_theta,
        "\\hat r_\\theta": implicit,
        "\\tau": place,
        "y": answer,
        "p^*": ranking if part == "2g" else prefers,
    }
    ranges: dict[str, tuple[Any, ...]] = {"x": prompts}
    if part == "2a":
        weights = {n: normalised(table(), "p") for n in ("p", "q")}
        functions = {n: (lambda scope, x, _=None, n=n: weights["q" if n == "p^*" else n][x]) for n in ("p", "q", "p^*")}
        symbols, ranges = {"x": "b"}, {"x": answers}
    return World(symbols, functions, answers, {"\\mathcal D": drawn}, ranges)


# -- variance-preserving diffusion -----------------------------------------------------------------------
def preserving(seed: int, values: dict[int, float] | None = None) -> World:
    """The chain run from its start; with ``values`` the states are numbers instead of random variables."""
    rng = np.random.default_rng(seed)
    t = 4 + seed % 2
    steps = t + 2
    betas = rng.uniform(0.1, 0.7, steps)
    mean, width = float(rng.normal()), float(rng.uniform(0.3, 2))

    def beta(scope: Scope, i: Any) -> Any:
        return betas[np.round(i).astype(int) - 1] if isinstance(i, np.ndarray) else float(betas[round(i) - 1])

    def gamma(scope: Scope, i: float) -> float:
        return 1 - float(beta(scope, i))

    def alpha(scope: Scope, i: float) -> float:
        return float(np.prod(1 - betas[: round(i)]))

    def noise(scope: Scope, i: float) -> Linear:
        return Linear(0.0, {f"noise {round(i)}": 1.0})

    def state(scope: Scope, i: float) -> Linear:
        found = Linear(mean, {"start": float(np.sqrt(width))})
        for k in range(1, round(i) + 1):
            found = found * float(np.sqrt(1 - betas[k - 1])) + noise(scope, k) * float(np.sqrt(betas[k - 1]))
        return found

    x_t, x_before, x_0 = (state({}, i) for i in (t, t - 1, 0))
    middle, spread = conditional(x_before, [x_t, x_0])

    def mu(scope: Scope, first: Any, second: Any) -> Linear:
        if first != x_t or second != x_0:
            raise ValueError("the mean of another step")
        return middle

    def variance(scope: Scope, i: float) -> float:
        if round(i) != t:
            raise ValueError("the variance of another step")
        return spread

    def density(scope: Scope, node: Any) -> float:
        found, *known = (state({}, _offset(c, t)) for c in node.children)
        numbers = [(values or {})[_offset(c, t)] for c in node.children]
        gains, rest = _regression(found, known)
        at = found.mean + sum(g * (v - k.mean) for g, v, k in zip(gains, numbers[1:], known, strict=True))
        return float(np.exp(-((numbers[0] - at) ** 2) / (2 * rest)) / np.sqrt(rest))

    def number(scope: Scope, i: float) -> float:
        return (values or {})[round(i)]

    functions: dict[str, Callable[..., Any]] = {
        "\\beta": beta,
        "\\gamma": gamma,
        "\\alpha": alpha,
        "\\varepsilon": noise,
        "x": state if values is None else number,
        "\\mu": mu,
        "\\hat\\beta": variance,
        "q": density,
    }
    symbols = {"t": float(t), "T": float(steps), "\\varepsilon": Linear(0.0, {"fresh": 1.0})}
    return World(symbols, functions)


def _offset(node: Any, t: int) -> int:
    """The index of a state x_t, x_{t-1} or x_0."""
    index = node.children[0]
    if index.op == "sym":
        return t
    if index.op == "num":
        return int(index.value)
    return t + int(index.children[1].value)


def _offset_of(node: Any) -> int | None:
    """How far back the state lies that a term names."""
    if node.op != "fn" or node.name != "x" or node.children[0].op != "add":
        return None
    return int(node.children[0].children[1].value)


def _regression(found: Linear, known: list[Linear]) -> tuple[list[float], float]:
    gram = np.array([[a.covariance(b) for b in known] for a in known])
    cross = np.array([found.covariance(a) for a in known])
    gains = np.linalg.solve(gram, cross)
    return [float(g) for g in gains], found.covariance(found) - float(gains @ cross)


def _fourth(part: str) -> Model:
    points = tuple(preserving(seed) for seed in (1, 2, 3))
    families = tuple(
        tuple(preserving(seed, {0: 0.4, t: 0.9, t - 1: at, t - 2: 0.7}) for at in (-0.6, 0.3, 1.1, 1.7))
        for seed, t in ((1, 5), (2, 4))
    )

    def anchors(world: World, used: frozenset[Term]) -> Sequence[Linear]:
        """The start, and the state before the last two steps where it is spoken of."""
        back = (0.0, *(world.symbols["t"] - 2 for node in used if _offset_of(node) == -2))
        return [world.functions["x"]({}, at) for at in back]

    return Model(points, families=families, anchors=anchors)


# -- estimation and gradients ----------------------------------------------------------------------------
def measurement(seed: int) -> World:
    """A level, two measurements of it, and the variance after several."""
    rng = np.random.default_rng(seed)
    m, s, r, k = float(rng.normal()), *(float(v) for v in rng.uniform(0.3, 2.0, 2)), float(rng.uniform(0.1, 0.9))
    level = Linear(m, {"level": s})
    weight = conditional(level, [level + Linear(0.0, {"e1": r**0.5})])[0].weights["e1"] / r**0.5

    def noise(scope: Scope, i: float) -> Linear:
        return Linear(0.0, {f"e{round(i)}": r**0.5})

    def squared(scope: Scope, weight: float) -> float:
        return (1 - weight) ** 2 * scope["s"] ** 2 + weight**2 * scope["r"]

    def after(scope: Scope, n: float) -> float:
        found = s**2
        for _ in range(round(n)):
            found = found * r / (found + r)
        return found

    symbols = {"m": m, "s": s, "r": r, "k": k, "n": 4.0, "\\theta": level, "k^*": weight}
    functions: dict[str, Callable[..., Any]] = {
        "y": lambda scope, i: level + noise(scope, i),
        "\\varepsilon": noise,
        "J": squared,
        "v": after,
    }
    return World(symbols, functions)


def kalman(seed: int, drift: tuple[float, float] | None = None) -> World:
    """One step of the filter; ``drift`` is the variance of the state's and the measurement's noise."""
    rng = np.random.default_rng(seed)
    a, m = float(rng.uniform(0.4, 1.6)), float(rng.normal())
    p, q, r = (float(v) for v in rng.uniform(0.3, 2.0, 3))
    if drift is not None:
        q, r = drift
    state = Linear(a * m, {"state": a * p**0.5, "drift": q**0.5})
    seen = state + Linear(0.0, {"error": r**0.5})
    fixed = r
    for _ in range(20000):
        fixed = (fixed + q) * r / (fixed + q + r)
    spread = state.covariance(state)
    symbols = {"a": a, "m": m, "P": p, "Q": q, "R": r, "t": 3.0, "S": spread, "P_\\infty": fixed}
    symbols["K"] = state.covariance(seen) / seen.covariance(seen)
    now = 3.0

    def at(found: Linear) -> Callable[[Scope, float], Linear]:
        def read(scope: Scope, i: float) -> Linear:
            if i != now:
                raise ValueError("the state at another step")
            return found

        return read

    return World(symbols, {"x": at(state), "y": at(seen)})


def gradients(seed: int) -> World:
    """Three scores, three values and three components."""
    rng = np.random.default_rng(seed)
    symbols: dict[Any, Any] = {(n, i): float(rng.normal()) for n in ("z", "u", "x") for i in (1, 2, 3)}

    def read(name: str) -> Callable[[Scope, float], float]:
        return lambda scope, i: float(scope[name, round(i)])

    def softmax(scope: Scope, i: float) -> float:
        return float(np.exp(scope["z", round(i)]) / sum(np.exp(scope["z", j]) for j in (1, 2, 3)))

    def mean(scope: Scope) -> float:
        return float(sum(scope["x", j] for j in (1, 2, 3)) / 3)

    def variance(scope: Scope) -> float:
        return float(sum((scope["x", j] - mean(scope)) ** 2 for j in (1, 2, 3)) / 3)

    symbols["\\mu"], symbols["V"] = mean, variance
    symbols["\\sigma"] = lambda scope: variance(scope) ** 0.5
    symbols["o"] = lambda scope: sum(softmax(scope, j) * scope["u", j] for j in (1, 2, 3))
    functions: dict[str, Callable[..., Any]] = {n: read(n) for n in ("z", "u", "x")}
    functions["p"] = softmax
    functions["h"] = lambda scope, i: (scope["x", round(i)] - mean(scope)) / variance(scope) ** 0.5
    return World(symbols, functions)


@lru_cache(maxsize=64)
def model(assignment: str, part: str) -> Model:
    """The worlds of a part."""
    if assignment == "hw13":
        if part[0] == "1":
            return _first(part)
        if part[0] == "2":
            return Model(tuple(preference(part, seed) for seed in (1, 2, 3)))
        return _fourth(part)
    if part[0] == "1":
        return Model(tuple(measurement(seed) for seed in (1, 2, 3)))
    if part[0] == "3":
        return Model(tuple(gradients(seed) for seed in (1, 2, 3)))
    points = tuple(kalman(seed) for seed in (1, 2, 3))
    slow = tuple(tuple(kalman(4, (r * 10.0**-e, r)) for e in (2, 4, 6)) for r in (1.0, 2.7))
    return Model(points, slow if part == "2e" else ())
