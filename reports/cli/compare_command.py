"""``derive compare``."""

from __future__ import annotations

import click


@click.command("compare")
@click.argument("gold")
@click.argument("answer")
@click.option("--theory", help="A built-in theory (diffusion, preference, ...) or a TOML file.")
@click.option("--define", multiple=True, metavar="LATEX", help="A definition in force, such as 'T = 1/\\Delta t'.")
@click.option("--regime", metavar="LATEX", help="What is small, such as '\\Delta t \\ll \\sigma^2 \\ll 1'.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    gold: str, answer: str, theory: str | None, define: tuple[str, ...], regime: str | None, as_json: bool
) -> None:
    """Decide whether ANSWER equals GOLD: two formulas, laws or labelled results in LaTeX."""
    from grading import compare
    from reports.cli.output import print_json
    from reports.terminal import compared, console

    result = compare(gold, answer, theory=theory, define=list(define), regime=regime)
    if as_json:
        found = result.counterexample.to_json() if result.counterexample else None
        print_json(
            {
                "schema": "derive/compare/1",
                "equal": result.equal,
                "status": result.status,
                "method": result.method,
                "why": result.why,
                "counterexample": found,
            }
        )
    else:
        console().print(compared(result))
