"""Deciding equality: decide() against SymPy's simplify(left - right) == 0, side by side.

    python benchmarks/equality.py               every identity of identities/, 20 s at most for each in SymPy
    python benchmarks/equality.py --limit 10    the first ten true and ten false ones

Each identity is decided once, with nothing remembered from the one before (SymPy's cache is cleared).
SymPy runs in a process of its own, which is killed when it takes too long; loading it is not counted.
It is told every assumption about one symbol or function, but it has no way to state that a probability
adds up to 1, or that t is at least the length of a step; six of the true identities need one of these.
SymPy says only whether it showed equality, so of the false identities it can refute none; what is counted
there is how many it did not take for equal.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing as mp
import platform
import statistics
import sys
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from identities.common import Identity
from identities.listing import FALSE, TRUE

from derive.kernel.chart import Chart
from derive.kernel.equality import decide
from derive.kernel.term import Term, plain

FUNCTIONS = {
    **{
        name: name
        for name in ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf", "factorial", "binomial")
    },
    "abs": "Abs",
    "max": "Max",
    "min": "Min",
}
"""What SymPy calls the functions."""

SIMPLIFY = "simplify(a - b) == 0"


def expression(root: Term, chart: Chart) -> Any:
    """The SymPy expression, with every assumption of the chart that SymPy can state."""
    import sympy

    size = sympy.Symbol("N", integer=True, positive=True)

    def symbol(name: str) -> Any:
        domain = chart.domains.get(name)
        facts: dict[str, bool] = {"real": True}
        if domain is not None and domain.kind == "label":
            facts = {"integer": True, "positive": True}
        elif domain is not None:
            if domain.kind == "integer":
                facts["integer"] = True
            if domain.lower is not None:
                low = domain.lower
                number = low.value.value if low.value.op == "num" else 1  # the other bounds are positive
                if number > 0 or (number == 0 and low.strict):
                    facts["positive"] = True
                elif number == 0:
                    facts["nonnegative"] = True
        return sympy.Symbol(name, **facts)

    def go(node: Term, bound: dict[str, Any]) -> Any:
        children = node.children
        if node.op == "num":
            return sympy.Rational(node.value.numerator, node.value.denominator)
        if node.op == "sym":
            return bound.get(node.name, symbol(node.name))
        if node.op == "const":
            return {"pi": sympy.pi, "e": sympy.E, "oo": sympy.oo}[node.name]
        if node.op in ("sum", "prod", "int"):
            facts = {"real": True} if node.op == "int" else {"integer": True, "nonnegative": True}
            index = sympy.Symbol(children[1].name, **facts)
            body = go(children[0], {**bound, children[1].name: index})
            kind = {"sum": sympy.Sum, "prod": sympy.Product, "int": sympy.Integral}[node.op]
            return kind(body, (index, go(children[2], bound), go(children[3], bound)))
        if node.op == "sumset":
            index = sympy.Symbol(children[1].name, integer=True, positive=True)
            return sympy.Sum(go(children[0], {**bound, children[1].name: index}), (index, 1, size))
        if node.op == "at":
            index = sympy.Symbol(children[1].name, real=True)
            return go(children[0], {**bound, children[1].name: index}).subs(index, go(children[2], bound))
        if node.op == "diff":
            return sympy.diff(go(children[0], bound), go(children[1], bound))
        parts = [go(child, bound) for child in children]
        if node.op == "add":
            return sympy.Add(*parts)
        if node.op == "mul":
            return sympy.Mul(*parts)
        if node.op == "pow":
            return sympy.Pow(*parts)
        if node.op == "fn" and node.name == "logistic":
            return 1 / (1 + sympy.exp(-parts[0]))
        if node.op == "fn" and node.name in FUNCTIONS:
            return getattr(sympy, FUNCTIONS[node.name])(*parts)
        if node.op == "fn":
            declared = chart.functions[node.name]
            positive = {} if declared.range == "real" else {"positive": True}
            return sympy.Function(node.name, real=True, **positive)(*parts)
        raise ValueError(f"'{plain(node)}' has no counterpart in SymPy.")

    return go(chart.expand(root), {})


def serve(connection: Connection) -> None:
    """Answer questions by simplify, for as long as somebody asks."""
    import sympy
    from sympy.core.cache import clear_cache

    connection.send("ready")
    while True:
        truth, place = connection.recv()
        row = (TRUE if truth else FALSE)[place]
        clear_cache()
        start = time.perf_counter()
        try:
            found = bool(sympy.simplify(expression(row.left, row.chart) - expression(row.right, row.chart)) == 0)
            answer = "equal" if found else "not shown"
        except Exception as error:  # whatever SymPy raises is its answer
            answer = type(error).__name__
        connection.send((answer, time.perf_counter() - start))


@dataclass
class Rival:
    """SymPy in a process that is killed and started again when it takes longer than ``seconds``."""

    seconds: float
    process: Any = None
    connection: Any = None

    def ask(self, truth: bool, place: int) -> tuple[str, float]:
        """What simplify says of one identity, and after how many seconds."""
        if self.process is None:
            context = mp.get_context("fork")
            self.connection, other = context.Pipe()
            self.process = context.Process(target=serve, args=(other,), daemon=True)
            self.process.start()
            self.connection.recv()
        self.connection.send((truth, place))
        if self.connection.poll(self.seconds):
            answer, taken = self.connection.recv()
            return str(answer), float(taken)
        self.close()
        return "timeout", self.seconds

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None


@dataclass
class Column:
    """What one side did with one list of identities."""

    times: list[float] = field(default_factory=list)
    decided: int = 0
    wrong: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    timeouts: int = 0

    def row(self, name: str, total: int) -> str:
        median, most = 1000 * statistics.median(self.times), 1000 * max(self.times)
        late = f", {self.timeouts} timed out" if self.timeouts else ""
        return f"{name:28} {self.decided:4} of {total:<4} {median:10.2f} {most:11.1f}    {len(self.wrong)} wrong{late}"


def ours(row: Identity, truth: bool, column: Column) -> None:
    """decide() on an identity."""
    gc.collect()
    start = time.perf_counter()
    decision = decide(row.left, row.right, row.chart)
    column.times.append(time.perf_counter() - start)
    if decision.verdict is None:
        column.undecided.append(row.id)
    elif decision.verdict is truth:
        column.decided += 1
    else:
        column.wrong.append(row.id)


def theirs(row: Identity, truth: bool, column: Column, rival: Rival, place: int) -> None:
    """simplify(left - right) == 0 on an identity."""
    answer, taken = rival.ask(truth, place)
    column.times.append(taken)
    column.timeouts += answer == "timeout"
    if answer == "equal" and not truth:
        column.wrong.append(row.id)
    elif (answer == "equal") if truth else (answer == "not shown"):
        column.decided += 1
    else:
        column.undecided.append(f"{row.id} ({answer})")


def main() -> None:
    parser = argparse.ArgumentParser(description="decide() against SymPy's simplify, on the same identities.")
    parser.add_argument("--limit", type=int, default=None, help="only the first so many true and false identities")
    parser.add_argument("--seconds", type=float, default=20.0, help="time limit for each identity in SymPy")
    parser.add_argument("--alone", action="store_true", help="do not run SymPy")
    arguments = parser.parse_args()
    true, false = TRUE[: arguments.limit], FALSE[: arguments.limit]
    print(f"Python {platform.python_version()} on {platform.machine()}, {mp.cpu_count()} CPUs")
    print(f"{'':28} {'decided':12} {'median ms':>10} {'max ms':>11}")
    everything: dict[str, list[float]] = {"decide": [], SIMPLIFY: []}
    for name, rows, truth in (("true", true, True), ("false", false, False)):
        columns = {"decide": Column()} if arguments.alone else {"decide": Column(), SIMPLIFY: Column()}
        rival = Rival(arguments.seconds)
        for place, row in enumerate(rows):  # one after the other, so that both meet the same load
            ours(row, truth, columns["decide"])
            if not arguments.alone:
                theirs(row, truth, columns[SIMPLIFY], rival, place)
        rival.close()
        for who, column in columns.items():
            everything[who] += column.times
            print(column.row(f"{name}: {who}", len(rows)))
            for label, ids in (("wrong", column.wrong), ("undecided", column.undecided)):
                if ids:
                    print(f"    {label}: {'; '.join(ids)}")
    if not arguments.alone:
        one, other = (statistics.median(everything[who]) for who in ("decide", SIMPLIFY))
        ratios = statistics.median(b / a for a, b in zip(everything["decide"], everything[SIMPLIFY], strict=True))
        print(f"together: medians {1000 * one:.2f} and {1000 * other:.2f} ms, {other / one:.0f} times as long")
        print(f"the median of the ratios is {ratios:.0f}")


if __name__ == "__main__":
    main()
