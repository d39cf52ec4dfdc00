"""Start-up of the command line: median of whole processes, beside a bare interpreter.

python benchmarks/startup.py
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 9
COMMANDS = {
    "bare interpreter": ["-c", "pass"],
    "import click": ["-c", "import click"],
    "import sympy": ["-c", "import sympy"],
    "derive --help": ["-m", "reports.cli", "--help"],
    "derive check": ["-m", "reports.cli", "check", "(a+b)^2 = a^2 + 2ab + b^2"],
    "derive check --theory": [
        "-m",
        "reports.cli",
        "check",
        r"\sigma^2 + T \Delta t = \sigma^2 + 1",
        "--theory",
        "diffusion",
    ],
    "derive grade, one part": [
        *("-m", "reports.cli", "grade", str(ROOT / "docs/examples/diffusion-answer.md")),
        *("--assignment", "hw13", "--part", "1a"),
    ],
    "derive grade, problem 1": [
        *("-m", "reports.cli", "grade", str(ROOT / "docs/examples/diffusion-answer.md")),
        *("--assignment", "hw13", "--problem", "1"),
    ],
}


def seconds(arguments: list[str]) -> float:
    """Wall time of one process."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, {RUNS} runs each")
    print(f"{'command':26} {'median ms':>10} {'min':>8} {'max':>8}")
    for name, arguments in COMMANDS.items():
        seconds(arguments)
        times = sorted(1000 * seconds(arguments) for _ in range(RUNS))
        print(f"{name:26} {statistics.median(times):10.0f} {times[0]:8.0f} {times[-1]:8.0f}")


if __name__ == "__main__":
    main()
